// Captures and their golden files on disk: which captures a folder has, where the golden file of each is, and how it is read and
// written. If the machine refuses, an InputError says so.
import { createHash } from 'node:crypto'
import { type Dirent, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { InputError } from '../base/input-error.ts'
import type { Identities } from '../platform/node/file-identity.ts'
import { openInput } from '../platform/node/input.ts'
import { OutputFile } from '../platform/node/output-file.ts'
import type { Allowance } from './allowance.ts'
import type { Golden } from './golden.ts'
import { readGoldenBytes } from './read.ts'
import { goldenPieces } from './write.ts'

/** Names of captures, which a folder is searched for. */
export const CAPTURE_NAME = /\.(pcap|pcapng|cap)(\.(gz|zst|zstd))?$/i

/** Names of golden files. */
export const GOLDEN_NAME = /\.golden\.json$/i

/**
 * The captures at these paths. A folder means the captures in it and in its folders, in the order of their names. Throws
 * InputError for a folder without captures, and for one that cannot be read.
 */
export function capturesIn(paths: readonly string[]): string[] {
  return paths.flatMap((path) => {
    if (!isFolder(path)) return [path]
    const captures = search(path, CAPTURE_NAME)
    if (captures.length === 0)
      throw new InputError(
        `${path}: no captures in it; they are named .pcap or .pcapng, and .gz or .zst after it if they are packed`,
      )
    return captures
  })
}

/** The golden file beside a capture: `chat.golden.json` beside `chat.pcapng` and `chat.pcap.gz`. */
export function goldenPathOf(capture: string): string {
  return `${capture.replace(CAPTURE_NAME, '')}.golden.json`
}

/** What a golden file holds. */
export interface GoldenFile {
  readonly golden: Golden
  /** Of its text. */
  readonly hash: string
}

/**
 * The content of a golden file. Undefined if there is none. `most`: bytes that it may have, and that it may take in memory. Throws
 * InputError if it cannot be read, makes no sense, or holds more.
 */
export async function readGoldenFile(path: string, most: Allowance): Promise<GoldenFile | undefined> {
  const parts: Uint8Array[] = []
  const spendBytes = most.spender(path)
  try {
    for await (const chunk of (await openInput(path)).chunks) {
      spendBytes(chunk.length)
      parts.push(chunk.slice())
    }
  } catch (error) {
    if (error instanceof InputError && (error.cause as NodeJS.ErrnoException | undefined)?.code === 'ENOENT')
      return undefined
    throw error
  }
  const text = asWritten(Buffer.concat(parts.splice(0)))
  return {
    golden: readGoldenBytes(text, path, most.spender(path)),
    hash: createHash('sha256').update(text).digest('base64'),
  }
}

/** Editors and git on Windows add a byte order mark and carriage returns. Changes the bytes that it gets. */
function asWritten(bytes: Buffer): Buffer {
  const text = bytes.subarray(bytes.toString('latin1', 0, 3) === '\xef\xbb\xbf' ? 3 : 0)
  if (!text.includes('\r\n')) return text
  let length = 0
  for (let i = 0; i < text.length; i++)
    if (text[i] !== 0x0d || text[i + 1] !== 0x0a) text[length++] = text[i]!
  return text.subarray(0, length)
}

/** Whether this is the text that the golden file has. */
export function isUnchanged({ hash }: GoldenFile, golden: Golden): boolean {
  const written = createHash('sha256')
  for (const piece of goldenPieces(golden)) written.update(piece)
  return written.digest('base64') === hash
}

/**
 * Writes a golden file, as a whole or not at all. `inputs`: the files that the caller reads. Throws InputError if the golden file
 * is one of them, or the machine refuses.
 */
export function writeGoldenFile(path: string, golden: Golden, inputs: Identities): void {
  const file = new OutputFile(path, { inputs })
  try {
    for (const piece of gathered(goldenPieces(golden))) file.write(piece)
    file.finish()
  } finally {
    file.giveUp()
  }
}

/** UTF-16 units that are written at a time, or a few more. */
const WRITTEN = 64 * 1024

function* gathered(pieces: Iterable<string>): Generator<string> {
  let text = ''
  for (const piece of pieces) {
    text += piece
    if (text.length < WRITTEN) continue
    yield text
    text = ''
  }
  yield text
}

/** The golden files in these folders, and in their folders. A path that is not a folder has none. */
export function goldensIn(paths: readonly string[]): string[] {
  return paths.filter(isFolder).flatMap((folder) => search(folder, GOLDEN_NAME))
}

function search(folder: string, name: RegExp): string[] {
  return entriesOf(folder).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory())
      return entry.name === 'node_modules' || entry.name.startsWith('.') ? [] : search(path, name)
    return name.test(entry.name) ? [path] : []
  })
}

function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))
  } catch (error) {
    throw new InputError(`${folder}: the folder cannot be read; make it readable for you`, { cause: error })
  }
}

/** False for a path that does not exist, or that may not be looked at: opening it says why. */
function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory()
  } catch {
    return false
  }
}
