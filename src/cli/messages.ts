// framewalk messages: the messages: fragments joined, inflated.
import { runCaptureCommand } from './capture-command.ts'
import type { Streams } from './streams.ts'

/** Runs the command and answers with the exit status. */
export function messages(argv: Readonly<Record<string, unknown>>, streams: Streams): Promise<number> {
  return runCaptureCommand(
    {
      records: ['message'],
      table: async (options, write) =>
        new (await import('../render/messages-table.ts')).MessagesTable(options, write),
    },
    argv,
    streams,
  )
}
