// How often sequence numbers and keys may be tried on records behind holes, over all connections of a capture: a capture could ask for any
// amount of it.

const MOST = 50_000
/** What one record that verified earns. */
const EARNED = 64

export class Trials {
  #left = MOST

  /** Takes one; false where none is left. */
  take(): boolean {
    if (this.#left === 0) return false
    this.#left--
    return true
  }

  /** A record verified: the capture is worth more trials. */
  earn(): void {
    if (this.#left < MOST) this.#left = Math.min(MOST, this.#left + EARNED)
  }
}
