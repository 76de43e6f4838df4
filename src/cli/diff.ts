// framewalk diff: what differs between two captures or golden files.
import { InputError } from '../base/input-error.ts'
import type { Allowance } from '../golden/allowance.ts'
import { compareGoldens } from '../golden/compare.ts'
import { differencesText } from '../golden/difference-text.ts'
import { readGoldenFile } from '../golden/files.ts'
import type { Golden, Level } from '../golden/golden.ts'
import { jsonPieces } from '../golden/json-pieces.ts'
import { acceptedBy } from '../golden/unread.ts'
import { count } from '../render/text/amount.ts'
import { escapeText } from '../render/text/escape.ts'
import { paintWith } from '../render/text/style.ts'
import { acceptanceOf, unreadIn } from './acceptance.ts'
import { allowanceFrom, readCompared } from './compared-capture.ts'
import { captureArguments } from './options.ts'
import { outputTo } from './terminal/output.ts'
import { writePieces } from './terminal/pieces.ts'
import { colorOf, ExitStatus, type Streams, widthOf } from './terminal/streams.ts'
import { readTlsSecrets } from './tls-secrets.ts'

/** Any JSON file is taken for a golden file, whatever its name: a capture is not JSON. */
const JSON_NAME = /\.json$/i

/** Runs the command and returns the exit status. Throws InputError for a fault that the user can mend. */
export async function diff(argv: Readonly<Record<string, unknown>>, streams: Streams): Promise<number> {
  const { captures, reading, color } = captureArguments(argv)
  const [before, after] = captures
  if (before === undefined || after === undefined || captures.length > 2)
    throw new InputError(`two captures or golden files are compared, and ${captures.length} were named`)
  if (before === '-' && after === '-') throw new InputError('-: standard input can be read once only')
  const acceptance = acceptanceOf(argv, false)
  const secrets = await readTlsSecrets(argv, streams)
  const allowance = allowanceFrom(argv)
  const known = [await goldenFile(before, allowance), await goldenFile(after, allowance)]
  const level =
    (argv['level'] as Level | undefined) ??
    (known.some((golden) => golden?.level === 'messages') || known.every((golden) => golden === undefined)
      ? 'messages'
      : 'frames')
  for (const [i, golden] of known.entries()) {
    if (level === 'frames' && golden?.level === 'messages')
      throw new InputError(`${captures[i]}: level: is messages; leave out --level`)
  }
  // The rules of a golden file also hold for the capture that it is compared with, and so does that it has no connection.
  const golden = known[0] ?? known[1]
  const accepted = golden === undefined ? acceptance : acceptedBy(golden, acceptance)
  const unread: string[] = []
  const record = async (name: string): Promise<Golden> => {
    const capture = await readCompared(name, {
      level,
      rules: golden?.rules,
      allowance,
      reading: { ...reading, secrets },
    })
    const fault = unreadIn(capture, name, accepted)
    if (fault !== undefined) unread.push(fault.line)
    if (fault?.kind === 'unreadable') throw new InputError(unread[0])
    return capture.golden
  }
  const differences = compareGoldens(known[0] ?? (await record(before)), known[1] ?? (await record(after)))
  if (differences.length === 0 && unread[0] !== undefined) throw new InputError(unread[0])

  const output = outputTo(streams.stdout)
  const look = { width: widthOf(streams), color: colorOf(streams, color) }
  const paint = paintWith(look.color)
  const names = `${escapeText(before)} → ${escapeText(after)}`
  if (argv['reporter'] === 'json') {
    await writePieces(output, jsonPieces({ schema: 1, before, after, differences }))
    output.write('\n')
  } else if (differences.length === 0) {
    output.write(`${paint('green', 'equal')} ${names}\n`)
  } else {
    output.write(`${paint('red', count(differences.length, 'difference'))} ${names}\n`)
    output.write(differencesText(differences, look))
  }
  await output.drained()
  for (const line of unread) streams.stderr.write(`framewalk: ${escapeText(line)}\n`)
  return differences.length === 0 ? ExitStatus.done : ExitStatus.differences
}

async function goldenFile(name: string, allowance: Allowance): Promise<Golden | undefined> {
  if (!JSON_NAME.test(name)) return undefined
  const file = await readGoldenFile(name, allowance)
  if (file === undefined) throw new InputError(`${name}: no such file; check the path`)
  return file.golden
}
