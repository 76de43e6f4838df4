// Captures of few bytes that cost much processor time: each byte of them is read at a fraction of the usual speed, or would be.
import { copyFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { concat } from '../../../src/base/bytes.ts'
import { Opcode } from '../../../src/base/events.ts'
import { TcpFlag } from '../../../src/network/segment.ts'
import { encodeFrame } from '../../../src/websocket/encode.ts'
import { acceptFor } from '../../support/builders/accept-for.ts'
import { ethernet, ipv4, u8, u16, utf8, zeros } from '../../support/builders/packet-builder.ts'
import {
  clientHello,
  encryptedExtensions,
  handshake,
  keyLogOf,
  plainRecord,
  SECRETS,
  sealer,
  serverHello,
  updated,
} from '../../support/builders/tls-sealing.ts'
import { fixturePath } from '../../support/drivers/fixtures.ts'
import type { Attack, AttackCommand } from '../attack.ts'
import { upgrade } from '../captures.ts'
import { NO_PAYLOAD, Talk, Tape } from '../tape.ts'

const DEFLATE = 'Sec-WebSocket-Extensions: permessage-deflate\r\n'
const SEGMENT = 1448

/** Writes the packets of one unit. */
type Step = (tape: Tape, unit: number) => void

/** Unit after unit, in a file that is made as it is read. `begin` answers the step, with what it remembers. */
function* tapeOf(begin: (tape: Tape) => Step, units: number): Generator<Uint8Array> {
  const tape = new Tape()
  const step = begin(tape)
  for (let unit = 0; unit < units; unit++) {
    step(tape, unit)
    if (tape.full) yield tape.take()
  }
  yield tape.take()
}

interface Options {
  readonly words?: readonly string[]
  /** Writes what the words name. */
  readonly files?: (folder: string) => void
}

function attack(
  kind: string,
  [units, quick]: readonly [units: number, quick: number],
  begin: (tape: Tape) => Step,
  { words = ['-'], files }: Options = {},
): Attack {
  return {
    kind,
    units,
    quick,
    prepare(folder, count): AttackCommand {
      files?.(folder)
      return { words, input: tapeOf(begin, count), statuses: [0] }
    },
  }
}

/** A connection with its handshake, made at the first unit. */
const talkOf = (tape: Tape, headers = '', unit = 0) => upgrade(new Talk(tape, unit), headers)

function says(talk: Talk, from: 'client' | 'server', bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; at += SEGMENT) talk.says(from, bytes.subarray(at, at + SEGMENT))
}

const KEY = 'dGhlIHNhbXBsZSBub25jZQ=='
const REQUEST = `GET /feed HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${KEY}\r\n\r\n`
const RESPONSE = `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${acceptFor(KEY)}\r\n\r\n`

const repeated = (count: number, bytes: Uint8Array) => concat(Array.from({ length: count }, () => bytes))

// Ranges that wait, and packets over all of them.

/** Every other byte after a hole, as a range of its own. */
function waitingRanges(tape: Tape, count: number): Talk {
  const talk = talkOf(tape)
  for (let at = 0; at < count; at++)
    tape.segment({ connection: 0, sequence: talk.client + 100 + 2 * at, payload: u8(at) })
  return talk
}

/** Packets of no payload that say they had 64 KB of it, over thousands of ranges that wait. */
const cutOverRanges = (tape: Tape): Step => {
  const talk = waitingRanges(tape, 6000)
  return () => tape.segment({ connection: 0, sequence: talk.client + 100, cut: 65_000 })
}

/** The same segment again and again, over ranges of one byte. */
const wholeOverRanges = (tape: Tape): Step => {
  const talk = waitingRanges(tape, 12_000)
  const payload = zeros(SEGMENT)
  return (_, unit) =>
    tape.segment({ connection: 0, sequence: talk.client + 100 + ((unit * 7919) % 20_000), payload })
}

/** Bytes and cut packets in turn over the same ranges. */
const cutAndWhole = (tape: Tape): Step => {
  const talk = waitingRanges(tape, 3000)
  return (_, unit) => {
    tape.segment({ connection: 0, sequence: talk.client + 101 + ((unit * 2) % 6000), payload: u8(unit) })
    tape.segment({ connection: 0, sequence: talk.client + 100, cut: 65_000 })
  }
}

/** IP fragments of no captured byte that say they had 64 KB, over fragments of eight bytes. */
const cutOverFragments = (tape: Tape): Step => {
  const fragment = (fragmentOffset: number, payload: Uint8Array) =>
    ethernet({ payload: ipv4({ identification: 1, fragmentOffset, moreFragments: true, payload }) })
  for (let at = 8; at < 65_000; at += 16) tape.packet(fragment(at, zeros(8)))
  const head = ethernet({
    payload: ipv4({ identification: 1, fragmentOffset: 8, moreFragments: true, payload: zeros(65_000) }),
  })
  return () => tape.packet(head.subarray(0, 34), head.length - 34)
}

/** A cut packet, so a hole, before every frame. */
const cutAndFrames = (tape: Tape): Step => {
  const talk = talkOf(tape)
  return () => {
    tape.segment({
      connection: 0,
      from: 'server',
      sequence: talk.server,
      cut: 100,
      acknowledgment: talk.client,
    })
    talk.loses('server', 100).says('server', u8(0x81, 1, 0x61))
  }
}

// Deflate.

/** Bits, the lowest of each byte first (RFC 1951 §3.1.1). */
function packed(bits: string): Uint8Array {
  const bytes = new Uint8Array(Math.ceil(bits.length / 8))
  for (let at = 0; at < bits.length; at++) bytes[at >> 3]! |= Number(bits[at]) << (at & 7)
  return bytes
}

/** Four blocks of ten bits: not the last, fixed codes, and the end of the block. */
const EMPTY_BLOCKS = packed('0100000000'.repeat(4))

/** Messages of blocks that hold nothing. `opening` begins each message. */
const emptyBlocks =
  (blocks: Uint8Array, length: number) =>
  (tape: Tape): Step => {
    const talk = talkOf(tape, DEFLATE)
    const payload = concat([repeated(Math.ceil(length / blocks.length), blocks), u8(0)])
    const frame = encodeFrame({ fin: true, rsv1: true, opcode: Opcode.binary, payload })
    return () => says(talk, 'server', frame)
  }

/** A message that begins well and then has a fault, on each of many connections. */
const goodStart = (length: number) => {
  const stored = concat([
    u8(0, length & 0xff, length >> 8, ~length & 0xff, (~length >> 8) & 0xff),
    zeros(length),
  ])
  const payload = concat([stored, u8(0xff, 0xff, 0xff)])
  const frame = encodeFrame({ fin: true, rsv1: true, opcode: Opcode.binary, payload })
  return (tape: Tape): Step =>
    (_, unit) => {
      says(talkOf(tape, DEFLATE, unit), 'server', frame)
    }
}

/** Messages of blocks with BFINAL set, after so many faults that no stream of zlib is risked for them. */
const finalBlocks = (tape: Tape): Step => {
  const faulty = goodStart(300)(tape)
  for (let unit = 1; unit <= 300; unit++) faulty(tape, unit)
  return emptyBlocks(u8(3, 0), 8000)(tape)
}

// Pings.

/** Pongs that differ from 64 waiting pings in their last byte. */
const almostAnswers =
  (length: number, many: number) =>
  (tape: Tape): Step => {
    const talk = talkOf(tape)
    const ping = (last: number) =>
      encodeFrame({ fin: true, opcode: Opcode.ping, payload: concat([zeros(length - 1), u8(last)]) })
    talk.says('server', concat(Array.from({ length: 64 }, (_, i) => ping(i))))
    const pong = encodeFrame({
      fin: true,
      opcode: Opcode.pong,
      maskingKey: 0x01020304,
      payload: concat([zeros(length - 1), u8(200)]),
    })
    const pongs = repeated(many, pong)
    return () => talk.says('client', pongs)
  }

const emptyPongs = (tape: Tape): Step => {
  const talk = talkOf(tape)
  const frames = repeated(700, u8(0x8a, 0))
  return () => talk.says('server', frames)
}

const pingsAndPongs = (tape: Tape): Step => {
  const talk = talkOf(tape)
  const pings = repeated(200, u8(0x89, 0))
  const pongs = repeated(200, u8(0x8a, 0x80, 1, 2, 3, 4))
  return () => talk.says('server', pings).says('client', pongs)
}

// Connections.

const shortConnections =
  (payload: Uint8Array, hasSyn: boolean) =>
  (tape: Tape): Step =>
  (_, unit) => {
    if (hasSyn) tape.segment({ connection: unit, sequence: 999, flags: TcpFlag.syn })
    tape.segment({ connection: unit, sequence: 1000, payload })
  }

/** The same ports again and again. */
const reusedPorts =
  (tape: Tape): Step =>
  (_, unit) => {
    tape.segment({ connection: 0, sequence: unit * 1_000_000, flags: TcpFlag.syn })
    tape.segment({ connection: 0, sequence: unit * 1_000_000 + 1, payload: u8(0x47) })
  }

const onePort =
  (tape: Tape): Step =>
  (_, unit) => {
    tape.segment({ connection: unit, sequence: 1000, payload: u8(0x81, 0x01, 0x61) })
  }

const onePortNoise =
  (tape: Tape): Step =>
  (_, unit) => {
    tape.segment({
      connection: unit % 100,
      sequence: 1000 + Math.floor(unit / 100) * 20,
      payload: u8(0x01, 0x82, 3, 4, 5, 6, 7, 8, 0x81, 0x85, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10),
    })
  }

/** Heads a byte a segment, on many connections in turn. */
const slowHeads =
  (head: string, connections: number) =>
  (tape: Tape): Step => {
    const bytes = utf8(head)
    const talks: Talk[] = []
    return (_, unit) => {
      const at = Math.floor(unit / connections)
      const number = unit % connections
      if (at === 0) talks.push(new Talk(tape, number).open())
      talks[number]!.says('client', bytes.subarray(at % bytes.length, (at % bytes.length) + 1))
    }
  }

const bodyOf =
  (chunk: string, request: string) =>
  (tape: Tape): Step => {
    const talk = new Talk(tape, 0).open().says('client', utf8(request))
    const chunks = repeated(Math.floor(SEGMENT / chunk.length), utf8(chunk))
    return () => talk.says('client', chunks)
  }

const smallRequests =
  (request: string, response: string) =>
  (tape: Tape): Step => {
    const talk = new Talk(tape, 0).open()
    const requests = repeated(Math.floor(SEGMENT / request.length), utf8(request))
    const responses = repeated(Math.floor(SEGMENT / request.length), utf8(response))
    return () => {
      says(talk, 'client', requests)
      says(talk, 'server', responses)
    }
  }

// HTTP/2.

const PREFACE = utf8('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n')
const h2 = (type: number, flags: number, stream: number, payload: Uint8Array = NO_PAYLOAD) =>
  concat([
    u8(payload.length >> 16, payload.length >> 8, payload.length, type, flags),
    u8(stream >>> 24, stream >>> 16, stream >>> 8, stream),
    payload,
  ])

const http2 =
  (frames: (unit: number) => Uint8Array, opening: Uint8Array = NO_PAYLOAD) =>
  (tape: Tape): Step => {
    const talk = new Talk(tape, 0).open().says('client', concat([PREFACE, h2(4, 0, 0), opening]))
    talk.says('server', h2(4, 0, 0))
    return (_, unit) => says(talk, 'client', frames(unit))
  }
const many = (frame: Uint8Array) => {
  const frames = repeated(Math.floor(SEGMENT / frame.length), frame)
  return () => frames
}

// TLS.

const KEYS: Options = {
  words: ['-', '--keylog', 'keys'],
  files: (folder) => writeFileSync(join(folder, 'keys'), keyLogOf()),
}
const RSA: Options = {
  words: ['-', '--rsa-key', 'key.pem'],
  files: (folder) =>
    copyFileSync(fixturePath('tls-rsa').replace(/[^/]+$/, 'tls-rsa.pem'), join(folder, 'key.pem')),
}

/** A WebSocket over TLS 1.3, up to the server's next record after the handshakes. */
function tls13(tape: Tape, unit = 0): { talk: Talk; seal: ReturnType<typeof sealer> } {
  const talk = new Talk(tape, unit).open().says('client', clientHello())
  const finished = handshake(20, zeros(32))
  const hello = sealer(SECRETS.SERVER_HANDSHAKE_TRAFFIC_SECRET)
  talk.says('server', concat([serverHello(), hello(22, concat([encryptedExtensions(), finished]))]))
  const seal = sealer(SECRETS.SERVER_TRAFFIC_SECRET_0)
  talk.says('client', sealer(SECRETS.CLIENT_HANDSHAKE_TRAFFIC_SECRET)(22, finished))
  talk.says('client', sealer(SECRETS.CLIENT_TRAFFIC_SECRET_0)(23, utf8(REQUEST)))
  talk.says('server', seal(23, utf8(RESPONSE)))
  return { talk, seal }
}

const tlsRecords =
  (type: number, content: Uint8Array) =>
  (tape: Tape): Step => {
    const { talk, seal } = tls13(tape)
    return () => says(talk, 'server', concat(Array.from({ length: 50 }, () => seal(type, content))))
  }

/** Key updates: many in one record, or one a record. */
const keyUpdates = (tape: Tape): Step => {
  const { talk, seal } = tls13(tape)
  let secret: Uint8Array = SECRETS.SERVER_TRAFFIC_SECRET_0
  let next = seal
  return () => {
    const records: Uint8Array[] = []
    for (let i = 0; i < 50; i++) {
      records.push(next(22, handshake(24, u8(0))))
      secret = updated(secret)
      next = sealer(secret)
    }
    says(talk, 'server', concat(records))
  }
}
const keyUpdatesInOne = (tape: Tape): Step => {
  const { talk, seal } = tls13(tape)
  return () => says(talk, 'server', seal(22, repeated(3000, handshake(24, u8(0)))))
}

/** After a hole, what looks like records at every fifth byte. */
const candidates = (tape: Tape): Step => {
  const { talk, seal } = tls13(tape)
  talk.says('server', seal(23, u8(0x81, 0)))
  tape.segment({
    connection: 0,
    from: 'server',
    sequence: talk.server,
    cut: 1000,
    acknowledgment: talk.client,
  })
  talk.loses('server', 1000)
  const headers = repeated(280, u8(23, 3, 3, 0, 23))
  return () => talk.says('server', headers)
}
/** Records that do not verify, and one that does in time. */
const failures = (tape: Tape): Step => {
  const { talk, seal } = tls13(tape)
  const bad = plainRecord(23, zeros(17))
  return () => {
    for (let i = 0; i < 63; i++) seal(23, u8(1))
    says(talk, 'server', concat([repeated(63, bad), seal(23, u8(0x81, 0))]))
  }
}
const tlsConnections =
  (tape: Tape): Step =>
  (_, unit) => {
    tls13(tape, unit).talk.says('server', plainRecord(23, zeros(30)))
  }

/** An RSA key exchange of bytes that no key opens, on many connections. */
const keyExchanges = (tape: Tape): Step => {
  const hello = plainRecord(
    22,
    handshake(1, concat([u16(0x0303), zeros(32), u8(0), u16(2), u16(0x009c), u8(1, 0)])),
  )
  const answer = concat([
    plainRecord(22, handshake(2, concat([u16(0x0303), zeros(32), u8(0), u16(0x009c), u8(0)]))),
    plainRecord(22, handshake(14)),
  ])
  const exchange = concat([
    plainRecord(22, handshake(16, concat([u16(256), new Uint8Array(256).fill(0x33)]))),
    plainRecord(20, u8(1)),
    plainRecord(22, zeros(40)),
  ])
  return (_, unit) => {
    new Talk(tape, unit).open().says('client', hello).says('server', answer).says('client', exchange)
  }
}

export const SLOW_ATTACKS: readonly Attack[] = [
  attack('packets cut to nothing over waiting ranges', [100_000, 300], cutOverRanges),
  attack('segments over waiting ranges of a byte', [10_000, 300], wholeOverRanges),
  attack('bytes and cut packets in turn', [50_000, 300], cutAndWhole),
  attack('IP fragments cut to nothing over fragments', [100_000, 500], cutOverFragments),
  attack('a cut packet before every frame', [100_000, 5000], cutAndFrames),
  attack('deflate blocks that hold nothing', [1000, 10], emptyBlocks(EMPTY_BLOCKS, 16_000)),
  attack('stored blocks that hold nothing', [1000, 10], emptyBlocks(u8(0, 0, 0, 0xff, 0xff), 16_000)),
  attack('short messages of empty blocks', [10_000, 10], emptyBlocks(EMPTY_BLOCKS, 100)),
  attack('a good start and a fault, 4 KB', [2000, 20], goodStart(4000)),
  attack('a good start and a fault, 300 B', [2000, 20], goodStart(300)),
  attack('blocks with BFINAL set after faults', [1000, 10], finalBlocks),
  attack('pongs that almost answer 64 pings', [10_000, 100], almostAnswers(125, 10)),
  attack('short pongs that almost answer 64 pings', [10_000, 100], almostAnswers(2, 180)),
  attack('empty pongs', [10_000, 10], emptyPongs),
  attack('empty pings and pongs', [10_000, 10], pingsAndPongs),
  attack('short connections', [50_000, 1000], shortConnections(u8(0x47), true)),
  attack('short connections without SYN', [50_000, 1000], shortConnections(u8(0x47), false)),
  attack('short connections of binary', [50_000, 1000], shortConnections(zeros(20), false)),
  attack('reused ports', [50_000, 1000], reusedPorts),
  attack('decode-as connections', [50_000, 1000], onePort, { words: ['-', '--decode-as', '8765'] }),
  attack('decode-as noise', [50_000, 1000], onePortNoise, { words: ['-', '--decode-as', '8765'] }),
  attack('slow heads', [50_000, 1000], slowHeads(`GET / HTTP/1.1\r\nHost: ${'a'.repeat(500)}`, 200)),
  attack('slow line heads', [50_000, 1000], slowHeads(`GET / HTTP/1.1\r\n${'a:b\r\n'.repeat(100)}`, 200)),
  attack(
    'slow proxy',
    [50_000, 1000],
    slowHeads(`PROXY TCP4 1.1.1.1 2.2.2.2 1234 1234${' '.repeat(60)}`, 200),
  ),
  attack(
    'slow many proxy',
    [50_000, 1000],
    slowHeads('\r\n\r\n\0\r\nQUIT\n\x21\x11\x7f\xff'.padEnd(2000, 'a'), 200),
  ),
  attack(
    'chunks',
    [10_000, 100],
    bodyOf('1\r\na\r\n', 'POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n'),
  ),
  attack('small requests', [10_000, 100], smallRequests('GET / HTTP/1.1\r\n\r\n', 'HTTP/1.1 204 \r\n\r\n')),
  attack('h2 empty data', [10_000, 100], http2(many(h2(0, 0, 1)))),
  attack('h2 empty data on a request', [10_000, 100], http2(many(h2(0, 0, 1)), h2(1, 4, 1, u8(0x82)))),
  attack('h2 ping', [10_000, 100], http2(many(h2(6, 0, 0, zeros(8))))),
  attack('h2 settings', [10_000, 100], http2(many(h2(4, 0, 0)))),
  attack('h2 settings full', [10_000, 100], http2(many(h2(4, 0, 0, repeated(100, u8(0, 1, 0, 0, 0x10, 0)))))),
  attack(
    'h2 table size flips',
    [10_000, 100],
    http2(many(h2(4, 0, 0, concat([u8(0, 1, 0, 0, 0, 0), u8(0, 1, 0, 0, 0x10, 0)])))),
  ),
  attack('h2 priority', [10_000, 100], http2(many(h2(2, 0, 1, zeros(5))))),
  attack('h2 rst', [10_000, 100], http2(many(h2(3, 0, 1, zeros(4))))),
  attack('h2 continuation', [10_000, 100], http2(many(h2(9, 0, 1)), h2(1, 0, 1, u8(0x82)))),
  attack('h2 continuation of 1', [10_000, 100], http2(many(h2(9, 0, 1, u8(0x82))), h2(1, 0, 1, u8(0x82)))),
  attack(
    'h2 streams',
    [10_000, 100],
    http2((unit) =>
      concat(Array.from({ length: 100 }, (_, i) => h2(1, 4, 1 + 2 * (unit * 100 + i), u8(0x82)))),
    ),
  ),
  attack(
    'h2 header block of indices',
    [2000, 10],
    http2((unit) => h2(1, 4, 1 + 2 * unit, new Uint8Array(16_000).fill(0x82))),
  ),
  attack(
    'h2 header block of literals',
    [2000, 10],
    http2((unit) => h2(1, 4, 1 + 2 * unit, repeated(4000, u8(0x40, 1, 0x61, 0)))),
  ),
  attack(
    'h2 header block size updates',
    [2000, 10],
    http2((unit) => h2(1, 4, 1 + 2 * unit, repeated(8000, u8(0x20, 0x3e)))),
  ),
  attack(
    'h2 huffman',
    [2000, 10],
    http2((unit) => h2(1, 4, 1 + 2 * unit, concat([u8(0, 1, 0x61, 0xff, 0xe0, 0x7c), zeros(16_000 - 33)]))),
  ),
  attack('TLS records of nothing', [2000, 10], tlsRecords(23, NO_PAYLOAD), KEYS),
  attack('TLS records of a byte', [2000, 10], tlsRecords(23, u8(0x61)), KEYS),
  attack('TLS key updates', [1000, 10], keyUpdates, KEYS),
  attack('TLS key updates in one record', [100, 2], keyUpdatesInOne, KEYS),
  attack('TLS candidates', [1000, 10], candidates, KEYS),
  attack('TLS failures', [1000, 10], failures, KEYS),
  attack('TLS connections', [5000, 100], tlsConnections, KEYS),
  attack('RSA key exchanges', [5000, 100], keyExchanges, RSA),
]
