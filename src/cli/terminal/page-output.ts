// Where a page goes: standard output, or a file, which gets its name when it is whole. It never overwrites an input of the
// command.
import { once } from 'node:events'
import { createWriteStream, rmSync } from 'node:fs'
import { realpath, rename, rm, stat } from 'node:fs/promises'
import { InputError } from '../../base/input-error.ts'
import { STANDARD_INPUT } from '../options.ts'
import { beforeInterrupt } from './interrupt.ts'
import { type Output, outputTo } from './output.ts'
import type { Streams } from './streams.ts'

/** An output that ends by `finish` or by `giveUp`. */
export interface PageOutput extends Output {
  /** The page is whole. Throws InputError if the machine refuses it. */
  finish(): Promise<void>
  /** The page will never be whole. */
  giveUp(): Promise<void>
}

/**
 * The output that `-o` names. `inputs`: names of the files that are read. Names that are not files are ignored. Throws InputError
 * if the output is one of them, a folder or a terminal, or cannot be written.
 */
export async function openPageOutput(
  argv: Readonly<Record<string, unknown>>,
  inputs: readonly string[],
  { stdout }: Streams,
): Promise<PageOutput> {
  const name = argv['output'] as string | undefined
  if (name === undefined || name === STANDARD_INPUT) {
    if (stdout.isTTY === true)
      throw new InputError(
        'a page is to be opened in a browser, and standard output is a terminal; name a file with -o',
      )
    const output = outputTo(stdout)
    return { ...outputOf(output), finish: () => output.drained(), giveUp: async () => {} }
  }
  const path = await realpath(name).catch(() => name)
  const existing = await identityOf(path)
  if (existing?.isFolder) throw new InputError(`${name}: is a directory; name a file with -o`)
  for (const input of inputs.filter((input) => input !== '' && input !== '-')) {
    if (existing !== undefined && (await identityOf(input))?.id === existing.id)
      throw new InputError(`${name}: would overwrite the input; name another file with -o`)
  }
  // A device or a pipe keeps its name.
  const isFile = existing === undefined || existing.isFile
  return fileOutput(name, path, isFile ? `${path}.part` : path)
}

function fileOutput(name: string, path: string, written: string): PageOutput {
  const stream = createWriteStream(written)
  const output = outputTo(stream)
  const undo = beforeInterrupt(() => {
    if (written !== path) rmSync(written, { force: true })
  })
  const refused = (error: unknown): never => {
    throw new InputError(
      `${name}: cannot be written (${(error as Error).message}); name another file with -o`,
      { cause: error },
    )
  }
  return {
    ...outputOf(output),
    drained: () => output.drained().catch(refused),
    async finish() {
      await output.drained().catch(refused)
      await new Promise<void>((resolve, reject) => {
        stream.end((error?: Error | null) => (error ? reject(error) : resolve()))
      }).catch(refused)
      if (written !== path) await rename(written, path).catch(refused)
      undo()
    },
    async giveUp() {
      stream.destroy()
      if (!stream.closed) await once(stream, 'close')
      if (written !== path) await rm(written, { force: true })
      undo()
    },
  }
}

function outputOf(output: Output): Output {
  return {
    write: output.write,
    drained: () => output.drained(),
    get closed() {
      return output.closed
    },
  }
}

/** Which file of the machine it is. Undefined if there is none. */
async function identityOf(path: string) {
  const status = await stat(path, { bigint: true }).catch(() => undefined)
  if (status === undefined) return undefined
  return { id: `${status.dev}:${status.ino}`, isFile: status.isFile(), isFolder: status.isDirectory() }
}
