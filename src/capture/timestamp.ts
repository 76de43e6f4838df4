// Timestamps of pcapng. In: the two 32-bit halves of a timestamp, and if_tsresol and if_tsoffset of its interface
// (draft-ietf-opsawg-pcapng §4.2). Out: a Time in seconds and nanoseconds. It is exact, but anything finer than a nanosecond is
// cut off.
import type { Time } from '../base/stream.ts'

/** JavaScript's dates reach this many seconds to either side of 1970. A time beyond them counts as no time. */
const CALENDAR_SECONDS = 8.64e12

/** How an interface counts time. */
export class TimestampClock {
  /** Units in a second if that is a power of ten of at most 10^9, which is what captures use; otherwise undefined. */
  readonly #decimalUnits: number | undefined
  readonly #resolution: number
  readonly #offsetSeconds: number

  /**
   * `resolution` is the byte of if_tsresol: units of 10^-n seconds, or of 2^-n seconds if its highest bit is set. 0 means
   * seconds; pass 6 (microseconds) for an interface without the option. `offsetSeconds` is if_tsoffset: seconds that are added.
   */
  constructor(resolution: number, offsetSeconds: number) {
    this.#resolution = resolution
    this.#offsetSeconds = offsetSeconds
    this.#decimalUnits = resolution <= 9 ? 10 ** resolution : undefined
  }

  /** The time of a timestamp; undefined if it is beyond the calendar. */
  timeOf(high: number, low: number): Time | undefined {
    if (this.#decimalUnits === undefined) return this.#timeOfOddUnits(high, low)
    // A 64-bit count does not fit into a number, so this is a long division with 32, 16 and 16 bits as the digits. Every
    // intermediate result stays below 2^53, so no step rounds.
    const units = this.#decimalUnits
    const q2 = Math.floor(high / units)
    const middle = (high - q2 * units) * 0x10000 + (low >>> 16)
    const q1 = Math.floor(middle / units)
    const lowest = (middle - q1 * units) * 0x10000 + (low & 0xffff)
    const q0 = Math.floor(lowest / units)
    return this.#time(q2 * 0x1_0000_0000 + q1 * 0x10000 + q0, ((lowest - q0 * units) * (1e9 / units)) | 0)
  }

  #timeOfOddUnits(high: number, low: number): Time | undefined {
    const count = (BigInt(high) << 32n) | BigInt(low)
    const exponent = BigInt(this.#resolution & 0x7f)
    const units = this.#resolution >= 0x80 ? 2n ** exponent : 10n ** exponent
    return this.#time(Number(count / units), Number(((count % units) * 1_000_000_000n) / units))
  }

  #time(wholeSeconds: number, nanoseconds: number): Time | undefined {
    const seconds = wholeSeconds + this.#offsetSeconds
    return Math.abs(seconds) < CALENDAR_SECONDS ? { seconds, nanoseconds } : undefined
  }
}
