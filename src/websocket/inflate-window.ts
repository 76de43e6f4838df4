// The LZ77 sliding window (RFC 7692 §7.2): the last bytes that came out of an inflater. A new stream needs them to go on.

/** What the memory of windows is drawn from. */
export interface WindowPurse {
  take(bytes: number): boolean
  give(bytes: number): void
}

const FIRST_CAPACITY = 1024

/** A ring that grows up to `size` bytes. Holds no more than twice what was put into it. */
export class InflateWindow {
  /** Bytes remembered. */
  length = 0
  readonly #size: number
  #ring = new Uint8Array(0)
  #at = 0

  constructor(size: number) {
    this.#size = size
  }

  /** Remembers `bytes` after the ones before; if the purse refuses the memory, returns false and changes nothing. */
  add(bytes: Uint8Array, purse: WindowPurse): boolean {
    const size = this.#size
    const kept = bytes.length > size ? bytes.subarray(bytes.length - size) : bytes
    const needed = Math.min(this.length + kept.length, size)
    if (needed > this.#ring.length && !this.#grow(needed, purse)) return false
    const untilEnd = this.#ring.length - this.#at
    if (kept.length <= untilEnd) {
      this.#ring.set(kept, this.#at)
    } else {
      this.#ring.set(kept.subarray(0, untilEnd), this.#at)
      this.#ring.set(kept.subarray(untilEnd), 0)
    }
    this.#at += kept.length
    if (this.#at >= size) this.#at -= size
    this.length = needed
    return true
  }

  /** The last bytes that are remembered, in order: views. */
  last(length: number): readonly Uint8Array[] {
    if (length === 0) return []
    const end = this.#at === 0 ? this.length : this.#at
    if (length <= end) return [this.#ring.subarray(end - length, end)]
    return [this.#ring.subarray(this.length - (length - end), this.length), this.#ring.subarray(0, end)]
  }

  /** Forgets the bytes, and keeps the memory. */
  clear(): void {
    this.length = 0
    this.#at = 0
  }

  /** Forgets the bytes, and gives the memory back. */
  release(purse: WindowPurse): void {
    this.clear()
    if (this.#ring.length > 0) purse.give(this.#ring.length)
    this.#ring = new Uint8Array(0)
  }

  /** While the ring is smaller than the window, nothing in it has wrapped around. */
  #grow(needed: number, purse: WindowPurse): boolean {
    const capacity = Math.min(Math.max(needed * 2, FIRST_CAPACITY), this.#size)
    if (!purse.take(capacity - this.#ring.length)) return false
    const grown = new Uint8Array(capacity)
    grown.set(this.#ring.subarray(0, this.length))
    this.#ring = grown
    return true
  }
}
