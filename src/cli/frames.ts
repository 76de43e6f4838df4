// framewalk frames: the frames of every connection, as tables.
import { FramesTable } from '../render/frames-table.ts'
import { runCaptureCommand } from './capture-command.ts'
import type { Streams } from './streams.ts'

/** Runs the command and answers with the exit status. */
export function frames(argv: Readonly<Record<string, unknown>>, streams: Streams): Promise<number> {
  const command = {
    records: new Set(['frame', 'message']),
    table: (look, write) => new FramesTable(look, write),
  }
  return runCaptureCommand(command, argv, streams)
}
