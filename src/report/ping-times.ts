// How long the pings of one side waited for their pongs (RFC 6455 §5.5.3).
import type { PingTotals } from './page-data.ts'

/** The pings of one side. Times are numbers in one unit, NaN if unknown. */
export class PingTimes {
  #sent = 0
  #answered = 0
  #timed = 0
  #sum = 0
  #shortest = Infinity
  #longest = 0

  /** This side sent a ping. */
  ping(): void {
    this.#sent++
  }

  /** A ping was answered after it had waited so long. */
  answer(waited: number): void {
    this.#answered++
    if (!(waited >= 0)) return
    this.#timed++
    this.#sum += waited
    this.#shortest = Math.min(this.#shortest, waited)
    this.#longest = Math.max(this.#longest, waited)
  }

  get totals(): PingTotals {
    const timed = this.#timed > 0
    return {
      sent: this.#sent,
      answered: this.#answered,
      shortest: timed ? this.#shortest : null,
      mean: timed ? this.#sum / this.#timed : null,
      longest: timed ? this.#longest : null,
    }
  }
}
