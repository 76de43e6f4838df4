// The rows of xxd, hexdump -C, tcpdump, Wireshark and browsers: hex digits (or, in xxd -b, bits), perhaps with a column of characters.
import type { PastedFault } from '../reading.ts'
import { type Misfit, misfitOf, misfitOfTail, splitColumn } from './column.ts'
import type { Row } from './lines.ts'

/** How the digits of a group are read. `reversed`: as xxd -e writes them, the last byte first. */
export type DigitForm = 'hex' | 'reversed' | 'bits'

/** The bytes of a row, and whether a column of characters proves them; or a fault. */
export type RowReading =
  | { readonly bytes: readonly number[]; readonly hasColumn: boolean }
  | { readonly fault: PastedFault }

/** Places in a row at which the column may start that are tried. A column has two spaces before it, and may have some inside. */
const MOST_SPLITS = 8

/** Reads a row. `width`: how many bytes it has, by the offset of the next row; undefined if that is not known. */
export function readHexRow({ body, line }: Row, form: DigitForm, width: number | undefined): RowReading {
  const { digits, column } = splitColumn(body)
  if (column === undefined) return readWithTail(groupsOf(body, form), body, line, width)
  const groups = groupsOf(digits, form)
  const misfit = misfitOf(groups.bytes, column)
  if (misfit === undefined && groups.end === digits.trimEnd().length)
    return { bytes: groups.bytes, hasColumn: true }
  // The bars may be characters themselves.
  const withTail = readWithTail(groupsOf(body, form), body, line, width)
  if ('bytes' in withTail || misfit === undefined) return withTail
  return faultOf(line, misfit)
}

interface Groups {
  readonly bytes: readonly number[]
  /** After the last group. */
  readonly end: number
  /** Groups after which two spaces or more follow: the bytes up to there, and the place. */
  readonly splits: readonly { readonly count: number; readonly at: number }[]
}

function readWithTail(groups: Groups, body: string, line: number, width: number | undefined): RowReading {
  const { bytes, end, splits } = groups
  const isClean = end === body.length
  let best: { misfit: Misfit; count: number } | undefined
  // The split at which the next row says that the column starts is looked at first.
  const ordered = [...splits.filter(({ count }) => count === width), ...splits.slice(0, MOST_SPLITS)]
  for (const { count, at } of ordered) {
    if (at >= body.length) continue
    const head = bytes.slice(0, count)
    const misfit = misfitOfTail(head, body.slice(at))
    if (misfit === undefined) return { bytes: head, hasColumn: true }
    if (best === undefined || (count === width && best.count !== width)) best = { misfit, count }
    else if (best.count !== width && misfit.byte > best.misfit.byte) best = { misfit, count }
  }
  const hasWideGap = splits.some(({ at }) => /^ {4}/.test(body.slice(at, at + 4)) && at < body.length)
  // Columns of bytes may stand two spaces apart.
  if (isClean && bytes.length > 0 && !hasWideGap && (best === undefined || best.count !== width))
    // A column of spaces is lost when text is copied.
    return { bytes, hasColumn: bytes.every((byte) => byte === 0x20) }
  return best === undefined ? { fault: { what: 'row', line } } : faultOf(line, best.misfit)
}

function groupsOf(digits: string, form: DigitForm): Groups {
  const bytes: number[] = []
  const splits: { count: number; at: number }[] = []
  let end = 0
  const pattern = form === 'bits' ? /\s*([01]{8})(?=\s|$)/y : /\s*([0-9a-f]+)(?=\s|$)/iy
  const [size, radix] = form === 'bits' ? [8, 2] : [2, 16]
  for (let match = pattern.exec(digits); match !== null; match = pattern.exec(digits)) {
    const group = match[1]!
    if (group.length % size !== 0) break
    const start = bytes.length
    for (let i = 0; i < group.length; i += size) bytes.push(Number.parseInt(group.slice(i, i + size), radix))
    if (form === 'reversed') reverseFrom(bytes, start)
    end = pattern.lastIndex
    if (/^(?:\s\s|\t|$)/.test(digits.slice(end, end + 2))) splits.push({ count: bytes.length, at: end })
  }
  return { bytes, end, splits }
}

function reverseFrom(bytes: number[], start: number): void {
  for (let i = start, j = bytes.length - 1; i < j; i++, j--) [bytes[i], bytes[j]] = [bytes[j]!, bytes[i]!]
}

function faultOf(line: number, { byte, value, character }: Misfit): RowReading {
  return { fault: { what: 'column', line, byte, value, character } }
}
