// A frame's bytes as a hex dump in which each part of the frame is marked below its bytes.
import { toHex } from '../../base/bytes.ts'
import type { Catalogue } from '../../language/catalogue.ts'
import { printable } from '../text/escape.ts'
import { hang } from '../text/wrap.ts'

const ROW = 16
/** How many rows are shown. The rest is counted. */
const ROWS = 8

/** A part of the frame: the letter that marks its bytes, and what it is. */
export interface Part {
  readonly mark: string
  readonly name: string
  /** Bytes `[start, end)` of the frame. */
  readonly start: number
  readonly end: number
}

/**
 * The dump of a frame, and what its marks mean, in at most `columns` columns. `bytes`: the frame as on the wire, or its start;
 * `length`: how many of its bytes were captured.
 */
export function markedDump(
  bytes: Uint8Array,
  length: number,
  parts: readonly Part[],
  { walk }: Catalogue,
  columns: number,
): string[] {
  const lines: string[] = []
  const shown = Math.min(bytes.length, ROWS * ROW)
  for (let start = 0; start < shown; start += ROW) {
    const row = bytes.subarray(start, Math.min(start + ROW, shown))
    const offset = start.toString(16).padStart(4, '0')
    lines.push(`${offset}  ${toHex(row, ' ').padEnd(ROW * 3 - 1)}  ${printable(row)}`)
    lines.push(`      ${Array.from(row, (_, i) => markOf(parts, start + i).repeat(2)).join(' ')}`)
  }
  if (length > shown) lines.push(`      ${walk.morePayload(length - shown)}`)
  lines.push('')
  for (const { mark, name, start, end } of parts) {
    if (end === start) continue
    const part = walk.part(name, walk.byteRange(start, end - 1))
    lines.push(...hang(`  ${mark.repeat(2)}  `, part, columns))
  }
  return lines
}

function markOf(parts: readonly Part[], at: number): string {
  return parts.find(({ start, end }) => at >= start && at < end)?.mark ?? ' '
}
