// Files and folders in, captures out: those of a folder and of the folders in it, in the order of their names.
import { type Dirent, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { InputError } from '../base/input-error.ts'
import { CAPTURE_NAME } from '../golden/files.ts'

/** Throws InputError for a folder without captures, and for a folder that cannot be read. */
export function capturesIn(paths: readonly string[]): string[] {
  return paths.flatMap((path) => {
    if (!isFolder(path)) return [path]
    const captures = search(path)
    if (captures.length === 0)
      throw new InputError(`${path}: no captures in it; they are named .pcap or .pcapng, and may be gzipped`)
    return captures
  })
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

/** What is not there is no folder: opening it says why. */
function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
}
