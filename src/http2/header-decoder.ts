// Decodes the header blocks of one direction of an HTTP/2 connection (RFC 7541). In: blocks in order. Out: the header fields that
// are sure.
import { NO_BYTES, toLatin1 } from '../base/bytes.ts'
import type { Budget } from '../base/limits.ts'
import { DynamicTable, ENTRY_OVERHEAD, type HeaderField } from './dynamic-table.ts'
import { decodeHuffman } from './huffman.ts'
import { STATIC_TABLE } from './static-table.ts'

/** What a block says. */
export interface DecodedBlock {
  /** One character a byte (ISO 8859-1), in the order of the wire. */
  readonly fields: readonly HeaderField[]
  /** The size of these fields as RFC 7541 §4.1 and RFC 9113 §10.5.1 count it, in bytes. */
  readonly size: number
  /**
   * Why fields may be missing. `lost`: they are in a part of the table that is not known, or the block was cut. `malformed`: the
   * block breaks HPACK's rules. `limit`: some were too large.
   */
  readonly missing: 'lost' | 'malformed' | 'limit' | undefined
}

/** §5.1: "excessively large" integers are errors. A header block is far below this. */
const LARGEST_INTEGER = 2 ** 28

/** The decoder of one direction, with its dynamic table. */
export class HeaderDecoder {
  readonly #limit: number
  readonly #table: DynamicTable
  /** False if the table may lack entries older than those in it. */
  #isComplete = true
  /** The block at hand, and how far it is read. */
  #bytes: Uint8Array = NO_BYTES
  #at = 0
  #end = 0
  #isMalformed = false

  /** `limit`: the most bytes of a header list; a field that passes it is left out. */
  constructor(limit: number, budget: Budget) {
    this.#limit = limit
    this.#table = new DynamicTable(budget)
  }

  /** §4.1: the size of the entries now in the dynamic table, in bytes. */
  get tableSize(): number {
    return this.#table.size
  }

  /**
   * Decodes the block in `bytes[start … end)`. `isWhole`: false if its end is missing; then only its first fields are sure. `most`:
   * as the limit, for this block.
   */
  decode(bytes: Uint8Array, start = 0, end = bytes.length, isWhole = true, most = this.#limit): DecodedBlock {
    const limit = Math.min(most, this.#limit)
    this.#bytes = bytes
    this.#at = start
    this.#end = end
    this.#isMalformed = false
    const fields: HeaderField[] = []
    let size = 0
    let missing: DecodedBlock['missing']
    while (this.#at < this.#end) {
      const field = this.#field()
      if (this.#isMalformed) break
      if (field === 'resize') continue
      if (field === undefined) missing ??= 'lost'
      else {
        const fieldSize = field[0].length + field[1].length + ENTRY_OVERHEAD
        if (size + fieldSize > limit) missing = 'limit'
        else {
          size += fieldSize
          fields.push(field)
        }
      }
    }
    this.#bytes = NO_BYTES
    if (this.#isMalformed || !isWhole) {
      missing = isWhole ? 'malformed' : 'lost'
      this.lose()
    }
    return { fields, size, missing }
  }

  /** A block was lost: the entries that it added to the table are not known. */
  lose(): void {
    this.#table.forget()
    this.#isComplete = false
  }

  /** Gives back what it holds. */
  release(): void {
    this.#table.release()
  }

  /** The next field; undefined if it is in an entry that is not known. */
  #field(): HeaderField | 'resize' | undefined {
    const first = this.#bytes[this.#at]!
    if (first >= 0x80) return this.#entry(this.#integer(7))
    if (first >= 0x40) return this.#literal(6, true)
    if (first < 0x20) return this.#literal(4, false)
    if (!this.#table.resize(this.#integer(5))) this.#isMalformed = true
    return 'resize'
  }

  /** §6.2. */
  #literal(prefix: 4 | 6, isIndexed: boolean): HeaderField | undefined {
    const index = this.#integer(prefix)
    const name = index === 0 ? this.#string() : this.#entry(index)?.[0]
    const value = this.#string()
    if (this.#isMalformed || value === undefined) return undefined
    // A field whose name is not known takes up its place in the table all the same.
    const field: HeaderField = [name ?? '', value]
    if (isIndexed && !this.#table.add(field)) this.lose()
    return name === undefined || name === '' ? undefined : field
  }

  /** §2.3.3. */
  #entry(index: number): HeaderField | undefined {
    if (this.#isMalformed) return undefined
    const known =
      index <= STATIC_TABLE.length ? STATIC_TABLE[index - 1] : this.#table.at(index - FIRST_DYNAMIC)
    if (known === undefined && (index === 0 || this.#isComplete)) this.#isMalformed = true
    return known?.[0] === '' ? undefined : known
  }

  /** §5.1: an integer whose first bits are the last `prefix` bits of the byte at hand. */
  #integer(prefix: number): number {
    const mask = (1 << prefix) - 1
    let value = (this.#bytes[this.#at++] ?? 0) & mask
    if (value < mask) return value
    for (let factor = 1; value < LARGEST_INTEGER && this.#at < this.#end; factor *= 128) {
      const byte = this.#bytes[this.#at++]!
      value += (byte & 0x7f) * factor
      if (byte < 0x80) return value
      if (factor >= LARGEST_INTEGER) break
    }
    this.#isMalformed = true
    return 0
  }

  /** §5.2. */
  #string(): string | undefined {
    if (this.#isMalformed || this.#at >= this.#end) {
      this.#isMalformed = true
      return undefined
    }
    const isHuffman = this.#bytes[this.#at]! >= 0x80
    const length = this.#integer(7)
    const start = this.#at
    if (this.#isMalformed || length > this.#end - start) {
      this.#isMalformed = true
      return undefined
    }
    this.#at += length
    const text = isHuffman
      ? decodeHuffman(this.#bytes, start, this.#at)
      : toLatin1(this.#bytes, start, this.#at)
    if (text === undefined) this.#isMalformed = true
    return text
  }
}

const FIRST_DYNAMIC = STATIC_TABLE.length + 1
