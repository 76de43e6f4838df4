// How each command meets a hostile capture: a new command joins by one row of READERS.
import { createWriteStream, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Attack } from './attack.ts'
import type { HostileCapture } from './captures.ts'

/** A command that reads captures. */
export interface Reader {
  /** Its name in titles and in the table. */
  readonly name: string
  /** The words after `framewalk`. `file`: the capture. */
  readonly words: (file: string) => readonly string[]
  /** The words of a command that runs before it. */
  readonly first?: (file: string) => readonly string[]
  /** The exit statuses that are right. */
  readonly statuses: readonly number[]
  /** The capture comes from a pipe, as large as it is. All other commands meet a file of a quarter of the units. */
  readonly isPiped?: true
}

const READ = [0, 3]
/** Also: there is nothing to show, or more than the command holds. One line says so. */
const READ_OR_REFUSED = [0, 2, 3]
const COMPARED = [0, 1, 2]
const UNREADABLE = [2]

export const READERS: readonly Reader[] = [
  { name: 'frames', words: () => ['-'], statuses: READ, isPiped: true },
  { name: 'frames as NDJSON', words: () => ['-', '--format', 'ndjson'], statuses: READ, isPiped: true },
  { name: 'connections', words: (file) => ['connections', file], statuses: READ },
  { name: 'messages', words: (file) => ['messages', file], statuses: READ },
  { name: 'walk', words: (file) => ['walk', '--frame', '1-9999', file], statuses: READ_OR_REFUSED },
  { name: 'report', words: (file) => ['report', file, '-o', 'page.html'], statuses: READ_OR_REFUSED },
  { name: 'lesson', words: (file) => ['lesson', file, '-o', 'page.html'], statuses: READ_OR_REFUSED },
  { name: 'check --update', words: (file) => ['check', '--update', file], statuses: COMPARED },
  {
    name: 'check',
    first: (file) => ['check', '--update', file],
    words: (file) => ['check', file],
    statuses: COMPARED,
  },
  { name: 'diff', words: (file) => ['diff', file, file], statuses: COMPARED },
  { name: '--keylog', words: (file) => ['--keylog', KEY_LOG, file], statuses: READ },
  { name: '--decode-as', words: (file) => ['--decode-as', '8765', file], statuses: READ },
  { name: 'three files', words: (file) => [file, file, file], statuses: READ },
  { name: '--jobs', words: (file) => ['--jobs', '2', file, file], statuses: READ },
]

const CAPTURE = 'capture.pcap'
const KEY_LOG = 'secrets.keys'
/** Secrets of sessions that no capture has. */
const SECRETS = Array.from({ length: 1000 }, (_, i) => {
  const number = i.toString(16).padStart(64, '0')
  return `CLIENT_RANDOM ${number} ${number.slice(16)}${number}`
}).join('\n')

/** A command meets a hostile capture. */
export function meeting(
  { kind, units, quick, isUnreadable, pieces }: HostileCapture,
  reader: Reader,
): Attack {
  return {
    kind: `${kind}: ${reader.name}`,
    units: reader.isPiped ? units : Math.ceil(units / 4),
    quick,
    prepare: async (folder, count) => {
      const statuses = isUnreadable ? UNREADABLE : reader.statuses
      if (reader.isPiped) return { words: reader.words('-'), input: pieces(count), statuses }
      await pipeline(
        Readable.from(pieces(count), { objectMode: true }),
        createWriteStream(join(folder, CAPTURE)),
      )
      writeFileSync(join(folder, KEY_LOG), SECRETS)
      const words = reader.words(CAPTURE)
      return reader.first === undefined
        ? { words, statuses }
        : { first: reader.first(CAPTURE), words, statuses }
    },
  }
}
