// framewalk frames: the frames of every connection, as tables.
import { FramesTable } from '../render/frames-table.ts'
import { runCaptureCommand } from './capture-command.ts'
import type { Streams } from './streams.ts'

/** Runs the command and answers with the exit status. */
export function frames(argv: Readonly<Record<string, unknown>>, streams: Streams): Promise<number> {
  return runCaptureCommand(
    {
      records: ['frame', 'message'],
      table: (options, write) => new FramesTable({ ...options, hex: argv['hex'] === true }, write),
    },
    argv,
    streams,
  )
}
