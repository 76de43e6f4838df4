// Values as bytes outside of the heap, one after the other: each takes as much memory as it has bytes, and eight more for its place.
// They are made into values again when they are asked for.

/** Bytes of a block. Memory that was not written yet costs nothing. */
const BLOCK = 1024 * 1024
/** What is longer has a block of its own, so that little of a block stays empty. */
const LARGE = BLOCK / 16
/** Before each value: the length of its head, and of its text. */
const LENGTHS = 8

/** Where a value is. */
export type ValuePlace = number

/** A value that is kept: what JSON has of its head, and perhaps a text, which is kept as it is. */
export interface PackedValue {
  readonly head: unknown
  readonly text: string | undefined
}

/** Values, which are added one by one. Nothing is removed. */
export class PackedValues {
  readonly #blocks: Buffer[] = []
  /** The block that is written, and up to where. */
  #block = -1
  #end = BLOCK
  /** Bytes that are held. */
  bytes = 0

  /** Adds a value. The head is as JSON has it. */
  push(head: unknown, text?: string): ValuePlace {
    const json = JSON.stringify(head)
    const headLength = Buffer.byteLength(json)
    const isUtf8 = text === undefined || isWellFormed(text)
    const textLength = text === undefined ? 0 : isUtf8 ? Buffer.byteLength(text) : 2 * text.length
    const length = LENGTHS + headLength + textLength
    const [block, at] = this.#room(length)
    const bytes = this.#blocks[block]!
    bytes.writeUInt32LE(2 * headLength + (isUtf8 ? 0 : 1), at)
    bytes.writeUInt32LE(textLength, at + 4)
    bytes.write(json, at + LENGTHS, 'utf8')
    if (text !== undefined) bytes.write(text, at + LENGTHS + headLength, isUtf8 ? 'utf8' : 'utf16le')
    this.bytes += length
    return block * BLOCK + at
  }

  /** The value at a place that `push` gave. The text is '' if it had none. */
  at(place: ValuePlace): PackedValue & { readonly text: string } {
    const bytes = this.#blocks[Math.floor(place / BLOCK)]!
    const at = place % BLOCK
    const lengths = bytes.readUInt32LE(at)
    const start = at + LENGTHS
    const end = start + (lengths >>> 1)
    return {
      head: JSON.parse(bytes.toString('utf8', start, end)),
      text: bytes.toString((lengths & 1) === 0 ? 'utf8' : 'utf16le', end, end + bytes.readUInt32LE(at + 4)),
    }
  }

  #room(length: number): [block: number, at: number] {
    if (length > LARGE) return [this.#blocks.push(Buffer.allocUnsafeSlow(length)) - 1, 0]
    if (this.#end + length > BLOCK) {
      this.#block = this.#blocks.push(Buffer.allocUnsafeSlow(BLOCK)) - 1
      this.#end = 0
    }
    const at = this.#end
    this.#end += length
    return [this.#block, at]
  }
}

/** Numbers in a list that grows: eight bytes each, and for a moment as much again. */
export class Numbers {
  #numbers = new Float64Array(64)
  length = 0

  push(number: number): void {
    if (this.length === this.#numbers.length) {
      const grown = new Float64Array(2 * this.length)
      grown.set(this.#numbers)
      this.#numbers = grown
    }
    this.#numbers[this.length++] = number
  }

  at(index: number): number {
    return this.#numbers[index]!
  }
}

/** UTF-8 cannot hold half of a surrogate pair. */
function isWellFormed(text: string): boolean {
  return !/\p{Surrogate}/u.test(text)
}
