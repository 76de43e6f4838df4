// What an observer can prove about the first fault of a side, told before its symptoms; and nothing that chance makes look like it.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { concat } from '../../src/base/bytes.ts'
import { sentenceOf } from '../../src/language/en/finding-sentences.ts'
import { encodeFrame } from '../../src/websocket/encode.ts'
import { hex, utf8 } from '../support/builders/packet-builder.ts'
import {
  client,
  cutInto,
  type Heard,
  hear,
  type Step,
  server,
} from '../support/drivers/websocket-conversation.ts'

const KEY = 0x37fa213d
const LONG = `{"text":"${'some words '.repeat(60)}"}`

interface Case {
  readonly name: string
  /** The smallest conversation that shows the cause. */
  readonly trigger: readonly Step[]
  readonly code: 'http-in-stream' | 'out-of-step'
  readonly values: object
  readonly says: string
  /** One next to it that has no such cause. */
  readonly neighbour: readonly Step[]
}

/** Bytes of a side in a segment of their own. */
const raw = (from: 'client' | 'server', ...parts: (string | Uint8Array)[]): Step => [
  from,
  concat(parts.map((part) => (typeof part === 'string' ? utf8(part) : part))),
]
const text = (payload: string, maskingKey?: number) =>
  encodeFrame({ fin: true, opcode: 1, payload: utf8(payload), maskingKey })
/** The first bytes of a frame, which stops there. */
const cut = (frame: Uint8Array, length: number) => frame.subarray(0, length)
const clientText = (payload: string) => text(payload, KEY)
/** A masked frame whose key begins anew at an offset of the payload. */
const masked = (payload: string, ...restarts: number[]): Uint8Array => {
  const bytes = utf8(payload)
  const frame = encodeFrame({ fin: true, opcode: 1, payload: bytes, maskingKey: KEY })
  const at = frame.length - bytes.length
  let from = 0
  for (let i = 0; i < bytes.length; i++) {
    if (restarts.includes(i)) from = i
    frame[at + i] = bytes[i]! ^ ((KEY >>> (24 - 8 * ((i - from) % 4))) & 0xff)
  }
  return frame
}
/** A client's frame that announces characters, and has the bytes of them. */
const countingCharacters = (payload: string): Uint8Array => {
  const frame = clientText(payload)
  frame[1] = 0x80 | payload.length
  return frame
}
/** A frame with a length field of our own. */
const withLength = (field: string, payload: string) => concat([hex(`81 ${field}`), utf8(payload)])

const CASES: readonly Case[] = [
  {
    name: 'a second handler answers on the same socket',
    trigger: [server({ text: 'a' }), raw('server', 'HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n')],
    code: 'http-in-stream',
    values: { what: 'response', line: 'HTTP/1.1 400 Bad Request', from: 'server' },
    says: 'The server wrote an HTTP response where a frame should begin: “HTTP/1.1 400 Bad Request”.',
    neighbour: [server({ text: 'HTTP/1.1 400 Bad Request\r\n\r\n' })],
  },
  {
    name: 'the client asks for another page',
    trigger: [raw('client', 'GET /favicon.ico HTTP/1.1\r\nHost: a.test\r\n\r\n')],
    code: 'http-in-stream',
    values: { what: 'request', line: 'GET /favicon.ico HTTP/1.1', from: 'client' },
    says: 'The client wrote an HTTP request where a frame should begin',
    neighbour: [client({ text: 'GET /favicon.ico HTTP/1.1\r\n\r\n' })],
  },
  {
    name: 'the server sends its frames in chunks',
    trigger: [raw('server', '7\r\n', text('Hello'), '\r\n')],
    code: 'http-in-stream',
    values: { what: 'chunk', size: 7, from: 'server' },
    says: 'The server sends its frames in HTTP chunks: the size 7 stands where a frame should begin.',
    neighbour: [raw('server', text('7\r\n'), text('Hello'))],
  },
  {
    name: 'an empty line too many stands behind the head',
    trigger: [raw('server', '\r\n', text('Hello there'))],
    code: 'out-of-step',
    values: { what: 'emptyLine', length: 2, from: 'server' },
    says: 'The server wrote an empty line too many behind its HTTP head: 2 bytes stand before the first frame.',
    neighbour: [raw('server', text('\r\n'))],
  },
  {
    name: 'a TLS alert',
    trigger: [server({ text: 'a' }), raw('server', hex('15 03 03 00 02 02 46'))],
    code: 'out-of-step',
    values: { what: 'tls', type: 21, length: 2, from: 'server' },
    says: 'The server wrote a TLS record (type 21, 2 bytes) where a frame should begin.',
    neighbour: [server({ opcode: 2, payload: hex('15 03 03 00 02 02 46') })],
  },
  {
    name: 'plain text',
    trigger: [server({ text: 'a' }), raw('server', 'Traceback (most recent call last):\n')],
    code: 'out-of-step',
    values: { what: 'text', text: 'Traceback (most recent call last):\n', from: 'server' },
    says: 'The server wrote plain text where a frame should begin: “Traceback (most recent call last):\n”.',
    neighbour: [server({ text: 'Traceback (most recent call last):\n' })],
  },
  {
    name: 'a write of the client is cut short',
    trigger: [
      raw('client', cut(clientText(LONG), 300)),
      raw('client', clientText('{"after":1}'), clientText(`{"after":"${'x'.repeat(400)}"}`)),
    ],
    code: 'out-of-step',
    values: { what: 'cutWrite', announced: LONG.length, sent: 292, packet: 2, from: 'client' },
    says: `The client announced a payload of ${LONG.length} bytes and sent 292 of them: in packet 2 its next frame begins.`,
    neighbour: [raw('client', cut(clientText(LONG), 300)), raw('client', clientText(LONG).subarray(300))],
  },
  {
    name: 'a write of the server is cut short',
    trigger: [
      raw('server', cut(text(LONG), 300)),
      raw('server', text('{"after":1}')),
      raw('server', text('{"after":2}')),
      raw('server', text(`{"after":"${'x'.repeat(400)}"}`)),
    ],
    code: 'out-of-step',
    values: { what: 'cutWrite', announced: LONG.length, sent: 296, packet: 2, from: 'server' },
    says: 'A write was cut short, and the rest of it never sent.',
    neighbour: [raw('server', cut(text(LONG), 300)), raw('server', text(LONG).subarray(300))],
  },
  {
    name: 'another write comes in between',
    trigger: [
      raw('client', cut(clientText(LONG), 300)),
      raw('client', clientText('{"between":1}')),
      raw('client', clientText(LONG).subarray(300)),
    ],
    code: 'out-of-step',
    values: { what: 'interleaved', announced: LONG.length, sent: 292, length: 19, packet: 2, from: 'client' },
    says: 'come 19 bytes of other frames before it goes on. Two writers share the connection without taking turns.',
    neighbour: [
      raw('client', cut(clientText(LONG), 300)),
      raw('client', clientText(LONG).subarray(300)),
      raw('client', clientText('{"between":1}')),
    ],
  },
  {
    name: 'the length counts characters',
    trigger: [raw('server', withLength('04', '服务器答'), text('Hello'))],
    code: 'out-of-step',
    values: { what: 'characters', announced: 4, length: 12, from: 'server' },
    says: 'The server counted characters instead of bytes: a frame announces 4 bytes, and its text of as many characters has 12.',
    neighbour: [raw('server', withLength('0c', '服务器答'), text('Hello'))],
  },
  {
    name: 'the length counts characters, and the rest of the text follows a whole one',
    trigger: [raw('client', countingCharacters('é服务器答ab'), clientText('Hello'))],
    code: 'out-of-step',
    values: { what: 'characters', announced: 7, length: 16, from: 'client' },
    says: 'The client counted characters instead of bytes',
    neighbour: [raw('client', clientText('é服务器答ab'), clientText('Hello'))],
  },
  {
    name: 'the length has its bytes swapped',
    trigger: [raw('server', withLength('7e 2c 01', 'x'.repeat(300))), server({ text: '{"n":2}' })],
    code: 'out-of-step',
    values: { what: 'length', announced: '11265', meant: 300, bytes: 2, littleEndian: true, from: 'server' },
    says: 'it reads 11265. Read as 16 bits with the lowest byte first it is 300, and the frame ends where it should.',
    neighbour: [raw('server', withLength('7e 01 2c', 'x'.repeat(300))), server({ text: '{"n":2}' })],
  },
  {
    name: 'the length is too wide',
    trigger: [raw('server', withLength('7f 00 00 01 2c', 'x'.repeat(300)))],
    code: 'out-of-step',
    values: { what: 'length', meant: 300, bytes: 4, littleEndian: false, from: 'server' },
    says: 'Read as 32 bits it is 300, and the frame ends where it should.',
    neighbour: [raw('server', withLength('7e 01 2c', 'x'.repeat(300)))],
  },
  {
    name: 'the mask begins anew',
    trigger: [raw('client', masked(LONG, 297))],
    code: 'out-of-step',
    values: { what: 'maskRestart', from: 'client' },
    says: 'unmasked so, the rest is text.',
    neighbour: [raw('client', masked(LONG, 296))],
  },
  {
    name: 'the bytes of the client stand in the stream of the server',
    trigger: [raw('client', clientText('Hello')), raw('server', clientText('Hello'))],
    code: 'out-of-step',
    values: { what: 'copy', frame: 1, from: 'server' },
    says: "The server sent a frame with the masking key of the client's frame 1",
    neighbour: [raw('client', clientText('Hello')), raw('server', text('Hello'))],
  },
]

const causes = ({ findings }: Heard) =>
  findings.filter(({ code }) => code === 'http-in-stream' || code === 'out-of-step')

describe('the cause of the first fault', () => {
  it.each(CASES)('is told before its symptoms, if $name', ({ trigger, code, values, says }) => {
    const heard = hear(trigger)
    const [first, ...rest] = heard.findings
    expect(first).toMatchObject({ code, values, from: (values as { from: string }).from, follows: undefined })
    expect(sentenceOf(first!)).toContain(says)
    expect(causes(heard)).toHaveLength(1)
    expect(rest.length).toBeGreaterThan(0)
    for (const finding of rest) expect(finding.follows).toEqual({ code, frame: first!.frame })
  })

  it.each(CASES)('is not seen where nothing of the kind happened: not $name', ({ neighbour }) => {
    expect(causes(hear(neighbour))).toEqual([])
  })

  it.each(CASES)(
    'is told once, and nothing throws, however the bytes are cut: $name',
    ({ trigger, code }) => {
      fc.assert(
        fc.property(fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 8 }), (lengths) => {
          const found = causes(hear(cutInto(trigger, lengths)))
          expect(found.length).toBeLessThanOrEqual(1)
          for (const finding of found) expect(finding.code).toBe(code)
        }),
        { numRuns: 50 },
      )
    },
  )

  it('is never made up: random bytes after good frames have none in 10 000 conversations', () => {
    let violations = 0
    fc.assert(
      fc.property(
        fc.constantFrom('client' as const, 'server' as const),
        fc.array(fc.uint8Array({ minLength: 1, maxLength: 200 }), { minLength: 1, maxLength: 6 }),
        (from, pieces) => {
          const good = (from === 'client' ? client : server)({ text: '{"good":true}' })
          const heard = hear([good, ...pieces.map((piece): Step => [from, piece])])
          expect(causes(heard)).toEqual([])
          violations += heard.codes.length > 0 ? 1 : 0
        },
      ),
      { numRuns: 10_000, seed: 6455 },
    )
    expect(violations).toBeGreaterThan(9000)
  })
})

describe('what a side breaks after its first fault', () => {
  it('follows from it, and what the other side breaks does not', () => {
    const { findings } = hear([
      client({ maskingKey: undefined, text: 'a' }),
      server({ opcode: 3 }),
      client({ maskingKey: undefined, text: 'b' }),
    ])
    expect(findings.map(({ code, frame, follows }) => [code, frame, follows?.frame]).slice(0, 3)).toEqual([
      ['unmasked-client-frame', 1, undefined],
      ['reserved-opcode', 2, undefined],
      ['unmasked-client-frame', 3, 1],
    ])
  })

  it('does not make the capture’s faults its own', () => {
    const { findings } = hear([
      client({ maskingKey: undefined }),
      ['client', { gap: 5 }],
      client({ text: 'a' }),
    ])
    expect(
      findings.filter(({ severity, follows }) => severity === 'capture' && follows !== undefined),
    ).toEqual([])
  })
})
