// What each command makes of a capture, however random or damaged, run in this process: a new command joins by one row of CONSUMERS.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { InputError } from '../../src/base/input-error.ts'
import { LIMITS, type LimitName } from '../../src/base/limits.ts'
import { readCapture } from '../../src/index.ts'
import { snapshotSerializer } from '../../src/matchers/snapshot-serializer.ts'
import type { Random } from '../support/builders/websocket-traffic.ts'
import { type Run, run } from '../support/drivers/command.ts'
import { UNSAFE_ON_A_SCREEN } from '../support/drivers/rendering.ts'
import { skipWithoutPage } from '../support/drivers/requirements.ts'
import { checkRun } from '../support/oracles/command-run.ts'
import { readPageFile, readReportFile } from '../support/oracles/page-file.ts'
import { mutatedJson } from './texts.ts'

/** A capture as a command meets it: files in a folder of their own, and options that every command takes. */
export interface Subject {
  readonly folder: string
  /** Their paths. */
  readonly files: readonly string[]
  /** Limits, ports, secrets. */
  readonly options: readonly string[]
  readonly random: Random
}

/** Throws if a property does not hold. */
export type Consume = (subject: Subject) => Promise<void>

/** Done, nothing to read or show, or damaged. */
const READ = [0, 2, 3]
const COMPARED = [0, 1, 2]

/** Every command that reads captures, with what must hold of it beyond `checkRun`. */
export const CONSUMERS: ReadonlyArray<readonly [name: string, consume: Consume]> = [
  ['frames', prints(['frames', '--hex'])],
  ['connections', prints(['connections'])],
  ['messages', prints(['messages'])],
  ['NDJSON', prints(['frames', '--format', 'ndjson'])],
  ['walk', prints(['walk', '--frame', '1-5'])],
  ['walk as NDJSON', prints(['walk', '--frame', '1-5', '--format', 'ndjson'])],
  ...(skipWithoutPage()
    ? []
    : ([
        ['report', makesPage('report', readReportFile)],
        ['lesson', makesPage('lesson', readPageFile)],
      ] as const)),
  ['check', checks],
  ['check --conform', prints(['check', '--conform'], COMPARED)],
  ['diff', compares],
  ['serializer', serializes],
]

/** Writes the files into a new folder and lets the command consume them. `options`: words that every command takes. */
export async function consumeFiles(
  consume: Consume,
  files: readonly Uint8Array[],
  options: readonly string[],
  random: Random,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'framewalk-consumed-'))
  try {
    const paths = files.map((bytes, i) => {
      const path = join(folder, `${i}.pcap`)
      writeFileSync(path, bytes)
      return path
    })
    await consume({ folder, files: paths, options, random })
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Options that change what is held and what is found, often none. */
export function randomOptions(random: Random): string[] {
  if (random.chance(50)) return []
  const limits = (Object.keys(LIMITS) as LimitName[]).filter(() => random.chance(20))
  const words = limits.flatMap((name) => [
    `--limit-${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`,
    String(random.oneOf([1, 2, 10, 100, 1000, 5000])),
  ])
  return random.chance(20) ? [...words, '--decode-as', '8765'] : words
}

/** Prints to a screen, or NDJSON. */
function prints(words: readonly string[], statuses: readonly number[] = READ): Consume {
  return async ({ files, options, random }) => {
    const columns = random.oneOf([40, 80, 200])
    checkRun(await run([...words, ...options, ...files], { columns }), statuses)
  }
}

function makesPage(command: string, read: (page: string) => unknown): Consume {
  return async ({ files, options }) => {
    const ran = await run([command, ...options, ...files])
    checkRun(ran, READ, true)
    if (ran.status !== 2) read(ran.stdout)
  }
}

/** A golden file is equal to the capture that it was made of; one that was changed is compared, or refused in one line. */
async function checks(subject: Subject): Promise<void> {
  const { folder, options, random } = subject
  const file = subject.files[0]!
  const level = random.chance(30) ? ['--level', 'frames'] : []
  const made = await run(['check', '--update', ...level, ...options, file])
  checkRun(made, [0, 2])
  if (made.status === 2) return
  const again = await run(['check', ...options, file])
  checkRun(again, [0])
  const golden = join(folder, '0.golden.json')
  const text = readFileSync(golden, 'utf8')
  expectEqual(await run(['diff', ...options, golden, file]))
  checkRun(await run(['check', '--update', ...options, file]), [0])
  if (readFileSync(golden, 'utf8') !== text)
    throw new Error('an update of what is equal changed the golden file')
  writeFileSync(golden, mutatedJson(text, random))
  checkRun(await run(['check', ...options, file]), COMPARED)
  checkRun(await run(['diff', ...options, file, golden]), COMPARED)
}

/** A capture is equal to itself, and comparable with any other. */
async function compares({ folder, files, options, random }: Subject): Promise<void> {
  const [file, other = file] = files as [string, ...string[]]
  const same = await run(['diff', ...options, file, file])
  if (same.status === 2) checkRun(same, [2])
  else expectEqual(same)
  const bytes = readFileSync(other)
  const changed = join(folder, 'changed.pcap')
  writeFileSync(changed, bytes.subarray(0, random.below(bytes.length + 1)))
  const level = random.chance(30) ? ['--level', 'frames'] : []
  checkRun(await run(['diff', ...level, ...options, file, changed]), COMPARED)
  checkRun(await run(['diff', '--reporter', 'json', ...options, changed, file]), COMPARED)
}

/** The matchers' line for each frame and message is one line that a terminal can show. */
async function serializes({ files }: Subject): Promise<void> {
  const capture = await readCapture([...files]).catch((error: unknown) => {
    if (!(error instanceof InputError)) throw error
  })
  for (const { frames, messages } of capture?.connections ?? []) {
    for (const each of [...frames, ...messages]) {
      if (!snapshotSerializer.test(each))
        throw new Error('the serializer does not know a record of the library')
      const line = snapshotSerializer.serialize(each)
      if (line.includes('\n') || UNSAFE_ON_A_SCREEN.test(line))
        throw new Error(`serialized as ${JSON.stringify(line)}`)
    }
  }
}

function expectEqual(ran: Run): void {
  checkRun(ran, [0])
  if (!ran.stdout.startsWith('equal'))
    throw new Error(`not equal: ${JSON.stringify(ran.stdout.slice(0, 300))}`)
}
