// framewalk check and framewalk diff, as a user calls them.
import { spawnSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { smallFrames } from '../bench/captures.ts'
import { type Exchange, recordExchange, SOME_CHANCE } from '../support/builders/recorded-exchange.ts'
import { storedZstd } from '../support/builders/zstd-frames.ts'
import { run } from '../support/drivers/command.ts'
import { fixturePath } from '../support/drivers/fixtures.ts'
import { MAIN, skipWithoutBuild } from '../support/drivers/requirements.ts'

const EXCHANGE: Exchange = {
  target: '/prices',
  messages: [
    { from: 'client', text: '{"subscribe":"gold"}' },
    { from: 'server', text: '{"price":1.5,"timestamp":1700000000}' },
    { from: 'client', text: 'thank you' },
  ],
  close: { by: 'client', code: 1000, reason: '' },
}

const withPrice = (price: number, timestamp = 1_700_000_000): Exchange => ({
  ...EXCHANGE,
  messages: EXCHANGE.messages.with(1, { from: 'server', text: JSON.stringify({ price, timestamp }) }),
})

const ANOTHER_TIME = {
  ...SOME_CHANCE,
  client: { address: '10.9.9.9', port: 5555 },
  seed: 99,
  seconds: 1_800_000_000,
  segmentSize: 7,
}

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'framewalk-check-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const file = (name: string, bytes: string | Uint8Array): string => {
  mkdirSync(join(folder, name, '..'), { recursive: true })
  writeFileSync(join(folder, name), bytes)
  return join(folder, name)
}
const read = (name: string): string => readFileSync(join(folder, name), 'utf8')
/** Writes the golden file of an exchange, and then another capture in the place of the first. */
const golden = async (then: Uint8Array, first = recordExchange(EXCHANGE)): Promise<string> => {
  const path = file('chat.pcap', first)
  expect((await run(['check', path, '--update'])).status).toBe(0)
  return file('chat.pcap', then)
}

describe('framewalk check', () => {
  it('check without a golden file fails, says how to make one, and writes nothing', async () => {
    const path = file('chat.pcap', recordExchange(EXCHANGE))
    for (const env of [{}, { CI: 'true' }] as Record<string, string>[]) {
      const { status, stdout } = await run(['check', path], { env })
      expect(status).toBe(1)
      expect(stdout).toMatch(/no golden file chat\.golden\.json/)
      expect(stdout).toMatch(/framewalk check --update/)
    }
    expect(readdirSync(folder)).toEqual(['chat.pcap'])
  })

  it('check of the same exchange at another time says equal', async () => {
    const path = await golden(recordExchange(EXCHANGE, ANOTHER_TIME))
    const { status, stdout, stderr } = await run(['check', path])
    expect([status, stderr]).toEqual([0, ''])
    expect(stdout).toBe(`equal      ${path}: equal to chat.golden.json\n1 capture: all well\n`)
  })

  it('check of another price names the path, both values, the frame and the packet, and writes nothing', async () => {
    const path = await golden(recordExchange(withPrice(1.6)))
    const before = read('chat.golden.json')
    const { status, stdout } = await run(['check', path])
    expect(status).toBe(1)
    expect(stdout).toContain(
      '    message 2 from server changed (frame 2, packet 7)\n      $.price\n      - 1.5\n      + 1.6\n',
    )
    expect(stdout).toContain('1 capture: 1 failed')
    expect(read('chat.golden.json')).toBe(before)
    expect(readdirSync(folder)).toEqual(['chat.golden.json', 'chat.pcap'])
  })

  it('check is in colour on a terminal, and not elsewhere', async () => {
    const path = await golden(recordExchange(withPrice(1.6)))
    expect((await run(['check', path], { isTTY: true })).stdout).toContain('\x1b[31m- 1.5')
    expect((await run(['check', path], { isTTY: true, env: { NO_COLOR: '1' } })).stdout).not.toContain('\x1b')
    expect((await run(['check', path])).stdout).not.toContain('\x1b')
  })

  it('check --update says what changed, and keeps the rules', async () => {
    const path = await golden(recordExchange(withPrice(1.6, 1_800_000_000)))
    const edited = JSON.parse(read('chat.golden.json'))
    edited.rules.ignore = ['$.timestamp']
    file('chat.golden.json', JSON.stringify(edited))
    const { status, stdout } = await run(['check', path, '--update'])
    expect(status).toBe(0)
    expect(stdout).toMatch(/^updated .*chat\.golden\.json updated, 1 difference\n/)
    expect(stdout).toMatch(/\$\.price\n {6}- 1\.5\n {6}\+ 1\.6\n/)
    const updated = JSON.parse(read('chat.golden.json'))
    expect(updated.rules.ignore).toEqual(['$.timestamp'])
    expect(updated.connections[0].messages[1].json).toEqual({ price: 1.6, timestamp: '<ignored>' })
    expect((await run(['check', path, '--update'])).stdout).toMatch(/^unchanged/)
    expect((await run(['check', file('chat.pcap', recordExchange(withPrice(1.6, 7)))])).status).toBe(0)
  })

  it('rules work as soon as they are written into the golden file', async () => {
    const path = await golden(recordExchange(withPrice(1.5, 42)))
    expect((await run(['check', path])).status).toBe(1)
    file('chat.golden.json', read('chat.golden.json').replace('"ignore": []', '"ignore": ["$.timestamp"]'))
    expect((await run(['check', path])).status).toBe(0)
  })

  it('--level frames keeps the frames, and the golden file remembers its level', async () => {
    const path = file('chat.pcap', recordExchange(EXCHANGE))
    await run(['check', path, '--update', '--level', 'frames'])
    expect(JSON.parse(read('chat.golden.json')).connections[0].frames[0]).toEqual({
      from: 'client',
      opcode: 'text',
      fin: true,
      masked: true,
      length: 20,
    })
    file('chat.pcap', recordExchange(EXCHANGE, { ...SOME_CHANCE, fragmentSize: 8 }))
    const { status, stdout } = await run(['check', path])
    expect(status).toBe(1)
    expect(stdout).toMatch(
      /frame 1 from client changed \(frame 1, packet 6\)\n {6}fin\n {6}- true\n {6}\+ false\n/,
    )
    const other = await run(['check', path, '--level', 'messages'])
    expect(other.status).toBe(2)
    expect(other.stderr).toMatch(/chat\.golden\.json: level: is frames; [^\n]+\n$/)
    expect((await run(['check', path, '--level', 'messages', '--update'])).status).toBe(0)
    expect(JSON.parse(read('chat.golden.json')).level).toBe('messages')
  })

  it('check of a folder reads each capture in it, packed or not, in folders of its own or not', async () => {
    const bytes = recordExchange(EXCHANGE)
    file('b.pcap', bytes)
    file('deep/er/a.pcap.gz', gzipSync(bytes))
    file('deep/z.pcap.zst', storedZstd(bytes))
    file('notes.txt', 'no capture')
    file('node_modules/x.pcap', bytes)
    cpSync(fixturePath('article'), join(folder, 'article.pcapng'))
    expect((await run(['check', folder, '--update'])).status).toBe(0)
    for (const name of ['b', 'deep/er/a', 'deep/z', 'article'])
      expect(existsSync(join(folder, `${name}.golden.json`)), name).toBe(true)
    expect(existsSync(join(folder, 'node_modules/x.golden.json'))).toBe(false)
    const { status, stdout } = await run(['check', folder])
    expect(status).toBe(0)
    expect(stdout.match(/^equal/gm)).toHaveLength(4)
  })

  it('a cut-off capture differs: exit 1, and 0 once its golden file says so', async () => {
    const whole = recordExchange(EXCHANGE)
    const path = await golden(whole)
    writeFileSync(path, whole.subarray(0, -10))
    const { status, stdout } = await run(['check', path])
    expect(status).toBe(1)
    expect(stdout).toContain('finding truncated-capture was added')
    expect((await run(['check', path, '--update'])).status).toBe(0)
    expect(read('chat.golden.json')).toContain('"truncated-capture"')
    expect((await run(['check', path])).status).toBe(0)
  })

  it('check --keylog decrypts what is compared', async () => {
    cpSync(fixturePath('tls-chacha20'), join(folder, 'chat.pcap'))
    const keys = fixturePath('tls-chacha20').replace('.pcap', '.keys')
    await run(['check', folder, '--update', '--keylog', keys])
    expect(JSON.parse(read('chat.golden.json')).connections[0].messages.length).toBeGreaterThan(0)
    expect((await run(['check', folder, '--keylog', keys])).status).toBe(0)
    expect((await run(['check', folder])).status).toBe(1)
  })

  it('check --conform fails on a violation, and --allow lets it pass', async () => {
    const bad = { from: 'client', frame: { fin: true, opcode: 3, payload: new Uint8Array(0) } } as const
    const path = file('chat.pcap', recordExchange({ ...EXCHANGE, messages: [bad, ...EXCHANGE.messages] }))
    const { status, stdout } = await run(['check', path, '--conform'])
    expect(status).toBe(1)
    expect(stdout).toMatch(
      /^VIOLATIONS .*1 violation of the RFCs\n {4}connection 1, frame 1, packet 6: reserved-opcode: /,
    )
    const allowed = await run(['check', path, '--conform', '--allow', 'reserved-opcode'])
    expect(allowed.status).toBe(0)
    expect(
      (await run(['check', path, '--conform', '--allow', 'reserved-opcode'], { env: { CI: '1' } })).status,
    ).toBe(1)
    await run(['check', path, '--update'])
    expect((await run(['check', path])).status).toBe(0)
    expect((await run(['check', path, '--conform'])).status).toBe(1)
    expect(readdirSync(folder)).toEqual(['chat.golden.json', 'chat.pcap'])
  })

  it('--reporter junit, github and json print only the report on standard output', async () => {
    const path = await golden(recordExchange(withPrice(1.6)))
    const junit = await run(['check', path, '--reporter', 'junit'])
    expect(junit.status).toBe(1)
    expect(junit.stdout).toMatch(
      /^<\?xml [\s\S]*<failure type="different" message="1 difference from chat\.golden\.json">/,
    )
    expect((await run(['check', path, '--reporter', 'github'])).stdout).toMatch(
      /^::error file=.*chat\.golden\.json,/,
    )
    expect(JSON.parse((await run(['check', path, '--reporter', 'json'])).stdout).results[0].status).toBe(
      'different',
    )
  })
})

describe('what check cannot use: exit 2, one line with the name and the cure', () => {
  const line = (says: RegExp): RegExp => new RegExp(`^framewalk: [^\\n]*${says.source}[^\\n]*\\n$`)

  it('a golden file of a later schema, broken, or with a bad rule, is refused, and --update leaves it alone', async () => {
    const path = await golden(recordExchange(EXCHANGE))
    const good = read('chat.golden.json')
    const cases: [text: string, says: RegExp][] = [
      [good.replace('"schema": 1', '"schema": 9'), /chat\.golden\.json: schema: is 9, .*update framewalk/],
      [good.replace('"level"', 'level'), /chat\.golden\.json:3:3: not JSON/],
      [
        good.replace('"ignore": []', '"ignore": ["$.["]'),
        /chat\.golden\.json: rules\.ignore\[0\]: .*write one as in/,
      ],
      [good.replace('"replace": []', '"replace": [{ "pattern": "(", "with": "" }]'), /rules\.replace\[0\]/],
    ]
    for (const [text, says] of cases) {
      file('chat.golden.json', text)
      for (const words of [[], ['--update']]) {
        const { status, stderr } = await run(['check', path, ...words])
        expect(status).toBe(2)
        expect(stderr).toMatch(line(says))
        expect(read('chat.golden.json')).toBe(text)
      }
    }
  })

  it('a golden file may have a byte order mark and carriage returns', async () => {
    const path = await golden(recordExchange(EXCHANGE))
    file('chat.golden.json', `\ufeff${read('chat.golden.json').replaceAll('\n', '\r\n')}`)
    expect((await run(['check', path])).status).toBe(0)
  })

  it('a file that is missing or not a capture is named, and the others are checked all the same', async () => {
    const path = await golden(recordExchange(EXCHANGE))
    const { status, stdout, stderr } = await run([
      'check',
      join(folder, 'gone.pcap'),
      path,
      file('no.pcap', 'nothing'),
    ])
    expect(status).toBe(2)
    expect(stdout).toMatch(/^UNREADABLE .*gone\.pcap[\s\S]*^equal .*chat\.pcap[\s\S]*^UNREADABLE .*no\.pcap/m)
    expect(stderr).toMatch(
      /^framewalk: [^\n]*gone\.pcap: no such file[^\n]*\nframewalk: [^\n]*no\.pcap[^\n]*\n$/,
    )
  })

  it.each<[string, () => string[], RegExp]>([
    ['no capture', () => ['check'], /no capture was named/],
    ['an empty folder', () => ['check', folder], /no captures in it/],
    [
      'a golden file',
      () => ['check', file('a.golden.json', '{}')],
      /a\.golden\.json: is a golden file; name its capture/,
    ],
    ['standard input', () => ['check', '-'], /standard input has no golden file/],
    [
      'two captures with one golden file',
      () => ['check', file('a.pcap', ''), file('a.pcapng', '')],
      /same golden file as .*a\.pcap/,
    ],
    [
      'an unknown code',
      () => ['check', file('a.pcap', ''), '--conform', '--allow', 'nonsense'],
      /nonsense is not the code of a violation; there are reserved-opcode/,
    ],
    [
      'a warning that is allowed',
      () => ['check', file('a.pcap', ''), '--conform', '--allow', 'no-close-frame'],
      /no-close-frame is not the code of a violation/,
    ],
    [
      '--allow without --conform',
      () => ['check', file('a.pcap', ''), '--allow', 'reserved-opcode'],
      /--allow goes with --conform/,
    ],
    ['an unknown reporter', () => ['check', file('a.pcap', ''), '--reporter', 'html'], /reporter/],
    [
      'a level without a word',
      () => ['check', file('a.pcap', ''), '--level'],
      /Not enough arguments following: level/,
    ],
    ['a filter of other commands', () => ['check', file('a.pcap', ''), '--opcode', 'text'], /opcode/],
    [
      'one capture for diff',
      () => ['diff', file('a.pcap', '')],
      /two captures or golden files .*1 were named/,
    ],
    [
      'a missing golden file for diff',
      () => ['diff', join(folder, 'x.golden.json'), fixturePath('article')],
      /x\.golden\.json: no such file/,
    ],
  ])('%s is refused', async (_, words, says) => {
    const { status, stdout, stderr } = await run(words())
    expect([status, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(line(says))
  })
})

describe('the bound of a comparison', () => {
  it('check and diff end with one line if a side takes more than --limit-compared, and go on if it is raised', async () => {
    const capture = file('bound.pcap', recordExchange(EXCHANGE))
    for (const words of [
      ['check', '--update', capture],
      ['diff', capture, capture],
    ]) {
      const small = await run([...words, '--limit-compared', '1000'])
      expect([small.status, small.stderr]).toEqual([2, expect.stringMatching(/raise --limit-compared\n$/)])
      expect(existsSync(join(folder, 'bound.golden.json'))).toBe(false)
    }
    expect((await run(['check', '--update', capture, '--limit-compared', '100000'])).status).toBe(0)
  })
})

describe.skipIf(skipWithoutBuild())('a capture that holds more than can be compared', () => {
  it('a capture too large to be compared ends with one line, before memory does', async () => {
    const capture = join(folder, 'large.pcap')
    await smallFrames(capture, 'pcap', 130_000)
    const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, 'check', '--update', capture], {
      encoding: 'utf8',
      env: { ...process.env, NODE_OPTIONS: '--max-old-space-size=128 --max-semi-space-size=16' },
    })
    expect(stderr).toMatch(
      /^framewalk: .*large\.pcap: holds more than \d+ MiB to be compared; compare a part of it [^\n]+\n$/,
    )
    expect(stdout).toContain('UNREADABLE')
    expect(status).toBe(2)
    expect(existsSync(join(folder, 'large.golden.json'))).toBe(false)
  })
})

describe('framewalk diff', () => {
  it('diff of two captures says what changed from the first to the second', async () => {
    const [a, b] = [
      file('a.pcap', recordExchange(EXCHANGE)),
      file('b.pcap', recordExchange(withPrice(2), ANOTHER_TIME)),
    ]
    const { status, stdout } = await run(['diff', a, b])
    expect(status).toBe(1)
    expect(stdout).toMatch(/^1 difference .*a\.pcap → .*b\.pcap\n[\s\S]*\$\.price\n {6}- 1\.5\n {6}\+ 2\n$/)
    const same = await run(['diff', a, a, '--level', 'frames'])
    expect(same).toMatchObject({ status: 0, stdout: `equal ${a} → ${a}\n` })
    expect(JSON.parse((await run(['diff', a, b, '--reporter', 'json'])).stdout)).toMatchObject({
      schema: 1,
      differences: [{ changes: [{ path: '$.price', expected: 1.5, actual: 2 }] }],
    })
  })

  it('diff of a golden file and a capture, either way, uses the rules of the golden file', async () => {
    const path = await golden(recordExchange(withPrice(1.5, 42)))
    const name = join(folder, 'chat.golden.json')
    expect((await run(['diff', name, path])).stdout).toMatch(/\$\.timestamp\n {6}- 1700000000\n {6}\+ 42\n/)
    expect((await run(['diff', path, name])).stdout).toMatch(/\$\.timestamp\n {6}- 42\n {6}\+ 1700000000\n/)
    expect((await run(['diff', name, name])).status).toBe(0)
    file('chat.golden.json', read('chat.golden.json').replace('"ignore": []', '"ignore": ["$.timestamp"]'))
    expect((await run(['diff', name, path])).status).toBe(0)
    expect((await run(['diff', path, name])).status).toBe(0)
    expect((await run(['diff', path, name, '--level', 'frames'])).status).toBe(2)
  })
})
