// The time between two moments, in seconds. It is written as bytes, because a table has one in each row; the plain version, with
// strings, is `secondsBetween`, which uses the same code.
import type { Time } from '../../base/stream.ts'
import { dataViewOf, LARGEST_NUMBER, writeNumber, writeSixDigits, writeText } from './spelled-bytes.ts'

const MINUS = 0x2d
const POINT = 0x2e
const spelling = Buffer.alloc(40)
const spellingView = dataViewOf(spelling)

/**
 * The time from `start` to `end` in seconds, with at most six decimals and in at most `columns` columns, if whole seconds fit. An
 * empty text if one of the two is unknown.
 */
export function secondsBetween(start: Time | undefined, end: Time | undefined, columns = 20): string {
  return spelling.toString('latin1', 0, writeSecondsBetween(spelling, spellingView, 0, start, end, columns))
}

/** Writes the same from `at` on, into room for 32 bytes. Returns where it ends. */
export function writeSecondsBetween(
  bytes: Buffer,
  view: DataView,
  at: number,
  start: Time | undefined,
  end: Time | undefined,
  columns: number,
): number {
  if (start === undefined || end === undefined) return at
  let seconds = end.seconds - start.seconds
  let nanoseconds = end.nanoseconds - start.nanoseconds
  let to = at
  if (seconds < 0 || (seconds === 0 && nanoseconds < 0)) {
    seconds = -seconds
    nanoseconds = -nanoseconds
    bytes[to++] = MINUS
  }
  if (nanoseconds < 0) {
    seconds -= 1
    nanoseconds += 1_000_000_000
  }
  to = seconds > LARGEST_NUMBER ? writeText(bytes, to, String(seconds)) : writeNumber(view, to, seconds)
  const decimals = Math.min(6, columns - (to - at) - 1)
  if (decimals < 1) return to
  bytes[to++] = POINT
  // Cut, not rounded: no frame is shown later than it was.
  writeSixDigits(view, to, (nanoseconds / 1000) | 0)
  return to + decimals
}
