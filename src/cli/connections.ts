// framewalk connections: one row a connection.
import { ConnectionsTable } from '../render/connections-table.ts'
import { runCaptureCommand } from './capture-command.ts'
import type { Streams } from './streams.ts'

/** Runs the command and answers with the exit status. */
export function connections(argv: Readonly<Record<string, unknown>>, streams: Streams): Promise<number> {
  return runCaptureCommand(
    { records: [], table: (options, write) => new ConnectionsTable(options, write) },
    argv,
    streams,
  )
}
