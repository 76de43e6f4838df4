// What header blocks and streams of HTTP/2 cost: a byte of HPACK that stands for a megabyte, and streams that are never told from WebSocket.
import { closeSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { concat } from '../../../src/base/bytes.ts'
import { utf8 } from '../../support/builders/packet-builder.ts'
import type { Attack, AttackCommand } from '../attack.ts'
import { Talk, Tape } from '../tape.ts'

const KIB = 1024
const MIB = 1024 * KIB
const PREFACE = utf8('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n')
const Frame = { data: 0, headers: 1, settings: 4, continuation: 9 } as const
const Flag = { endStream: 1, endHeaders: 4 } as const
/** RFC 7541 appendix A: `:status: 200`, and the first entry of the dynamic table. */
const STATUS_200 = 0x80 | 8
const STATUS_404 = 0x80 | 13
const NEWEST = 62
const SEGMENT = 1448

function frame(type: number, flags: number, stream: number, payload: Uint8Array): Uint8Array {
  const header = new DataView(new ArrayBuffer(9))
  header.setUint32(0, payload.length * 256 + type)
  header.setUint8(4, flags)
  header.setUint32(5, stream)
  return concat([new Uint8Array(header.buffer), payload])
}

/** RFC 7541 §5.1. */
function integer(value: number, prefix: number, first: number): number[] {
  const most = (1 << prefix) - 1
  if (value < most) return [first | value]
  const bytes = [first | most]
  let rest = value - most
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 0x80)
  return [...bytes, rest]
}

const text = (value: string) => concat([Uint8Array.from(integer(value.length, 7, 0)), utf8(value)])
/** A field that goes into the table (§6.2.1), and one that does not (§6.2.2). */
const indexed = (name: string, value: string) => concat([Uint8Array.of(0x40), text(name), text(value)])
const plain = (name: string, value: string) => concat([Uint8Array.of(0), text(name), text(value)])
const fromTable = (index: number) => Uint8Array.from(integer(index, 7, 0x80))
const tableSize = (size: number) => Uint8Array.from(integer(size, 5, 0x20))

/** What asks for WebSocket (RFC 8441 §4). */
const ASKS: readonly (readonly [string, string])[] = [
  [':method', 'CONNECT'],
  [':protocol', 'websocket'],
  [':scheme', 'http'],
  [':path', '/'],
  [':authority', 'a'],
]

/** HEADERS with this block, and as many CONTINUATION as it needs. */
function headers(stream: number, block: Uint8Array, flags = 0): Uint8Array {
  const frames: Uint8Array[] = []
  for (let at = 0; at === 0 || at < block.length; at += 16_384) {
    const part = block.subarray(at, at + 16_384)
    const last = at + 16_384 >= block.length ? Flag.endHeaders : 0
    frames.push(
      at === 0
        ? frame(Frame.headers, flags | last, stream, part)
        : frame(Frame.continuation, last, stream, part),
    )
  }
  return concat(frames)
}

/** Writes a capture, and reads it with this command. */
function capture(
  words: readonly string[],
  fill: (units: number) => Generator<(tape: Tape) => void>,
  statuses: readonly number[] = [0],
) {
  return (folder: string, units: number): AttackCommand => {
    const file = openSync(join(folder, 'capture.pcap'), 'w')
    const tape = new Tape()
    for (const step of fill(units)) {
      step(tape)
      if (tape.full) writeSync(file, tape.take())
    }
    writeSync(file, tape.take())
    closeSync(file)
    return { words: [...words, 'capture.pcap'], statuses }
  }
}

function says(talk: Talk, from: 'client' | 'server', bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; at += SEGMENT) talk.says(from, bytes.subarray(at, at + SEGMENT))
}

function open(tape: Tape, connection: number): Talk {
  const talk = new Talk(tape, connection).open()
  talk.says('client', concat([PREFACE, frame(Frame.settings, 0, 0, new Uint8Array(0))]))
  return talk.says('server', frame(Frame.settings, 0, 0, Uint8Array.of(0, 8, 0, 0, 0, 1)))
}

/**
 * Extended CONNECT on one stream after the other, each with the same long header `times` over. It is in the table, which is as
 * large as it is.
 */
function repeated(length: number, times: number, status: number) {
  return function* (units: number): Generator<(tape: Tape) => void> {
    let talk: Talk | undefined
    const long = 'x'.repeat(length)
    const first = concat([
      tableSize(length + KIB),
      ...[...ASKS].reverse().map(([name, value]) => indexed(name, value)),
      indexed('x', long),
    ])
    const block = concat([
      ...ASKS.map((_, i) => fromTable(NEWEST + 1 + i)),
      ...Array.from({ length: times }, () => fromTable(NEWEST)),
    ])
    for (let unit = 0; unit < units; unit++) {
      yield (tape) => {
        if (talk === undefined) {
          talk = open(tape, 0)
          says(talk, 'client', headers(1, first))
        }
        says(talk, 'client', headers(2 * unit + 3, block))
        says(talk, 'server', headers(2 * unit + 3, Uint8Array.of(status)))
      }
    }
  }
}

/** The same, with the long header in the answer. */
function* repeatedAnswer(units: number): Generator<(tape: Tape) => void> {
  let talk: Talk | undefined
  const asks = concat(ASKS.map(([name, value]) => plain(name, value)))
  const answer = concat([Uint8Array.of(STATUS_200), ...Array.from({ length: 1000 }, () => fromTable(NEWEST))])
  for (let unit = 0; unit < units; unit++) {
    yield (tape) => {
      if (talk === undefined) {
        talk = open(tape, 0)
        says(talk, 'client', headers(1, asks))
        says(talk, 'server', headers(1, concat([Uint8Array.of(STATUS_200), indexed('x', 'x'.repeat(4000))])))
      }
      says(talk, 'client', headers(2 * unit + 3, asks))
      says(talk, 'server', headers(2 * unit + 3, answer))
    }
  }
}

/** A connection for each megabyte. */
function* oneEach(units: number): Generator<(tape: Tape) => void> {
  for (let unit = 0; unit < units; unit++) {
    yield (tape) => {
      const talk = open(tape, unit)
      const block = concat([
        ...ASKS.map(([name, value]) => plain(name, value)),
        indexed('x', 'x'.repeat(1000)),
        ...Array.from({ length: 4000 }, () => fromTable(NEWEST)),
      ])
      says(talk, 'client', headers(1, block))
      says(talk, 'server', headers(1, Uint8Array.of(STATUS_200)))
    }
  }
}

/** Entries of two bytes, as many as fit into the tables of both directions of each connection. */
function* smallEntries(units: number): Generator<(tape: Tape) => void> {
  const entries = concat(
    Array.from({ length: 1900 }, (_, i) => indexed(`${i % 10}${((i / 10) % 10) | 0}`, 'ab')),
  )
  for (let unit = 0; unit < units; unit++) {
    yield (tape) => {
      const talk = open(tape, unit)
      for (const side of ['client', 'server'] as const)
        says(talk, side, headers(1, concat([tableSize(64 * KIB), entries])))
    }
  }
}

/** DATA on streams whose requests were not captured, on many connections. */
function manyStreams(payload: Uint8Array) {
  return function* (units: number): Generator<(tape: Tape) => void> {
    const streams = 1000
    for (let unit = 0; unit < units; unit++) {
      yield (tape) => {
        const talk = new Talk(tape, unit)
        talk.says('client', frame(Frame.settings, 0, 0, Uint8Array.of(0, 8, 0, 0, 0, 1)))
        const frames = Array.from({ length: streams }, (_, i) => frame(Frame.data, 0, 2 * i + 1, payload))
        says(talk, 'client', concat(frames))
      }
    }
  }
}

/** Requests for WebSocket that nobody answers. */
function* unanswered(units: number): Generator<(tape: Tape) => void> {
  const asks = concat(ASKS.map(([name, value]) => plain(name, value)))
  for (let unit = 0; unit < units; unit++) {
    yield (tape) => {
      const talk = open(tape, unit)
      says(talk, 'client', concat(Array.from({ length: 1000 }, (_, i) => headers(2 * i + 1, asks))))
    }
  }
}

/** Connections of which no more is seen than that they speak HTTP/2. */
function* idle(units: number): Generator<(tape: Tape) => void> {
  for (let unit = 0; unit < units; unit++) {
    yield (tape) => {
      const talk = open(tape, unit)
      says(talk, 'client', headers(1, concat(ASKS.map(([name, value]) => indexed(name, value)))))
      says(talk, 'server', headers(1, Uint8Array.of(STATUS_200)))
    }
  }
}

/** The same without a WebSocket. */
function* quiet(units: number): Generator<(tape: Tape) => void> {
  const request = concat([
    indexed(':method', 'GET'),
    indexed(':path', '/'),
    indexed('cookie', 'x'.repeat(100)),
  ])
  for (let unit = 0; unit < units; unit++) {
    yield (tape) => {
      const talk = open(tape, unit)
      says(talk, 'client', headers(1, request, Flag.endStream))
      says(talk, 'server', headers(1, Uint8Array.of(STATUS_200), Flag.endStream))
    }
  }
}

/** A thousand WebSockets on each connection, all of them open. */
function* manyWebSockets(units: number): Generator<(tape: Tape) => void> {
  const asks = concat(ASKS.map(([name, value]) => plain(name, value)))
  const streams = Array.from({ length: 1000 }, (_, i) => 2 * i + 1)
  for (let unit = 0; unit < units; unit++) {
    yield (tape) => {
      const talk = open(tape, unit)
      says(talk, 'client', concat(streams.map((stream) => headers(stream, asks))))
      says(talk, 'server', concat(streams.map((stream) => headers(stream, Uint8Array.of(STATUS_200)))))
    }
  }
}

/** A thousand streams that wait for their answers, and one hole after the other. */
function* holes(units: number): Generator<(tape: Tape) => void> {
  const asks = concat(ASKS.map(([name, value]) => plain(name, value)))
  let talk: Talk | undefined
  for (let unit = 0; unit < units; unit++) {
    yield (tape) => {
      if (talk === undefined) {
        talk = open(tape, 0)
        says(talk, 'client', concat(Array.from({ length: 1000 }, (_, i) => headers(2 * i + 1, asks))))
      }
      // The server acknowledges what the capture does not hold, so that the hole is one.
      talk.loses('client', 1)
      talk.says('client', frame(Frame.settings, 0, 0, new Uint8Array(6)))
      talk.says('server', frame(Frame.settings, 1, 0, new Uint8Array(0)))
    }
  }
}

/** In mid-stream, one byte after the other that could begin a frame, and no frame. */
function* search(units: number): Generator<(tape: Tape) => void> {
  const talks: Talk[] = []
  const zeros = frame(Frame.settings, 0, 0, new Uint8Array(0))
  const almost = concat([new Uint8Array(9), frame(Frame.data, 0, 1, new Uint8Array(16_000))])
  for (let unit = 0; unit < units; unit++) {
    yield (tape) => {
      for (let i = 0; i < 20; i++) {
        if (talks.length <= i) {
          const talk = new Talk(tape, i)
          talk.says('client', zeros)
          talks.push(talk.loses('client', 1))
        }
        const at = unit % almost.length
        talks[i]!.says('client', almost.subarray(at, at + 1))
      }
    }
  }
}

const NDJSON = ['connections', '--format', 'ndjson']

export const HEADERS_ATTACKS: readonly Attack[] = [
  {
    kind: 'HPACK that repeats a long header, in WebSockets that are opened',
    units: 400,
    quick: 60,
    prepare: capture(NDJSON, repeated(4000, 1000, STATUS_200)),
  },
  {
    kind: 'HPACK that repeats a header of a mebibyte',
    units: 4000,
    quick: 60,
    prepare: capture(NDJSON, repeated(MIB - 2 * KIB, 3, STATUS_200)),
  },
  {
    kind: 'HPACK that repeats a long header, in tables',
    units: 400,
    quick: 60,
    prepare: capture(['frames'], repeated(4000, 1000, STATUS_200)),
  },
  {
    kind: 'HPACK that repeats a long header, in WebSockets that are refused',
    units: 4000,
    quick: 60,
    prepare: capture(NDJSON, repeated(4000, 1000, STATUS_404)),
  },
  {
    kind: 'HPACK that repeats a long header, in answers',
    units: 400,
    quick: 60,
    prepare: capture(NDJSON, repeatedAnswer),
  },
  {
    kind: 'HPACK that repeats a header, on many connections',
    units: 400,
    quick: 20,
    prepare: capture(NDJSON, oneEach),
  },
  {
    kind: 'HPACK tables of tiny entries',
    units: 2000,
    quick: 60,
    prepare: capture(NDJSON, smallEntries),
  },
  {
    kind: 'HTTP/2 streams without a request',
    units: 2000,
    quick: 20,
    prepare: capture(NDJSON, manyStreams(Uint8Array.of(0x81))),
  },
  {
    kind: 'HTTP/2 streams without a byte',
    units: 2000,
    quick: 20,
    prepare: capture(NDJSON, manyStreams(new Uint8Array(0))),
  },
  {
    kind: 'HTTP/2 requests without an answer',
    units: 1000,
    quick: 20,
    prepare: capture(NDJSON, unanswered),
  },
  {
    kind: 'idle HTTP/2 connections',
    units: 100_000,
    quick: 1000,
    prepare: capture(NDJSON, idle),
  },
  {
    kind: 'HTTP/2 connections without a WebSocket',
    units: 100_000,
    quick: 1000,
    prepare: capture(NDJSON, quiet),
  },
  {
    kind: 'a thousand WebSockets on each HTTP/2 connection',
    units: 100,
    quick: 2,
    prepare: capture(NDJSON, manyWebSockets),
  },
  {
    kind: 'holes between a thousand HTTP/2 streams',
    units: 100_000,
    quick: 2000,
    prepare: capture(NDJSON, holes),
  },
  {
    kind: 'HTTP/2 that is searched for byte by byte',
    units: 40_000,
    quick: 1000,
    prepare: capture(NDJSON, search),
  },
]
