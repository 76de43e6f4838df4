// How long the pings of one side waited for their pongs. A pong answers the last ping with its payload, and all earlier ones (RFC
// 6455 §5.5.3).
import { toHex } from '../base/bytes.ts'
import type { PingTotals } from './page-data.ts'

/** More pings than anyone leaves unanswered. If there are more, the oldest is forgotten. */
const MOST_WAITING = 64
/** Longer ones are illegal (RFC 6455 §5.5). */
const LONGEST_PAYLOAD = 125

/** The pings of one side. Times are numbers in one unit, NaN if unknown. */
export class PingTimes {
  #waiting: { readonly payload: string; readonly time: number }[] = []
  #sent = 0
  #answered = 0
  #timed = 0
  #sum = 0
  #shortest = Infinity
  #longest = 0

  /** This side sent a ping. */
  ping(payload: Uint8Array, time: number): void {
    this.#sent++
    if (this.#waiting.length === MOST_WAITING) this.#waiting.shift()
    this.#waiting.push({ payload: keyOf(payload), time })
  }

  /** The other side sent a pong. */
  pong(payload: Uint8Array, time: number): void {
    const key = keyOf(payload)
    const last = this.#waiting.findLastIndex((ping) => ping.payload === key)
    for (const ping of this.#waiting.splice(0, last + 1)) {
      this.#answered++
      const waited = time - ping.time
      if (!(waited >= 0)) continue
      this.#timed++
      this.#sum += waited
      this.#shortest = Math.min(this.#shortest, waited)
      this.#longest = Math.max(this.#longest, waited)
    }
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

function keyOf(payload: Uint8Array): string {
  return toHex(payload.subarray(0, LONGEST_PAYLOAD))
}
