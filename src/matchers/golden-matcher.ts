// toMatchGolden: compares a capture with its golden file. Writes the file if there is none, or if the runner updates snapshots.
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { compareGoldens, inOrderOf } from '../golden/compare.ts'
import { differencesText } from '../golden/difference-text.ts'
import { goldenPathOf } from '../golden/files.ts'
import type { Golden } from '../golden/golden.ts'
import { readGolden } from '../golden/read.ts'
import { recordGolden } from '../golden/record.ts'
import { writeGolden } from '../golden/write.ts'
import type { Capture } from '../records/model.ts'
import { escapeText } from '../render/text/escape.ts'
import { hintOf, type MatcherContext, type MatcherResult } from './context.ts'
import { connectionsOf } from './subject.ts'

const WIDTH = 100

/** Passes if the capture is what its golden file says: the one beside it, or the named one. */
export function toMatchGolden(
  this: MatcherContext,
  received: Capture,
  goldenFile?: string | URL,
): MatcherResult {
  connectionsOf(received, 'toMatchGolden')
  if (!('files' in received)) throw new TypeError('toMatchGolden: expects a whole capture, not a connection')
  const path = pathOf(received, goldenFile)
  const known = goldenAt(path)
  const updates = updatesOf(this)
  const hint = hintOf(this, 'toMatchGolden', 'capture', goldenFile === undefined ? '' : 'file')

  if (known === undefined) {
    if (updates === 'none' || this.isNot === true)
      return failed(this, `${hint}\n\nThere is no golden file ${path}; write it with --update.`)
    writeFileSync(path, writeGolden(recordGolden(received)))
    return passed(hint)
  }
  const recorded = recordGolden(received, known.level, known.rules)
  const differences = compareGoldens(known, recorded)
  if (differences.length > 0 && updates === 'all' && this.isNot !== true) {
    writeFileSync(path, writeGolden(inOrderOf(known, recorded)))
    return passed(hint)
  }
  const color = this.utils.printReceived('').includes('\x1b')
  return {
    pass: differences.length === 0,
    message: () =>
      differences.length === 0
        ? `${hint}\n\nThe capture is what ${escapeText(path)} says.`
        : [
            hint,
            '',
            `${name(received)} differs from ${escapeText(path)}:`,
            '',
            differencesText(differences, { width: WIDTH, color }),
          ].join('\n'),
  }
}

function pathOf(capture: Capture, goldenFile: string | URL | undefined): string {
  if (goldenFile !== undefined) return goldenFile instanceof URL ? fileURLToPath(goldenFile) : goldenFile
  const [first] = capture.files
  // A capture from memory, a stream or standard input has no place of its own.
  if (first !== undefined && capture.files.length === 1 && !['bytes', 'stream', '-'].includes(first.name))
    return goldenPathOf(first.name)
  throw new TypeError('toMatchGolden: the capture was not read from one file; name its golden file')
}

function goldenAt(path: string): Golden | undefined {
  try {
    return readGolden(readFileSync(path, 'utf8'), path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

/** Which snapshots the runner writes: `all`, only `new` ones, or `none`. Both runners use this name. */
function updatesOf({ snapshotState }: MatcherContext): string {
  const state = snapshotState as { readonly _updateSnapshot?: string } | undefined
  return state?._updateSnapshot ?? 'none'
}

function name({ files }: Capture): string {
  return files.length === 1 ? escapeText(files[0]!.name) : 'The capture'
}

function passed(hint: string): MatcherResult {
  return { pass: true, message: () => hint }
}

/** Fails with `not` and without it. */
function failed({ isNot }: MatcherContext, message: string): MatcherResult {
  return { pass: isNot === true, message: () => message }
}
