// Golden files on disk: where the one of a capture is, and how it is read and written. What the machine refuses becomes an InputError.
import { rename, rm, writeFile } from 'node:fs/promises'
import { InputError } from '../base/input-error.ts'
import { openInput } from '../platform/node/input.ts'
import type { Golden } from './golden.ts'
import { readGolden } from './read.ts'
import { writeGolden } from './write.ts'

/** Names of captures: what a folder is searched for. */
export const CAPTURE_NAME = /\.(pcap|pcapng|cap)(\.gz)?$/i

/** Names of golden files. */
export const GOLDEN_NAME = /\.golden\.json$/i

/** The golden file beside a capture: `chat.golden.json` beside `chat.pcapng` and `chat.pcap.gz`. */
export function goldenPathOf(capture: string): string {
  return `${capture.replace(CAPTURE_NAME, '')}.golden.json`
}

/** A golden file's content; undefined where there is none. Throws InputError for one that cannot be read or makes no sense. */
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

/** Writes a golden file; it is there as a whole or not at all. Throws InputError where the machine refuses. */
export async function writeGoldenFile(path: string, golden: Golden): Promise<void> {
  const unfinished = `${path}.unfinished`
  try {
    await writeFile(unfinished, writeGolden(golden))
    await rename(unfinished, path)
  } catch (error) {
    await rm(unfinished, { force: true })
    const reason = error instanceof Error ? error.message : String(error)
    throw new InputError(`${path}: cannot be written (${reason}); check the folder and its disk`, {
      cause: error,
    })
  }
}
