// What made a test pass although nothing was tested: captures of which nothing was read, options and fields that do not exist,
// golden files that two captures share. The matchers refuse it, negated or not; what TypeScript can refuse, it refuses.
import { linkSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Capture, InputError, readCapture, type Step, writeCapture } from '../../src/index.ts'
import '../../src/matchers/vitest.ts'
import { matchers } from '../../src/matchers/matchers.ts'
import type { GoldenOptions } from '../../src/matchers/option-types.ts'
import { NO_PACKETS, REFUSED, UDP_ONLY, UNKNOWN_LINK } from '../support/builders/unread-captures.ts'
import { fixtureKeyLog, fixturePath } from '../support/drivers/fixtures.ts'

const CHAT: readonly Step[] = [
  { from: 'client', text: 'hello' },
  { from: 'server', binary: '0102' },
]
const bytesOf = (steps: readonly Step[]): Uint8Array => writeCapture({ connections: [{ steps: [...steps] }] })
const chat = (): Promise<Capture> => readCapture(bytesOf(CHAT))

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'framewalk-green-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const recorded = (name: string, bytes: Uint8Array): Promise<Capture> => {
  writeFileSync(join(folder, name), bytes)
  return readCapture(join(folder, name))
}
const golden = (name: string) => JSON.parse(readFileSync(join(folder, name), 'utf8'))

/** Both the expectation and its negation fail, with these words. */
function failsEitherWay(
  expectation: (it: ReturnType<typeof expect<Capture>>) => void,
  capture: Capture,
  words: string,
): void {
  expect(() => expectation(expect(capture))).toThrow(words)
  expect(() => expectation(expect(capture).not)).toThrow(words)
}

/** A run of a test file with a runner that writes golden files as it says. */
function runOf(updates: 'all' | 'new' | 'none') {
  const snapshotState = { _updateSnapshot: updates }
  const utils = {
    matcherHint: (name: string) => name,
    printReceived: String,
    printExpected: String,
    diff: String,
  }
  return (capture: Capture, file?: string | GoldenOptions, isNot = false) =>
    matchers.toMatchGolden.call({ snapshotState, isNot, equals: () => false, utils }, capture, file)
}

describe('a capture without a connection', () => {
  const CURE = 'record it anew, or accept that with { allowEmpty: true }'

  it.each([
    ['a refused upgrade', REFUSED, '(11 packets, 1 TCP connection)'],
    ['UDP', UDP_ONLY, ': none of its 3 packets holds TCP (UDP 3)'],
    ['no packets', NO_PACKETS, '(0 packets, 0 TCP connections)'],
  ])('%s: the matchers fail, negated or not, and say why', async (_, bytes, why) => {
    const capture = await readCapture(bytes)
    const words = `bytes: has no WebSocket connection${why.startsWith('(') ? ' ' : ''}${why}; ${CURE}`
    failsEitherWay((it) => it.toConform(), capture, words)
    failsEitherWay((it) => it.toConform({ allow: 'gap' }), capture, words)
    failsEitherWay((it) => it.toHaveMessages([]), capture, words)
    failsEitherWay((it) => it.toHaveMessages([{ text: 'hello' }]), capture, words)
    expect(() => expect(capture).not.toHaveFinding('gap')).toThrow(words)
    expect(() => expect(capture).toHaveFinding('gap')).toThrow('Received findings:')
  })

  it('allowEmpty accepts it', async () => {
    const capture = await readCapture(REFUSED)
    expect(capture).toConform({ allowEmpty: true })
    expect(capture).toHaveMessages([], { allowEmpty: true })
    expect(capture).not.toHaveMessages([{}], { allowEmpty: true })
    expect(capture).not.toHaveFinding('gap', { allowEmpty: true })
    expect(capture).toHaveFinding('upgrade-refused')
  })

  it('makes no golden file and empties none, unless that is asked for, and passes if its golden file says so', async () => {
    const run = runOf('all')
    const empty = await recorded('none.pcap', REFUSED)
    const line = `toMatchGolden\n\n${join(folder, 'none.pcap')}: has no WebSocket connection (11 packets, 1 TCP connection); ${CURE}`
    for (const isNot of [true, false]) expect(run(empty, {}, isNot).pass).toBe(isNot)
    expect(run(empty).message()).toBe(line)
    expect(readdirSync(folder)).toEqual(['none.pcap'])

    expect(run(await recorded('none.pcap', bytesOf(CHAT))).pass).toBe(true)
    expect(run(empty).message()).toBe(line)
    expect(golden('none.golden.json').connections).toHaveLength(1)
    for (const isNot of [true, false]) expect(runOf('none')(empty, {}, isNot).pass).toBe(isNot || false)
    expect(runOf('none')(empty).message()).toMatch(
      /none\.pcap: has no WebSocket[\s\S]*connection 1 is missing/,
    )

    expect(run(empty, { allowEmpty: true }).pass).toBe(true)
    expect(golden('none.golden.json').connections).toEqual([])
    expect(empty).toMatchGolden()
    expect(await recorded('none.pcap', bytesOf(CHAT))).not.toMatchGolden()
  })

  it('of which no packet can be read: fails whatever its golden file says', async () => {
    const file = join(folder, 'none.golden.json')
    runOf('new')(await readCapture(REFUSED), { file, allowEmpty: true })
    const unread = await readCapture(UNKNOWN_LINK)
    const words = 'bytes: none of its 2 packets can be read (unsupported link type USER0 2)'
    failsEitherWay((it) => it.toMatchGolden(file), unread, words)
    failsEitherWay((it) => it.toConform({ allowEmpty: true }), unread, words)
  })
})

describe('a capture whose TLS was not decrypted', () => {
  const WORDS =
    "has TLS that was not decrypted (tls-secrets-missing); give its secrets to readCapture as keyLog, or accept that with { allow: 'tls-secrets-missing' }"

  it('does not conform, nor does it not conform, unless that is allowed', async () => {
    const capture = await readCapture(fixturePath('tls-nginx'))
    expect(capture.connections).toHaveLength(1)
    failsEitherWay((it) => it.toConform(), capture, WORDS)
    failsEitherWay((it) => it.toConform({ allow: 'gap', allowEmpty: true }), capture, WORDS)
    expect(capture).toConform({ allow: 'tls-secrets-missing' })
    const keyLog = readFileSync(fixtureKeyLog('tls-nginx')!)
    expect(await readCapture(fixturePath('tls-nginx'), { keyLog })).toConform()
  })

  it('a connection of which not all was decrypted does not conform either', async () => {
    const [connection] = (await chat()).connections
    const finding = { type: 'finding', code: 'tls-record-unverified', severity: 'capture' } as const
    const partly = { ...connection!, findings: [finding as never] }
    for (const it of [expect(partly), expect(partly).not])
      expect(() => it.toConform()).toThrow(
        'connection 1: has TLS that was not decrypted (tls-record-unverified)',
      )
    expect(partly).toConform({ allow: ['tls-record-unverified'] })
  })

  it('makes no golden file, and empties none', async () => {
    const run = runOf('all')
    const unread = await readCapture(fixturePath('tls-chromium'))
    const file = join(folder, 'tls.golden.json')
    for (const options of [{ file }, { file, allowEmpty: true }]) {
      expect(run(unread, options).pass).toBe(false)
      expect(run(unread, options).message()).toContain(WORDS)
    }
    const keyLog = readFileSync(fixtureKeyLog('tls-chromium')!)
    expect(run(await readCapture(fixturePath('tls-chromium'), { keyLog }), file).pass).toBe(true)
    expect(run(unread, file).pass).toBe(false)
    expect(golden('tls.golden.json').connections.length).toBeGreaterThan(0)
    failsEitherWay((it) => it.toMatchGolden(file), unread, WORDS)
  })
})

describe('what is expected of messages and frames', () => {
  it('a message of which the capture lost the end is not the message that it begins like, unless that is expected', async () => {
    const packets = { segmentSize: 11, lost: [2] }
    const capture = await readCapture(bytesOf([{ from: 'client', text: 'hello world', packets }]))
    expect(capture.connections[0]!.messages[0]).toMatchObject({ text: 'hello', incomplete: true })
    expect(capture).not.toHaveMessages([{ text: 'hello' }])
    expect(capture).not.toHaveMessages([{ data: Buffer.from('hello') }])
    expect(capture).toHaveMessages([{ text: 'hello', incomplete: true }])
    expect(capture).toHaveMessages([{ from: 'client' }])
  })

  it('a matcher in the place of a message or frame sees all of its fields', async () => {
    const capture = await chat()
    expect(capture).toHaveMessages([
      expect.objectContaining({ opcode: 'text', text: 'hello' }),
      expect.anything(),
    ])
    expect(capture).not.toHaveMessages([expect.objectContaining({ opcode: 'binary' }), expect.anything()])
    expect(Uint8Array.of(0x81, 1, 0x68)).toDecodeAs(expect.objectContaining({ fin: true, text: 'h' }))
    expect(Uint8Array.of(0x81, 1, 0x68)).not.toDecodeAs(expect.objectContaining({ fin: false }))
  })

  it('a field or a value that does not exist is refused, negated or not', async () => {
    const capture = await chat()
    const messages: [message: unknown, words: string][] = [
      [
        { form: 'client' },
        'toHaveMessages: field form: no such field; the fields are connection, from, opcode,',
      ],
      [{ from: 'sever' }, 'toHaveMessages: from: expected one of client, server, got "sever"'],
      [{ opcode: 'ping' }, 'toHaveMessages: opcode: expected one of text, binary, got "ping"'],
      [{ data: [1, 2] }, 'toHaveMessages: data: expected a Uint8Array, got a list'],
      [{ compressed: 1 }, 'toHaveMessages: compressed: expected true or false, got 1'],
      ['hello', 'toHaveMessages: expected an object with some of connection, from, opcode,'],
    ]
    for (const [message, words] of messages)
      failsEitherWay((it) => it.toHaveMessages([message as never]), capture, words)
    failsEitherWay(
      (it) => it.toHaveMessages('hello' as never),
      capture,
      'expected a list of messages, got "hello"',
    )

    const frames: [frame: unknown, words: string][] = [
      [
        { opcode: 'txt' },
        'toDecodeAs: opcode: expected 0 to 15, or one of continuation, text, binary, reserved-3,',
      ],
      [{ opcode: 16 }, 'toDecodeAs: opcode: expected 0 to 15,'],
      [{ mask: true }, 'toDecodeAs: field mask: no such field; the fields are opcode, fin,'],
      [{ fin: 1 }, 'toDecodeAs: fin: expected true or false, got 1'],
      [null, 'toDecodeAs: expected an object with some of opcode, fin,'],
    ]
    for (const [frame, words] of frames)
      for (const it of [expect(Uint8Array.of(0x81, 0)), expect(Uint8Array.of(0x81, 0)).not]) {
        expect(() => it.toDecodeAs(frame as never)).toThrow(words)
        expect(() => it.toDecodeAs([frame as never])).toThrow(words)
      }
  })

  it('an option that does not exist is refused, negated or not', async () => {
    const capture = await chat()
    const cases: [act: (it: ReturnType<typeof expect<Capture>>) => void, words: string][] = [
      [
        (it) => it.toConform({ alow: 'gap' } as never),
        'toConform: option alow: no such option; the options are allow,',
      ],
      [(it) => it.toConform('gap' as never), 'toConform: options: expected an object, got "gap"'],
      [(it) => it.toConform(null as never), 'toConform: options: expected an object, got null'],
      [(it) => it.toConform({ allow: 42 } as never), 'toConform: allow: expected codes of findings, got 42'],
      [(it) => it.toConform({ allow: 'gaps' } as never), 'toConform: there is no finding code "gaps"'],
      [(it) => it.toHaveFinding('gaps' as never), 'toHaveFinding: there is no finding code "gaps"'],
      [(it) => it.toHaveFinding('gap', { empty: 1 } as never), 'toHaveFinding: option empty: no such option'],
      [
        (it) => it.toHaveMessages([], { strict: 1 } as never),
        'toHaveMessages: option strict: no such option',
      ],
      [
        (it) => it.toMatchGolden({ rule: 1 } as never),
        'toMatchGolden: option rule: no such option; the options are file,',
      ],
      [(it) => it.toMatchGolden(42 as never), 'toMatchGolden: options: expected an object, got 42'],
      [
        (it) => it.toMatchGolden(''),
        'toMatchGolden: expected the path or the file: URL of a golden file, got ""',
      ],
      [(it) => it.toMatchGolden(new URL('https://x.org/')), 'URL of a golden file, got https://x.org/'],
    ]
    for (const [act, words] of cases) failsEitherWay(act, capture, words)
  })
})

describe('golden files', () => {
  it('a golden file that cannot be read or written is one sentence for the user', async () => {
    const capture = await recorded('chat.pcap', bytesOf(CHAT))
    const said = (file: string, updates: 'all' | 'new' = 'new'): unknown => {
      try {
        return runOf(updates)(capture, file)
      } catch (error) {
        return error
      }
    }
    expect(said(folder)).toEqual(new InputError(`${folder}: is not a file; name another golden file`))
    const lost = join(folder, 'none', 'chat.golden.json')
    expect(said(lost)).toBeInstanceOf(InputError)
    expect(String(said(lost))).toContain(lost)
    expect(String(said(lost))).not.toMatch(/ENOENT|node:fs/)
    expect(readdirSync(folder)).toEqual(['chat.pcap'])
  })

  it('a golden file that is another name of the capture does not overwrite it', async () => {
    const bytes = bytesOf(CHAT)
    const capture = await recorded('chat.pcap', bytes)
    linkSync(join(folder, 'chat.pcap'), join(folder, 'link.golden.json'))
    for (const updates of ['all', 'new'] as const)
      expect(() => runOf(updates)(capture, join(folder, 'link.golden.json'))).toThrow(InputError)
    expect(new Uint8Array(readFileSync(join(folder, 'chat.pcap')))).toEqual(bytes)
  })

  it('two captures that would share one are refused, whichever comes first, and nothing is written', async () => {
    const one = await recorded('same.pcap', bytesOf(CHAT))
    for (const name of ['same.pcapng', 'same.pcap.gz', 'same.cap']) {
      const other = await recorded(name, bytesOf(CHAT.slice(1)))
      for (const capture of [one, other])
        for (const isNot of [false, true])
          expect(() => runOf('all')(capture, {}, isNot)).toThrow(
            /same\.p?cap\S*: has the same golden file as \S+same\.p?cap\S*; rename one of them$/,
          )
      rmSync(join(folder, name))
    }
    expect(readdirSync(folder)).toEqual(['same.pcap'])
    expect(runOf('all')(one).pass).toBe(true)
  })

  it('the golden file beside a capture is not written for another, but may be compared with it', async () => {
    const run = runOf('all')
    expect(run(await recorded('chat.pcap', bytesOf(CHAT))).pass).toBe(true)
    const before = golden('chat.golden.json')
    const file = join(folder, 'chat.golden.json')
    const others = [
      await recorded('later.pcap', bytesOf(CHAT.slice(1))),
      await readCapture(bytesOf(CHAT.slice(1))),
    ]
    for (const other of others) {
      expect(() => run(other, file)).toThrow(
        /chat\.golden\.json: is the golden file of \S+chat\.pcap; name another for /,
      )
      expect(runOf('none')(other, file).pass).toBe(false)
    }
    expect(golden('chat.golden.json')).toEqual(before)
    expect(await chat()).toMatchGolden(file)
  })

  it('one name for two captures that differ is refused when golden files are written', async () => {
    const file = join(folder, 'named.golden.json')
    const [one, other] = [await chat(), await readCapture(bytesOf(CHAT.slice(1)))]
    const run = runOf('all')
    expect(run(one, file).pass).toBe(true)
    expect(() => run(other, file)).toThrow(
      /named\.golden\.json: is the golden file of another capture too; name one for each$/,
    )
    expect(run(one, file).pass).toBe(true)
    const later = runOf('all')
    expect(later(one, file).pass).toBe(true)
    expect(() => later(other, file)).toThrow('is the golden file of another capture too')
    expect(runOf('all')(other, file).pass).toBe(true)
    expect(golden('named.golden.json').connections[0].messages).toHaveLength(1)
  })

  it('a golden file may have a byte order mark, as for the command', async () => {
    const file = join(folder, 'marked.golden.json')
    runOf('new')(await chat(), file)
    writeFileSync(file, `\ufeff${readFileSync(file, 'utf8')}`)
    expect(await chat()).toMatchGolden(file)
  })
})

describe('what TypeScript refuses', () => {
  it('a received value that a matcher does not take does not compile, and throws', async () => {
    const capture = await chat()
    const refused: (() => void)[] = [
      // @ts-expect-error A number is not a capture.
      () => expect(42).toConform(),
      // @ts-expect-error A path is not a capture.
      () => expect('chat.pcap').toMatchGolden(),
      // @ts-expect-error Nor are its bytes.
      () => expect(bytesOf(CHAT)).toHaveFinding('gap'),
      // @ts-expect-error A connection has no golden file.
      () => expect(capture.connections[0]!).toMatchGolden(),
      // @ts-expect-error Nor is a list of connections a connection.
      () => expect(capture.connections).toHaveMessages([]),
      // @ts-expect-error Hex digits are not bytes.
      () => expect('c185').toDecodeAs({}),
      // @ts-expect-error There is no such opcode.
      () => expect(Uint8Array.of(0x81, 0)).toDecodeAs({ opcode: 'txt' }),
      // @ts-expect-error There is no such side.
      () => expect(capture).toHaveMessages([{ from: 'sever' }]),
      // @ts-expect-error There is no such code.
      () => expect(capture).not.toHaveFinding('typo-code'),
      // @ts-expect-error There is no such option.
      () => expect(capture).toConform({ alow: 'gap' }),
      // @ts-expect-error There is no such option.
      () => expect(capture).toMatchGolden({ rule: [] }),
    ]
    for (const act of refused) expect(act, String(act)).toThrow(TypeError)
    // @ts-expect-error There is no such option.
    await expect(readCapture(bytesOf(CHAT), { keylog: '' })).rejects.toThrow(TypeError)
    // @ts-expect-error Ports are a list.
    await expect(readCapture(bytesOf(CHAT), { decodeAs: 8765 })).rejects.toThrow(TypeError)
  })

  it('a capture, a connection, a promise of one that is resolved, and anything unknown compile', async () => {
    const capture = await chat()
    expect(capture).toConform()
    expect(capture.connections[0]).toConform()
    expect(capture as unknown).toHaveMessages([{}, {}])
    await expect(chat()).resolves.toHaveMessages([{ text: 'hello' }, { data: Uint8Array.of(1, 2) }])
    await expect(chat()).resolves.not.toHaveFinding('gap')
    expect(Buffer.from([0x81, 0])).toDecodeAs({ opcode: 'text', text: expect.any(String) })
  })
})
