// Fuzzes what reads text that a person, or an attacker, wrote: golden files, scripts, key logs. A fault of theirs is one line.
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { InputError } from '../../src/base/input-error.ts'
import { captureFromText } from '../../src/encode/script-text.ts'
import { readGolden } from '../../src/golden/read.ts'
import { writeGolden } from '../../src/golden/write.ts'
import { readCapture } from '../../src/index.ts'
import type { Random } from '../support/builders/websocket-traffic.ts'
import { run } from '../support/drivers/command.ts'
import { fixtureKeyLog, fixturePath, tlsFixtureNames } from '../support/drivers/fixtures.ts'
import { checkRun } from '../support/oracles/command-run.ts'
import { withChangedBytes } from './captures.ts'

const TOKEN = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?|true|false|null|[[\]{}:,]/g
const ODD = [
  'null',
  'true',
  '-1',
  '0',
  '1e999',
  '9007199254740993',
  '""',
  '"\\ud800"',
  '"\\u0000\\u202e"',
  '"__proto__"',
  '"$..*"',
  '"$[*,*][*,*][*,*]"',
  '"(a*)*$"',
  '[]',
  '{}',
  '[[[[]]]]',
  '{"__proto__":{}}',
  '"client"',
  ',',
  '}',
]
const EXAMPLES = fixturePath('article').replace(/[^/]*$/, 'example-suite/captures/')
const GOLDENS = ['echo.golden.json', 'prices.golden.json'].map((name) =>
  readFileSync(EXAMPLES + name, 'utf8'),
)
const SCRIPTS = [
  readFileSync(`${EXAMPLES}prices.script.json`, 'utf8'),
  '{"seed":7,"start":"2026-01-01T00:00:00Z","snapLength":90,"connections":[{"client":{"address":"::1","port":5,"sequence":1},"at":1,"interval":0.1,"segmentSize":3,"handshake":{"deflate":{"clientMaxWindowBits":9},"subprotocols":["a"],"requestHeaders":{"X":["a",null]}},"steps":[{"from":"client","text":"hello, all of you","fragments":3,"mask":"01020304"},{"wait":1},{"from":"server","binary":"00ff","compress":true},{"from":"client","json":{"a":[1]}},{"from":"server","ping":"x","lengthBits":64},{"from":"client","frame":{"opcode":3,"hex":"00","payloadLength":"99"},"packets":{"lost":[1]}},{"from":"server","bytes":"8101","packets":{"join":true}},{"from":"server","text":"eight characters","packets":{"segmentSize":4,"overlap":2,"order":[2,1,4,3,5],"retransmitted":[1]}},{"from":"client","close":1000,"reason":"x"},{"from":"server","end":"reset"}]}]}',
]
const KEY_LOGS = tlsFixtureNames.flatMap((name) => {
  const path = fixtureKeyLog(name)
  return path === undefined ? [] : [{ capture: fixturePath(name), keys: readFileSync(path) }]
})
const folder = mkdtempSync(join(tmpdir(), 'framewalk-texts-'))

/** JSON with some of its tokens, or of its bytes, changed. */
export function mutatedJson(text: string, random: Random): string {
  if (random.chance(30)) return Buffer.from(withChangedBytes(Buffer.from(text), random)).toString()
  const tokens = text.match(TOKEN) ?? []
  for (let count = 1 + random.below(4); count > 0 && tokens.length > 0; count--) {
    const at = random.below(tokens.length)
    const action = random.below(6)
    if (action === 0) tokens.splice(at, 1)
    else if (action === 1) tokens.splice(at, 0, ...tokens.slice(at, at + random.below(40)))
    else if (action === 2) tokens[at] = tokens[random.below(tokens.length)]!
    else tokens[at] = random.oneOf(ODD)
  }
  return tokens.join(random.chance(90) ? '' : '\n')
}

/** What is read is a golden file, which is written and read back as it was; or one line says why it is none. */
export function fuzzGolden(random: Random): void {
  const golden = readOrRefuse(() => readGolden(mutatedJson(random.oneOf(GOLDENS), random), 'x.golden.json'))
  if (golden === undefined) return
  const text = writeGolden(golden)
  if (writeGolden(readGolden(text, 'x.golden.json')) !== text)
    throw new Error('a golden file is written as another')
}

/** What is read is a script, whose capture can be read; or one line says why it is none. */
export async function fuzzScript(random: Random): Promise<void> {
  const text = mutatedJson(random.oneOf(SCRIPTS), random)
  const capture = readOrRefuse(() => captureFromText(text, 'x.json', random.oneOf(['pcap', 'pcapng'])))
  if (capture !== undefined) await readCapture(capture)
}

/** A key log that is none is refused in one line; what there is in others of use is used. */
export async function fuzzKeyLog(random: Random): Promise<void> {
  const { capture, keys } = random.oneOf(KEY_LOGS)
  const path = join(folder, 'mutated.keys')
  writeFileSync(path, withChangedBytes(keys, random))
  checkRun(await run(['connections', '--keylog', path, capture]), [0, 2])
}

function readOrRefuse<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof InputError) || /[\n\r]/.test(error.message)) throw error
    return undefined
  }
}
