// From a timestamp of a capture file to a Time. In: the two 32-bit halves of a pcapng timestamp and its interface's if_tsresol and
// if_tsoffset (draft-ietf-opsawg-pcapng §4.2). Out: seconds and nanoseconds, exact; what is finer than a nanosecond is cut off.
import type { Time } from '../base/stream.ts'

/** Seconds that a calendar can show: JavaScript's dates reach this far to either side of 1970. A time beyond them is no time. */
const CALENDAR_SECONDS = 8.64e12

/** How an interface counts time. */
export class TimestampClock {
  /** Units in a second, where they are a power of ten of at most 10^9, which is what captures use; otherwise undefined. */
  readonly #decimalUnits: number | undefined
  readonly #resolution: number
  readonly #offsetSeconds: number

  /**
   * `resolution` is the byte of if_tsresol: units of 10^-n seconds, or with its highest bit set of 2^-n seconds (0 means seconds, an
   * interface without the option counts in 6: microseconds). `offsetSeconds` is if_tsoffset: seconds to be added.
   */
  constructor(resolution: number, offsetSeconds: number) {
    this.#resolution = resolution
    this.#offsetSeconds = offsetSeconds
    this.#decimalUnits = resolution <= 9 ? 10 ** resolution : undefined
  }

  /** The time of a timestamp; undefined where no calendar reaches it. */
  timeOf(high: number, low: number): Time | undefined {
    if (this.#decimalUnits === undefined) return this.#timeOfOddUnits(high, low)
    // A 64-bit count does not fit into a number, so this divides by hand, with 32, 16 and 16 bits as the digits. All that it makes
    // stays below 2^53: no step rounds.
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
