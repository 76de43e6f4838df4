// Puts together one header block. In: the fragments in HEADERS or PUSH_PROMISE and its CONTINUATION frames (RFC 9113 §4.3). Out:
// its bytes. Bounded: a flood of CONTINUATION frames holds no more than one block may have.
import { NO_BYTES } from '../base/bytes.ts'
import type { Budget } from '../base/limits.ts'

/** One block at a time; also used for SETTINGS and RST_STREAM. */
export class Block {
  readonly #limit: number
  readonly #budget: Budget
  #bytes = NO_BYTES
  /** Bytes of the block so far. */
  length = 0
  /** False if bytes are missing after those that are there. */
  isWhole = true

  constructor(limit: number, budget: Budget) {
    this.#limit = limit
    this.#budget = budget
  }

  /** The bytes so far: a view. `reset` leaves its bytes as they are, but the budget no longer pays for them. */
  get bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.length)
  }

  /** Adds `bytes[start … end)` if nothing is missing before them and there is room; otherwise they are missing. */
  add(bytes: Uint8Array, start: number, end: number): void {
    if (!this.isWhole) return
    const length = this.length + end - start
    if (length > this.#limit || !this.#makeRoom(length)) {
      this.isWhole = false
      return
    }
    this.#bytes.set(bytes.subarray(start, end), this.length)
    this.length = length
  }

  /** Gives back what it holds, and is as new. */
  reset(): void {
    this.#budget.give(this.#bytes.length)
    this.#bytes = NO_BYTES
    this.length = 0
    this.isWhole = true
  }

  #makeRoom(length: number): boolean {
    if (length <= this.#bytes.length) return true
    const capacity = Math.max(512, length, Math.min(this.#limit, 2 * this.#bytes.length))
    if (!this.#budget.take(capacity)) return false
    const grown = new Uint8Array(capacity)
    grown.set(this.#bytes.subarray(0, this.length))
    this.#budget.give(this.#bytes.length)
    this.#bytes = grown
    return true
  }
}
