// How much work the search for the best answer may do. The inputs may be made to make it long: after the last step, a quick answer
// has to do.

/** Steps that may be taken. A step is about as long as a comparison of two numbers and what belongs to it. */
export class Effort {
  #left: number

  /** `steps`: how many there are. */
  constructor(steps: number) {
    this.#left = steps
  }

  /** How many steps may still be taken: 0 or more. */
  get left(): number {
    return this.#left
  }

  /** Gives `steps` more. */
  grant(steps: number): void {
    this.#left += steps
  }

  /** Takes `steps`. False, and nothing is taken, if there are not as many left. */
  spend(steps: number): boolean {
    if (steps > this.#left) return false
    this.#left -= steps
    return true
  }
}
