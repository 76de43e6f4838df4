// A moment as it is shown: in ISO 8601.
import type { Time } from '../base/stream.ts'

/** Seconds of 400 years, after which the calendar repeats. */
const CYCLE = 146_097 * 86_400

/** `2026-11-23T01:39:37.966035000Z`: UTC, nine decimals. A year past 9999 or before 0 has a sign and at least six digits. */
export function isoTime(time: Time): string {
  return `${isoSeconds(time.seconds)}.${time.nanoseconds.toString().padStart(9, '0')}Z`
}

/** The last one spelled, which the records of one second share: a Date for each took a third of the time of `check`. */
let spelled = { seconds: Number.NaN, text: '' }

function isoSeconds(seconds: number): string {
  if (seconds !== spelled.seconds) spelled = { seconds, text: spellSeconds(seconds) }
  return spelled.text
}

function spellSeconds(seconds: number): string {
  // A capture's clock reaches further than Date does (±271 821 years): whole cycles of years are counted beside it.
  const cycles = Math.floor(seconds / CYCLE)
  const date = new Date((seconds - cycles * CYCLE) * 1000)
  const year = BigInt(cycles) * 400n + BigInt(date.getUTCFullYear())
  return isoYear(year) + date.toISOString().slice(4, 19)
}

function isoYear(year: bigint): string {
  if (year >= 0n && year <= 9999n) return year.toString().padStart(4, '0')
  return year < 0n ? `-${(-year).toString().padStart(6, '0')}` : `+${year.toString().padStart(6, '0')}`
}
