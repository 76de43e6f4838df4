// TCP promises a stream and nothing about packets: however the same bytes are cut into segments, in whatever order these come and however
// often, the frames, the messages and the findings are the same.
import { constants, deflateRawSync } from 'node:zlib'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { concat, fromLatin1, toHex } from '../../src/base/bytes.ts'
import { Opcode } from '../../src/base/events.ts'
import type { Side } from '../../src/base/stream.ts'
import { analyze } from '../../src/index.ts'
import { TcpFlag } from '../../src/network/segment.ts'
import type { WalkRecord } from '../../src/records/records.ts'
import { encodeFrame } from '../../src/websocket/encode.ts'
import { acceptFor } from '../support/builders/accept-for.ts'
import { pcapFile, tcpPacket } from '../support/builders/packet-builder.ts'

const RUNS = Number(process.env['FRAMEWALK_RUNS'] ?? 150)
const KEY = 'dGhlIHNhbXBsZSBub25jZQ=='
const OFFER = 'Sec-WebSocket-Extensions: permessage-deflate\r\n'
const REQUEST = fromLatin1(
  `GET /chat HTTP/1.1\r\nHost: example.com\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${KEY}\r\n${OFFER}\r\n`,
)
const RESPONSE = fromLatin1(
  `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${acceptFor(KEY)}\r\n${OFFER}\r\n`,
)

const message = fc.record({
  text: fc.string({ unit: 'grapheme', maxLength: 60 }),
  copies: fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 60 })),
  binary: fc.boolean(),
  compressed: fc.boolean(),
  cuts: fc.array(fc.nat(400), { maxLength: 3 }),
  pingBetween: fc.boolean(),
  /** Breaks a rule, to have findings: a wrong mask, a reserved bit, bytes that are not UTF-8. */
  fault: fc.constantFrom('none', 'none', 'none', 'mask', 'rsv2', 'utf8'),
})
type Message = typeof message extends fc.Arbitrary<infer T> ? T : never

const conversation = fc.record({
  client: fc.array(message, { maxLength: 5 }),
  server: fc.array(message, { maxLength: 5 }),
  /** How the network treats it. */
  cuts: fc.array(fc.nat(5000), { maxLength: 40 }),
  order: fc.array(fc.nat(), { minLength: 1, maxLength: 30 }),
  doubled: fc.array(fc.nat(200), { maxLength: 10 }),
  sequences: fc.tuple(fc.nat(2 ** 32 - 1), fc.nat(2 ** 32 - 1)),
})

it('any segmentation, order and duplication gives the same frames, messages and findings', async () => {
  await fc.assert(
    fc.asyncProperty(conversation, async ({ client, server, cuts, order, doubled, sequences }) => {
      const streams = { client: framesOf(client, 'client'), server: framesOf(server, 'server') }
      const sent = await recordsOf(plainSegments(streams), [1000, 5000])
      const received = await recordsOf(wildSegments(streams, cuts, order, doubled), sequences)
      expect(received).toEqual(sent)
      const whole = client.length + server.length
      expect(sent.filter((line) => line.includes('"type":"message"'))).toHaveLength(whole)
    }),
    { numRuns: RUNS },
  )
})

/** The frames of one side's messages, and its close frame. */
function framesOf(messages: readonly Message[], side: Side): Uint8Array[] {
  let key = side === 'client' ? 0x01020304 : 0x0a0b0c0d
  let window: Uint8Array = new Uint8Array(0)
  const frames: Uint8Array[] = []
  const add = (fields: Parameters<typeof encodeFrame>[0], wrongMask = false): void => {
    key += 0x01010101
    frames.push(encodeFrame({ ...fields, maskingKey: (side === 'client') !== wrongMask ? key : undefined }))
  }
  for (const { text, copies, binary, compressed, cuts, pingBetween, fault } of messages) {
    const plain = new TextEncoder().encode(text.repeat(copies))
    if (fault === 'utf8' && plain.length > 0) plain[plain.length - 1] = 0xff
    const payload = compressed ? deflate(plain, window) : plain
    if (compressed) window = concat([window, plain]).slice(-32_768)
    const places = [...new Set(cuts.map((cut) => cut % (payload.length + 1)))].sort((a, b) => a - b)
    const bounds = [0, ...places, payload.length]
    for (let i = 0; i + 1 < bounds.length; i++) {
      const fin = i + 2 === bounds.length
      if (i > 0 && pingBetween) add({ fin: true, opcode: Opcode.ping, payload: fromLatin1(`${side} ${i}`) })
      add(
        {
          fin,
          rsv1: compressed && i === 0,
          rsv2: fault === 'rsv2',
          opcode: i > 0 ? Opcode.continuation : binary ? Opcode.binary : Opcode.text,
          payload: payload.subarray(bounds[i], bounds[i + 1]),
        },
        fault === 'mask',
      )
    }
  }
  add({ fin: true, opcode: Opcode.close, payload: Uint8Array.of(0x03, 0xe8) })
  return frames
}

/** One message with context takeover (RFC 7692 §7.2.1): the plain bytes before it are its dictionary. */
function deflate(plain: Uint8Array, window: Uint8Array): Uint8Array {
  const options = { finishFlush: constants.Z_SYNC_FLUSH, ...(window.length > 0 && { dictionary: window }) }
  const bytes = deflateRawSync(plain, options)
  return plain.length === 0 ? Uint8Array.of(0) : bytes.subarray(0, bytes.length - 4)
}

interface Piece {
  readonly from: Side
  /** Offset in the side's WebSocket stream. */
  readonly offset: number
  readonly bytes: Uint8Array
}

type Streams = Readonly<Record<Side, readonly Uint8Array[]>>

/** A segment a frame, in order. */
function plainSegments(streams: Streams): Piece[] {
  return (['client', 'server'] as const).flatMap((from) => {
    let offset = 0
    return streams[from].map((bytes) => {
      const piece = { from, offset, bytes }
      offset += bytes.length
      return piece
    })
  })
}

/** Cut anywhere, in any order, some doubled and overlapping. */
function wildSegments(
  streams: Streams,
  cuts: readonly number[],
  order: readonly number[],
  doubled: readonly number[],
): Piece[] {
  const pieces = (['client', 'server'] as const).flatMap((from) => {
    const bytes = concat(streams[from])
    const bounds = [...new Set([0, ...cuts.map((cut) => cut % bytes.length), bytes.length])].sort(
      (a, b) => a - b,
    )
    return bounds
      .slice(1)
      .map((end, i) => ({ from, offset: bounds[i]!, bytes: bytes.subarray(bounds[i], end) }))
  })
  for (const index of doubled) {
    const piece = pieces[index % pieces.length]!
    const cut = index % piece.bytes.length
    pieces.push({ from: piece.from, offset: piece.offset + cut, bytes: piece.bytes.subarray(cut) })
  }
  return pieces
    .map((piece, i) => ({ piece, rank: order[i % order.length]! * 31 + ((i * 7919) % 1009) }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ piece }) => piece)
}

/** What analyze says of a connection with these segments, per side, without numbers that depend on packets. */
async function recordsOf(
  pieces: readonly Piece[],
  [client, server]: readonly [number, number],
): Promise<string[]> {
  const ends = { client: { address: '10.0.0.1', port: 40_000 }, server: { address: '10.0.0.2', port: 80 } }
  const packet = (from: Side, sequence: number, flags: number, payload?: Uint8Array): Uint8Array =>
    tcpPacket({
      source: ends[from],
      destination: ends[from === 'client' ? 'server' : 'client'],
      sequence: sequence >>> 0,
      acknowledgment: (from === 'client' ? server + 1 : client + 1) >>> 0,
      flags,
      ...(payload && { payload }),
    })
  const start = { client: client + 1 + REQUEST.length, server: server + 1 + RESPONSE.length }
  const end = { ...start }
  for (const { from, offset, bytes } of pieces)
    end[from] = Math.max(end[from], start[from] + offset + bytes.length)
  const packets = [
    packet('client', client, TcpFlag.syn),
    packet('server', server, TcpFlag.syn | TcpFlag.ack),
    packet('client', client + 1, TcpFlag.ack, REQUEST),
    packet('server', server + 1, TcpFlag.ack, RESPONSE),
    ...pieces.map(({ from, offset, bytes }) => packet(from, start[from] + offset, TcpFlag.ack, bytes)),
    packet('client', end.client, TcpFlag.ack | TcpFlag.fin),
    packet('server', end.server, TcpFlag.ack | TcpFlag.fin),
  ]
  const lines: string[] = []
  for await (const record of analyze(pcapFile(packets))) {
    const line = comparable(record)
    if (line !== undefined) lines.push(line)
  }
  // The two sides' frames may interleave otherwise.
  const of = (side: string) => lines.filter((line) => line.startsWith(side))
  return [...of('client'), ...of('server')]
}

function comparable(record: WalkRecord<Uint8Array>): string | undefined {
  const { type } = record
  if (type !== 'frame' && type !== 'message' && type !== 'finding') return undefined
  // Which pings were answered in time depends on how the two sides interleave.
  if (type === 'finding' && record.code === 'unanswered-ping') return undefined
  const { packet: _packet, ...rest } = record
  const shown = Object.fromEntries(
    Object.entries(rest).filter(
      ([name]) => !['frame', 'message', 'frames', 'time', 'follows'].includes(name),
    ),
  )
  const sentence = type === 'finding' ? record.code : undefined
  return `${record.from} ${JSON.stringify({ ...shown, sentence }, (_, value) => (value instanceof Uint8Array ? toHex(value) : value))}`
}
