// The bits of zstd's entropy-coded streams, which are read from their end to their start (RFC 8878 §4.1).
import { ZstdFault } from './zstd-fault.ts'

/** How many bytes after the end of a stream may be looked at. Their bits are masked out. */
export const PADDING = 4

/** Reads bits from the end of a stream. Bits before its start are zero: `left` is then negative. */
export class BitReader {
  /** Bits that were not read yet; negative if more were read than there are. */
  left: number
  readonly #bytes: Uint8Array
  readonly #start: number

  /** The stream is `bytes[start … end)`, and at least `PADDING` bytes follow. The highest bit that is set marks its end. */
  constructor(bytes: Uint8Array, start: number, end: number) {
    const last = end > start ? bytes[end - 1]! : 0
    if (last === 0) throw new ZstdFault('table')
    this.#bytes = bytes
    this.#start = start
    this.left = 8 * (end - start) - Math.clz32(last) + 23
  }

  /** The next `count` bits, 0 … 24. */
  read(count: number): number {
    this.left -= count
    return this.peekAt(this.left, count)
  }

  /** The `count` bits, 0 … 24, from this place on. */
  peekAt(place: number, count: number): number {
    const bytes = this.#bytes
    const mask = (1 << count) - 1
    if (place >= 0) {
      const at = this.#start + (place >> 3)
      const word = bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)
      return (word >>> (place & 7)) & mask
    }
    if (place + count <= 0) return 0
    const at = this.#start
    return ((bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16)) << -place) & mask
  }
}
