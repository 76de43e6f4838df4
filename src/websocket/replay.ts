// Items of a direction that the search for the next sure frame went through (resynchronization.ts), to be decoded once it has found where.
import type { Budget } from '../base/limits.ts'
import type { StreamItem } from '../base/stream.ts'

export class Replay {
  readonly #budget: Budget
  #items: readonly StreamItem[] = []
  /** How many of them were taken. */
  #taken = 0
  /** What of the budget they hold. */
  #held = 0

  constructor(budget: Budget) {
    this.#budget = budget
  }

  /** True once `next` has returned undefined. */
  get isOver(): boolean {
    return this.#items.length === 0
  }

  /** Puts items before those that are left; `held` is what of the budget they hold. */
  add(items: readonly StreamItem[], held: number): void {
    const left = this.#items.slice(this.#taken)
    this.#items = left.length === 0 ? items : [...items, ...left]
    this.#taken = 0
    this.#held += held
  }

  /** The next item; undefined behind the last one, and then nothing is held any more. */
  next(): StreamItem | undefined {
    if (this.#taken < this.#items.length) return this.#items[this.#taken++]
    if (this.#items.length > 0) {
      this.#budget.give(this.#held)
      this.#held = 0
      this.#items = []
      this.#taken = 0
    }
    return undefined
  }
}
