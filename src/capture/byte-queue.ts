// The bytes of a file as they arrive, and the place up to which they are decoded. In: chunks of any size. Out: the bytes of one
// record, side by side, as a view of the chunk that holds them. Only a record that lies across two chunks is copied.
import { concat, NO_BYTES } from '../base/bytes.ts'
import { PayloadMemory } from '../base/payload-memory.ts'

/** Memory of records from this length on is used again. For shorter ones the garbage collector is as good. */
const LONG_RECORD = 64 * 1024

/**
 * Push a chunk, ask with `has` for as many bytes as the next record needs, read them at `bytes[at …]`, and move `at` on. What was
 * read stays valid until the next chunk is pushed. Once `has` has returned false, nothing refers to the chunk's memory, which may
 * take the next chunk.
 */
export class ByteQueue {
  /** Undecoded bytes, side by side: `bytes[at … end)`. More may follow after `end`: ask `has` before you read. */
  bytes: Uint8Array = NO_BYTES
  at = 0
  end = 0
  /** The rest of the chunk that was pushed last: it follows `bytes`. */
  #rest: Uint8Array = NO_BYTES
  #pushed = 0
  /**
   * Memory for a record that lies across two chunks. Each gets other memory, since what was decoded from the last one may still be
   * in use.
   */
  #own: Uint8Array = NO_BYTES
  /** Memory of a record that was decoded. */
  #spent: Uint8Array = NO_BYTES
  readonly #memory: PayloadMemory

  /** `memory`: where that memory comes from. Files that are merged share it. */
  constructor(memory: PayloadMemory = new PayloadMemory()) {
    this.#memory = memory
  }

  /** Takes the next chunk. If `has` has not returned false yet, the rest of the chunk before it is copied. */
  push(chunk: Uint8Array): void {
    this.#pushed += chunk.length
    this.#rest = this.#rest.length === 0 ? chunk : concat([this.#rest, chunk])
  }

  /** Nothing that was decoded so far is in use any more: its memory may be used again. */
  recycle(): void {
    this.#memory.giveBack(this.#spent)
    this.#spent = NO_BYTES
  }

  /** Forgets all bytes, of which nothing may be in use. The chunk that is pushed next begins at this position. */
  restart(offset: number): void {
    this.#memory.giveBack(this.#own)
    this.bytes = NO_BYTES
    this.at = 0
    this.end = 0
    this.#rest = NO_BYTES
    this.#own = NO_BYTES
    this.#pushed = offset
  }

  /** Bytes of memory that records across two chunks take. */
  get held(): number {
    return this.#own.length + this.#spent.length
  }

  /** Position of `at` among all bytes that were pushed. */
  get offset(): number {
    return this.#pushed - this.#rest.length - (this.end - this.at)
  }

  /** True if nothing is left to decode. */
  get isEmpty(): boolean {
    return this.offset === this.#pushed
  }

  /** Whether the next `length` bytes are here. If so, they lie side by side from `at` on. */
  has(length: number): boolean {
    return this.end - this.at >= length || this.#gather(length)
  }

  /** Skips up to `length` bytes without keeping them. Returns how many it skipped. */
  skip(length: number): number {
    const here = Math.min(length, this.end - this.at)
    this.at += here
    const behind = Math.min(length - here, this.#rest.length)
    if (behind > 0) this.#rest = this.#rest.subarray(behind)
    return here + behind
  }

  #gather(length: number): boolean {
    const held = this.end - this.at
    if (held === 0) {
      if (this.#own.length > 0) this.#spent = this.#own
      this.#own = NO_BYTES
      this.#show(this.#rest, this.#rest.length)
      this.#rest = NO_BYTES
      if (this.end >= length) return true
      if (this.end === 0) return false
      return this.#gather(length)
    }
    // The memory for the whole record is taken at once, so that the record is copied once, however small its chunks are. The
    // runtime commits memory only as it is written: a length that the file merely claims costs nothing.
    if (this.bytes !== this.#own || this.#own.length - this.at < length) {
      const own = length < LONG_RECORD ? new Uint8Array(length) : this.#memory.take(length)
      this.#memory.giveBack(this.#own)
      this.#own = own
      this.#own.set(this.bytes.subarray(this.at, this.end))
      this.#show(this.#own, held)
    }
    const added = Math.min(length - held, this.#rest.length)
    this.bytes.set(this.#rest.subarray(0, added), this.end)
    this.end += added
    this.#rest = this.#rest.subarray(added)
    return this.end - this.at >= length
  }

  #show(bytes: Uint8Array, end: number): void {
    this.bytes = bytes
    this.at = 0
    this.end = end
  }
}
