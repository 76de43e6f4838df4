// Characters that a reader does not see, one by one, in every output: spelled out, and read back as what they were.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { concat } from '../../src/base/bytes.ts'
import { Opcode } from '../../src/base/events.ts'
import { isUnseen } from '../../src/base/unseen-characters.ts'
import { shownText } from '../../src/page/captured-text.ts'
import { escapeText } from '../../src/render/text/escape.ts'
import { quoteJson, stringifyJson } from '../../src/render/text/json-text.ts'
import { encodeFrame } from '../../src/websocket/encode.ts'
import { upgrade } from '../hostile/captures.ts'
import { Talk, Tape } from '../hostile/tape.ts'
import { u8, utf8 } from '../support/builders/packet-builder.ts'
import { run } from '../support/drivers/command.ts'
import { skipWithoutBuild } from '../support/drivers/requirements.ts'

/** What Unicode lets a screen leave out, controls, what turns text around, and line separators. The emoji style of a character stays. */
const UNICODE =
  /(?!\n|\ufe0f)[\p{Default_Ignorable_Code_Point}\p{Bidi_Control}\p{Cc}\p{Zl}\p{Zp}\ufff9-\ufffb]/u
/** Ranges that hide text, whatever a version of Unicode says of them. */
const RANGES = [
  [0xad, 0xad],
  [0x200b, 0x200f],
  [0x2060, 0x2064],
  [0xfeff, 0xfeff],
  [0xe0000, 0xe007f],
] as const
const ALL: readonly number[] = Array.from({ length: 0x110000 }, (_, codePoint) => codePoint).filter(
  (codePoint) =>
    UNICODE.test(String.fromCodePoint(codePoint)) ||
    RANGES.some(([first, last]) => codePoint >= first && codePoint <= last),
)
/** Texts of a few of them each, between letters. */
const TEXTS = Array.from({ length: Math.ceil(ALL.length / 16) }, (_, i) =>
  ALL.slice(i * 16, (i + 1) * 16)
    .map((codePoint) => `a${String.fromCodePoint(codePoint)}`)
    .join(''),
)
const name = (codePoint: number) => `U+${codePoint.toString(16).toUpperCase().padStart(4, '0')}`
const unseenIn = (text: string) =>
  [...text]
    .map((character) => character.codePointAt(0)!)
    .filter((codePoint) => ALL_SET.has(codePoint))
    .map(name)
const ALL_SET = new Set(ALL)

let folder: string
let capture: string

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'framewalk-unseen-'))
  capture = join(folder, 'unseen.pcap')
  const tape = new Tape()
  const talk = upgrade(new Talk(tape, 0), 'X-Soft: soft\u00adhyphen\r\n')
  for (const text of TEXTS)
    talk.says('server', encodeFrame({ fin: true, opcode: Opcode.text, payload: utf8(text) }))
  // A piece of the writer's may end anywhere in a long one.
  for (const shift of ['', 'x', 'xy', 'xyz'])
    talk.says(
      'server',
      encodeFrame({ fin: true, opcode: Opcode.text, payload: utf8(shift + TEXTS.join('')) }),
    )
  for (const [i, text] of TEXTS.entries())
    talk.says('client', encodeFrame({ fin: true, opcode: Opcode.ping, maskingKey: i, payload: utf8(text) }))
  const reason = utf8(String.fromCodePoint(...RANGES.map(([first]) => first)))
  talk.says('server', encodeFrame({ fin: true, opcode: Opcode.close, payload: concat([u8(3, 232), reason]) }))
  writeFileSync(capture, tape.take())
})
afterAll(() => rmSync(folder, { recursive: true }))

describe('characters that are not seen', () => {
  it('unseen characters are those that Unicode names, and no others', () => {
    const listed = Array.from({ length: 0x110000 }, (_, codePoint) => codePoint).filter(
      (codePoint) => codePoint >= 0x7f && isUnseen(codePoint),
    )
    expect(listed.map(name)).toEqual(ALL.filter((codePoint) => codePoint >= 0x7f).map(name))
  })

  it('each unseen character is spelled out in a table’s text, in a page’s and in JSON', () => {
    for (const codePoint of ALL) {
      const text = `a${String.fromCodePoint(codePoint)}b`
      const json = [quoteJson(text), stringifyJson([text])]
      for (const shown of [escapeText(text), shownText(text), ...json])
        expect(unseenIn(shown), name(codePoint)).toEqual([])
      expect(json.map((each) => [JSON.parse(each)].flat()[0])).toEqual([text, text])
    }
  })

  it.each([
    [['frames']],
    [['frames', '--hex']],
    [['messages']],
    [['connections']],
    [['walk', '--frame', '1-600', '--rows', '9']],
    [['frames', '--format', 'ndjson']],
    [['messages', '--format', 'ndjson']],
    [['connections', '--format', 'ndjson']],
    [['walk', '--format', 'ndjson', '--frame', '1-600']],
  ])('no unseen character is printed by %j', async (words) => {
    const { status, stdout, stderr } = await run([...words, capture], { columns: 200 })
    expect([status, stderr]).toEqual([0, ''])
    expect(unseenIn(stdout)).toEqual([])
    expect(stdout.length).toBeGreaterThan(300)
  })

  it('unseen characters are read back from NDJSON as they were', async () => {
    const { stdout } = await run(['messages', '--format', 'ndjson', capture])
    const records = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    const texts = records.filter(({ type }) => type === 'message').map(({ text }) => text)
    const long = ['', 'x', 'xy', 'xyz'].map((shift) => shift + TEXTS.join(''))
    expect(texts).toEqual([...TEXTS, ...long])
  })

  it('no unseen character is in an error message', async () => {
    for (const text of TEXTS) {
      if (text.includes('\0')) continue
      const { status, stdout, stderr } = await run([join(folder, text)])
      expect([status, stdout]).toEqual([2, ''])
      expect(unseenIn(stderr)).toEqual([])
    }
  })

  it.skipIf(skipWithoutBuild())('no unseen character of a capture is in the file of a report', async () => {
    const file = join(folder, 'report.html')
    const empty = join(folder, 'empty.html')
    const tape = new Tape()
    upgrade(new Talk(tape, 0))
    writeFileSync(join(folder, 'empty.pcap'), tape.take())
    expect((await run(['report', capture, '-o', file])).status).toBe(0)
    expect((await run(['report', join(folder, 'empty.pcap'), '-o', empty])).status).toBe(0)
    // The page's own script has some.
    expect(unseenIn(readFileSync(file, 'utf8'))).toEqual(unseenIn(readFileSync(empty, 'utf8')))
  })
})
