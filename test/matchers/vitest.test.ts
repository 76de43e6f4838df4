// framewalk/vitest: each matcher passing, failing and negated, and what it says then.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CaptureScript, Step } from '../../src/index.ts'
import { type Capture, readCapture, writeCapture } from '../../src/index.ts'
import '../../src/matchers/vitest.ts'
import { decodeFrames } from '../../src/codec.ts'
import { toMatchGolden } from '../../src/matchers/golden-matcher.ts'

const GOOD: readonly Step[] = [
  { from: 'client', text: 'hello' },
  { from: 'server', json: { ok: true, at: 5 } },
  { from: 'client', binary: '0001', fragments: 2 },
  { from: 'client', close: 1000, reason: 'bye' },
  { from: 'server', close: 1000 },
]
const BAD: readonly Step[] = [{ from: 'client', text: '\u001b[31mred', mask: false }, ...GOOD.slice(3)]

const made = (...steps: Array<readonly Step[]>): Promise<Capture> => {
  const script: CaptureScript = {
    connections: steps.map((each) => ({ handshake: { deflate: true }, steps: each })),
  }
  return readCapture(writeCapture(script))
}

let good: Capture
let bad: Capture
beforeAll(async () => {
  good = await made(GOOD)
  bad = await made(BAD, GOOD)
})

/** What a failing expectation throws. */
function failureOf(expectation: () => void): { message: string; actual: unknown; expected: unknown } {
  try {
    expectation()
  } catch (error) {
    const { message, actual, expected } = error as { message: string; actual: unknown; expected: unknown }
    return { message: message.replaceAll(/\u001b\[\d+m/g, ''), actual, expected }
  }
  throw new Error('the expectation passed')
}

describe('toHaveMessages', () => {
  it('toHaveMessages passes if all messages are as expected, in what is named of them', () => {
    expect(good).toHaveMessages([
      { from: 'client', text: 'hello' },
      { from: 'server', json: expect.objectContaining({ ok: true }) },
      { opcode: 'binary', data: Uint8Array.of(0, 1), fragments: 2, compressed: true, incomplete: false },
    ])
    expect(good.connections[0]!).toHaveMessages([{}, expect.anything(), { connection: 1 }])
    expect(bad).toHaveMessages([
      { connection: 1, text: expect.stringContaining('red') },
      { connection: 2, text: 'hello' },
      { connection: 2 },
      { connection: 2 },
    ])
  })

  it('toHaveMessages fails if one differs, is missing, is too many, or comes in another order', () => {
    const rest = [{ from: 'server' }, { opcode: 'binary' }] as const
    for (const messages of [
      [{ text: 'hallo' }, ...rest],
      [{ text: 'hello' }, rest[0]],
      [{ text: 'hello' }, ...rest, { from: 'client' }],
      [rest[0], { text: 'hello' }, rest[1]],
      [],
    ] as const) {
      expect(good).not.toHaveMessages(messages)
      expect(() => expect(good).toHaveMessages(messages)).toThrow('toHaveMessages')
    }
  })

  it('toHaveMessages shows the difference in what was named, and all of what was not expected', () => {
    const failure = failureOf(() =>
      expect(good).toHaveMessages([{ from: 'client', text: 'hallo' }, { json: { ok: false, at: 5 } }]),
    )
    expect(failure.message).toBe(
      'expect(capture).toHaveMessages(messages)\n\nThe capture has 3 messages, and 2 were expected.',
    )
    expect(failure.actual).toEqual([
      { from: 'client', text: 'hello' },
      { json: { ok: true, at: 5 } },
      { from: 'client', data: Uint8Array.of(0, 1) },
    ])
    expect(failure.expected).toEqual([{ from: 'client', text: 'hallo' }, { json: { ok: false, at: 5 } }])
  })

  it('toHaveMessages shows what fits at the same place of both lists, so that a missing message is the only difference', () => {
    const { actual, expected } = failureOf(() =>
      expect(good).toHaveMessages([
        { text: expect.stringMatching(/^h/) },
        { from: 'server', text: 'dropped' },
        { from: 'server', json: { ok: true, at: expect.any(Number) } },
        { from: 'client', data: Uint8Array.of(0, 2) },
      ]),
    )
    expect(expected).toEqual([
      { text: 'hello' },
      { from: 'server', text: 'dropped' },
      { from: 'server', json: { ok: true, at: 5 } },
      { from: 'client', data: Uint8Array.of(0, 2) },
    ])
    expect(actual).toEqual([
      { text: 'hello' },
      { from: 'server', json: { ok: true, at: 5 } },
      { from: 'client', data: Uint8Array.of(0, 1) },
    ])
  })

  it('toHaveMessages shows the difference of long lists by what differs', async () => {
    const steps = Array.from({ length: 3000 }, (_, i): Step => ({ from: 'client', text: `${i}` }))
    const long = await made(steps)
    const expected = steps.map((_, i) => ({ text: i === 2000 ? 'other' : `${i}` }))
    const { actual } = failureOf(() => expect(long).toHaveMessages(expected))
    expect((actual as unknown[])[2000]).toEqual({ text: '2000' })
  })

  it('toHaveMessages shows captured text so that no terminal obeys it', () => {
    const { actual } = failureOf(() => expect(bad.connections[0]!).toHaveMessages([{ text: 'blue' }]))
    expect(actual).toEqual([{ text: '\\x1b[31mred' }])
  })

  it('a negated toHaveMessages says that they are exactly these', () => {
    const { message } = failureOf(() => expect(good).not.toHaveMessages([{}, {}, {}]))
    expect(message).toBe(
      'expect(capture).not.toHaveMessages(messages)\n\nThe capture has exactly these messages.',
    )
  })
})

describe('toHaveFinding', () => {
  it('toHaveFinding passes if there is one, in a connection or outside', () => {
    expect(bad).toHaveFinding('unmasked-client-frame')
    expect(bad.connections[0]!).toHaveFinding('unmasked-client-frame')
    expect(bad.connections[1]!).not.toHaveFinding('unmasked-client-frame')
    expect(good).not.toHaveFinding('gap')
  })

  it('toHaveFinding lists what there is', () => {
    expect(failureOf(() => expect(bad).toHaveFinding('gap')).message).toMatch(
      /^expect\(capture\)\.toHaveFinding\(code\)\n\nExpected code: "gap"\nReceived findings:\n {2}connection 1, frame 1, packet \d+: unmasked-client-frame: .+ \(RFC 6455 §5\.1\)$/,
    )
    expect(failureOf(() => expect(good).toHaveFinding('gap')).message).toMatch(/Received findings: none$/)
    expect(failureOf(() => expect(bad).not.toHaveFinding('unmasked-client-frame')).message).toMatch(
      /not\.toHaveFinding\(code\)\n\nExpected code: not "unmasked-client-frame"\n/,
    )
  })

  it('toHaveFinding knows no other codes', () => {
    expect(() => expect(good).toHaveFinding('no-such-code' as 'gap')).toThrow(
      'toHaveFinding: there is no finding code "no-such-code"; they are listed in node_modules/framewalk/src/base/README.md',
    )
  })
})

describe('toConform', () => {
  it('toConform passes if nobody broke the RFCs, or only as is allowed', () => {
    expect(good).toConform()
    expect(bad).not.toConform()
    expect(bad).toConform({ allow: 'unmasked-client-frame' })
    expect(bad).not.toConform({ allow: ['gap', 'reserved-opcode'] })
    expect(bad.connections[1]!).toConform()
  })

  it('toConform names the violations', () => {
    const { message } = failureOf(() => expect(bad).toConform({ allow: ['reserved-opcode'] }))
    expect(message).toMatch(
      /^expect\(capture\)\.toConform\(options\)\n\nExpected: no violations of RFC 6455 and RFC 7692 besides reserved-opcode\nReceived:\n {2}connection 1, frame 1, packet \d+: unmasked-client-frame: .+ \(RFC 6455 §5\.1\)$/,
    )
  })
})

describe('toDecodeAs', () => {
  const hex = (digits: string): Uint8Array => Buffer.from(digits, 'hex')
  const ARTICLE = hex('c18543020acf71363ecb43')

  it('toDecodeAs passes if the bytes say it, unmasked and inflated', () => {
    expect(ARTICLE).toDecodeAs({ opcode: 'text', text: '111' })
    expect(ARTICLE).toDecodeAs({
      opcode: 1,
      fin: true,
      rsv1: true,
      rsv2: false,
      masked: true,
      maskingKey: '43020acf',
    })
    expect(ARTICLE).toDecodeAs({ payloadLength: 5, data: hex('313131'), json: 111 })
    expect(hex('880503e8627965')).toDecodeAs({
      opcode: 'close',
      masked: false,
      maskingKey: null,
      close: { code: 1000, reason: 'bye' },
    })
    expect(hex('8900')).toDecodeAs({ opcode: 'ping', text: '' })
    expect(hex('8b00')).toDecodeAs({ opcode: 'reserved-11' })
    expect(hex('0102686580036c6c6f')).toDecodeAs([
      { opcode: 'text', fin: false, text: 'he' },
      { opcode: 'continuation', text: 'llo' },
    ])
    expect(hex('8102686a')).not.toDecodeAs({ text: 'hi' })
  })

  it('toDecodeAs shows the bytes and the difference', () => {
    const { message, actual, expected } = failureOf(() =>
      expect(ARTICLE).toDecodeAs({ opcode: 'text', text: '112' }),
    )
    expect(message).toBe('expect(bytes).toDecodeAs(frame)\n\nReceived: c1 85 43 02 0a cf 71 36 3e cb 43')
    expect({ actual, expected }).toEqual({
      actual: { opcode: 'text', text: '111' },
      expected: { opcode: 'text', text: '112' },
    })
  })

  it('toDecodeAs fails if the frame is cut, or more follows', () => {
    expect(failureOf(() => expect(ARTICLE.subarray(0, 9)).toDecodeAs({ opcode: 'text' })).message).toContain(
      'Frame 1 announces 5 payload bytes, and 3 are there.',
    )
    expect(failureOf(() => expect(hex('8102686981')).toDecodeAs({ opcode: 'text' })).message).toContain(
      '1 bytes at the end are the beginning of a frame',
    )
    expect(failureOf(() => expect(hex('81008100')).toDecodeAs({ opcode: 'text' })).actual).toEqual([
      { opcode: 'text' },
      { opcode: 'text', text: '' },
    ])
  })
})

describe('toMatchGolden', () => {
  let folder: string
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'framewalk-golden-'))
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  const recorded = async (name: string, steps: readonly Step[]): Promise<Capture> => {
    const path = join(folder, name)
    writeFileSync(path, writeCapture({ connections: [{ steps: [...steps] }] }))
    return readCapture(path)
  }
  /** The matcher as a runner calls it that may write snapshots as `updates` says. */
  const matchAs = (updates: 'all' | 'new' | 'none', capture: Capture, file?: string | URL) =>
    toMatchGolden.call(
      {
        snapshotState: { _updateSnapshot: updates },
        equals: () => false,
        utils: { matcherHint: (name) => name, printReceived: String, printExpected: String, diff: String },
      },
      capture,
      file,
    )

  it('toMatchGolden writes a golden file if there is none, except if the runner may not', async () => {
    const capture = await recorded('new.pcap', GOOD)
    const golden = join(folder, 'new.golden.json')
    const refused = matchAs('none', capture)
    expect(refused.pass).toBe(false)
    expect(refused.message()).toBe(
      `toMatchGolden\n\nThere is no golden file ${golden}; write it with --update.`,
    )
    expect(matchAs('new', capture).pass).toBe(true)
    expect(JSON.parse(readFileSync(golden, 'utf8')).connections.length).toBe(1)
    expect(matchAs('none', capture).pass).toBe(true)
  })

  it('toMatchGolden finds what changed, and names it', async () => {
    matchAs('new', await recorded('chat.pcap', GOOD))
    expect(await recorded('chat.pcap', GOOD)).toMatchGolden()
    const changed = await recorded('chat.pcap', [{ from: 'client', text: 'hallo' }, ...GOOD.slice(1)])
    expect(changed).not.toMatchGolden()
    const { message } = failureOf(() => expect(changed).toMatchGolden())
    expect(message).toContain('chat.pcap differs from ')
    expect(message).toMatch(/message 1 from client changed \(frame 1, packet 8\)/)
    expect(message).toMatch(/- "?hello"?/)
    expect(message).toMatch(/\+ "?hallo"?/)
  })

  it('toMatchGolden updates if the runner is told to, and keeps the rules', async () => {
    const capture = await recorded('ruled.pcap', GOOD)
    const golden = join(folder, 'ruled.golden.json')
    matchAs('new', capture)
    const text = readFileSync(golden, 'utf8').replace('"ignore": []', '"ignore": ["$.at"]')
    writeFileSync(golden, text)
    expect(capture).toMatchGolden()
    const later = [GOOD[0]!, { from: 'server', json: { ok: true, at: 99 } } as const, ...GOOD.slice(2)]
    expect(await recorded('ruled.pcap', later)).toMatchGolden()
    const shorter = await recorded('ruled.pcap', later.slice(1))
    expect(matchAs('new', shorter).pass).toBe(false)
    expect(matchAs('all', shorter).pass).toBe(true)
    expect(matchAs('none', shorter).pass).toBe(true)
    expect(readFileSync(golden, 'utf8')).toContain('"$.at"')
  })

  it('toMatchGolden takes a file that is named, as a path or a URL, and needs it for what was read from memory', async () => {
    const path = join(folder, 'named.golden.json')
    expect(() => expect(good).toMatchGolden()).toThrow(
      'toMatchGolden: the capture was not read from one file; name its golden file',
    )
    expect(matchAs('new', good, path).pass).toBe(true)
    expect(good).toMatchGolden(path)
    expect(good).toMatchGolden(pathToFileURL(path))
  })
})

describe('what is given by mistake', () => {
  it('an argument given by mistake is named', () => {
    const promise = readCapture(writeCapture({ connections: [] }))
    expect(() => expect(promise).toConform()).toThrow(
      'toConform: expects a capture as readCapture gives it, or one of its connections, and got a promise: await it first',
    )
    return promise
  })
})

describe('a snapshot', () => {
  it('a snapshot shows a frame on one line', () => {
    expect(good.connections[0]!.frames).toMatchInlineSnapshot(`
      [
        <frame client text FIN RSV1 masked 7 bytes ca 48 cd c9 c9 07 00>,
        <frame server text FIN RSV1 20 bytes aa 56 ca cf 56 b2 2a 29 2a 4d d5 51 4a 2c 51 b2 32 ad 05 00>,
        <frame client binary RSV1 masked 2 bytes 62 60>,
        <frame client continuation FIN masked 2 bytes 04 00>,
        <frame client close FIN masked 5 bytes 1000 'bye'>,
        <frame server close FIN 2 bytes 1000 ''>,
      ]
    `)
  })

  it('a snapshot shows a message on one line', () => {
    expect(good.connections[0]!.messages).toMatchInlineSnapshot(`
      [
        <message client text 'hello'>,
        <message server text '{"ok":true,"at":5}'>,
        <message client binary 00 01>,
      ]
    `)
  })

  it('a snapshot shows what decodeFrames gives, and long payloads by their checksum', () => {
    const wire = Buffer.concat([
      Buffer.from('817e0200', 'hex'),
      Buffer.alloc(512, 'ab'),
      Buffer.from('c2020102', 'hex'),
      Buffer.from('827e0200', 'hex'),
      Buffer.alloc(512, 1),
    ])
    expect(decodeFrames(wire).frames).toMatchInlineSnapshot(`
      [
        <frame text FIN 512 bytes 'abababababababababababababababababababababababababababababababababababababababab'… 512 characters, SHA-256 6d32bbe70369b449…>,
        <frame binary FIN RSV1 2 bytes 01 02>,
        <frame binary FIN 512 bytes 01 01 01 01 01 01 01 01 01 01 01 01 01 01 01 01 01 01 01 01 01 01 01 01… 512 bytes, SHA-256 6caf38d537984e26…>,
      ]
    `)
  })
})
