// framewalk connections: one row a connection.
import { type CaptureCommand, runCaptureCommand } from './capture-command.ts'
import type { Streams } from './terminal/streams.ts'

export const CONNECTIONS: CaptureCommand = {
  name: 'connections',
  records: [],
  table: async (options, write) =>
    new (await import('../render/table/connections.ts')).ConnectionsTable(options, write),
}

/** Runs the command and returns the exit status. */
export function connections(argv: Readonly<Record<string, unknown>>, streams: Streams): Promise<number> {
  return runCaptureCommand(CONNECTIONS, argv, streams)
}
