// Captures and their golden files on disk: which captures a folder has, where the golden file of each is, and how it is read and
// written. If the machine refuses, an InputError says so.
import { type Dirent, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { InputError } from '../base/input-error.ts'
import type { Identities } from '../platform/node/file-identity.ts'
import { openInput } from '../platform/node/input.ts'
import { OutputFile } from '../platform/node/output-file.ts'
import type { Golden } from './golden.ts'
import { readGolden } from './read.ts'
import { writeGolden } from './write.ts'

/** Names of captures, which a folder is searched for. */
const CAPTURE_NAME = /\.(pcap|pcapng|cap)(\.gz)?$/i

/** Names of golden files. */
export const GOLDEN_NAME = /\.golden\.json$/i

/**
 * The captures at these paths. A folder means the captures in it and in its folders, in the order of their names. Throws
 * InputError for a folder without captures, and for one that cannot be read.
 */
export function capturesIn(paths: readonly string[]): string[] {
  return paths.flatMap((path) => {
    if (!isFolder(path)) return [path]
    const captures = search(path)
    if (captures.length === 0)
      throw new InputError(`${path}: no captures in it; they are named .pcap or .pcapng, and may be gzipped`)
    return captures
  })
}

/** The golden file beside a capture: `chat.golden.json` beside `chat.pcapng` and `chat.pcap.gz`. */
export function goldenPathOf(capture: string): string {
  return `${capture.replace(CAPTURE_NAME, '')}.golden.json`
}

/** The content of a golden file. Undefined if there is none. Throws InputError if it cannot be read or makes no sense. */
export async function readGoldenFile(path: string): Promise<{ golden: Golden; text: string } | undefined> {
  const parts: Uint8Array[] = []
  try {
    for await (const chunk of (await openInput(path)).chunks) parts.push(chunk.slice())
  } catch (error) {
    if (error instanceof InputError && (error.cause as NodeJS.ErrnoException | undefined)?.code === 'ENOENT')
      return undefined
    throw error
  }
  // Editors and git on Windows add a byte order mark and carriage returns.
  const text = Buffer.concat(parts)
    .toString('utf8')
    .replace(/^\ufeff/, '')
    .replaceAll('\r\n', '\n')
  return { golden: readGolden(text, path), text }
}

/**
 * Writes a golden file, as a whole or not at all. `inputs`: the files that the caller reads. Throws InputError if the golden file
 * is one of them, or the machine refuses.
 */
export function writeGoldenFile(path: string, golden: Golden, inputs: Identities): void {
  const file = new OutputFile(path, { inputs })
  file.write(writeGolden(golden))
  file.finish()
}

function search(folder: string): string[] {
  return entriesOf(folder).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory())
      return entry.name === 'node_modules' || entry.name.startsWith('.') ? [] : search(path)
    return CAPTURE_NAME.test(entry.name) ? [path] : []
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
