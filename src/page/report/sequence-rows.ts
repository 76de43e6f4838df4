// The rows of a sequence diagram: what happened on a connection, in order, with the pauses between. If there is much of it,
// stretches of plain messages are put together in one row, which can be opened.
import { Opcode } from '../../base/events.ts'
import type { Side } from '../../base/stream.ts'
import type { ReportConnection, ReportFinding } from '../../report/page-data.ts'
import type { ReportCapture } from './capture.ts'
import { opcodeOf, sideOf } from './frame-content.ts'

/** A row of the diagram. */
export type SequenceRow =
  | { readonly kind: 'head'; readonly from: Side; readonly packet: number }
  | { readonly kind: 'frame'; readonly row: number }
  | { readonly kind: 'finding'; readonly finding: ReportFinding }
  | { readonly kind: 'pause'; readonly nanoseconds: number; readonly key: string }
  | GroupRow
  | { readonly kind: 'end' }

/** Frames that are shown as one row. */
export interface GroupRow {
  readonly kind: 'group'
  /** The first frame's row. */
  readonly first: number
  readonly last: number
  readonly client: Totals
  readonly server: Totals
  readonly isOpen: boolean
}

/** What one side sent in a group. */
export interface Totals {
  readonly frames: number
  readonly bytes: number
}

/** A diagram of more frames than this is grouped. */
const READABLE = 300
/** Groups are made large enough that about this many rows are left. */
const ROWS_LEFT = 150
/** A shorter stretch is not worth a group. */
const SMALLEST_GROUP = 4
/** A pause is shown if it is this many times longer than usual, and can be felt (nanoseconds). */
const PAUSE_FACTOR = 20
const SHORTEST_PAUSE = 50e6

/** `opened`: first rows of the groups that the reader has opened. */
export function sequenceRows(
  capture: ReportCapture,
  connection: ReportConnection,
  rows: Uint32Array,
  opened: ReadonlySet<number>,
): SequenceRow[] {
  const { frames } = capture
  const pause = longPause(capture, rows)
  const size =
    rows.length <= READABLE ? Infinity : Math.max(SMALLEST_GROUP, Math.ceil(rows.length / ROWS_LEFT))
  const between = capture.findings.filter(
    ({ connection: number, frame }) => number === connection.connection && frame === undefined,
  )
  const out: SequenceRow[] = []
  const { request, response } = connection.handshake
  if (request !== null) out.push({ kind: 'head', from: 'client', packet: request.packet.last })
  if (response !== null) out.push({ kind: 'head', from: 'server', packet: response.packet.last })
  let found = 0
  let before = Number.NaN
  let stretch: number[] = []
  const endStretch = (): void => {
    if (stretch.length < Math.min(SMALLEST_GROUP, size))
      for (const row of stretch) out.push({ kind: 'frame', row })
    else out.push(...groupOf(capture, stretch, opened))
    stretch = []
  }
  for (const row of rows) {
    while (found < between.length && packetOf(between[found]!) <= frames.lastPacket[row]!) {
      endStretch()
      out.push({ kind: 'finding', finding: between[found++]! })
    }
    const time = frames.time[row]!
    if (time - before > pause) {
      endStretch()
      out.push({ kind: 'pause', nanoseconds: time - before, key: `pause ${row}` })
    }
    before = time
    if (size === Infinity || !isPlain(capture, row)) {
      endStretch()
      out.push({ kind: 'frame', row })
    } else {
      stretch.push(row)
      if (stretch.length >= size) endStretch()
    }
  }
  endStretch()
  for (; found < between.length; found++) out.push({ kind: 'finding', finding: between[found]! })
  out.push({ kind: 'end' })
  return out
}

/** Whether nothing about a frame is worth a row of its own. */
function isPlain(capture: ReportCapture, row: number): boolean {
  return opcodeOf(capture, row) < Opcode.close && !capture.findingsOf.has(row)
}

function groupOf(
  capture: ReportCapture,
  rows: readonly number[],
  opened: ReadonlySet<number>,
): SequenceRow[] {
  const { headerLength, capturedLength } = capture.frames
  const totals = { client: { frames: 0, bytes: 0 }, server: { frames: 0, bytes: 0 } }
  for (const row of rows) {
    const side = totals[sideOf(capture, row)]
    side.frames++
    side.bytes += headerLength[row]! + capturedLength[row]!
  }
  const first = rows[0]!
  const isOpen = opened.has(first)
  const group: GroupRow = { kind: 'group', first, last: rows.at(-1)!, ...totals, isOpen }
  return isOpen ? [group, ...rows.map((row): SequenceRow => ({ kind: 'frame', row }))] : [group]
}

/** What counts as a pause: many times longer than half of the waits between frames. */
function longPause({ frames }: ReportCapture, rows: Uint32Array): number {
  const waits: number[] = []
  for (let i = 1; i < rows.length; i++) {
    const wait = frames.time[rows[i]!]! - frames.time[rows[i - 1]!]!
    if (wait >= 0) waits.push(wait)
  }
  const median = waits.sort((a, b) => a - b)[waits.length >> 1] ?? 0
  return Math.max(SHORTEST_PAUSE, median * PAUSE_FACTOR)
}

function packetOf({ packet }: ReportFinding): number {
  return packet?.last ?? 0
}
