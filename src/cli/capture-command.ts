// What frames, connections and messages have in common: they read captures, and print what the filters let through as it comes.
import type { AnalysisEvent } from '../base/events.ts'
import { limitsWith } from '../base/limits.ts'
import type { Renderer, TableOptions, Write } from '../render/renderer.ts'
import { type CaptureArguments, captureArguments } from './options.ts'
import { openCaptures, readCaptures, statusOf } from './reading.ts'
import { selects } from './select.ts'
import { outputTo } from './terminal/output.ts'
import { colorOf, type Streams, widthOf } from './terminal/streams.ts'
import { readTlsSecrets, type TlsSecrets } from './tls-secrets.ts'

/** How one command differs from another. */
export interface CaptureCommand {
  readonly name: 'frames' | 'connections' | 'messages'
  /** Which records its NDJSON has, in addition to those that every command prints. */
  readonly records: readonly ('frame' | 'message')[]
  readonly table: (options: TableOptions, write: Write) => Promise<Renderer>
}

/** Runs the command and returns the exit status. Throws InputError for a fault that the user can mend. */
export async function runCaptureCommand(
  command: CaptureCommand,
  argv: Readonly<Record<string, unknown>>,
  streams: Streams,
): Promise<number> {
  const args = captureArguments(argv)
  const secrets = await readTlsSecrets(argv, streams)
  if (args.jobs === undefined) return printCaptures(command, args, secrets, streams)
  const { runJobs } = await import('./jobs.ts')
  return runJobs({ command: command.name, argv, args, secrets }, args.jobs, streams)
}

/** Prints the captures, as one, and returns the exit status. Throws as above, and after all is printed if no packet could be read. */
export async function printCaptures(
  command: CaptureCommand,
  args: CaptureArguments,
  secrets: TlsSecrets,
  streams: Streams,
): Promise<number> {
  const inputs = await openCaptures(args.captures)
  const output = outputTo(streams.stdout)
  const limits = limitsWith(args.reading.limits)
  const ndjson = args.format === 'ndjson'
  const renderer = ndjson
    ? new (await import('../render/ndjson.ts')).NdjsonRenderer(output.write, limits.findings)
    : await command.table(
        {
          width: widthOf(streams),
          color: colorOf(streams, args.color),
          findingsPerCode: limits.findings,
          all: args.all,
        },
        output.write,
      )
  const printsFrames = !ndjson || command.records.includes('frame')
  const printsMessages = !ndjson || command.records.includes('message')
  // Apart from the loop that awaits: what is in that one the engine leaves half compiled.
  const print = (batch: readonly AnalysisEvent[]): void => {
    for (const event of batch) {
      if (event.type === 'frame' ? !printsFrames : event.type === 'message' && !printsMessages) continue
      if (selects(args.selection, event)) renderer.event(event)
    }
  }
  const options = { ...args.reading, secrets }
  const read = await readCaptures(inputs, options, streams.stdout, {
    take(batch) {
      print(batch)
      renderer.flush()
      return output.drained()
    },
    get isDone() {
      return output.closed
    },
  })
  if (output.closed) return read.status
  renderer.end()
  await output.drained()
  return statusOf(read)
}
