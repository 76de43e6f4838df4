// The bits and the prefix codes of deflate data (RFC 1951 §3.1.1, §3.2.2).

const LONGEST = 15
/** Codes of up to this many bits are looked up at once. A table costs as much as a few symbols, so that many small blocks do no harm. */
const LOOKED_UP = 9

/** A code, from the lengths of its symbols (0 to 15 bits). */
export class PrefixCode {
  /** By the next bits: 16 times the symbol, and its length; 0 if it is longer. */
  readonly table = new Uint16Array(1 << LOOKED_UP)
  /** How many symbols have each length, and the symbols in the order of their codes. */
  readonly counts = new Uint16Array(LONGEST + 1)
  readonly symbols: Uint16Array
  /** How many symbols have a code. */
  readonly coded: number

  constructor(lengths: Uint8Array) {
    const { table, counts } = this
    for (const length of lengths) counts[length]!++
    counts[0] = 0
    const places = new Uint16Array(LONGEST + 2)
    const codes = new Uint32Array(LONGEST + 2)
    for (let length = 1; length <= LONGEST; length++) {
      places[length + 1] = places[length]! + counts[length]!
      codes[length + 1] = (codes[length]! + counts[length]!) << 1
    }
    this.symbols = new Uint16Array(lengths.length)
    this.coded = places[LONGEST + 1]!
    for (let symbol = 0; symbol < lengths.length; symbol++) {
      const length = lengths[symbol]!
      if (length === 0) continue
      this.symbols[places[length]!++] = symbol
      const code = codes[length]!++
      if (length > LOOKED_UP) continue
      const step = 1 << length
      for (let at = reversed(code, length); at < table.length; at += step) table[at] = symbol * 16 + length
    }
  }
}

function reversed(code: number, length: number): number {
  let bits = 0
  for (let i = 0; i < length; i++) bits |= ((code >>> i) & 1) << (length - 1 - i)
  return bits
}

/** Reads bits, the lowest of each byte first. All methods give -1 once the bytes have run out. */
export class SymbolReader {
  readonly #bytes: Uint8Array
  #at = 0
  #hold = 0
  #held = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  /** A number of up to 13 bits. */
  bits(count: number): number {
    this.#fill()
    if (this.#held < count) return -1
    const value = this.#hold & ((1 << count) - 1)
    this.#drop(count)
    return value
  }

  symbol({ table, counts, symbols }: PrefixCode): number {
    this.#fill()
    const entry = table[this.#hold & ((1 << LOOKED_UP) - 1)]!
    if (entry !== 0) {
      const length = entry & 15
      if (length > this.#held) return -1
      this.#drop(length)
      return entry >>> 4
    }
    let [code, first, index] = [0, 0, 0]
    for (let length = 1; length <= Math.min(LONGEST, this.#held); length++) {
      code |= (this.#hold >>> (length - 1)) & 1
      const count = counts[length]!
      if (code - first < count) {
        this.#drop(length)
        return symbols[index + code - first] ?? -1
      }
      index += count
      first = (first + count) << 1
      code <<= 1
    }
    return -1
  }

  /** Passes over a stored block behind its type (RFC 1951 §3.2.4). Returns its length. */
  skipStored(): number {
    this.align()
    const at = this.#at - (this.#held >>> 3)
    this.#hold = 0
    this.#held = 0
    if (at + 4 > this.#bytes.length) return -1
    const length = this.#bytes[at]! | (this.#bytes[at + 1]! << 8)
    this.#at = Math.min(at + 4 + length, this.#bytes.length)
    return length
  }

  /** Passes over the rest of a byte. */
  align(): void {
    this.#drop(this.#held & 7)
  }

  #fill(): void {
    while (this.#held <= 16 && this.#at < this.#bytes.length) {
      this.#hold |= this.#bytes[this.#at++]! << this.#held
      this.#held += 8
    }
  }

  #drop(count: number): void {
    this.#hold >>>= count
    this.#held -= count
  }
}
