// Whatever a capture, a file name or an argument says, a terminal is shown it escaped and cut, and NDJSON spells it out.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { concat } from '../../src/base/bytes.ts'
import { Opcode } from '../../src/base/events.ts'
import { displayWidth } from '../../src/render/text/width.ts'
import { encodeFrame } from '../../src/websocket/encode.ts'
import { checkScreenText } from '../fuzz/checks.ts'
import { Talk, Tape } from '../hostile/tape.ts'
import { acceptFor } from '../support/builders/accept-for.ts'
import { u8, utf8 } from '../support/builders/packet-builder.ts'
import { type Run, run } from '../support/drivers/command.ts'

const ESCAPES = '\x1b[2J\x1b]0;owned\x07\x9b31m'
const BIDI = '\u202egnp.exe\u2066\u2069\u200f'
const LINES = 'one\r\ntwo\nthree\u2028four\u0085five'
const HIDDEN = 'nul\0 backspace\b\b\b delete\x7f zero\u200bwidth \ue000 \ufeff \u{e0041}'
const TEXTS = [ESCAPES, BIDI, LINES, HIDDEN, 'a\u0301'.repeat(50), '\u0300'.repeat(3000), '👩‍👩‍👧'.repeat(20)]
/** What UTF-8 makes of lone surrogates: no UTF-8. */
const SURROGATE = u8(0xed, 0xa0, 0x80, 0x41)
const KEY = 'dGhlIHNhbXBsZSBub25jZQ=='
const LONG = 'A\x1b[31m'.repeat(210_000)

/** Raw in NDJSON are only line ends and what no reader acts on. */
const UNSPELLED = /(?!\n|\ufe0f)[\p{Cc}\p{Bidi_Control}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u

let folder: string
let capture: string
/** With line breaks too, which no file system forbids. */
const NAME = `\x1b[31m\u202eevil\nname\x07.pcap`

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'framewalk-hostile-'))
  capture = join(folder, NAME)
  writeFileSync(capture, hostileCapture())
})
afterAll(() => rmSync(folder, { recursive: true }))

describe('hostile text on a terminal', () => {
  const commands = [
    ['frames'],
    ['frames', '--hex'],
    ['messages'],
    ['connections'],
    ...Array.from({ length: 14 }, (_, i) => ['walk', '--frame', String(i + 1), '--rows', '5000']),
    ['walk', '--frame', '1-14', '--lang', 'zh'],
  ]
  for (const words of commands) {
    it(`hostile text is escaped and cut by ${words.join(' ')}`, async () => {
      for (const columns of words[0] === 'walk' ? [80] : [40, 200]) {
        for (const color of [false, true]) {
          const ran = await run([...words, capture], { columns, isTTY: color })
          expect(ran.status).toBe(0)
          checkScreenText(ran.stdout + ran.stderr, color)
          if (words[0] !== 'walk') expectWidth(ran, columns)
          expect(ran.stdout.length).toBeLessThan(400_000)
        }
      }
    })
  }

  it('hostile text stays readable where it is escaped', async () => {
    const { stdout } = await run(['frames', capture], { columns: 200 })
    expect(stdout).toContain('\\x1b[2J\\x1b]0;owned\\x07\\u{9b}31m')
    expect(stdout).toContain('\\u{202e}gnp.exe\\u{2066}\\u{2069}\\u{200f}')
    expect(stdout).toContain('one\\r\\ntwo\\nthree\\u{2028}four\\u{85}five')
    expect(stdout).toContain('nul\\x00 backspace\\x08\\x08\\x08 delete\\x7f')
    expect(stdout).toContain('zero\\u{200b}width')
    expect(stdout).toMatch(/URL +ws:\/\/\\x00host\/\\x1b\[2J/)
  })

  it('hostile text is escaped in what the tool says of files, options and words', async () => {
    const missing = join(folder, `no${NAME}`)
    const text = join(folder, `text${NAME}`)
    const cut = join(folder, `cut${NAME}`)
    writeFileSync(text, `${ESCAPES}${BIDI}`)
    writeFileSync(cut, hostileCapture().subarray(0, -3))
    const wrong: [words: string[], status: number][] = [
      [[missing], 2],
      [[text], 2],
      [['walk', missing], 2],
      [['walk', `${ESCAPES}c1 85`], 2],
      [['walk', '--frame', '99', capture], 2],
      [['--frame', ESCAPES, capture], 2],
      [['--opcode', BIDI, capture], 2],
      [['--format', ESCAPES, capture], 2],
      [[`--${ESCAPES}`, capture], 2],
      [['--limit-findings', ESCAPES, capture], 2],
      [[cut], 3],
    ]
    for (const [words, status] of wrong) {
      const ran = await run(words)
      expect(ran.status, JSON.stringify(words)).toBe(status)
      checkScreenText(ran.stdout + ran.stderr, false)
      if (status === 2) expect(ran.stderr.trimEnd()).not.toContain('\n')
    }
  })
})

describe('hostile text in NDJSON', () => {
  it('NDJSON spells hostile text out, and read back it is what it was', async () => {
    for (const command of ['frames', 'messages', 'connections']) {
      const { stdout } = await run([command, '--format', 'ndjson', capture])
      expect(UNSPELLED.exec(stdout)).toBeNull()
      const records = stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line))
      expect(records[0].files[0].name).toBe(capture)
      const opened = records.find(({ type }) => type === 'connection')
      expect(opened.url).toBe(`ws://\0host/${LATIN1_ESCAPES}`)
      expect(opened.handshake.request.headers).toContainEqual(['X-Long', LONG])
      if (command === 'connections') continue
      const texts = records.filter(({ type, text }) => type === 'message' && text !== undefined)
      expect(texts.map(({ text }) => text)).toEqual(TEXTS)
    }
    const { stdout } = await run(['walk', '--format', 'ndjson', '--frame', '2', capture])
    expect(UNSPELLED.exec(stdout)).toBeNull()
  })
})

/** Heads are one character a byte: C1 controls in them are not two bytes as in UTF-8. */
const LATIN1_ESCAPES = '\x1b[2J\x9b31m\x07'

function hostileCapture(): Uint8Array {
  const tape = new Tape()
  const talk = new Talk(tape, 0).open()
  const says = (from: 'client' | 'server', text: string) => {
    const bytes = Buffer.from(text, 'latin1')
    for (let at = 0; at < bytes.length; at += 30_000) talk.says(from, bytes.subarray(at, at + 30_000))
  }
  const shared = `Upgrade: websocket\r\nConnection: Upgrade\r\nX-Bidi: ${Buffer.from(BIDI).toString('latin1')}\r\n`
  says(
    'client',
    `GET /${LATIN1_ESCAPES} HTTP/1.1\r\nHost: \0host\r\n${shared}X-Long: ${LONG}\r\nSec-WebSocket-Version: 13\x1b[1m\r\nSec-WebSocket-Key: ${KEY}\r\nSec-WebSocket-Protocol: a\x1b[31m\r\n\r\n`,
  )
  says(
    'server',
    `HTTP/1.1 101 \x1b[5mSwitching\r\n${shared}Sec-WebSocket-Accept: ${acceptFor(KEY)}\x9b\r\nSec-WebSocket-Protocol: b\x1b[32m${LONG}\r\nSec-WebSocket-Extensions: \x1b[33m; ${LONG}\r\n\r\n`,
  )
  const frame = (opcode: number, payload: Uint8Array) => encodeFrame({ fin: true, opcode, payload })
  for (const text of TEXTS) talk.says('server', frame(Opcode.text, utf8(text)))
  const reason = concat([u8(0x0f, 0xa0), utf8(ESCAPES), utf8(BIDI), SURROGATE])
  for (const payload of [
    frame(Opcode.text, SURROGATE),
    frame(Opcode.text, Buffer.from(ESCAPES, 'latin1')),
    frame(Opcode.binary, utf8(ESCAPES)),
    frame(Opcode.ping, utf8(ESCAPES)),
    frame(Opcode.pong, utf8(BIDI)),
    encodeFrame({ fin: false, opcode: Opcode.continuation, payload: utf8(LINES) }),
    frame(Opcode.close, reason),
  ])
    talk.says('server', payload)
  talk.close()
  return tape.take()
}

function expectWidth({ stdout }: Run, columns: number): void {
  for (const line of stdout.replaceAll(/\x1b\[\d+m/g, '').split('\n')) {
    expect(displayWidth(line), line).toBeLessThanOrEqual(columns)
  }
}
