// Conversations that are not WebSocket, as their messages go over the wire: recognition in mid-stream must not take them for it.
// The binary protocols have a type and a length in front, so that they look like frames.
import { connect as connectHttp2, createServer as createHttp2Server } from 'node:http2'
import { Duplex } from 'node:stream'
import { connect, TLSSocket } from 'node:tls'
import { deflateRawSync, gzipSync } from 'node:zlib'
import { concat } from '../../../src/base/bytes.ts'
import { u8, u16, u32, utf8 } from './packet-builder.ts'
import type { Spoken } from './tcp-conversation.ts'
import type { Random } from './websocket-traffic.ts'

type Speak = (random: Random) => Uint8Array

/** A request and its answer, over and over. */
function exchange(count: number, ask: Speak, answer: Speak): (random: Random) => Spoken[] {
  return (random) =>
    Array.from({ length: count }, (): Spoken[] => [
      [0, ask(random)],
      [1, answer(random)],
    ]).flat()
}

const json = (random: Random): Uint8Array =>
  utf8(
    JSON.stringify({
      id: random.below(1e6),
      name: '服务器',
      values: Array.from({ length: random.below(20) }, () => random.below(100)),
    }),
  )
const data: Speak = (random) => random.bytes(random.below(random.oneOf([40, 300, 3000])))
const u24 = (value: number): Uint8Array => u8(value >>> 16, value >>> 8, value)
const little32 = (value: number): Uint8Array => u32(value).reverse()

/** RFC 8949 and MessagePack begin maps and arrays of one or two with the bytes that begin text and binary frames. */
const packed = (random: Random): Uint8Array => {
  const text = utf8('k'.repeat(1 + random.below(30)))
  const value = random.oneOf([
    u8(random.below(128)),
    concat([u8(0xa0 | Math.min(31, text.length)), text]),
    concat([u8(0xcd), u16(random.below(65_536))]),
  ])
  return concat([u8(0x81 + random.below(2)), u8(0xa1, 0x61), value, u8(0xa1, 0x62), value])
}

/** By name; each makes a conversation from random numbers. */
export const OTHER_PROTOCOLS: Readonly<Record<string, (random: Random) => Spoken[]>> = {
  'TLS records': exchange(40, tlsRecord, tlsRecord),
  'SSH, encrypted': exchange(
    60,
    (random) => random.bytes(36 + 16 * random.below(20)),
    (random) => random.bytes(52 + 16 * random.below(80)),
  ),
  'HTTP/2 frames': exchange(60, http2Frame, http2Frame),
  MQTT: exchange(
    80,
    (random) =>
      random.oneOf([mqttPublish(random), u8(0xc0, 0), u8(0x82, 8, 0, 1, 0, 3, 0x61, 0x2f, 0x62, 0)]),
    (random) => random.oneOf([mqttPublish(random), u8(0xd0, 0), u8(0x40, 2, 0, random.below(256))]),
  ),
  Redis: exchange(
    80,
    (random) =>
      utf8(`*3\r\n$3\r\nSET\r\n$5\r\nkey:${random.below(10)}\r\n$4\r\n${1000 + random.below(9000)}\r\n`),
    (random) => utf8(random.oneOf(['+OK\r\n', '$-1\r\n', ':42\r\n', `$12\r\n${'x'.repeat(12)}\r\n`])),
  ),
  'memcached, binary': exchange(
    80,
    (random) =>
      concat([u8(0x80, random.below(0x20)), u16(5), u32(0), u32(5), random.bytes(12), utf8('key-1')]),
    (random) => {
      const value = data(random)
      return concat([
        u8(0x81, random.below(0x20)),
        u16(0),
        u8(4, 0),
        u16(0),
        u32(value.length + 4),
        random.bytes(12),
        u32(0),
        value,
      ])
    },
  ),
  MessagePack: exchange(120, packed, packed),
  'BSON, length first': exchange(
    80,
    (random) => withLength(little32, json(random), 4),
    (random) => withLength(little32, data(random), 4),
  ),
  'DNS over TCP': exchange(
    60,
    (random) => withLength(u16, concat([random.bytes(2), u8(1, 0, 0, 1), random.bytes(20)])),
    (random) => withLength(u16, concat([random.bytes(2), u8(0x81, 0x80, 0, 1), random.bytes(60)])),
  ),
  Kafka: exchange(
    40,
    (random) => withLength(u32, concat([u16(1), u16(11), u32(random.below(100)), data(random)])),
    (random) => withLength(u32, data(random)),
  ),
  PostgreSQL: exchange(
    60,
    (random) => concat([utf8('Q'), withLength(u32, utf8(`select ${random.below(1000)}\0`), 4)]),
    (random) =>
      concat([
        utf8('D'),
        withLength(u32, concat([u16(1), u32(4), random.bytes(4)]), 4),
        u8(0x5a, 0, 0, 0, 5, 0x49),
      ]),
  ),
  MySQL: exchange(
    60,
    (random) => concat([u8(5 + random.below(20), 0, 0, 0), u8(3), utf8('select 1')]),
    (random) =>
      concat([
        u8(1, 0, 0, 1, 1),
        u8(random.below(60), 0, 0, 2),
        random.bytes(random.below(60)),
        u8(5, 0, 0, 3, 0xfe, 0, 0, 2, 0),
      ]),
  ),
  Modbus: exchange(
    120,
    (random) => concat([u16(random.below(65_536)), u8(0, 0, 0, 6, 1, 3, 0, random.below(256), 0, 2)]),
    (random) => concat([u16(random.below(65_536)), u8(0, 0, 0, 7, 1, 3, 4), random.bytes(4)]),
  ),
  BitTorrent: exchange(
    20,
    (random) => u8(0, 0, 0, 13, 6, 0, 0, 0, random.below(256), 0, 0, 0, 0, 0, 0, 0x40, 0),
    (random) => withLength(u32, concat([u8(7), u32(random.below(256)), u32(0), random.bytes(16_384)])),
  ),
  AMQP: exchange(
    60,
    (random) => amqp(random),
    (random) => amqp(random),
  ),
  LDAP: exchange(
    60,
    (random) => withLength((n) => u8(0x30, 0x82, n >>> 8, n), data(random)),
    (random) => withLength((n) => u8(0x30, 0x82, n >>> 8, n), data(random)),
  ),
  SMB2: exchange(
    40,
    (random) => withLength(u32, concat([utf8('\xfeSMB').subarray(1), u8(64, 0), data(random)])),
    (random) => withLength(u32, data(random)),
  ),
  'protocol buffers, length first': exchange(
    100,
    (random) =>
      withLength(
        (n) => (n < 128 ? u8(n) : u8(0x80 | (n & 0x7f), n >>> 7)),
        concat([u8(0x0a), withLength(u8, json(random).subarray(0, 80))]),
      ),
    (random) =>
      withLength((n) => (n < 128 ? u8(n) : u8(0x80 | (n & 0x7f), n >>> 7)), random.bytes(random.below(2000))),
  ),
  'random bytes': exchange(60, data, data),
  'an HTTP body of random bytes': (random) =>
    Array.from({ length: 60 }, (): Spoken => [1, random.bytes(1448)]),
  'an HTTP body in gzip': (random) =>
    pieces(gzipSync(concat(Array.from({ length: 900 }, () => json(random))))),
  'an HTTP body of text': (random) => pieces(concat(Array.from({ length: 900 }, () => json(random)))),
  'an HTTP body of zeros': () => pieces(new Uint8Array(80_000)),
  'an HTTP body of small numbers': (random) =>
    pieces(new Uint8Array(Uint32Array.from({ length: 20_000 }, () => random.below(400)).buffer)),
  'an HTTP body of quiet sound': (random) =>
    pieces(new Uint8Array(Int16Array.from({ length: 40_000 }, () => random.below(7) - 3).buffer)),
  'an HTTP body of deflate data': (random) => pieces(deflateRawSync(random.bytes(60_000), { level: 0 })),
}

function pieces(bytes: Uint8Array): Spoken[] {
  const spoken: Spoken[] = []
  for (let at = 0; at < bytes.length; at += 1448) spoken.push([1, bytes.subarray(at, at + 1448)])
  return spoken
}

function withLength(head: (length: number) => Uint8Array, body: Uint8Array, more = 0): Uint8Array {
  return concat([head(body.length + more), body])
}

function tlsRecord(random: Random): Uint8Array {
  return withLength((length) => concat([u8(0x17, 3, 3), u16(length)]), random.bytes(24 + random.below(1400)))
}

function http2Frame(random: Random): Uint8Array {
  const type = random.oneOf([0, 0, 1, 3, 6, 8])
  const body = type === 8 || type === 3 ? random.bytes(4) : type === 6 ? random.bytes(8) : data(random)
  return concat([u24(body.length), u8(type, random.oneOf([0, 1, 4, 5])), u32(1 + 2 * random.below(20)), body])
}

function mqttPublish(random: Random): Uint8Array {
  const body = concat([u16(9), utf8('home/temp'), json(random).subarray(0, 100)])
  return withLength((length) => u8(random.oneOf([0x30, 0x31]), length), body)
}

function amqp(random: Random): Uint8Array {
  const body = data(random)
  return concat([u8(1 + random.below(3), 0, 1), u32(body.length), body, u8(0xce)])
}

/** What real TLS says: a session with a key agreed beforehand, from its first byte. */
export async function tlsConversation(): Promise<Spoken[]> {
  const { client, server, spoken } = pipe()
  const psk = { psk: Buffer.alloc(32, 7), identity: 'test' }
  const options = { ciphers: 'PSK+HIGH', minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2' } as const
  const answering = new TLSSocket(server, {
    ...options,
    isServer: true,
    pskCallback: () => psk.psk,
  } as object)
  const asking = connect({
    ...options,
    socket: client,
    pskCallback: () => psk,
    checkServerIdentity: () => undefined,
  })
  answering.on('data', (bytes: Buffer) => answering.write(Buffer.concat([bytes, bytes])))
  await new Promise<void>((resolve) => asking.once('secureConnect', () => resolve()))
  for (let i = 0; i < 30; i++) {
    const answered = new Promise<void>((resolve) => asking.once('data', () => resolve()))
    asking.write(JSON.stringify({ i, text: '服务器回应'.repeat(1 + (i % 20)) }))
    await answered
  }
  asking.destroy()
  return spoken
}

/** What real HTTP/2 in the clear says, from its preface. */
export async function http2Conversation(): Promise<Spoken[]> {
  const { client, server, spoken } = pipe()
  const http2 = createHttp2Server((request, response) => request.pipe(response))
  http2.emit('connection', server)
  const session = connectHttp2('http://example.org', { createConnection: () => client })
  for (let i = 0; i < 20; i++) {
    const stream = session.request({ ':method': 'POST', ':path': `/echo/${i}` })
    stream.end(JSON.stringify({ i, text: 'value'.repeat(i * 10) }))
    stream.resume()
    await new Promise<void>((resolve) => stream.once('close', () => resolve()))
  }
  session.destroy()
  return spoken
}

/** Two ends of a connection, and what goes over it. */
function pipe(): { client: Duplex; server: Duplex; spoken: Spoken[] } {
  const spoken: Spoken[] = []
  const ends: Duplex[] = []
  for (const from of [0, 1] as const) {
    ends[from] = new Duplex({
      read() {},
      write(bytes: Buffer, _encoding, done) {
        spoken.push([from, Uint8Array.from(bytes)])
        ends[1 - from]!.push(bytes)
        done()
      },
      final(done) {
        ends[1 - from]!.push(null)
        done()
      },
    })
  }
  return { client: ends[0]!, server: ends[1]!, spoken }
}
