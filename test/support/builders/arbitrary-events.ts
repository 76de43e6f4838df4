// Arbitrary events for properties: every field takes every kind of value, hostile text above all.
import fc from 'fast-check'
import type { AnalysisEvent } from '../../../src/base/events.ts'
import { FINDINGS, type FindingCode, type FindingValues, makeFinding } from '../../../src/base/findings.ts'
import type { Time } from '../../../src/base/stream.ts'
import { findingSamples } from './finding-samples.ts'
import { sampleClosed, sampleConnection, sampleFrame, sampleMessage, sampleSummary } from './sample-events.ts'

/** Text made of what screens and JSON have trouble with, lone UTF-16 units included. */
export const hostileText: fc.Arbitrary<string> = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 8 }),
      fc.string({ unit: 'binary', maxLength: 8 }),
      fc.constantFrom(
        '\x1b[31m',
        '\x1b]8;;http://x\x07',
        '\0',
        '\n',
        '\r\n',
        '\t',
        '\x7f',
        '\x9b',
        '\\',
        '"',
      ),
      fc.constantFrom(
        '\u202e',
        '\u2066',
        '\u061c',
        '\u200f',
        '\u200b',
        '\u200d',
        '\ufeff',
        '\u2028',
        '\u2029',
        '\u00ad',
      ),
      fc.constantFrom(
        '\ud800',
        '\udc00',
        '\ufe0f',
        '\u0301'.repeat(30),
        '\u{e0041}',
        '\u3164',
        '\ue000',
        '\uffff',
      ),
      fc.constantFrom('服务器回应', '👩‍💻', '👍🏽', '🇩🇪🇫🇷', '❤️', 'क्षि', 'ｶﾞ', '한국어', 'שָׁלוֹם', '﷽', 'é'),
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(''))

/** Any bytes, or hostile text as UTF-8. */
export const hostileBytes: fc.Arbitrary<Uint8Array> = fc.oneof(
  fc.uint8Array({ maxLength: 300 }),
  hostileText.map((text) => new TextEncoder().encode(text)),
)

const time: fc.Arbitrary<Time | undefined> = fc.option(
  fc.record({
    seconds: fc.oneof(
      fc.integer({ min: 0, max: 4e9 }),
      fc.integer({ min: -1e11, max: 1e12 }),
      fc.integer({ min: Number.MIN_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER }),
    ),
    nanoseconds: fc.integer({ min: 0, max: 999_999_999 }),
  }),
  { nil: undefined },
)
const number = fc.oneof(fc.nat(20), fc.nat(), fc.maxSafeNat()).filter((n) => n > 0)
const side = fc.constantFrom('client', 'server')
const connection = fc.integer({ min: 1, max: 3 })
const endpoint = fc.record({ address: fc.oneof(fc.ipV4(), fc.ipV6()), port: fc.nat(65535) })
const places = { firstPacket: number, lastPacket: number, time }
const pair = fc.tuple(hostileText, hostileText)
const head = fc.option(
  fc.record({ ...places, startLine: hostileText, headers: fc.array(pair, { maxLength: 3 }) }),
)
const deflateSide = fc.record({ contextTakeover: fc.boolean(), windowBits: fc.integer({ min: 8, max: 15 }) })

const connectionEvent = fc
  .record({
    connection,
    client: endpoint,
    server: endpoint,
    transport: fc.constantFrom('tcp', 'tls', 'h2', 'h2+tls'),
    midstream: fc.boolean(),
    url: fc.option(hostileText),
    subprotocol: fc.option(hostileText),
    extensions: fc.array(
      fc.record({
        name: hostileText,
        params: fc.array(fc.tuple(hostileText, fc.option(hostileText)), { maxLength: 2 }),
      }),
      { maxLength: 2 },
    ),
    deflate: fc.option(fc.record({ client: deflateSide, server: deflateSide })),
    request: head,
    response: head,
    acceptCorrect: fc.option(fc.boolean(), { nil: undefined }),
    tls: fc.option(
      fc.record({
        version: hostileText,
        cipherSuite: hostileText,
        serverName: fc.option(hostileText),
        alpn: fc.option(hostileText),
      }),
      { nil: undefined },
    ),
    proxyProtocol: fc.option(fc.record({ client: endpoint, server: endpoint }), { nil: undefined }),
    time,
  })
  .map(sampleConnection)

const frameEvent = fc
  .record({
    connection,
    frame: number,
    from: side,
    ...places,
    offset: fc.maxSafeNat(),
    fin: fc.boolean(),
    rsv1: fc.boolean(),
    rsv2: fc.boolean(),
    rsv3: fc.boolean(),
    opcode: fc.nat(15),
    maskingKey: fc.option(fc.nat(0xffffffff), { nil: undefined }),
    payload: hostileBytes,
    more: fc.oneof(fc.constant(0), fc.nat(100_000), fc.bigInt({ min: 2n ** 53n, max: 2n ** 64n - 400n })),
    holes: fc.option(fc.array(fc.tuple(fc.nat(100), fc.nat(100)), { maxLength: 3 }), { nil: undefined }),
    close: fc.option(fc.record({ code: fc.nat(65535), reason: hostileText }), { nil: undefined }),
  })
  .map(({ more, ...fields }) => {
    const { length } = fields.payload
    return sampleFrame({
      ...fields,
      payloadLength: typeof more === 'bigint' ? BigInt(length) + more : length + more,
      capturedLength: length,
    })
  })

const messageEvent = fc
  .record({
    connection,
    message: number,
    from: side,
    ...places,
    opcode: fc.constantFrom(1, 2),
    frames: fc.array(number, { minLength: 1, maxLength: 4 }),
    compressed: fc.boolean(),
    wireLength: fc.maxSafeNat(),
    length: fc.maxSafeNat(),
    content: fc.option(
      fc.oneof(
        hostileBytes.map((data) => ({ data, isText: false })),
        hostileText.map((text) => ({ data: new TextEncoder().encode(text), isText: true })),
      ),
      { nil: undefined },
    ),
    incomplete: fc.boolean(),
    withoutContext: fc.boolean(),
  })
  .map(({ content, ...fields }) =>
    sampleMessage({ ...fields, data: content?.data, isText: content?.isText ?? false }),
  )

const codes = Object.keys(FINDINGS) as FindingCode[]
const findingEvent = fc
  .record({
    found: hostileText.chain((text) => fc.constantFrom(...findingSamples(text))),
    place: fc.record(
      { connection, frame: number, from: side, firstPacket: number, lastPacket: number },
      { requiredKeys: [] },
    ),
    time,
  })
  .map(({ found, place, time }) => makeFinding(found.code, found.values as FindingValues, place, time))

const closedEvent = fc
  .record({
    connection,
    how: fc.constantFrom('clean', 'close-frame-only', 'tcp-fin', 'tcp-reset', 'open'),
    code: fc.option(fc.nat(65535)),
    reason: fc.option(hostileText),
    initiator: fc.option(side),
    time,
    lastPacket: number,
  })
  .map(sampleClosed)

const captureEvent: fc.Arbitrary<AnalysisEvent> = fc.record({
  type: fc.constant('capture' as const),
  files: fc.array(
    fc.record({
      name: hostileText,
      format: fc.constantFrom('pcap', 'pcapng'),
      compression: fc.constantFrom('gzip', undefined),
    }),
    { maxLength: 3 },
  ),
})

const summaryEvent = fc
  .record({
    packets: fc.maxSafeNat(),
    bytes: fc.maxSafeNat(),
    linkTypes: fc.array(hostileText, { maxLength: 2 }),
    findings: fc.dictionary(fc.constantFrom(...codes), number),
    skipped: fc.dictionary(
      hostileText.filter((text) => text !== '__proto__'),
      number,
      { maxKeys: 3 },
    ),
  })
  .map(sampleSummary)

/** Any event but the summary, which comes last. */
export const anyEvent: fc.Arbitrary<AnalysisEvent> = fc.oneof(
  captureEvent,
  connectionEvent,
  { arbitrary: frameEvent, weight: 4 },
  { arbitrary: messageEvent, weight: 3 },
  findingEvent,
  closedEvent,
)

/** A walk's events, in any order but the summary last. */
export const anyWalk: fc.Arbitrary<AnalysisEvent[]> = fc
  .tuple(fc.array(anyEvent, { maxLength: 30 }), summaryEvent)
  .map(([events, summary]) => [...events, summary])
