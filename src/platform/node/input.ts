// The inputs: files, standard input, or bytes that the caller has. In: a path or `-`. Out: chunks of bytes as they are read. No
// other file opens an input. What the machine refuses becomes an InputError here.
import { closeSync, fstatSync, openSync, readSync, type Stats, statSync } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { setImmediate } from 'node:timers/promises'
import { NO_BYTES } from '../../base/bytes.ts'
import { InputError } from '../../base/input-error.ts'
import { PayloadMemory } from '../../base/payload-memory.ts'
import { readingFault } from './machine-faults.ts'

const CHUNK_LENGTH = 256 * 1024
/** A file's first chunk is small: of a thousand files of a ring buffer, it is all that is needed until their turn comes. */
const FIRST_CHUNK_LENGTH = 16 * 1024
/** Files beyond these are opened for each chunk, so that any number can be read in turns: a process may often open 1024 or 256. */
const MOST_KEPT_OPEN = 64

/** Something to read from. */
export interface Input {
  /** As it was given; `-` for standard input. */
  readonly name: string
  /** To be iterated once. A chunk is valid until the next one is asked for. */
  readonly chunks: AsyncIterable<Uint8Array>
  /**
   * The bytes from a position on, in chunks of at most `chunkLength`; may be iterated any number of times. Absent if the input
   * cannot be read again. A chunk is valid until the next one is asked for.
   */
  readonly chunksFrom?: ((position: number, chunkLength: number) => AsyncIterable<Uint8Array>) | undefined
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
  const chunksFrom = (position: number, chunkLength: number) => slicesOf(bytes, position, chunkLength)
  return { name, chunks: chunksFrom(0, CHUNK_LENGTH), chunksFrom, size: bytes.length }
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
    const status = statSync(name)
    if (status.isDirectory()) throw readingFault(name, { code: 'EISDIR' })
    if (!status.isFile()) return { name, chunks: new HandleChunks(await open(name), name), size: undefined }
    // Only to see whether it can be: it is opened when it is read.
    closeSync(openSync(name, 'r'))
    const chunksFrom = (position: number, chunkLength: number) =>
      new FileChunks(name, position, chunkLength, chunkLength)
    const chunks = new FileChunks(name, 0, CHUNK_LENGTH, FIRST_CHUNK_LENGTH)
    return { name, chunks, chunksFrom, size: status.size }
  } catch (error) {
    throw explained(error, name)
  }
}

/** How many files are kept open. */
let keptOpen = 0
/** Memory for the chunks of files, used again: a thousand files that are opened in turns leave the garbage collector behind. */
const memory = new PayloadMemory()

/**
 * The chunks of a file on a disk, all in the same memory. Opens the file when it is first read, and closes it at its end, on an
 * error, and when the reader stops early.
 */
class FileChunks implements AsyncIterableIterator<Uint8Array> {
  readonly #name: string
  readonly #length: number
  readonly #firstLength: number
  #memory = NO_BYTES
  #position: number
  #file: number | undefined
  #isOver = false

  /** `length`: of a chunk; `firstLength`: of the first one. */
  constructor(name: string, position: number, length: number, firstLength: number) {
    this.#name = name
    this.#position = position
    this.#length = length
    this.#firstLength = firstLength
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  /**
   * Reads synchronously: a read through Node's thread pool costs more than decoding what it brings (550 MB in 1.2 s instead of
   * 0.8). Before each read, everything else in the process gets its turn.
   */
  async next(): Promise<IteratorResult<Uint8Array>> {
    const length = this.#memory.length === 0 ? this.#firstLength : this.#length
    if (this.#memory.length < length) this.#changeMemory(memory.take(length))
    await setImmediate()
    if (this.#isOver) return this.return()
    try {
      const bytesRead = this.#read(length)
      if (bytesRead > 0) return { done: false, value: this.#memory.subarray(0, bytesRead) }
    } catch (error) {
      await this.return()
      throw explained(error, this.#name)
    }
    return this.return()
  }

  async return(): Promise<IteratorReturnResult<undefined>> {
    this.#isOver = true
    this.#changeMemory(NO_BYTES)
    if (this.#file !== undefined) {
      keptOpen--
      closeSync(this.#file)
      this.#file = undefined
    }
    return { done: true, value: undefined }
  }

  #read(length: number): number {
    const file = this.#file ?? openSync(this.#name, 'r')
    try {
      const bytesRead = readSync(file, this.#memory, 0, length, this.#position)
      this.#position += bytesRead
      return bytesRead
    } finally {
      this.#keepOrClose(file)
    }
  }

  #changeMemory(to: Uint8Array): void {
    memory.giveBack(this.#memory)
    this.#memory = to
  }

  #keepOrClose(file: number): void {
    if (this.#file !== undefined) return
    if (keptOpen >= MOST_KEPT_OPEN) closeSync(file)
    else {
      keptOpen++
      this.#file = file
    }
  }
}

/**
 * The chunks of a pipe or a device, all in the same memory. A read may take for ever. Closes it at its end, on an error, and when
 * the reader stops early.
 */
class HandleChunks implements AsyncIterableIterator<Uint8Array> {
  readonly #file: FileHandle
  readonly #name: string
  readonly #memory = new Uint8Array(CHUNK_LENGTH)

  constructor(file: FileHandle, name: string) {
    this.#file = file
    this.#name = name
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  async next(): Promise<IteratorResult<Uint8Array>> {
    try {
      const { bytesRead } = await this.#file.read(this.#memory, 0, this.#memory.length)
      if (bytesRead > 0) return { done: false, value: this.#memory.subarray(0, bytesRead) }
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

async function* slicesOf(bytes: Uint8Array, from: number, length: number): AsyncGenerator<Uint8Array> {
  for (let at = from; at < bytes.length; at += length) yield bytes.subarray(at, at + length)
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
