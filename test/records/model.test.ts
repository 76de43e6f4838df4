// The model: a capture read to its end, everything under its connection.
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { inspect, isDeepStrictEqual } from 'node:util'
import { describe, expect, it } from 'vitest'
import {
  analyze,
  DEFAULT_LIMITS,
  FINDING_CODES,
  readCapture,
  ScriptError,
  type Step,
  writeCapture,
} from '../../src/index.ts'
import { recordExchange } from '../support/builders/recorded-exchange.ts'
import { fixtureNames, fixturePath } from '../support/drivers/fixtures.ts'

const ARTICLE = fixturePath('article')
const portsExpected = (got: string): RegExp =>
  new RegExp(`^decodeAs: expected a list of TCP ports, got ${got}$`)

describe('readCapture', () => {
  it('readCapture gives the article: one connection, its handshake, its two messages, how it ended', async () => {
    const capture = await readCapture(fixturePath('article'))
    expect(capture.files).toEqual([{ name: fixturePath('article'), format: 'pcapng' }])
    expect(capture.connections).toHaveLength(1)
    const [connection] = capture.connections
    expect(connection).toMatchObject({
      connection: 1,
      url: 'ws://localhost:8765/',
      closed: { how: 'clean', code: 1000 },
    })
    expect(connection!.handshake.request!.startLine).toBe('GET / HTTP/1.1')
    expect(
      connection!.messages.map(({ from, text, compressed, frames }) => [from, text, compressed, frames]),
    ).toEqual([
      ['client', '111', true, [1]],
      ['server', '服务器回应: 111', true, [2]],
    ])
    expect(connection!.messages[1]!.data).toEqual(new TextEncoder().encode('服务器回应: 111'))
    expect(connection!.frames[0]).toMatchObject({
      opcodeName: 'text',
      rsv1: true,
      maskingKey: expect.stringMatching(/^[0-9a-f]{8}$/),
    })
    expect(connection!.findings).toEqual([])
    expect(capture.findings).toEqual([])
    expect(capture.summary).toMatchObject({ frames: 4, messages: 2 })
  })

  it('readCapture reads JSON if there is some, once, and gives undefined if there is none', async () => {
    const close = { by: 'client', code: 1000, reason: '' } as const
    const texts = ['{"a":[1]}', '111', 'no JSON', '{"a":', '']
    const messages = [
      ...texts.map((text) => ({ from: 'client', text }) as const),
      { from: 'server', bytes: Uint8Array.of(0x7b, 0x7d) } as const,
    ]
    const { connections } = await readCapture(recordExchange({ target: '/', messages, close }))
    const said = connections[0]!.messages
    expect(said.map(({ json }) => json)).toEqual([
      { a: [1] },
      111,
      undefined,
      undefined,
      undefined,
      undefined,
    ])
    expect(said[0]!.json).toBe(said[0]!.json)
    expect(said[5]).toMatchObject({ opcodeName: 'binary', text: undefined, data: Uint8Array.of(0x7b, 0x7d) })
  })

  it('two messages with other bytes are not equal, however they are compared or copied', async () => {
    const said = async (hex: string) => {
      const steps = [{ from: 'server', binary: hex }] as const
      return (await readCapture(writeCapture({ connections: [{ steps }] }))).connections[0]!.messages
    }
    const [one, other] = [await said('0a0b0c0d'), await said('01020304')]
    expect(one).toEqual(await said('0a0b0c0d'))
    expect(one).toStrictEqual(await said('0a0b0c0d'))
    expect(one).not.toEqual(other)
    expect(one).not.toStrictEqual(other)
    expect(isDeepStrictEqual(one, other)).toBe(false)
    expect(structuredClone(one)).not.toEqual(structuredClone(other))
    expect(JSON.stringify(one)).not.toBe(JSON.stringify(other))
    expect({ ...one[0]! }.data).toEqual(Uint8Array.of(10, 11, 12, 13))
  })

  it('a message is the record with the values that analyze yields, and equals an object literal', async () => {
    const steps: readonly Step[] = [
      { from: 'client', text: '{"a":1}' },
      { from: 'server', binary: '0102', fragments: 2 },
    ]
    const capture = writeCapture({ connections: [{ steps }] })
    const records: Record<string, unknown>[] = []
    for await (const { type, ...record } of analyze(capture))
      if (type === 'message') records.push({ ...record, incomplete: false })
    const [text, binary] = (await readCapture(capture)).connections[0]!.messages
    expect(text).toStrictEqual(records[0])
    expect({ ...binary }).toStrictEqual({ ...records[1], text: undefined })
    expect(Object.keys(text!)).not.toContain('json')
    expect([text!.json, text!.data]).toEqual([{ a: 1 }, new TextEncoder().encode('{"a":1}')])
    expect(inspect(text)).toMatch(/^\{\n {2}connection: 1,/)
  })

  it.each(fixtureNames)('%s: readCapture holds every record of analyze, once', async (name) => {
    const counts = { frame: 0, message: 0, finding: 0, connection: 0, closed: 0 }
    for await (const { type } of analyze(fixturePath(name)))
      if (type in counts) counts[type as keyof typeof counts] += 1
    const { connections, findings } = await readCapture(readFileSync(fixturePath(name)))
    const sum = (count: (connection: (typeof connections)[number]) => number): number =>
      connections.reduce((total, connection) => total + count(connection), 0)
    expect({
      frame: sum(({ frames }) => frames.length),
      message: sum(({ messages }) => messages.length),
      finding: sum((connection) => connection.findings.length) + findings.length,
      connection: connections.length,
      closed: sum(({ closed }) => (closed === undefined ? 0 : 1)),
    }).toEqual(counts)
    for (const { frames, connection } of connections) {
      expect(frames.map(({ frame }) => frame)).toEqual(frames.map((_, i) => i + 1))
      expect(frames.every((frame) => frame.connection === connection)).toBe(true)
    }
  })

  it('readCapture reads several captures as one', async () => {
    const capture = await readCapture([fixturePath('article'), fixturePath('texts')])
    expect(capture.connections).toHaveLength(2)
    expect(capture.files).toHaveLength(2)
  })

  it.each<[what: string, act: () => Promise<unknown>, says: RegExp]>([
    ['an empty list', () => readCapture([]), /^expected a capture, got an empty list$/],
    [
      'a number',
      () => readCapture(42 as never),
      /^expected a path, a Uint8Array or a stream of them, got number$/,
    ],
    [
      'a missing file behind one that is there',
      () => readCapture([fixturePath('article'), 'nope.pcap']),
      /^nope\.pcap: no such file; check the path$/,
    ],
    [
      'a limit that is none',
      () => readCapture(fixturePath('article'), { limits: { conections: 1 } as never }),
      /^limit conections: no such limit; the limits are /,
    ],
    [
      'a limit below one',
      () => readCapture(fixturePath('article'), { limits: { connections: 0 } }),
      /^limit connections: expected a whole number/,
    ],
    [
      'a port that is none',
      () => readCapture(fixturePath('article'), { decodeAs: [70_000] }),
      /^decodeAs: expected TCP ports, got 70000$/,
    ],
    ['a single port', () => readCapture(ARTICLE, { decodeAs: 8765 as never }), portsExpected('8765')],
    ['ports as a text', () => readCapture(ARTICLE, { decodeAs: '8765' as never }), portsExpected('"8765"')],
    ['null for ports', () => readCapture(ARTICLE, { decodeAs: null as never }), portsExpected('null')],
    [
      'an option in other letters',
      () => readCapture(ARTICLE, { keylog: 'CLIENT_RANDOM ' } as never),
      /^option keylog: no such option; the options are limits, decodeAs, tunnelPorts, keyLog, rsaKeys$/,
    ],
    [
      'an option of another library',
      () => analyze(ARTICLE, { signal: new AbortController().signal } as never).next(),
      /^option signal: no such option; the options are limits, decodeAs, tunnelPorts, keyLog, rsaKeys$/,
    ],
    [
      'null for the options',
      () => readCapture(ARTICLE, null as never),
      /^options: expected an object, got null$/,
    ],
    [
      'a list for the options',
      () => readCapture(ARTICLE, [ARTICLE] as never),
      /^options: expected an object, got a list$/,
    ],
    [
      'null for the limits',
      () => readCapture(ARTICLE, { limits: null as never }),
      /^limits: expected an object, got null$/,
    ],
    [
      'a single key',
      () => readCapture(ARTICLE, { rsaKeys: new Map() as never }),
      /^rsaKeys: expected a list of KeyObjects, got an object \(Map\)$/,
    ],
    [
      'a key log that is neither text nor bytes',
      () => readCapture(ARTICLE, { keyLog: new ArrayBuffer(8) as never }),
      /^keyLog: expected the text or the bytes of a key log, got an object \(ArrayBuffer\)$/,
    ],
    [
      'a key log that is none',
      () => readCapture(ARTICLE, { keyLog: 'garbage\nand more\n' }),
      /^keyLog: is not a TLS key log; expected the lines that programs write to SSLKEYLOGFILE$/,
    ],
    [
      'bytes that are no key log',
      () => readCapture(ARTICLE, { keyLog: readFileSync(ARTICLE) }),
      /^keyLog: is not a TLS key log; expected the lines that programs write to SSLKEYLOGFILE$/,
    ],
    [
      'the name of a key log in its place',
      () => readCapture(ARTICLE, { keyLog: '/tmp/tls-chromium.keys' }),
      /^keyLog: is not a TLS key log; expected [^;]+; give what is in the file, not its name$/,
    ],
  ])('readCapture refuses %s, and leaves nothing open', async (_, act, says) => {
    const before = openFiles()
    await expect(act()).rejects.toThrow(says)
    expect(openFiles()).toBe(before)
  })

  it('a key log may be empty or have comments only: programs create it before there is a connection', async () => {
    for (const keyLog of ['', '# SSL/TLS secrets log file\n\n', new Uint8Array(0), undefined])
      expect((await readCapture(ARTICLE, { keyLog })).connections).toHaveLength(1)
  })

  it('readCapture leaves nothing open if its reader goes away', async () => {
    const before = openFiles()
    for await (const record of analyze([fixturePath('article'), fixturePath('texts')])) {
      if (record.type === 'frame') break
    }
    expect(openFiles()).toBe(before)
  })
})

describe('what else the library has', () => {
  it('a wrong script is a ScriptError with its place, and a format that does not exist is named', () => {
    const script = { connections: [{ steps: [{ from: 'client', text: 5 }] }] } as never
    try {
      writeCapture(script)
      expect.unreachable()
    } catch (error) {
      expect(error).toBeInstanceOf(ScriptError)
      const { path, fault, message } = error as ScriptError
      expect(path).toEqual(['connections', 0, 'steps', 0, 'text'])
      expect(message).toBe(`connections[0].steps[0].text: ${fault}`)
    }
    expect(() => writeCapture({ connections: [] }, 'pcpng' as never)).toThrow(
      'format: expected "pcap" or "pcapng", got "pcpng"',
    )
  })

  it('the codes of findings and the defaults of limits are those that the options take', async () => {
    expect(FINDING_CODES).toContain('tls-secrets-missing')
    expect((await readCapture(ARTICLE, { limits: DEFAULT_LIMITS })).connections).toHaveLength(1)
    expect(DEFAULT_LIMITS.messageSize).toBe(16 * 1024 * 1024)
  })
})

/** Captures that this process has open, if the system tells. */
function openFiles(): number {
  if (!existsSync('/proc/self/fd')) return 0
  return readdirSync('/proc/self/fd').filter((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`).includes('/fixtures/')
    } catch {
      return false
    }
  }).length
}
