#!/usr/bin/env node
// The command line: chooses the command, catches what it throws, sets the exit status. Commands are loaded when called: start-up
// is short.
import { realpathSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { setFlagsFromString } from 'node:v8'
import { InputError } from '../base/input-error.ts'
import { checkOptions, diffOptions } from './check-options.ts'
import { encodeOptions } from './encode-options.ts'
import { printingOptions, STANDARD_INPUT } from './options.ts'
import { lessonOptions, reportOptions } from './page-options.ts'
import { complain } from './terminal/complaint.ts'
import { outputTo } from './terminal/output.ts'
import { ExitStatus, type Streams } from './terminal/streams.ts'
import { walkOptions } from './walk-options.ts'

type Arguments = Readonly<Record<string, unknown>>
type Command = (argv: Arguments, streams: Streams) => Promise<number>

/** Runs one command line and returns its exit status. Never throws: what ends it early is one line on standard error. */
export async function main(words: readonly string[], streams: Streams): Promise<number> {
  // The exit status says it too, if nobody hears the line.
  streams.stderr.on('error', () => {})
  try {
    return await runCommand(words, streams)
  } catch (error) {
    complain(error, streams)
    return ExitStatus.usage
  }
}

async function runCommand(words: readonly string[], streams: Streams): Promise<number> {
  // Here, where a fault of it is caught: it asks for the current folder, which may be gone.
  const { default: yargs } = await import('yargs')
  let status: number = ExitStatus.done
  const run = (load: () => Promise<Command>) => async (argv: Arguments) => {
    status = await (await load())(argv, streams)
  }
  const cli = yargs()
    .scriptName('framewalk')
    .usage('Walks through the WebSocket frames in a packet capture, offline, down to the bit.')
    .parserConfiguration({ 'camel-case-expansion': false })
    .command(
      ['frames [captures..]', '$0'],
      'frames of every connection',
      (y) => printingOptions(y).option('hex', { type: 'boolean', describe: "add each frame's bytes" }),
      run(async () => (await import('./frames.ts')).frames),
    )
    .command(
      'connections [captures..]',
      'one row a connection',
      printingOptions,
      run(async () => (await import('./connections.ts')).connections),
    )
    .command(
      'messages [captures..]',
      'messages: fragments joined, inflated',
      printingOptions,
      run(async () => (await import('./messages.ts')).messages),
    )
    .command(
      'walk [captures..]',
      'one frame, bit by bit: of a capture, or of bytes in any form that people paste',
      walkOptions,
      run(async () => (await import('./walk.ts')).walkFrames),
    )
    .command(
      'check [captures..]',
      'compare captures with the golden files beside them',
      checkOptions,
      run(async () => (await import('./check.ts')).check),
    )
    .command(
      'diff [captures..]',
      'what differs between two captures or golden files',
      diffOptions,
      run(async () => (await import('./diff.ts')).diff),
    )
    .command(
      'encode [script]',
      'a capture from a script, or a single frame from --text, --binary, --ping or --close',
      encodeOptions,
      run(async () => (await import('./encode.ts')).encode),
    )
    .command(
      'report [captures..]',
      'a page to look at, in one file',
      reportOptions,
      run(async () => (await import('./report.ts')).report),
    )
    .command(
      'lesson [captures..]',
      'a page to teach with: a laboratory and chapters, with exercises',
      lessonOptions,
      run(async () => (await import('./lesson.ts')).lesson),
    )
    .strict()
    .wrap(Math.min(100, streams.stdout.columns ?? 100))
    .version(createRequire(import.meta.url)('../../package.json').version)
    .exitProcess(false)
    .fail((message, error) => {
      // A fault that yargs finds has no error, or a YError. Some messages have several lines.
      if (error instanceof Error && error.name !== 'YError') throw error
      const fault = String(message ?? error?.message).replaceAll(/\s+/g, ' ')
      throw new InputError(`${fault}; framewalk --help lists what there is`)
    })
  let help = ''
  // yargs drops a lone `-`.
  await cli.parseAsync(
    words.map((word) => (word === '-' ? STANDARD_INPUT : word)),
    {},
    (_error, _argv, printed) => {
      help = printed
    },
  )
  if (help !== '') {
    const output = outputTo(streams.stdout)
    output.write(`${help}\n`)
    await output.drained()
  }
  return status
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  // By default V8 collects garbage when the heap is four times as large as what is in use: more memory than the limits promise.
  setFlagsFromString('--heap-growing-percent=60')
  // Whatever happens: 1 would say that a comparison found differences.
  process.exitCode = ExitStatus.usage
  process.on('uncaughtException', (error) => {
    complain(error, process)
    process.exit(ExitStatus.usage)
  })
  process.exitCode = await main(process.argv.slice(2), process)
}
