// The options that commands share, and what they mean.
import type { Argv } from 'yargs'
import { OPCODE_NAMES } from '../base/events.ts'
import { InputError } from '../base/input-error.ts'
import { LIMITS, type LimitName, type Limits } from '../base/limits.ts'
import { spelled } from '../base/option-check.ts'
import type { Side } from '../base/stream.ts'
import {
  type TunnelPort,
  tunnelPortFault,
  UDP_TUNNEL_NAMES,
  type UdpTunnelName,
} from '../network/udp-tunnels.ts'
import type { Selection } from './select.ts'

const LIMIT_NAMES = Object.keys(LIMITS) as LimitName[]

/** A number or a range, several with commas: `3`, `1,4`, `10-20`. */
const NUMBERS = /^\d+(-\d+)?(,\d+(-\d+)?)*$/

/** Threads cost memory, and machines have fewer processors. */
const MOST_JOBS = 256

/** How many numbers a range on the command line may name. */
const LONGEST_RANGE = 1_000_000

/** Takes the place of `-`, standard input, which yargs would drop. No file name can hold a NUL. */
export const STANDARD_INPUT = '\0-'

/** Options of every command that shows what is in captures. */
export function captureOptions(yargs: Argv) {
  yargs
    .positional('captures', {
      type: 'string',
      array: true,
      describe: 'pcap or pcapng files, compressed with gzip or zstd or not; - for standard input',
    })
    .option('format', {
      choices: ['table', 'ndjson'] as const,
      default: 'table',
      describe: 'tables to read, or one JSON record a line',
    })
    .option('connection', listOption('N', 'only these connections'))
    .option('from', { choices: ['client', 'server'] as const, describe: 'only what this side sent' })
    .option('opcode', listOption('NAME', 'only frames and messages of these opcodes'))
    .option('frame', listOption('N', 'only these frames of each connection'))
    .option('all', {
      type: 'boolean',
      describe: 'in tables, findings that follow from another one too (by default they are counted)',
    })
  return readingOptions(yargs)
}

/** Options of the commands that print captures as they come. */
export function printingOptions(yargs: Argv) {
  return captureOptions(yargs).option('jobs', {
    type: 'number',
    requiresArg: true,
    describe: 'each capture by itself, N at a time; results in the order of the captures',
  })
}

/** Options of how captures are read, and of every output. */
export function readingOptions(yargs: Argv) {
  yargs
    .option(
      'decode-as',
      listOption('PORT', 'TCP ports that speak WebSocket, even if no handshake was captured'),
    )
    .option('tunnel-port', {
      type: 'string',
      requiresArg: true,
      describe: `a UDP port that a tunnel uses beside its own (NAME=PORT): ${UDP_TUNNEL_NAMES.join(', ')}`,
    })
    .option('keylog', {
      type: 'string',
      requiresArg: true,
      describe: 'TLS secrets (FILE), as programs write them to SSLKEYLOGFILE; decrypts wss://',
    })
    .option('rsa-key', {
      type: 'string',
      requiresArg: true,
      describe: "a server's RSA private key (FILE, PEM); decrypts TLS 1.2 without forward secrecy",
    })
    .option('color', { type: 'boolean', describe: 'colours (default: on a terminal); --no-color for none' })
  for (const name of LIMIT_NAMES) {
    yargs.option(limitOption(name), {
      type: 'number',
      requiresArg: true,
      group: 'Limits:',
      describe: `${LIMITS[name].holds} [${LIMITS[name].value}]`,
    })
  }
  return yargs
}

/** What the options say about how captures are read. It can be cloned. */
export interface Reading {
  readonly limits: Partial<Limits>
  readonly decodeAs: readonly number[]
  readonly tunnelPorts: readonly TunnelPort[]
}

/** The arguments of a command that reads captures. */
export interface CaptureArguments {
  readonly captures: string[]
  readonly format: 'table' | 'ndjson'
  readonly selection: Selection
  readonly reading: Reading
  /** Whether tables have the findings that follow from another one. */
  readonly all: boolean
  /** Undefined if it was not given. */
  readonly color: boolean | undefined
  /** How many captures are read at a time, each by itself. Undefined if they are all one. */
  readonly jobs: number | undefined
}

/**
 * Reads what yargs made of the words. A list takes the words that look like its values, and other words are captures (`--frame 1
 * 2 chat.pcap`). If a value makes no sense, throws InputError with the option and what it takes.
 */
export function captureArguments(argv: Readonly<Record<string, unknown>>): CaptureArguments {
  const captures = ((argv['captures'] as string[] | undefined) ?? []).map(captureName)
  const list = (name: string, what: string, belongs: (word: string) => boolean): string[] | undefined => {
    const words = (argv[name] as string[] | undefined)?.map(String)
    if (words === undefined) return undefined
    const own = words.filter(belongs)
    if (own.length === 0) throw new InputError(`--${name}: ${JSON.stringify(words[0] ?? '')} is not ${what}`)
    captures.push(...words.filter((word) => !belongs(word)).map(captureName))
    return own
  }
  const numbers = (name: string): number[] | undefined =>
    list(name, 'a number', (word) => NUMBERS.test(word))?.flatMap((word) =>
      word.split(',').flatMap((range) => expand(name, range)),
    )

  const connections = numbers('connection')
  const frames = numbers('frame')
  const opcodes = list('opcode', 'an opcode name', (word) =>
    word.split(',').every((name) => OPCODE_NAMES.includes(name)),
  )
  const decodeAs = numbers('decode-as') ?? []
  if (decodeAs.some((port) => port > 65535)) throw new InputError('--decode-as takes TCP ports, 1 to 65535')
  return {
    captures,
    format: argv['format'] as 'table' | 'ndjson',
    selection: {
      connections: connections && new Set(connections),
      from: argv['from'] as Side | undefined,
      opcodes: opcodes && new Set(opcodes.flatMap((word) => word.split(','))),
      frames: frames && new Set(frames),
    },
    reading: { limits: limitsFrom(argv), decodeAs, tunnelPorts: tunnelPortsFrom(argv) },
    all: argv['all'] === true,
    color: argv['color'] as boolean | undefined,
    jobs: jobsFrom(argv),
  }
}

function tunnelPortsFrom(argv: Readonly<Record<string, unknown>>): TunnelPort[] {
  const words = ([argv['tunnel-port'] ?? []].flat() as string[]).flatMap((word) => word.split(','))
  const chosen = words.map((word) => {
    const [tunnel = '', port, ...more] = word.split('=')
    if (port === undefined || more.length > 0)
      throw new InputError(`--tunnel-port takes NAME=PORT, as in geneve=6082, not ${spelled(word)}`)
    return { tunnel: tunnel as UdpTunnelName, port: /^\d+$/.test(port) ? Number(port) : port }
  })
  const fault = tunnelPortFault(chosen as TunnelPort[])
  if (fault !== undefined) throw new InputError(`--tunnel-port: ${fault}`)
  return chosen as TunnelPort[]
}

function jobsFrom(argv: Readonly<Record<string, unknown>>): number | undefined {
  const jobs = argv['jobs'] as number | undefined
  if (jobs === undefined) return undefined
  if (!Number.isSafeInteger(jobs) || jobs < 1 || jobs > MOST_JOBS)
    throw new InputError(`--jobs takes one whole number from 1 to ${MOST_JOBS}`)
  return jobs
}

function captureName(word: string): string {
  return word === STANDARD_INPUT ? '-' : word
}

function listOption(placeholder: string, describe: string) {
  return {
    type: 'string',
    array: true,
    requiresArg: true,
    describe: `${describe} (${placeholder}…)`,
  } as const
}

/** How the command line spells a limit: `messageSize` is `--limit-message-size`. */
function limitOption(name: LimitName): string {
  return `limit-${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
}

/** The limits that the options change. Throws RangeError for a value that makes no sense. */
export function limitsFrom(argv: Readonly<Record<string, unknown>>): Partial<Limits> {
  const limits: Partial<Record<LimitName, number>> = {}
  for (const name of LIMIT_NAMES) {
    const value = argv[limitOption(name)]
    if (value === undefined) continue
    if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 1) {
      throw new InputError(`--${limitOption(name)} takes one whole number of at least 1`)
    }
    limits[name] = value
  }
  return limits
}

function expand(name: string, range: string): number[] {
  const [first, last = first] = range.split('-').map(Number)
  if (
    first === undefined ||
    last === undefined ||
    first < 1 ||
    last < first ||
    last - first > LONGEST_RANGE
  ) {
    throw new InputError(`--${name}: ${range} is not a number or range from 1 on`)
  }
  return Array.from({ length: last - first + 1 }, (_, i) => first + i)
}
