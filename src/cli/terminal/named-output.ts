// Where -o leads: standard output, a device or a pipe, or a file, which gets its name when it is whole. It never overwrites an
// input of the command.
import { constants, createWriteStream, openSync } from 'node:fs'
import { Socket } from 'node:net'
import type { Writable } from 'node:stream'
import { InputError } from '../../base/input-error.ts'
import { descriptorOf, identitiesOf } from '../../platform/node/file-identity.ts'
import { writingFault } from '../../platform/node/machine-faults.ts'
import { OutputFile, outputTarget } from '../../platform/node/output-file.ts'
import { STANDARD_INPUT } from '../options.ts'
import { type Output, outputTo, refuseStandardOutput } from './output.ts'
import type { Streams } from './streams.ts'

const ELSEWHERE = 'name another file with -o'
const STANDARD_OUTPUT = 1

/** An output that ends by `finish` or by `giveUp`. */
export interface NamedOutput extends Output {
  /**
   * Begins to write, unless that was done: to be called after the first input could be read. Throws InputError if the machine
   * refuses.
   */
  open(): void
  /** All is written. Throws InputError if the machine refuses it. */
  finish(): Promise<void>
  /** It will never be whole. */
  giveUp(): void
}

/**
 * The output that `-o` names; nothing is written yet. `inputs`: names of what the command reads, `-` for standard input. `what`:
 * said of it if it would go to a terminal. Throws InputError if the output is a terminal, a folder or one of the inputs.
 */
export function namedOutput(
  argv: Readonly<Record<string, unknown>>,
  inputs: readonly string[],
  what: string,
  { stdout }: Streams,
): NamedOutput {
  const name = outputName(argv)
  const identities = identitiesOf(inputs)
  const descriptor = name === '-' ? STANDARD_OUTPUT : descriptorOf(name)
  if (descriptor === STANDARD_OUTPUT) {
    if (stdout.isTTY === true)
      throw new InputError(`${what}, and standard output is a terminal; name a file with -o`)
    refuseStandardOutput(identities)
    return streamOutput(outputTo(stdout))
  }
  const rules = { inputs: identities, elsewhere: ELSEWHERE }
  const { existing } = outputTarget(name, rules)
  // A device, a pipe, and what the process has open already keep their names.
  if (descriptor === undefined && existing?.isFile() !== false) return fileOutput(new OutputFile(name, rules))
  if (existing === undefined) throw writingFault(name, { code: 'EBADF' }, ELSEWHERE)
  return deviceOutput(name, descriptor, existing.isFIFO())
}

/** True if `-o` names something else than standard output. */
export function isElsewhere(argv: Readonly<Record<string, unknown>>): boolean {
  return outputName(argv) !== '-'
}

function outputName({ output = '-' }: Readonly<Record<string, unknown>>): string {
  if (Array.isArray(output)) throw new InputError('-o was given twice; give it once')
  if (output === '') throw new InputError('-o names no file; name one, or - for standard output')
  return output === STANDARD_INPUT ? '-' : (output as string)
}

function fileOutput(file: OutputFile): NamedOutput {
  let failure: unknown
  return {
    open: () => file.open(),
    write(data, written) {
      if (failure !== undefined) return
      try {
        file.write(data)
        written?.()
      } catch (error) {
        failure = error
      }
    },
    async drained() {
      if (failure !== undefined) throw failure
    },
    closed: false,
    async finish() {
      if (failure !== undefined) throw failure
      file.finish()
    },
    giveUp: () => file.giveUp(),
  }
}

function streamOutput(output: Output): NamedOutput {
  return {
    open() {},
    write: output.write,
    drained: () => output.drained(),
    get closed() {
      return output.closed
    },
    finish: () => output.drained(),
    giveUp() {},
  }
}

/** `descriptor`: of what is open already. `isPipe`: a named pipe. */
function deviceOutput(name: string, descriptor: number | undefined, isPipe: boolean): NamedOutput {
  let opened: { readonly stream: Writable; readonly output: Output } | undefined
  const open = (): NonNullable<typeof opened> => {
    if (opened === undefined) {
      const stream = deviceStream(name, descriptor, isPipe)
      opened = { stream, output: outputTo(stream, name, ELSEWHERE) }
    }
    return opened
  }
  return {
    open() {
      open()
    },
    write: (data, written) => open().output.write(data, written),
    drained: () => open().output.drained(),
    get closed() {
      return opened?.output.closed === true
    },
    async finish() {
      const { stream, output } = open()
      await output.drained()
      if (output.closed) return
      await new Promise<void>((resolve, reject) => {
        stream.end((error?: NodeJS.ErrnoException | null) => {
          if (error == null || error.code === 'EPIPE') resolve()
          else reject(writingFault(name, error, ELSEWHERE))
        })
      })
    },
    giveUp() {
      opened?.stream.destroy()
    },
  }
}

function deviceStream(name: string, descriptor: number | undefined, isPipe: boolean): Writable {
  if (descriptor !== undefined) return createWriteStream('', { fd: descriptor, autoClose: false })
  if (!isPipe) return createWriteStream(name)
  try {
    // Without O_NONBLOCK it would wait for a reader that may never come.
    return new Socket({ fd: openSync(name, constants.O_WRONLY | constants.O_NONBLOCK), readable: false })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENXIO') throw writingFault(name, error, ELSEWHERE)
    throw new InputError(`${name}: nobody reads this pipe; start its reader first, or ${ELSEWHERE}`)
  }
}
