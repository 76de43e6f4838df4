// The options that commands share, and what they mean.
import type { Argv } from 'yargs'
import { OPCODE_NAMES, type Side } from '../events.ts'
import { LIMITS, type LimitName, type Limits } from '../limits.ts'
import type { Selection } from './select.ts'

/** How the command line spells a limit: `messageSize` is `--limit-message-size`. */
export function limitOption(name: LimitName): string {
  return `limit-${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
}

const LIMIT_NAMES = Object.keys(LIMITS) as LimitName[]

/** Options of every command that reads captures. */
export function captureOptions(yargs: Argv) {
  let argv = yargs
    .option('format', {
      choices: ['table', 'ndjson'] as const,
      default: 'table' as const,
      describe: 'tables to read, or one JSON record a line',
    })
    .option('connection', { type: 'number', array: true, describe: 'only these connections' })
    .option('from', { choices: ['client', 'server'] as const, describe: 'only what this side sent' })
    .option('opcode', {
      type: 'string',
      array: true,
      choices: OPCODE_NAMES,
      describe: 'only frames and messages of these opcodes',
    })
    .option('frame', { type: 'number', array: true, describe: 'only these frames of each connection' })
    .option('decode-as', {
      type: 'number',
      array: true,
      describe: 'TCP port that speaks WebSocket, though no handshake was seen',
    })
    .option('color', { type: 'boolean', describe: 'colours (default: on a terminal)' })
  for (const name of LIMIT_NAMES) {
    argv = argv.option(limitOption(name), {
      type: 'number',
      group: 'Limits:',
      describe: `${LIMITS[name].holds} (default ${LIMITS[name].value})`,
    }) as typeof argv
  }
  return argv
}

/** What yargs makes of `captureOptions`. */
export interface CaptureArguments {
  readonly format: 'table' | 'ndjson'
  readonly connection?: number[] | undefined
  readonly from?: Side | undefined
  readonly opcode?: readonly string[] | undefined
  readonly frame?: number[] | undefined
  readonly 'decode-as'?: number[] | undefined
  readonly color?: boolean | undefined
  readonly [name: string]: unknown
}

/** The limits that were given. Throws RangeError where one is no whole number of at least 1. */
export function limitsFrom(argv: CaptureArguments): Partial<Limits> {
  const limits: Partial<Record<LimitName, number>> = {}
  for (const name of LIMIT_NAMES) {
    const value = argv[limitOption(name)]
    if (value === undefined) continue
    if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 1) {
      throw new RangeError(`--${limitOption(name)} takes one whole number of at least 1`)
    }
    limits[name] = value
  }
  return limits
}

/** The filters that were given. Throws RangeError where a number is none. */
export function selectionFrom(argv: CaptureArguments): Selection {
  return {
    connections: numbers('--connection', argv.connection),
    from: argv.from,
    opcodes: argv.opcode === undefined ? undefined : new Set(argv.opcode),
    frames: numbers('--frame', argv.frame),
  }
}

/** The ports of `--decode-as`. Throws RangeError where one is no TCP port. */
export function portsFrom(argv: CaptureArguments): number[] {
  const ports = argv['decode-as'] ?? []
  for (const port of ports) {
    if (!Number.isInteger(port) || port < 1 || port > 65535) throw new RangeError('--decode-as takes a TCP port, 1 to 65535')
  }
  return ports
}

function numbers(option: string, values: number[] | undefined): Set<number> | undefined {
  if (values === undefined) return undefined
  if (values.length === 0 || values.some((value) => !Number.isSafeInteger(value) || value < 1)) {
    throw new RangeError(`${option} takes whole numbers from 1 on`)
  }
  return new Set(values)
}
