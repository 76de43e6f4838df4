// The rows of od, and of hexdump without -C: bytes, or words in the byte order of the machine that printed them.
import type { PastedFault } from '../reading.ts'
import { misfitOf, splitColumn } from './column.ts'
import type { RowReading } from './hex-rows.ts'
import type { Row } from './lines.ts'

/** What one number of a row is. */
export interface Unit {
  readonly radix: 8 | 10 | 16
  /** How many bytes it has. */
  readonly size: 1 | 2 | 4 | 8
  readonly pattern: RegExp
  /** The only program that prints it, if there is only one. */
  readonly printer?: 'od' | 'hexdump'
}

/** Each has its own number of digits, and its own spaces before them. */
const UNITS: readonly Unit[] = [
  { radix: 16, size: 1, pattern: /^(?: +[0-9a-f]{2})+$/i, printer: 'od' },
  { radix: 8, size: 1, pattern: /^(?: [0-3][0-7]{2})+$/ },
  { radix: 10, size: 1, pattern: /^(?: +-?[1-9]\d\d| {2,}(?:\d|-?[1-9]\d|-\d))+$/, printer: 'od' },
  { radix: 16, size: 2, pattern: /^(?: [0-9a-f]{4})+$/i },
  { radix: 16, size: 2, pattern: /^(?: {4}[0-9a-f]{4})+$/i, printer: 'hexdump' },
  { radix: 8, size: 2, pattern: /^(?: [01][0-7]{5})+$/, printer: 'od' },
  { radix: 8, size: 2, pattern: /^(?: {2,}[01][0-7]{5})+$/ },
  { radix: 10, size: 2, pattern: /^(?: {3}\d{5})+$/, printer: 'hexdump' },
  { radix: 16, size: 4, pattern: /^(?: [0-9a-f]{8})+$/i, printer: 'od' },
  { radix: 16, size: 8, pattern: /^(?: [0-9a-f]{16})+$/i, printer: 'od' },
]

/** True if the rows have the form of od: seven digits, or six and one space. */
export function isOdRow({ offset, hasColon, body }: Row): boolean {
  return !hasColon && (offset.length === 7 || (offset.length === 6 && /^ \S/.test(body)))
}

/** The unit of the rows. A fault if they have none, or could have two. */
export function unitOf(rows: readonly Row[]): Unit | PastedFault {
  let left = UNITS
  for (const { body, line } of rows) {
    const { digits } = splitColumn(body)
    const fitting = left.filter(({ pattern }) => pattern.test(digits.trimEnd()))
    if (fitting.length === 0) return { what: 'unit', line }
    left = fitting
  }
  const [first, second] = left
  if (second === undefined) return first!
  // `101` is 65 in od -b, and 101 in od -t u1.
  return { what: 'unit', line: rows[0]!.line }
}

/** Reads a row. `isReversed`: the last byte of a word comes first. */
export function readWordRow(
  { body, line }: Row,
  { radix, size }: Unit,
  isReversed: boolean,
  isCut: boolean,
): RowReading {
  const { digits, column } = splitColumn(body)
  const bytes: number[] = []
  for (const token of digits.trim().split(/ +/)) {
    const number = BigInt(radix === 8 ? `0o${token}` : radix === 16 ? `0x${token}` : token)
    if (size === 1 && (number > 255n || number < -128n)) return { fault: { what: 'unit', line } }
    if (number >= 1n << BigInt(8 * size)) return { fault: { what: 'unit', line } }
    for (let i = 0; i < size; i++) {
      const shift = BigInt(8 * (isReversed ? i : size - 1 - i))
      bytes.push(Number((number >> shift) & 0xffn))
    }
  }
  if (column === undefined) return { bytes, hasColumn: false }
  // The last word of a file is filled up with zeros, which have no characters.
  const shown = isCut && column.length < bytes.length && column.length > bytes.length - size
  const misfit = misfitOf(shown ? bytes.slice(0, column.length) : bytes, column)
  if (misfit === undefined) return { bytes: shown ? bytes.slice(0, column.length) : bytes, hasColumn: true }
  return { fault: { what: 'column', line, ...misfit } }
}
