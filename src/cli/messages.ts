// framewalk messages: the messages of every connection, fragments joined and inflated.
import { type CaptureCommand, runCaptureCommand } from './capture-command.ts'
import type { Streams } from './terminal/streams.ts'

export const MESSAGES: CaptureCommand = {
  name: 'messages',
  records: ['message'],
  table: async (options, write) =>
    new (await import('../render/table/messages.ts')).MessagesTable(options, write),
}

/** Runs the command and returns the exit status. */
export function messages(argv: Readonly<Record<string, unknown>>, streams: Streams): Promise<number> {
  return runCaptureCommand(MESSAGES, argv, streams)
}
