import { describe, expect, it } from 'vitest'
import { concat } from '../../src/base/bytes.ts'
import { FINDINGS, type FindingCode } from '../../src/base/findings.ts'
import { sentenceOf } from '../../src/language/en/finding-sentences.ts'
import { hex, utf8, zeros } from '../support/builders/packet-builder.ts'
import { compressAlone } from '../support/builders/websocket-compressor.ts'
import {
  CLOSING,
  client,
  closeBody,
  DEFLATE,
  type HearOptions,
  hear,
  type Step,
  server,
} from '../support/drivers/websocket-conversation.ts'

interface Case {
  readonly code: FindingCode
  readonly name: string
  /** The smallest conversation that triggers the code once, and nothing else. */
  readonly trigger: readonly Step[]
  readonly from?: 'client' | 'server'
  /** Number of the frame that the finding names. */
  readonly frame?: number | undefined
  /** What its sentence says. */
  readonly says: string
  /** A conversation next to it, in which nothing is found. */
  readonly neighbour: readonly Step[]
  readonly options?: HearOptions
  /** Where it closes in another way than by close frames. */
  readonly closing?: readonly Step[]
}

const ping = (text: string): Step => server({ opcode: 9, text })
const pong = (text: string): Step => client({ opcode: 10, text })
const hello = hex('f2 48 cd c9 c9 07 00')

/** Codes that may be sent, next to those that must not. */
const NEIGHBOURS: Readonly<Record<number, number>> = {
  1004: 1003,
  1006: 1007,
  1015: 1014,
  2999: 3000,
  5000: 4999,
}

const CASES: readonly Case[] = [
  {
    code: 'reserved-opcode',
    name: 'a data frame',
    trigger: [client({ opcode: 3 })],
    from: 'client',
    says: 'Opcode 3 is reserved for further data frames.',
    neighbour: [client({ opcode: 2 })],
  },
  {
    code: 'reserved-opcode',
    name: 'a control frame',
    trigger: [server({ opcode: 11 })],
    from: 'server',
    says: 'Opcode 11 is reserved for further control frames.',
    neighbour: [server({ opcode: 10 })],
  },
  {
    code: 'rsv-without-extension',
    name: 'RSV1 where nothing was agreed on',
    trigger: [client({ rsv1: true, payload: hex('f2') })],
    says: 'RSV1 is set on a text frame with a payload of 1 byte, and no extension gives it a meaning.',
    neighbour: [client({ payload: utf8('Hello') })],
  },
  {
    code: 'rsv-without-extension',
    name: 'RSV2 and RSV3',
    trigger: [client({ rsv1: true, rsv2: true, rsv3: true, payload: hello })],
    options: { deflate: DEFLATE },
    says: 'RSV2 and RSV3 are set on a text frame with a payload of 7 bytes, and no extension gives them a meaning.',
    neighbour: [client({ rsv1: true, payload: hello })],
  },
  {
    code: 'rsv1-on-continuation',
    name: 'in the middle of a message',
    trigger: [
      client({ rsv1: true, fin: false, payload: hello.subarray(0, 3) }),
      client({ opcode: 0, rsv1: true, payload: hello.subarray(3) }),
    ],
    options: { deflate: DEFLATE },
    frame: 2,
    says: 'RSV1 is set on a continuation frame with a payload of 4 bytes',
    neighbour: [
      client({ rsv1: true, fin: false, payload: hello.subarray(0, 3) }),
      client({ opcode: 0, payload: hello.subarray(3) }),
    ],
  },
  {
    code: 'rsv1-on-control',
    name: 'on a pong',
    trigger: [client({ opcode: 10, rsv1: true })],
    options: { deflate: DEFLATE },
    says: 'RSV1 is set on a pong frame with no payload; control frames are never compressed.',
    neighbour: [client({ opcode: 10 })],
  },
  {
    code: 'unmasked-client-frame',
    name: 'a text',
    trigger: [client({ maskingKey: undefined, text: 'a' })],
    from: 'client',
    says: 'The client sent a text frame with a payload of 1 byte, and without a mask.',
    neighbour: [client({ text: 'a' })],
  },
  {
    code: 'masked-server-frame',
    name: 'a text',
    trigger: [server({ maskingKey: 0x37fa213d, text: 'a' })],
    from: 'server',
    says: 'The server sent a text frame with a payload of 1 byte, masked with key 37fa213d.',
    neighbour: [server({ text: 'a' })],
  },
  {
    code: 'control-frame-too-long',
    name: 'a pong of 126 bytes',
    trigger: [client({ opcode: 10, payload: zeros(126) })],
    says: 'A pong frame with a payload of 126 bytes: control frames hold 125 at most.',
    neighbour: [server({ opcode: 9, payload: zeros(125) }), client({ opcode: 10, payload: zeros(125) })],
  },
  {
    code: 'fragmented-control-frame',
    name: 'a pong without FIN',
    trigger: [server({ opcode: 10, fin: false })],
    says: 'FIN is 0 on a pong frame with no payload; control frames must not be fragmented.',
    neighbour: [server({ opcode: 10 })],
  },
  {
    code: 'unexpected-continuation',
    name: 'of nothing',
    trigger: [client({ text: 'a' }), client({ opcode: 0, text: 'b' })],
    frame: 2,
    says: 'A continuation frame with a payload of 1 byte came while no fragmented message was open.',
    neighbour: [client({ text: 'a', fin: false }), client({ opcode: 0, text: 'b' })],
  },
  {
    code: 'unexpected-continuation',
    name: 'of nothing, in several fragments, said once',
    trigger: [client({ opcode: 0, text: 'b', fin: false }), client({ opcode: 0, text: 'c' })],
    says: 'came while no fragmented message was open',
    neighbour: [client({ fin: false }), client({ opcode: 0, fin: false }), client({ opcode: 0 })],
  },
  {
    code: 'expected-continuation',
    name: 'a text within a fragmented one',
    trigger: [client({ text: 'a', fin: false }), client({ opcode: 2, text: 'b' })],
    frame: 2,
    says: 'A binary frame with a payload of 1 byte came before the last fragment of the message that frame 1 had started.',
    neighbour: [client({ text: 'a', fin: false }), client({ opcode: 10 }), client({ opcode: 0, text: 'b' })],
  },
  {
    code: 'non-minimal-length',
    name: '125 bytes in 16 bits',
    trigger: [server({ payload: zeros(125), opcode: 2, lengthForm: 16 })],
    says: 'The length 125 is encoded in 16 bits, where 7 are enough.',
    neighbour: [server({ payload: zeros(126), opcode: 2, lengthForm: 16 })],
  },
  {
    code: 'non-minimal-length',
    name: '65535 bytes in 64 bits',
    trigger: [client({ payload: zeros(65_535), opcode: 2, lengthForm: 64 })],
    says: 'The length 65535 is encoded in 64 bits, where 16 are enough.',
    neighbour: [client({ payload: zeros(65_536), opcode: 2, lengthForm: 64 })],
  },
  {
    code: 'invalid-utf8',
    name: 'a byte that cannot stand',
    trigger: [server({ payload: hex('61 ff 62') })],
    from: 'server',
    says: 'The text message is not UTF-8: byte 1 (0xff) cannot start a character.',
    neighbour: [server({ payload: hex('61 ff 62'), opcode: 2 }), server({ text: 'aÿb' })],
  },
  {
    code: 'invalid-utf8',
    name: 'a character that goes on in another message',
    trigger: [server({ payload: hex('61 e6 9c') })],
    says: 'it ends inside a character, which starts at byte 1.',
    neighbour: [server({ payload: hex('61 e6 9c'), fin: false }), server({ opcode: 0, payload: hex('8d') })],
  },
  {
    code: 'invalid-utf8',
    name: 'a surrogate behind the inflater',
    trigger: [client({ rsv1: true, payload: compressAlone(hex('ed a0 80')) })],
    options: { deflate: DEFLATE },
    says: 'byte 1 (0xa0) cannot follow 0xed.',
    neighbour: [client({ rsv1: true, payload: compressAlone(hex('ed 9f bf')) })],
  },
  {
    code: 'close-body-too-short',
    name: 'one byte',
    trigger: [client({ opcode: 8, payload: hex('03') })],
    closing: [server({ opcode: 8 })],
    says: 'The body of the close frame is 1 byte long',
    neighbour: [client({ opcode: 8 })],
  },
  ...[0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65_535].map(
    (code): Case => ({
      code: 'invalid-close-code',
      name: `${code}`,
      trigger: [client({ opcode: 8, payload: closeBody(code) })],
      closing: [server({ opcode: 8 })],
      says: `The close code ${code} `,
      neighbour: [client({ opcode: 8, payload: closeBody(NEIGHBOURS[code] ?? 1000) })],
    }),
  ),
  {
    code: 'invalid-close-reason',
    name: 'not UTF-8',
    trigger: [client({ opcode: 8, payload: concat([closeBody(1000, 'a'), hex('c3 28')]) })],
    closing: [server({ opcode: 8 })],
    says: 'The close reason is not UTF-8: byte 2 (0x28) cannot follow 0xc3.',
    neighbour: [client({ opcode: 8, payload: closeBody(1000, 'aé') })],
  },
  {
    code: 'data-after-close',
    name: 'by the side that sent the close frame',
    trigger: [client({ opcode: 8 }), client({ text: 'a' }), server({ opcode: 8 })],
    closing: [],
    frame: 2,
    says: 'The client sent a text frame with a payload of 1 byte after its own close frame (frame 1).',
    neighbour: [client({ opcode: 8 }), server({ text: 'a' }), client({ opcode: 10 }), server({ opcode: 8 })],
  },
  {
    code: 'inflate-error',
    name: 'a block type that is none',
    trigger: [client({ rsv1: true, payload: hex('06 00') })],
    options: { deflate: DEFLATE },
    says: 'The compressed message does not inflate: invalid block type.',
    neighbour: [client({ rsv1: true, payload: hex('00') })],
  },
  {
    code: 'inflate-error',
    name: 'data that ends inside a block',
    trigger: [client({ rsv1: true, payload: hello.subarray(0, 5) })],
    options: { deflate: DEFLATE },
    says: 'The compressed message does not inflate: ',
    neighbour: [client({ rsv1: true, payload: hello })],
  },
  {
    code: 'inflate-error',
    name: 'no bytes at all',
    trigger: [client({ rsv1: true }), client({ rsv1: true, payload: hello })],
    options: { deflate: DEFLATE },
    frame: 1,
    says: 'it has no bytes, where an empty message has one.',
    neighbour: [client({ rsv1: true, payload: hex('00') }), client({ rsv1: true, payload: hello })],
  },
  {
    code: 'zero-masking-key',
    name: 'with a payload',
    trigger: [client({ maskingKey: 0, text: 'a' })],
    says: 'The masking key is 00000000: a text frame with a payload of 1 byte goes out as it is.',
    neighbour: [client({ maskingKey: 0 }), client({ maskingKey: 1, text: 'a' })],
  },
  {
    code: 'repeated-masking-key',
    name: 'once for the whole run',
    trigger: [0, 1, 2, 3].map((i) => client({ maskingKey: 0x0a0b0c0d, text: `${i}` })),
    frame: 2,
    says: "The masking key 0a0b0c0d is that of the client's frame 1 before",
    neighbour: [1, 2, 1, 2].map((maskingKey) => client({ maskingKey, text: 'a' })),
  },
  {
    code: 'unanswered-ping',
    name: 'of the server',
    trigger: [ping('a'), pong('a'), ping('b'), client()],
    from: 'server',
    frame: 3,
    says: "The client had not answered the server's ping with payload 62 when the connection was closed.",
    neighbour: [ping('a'), ping('b'), pong('b')],
  },
  {
    code: 'unanswered-ping',
    name: 'of the client',
    trigger: [client({ opcode: 9 }), server()],
    from: 'client',
    says: "The server had not answered the client's ping with payload (empty) when the connection was closed.",
    neighbour: [client({ opcode: 9 }), server(), server({ opcode: 10 })],
  },
  {
    code: 'unsolicited-pong-payload',
    name: 'another than the one asked for',
    trigger: [ping('a'), pong('b'), pong('a')],
    from: 'client',
    frame: 2,
    says: "The pong's payload 62 is that of no ping that waits for its answer; the last one, frame 1, has 61.",
    neighbour: [ping('a'), pong('a'), pong('heartbeat'), ping('c'), pong(''), pong('c')],
  },
  {
    code: 'unsolicited-pong-payload',
    name: 'though nobody ever asked',
    trigger: [client({ text: 'a' }), pong('b'), server({ text: 'b' })],
    from: 'client',
    frame: 2,
    says: "The pong's payload 62 is that of no ping: the other side never sent one.",
    neighbour: [client({ text: 'a' }), pong(''), server({ opcode: 10 }), pong('b'), ping('c'), pong('c')],
  },
  {
    code: 'no-close-frame',
    name: 'after a FIN',
    trigger: [client({ text: 'a' }), server({ text: 'b' })],
    closing: [
      ['server', { end: 'fin' }],
      ['client', { end: 'fin' }],
    ],
    from: 'server',
    frame: undefined,
    says: 'The server ended the TCP connection (FIN), and neither side had sent a close frame.',
    neighbour: [client({ text: 'a' }), server({ opcode: 8 })],
  },
  {
    code: 'no-close-frame',
    name: 'after a reset',
    trigger: [client({ text: 'a' }), server({ text: 'b' })],
    closing: [
      ['client', { end: 'reset' }],
      ['server', { end: 'reset' }],
    ],
    frame: undefined,
    says: 'The TCP connection was reset (RST), and neither side had sent a close frame.',
    neighbour: [client({ opcode: 8 }), server({ opcode: 8 })],
  },
]

describe('the rules', () => {
  it.each(CASES.map((each) => ({ title: `${each.code}: ${each.name}`, each })))('find $title', ({ each }) => {
    const { trigger, neighbour, closing = CLOSING, options = {} } = each
    const { findings, codes, held } = hear([...trigger, ...closing], options)
    expect(codes).toEqual([each.code])
    const finding = findings.at(-1)!
    expect(sentenceOf(finding)).toContain(each.says)
    expect(sentenceOf(finding)).toMatch(/^[A-Z].*\.$/)
    expect(JSON.parse(JSON.stringify(finding.values))).toEqual(finding.values)
    expect(finding.severity).toBe(FINDINGS[each.code].severity)
    if (each.from !== undefined) expect(finding.from).toBe(each.from)
    if ('frame' in each) expect(finding.frame).toBe(each.frame)
    else expect(finding.frame).toBe(1)
    expect(held).toBe(0)

    const closed = neighbour.some(([, what]) => what instanceof Uint8Array && (what[0]! & 15) === 8)
    expect(hear(closed ? neighbour : [...neighbour, ...CLOSING], options).codes).toEqual([])
  })
})
