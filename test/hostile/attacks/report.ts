// Captures that would make a page, or the memory of who writes it, grow without bound.
import { closeSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { constants, deflateRawSync } from 'node:zlib'
import { concat } from '../../../src/base/bytes.ts'
import { Opcode } from '../../../src/base/events.ts'
import { TcpFlag } from '../../../src/network/segment.ts'
import { encodeFrame } from '../../../src/websocket/encode.ts'
import { acceptFor } from '../../support/builders/accept-for.ts'
import { u8, utf8, zeros } from '../../support/builders/packet-builder.ts'
import type { Attack } from '../attack.ts'
import { upgrade } from '../captures.ts'
import { NO_PAYLOAD, Talk, Tape } from '../tape.ts'

const KEY = 'dGhlIHNhbXBsZSBub25jZQ=='
const MASKED = { maskingKey: 0x01020304 } as const

/** What is said on one tape, in turns; a piece of the file is written at each turn. */
type Story = (tape: Tape, units: number) => Iterable<void>

/** A command that meets one file. */
function attack(
  command: 'report' | 'lesson',
  kind: string,
  units: number,
  quick: number,
  story: Story,
): Attack {
  return {
    kind: `${command}: ${kind}`,
    units,
    quick,
    prepare(folder, count) {
      const file = openSync(join(folder, 'hostile.pcap'), 'w')
      const tape = new Tape()
      for (const _ of story(tape, count)) if (tape.full) writeSync(file, tape.take())
      writeSync(file, tape.take())
      closeSync(file)
      return { words: [command, 'hostile.pcap', '-o', 'page.html'], statuses: [0] }
    },
  }
}

const MOST_SEGMENT = 16_000

function* says(talk: Talk, from: 'client' | 'server', bytes: Uint8Array): Iterable<void> {
  for (let at = 0; at < bytes.length; at += MOST_SEGMENT) {
    talk.says(from, bytes.subarray(at, at + MOST_SEGMENT))
    yield
  }
}

/** Connections that end at once, with whatever is added to the lines of both heads. */
function handshakes(request: (unit: number) => string, response = request, target = () => '/'): Story {
  return function* (tape, units) {
    for (let unit = 0; unit < units; unit++) {
      const talk = new Talk(tape, unit).open()
      yield* says(
        talk,
        'client',
        utf8(
          `GET ${target()} HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${KEY}\r\n${request(unit)}\r\n`,
        ),
      )
      yield* says(
        talk,
        'server',
        utf8(
          `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${acceptFor(KEY)}\r\n${response(unit)}\r\n`,
        ),
      )
      talk.close()
      yield
    }
  }
}

/** Lines of one character each cost far more in memory than on the wire. */
const MANY_LINES = 'a:b\r\n'.repeat(1600)

/** Pings of 125 bytes, each another one, which nobody answers. */
function* unansweredPings(tape: Tape, units: number): Iterable<void> {
  const pings = (masked: object) =>
    concat(
      Array.from({ length: 64 }, (_, i) =>
        encodeFrame({ fin: true, opcode: Opcode.ping, payload: zeros(125).fill(i), ...masked }),
      ),
    )
  const client = pings(MASKED)
  const server = pings({})
  for (let unit = 0; unit < units; unit++) {
    upgrade(new Talk(tape, unit)).says('client', client).says('server', server)
    yield
  }
}

/** Compressed connections with pings that wait; at last some of them have messages that need a window, too. */
function* pingsAndWindows(tape: Tape, units: number): Iterable<void> {
  const WINDOWS = 300
  const message = (payload: Uint8Array) => {
    const deflated = deflateRawSync(payload, { finishFlush: constants.Z_SYNC_FLUSH }).subarray(0, -4)
    return encodeFrame({ fin: true, rsv1: true, opcode: Opcode.binary, payload: deflated })
  }
  const [full, small] = [message(zeros(40_000)), message(utf8('once more'))]
  const ping = (_: unknown, i: number) =>
    encodeFrame({ fin: true, opcode: Opcode.ping, payload: zeros(65).fill(i) })
  const pings = concat(Array.from({ length: 10 }, ping))
  const begun = encodeFrame({ fin: false, opcode: Opcode.text, payload: NO_PAYLOAD })
  for (let unit = 0; unit < units; unit++) {
    const talk = upgrade(new Talk(tape, unit), 'Sec-WebSocket-Extensions: permessage-deflate\r\n')
    talk.says('server', pings).says('client', pings)
    if (unit >= units - WINDOWS) talk.says('server', full).says('client', small)
    talk.says('server', begun)
    yield
  }
}

/** Close frames with reasons that no close frame may have, on connections that stay open. */
function* longReasons(tape: Tape, units: number): Iterable<void> {
  const reason = encodeFrame({
    fin: true,
    opcode: Opcode.close,
    payload: concat([u8(3, 0xe8), zeros(60_000).fill(1)]),
  })
  for (let unit = 0; unit < units; unit++) yield* says(upgrade(new Talk(tape, unit)), 'server', reason)
}

const PREFACE = utf8('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n')
const FIRST_DYNAMIC = 0x80 | 62

function http2Frame(type: number, flags: number, stream: number, payload: Uint8Array): Uint8Array {
  const { length } = payload
  return concat([
    u8(length >> 16, length >> 8, length, type, flags, stream >> 24, stream >> 16, stream >> 8, stream),
    payload,
  ])
}

/** HPACK's literal (RFC 7541 §6.2): `first` says whether it enters the table. */
function literal(first: number, name: string, value: string): Uint8Array {
  const length = (text: string): Uint8Array =>
    text.length < 127
      ? u8(text.length)
      : u8(0x7f, ((text.length - 127) & 0x7f) | 0x80, (text.length - 127) >> 7)
  return concat([u8(first), length(name), utf8(name), length(value), utf8(value)])
}

/** HTTP/2 streams whose heads name one long entry of HPACK's table a thousand times, a byte each. */
function* repeatedFields(tape: Tape, units: number): Iterable<void> {
  const again = new Uint8Array(1000).fill(FIRST_DYNAMIC)
  const entry = literal(0x40, 'x-long', '"'.repeat(4040))
  const request = concat(
    [
      [':method', 'CONNECT'],
      [':protocol', 'websocket'],
      [':scheme', 'https'],
      [':authority', 'a'],
      [':path', '/'],
      ['sec-websocket-version', '13'],
    ].map(([name, value]) => literal(0, name!, value!)),
  )
  let talk: Talk | undefined
  for (let unit = 0; unit < units; unit++) {
    const turn = unit % 500
    if (turn === 0) {
      talk = new Talk(tape, unit)
        .open()
        .says('client', concat([PREFACE, http2Frame(4, 0, 0, NO_PAYLOAD)]))
        .says('server', http2Frame(4, 0, 0, u8(0, 8, 0, 0, 0, 1)))
    }
    const fields = turn === 0 ? [entry, again] : [again]
    talk!
      .says('client', http2Frame(1, 5, 2 * turn + 1, concat([request, ...fields])))
      .says('server', http2Frame(1, 5, 2 * turn + 1, concat([u8(0x88), ...fields])))
    yield
  }
}

/** Frames whose payload lost every other segment. */
function* frameOfHoles(tape: Tape, units: number): Iterable<void> {
  const PARTS = 1000
  const header = encodeFrame({ fin: true, opcode: Opcode.binary, payload: zeros(PARTS * 2) }).subarray(0, 4)
  const talk = upgrade(new Talk(tape, 0))
  for (let unit = 0; unit < units; unit++) {
    talk.says('server', header)
    for (let part = 0; part < PARTS; part++) {
      talk.says('server', u8(0x61)).loses('server', 1)
      // The client has them: the holes are the capture's.
      tape.segment({ connection: 0, sequence: talk.client, acknowledgment: talk.server, flags: TcpFlag.ack })
      if (part % 100 === 0) yield
    }
  }
}

/** Messages in segments of one byte: as many as are told apart. */
function* frameOfSegments(tape: Tape, units: number): Iterable<void> {
  const PARTS = 4096
  const frame = encodeFrame({ fin: true, opcode: Opcode.binary, payload: zeros(PARTS - 4) })
  const talk = upgrade(new Talk(tape, 0))
  for (let unit = 0; unit < units; unit++) {
    for (let part = 0; part < PARTS; part++) {
      talk.says('server', frame.subarray(part, part + 1))
      if (part % 100 === 0) yield
    }
  }
}

/** More small messages than a page takes, none like the one before. */
function* smallMessages(tape: Tape, units: number): Iterable<void> {
  const talk = upgrade(new Talk(tape, 0))
  for (let unit = 0; unit < units; unit++) {
    const frames = Array.from({ length: 200 }, (_, i) => {
      const noise = Math.imul(unit * 200 + i + 1, 0x9e3779b1) >>> 0
      return encodeFrame({
        fin: true,
        opcode: Opcode.text,
        payload: utf8(String(noise)),
        maskingKey: noise,
      })
    })
    talk.says('client', concat(frames))
    yield
  }
}

/** Messages that begin and never end, their fragments on many connections in turn. */
function* unfinishedMessages(tape: Tape, units: number): Iterable<void> {
  const talks = Array.from({ length: 50 }, (_, i) => upgrade(new Talk(tape, i)).says('server', u8(1, 0)))
  const fragments = concat(Array.from({ length: 700 }, () => u8(0, 0)))
  for (let unit = 0; unit < units; unit++) {
    talks[unit % talks.length]!.says('server', fragments)
    yield
  }
}

/** Connections with a finding on each of many frames, and long texts in it. */
function* longFindings(tape: Tape, units: number): Iterable<void> {
  const long = '\x01'.repeat(119)
  const frames = concat([
    ...[3, 4, 5, 6, 7, 11, 12, 13, 14, 15].map((opcode) =>
      encodeFrame({ fin: true, rsv1: true, rsv2: true, opcode, payload: utf8(long), lengthForm: 64 }),
    ),
    encodeFrame({ fin: false, opcode: Opcode.ping, payload: zeros(126) }),
    encodeFrame({ fin: true, opcode: Opcode.text, payload: u8(0xff, 0xfe) }),
    encodeFrame({ fin: true, opcode: Opcode.continuation, payload: utf8(long) }),
    encodeFrame({ fin: true, opcode: Opcode.close, payload: concat([u8(3, 0xed), utf8(long)]) }),
  ])
  const head = `Sec-WebSocket-Protocol: ${'p'.repeat(4000)}\r\nSec-WebSocket-Extensions: ${'e'.repeat(4000)}; a="\r\n`
  for (let unit = 0; unit < units; unit++) {
    upgrade(new Talk(tape, unit), '', head).says('server', frames).says('client', frames)
    yield
  }
}

/** Messages of a hundred thousand fragments, most of them empty, so that a lesson may take them. */
function* emptyFragments(tape: Tape, units: number): Iterable<void> {
  const talk = upgrade(new Talk(tape, 0))
  const fragments = concat(Array.from({ length: 700 }, () => u8(0, 0)))
  for (let unit = 0; unit < units; unit++) {
    if (unit % 150 === 0) talk.says('server', u8(unit === 0 ? 1 : 0x80, 0)).says('server', u8(1, 0))
    talk.says('server', fragments)
    yield
  }
  talk.says('server', u8(0x80, 0))
}

/** Frames of each kind that a lesson may take, as long as they may be. */
function* longExamples(tape: Tape, units: number): Iterable<void> {
  const talk = upgrade(new Talk(tape, 0))
  for (let unit = 0; unit < units; unit++) {
    for (const from of ['client', 'server'] as const) {
      for (const [opcode, fin, rsv1] of [
        [1, true, false],
        [2, true, false],
        [0, true, false],
        [0, false, false],
        [1, false, false],
        [1, true, true],
        [3, true, false],
        [4, true, true],
        [5, false, false],
        [6, false, true],
        [7, true, false],
        [11, true, false],
        [12, true, true],
        [13, false, false],
        [14, false, true],
        [15, true, false],
      ] as const) {
        for (const masked of [MASKED, {}]) {
          const payload = zeros(69_000).fill(unit)
          const frame = { fin, rsv1, opcode, ...masked }
          yield* says(talk, from, encodeFrame({ ...frame, payload }))
          yield* says(talk, from, encodeFrame({ ...frame, payload: payload.subarray(0, 4096) }))
        }
      }
    }
  }
}

const long = (name: string, length: number) => `${name}: ${'x'.repeat(length)}\r\n`
const MEGABYTES = long('X-Long', 3_500_000)

export const REPORT_ATTACKS: readonly Attack[] = [
  attack('report', 'pings that nobody answers', 10_000, 100, unansweredPings),
  attack('report', 'pings and inflate windows at once', 60_000, 300, pingsAndWindows),
  attack('report', 'close frames with long reasons', 10_000, 100, longReasons),
  attack(
    'report',
    'large handshakes',
    20_000,
    200,
    handshakes(() => MANY_LINES),
  ),
  attack(
    'report',
    'handshakes with one long line',
    20_000,
    200,
    handshakes(() => long('X-Long', 4000)),
  ),
  attack(
    'report',
    'heads of megabytes',
    40,
    2,
    handshakes(() => MEGABYTES),
  ),
  attack(
    'report',
    'targets of 64 KB',
    3000,
    20,
    handshakes(
      () => '',
      () => '',
      () => `/${'u'.repeat(65_000)}`,
    ),
  ),
  attack(
    'report',
    'many short connections',
    100_000,
    1000,
    handshakes(() => ''),
  ),
  attack('report', 'HTTP/2 heads that repeat a long field', 600, 20, repeatedFields),
  attack('report', 'frames full of holes', 400, 4, frameOfHoles),
  attack('report', 'frames in segments of one byte', 4000, 4, frameOfSegments),
  attack('report', 'more messages than a page takes', 4000, 100, smallMessages),
  attack('report', 'messages that never end', 2000, 50, unfinishedMessages),
  attack('report', 'findings on every frame', 3000, 50, longFindings),
  attack(
    'lesson',
    'heads of megabytes',
    64,
    2,
    handshakes(() => MEGABYTES),
  ),
  attack('lesson', 'HTTP/2 heads that repeat a long field', 600, 20, repeatedFields),
  attack('lesson', 'messages of empty fragments', 10_000, 50, emptyFragments),
  attack('lesson', 'long frames of every kind', 12, 1, longExamples),
]
