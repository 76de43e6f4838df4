// framewalk frames: the frames of every connection, as tables.
import { type CaptureCommand, runCaptureCommand } from './capture-command.ts'
import type { Streams } from './streams.ts'

export function framesCommand(argv: Readonly<Record<string, unknown>>): CaptureCommand {
  return {
    name: 'frames',
    records: ['frame', 'message'],
    table: async (options, write) =>
      new (await import('../render/frames-table.ts')).FramesTable(
        { ...options, hex: argv['hex'] === true },
        write,
      ),
  }
}

/** Runs the command and answers with the exit status. */
export function frames(argv: Readonly<Record<string, unknown>>, streams: Streams): Promise<number> {
  return runCaptureCommand(framesCommand(argv), argv, streams)
}
