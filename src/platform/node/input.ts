// The inputs: files, standard input, or bytes that the caller has. In: a path or `-`. Out: chunks of bytes as they are read. No
// other file opens an input. What the machine refuses becomes an InputError here.
import { fstatSync, readSync, type Stats } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { setImmediate } from 'node:timers/promises'
import { InputError } from '../../base/input-error.ts'
import { readingFault } from './machine-faults.ts'

const CHUNK_LENGTH = 256 * 1024
/**
 * A file's first chunk is small, so that a thousand files of a ring buffer can wait at once with their first packets in memory.
 */
const FIRST_CHUNK_LENGTH = 16 * 1024
/** Something to read from. */
export interface Input {
  /** As it was given; `-` for standard input. */
  readonly name: string
  /** To be iterated once. A chunk is valid until the next one is asked for. */
  readonly chunks: AsyncIterable<Uint8Array>
  /** In bytes; undefined if it is not known before the end. */
  readonly size: number | undefined
}

/**
 * Opens a file, or standard input for `-`. Throws InputError if it cannot be opened or read: one line with the name and the cure.
 */
export async function openInput(name: string): Promise<Input> {
  return name === '-' ? standardInput() : fileInput(name)
}

/** An input of bytes in memory, which must not change while they are read. Throws TypeError for anything but a Uint8Array. */
export function inputFromBytes(bytes: Uint8Array, name = 'bytes'): Input {
  checkBytes(bytes, name)
  return { name, chunks: slicesOf(bytes), size: bytes.length }
}

/**
 * An input of chunks as they come, for example from a stream. Its iteration throws TypeError for a chunk that is not a
 * Uint8Array.
 */
export function inputFromChunks(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  name = 'stream',
): Input {
  return { name, chunks: checkedChunks(chunks, name), size: undefined }
}

/** Opens several inputs. Throws what `openInput` throws, and then closes all of them. */
export async function openInputs(names: readonly string[]): Promise<Input[]> {
  const attempts = await Promise.allSettled(names.map(openInput))
  const inputs = attempts.flatMap((attempt) => (attempt.status === 'fulfilled' ? [attempt.value] : []))
  const failed = attempts.find(({ status }) => status === 'rejected') as PromiseRejectedResult | undefined
  if (failed === undefined) return inputs
  await closeInputs(inputs)
  throw failed.reason
}

/** Closes inputs that will not be read. */
export async function closeInputs(inputs: readonly Input[]): Promise<void> {
  for (const { chunks } of inputs) await chunks[Symbol.asyncIterator]().return?.()
}

async function fileInput(name: string): Promise<Input> {
  try {
    const file = await open(name)
    const status = await file.stat()
    if (status.isDirectory()) {
      await file.close()
      throw readingFault(name, { code: 'EISDIR' })
    }
    const isFile = status.isFile()
    return { name, chunks: new FileChunks(file, name, isFile), size: isFile ? status.size : undefined }
  } catch (error) {
    throw explained(error, name)
  }
}

/**
 * The chunks of an open file, all in the same memory. Closes the file at its end, on an error, and when the reader stops early.
 */
class FileChunks implements AsyncIterableIterator<Uint8Array> {
  readonly #file: FileHandle
  readonly #name: string
  readonly #isRegular: boolean
  #memory = new Uint8Array(FIRST_CHUNK_LENGTH)
  #isFirst = true

  /** `isRegular`: a file on a disk. A read from anything else, such as a pipe, may take for ever. */
  constructor(file: FileHandle, name: string, isRegular: boolean) {
    this.#file = file
    this.#name = name
    this.#isRegular = isRegular
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  async next(): Promise<IteratorResult<Uint8Array>> {
    if (!this.#isFirst && this.#memory.length < CHUNK_LENGTH) this.#memory = new Uint8Array(CHUNK_LENGTH)
    this.#isFirst = false
    try {
      const length = await this.#read()
      if (length > 0) return { done: false, value: this.#memory.subarray(0, length) }
    } catch (error) {
      await this.return()
      throw explained(error, this.#name)
    }
    return this.return()
  }

  async return(): Promise<IteratorReturnResult<undefined>> {
    await this.#file.close()
    return { done: true, value: undefined }
  }

  /**
   * Reads synchronously from a disk: a read through Node's thread pool costs more than decoding what it brings (550 MB in 1.2 s
   * instead of 0.8). Before each such read, everything else in the process gets its turn.
   */
  async #read(): Promise<number> {
    const memory = this.#memory
    if (!this.#isRegular) return (await this.#file.read(memory, 0, memory.length)).bytesRead
    await setImmediate()
    return readSync(this.#file.fd, memory, 0, memory.length, null)
  }
}

function standardInput(): Input {
  if (process.stdin.isTTY) {
    throw new InputError(
      'standard input: is a terminal; pipe a capture into it, as in: tcpdump -U -w - | framewalk -',
    )
  }
  const status = standardInputStatus()
  if (status?.isDirectory()) throw readingFault('standard input', { code: 'EISDIR' })
  return { name: '-', chunks: standardInputChunks(), size: status?.isFile() ? status.size : undefined }
}

/** What standard input is; undefined on systems that do not tell. */
function standardInputStatus(): Stats | undefined {
  try {
    return fstatSync(process.stdin.fd)
  } catch {
    return undefined
  }
}

async function* standardInputChunks(): AsyncGenerator<Uint8Array> {
  try {
    yield* process.stdin
  } catch (error) {
    throw explained(error, 'standard input')
  }
}

async function* slicesOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += CHUNK_LENGTH) yield bytes.subarray(at, at + CHUNK_LENGTH)
}

async function* checkedChunks(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  name: string,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    checkBytes(chunk, name)
    yield chunk
  }
}

function checkBytes(bytes: unknown, name: string): void {
  if (!(bytes instanceof Uint8Array))
    throw new TypeError(`${name}: expected a Uint8Array, got ${typeof bytes}`)
}

function explained(error: unknown, name: string): unknown {
  if (!(error instanceof Error) || error instanceof InputError || !('code' in error)) return error
  return readingFault(name, error)
}
