// framewalk encode: makes a capture of a script, or frames of a single message, as hex and as a walkthrough.
import { concat, toHex } from '../base/bytes.ts'
import { InputError } from '../base/input-error.ts'
import { eventsOfFrames } from '../conversation/frame-bytes.ts'
import { type CaptureFormat, stepFrames, writeCapture } from '../encode/capture.ts'
import { ScriptError } from '../encode/script-error.ts'
import { captureFromText, LONGEST_SCRIPT } from '../encode/script-text.ts'
import type { SendingStep } from '../encode/step-frames.ts'
import { openInput } from '../platform/node/input.ts'
import { nodePlatform } from '../platform/node/platform.ts'
import { walkthrough } from '../render/walkthrough/walkthrough.ts'
import { languageOf } from './language-option.ts'
import { STANDARD_INPUT } from './options.ts'
import { type NamedOutput, namedOutput } from './terminal/named-output.ts'
import { type Output, outputTo } from './terminal/output.ts'
import { colorOf, ExitStatus, type Streams, widthOf } from './terminal/streams.ts'
import { rowsOf } from './walk-options.ts'
import { WalkSubjects } from './walk-subjects.ts'

type Arguments = Readonly<Record<string, unknown>>

/** What a single message can be. */
const KINDS = ['text', 'binary', 'ping', 'close'] as const

/** Further options of a single message. */
const OF_A_FRAME = ['reason', 'mask', 'fragment', 'compress', 'rows'] as const

/** Runs the command and returns the exit status. Throws InputError for a fault that the user can mend. */
export async function encode(argv: Arguments, streams: Streams): Promise<number> {
  const script = named(argv['script'])
  const kinds = KINDS.filter((kind) => argv[kind] !== undefined)
  checkGivenOnce(argv)
  const ofFrame = [...kinds, ...OF_A_FRAME].find((name) => argv[name] !== undefined)
  if (script !== undefined && ofFrame !== undefined)
    throw new InputError(`--${ofFrame} is for a single frame, without a script; give one or the other`)
  if (kinds.length > 1) throw new InputError(`--${kinds[0]} and --${kinds[1]}: give one of them`)

  if (script !== undefined) {
    const output = captureOutput(argv, [script], streams)
    await deliver(captureFromText(await textOf(script), script, formatOf(argv)), output)
  } else if (kinds[0] === undefined) {
    throw new InputError('nothing to encode; give a script, or --text, --binary, --ping or --close')
  } else {
    const step = stepOf(argv, kinds[0])
    const frames = withOptionNames(() => stepFrames(step))
    if (argv['output'] === undefined) {
      if (argv['format'] !== undefined)
        throw new InputError('--format is of a capture; name its file with -o')
      const output = outputTo(streams.stdout)
      show(frames, argv, output, streams)
      await output.drained()
    } else {
      if (argv['rows'] !== undefined)
        throw new InputError('--rows is of the walkthrough, which -o leaves out')
      const handshake = { deflate: argv['compress'] === true }
      const connections = [{ handshake, steps: [step] }]
      const output = captureOutput(argv, [], streams)
      await deliver(writeCapture({ connections }, formatOf(argv)), output)
    }
  }
  return ExitStatus.done
}

async function textOf(name: string): Promise<string> {
  const { chunks } = await openInput(name)
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let text = ''
  try {
    for await (const chunk of chunks) {
      text += decoder.decode(chunk, { stream: true })
      if (text.length > LONGEST_SCRIPT)
        throw new InputError(
          `${name}: has more than ${LONGEST_SCRIPT} bytes; make several captures of several scripts`,
        )
    }
    return text + decoder.decode()
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    throw new InputError(`${name}: is not UTF-8 text; give a script as JSON`, { cause: error })
  }
}

function formatOf(argv: Arguments): CaptureFormat {
  const { format, output } = argv
  if (format !== undefined) return format as CaptureFormat
  return typeof output === 'string' && /\.pcapng$/i.test(output) ? 'pcapng' : 'pcap'
}

function captureOutput(argv: Arguments, inputs: readonly string[], streams: Streams): NamedOutput {
  return namedOutput(argv, inputs, 'a capture is bytes', streams)
}

async function deliver(capture: Uint8Array, output: NamedOutput): Promise<void> {
  try {
    output.write(capture)
    await output.finish()
  } catch (error) {
    output.giveUp()
    throw error
  }
}

/** yargs makes a list of an option that is given twice. */
function checkGivenOnce(argv: Arguments): void {
  const twice = Object.entries(argv).find(([name, value]) => name !== '_' && Array.isArray(value))
  if (twice !== undefined)
    throw new InputError(`${twice[0].length === 1 ? '-' : '--'}${twice[0]} was given twice; give it once`)
}

function stepOf(argv: Arguments, kind: (typeof KINDS)[number]): SendingStep {
  const { mask, fragment: fragments, compress, reason, close } = argv
  if (typeof mask === 'string' && !/^([0-9a-f]{8})?$/i.test(mask))
    throw new InputError(
      `--mask: expected 8 hex digits, got ${JSON.stringify(mask)}; leave them out for a key that is drawn`,
    )
  if (typeof close === 'string' && !/^\d{0,5}$/.test(close))
    throw new InputError(`--close: expected a close code such as 1000, got ${JSON.stringify(close)}`)
  const from = mask === false ? ('server' as const) : ('client' as const)
  const form = { from, mask: mask === undefined || mask === '' ? true : (mask as string | false) }
  const isMessage = kind === 'text' || kind === 'binary'
  if (!isMessage && (fragments !== undefined || compress !== undefined))
    throw new InputError(
      `--${fragments === undefined ? 'compress' : 'fragment'} is for messages, not --${kind}`,
    )
  if (kind !== 'close' && reason !== undefined)
    throw new InputError('--reason goes with a close code; give --close CODE')
  if (kind === 'close') {
    const code = close === '' ? null : Number(close)
    return { ...form, close: code, ...(reason === undefined ? {} : { reason: String(reason) }) }
  }
  const value = String(argv[kind])
  if (kind === 'ping') return { ...form, ping: value }
  const message = {
    ...form,
    compress: compress === true,
    ...(fragments === undefined ? {} : { fragments: Number(fragments) }),
  }
  return kind === 'text' ? { ...message, text: value } : { ...message, binary: value.replaceAll(/\s/g, '') }
}

/** Names the option instead of the field that is at fault. */
function withOptionNames<T>(make: () => T): T {
  try {
    return make()
  } catch (error) {
    if (!(error instanceof ScriptError)) throw error
    const field = error.path[0] === 'fragments' ? 'fragment' : error.path[0]
    throw new InputError(`--${field}: ${error.fault}`, { cause: error })
  }
}

function show(frames: readonly Uint8Array[], argv: Arguments, output: Output, streams: Streams): void {
  const rows = rowsOf(argv)
  for (const frame of frames) output.write(`${toHex(frame, ' ')}\n`)
  const look = {
    width: widthOf(streams),
    color: colorOf(streams, argv['color'] as boolean | undefined),
    rows,
    language: languageOf(argv),
  }
  const everything = { connections: undefined, from: undefined, opcodes: undefined, frames: undefined }
  const subjects = new WalkSubjects(everything, 'bytes')
  for (const event of eventsOfFrames(concat(frames), nodePlatform)) subjects.event(event)
  for (const subject of subjects.take()) output.write(`\n${walkthrough(subject, look)}`)
}

function named(word: unknown): string | undefined {
  return word === STANDARD_INPUT ? '-' : (word as string | undefined)
}
