// What frames, connections and messages have in common: read captures, drop what was filtered, print the rest as it comes.
import { walk } from '../analyze.ts'
import type { WalkEvent } from '../events.ts'
import { InputError } from '../input-error.ts'
import { openInput } from '../input.ts'
import { limitsWith } from '../limits.ts'
import { NdjsonRenderer } from '../render/ndjson.ts'
import type { Renderer } from '../render/renderer.ts'
import { type CaptureArguments, captureArguments } from './options.ts'
import { outputTo } from './output.ts'
import { withProgress } from './progress.ts'
import { selects } from './select.ts'
import { colorOf, ExitStatus, type Streams, widthOf } from './streams.ts'

/** How a table is to look. */
export interface TableLook {
  /** Columns of the terminal. */
  readonly width: number
  readonly color: boolean
  /** Findings of one code that are printed. */
  readonly findingsPerCode: number
}

/** One of the three commands. */
export interface CaptureCommand {
  /** Event types that its NDJSON has besides those of every command. */
  readonly records: ReadonlySet<WalkEvent['type']>
  table(look: TableLook, argv: Readonly<Record<string, unknown>>, write: (text: string) => void): Renderer
}

const EVERYWHERE: ReadonlySet<WalkEvent['type']> = new Set(['capture', 'connection', 'finding', 'closed', 'summary'])

/** Runs the command and answers with the exit status. Throws InputError and RangeError for what the user can mend. */
export async function runCaptureCommand(
  command: CaptureCommand,
  argv: Readonly<Record<string, unknown>>,
  streams: Streams,
): Promise<number> {
  const args = captureArguments(argv)
  const { inputs, stop } = withProgress(await openInputs(args), streams)
  const output = outputTo(streams.stdout)
  const limits = limitsWith(args.limits)
  const look = {
    width: widthOf(streams),
    color: colorOf(streams, args.color),
    findingsPerCode: limits.findings,
  }
  const ndjson = args.format === 'ndjson'
  const renderer = ndjson ? new NdjsonRenderer(output.write) : command.table(look, argv, output.write)
  let damaged = false
  try {
    for await (const batch of walk(inputs, { limits, decodeAs: args.decodeAs })) {
      for (const event of batch) {
        if (event.type === 'summary') damaged = (event.findings['truncated-capture'] ?? 0) > 0
        if (ndjson && !EVERYWHERE.has(event.type) && !command.records.has(event.type)) continue
        if (selects(args.selection, event)) renderer.event(event)
      }
      renderer.flush()
      await output.drained()
      if (output.closed) return ExitStatus.done
    }
    renderer.end()
    await output.drained()
  } finally {
    stop()
  }
  return damaged ? ExitStatus.damaged : ExitStatus.done
}

async function openInputs({ captures }: CaptureArguments) {
  if (captures.length === 0) throw new InputError('no capture was named; give one or more files, or - for standard input')
  if (captures.filter((name) => name === '-').length > 1) throw new InputError('-: standard input can be read once only')
  return Promise.all(captures.map(openInput))
}
