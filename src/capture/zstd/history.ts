// What a zstd frame unpacked to so far, as far back as its window reaches. Blocks write into it and copy from it.
import { ZstdFault } from './zstd-fault.ts'

/** Memory at the start of a frame: most captures fill it, and a header that claims a large window costs no more. */
const FIRST_LENGTH = 256 * 1024

/** The last bytes of a frame. */
export class History {
  bytes: Uint8Array = new Uint8Array(0)
  /** The bytes of the frame are `bytes[0 … end)`. */
  end = 0
  #most = 0
  #window = 0

  /** A frame begins. `window`: how far back it reaches; `block`: the most bytes of a block. */
  begin(window: number, block: number): void {
    this.end = 0
    this.#window = window
    // The bytes are moved to the front each time that a quarter of the window is full.
    this.#most = window + Math.max(window >> 2, FIRST_LENGTH) + block
    if (this.bytes.length > this.#most) this.bytes = new Uint8Array(0)
  }

  /** Makes room for `length` more bytes, at most those of a block. */
  reserve(length: number): void {
    const needed = this.end + length
    if (needed <= this.bytes.length) return
    if (needed > this.#most) {
      this.bytes.copyWithin(0, this.end - this.#window, this.end)
      this.end = this.#window
      return
    }
    const grown = new Uint8Array(Math.min(this.#most, Math.max(needed, FIRST_LENGTH, 2 * this.bytes.length)))
    grown.set(this.bytes.subarray(0, this.end))
    this.bytes = grown
  }

  /** Repeats `length` bytes that are `distance` bytes back. There must be room. */
  repeat(distance: number, length: number): void {
    const { bytes, end } = this
    const from = end - distance
    if (from < 0 || distance > this.#window) throw new ZstdFault('sequences')
    if (distance >= length && length > 32) bytes.copyWithin(end, from, from + length)
    else for (let i = 0; i < length; i++) bytes[end + i] = bytes[from + i]!
    this.end = end + length
  }

  /** Frees the memory. */
  close(): void {
    this.bytes = new Uint8Array(0)
  }
}
