// The filters: which frames and messages are printed. They never drop the records that say what was found in the capture.
import { type AnalysisEvent, OPCODE_NAMES } from '../base/events.ts'
import type { Side } from '../base/stream.ts'

/** What is asked for. Undefined: everything. */
export interface Selection {
  readonly connections: ReadonlySet<number> | undefined
  readonly from: Side | undefined
  readonly opcodes: ReadonlySet<string> | undefined
  readonly frames: ReadonlySet<number> | undefined
}

/** True if the event is to be printed. A message is, if one of its frames was asked for. */
export function selects(selection: Selection, event: AnalysisEvent): boolean {
  if (event.type !== 'frame' && event.type !== 'message') return true
  const { connections, from, opcodes, frames } = selection
  if (connections !== undefined && !connections.has(event.connection)) return false
  if (from !== undefined && event.from !== from) return false
  if (opcodes !== undefined && !opcodes.has(OPCODE_NAMES[event.opcode]!)) return false
  if (frames === undefined) return true
  return event.type === 'frame' ? frames.has(event.frame) : event.frames.some((frame) => frames.has(frame))
}
