// Puts the rows of a dump together: holds each offset against the bytes before it, and repeats rows for which a `*` stands.
import type { PastedFault } from '../reading.ts'
import type { Line, Row } from './lines.ts'

/** Most bytes that a dump may have, with those that `*` stands for. */
const MOST_BYTES = 4 * 1024 * 1024

/** The bytes of the rows so far. A new part starts at offset 0, and when the other side goes on. */
export class RowParts {
  readonly #radix: number
  readonly #wordSize: number
  readonly #parts: number[][] = []
  /** Bytes so far of the rows with an indentation. */
  readonly #counts = new Map<number, number>()
  #indent = -1
  #lastRow: readonly number[] = []
  #lastLine = 0
  #total = 0
  /** The line of a `*`, or of a heading, that the next row must explain. */
  #repeat: number | undefined
  #heading: number | undefined
  #hasEnd = false
  /** What tshark's headings say: a packet was dumped, and what comes was made of it. */
  #hasFrame = false
  #isDerived = false
  readonly #derived = new Set<readonly number[]>()

  /** `radix`: of the offsets; `wordSize`: bytes of a word. */
  constructor(radix: number, wordSize: number) {
    this.#radix = radix
    this.#wordSize = wordSize
  }

  /** Takes the offset of the row that comes next. */
  place({ line, indent, offset }: Row): PastedFault | undefined {
    const at = Number.parseInt(offset, this.#radix)
    if (Number.isNaN(at)) return { what: 'row', line }
    const isFirst = !this.#counts.has(indent)
    if (at === 0) {
      const fault = this.#unrepeated() ?? this.#cutWord()
      if (fault !== undefined) return fault
      this.#counts.set(indent, 0)
      this.#parts.push([])
      if (this.#isDerived && this.#hasFrame) this.#derived.add(this.#parts.at(-1)!)
      // A packet of which nothing was made has no heading.
      this.#isDerived = false
    } else {
      if (isFirst) return { what: 'start', line, offset }
      if (this.#heading !== undefined) return { what: 'row', line: this.#heading }
      if (indent !== this.#indent) this.#parts.push([])
      else this.#repeatUpTo(at)
      const expected = this.#counts.get(indent)!
      if (this.#repeat !== undefined && at > MOST_BYTES) return { what: 'long', most: MOST_BYTES }
      if (at !== expected) return this.#offsetFault(line, at, expected)
    }
    this.#heading = undefined
    this.#repeat = undefined
    this.#hasEnd = false
    this.#indent = indent
    this.#lastLine = line
    return undefined
  }

  /** Takes the bytes of the row that was placed. */
  take(bytes: readonly number[]): void {
    this.#lastRow = bytes
    this.#append(bytes)
  }

  /** Takes a line that is not a row. */
  otherLine(current: Exclude<Line, Row>): PastedFault | undefined {
    const { line } = current
    if (current.kind === 'end') return this.#end(current.line, current.offset)
    if (current.kind === 'other') {
      if (!current.isHeading) return { what: 'row', line }
      this.#heading = line
      if (current.section === 'frame') this.#hasFrame = true
      this.#isDerived = current.section === 'derived'
      return undefined
    }
    if (this.#lastRow.length === 0 || this.#hasEnd) return { what: 'row', line }
    this.#repeat = line
    return undefined
  }

  /** What is wrong at the end of the text. `hasColumns`: a column of characters proves how long the last word is. */
  finish(hasColumns: boolean): PastedFault | undefined {
    // A heading belongs to the dump after it.
    if (this.#heading !== undefined) return { what: 'row', line: this.#heading }
    return this.#unrepeated() ?? (hasColumns ? undefined : this.#cutWord())
  }

  /** How many dumps were made of the packets before them, and are not taken. */
  get derived(): number {
    return this.#derived.size
  }

  taken(): Uint8Array[] {
    return this.#parts
      .filter((part) => part.length > 0 && !this.#derived.has(part))
      .map((part) => Uint8Array.from(part))
  }

  #append(bytes: readonly number[]): void {
    const part = this.#parts.at(-1)!
    for (const byte of bytes) part.push(byte)
    this.#counts.set(this.#indent, this.#counts.get(this.#indent)! + bytes.length)
    this.#total += bytes.length
  }

  #repeatUpTo(at: number): void {
    const length = this.#lastRow.length
    const missing = at - this.#counts.get(this.#indent)!
    if (this.#repeat === undefined || length === 0 || missing % length !== 0) return
    if (this.#total + missing > MOST_BYTES) return
    for (let i = 0; i < missing; i += length) this.#append(this.#lastRow)
    this.#repeat = undefined
  }

  /** The last line of hexdump and od: the offset after the last byte. */
  #end(line: number, offset: string): PastedFault | undefined {
    const at = Number.parseInt(offset, this.#radix)
    if (Number.isNaN(at) || this.#hasEnd || this.#heading !== undefined) return { what: 'row', line }
    this.#repeatUpTo(at)
    const count = this.#counts.get(this.#indent)!
    if (this.#repeat !== undefined && at > MOST_BYTES) return { what: 'long', most: MOST_BYTES }
    const part = this.#parts.at(-1)!
    const filled = count - at
    // The last word of an odd number of bytes is filled up with zeros.
    if (filled > 0 && filled < this.#wordSize && part.slice(-filled).every((byte) => byte === 0)) {
      part.length -= filled
    } else if (filled !== 0) return this.#offsetFault(line, at, count)
    this.#repeat = undefined
    this.#hasEnd = true
    return undefined
  }

  #unrepeated(): PastedFault | undefined {
    return this.#repeat === undefined ? undefined : { what: 'repeat', line: this.#repeat }
  }

  #cutWord(): PastedFault | undefined {
    if (this.#wordSize === 1 || this.#hasEnd || this.#lastRow.at(-1) !== 0) return undefined
    return { what: 'last-word', line: this.#lastLine }
  }

  #offsetFault(line: number, at: number, expected: number): PastedFault {
    return {
      what: 'offset',
      line,
      offset: at.toString(this.#radix),
      expected: expected.toString(this.#radix),
    }
  }
}
