// A message of the report in the form that assembly/message-assembly.tsx takes: its frames, and those that its sender put between
// them.
import type { AssemblyFrame } from '../assembly/blocks.ts'
import type { ReportCapture } from './capture.ts'
import { headerOf, messageOf, opcodeOf, payloadOf, rowsOfMessage, sideOf } from './frame-content.ts'

/** Frames that are gathered: an assembly shows them by pages. */
const MOST_FRAMES = 10_000

/**
 * The frames of the message that a row belongs to; undefined if nothing was put together. The inspector says all about a message
 * of one frame.
 */
export function assembledFrames(capture: ReportCapture, row: number): AssemblyFrame[] | undefined {
  const message = messageOf(capture, row)
  if (message === undefined) return undefined
  const parts = rowsOfMessage(capture, message)
  if (parts.length === 1) return undefined
  return withFramesBetween(capture, parts).map((each) => assemblyFrame(capture, each))
}

/** With the frames that the same side sent between them: control frames, and messages that should not have begun there. */
function withFramesBetween(capture: ReportCapture, parts: readonly number[]): number[] {
  const { connection } = capture.frames
  const [first] = parts as [number]
  const side = sideOf(capture, first)
  const rows: number[] = []
  for (let row = first; row <= parts.at(-1)! && rows.length < MOST_FRAMES; row++) {
    if (connection[row] === connection[first] && sideOf(capture, row) === side) rows.push(row)
  }
  return rows
}

function assemblyFrame(capture: ReportCapture, row: number): AssemblyFrame {
  const { frames } = capture
  const { fin, rsv1, payloadLength } = headerOf(capture, row)
  const payload = payloadOf(capture, row)
  return {
    frame: frames.frame[row]!,
    from: sideOf(capture, row),
    opcode: opcodeOf(capture, row),
    fin,
    rsv1,
    firstPacket: frames.firstPacket[row]!,
    lastPacket: frames.lastPacket[row]!,
    payloadLength: Number(payloadLength),
    // If none of its bytes are in the report, its payload is unknown.
    payload: payload.length === 0 && Number(payloadLength) > 0 ? undefined : payload,
  }
}
