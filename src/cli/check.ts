// framewalk check: compares captures with the golden files beside them.
import { InputError } from '../base/input-error.ts'
import type { Allowance } from '../golden/allowance.ts'
import { type CheckResult, isError, isPassed, obsolete, unreadable } from '../golden/check-result.ts'
import { compareGoldens, inOrderOf } from '../golden/compare.ts'
import {
  capturesIn,
  GOLDEN_NAME,
  type GoldenFile,
  goldenPathOf,
  isUnchanged,
  readGoldenFile,
  writeGoldenFile,
} from '../golden/files.ts'
import type { Golden, Level } from '../golden/golden.ts'
import { checkOwnGoldens, goldensWithout } from '../golden/ownership.ts'
import { makeReporter, type ReporterName } from '../golden/reporters/reporter.ts'
import { type Acceptance, acceptedBy } from '../golden/unread.ts'
import { type Identities, identitiesOf } from '../platform/node/file-identity.ts'
import { escapeText } from '../render/text/escape.ts'
import { acceptanceOf, unreadIn } from './acceptance.ts'
import { allowanceFrom, readCompared } from './compared-capture.ts'
import { captureArguments } from './options.ts'
import type { ReadingOptions } from './reading.ts'
import { outputTo, refuseStandardOutput } from './terminal/output.ts'
import { writePieces } from './terminal/pieces.ts'
import { colorOf, ExitStatus, type Streams, widthOf } from './terminal/streams.ts'
import { readTlsSecrets, secretFiles } from './tls-secrets.ts'

interface CheckArguments {
  readonly update: boolean
  /** Undefined: the level of the golden file. */
  readonly level: Level | undefined
  readonly conform: boolean
  readonly acceptance: Acceptance
  /** There must be a golden file. On a CI system also with --conform, because nobody would see that it is missing. */
  readonly mustBeGolden: boolean
  readonly reading: ReadingOptions
  readonly allowance: Allowance
  /** No golden file is written over them. */
  readonly inputs: Identities
}

/** Runs the command and returns the exit status. Throws InputError for a fault that the user can mend. */
export async function check(argv: Readonly<Record<string, unknown>>, streams: Streams): Promise<number> {
  const { captures, reading, color } = captureArguments(argv)
  if (captures.length === 0)
    throw new InputError('no capture was named; give captures, or a folder with captures')
  const conform = argv['conform'] === true
  const paths = capturesIn(captures)
  const args: CheckArguments = {
    update: argv['update'] === true,
    level: argv['level'] as Level | undefined,
    conform,
    acceptance: acceptanceOf(argv, conform),
    mustBeGolden: !conform || isCi(streams.env),
    reading: { ...reading, secrets: await readTlsSecrets(argv, streams) },
    allowance: allowanceFrom(argv),
    inputs: identitiesOf([...paths, ...secretFiles(argv, streams)]),
  }
  refuseStandardOutput(args.inputs)
  checkNames(paths)
  const reporter = makeReporter(argv['reporter'] as ReporterName, {
    width: widthOf(streams),
    color: colorOf(streams, color),
  })
  const output = outputTo(streams.stdout)
  const results: CheckResult[] = []
  for (const path of paths) {
    const result = await checkCapture(path, args)
    // Its differences hold both sides of the comparison.
    results.push({ ...result, differences: [] })
    await writePieces(output, reporter.result(result))
  }
  for (const golden of goldensWithout(paths, captures)) {
    const result = obsolete(golden)
    results.push(result)
    await writePieces(output, reporter.result(result))
  }
  await writePieces(output, reporter.end())
  for (const { error } of results)
    if (error !== undefined) streams.stderr.write(`framewalk: ${escapeText(error)}\n`)
  if (results.some(isError)) return ExitStatus.usage
  return results.every(isPassed) ? ExitStatus.done : ExitStatus.differences
}

async function checkCapture(path: string, args: CheckArguments): Promise<CheckResult> {
  const goldenPath = goldenPathOf(path)
  try {
    const known = await readGoldenFile(goldenPath, args.allowance)
    const capture = await readCompared(path, {
      level: args.level ?? known?.golden.level ?? 'messages',
      rules: known?.golden.rules,
      allowance: args.allowance,
      reading: args.reading,
      allowed: args.conform ? args.acceptance.allowed : undefined,
    })
    const accepted = known === undefined ? args.acceptance : acceptedBy(known.golden, args.acceptance)
    const unread = unreadIn(capture, path, accepted)
    // What was not read and the golden file has shows as differences, and it is never written into a golden file.
    const mayCompare = unread === undefined || (known !== undefined && !args.update)
    let compared: Compared = { status: 'unchecked', differences: [] }
    if (mayCompare && unread?.kind !== 'unreadable')
      compared = compareWithGolden(capture.golden, known, goldenPath, args)
    return {
      capture: path,
      golden: goldenPath,
      ...compared,
      violations: capture.violations,
      error: unread?.line,
      connections: capture.summary.connections,
      messages: capture.summary.messages,
    }
  } catch (error) {
    if (error instanceof InputError) return unreadable(path, goldenPath, error.message)
    throw error
  }
}

type Compared = Pick<CheckResult, 'status' | 'differences'>

function compareWithGolden(
  recorded: Golden,
  known: GoldenFile | undefined,
  goldenPath: string,
  { update, level, mustBeGolden, inputs }: CheckArguments,
): Compared {
  if (known === undefined) {
    if (!update) return { status: mustBeGolden ? 'missing' : 'ungolden', differences: [] }
    writeGoldenFile(goldenPath, recorded, inputs)
    return { status: 'created', differences: [] }
  }
  const { golden } = known
  if (!update && level !== undefined && level !== golden.level)
    throw new InputError(
      `${goldenPath}: level: is ${golden.level}; leave out --level, or write it anew with --level ${level} --update`,
    )
  const differences = compareGoldens(golden, recorded)
  if (!update) return { status: differences.length === 0 ? 'equal' : 'different', differences }
  const updated = inOrderOf(golden, recorded)
  if (isUnchanged(known, updated)) return { status: 'unchanged', differences: [] }
  writeGoldenFile(goldenPath, updated, inputs)
  return { status: 'updated', differences }
}

function checkNames(paths: readonly string[]): void {
  for (const path of paths) {
    if (path === '-') throw new InputError('-: standard input has no golden file beside it; name a file')
    if (GOLDEN_NAME.test(path))
      throw new InputError(`${path}: is a golden file; name its capture, or the folder that holds both`)
  }
  checkOwnGoldens(paths)
}

/** CI systems set `CI`. `CI=false` and `CI=0` say that this is not one. */
function isCi(env: Streams['env']): boolean {
  return !['', '0', 'false'].includes(env['CI'] ?? '')
}
