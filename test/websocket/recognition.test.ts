import { deflateRawSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { concat } from '../../src/base/bytes.ts'
import { Budget, limitsWith } from '../../src/base/limits.ts'
import type { Direction, StreamItem } from '../../src/base/stream.ts'
import { encodeFrame } from '../../src/websocket/encode.ts'
import { Recognition, type Verdict } from '../../src/websocket/recognition.ts'
import { bytesOf, chunkOf, endOf } from '../support/builders/stream-items.ts'
import { Random } from '../support/builders/websocket-traffic.ts'

interface Held {
  readonly direction: Direction
  readonly item: StreamItem
}

const encoder = new TextEncoder()
const random = new Random(6455)

function frames(
  count: number,
  isMasked: boolean,
  make: (i: number) => Uint8Array,
  opcode = 1,
  rsv1 = false,
): Uint8Array[] {
  return Array.from({ length: count }, (_, i) => {
    const maskingKey = isMasked ? random.below(2 ** 32) : undefined
    return encodeFrame({ fin: true, rsv1, opcode, payload: make(i), maskingKey })
  })
}

const quote = (i: number) => encoder.encode(`{"symbol":"ACME","price":${100 + i / 8}}`)

/** Segments of both directions in turn, and the ends if `ended`. */
function talk(first: readonly Uint8Array[], second: readonly Uint8Array[], ended = false): Held[] {
  const held: Held[] = []
  for (let i = 0; i < Math.max(first.length, second.length); i++) {
    if (first[i] !== undefined) held.push({ direction: 0, item: chunkOf(first[i]!, held.length) })
    if (second[i] !== undefined) held.push({ direction: 1, item: chunkOf(second[i]!, held.length) })
  }
  if (ended) held.push({ direction: 0, item: endOf() }, { direction: 1, item: endOf() })
  return held
}

/** Segments of random length with random bytes, each after what `head` makes for its length. */
function records(count: number, head: (length: number, i: number) => Uint8Array): Uint8Array[] {
  return Array.from({ length: count }, (_, i) => {
    const body = random.bytes(20 + random.below(600))
    return concat([head(body.length, i), body])
  })
}

describe('recognition of WebSocket', () => {
  it('text in both directions is recognised, and who is the client', () => {
    const client = frames(5, true, quote)
    const server = frames(5, false, quote)
    expect(recognize(talk(client, server))).toEqual({ is: 'websocket', clientDirection: 0, rsv1Seen: false })
    expect(recognize(talk(server, client))).toMatchObject({ is: 'websocket', clientDirection: 1 })
  })

  it('binary frames are recognised', () => {
    const make = () => random.bytes(10 + random.below(300))
    const held = talk(frames(10, true, make, 2), frames(10, false, make, 2))
    expect(recognize(held)).toMatchObject({ is: 'websocket', clientDirection: 0 })
  })

  it('WebSocket is recognised if the capture starts in the middle of a frame', () => {
    const client = [quote(0).subarray(9), ...frames(5, true, quote)]
    const server = [quote(3).subarray(4), ...frames(5, false, quote)]
    expect(recognize(talk(server, client))).toMatchObject({ is: 'websocket', clientDirection: 1 })
  })

  it('WebSocket is recognised if a fragment is empty', () => {
    const client = frames(4, true, quote)
    const empty = encodeFrame({ fin: false, opcode: 1, payload: new Uint8Array(0), maskingKey: 0x01020304 })
    const last = encodeFrame({ fin: true, opcode: 0, payload: quote(5), maskingKey: 0x5a5b5c5d })
    expect(
      recognize(talk([...client, empty, last, ...frames(4, true, quote)], frames(2, false, quote))),
    ).toMatchObject({
      is: 'websocket',
      clientDirection: 0,
    })
  })

  it('a client alone is recognised, and a server alone from a long chain', () => {
    expect(recognize(talk(frames(6, true, quote), []))).toMatchObject({ is: 'websocket', clientDirection: 0 })
    expect(recognize(talk([], frames(20, false, quote)))).toMatchObject({
      is: 'websocket',
      clientDirection: 0,
    })
  })

  it('a server alone that has said little is waited for', () => {
    expect(recognize(talk([], frames(2, false, quote)))).toEqual({ is: 'undecided' })
    expect(recognize(talk([], frames(2, false, quote), true))).toEqual({ is: 'other' })
  })

  it('bytes are taken for compressed only if they inflate', () => {
    const compressed = (i: number) => deflateRawSync(quote(i), { finishFlush: 2 }).subarray(0, -4)
    const held = talk(frames(5, true, compressed, 1, true), frames(5, false, compressed, 1, true))
    expect(recognize(held)).toEqual({ is: 'websocket', clientDirection: 0, rsv1Seen: true })
    const broken = talk(
      [],
      frames(30, false, () => concat([bytesOf('00 01 02 03 04'), random.bytes(40)]), 2, true),
      true,
    )
    expect(recognize(broken)).toEqual({ is: 'other' })
  })

  it('the verdict is the same item by item, and nothing is held once it is given', () => {
    const budget = new Budget(2 ** 24)
    const recognition = new Recognition({ limits: limitsWith(), budget })
    const verdicts = talk(frames(5, true, quote), frames(5, false, quote)).map(({ direction, item }) =>
      recognition.push(direction, item),
    )
    expect(verdicts[0]).toEqual({ is: 'undecided' })
    expect(verdicts.at(-1)).toMatchObject({ is: 'websocket', clientDirection: 0 })
    expect(budget.held).toBe(0)
  })

  it('nothing is held of found frames once the first of them turned out not to be one', () => {
    const spoilt = encoder.encode('no UTF-8 far behind the beginning: '.repeat(6))
    spoilt[190] = 0xff
    const cut = concat(frames(8, true, quote))
    const pieces = Array.from({ length: 30 }, (_, i) => cut.subarray(i * 20, (i + 1) * 20))
    const budget = new Budget(2 ** 24)
    const recognition = new Recognition({ limits: limitsWith(), budget })
    for (const { direction, item } of talk([...frames(1, true, () => spoilt), ...pieces], []))
      recognition.push(direction, item)
    recognition.release()
    expect(recognition.verdict).toEqual({ is: 'undecided' })
    expect(budget.held).toBe(0)
  })
})

const u16 = (value: number) => Uint8Array.of(value >> 8, value)
const u24 = (value: number) => Uint8Array.of(value >> 16, value >> 8, value)

const OTHERS: Record<string, (i: number) => Uint8Array[]> = {
  'TLS 1.2 records': () => records(60, (length) => concat([bytesOf('17 03 03'), u16(length)])),
  'a TLS 1.3 handshake': () =>
    records(20, (length, i) => concat([bytesOf(i < 2 ? '16 03 01' : '17 03 03'), u16(length)])),
  'SSH with its banner': () => [
    encoder.encode('SSH-2.0-OpenSSH_9.2p1\r\n'),
    ...records(60, (length) => concat([bytesOf('00 00'), u16(length)])),
  ],
  'encrypted SSH packets': () => records(100, () => random.bytes(16)),
  'HTTP/2 frames': () =>
    records(60, (length, i) =>
      concat([u24(length), Uint8Array.of(i % 3 === 0 ? 1 : 0, 4, 0, 0, 0, 1 + 2 * (i % 9))]),
    ),
  'the HTTP/2 preface': () => [
    encoder.encode('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'),
    ...records(40, (length) => concat([u24(length), bytesOf('00 00 00 00 00 01')])),
  ],
  MQTT: (side) =>
    Array.from({ length: 300 }, (_, i) => {
      const topic = encoder.encode('sensors/kitchen/temperature')
      const payload = encoder.encode(String(20 + (i % 7)))
      const publish = concat([
        Uint8Array.of(0x30, 2 + topic.length + payload.length, 0, topic.length),
        topic,
        payload,
      ])
      return side === 0 ? publish : i % 2 === 0 ? bytesOf('d0 00') : bytesOf('40 02 00 0a')
    }),
  'Redis (RESP)': (side) =>
    Array.from({ length: 300 }, (_, i) =>
      encoder.encode(
        side === 0
          ? `*3\r\n$3\r\nSET\r\n$4\r\nkey${i % 10}\r\n$5\r\nvalue\r\n`
          : i % 3 === 0
            ? '$-1\r\n'
            : '+OK\r\n',
      ),
    ),
  'random bytes': () => Array.from({ length: 100 }, () => random.bytes(1 + random.below(1448))),
  'an HTTP body': () =>
    Array.from({ length: 60 }, (_, i) =>
      encoder.encode(`<p>Line ${i} of a page, 服务器, with "quotes"</p>\n`.repeat(8)),
    ),
  'PostgreSQL rows': () =>
    records(60, (length) =>
      concat([Uint8Array.of(0x44, 0, 0), u16(length + 4), bytesOf('00 02 00 00 00 04')]),
    ),
  'DNS over TCP': () =>
    records(60, (length) => concat([u16(length), bytesOf('1a 2b 81 80 00 01 00 01 00 00 00 00')])),
  'DNS over TCP, short': (side) =>
    Array.from({ length: 80 }, () => concat([u16(12 + side * 40), random.bytes(12 + side * 40)])),
  'MessagePack with one letter as its keys': () =>
    Array.from({ length: 150 }, () => {
      const value = random.oneOf([[random.below(128)], [0xcd, random.below(256), random.below(256)]])
      return Uint8Array.of(0x82, 0xa1, 0x61, ...value, 0xa1, 0x62, ...value)
    }),
  zeros: () => Array.from({ length: 60 }, () => new Uint8Array(1448)),
  'length-prefixed records that begin like frames': () =>
    Array.from({ length: 10 }, () => concat([bytesOf('82 05'), random.bytes(9)])),
}

describe('recognition of what is not WebSocket', () => {
  it.each(Object.entries(OTHERS))('recognition does not mistake %s for WebSocket', (_, make) => {
    for (let trial = 0; trial < 10; trial++) {
      const verdicts: Verdict[] = [
        recognize(talk(make(0), make(1), true)),
        recognize(talk(make(0), [], true)),
        recognize(talk([], make(1), true)),
      ]
      expect(verdicts).toEqual([{ is: 'other' }, { is: 'other' }, { is: 'other' }])
    }
  })

  it('recognition gives up on its own after a while', () => {
    const bytes = () => Array.from({ length: 60 }, () => random.bytes(1448))
    expect(recognize(talk(bytes(), bytes()))).toEqual({ is: 'other' })
  })
})

/** What a connection's items, as far as they go, say of it: `Recognition` if all are there. */
function recognize(held: Iterable<{ readonly direction: Direction; readonly item: StreamItem }>): Verdict {
  const limits = limitsWith()
  const budget = new Budget(limits.waitingPerStream)
  const recognition = new Recognition({ limits, budget })
  for (const { direction, item } of held) recognition.push(direction, item)
  recognition.release()
  return recognition.verdict
}
