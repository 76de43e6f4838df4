// How often sequence numbers and keys may be tried on records after holes, over all connections of a capture. Without a bound, a
// capture could ask for any amount of work.

/** Trials at the start, and the most that there ever are. */
const MOST = 50_000
/**
 * Trials earned by one record that verified. A hole takes one trial for each record that it hid, so a capture that lost eight
 * records for each one that it has never runs out.
 */
const EARNED = 8

/** The trials that are left. */
export class Trials {
  #left = MOST

  /** True if none is left. */
  get areSpent(): boolean {
    return this.#left === 0
  }

  /** Takes one; false if none is left. */
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
