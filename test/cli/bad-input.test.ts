// What the user can mend is one line on standard error with the cure, and the right exit status; never a stack trace.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { run } from '../support/drivers/command.ts'
import { fixturePath } from '../support/drivers/fixtures.ts'

let folder: string
const file = (name: string, bytes: string | Uint8Array): string => {
  const path = join(folder, name)
  writeFileSync(path, bytes)
  return path
}
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'framewalk-bad-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

describe('an input that cannot be read', () => {
  const cases: [what: string, path: () => string, says: RegExp][] = [
    ['an empty file', () => file('empty.pcap', ''), /empty/],
    ['a text file named .pcap', () => file('text.pcap', 'Hello, this is no capture.\n'), /is not a capture/],
    [
      'a file cut inside its header',
      () => file('short.pcap', readFileSync(fixturePath('article-uncompressed')).subarray(0, 20)),
      /cut|header/,
    ],
    ['a directory', () => folder, /directory/],
    ['a missing file', () => join(folder, 'missing.pcap'), /no such file/],
    [
      'random bytes',
      () =>
        file(
          'random.pcap',
          Uint8Array.from({ length: 5000 }, (_, i) => (i * 7919 + 13) % 251),
        ),
      /is not a capture/,
    ],
    ['a name with an escape sequence', () => join(folder, '\x1b[2Jx.pcap'), /\\x1b\[2J/],
  ]
  it.each(cases)('%s gives exit 2, one line, and nothing on standard output', async (_, path, says) => {
    for (const format of ['table', 'ndjson']) {
      const { status, stdout, stderr } = await run([path(), '--format', format])
      expect(status).toBe(2)
      expect(stdout).toBe('')
      expect(stderr).toMatch(/^framewalk: [^\n]+\n$/)
      expect(stderr).toMatch(says)
      expect(stderr).not.toMatch(/\x1b|\bat .*\.ts/)
    }
  })

  it('one bad file among good ones gives exit 2 before anything is printed', async () => {
    const { status, stdout, stderr } = await run([fixturePath('article'), file('no.pcap', 'nonsense')])
    expect([status, stdout]).toEqual([2, ''])
    expect(stderr).toContain('no.pcap')
  })
})

describe('an input that is damaged', () => {
  it('a cut-off file gives what could be decoded, and exit 3', async () => {
    const whole = readFileSync(fixturePath('article-uncompressed'))
    const { status, stdout } = await run([
      file('cut.pcap', whole.subarray(0, whole.length - 30)),
      '--format',
      'ndjson',
    ])
    expect(status).toBe(3)
    const records = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(records.filter(({ type }) => type === 'message')).not.toHaveLength(0)
    expect(records.find(({ code }) => code === 'truncated-capture')?.message).toMatch(/\d/)
  })

  it('a record length of 0xFFFFFFF0 gives the packets before it, and exit 3', async () => {
    const whole = readFileSync(fixturePath('article-uncompressed'))
    const record = new Uint8Array(16).fill(0)
    new DataView(record.buffer).setUint32(8, 0xfffffff0, true)
    const path = file('huge.pcap', Buffer.concat([whole, record, new Uint8Array(100)]))
    const { status, stdout } = await run([path, '--format', 'ndjson'])
    expect(status).toBe(3)
    expect(stdout).toContain('"type":"message"')
    expect(stdout).toContain('truncated-capture')
  })

  it('a capture without packets gives the totals, and exit 0', async () => {
    const header = readFileSync(fixturePath('article-uncompressed')).subarray(0, 24)
    const { status, stdout, stderr } = await run([file('none.pcap', header)])
    expect([status, stderr]).toEqual([0, ''])
    expect(stdout).toContain('0 packets')
  })
})

describe('words that make no sense', () => {
  it.each([
    [[], /no capture was named/],
    [['--frame', '0', 'x.pcap'], /--frame/],
    [['x.pcap', '--opcode', 'txt'], /--opcode/],
    [['x.pcap', '--decode-as', '70000'], /--decode-as/],
    [['x.pcap', '--limit-message-size', '0'], /--limit-message-size/],
    [['x.pcap', '--frmae', '1'], /frmae/],
    [['x.pcap', '--format', 'xml'], /format/],
    [['walk'], /nothing to walk/],
    [['walk', 'c1 8g'], /hex/],
    [['-', '-'], /once/],
  ])('the words %j give exit 2 and one line', async (words, says) => {
    const { status, stdout, stderr } = await run(words)
    expect([status, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(/^framewalk: [^\n]+\n$/)
    expect(stderr).toMatch(says)
  })
})
