// toMatchGolden: compares a capture with its golden file. Writes the file if there is none, or if the runner updates snapshots.
import { readFileSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { FindingCode } from '../base/findings.ts'
import { InputError } from '../base/input-error.ts'
import { checkOptionNames, spelled } from '../base/option-check.ts'
import { compareGoldens, inOrderOf } from '../golden/compare.ts'
import { differencesText } from '../golden/difference-text.ts'
import { goldenPathOf, writeGoldenFile } from '../golden/files.ts'
import type { Golden } from '../golden/golden.ts'
import { captureBeside, checkOwnGoldens } from '../golden/ownership.ts'
import { readGolden } from '../golden/read.ts'
import { recordGolden } from '../golden/record.ts'
import { type Acceptance, acceptedBy } from '../golden/unread.ts'
import { writeGolden } from '../golden/write.ts'
import { identitiesOf } from '../platform/node/file-identity.ts'
import { readingFault } from '../platform/node/machine-faults.ts'
import type { Capture } from '../records/model.ts'
import { escapeText } from '../render/text/escape.ts'
import { failedEitherWay, hintOf, type MatcherContext, type MatcherResult } from './context.ts'
import { codesOf } from './finding-matchers.ts'
import { connectionsOf, type EmptyOptions, isCapture, nameOf, unreadLine } from './subject.ts'

const WIDTH = 100

/** What toMatchGolden takes. */
export interface GoldenOptions extends EmptyOptions {
  /** The golden file. By default it is the one beside the capture. */
  readonly file?: string | URL
  /** TLS that may stay encrypted in a golden file that is written (`tls-secrets-missing`). */
  readonly allow?: FindingCode | readonly FindingCode[]
}

/**
 * Passes if the capture is what its golden file says: the one beside it, or the named one. Fails, negated or not, if not all of the
 * capture was read and the golden file does not say so.
 */
export function toMatchGolden(
  this: MatcherContext,
  received: Capture,
  golden: string | URL | GoldenOptions = {},
): MatcherResult {
  const { file, asked } = optionsOf(golden)
  connectionsOf(received, 'toMatchGolden')
  if (!isCapture(received)) throw new TypeError('toMatchGolden: expects a whole capture, not a connection')
  const path = pathOf(received, file)
  const known = goldenAt(path)
  const updates = updatesOf(this)
  const hint = hintOf(this, 'toMatchGolden', 'capture', file === undefined ? '' : 'file')
  const unread = unreadLine(received, known === undefined ? asked : acceptedBy(known, asked))

  if (known === undefined) {
    if (updates === 'none' || this.isNot === true)
      return failedEitherWay(this, hint, `There is no golden file ${path}; write it with --update.`)
    if (unread !== undefined) return failedEitherWay(this, hint, unread)
    write(this, path, received, recordGolden(received))
    return passed(hint)
  }
  const recorded = recordGolden(received, known.level, known.rules)
  const differences = compareGoldens(known, recorded)
  const isUpdated = differences.length > 0 && updates === 'all'
  // Negated, what was not read would pass for a difference.
  if (unread !== undefined && (this.isNot === true || isUpdated || differences.length === 0))
    return failedEitherWay(this, hint, unread)
  if (isUpdated && this.isNot !== true) {
    write(this, path, received, inOrderOf(known, recorded))
    return passed(hint)
  }
  if (updates === 'all' && differences.length === 0) claim(this, path, received, recorded)
  const color = this.utils.printReceived('').includes('\x1b')
  return {
    pass: differences.length === 0,
    message: () =>
      differences.length === 0
        ? `${hint}\n\nThe capture is what ${escapeText(path)} says.`
        : [
            hint,
            '',
            ...(unread === undefined ? [] : [unread, '']),
            `${title(received)} differs from ${escapeText(path)}:`,
            '',
            differencesText(differences, { width: WIDTH, color }),
          ].join('\n'),
  }
}

function optionsOf(golden: string | URL | GoldenOptions): {
  file: string | URL | undefined
  asked: Acceptance
} {
  const options = typeof golden === 'string' || golden instanceof URL ? { file: golden } : golden
  checkOptionNames(options, ['file', 'allow', 'allowEmpty'], 'toMatchGolden: ')
  const { file, allow, allowEmpty } = options as GoldenOptions
  const isPlace = file instanceof URL ? file.protocol === 'file:' : typeof file === 'string' && file !== ''
  if (file !== undefined && !isPlace)
    throw new TypeError(
      `toMatchGolden: expected the path or the file: URL of a golden file, got ${file instanceof URL ? file : spelled(file)}`,
    )
  const allowed = new Set<string>(codesOf(allow, 'toMatchGolden'))
  return { file, asked: { allowEmpty: allowEmpty === true, allowed } }
}

/** Throws InputError if another capture has the same golden file. */
function pathOf(capture: Capture, file: string | URL | undefined): string {
  if (file !== undefined) return file instanceof URL ? fileURLToPath(file) : file
  const own = fileOf(capture)
  if (own === undefined)
    throw new TypeError('toMatchGolden: the capture was not read from one file; name its golden file')
  checkOwnGoldens([own])
  return goldenPathOf(own)
}

/** A capture from memory, a stream or standard input has no place of its own. */
function fileOf({ files }: Capture): string | undefined {
  const [first] = files
  return first === undefined || files.length > 1 || ['bytes', 'stream', '-'].includes(first.name)
    ? undefined
    : first.name
}

/** Undefined if there is none. Throws InputError if it cannot be read: what is not a file might never end. */
function goldenAt(path: string): Golden | undefined {
  let text: string
  try {
    if (!statSync(path).isFile()) throw new InputError(`${path}: is not a file; name another golden file`)
    text = readFileSync(path, 'utf8')
  } catch (error) {
    if (error instanceof InputError) throw error
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw readingFault(path, error)
  }
  return readGolden(text.replace(/^\ufeff/, ''), path)
}

/** Which capture has which golden file, as far as a run has shown: of every run of a test file, by its snapshots. */
const owners = new WeakMap<object, Map<string, string>>()

/**
 * Notes whose golden file this is. False if it was another capture's before, in this run. A capture from memory is known by what is in
 * it.
 */
function claim({ snapshotState }: MatcherContext, path: string, capture: Capture, recorded: Golden): boolean {
  const files = owners.get(snapshotState as object) ?? new Map<string, string>()
  owners.set(snapshotState as object, files)
  const file = fileOf(capture)
  const own = file === undefined ? writeGolden(recorded) : resolve(file)
  const owner = files.get(resolve(path)) ?? own
  files.set(resolve(path), owner)
  return owner === own
}

/** Throws InputError if the golden file is that of another capture, or the machine refuses. */
function write(context: MatcherContext, path: string, capture: Capture, golden: Golden): void {
  const file = fileOf(capture)
  const beside = captureBeside(path)
  if (beside !== undefined && (file === undefined || resolve(file) !== resolve(beside)))
    throw new InputError(`${path}: is the golden file of ${beside}; name another for ${nameOf(capture)}`)
  if (!claim(context, path, capture, golden))
    throw new InputError(`${path}: is the golden file of another capture too; name one for each`)
  writeGoldenFile(path, golden, identitiesOf(capture.files.map(({ name }) => name)))
}

/** Which snapshots the runner writes: `all`, only `new` ones, or `none`. Both runners use this name. */
function updatesOf({ snapshotState }: MatcherContext): string {
  const state = snapshotState as { readonly _updateSnapshot?: string } | undefined
  return state?._updateSnapshot ?? 'none'
}

function title(capture: Capture): string {
  return fileOf(capture) === undefined ? 'The capture' : nameOf(capture)
}

function passed(hint: string): MatcherResult {
  return { pass: true, message: () => hint }
}
