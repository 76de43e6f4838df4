// framewalk frames: the frames of every connection, as tables.
import { type CaptureCommand, runCaptureCommand } from './capture-command.ts'
import type { Streams } from './terminal/streams.ts'

export function framesCommand(argv: Readonly<Record<string, unknown>>): CaptureCommand {
  return {
    name: 'frames',
    records: ['frame', 'message'],
    table: async (options, write) =>
      new (await import('../render/table/frames.ts')).FramesTable(
        { ...options, hex: argv['hex'] === true },
        write,
      ),
  }
}

/** Runs the command and returns the exit status. */
export function frames(argv: Readonly<Record<string, unknown>>, streams: Streams): Promise<number> {
  return runCaptureCommand(framesCommand(argv), argv, streams)
}
