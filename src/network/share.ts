// A part of the purse of bytes held back, so that one stage cannot spend what the others need.
import { Budget } from '../base/limits.ts'

/** Draws on the whole purse, and never holds more than its share of it. */
export class Share extends Budget {
  readonly #whole: Budget

  /** `limit`: the most bytes that the share may hold. */
  constructor(whole: Budget, limit: number) {
    super(limit)
    this.#whole = whole
  }

  override take(bytes: number): boolean {
    if (!this.#whole.take(bytes)) return false
    if (super.take(bytes)) return true
    this.#whole.give(bytes)
    return false
  }

  override give(bytes: number): void {
    super.give(bytes)
    this.#whole.give(bytes)
  }
}
