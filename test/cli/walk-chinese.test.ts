// framewalk walk --lang zh: the walkthrough in Simplified Chinese, complete.
import { describe, expect, it } from 'vitest'
import { displayWidth } from '../../src/render/text/width.ts'
import { run } from '../support/drivers/command.ts'
import { fixtureNames, fixturePath } from '../support/drivers/fixtures.ts'

const SUBJECTS: Readonly<Record<string, readonly string[]>> = {
  client: ['c1', '85', '43', '02', '0a', 'cf', '71', '36', '3e', 'cb', '43'],
  server: ['c1 18 7a 36 a7 f7 69 d7 c2 a7 33 57 3c 9d 3d ef e9 ae 29 56 0a 86 86 86 00 00'],
  'server-as-printed': ['c1 18 7a 36 a7 f7 69 d7 c2 a7 33 57 3c 9d 3d e9 ae 29 56 0a 86 86 86 00 00'],
  close: [fixturePath('article'), '--opcode', 'close'],
  fragment: [fixturePath('fragments-and-pings'), '--opcode', 'continuation'],
  violation: ['f3', '05', '01'],
}
/** Two words of English prose. Names of fields, of findings and of protocols are not prose. */
const ENGLISH = /(?<![\w-])(?:[a-z]{3,} [a-z]{2,}|[a-z]{2,} [a-z]{3,})(?![\w-])/
/** A line of the hex dump: its characters are the capture's. */
const DUMP = /^[0-9a-f]{4} {2}/
const COLORS = /\x1b\[\d+m/g

async function walk(words: readonly string[], columns: number, ...more: string[]): Promise<string> {
  const { status, stdout, stderr } = await run(['walk', ...words, '--lang', 'zh', ...more], { columns })
  expect([status, stderr]).toEqual([0, ''])
  return stdout
}

describe.each(Object.entries(SUBJECTS))('%s', (name, words) => {
  it.each([80, 160])('the Chinese walkthrough reads as it is in the file, at %i columns', async (columns) => {
    const text = await walk(words, columns)
    await expect(text).toMatchFileSnapshot(`../render/expected/walk-zh-${name}-${columns}.txt`)
  })

  it('the Chinese walkthrough says the same with colours and without', async () => {
    const colored = await walk(words, 60, '--color')
    expect(colored).toContain('\x1b[1m')
    expect(colored.replaceAll(COLORS, '')).toBe(await walk(words, 60))
  })
})

it('the Chinese walkthrough has no English, and no line wider than the terminal, for every frame of every fixture', async () => {
  let walked = 0
  for (const name of fixtureNames) {
    const words = ['walk', fixturePath(name), '--frame', '1-40', '--connection', '1-40', '--lang', 'zh']
    const { stdout } = await run([...words, '--rows', '40'], { columns: 80 })
    for (const frame of stdout.split(/^(?=连接 )/m)) {
      walked++
      // What the frame says is the capture's, not the catalogue's.
      const said = /^内容$[\s\S]*?(?=^存在的问题$)/m
      for (const line of frame.replace(said, '').split('\n')) {
        if (!DUMP.test(line)) expect(line).not.toMatch(ENGLISH)
        expect(displayWidth(line), line).toBeLessThanOrEqual(80)
        expect(line).not.toMatch(/^ *[，。；：？！）」』】》]/)
      }
    }
  }
  expect(walked).toBeGreaterThan(100)
})

it('the walkthrough is English unless told otherwise, whatever LANG says, and knows no third language', async () => {
  const asked = await run(['walk', ...SUBJECTS['client']!], { env: { LANG: 'zh_CN.UTF-8' } })
  expect(asked.stdout).toContain('What it says')
  const french = await run(['walk', ...SUBJECTS['client']!, '--lang', 'fr'])
  expect([french.status, french.stdout]).toEqual([2, ''])
  expect(french.stderr).toMatch(/^framewalk: .*lang.*\n$/s)
})
