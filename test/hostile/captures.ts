// Captures from someone who wants to harm the reader: each kind at any size, the same bytes at every run.
import { constants, createGzip, deflateRawSync } from 'node:zlib'
import { concat } from '../../src/base/bytes.ts'
import { Opcode } from '../../src/base/events.ts'
import { TcpFlag } from '../../src/network/segment.ts'
import { encodeFrame, encodeHeader } from '../../src/websocket/encode.ts'
import { acceptFor } from '../support/builders/accept-for.ts'
import {
  ethernet,
  ipv4,
  ipv6,
  ipv6Fragment,
  Protocol,
  tcp,
  u8,
  u16,
  udp,
  utf8,
  zeros,
} from '../support/builders/packet-builder.ts'
import { NO_PAYLOAD, Talk, Tape } from './tape.ts'

const MIB = 1024 * 1024

/** One kind of hostile capture. */
export interface HostileCapture {
  readonly kind: string
  /** The number of units in the capture that the table measures, and in the quick one of the tests. */
  readonly units: number
  readonly quick: number
  /** The bytes of the file, piece by piece. */
  readonly pieces: (units: number) => Iterable<Uint8Array> | AsyncIterable<Uint8Array>
}

/** Writes unit after unit; `linkType` as for a tape. */
function written(step: (tape: Tape, unit: number) => void, linkType?: number) {
  return function* (units: number): Generator<Uint8Array> {
    const tape = new Tape(linkType)
    for (let unit = 0; unit < units; unit++) {
      step(tape, unit)
      if (tape.full) yield tape.take()
    }
    yield tape.take()
  }
}

/** The connection with the number `unit`: opened at its first use, and kept in `known`. */
function talks(tape: Tape, unit: number, known: Map<number, Talk>, open: (talk: Talk) => void): Talk {
  let talk = known.get(unit)
  if (talk === undefined) {
    talk = new Talk(tape, unit)
    open(talk)
    known.set(unit, talk)
  }
  return talk
}

const KEY = 'dGhlIHNhbXBsZSBub25jZQ=='
const DEFLATE = 'Sec-WebSocket-Extensions: permessage-deflate\r\n'

/** TCP's handshake and WebSocket's. */
export function upgrade(talk: Talk, headers = '', answered = headers): Talk {
  return talk
    .open()
    .says(
      'client',
      utf8(
        `GET /feed HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${KEY}\r\n${headers}\r\n`,
      ),
    )
    .says(
      'server',
      utf8(
        `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${acceptFor(KEY)}\r\n${answered}\r\n`,
      ),
    )
}

function segmented(talk: Talk, from: 'client' | 'server', bytes: Uint8Array, length = 1448): void {
  for (let at = 0; at < bytes.length; at += length) talk.says(from, bytes.subarray(at, at + length))
}

/** What a sender writes for a compressed message: a deflate block without the 00 00 ff ff at its end (RFC 7692 §7.2.1). */
function compressed(bytes: Uint8Array): Uint8Array {
  return deflateRawSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH }).subarray(0, -4)
}

/** Bytes that look like nothing. */
function noise(length: number, seed: number): Uint8Array {
  const words = new Uint32Array(Math.ceil(length / 4))
  let state = seed * 0x9e3779b9 + 1
  for (let i = 0; i < words.length; i++) {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    words[i] = state
  }
  return new Uint8Array(words.buffer, 0, length)
}

const text = (payload: Uint8Array) => encodeFrame({ fin: true, opcode: Opcode.text, payload })

/** A message that inflates a thousandfold, in one frame of `units` MiB. */
function* bigBomb(units: number): Generator<Uint8Array> {
  const tape = new Tape()
  const talk = upgrade(new Talk(tape, 0), DEFLATE)
  const bomb = compressed(zeros(16 * MIB))
  const payload = concat(Array.from({ length: Math.ceil((units * MIB) / bomb.length) }, () => bomb))
  const frame = encodeFrame({ fin: true, rsv1: true, opcode: Opcode.binary, payload })
  for (let at = 0; at < frame.length; at += 1448) {
    talk.says('server', frame.subarray(at, at + 1448))
    if (tape.full) yield tape.take()
  }
  talk.says('server', text(utf8('still here')))
  yield tape.take()
}

const smallBombs = () => {
  const payload = compressed(zeros(MIB))
  const frame = encodeFrame({ fin: true, rsv1: true, opcode: Opcode.binary, payload })
  let talk: Talk | undefined
  return written((tape, unit) => {
    if (unit === 0) talk = upgrade(new Talk(tape, 0), DEFLATE)
    talk!.says('server', frame)
  })
}

const halfOpen = () =>
  written((tape, unit) => tape.segment({ connection: unit, sequence: unit, flags: TcpFlag.syn }))

const oneByteWaiting = (hasSyn: boolean) => () =>
  written((tape, unit) => {
    if (hasSyn) tape.segment({ connection: unit, sequence: 1000, flags: TcpFlag.syn })
    tape.segment({ connection: unit, sequence: 1002, payload: u8(0x47) })
  })

/** Many connections, each with bytes that wait after a hole. */
const waitingBytes = () =>
  written((tape, unit) => {
    const connection = unit % 1000
    const turn = Math.floor(unit / 1000)
    if (turn === 0) tape.segment({ connection, sequence: 999, flags: TcpFlag.syn })
    tape.segment({ connection, sequence: 2000 + turn * 1448, payload: noise(1448, unit) })
  })

const overlapping = () => {
  const payloads = [noise(1448, 1), noise(1448, 2)]
  return written((tape, unit) => {
    if (unit === 0) upgrade(new Talk(tape, 0))
    // All over the same 64 KiB after a hole, each time with other bytes.
    tape.segment({
      connection: 0,
      sequence: 9000 + ((unit * 7919) % 65_536),
      payload: payloads[unit & 1]!,
    })
  })
}

/** The same bytes again and again, each copy different, though they were delivered long ago. */
const retransmitted = () => {
  const payloads = [noise(1448, 1), noise(1448, 2)]
  let talk: Talk | undefined
  return written((tape, unit) => {
    if (unit === 0) {
      talk = upgrade(new Talk(tape, 0))
      segmented(talk, 'server', text(zeros(60_000)))
    }
    tape.segment({
      connection: 0,
      from: 'server',
      sequence: talk!.server - 60_000 + ((unit * 7919) % 50_000),
      payload: payloads[unit & 1]!,
    })
  })
}

const descending = () =>
  written((tape, unit) => {
    if (unit === 0) tape.segment({ connection: 0, sequence: 0, flags: TcpFlag.syn })
    tape.segment({ connection: 0, sequence: 2 ** 27 - unit * 2, payload: u8(unit) })
  })

/** Every other segment is missing, and acknowledged: each hole is a gap, each gap a search for the next frame. */
const holes = () => {
  let talk: Talk | undefined
  const frames = concat(
    Array.from({ length: 12 }, (_, i) => text(noise(100, i).map((byte) => 0x20 + (byte & 63)))),
  )
  return written((tape, unit) => {
    if (unit === 0) talk = upgrade(new Talk(tape, 0))
    talk!.says('server', frames).loses('server', 777)
    tape.segment({ connection: 0, sequence: talk!.client, acknowledgment: talk!.server, flags: TcpFlag.ack })
  })
}

const hugeLengths = () => {
  const lengths = [2n ** 63n, 2n ** 64n - 1n, 2n ** 63n - 1n, 2n ** 53n, 2n ** 53n - 1n, 2n ** 32n]
  return written((tape, unit) => {
    const talk = upgrade(new Talk(tape, unit))
    const header = { fin: true, rsv1: false, rsv2: false, rsv3: false, opcode: 2, headerLength: 10 } as const
    const payloadLength = lengths[unit % lengths.length]!
    talk.says(
      'server',
      concat([encodeHeader({ ...header, maskingKey: undefined, payloadLength }), noise(500, unit)]),
    )
  })
}

const deepStacks = () => {
  const inner = tcp({ payload: utf8('GET / HTTP/1.1\r\n') })
  const times = (
    count: number,
    wrap: (payload: Uint8Array) => Uint8Array,
    payload: Uint8Array,
  ): Uint8Array => (count === 0 ? payload : times(count - 1, wrap, wrap(payload)))
  const vlans = Array.from({ length: 16_000 }, () => [0x8100, 1] as const)
  const stacks = [
    ethernet({ tags: vlans, payload: ipv4({ payload: inner }) }),
    ethernet({
      payload: times(1000, (payload) => ipv4({ protocol: Protocol.ipv4, payload }), ipv4({ payload: inner })),
    }),
    ethernet({
      payload: times(
        800,
        (payload) =>
          ipv4({ protocol: Protocol.gre, payload: concat([u16(0), u16(0x6558), ethernet({ payload })]) }),
        ipv4({ payload: inner }),
      ),
    }),
    ethernet({
      payload: times(
        600,
        (payload) =>
          ipv4({
            protocol: Protocol.udp,
            payload: udp(1, 4789, concat([u8(8, 0, 0, 0, 0, 0, 1, 0), ethernet({ payload })])),
          }),
        ipv4({ payload: inner }),
      ),
    }),
    ethernet({
      payload: ipv6({
        nextHeader: Protocol.destination,
        payload: concat([...Array.from({ length: 7000 }, () => u8(60, 0, 1, 4, 0, 0, 0, 0)), inner]),
      }),
    }),
  ]
  return written((tape, unit) => tape.packet(stacks[unit % stacks.length]!))
}

const fragments = () =>
  written((tape, unit) => {
    const payload = noise(64, unit)
    const moreFragments = true
    tape.packet(
      unit & 1
        ? ethernet({
            payload: ipv4({
              identification: unit & 0xffff,
              fragmentOffset: 8 * (unit % 8000),
              moreFragments,
              payload,
            }),
          })
        : ethernet({
            payload: ipv6({
              nextHeader: Protocol.fragment,
              payload: ipv6Fragment({
                identification: unit >> 5,
                fragmentOffset: 8 * ((unit * 13) % 8000),
                moreFragments,
                payload,
              }),
            }),
          }),
    )
  })

/** Fragments of one datagram after the other, of 8 bytes each, from the last to the first. */
const tinyFragments = () => {
  const payload = noise(8, 1)
  return written((tape, unit) => {
    const fragmentOffset = 8 * (8000 - (unit % 8000))
    const identification = Math.floor(unit / 8000) & 0xffff
    tape.packet(ethernet({ payload: ipv4({ identification, fragmentOffset, moreFragments: true, payload }) }))
  })
}

/** A message of `units` KiB in one-byte segments. */
const oneByteSegments = () => {
  let talk: Talk | undefined
  return function* (units: number): Generator<Uint8Array> {
    const length = units * 1024
    const header = { fin: true, rsv1: false, rsv2: false, rsv3: false, opcode: 2, headerLength: 14 } as const
    const frame = concat([
      encodeHeader({ ...header, maskingKey: 0x01020304, payloadLength: length }),
      noise(length, 1),
    ])
    yield* written((tape, at) => {
      if (at === 0) talk = upgrade(new Talk(tape, 0))
      talk!.says('client', frame.subarray(at, at + 1))
    })(frame.length)
  }
}

/** A head of `units` KiB, one byte a segment, without a line end. */
const oneByteHead = () => {
  let talk: Talk | undefined
  return function* (units: number): Generator<Uint8Array> {
    yield* written((tape, at) => {
      if (at % (1000 * 1024) === 0)
        talk = new Talk(tape, at / (1000 * 1024)).open().says('client', utf8('GET /'))
      talk!.says('client', u8(0x41))
    })(units * 1024)
  }
}

/** Header lines of a megabyte in request and response. */
const longHeaders = () => {
  const line = `X-Long: ${'\x1b[31m\u202e'.repeat(120_000)}\r\n`
  return function* (units: number): Generator<Uint8Array> {
    const tape = new Tape()
    for (let unit = 0; unit < units; unit++) {
      const talk = new Talk(tape, unit).open()
      const request = `GET /${'a'.repeat(10_000)} HTTP/1.1\r\nHost: ${'h'.repeat(10_000)}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${KEY}\r\n`
      const response = `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${acceptFor(KEY)}\r\n`
      for (const [from, head] of [
        ['client', request],
        ['server', response],
      ] as const) {
        const bytes = utf8(`${head}${line}\r\n`)
        for (let at = 0; at < bytes.length; at += 16_000) {
          talk.says(from, bytes.subarray(at, at + 16_000))
          if (tape.full) yield tape.take()
        }
      }
    }
    yield tape.take()
  }
}

/** Heads of a megabyte on as many connections at a time as the budget holds, all completed by one byte each in the end. */
const headsAtOnce = () => {
  return function* (units: number): Generator<Uint8Array> {
    const tape = new Tape()
    const short = 'X: y\r\n'.repeat(100_000)
    const bytes = utf8(
      `GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${KEY}\r\n${short}\r\n`,
    )
    const response = utf8(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n${short}\r\n`,
    )
    const all = Array.from({ length: units }, (_, i) => new Talk(tape, i).open())
    for (const talk of all) {
      for (const [from, head] of [
        ['client', bytes],
        ['server', response],
      ] as const) {
        for (let at = 0; at < head.length - 1; at += 16_000) {
          talk.says(from, head.subarray(at, Math.min(at + 16_000, head.length - 1)))
          if (tape.full) yield tape.take()
        }
      }
    }
    for (const talk of all) talk.says('client', u8(10))
    for (const talk of all) talk.says('server', u8(10))
    yield tape.take()
  }
}

/** Connections whose inflate windows are all full. */
const windows = () => {
  const payload = compressed(noise(33_000, 1).map((byte) => byte & 3))
  const frame = encodeFrame({ fin: true, rsv1: true, opcode: Opcode.binary, payload })
  const small = encodeFrame({
    fin: true,
    rsv1: true,
    opcode: Opcode.binary,
    payload: compressed(utf8('once more')),
  })
  const bomb = encodeFrame({
    fin: true,
    rsv1: true,
    opcode: Opcode.binary,
    payload: compressed(zeros(40_000)),
  })
  void frame
  return written((tape, unit) => {
    upgrade(new Talk(tape, unit), DEFLATE).says('server', bomb).says('client', small)
  })
}

/** WebSocket connections that stay open and say nothing. */
const idle = () => written((tape, unit) => void upgrade(new Talk(tape, unit)))

/** WebSocket connections each in the middle of a frame, a message and a ping. */
const unfinished = () => {
  const part = encodeFrame({ fin: false, opcode: Opcode.text, payload: utf8('part') })
  const ping = encodeFrame({ fin: true, opcode: Opcode.ping, payload: utf8('?') })
  const begun = encodeFrame({ fin: false, opcode: Opcode.continuation, payload: zeros(100) }).subarray(0, 10)
  return written(
    (tape, unit) => void upgrade(new Talk(tape, unit)).says('server', concat([part, ping, begun])),
  )
}

/** Connections without a handshake, of bytes that look like nothing. */
const midstreamNoise = () =>
  written((tape, unit) => {
    const connection = unit % 100
    const turn = Math.floor(unit / 100)
    tape.segment({ connection, sequence: 1 + turn * 100, payload: noise(100, unit) })
  })

/** One connection without a handshake, a byte a segment, of frames that are almost plausible. */
const midstreamBytes = () => {
  const bytes = concat(Array.from({ length: 50 }, (_, i) => concat([u8(0x81, 0x84), noise(8 + (i % 3), i)])))
  return written((tape, unit) =>
    tape.segment({
      connection: 0,
      sequence: unit,
      payload: bytes.subarray(unit % bytes.length, (unit % bytes.length) + 1),
    }),
  )
}

/** A download over TLS whose beginning was not captured. */
const midstreamTls = () =>
  written((tape, unit) =>
    tape.segment({
      connection: 0,
      sequence: 1 + unit * 1400,
      payload: concat([u8(23, 3, 3, 5, 115), noise(1395, unit)]),
    }),
  )

/** Empty frames, hundreds in a packet, each with everything wrong. */
const violations = () => {
  const frame = encodeFrame({
    fin: false,
    rsv1: true,
    rsv2: true,
    rsv3: true,
    opcode: 11,
    maskingKey: 0,
    payload: NO_PAYLOAD,
    lengthForm: 64,
  })
  const frames = concat(Array.from({ length: 100 }, () => frame))
  let talk: Talk | undefined
  return written((tape, unit) => {
    if (unit === 0) talk = upgrade(new Talk(tape, 0))
    talk!.says('server', frames)
  })
}

/** The smallest frames there are, as many as fit into a packet. */
const emptyFrames = () => {
  const frames = concat(Array.from({ length: 700 }, () => u8(0x8a, 0)))
  let talk: Talk | undefined
  return written((tape, unit) => {
    if (unit === 0) talk = upgrade(new Talk(tape, 0))
    talk!.says('server', frames)
  })
}

/** One message in fragments without a byte. */
const emptyFragments = () => {
  const frames = concat(Array.from({ length: 700 }, () => u8(0, 0)))
  let talk: Talk | undefined
  return written((tape, unit) => {
    if (unit === 0) talk = upgrade(new Talk(tape, 0)).says('server', u8(1, 0))
    talk!.says('server', frames)
  })
}

/** Endless requests without an answer, then the answers. */
const requests = () => {
  const request = utf8(
    'GET / HTTP/1.1\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\nHEAD / HTTP/1.1\r\n\r\n'.repeat(10),
  )
  const response = utf8('HTTP/1.1 426 No\r\nContent-Length: 0\r\n\r\n'.repeat(20))
  const known = new Map<number, Talk>()
  return written((tape, unit) => {
    if (unit === 0) known.clear()
    talks(tape, unit % 50, known, (talk) => talk.open())
      .says('client', request)
      .says('server', response)
  })
}

const zeroLength = () => written((tape) => tape.packet(NO_PAYLOAD))

const gzipped = (pieces: (units: number) => Iterable<Uint8Array>) =>
  async function* (units: number): AsyncGenerator<Uint8Array> {
    const gzip = createGzip({ level: 1 })
    const write = async () => {
      for (const piece of pieces(units))
        if (!gzip.write(piece)) await new Promise((wake) => gzip.once('drain', wake))
      gzip.end()
    }
    const written = write()
    for await (const piece of gzip) yield piece
    await written
  }

const SECTION = [0x0a0d0d0a, 28, 0x1a2b3c4d, 1, 0xffffffff, 0xffffffff, 28]
const INTERFACE = [1, 20, 1, 0, 20]

/** pcapng: `step` writes a block. */
const blocks = (step: (tape: Tape, unit: number) => void) =>
  function* (units: number): Generator<Uint8Array> {
    const tape = new Tape(null)
    tape.words(...SECTION, ...INTERFACE)
    for (let unit = 0; unit < units; unit++) {
      step(tape, unit)
      if (tape.full) yield tape.take()
    }
    yield tape.take()
  }

/** Blocks of 127 MiB: unknown ones and packets in turn; a unit is a MiB. */
function* hugeBlocks(units: number): Generator<Uint8Array> {
  const tape = new Tape(null)
  tape.words(...SECTION, ...INTERFACE)
  const length = Math.min(units, 127) * MIB
  const filling = zeros(MIB)
  for (let done = 0, block = 0; done < units; done += length / MIB, block++) {
    tape.words(block & 1 ? 0x0bad : 6, length, 0, 0, 0, length - 32, length - 32)
    for (let at = 28; at < length - 4; at += MIB) {
      tape.raw(filling.subarray(0, Math.min(MIB, length - 4 - at)))
      yield tape.take()
    }
    tape.words(length)
  }
  yield tape.take()
}

const interfaces = () =>
  blocks((tape, unit) => tape.words(...(unit % 60_000 === 0 ? SECTION : []), ...INTERFACE))

const secrets = () =>
  blocks((tape) => {
    tape.words(10, 24, 0x544c534b, 4, 0x41414141, 24)
  })

/** Unknown link types and EtherTypes, another in each packet. */
const unknownKinds = () =>
  blocks((tape, unit) => {
    if (unit % 60_000 === 0) tape.words(...SECTION, ...INTERFACE)
    tape.words(1, 20, unit & 0xffff, 0, 20)
    tape.words(6, 48, (unit + 1) % 60_000, 0, 0, 14, 14, 0, 0, 0, (unit * 0x9e37) & 0xffff, 48)
  })

export const HOSTILE_CAPTURES: readonly HostileCapture[] = [
  { kind: 'one compression bomb', units: 15, quick: 2, pieces: bigBomb },
  { kind: 'many small compression bombs', units: 2000, quick: 60, pieces: smallBombs() },
  { kind: 'half-open connections', units: 1_000_000, quick: 10_000, pieces: halfOpen() },
  {
    kind: 'connections with one waiting byte',
    units: 200_000,
    quick: 10_000,
    pieces: oneByteWaiting(true)(),
  },
  { kind: 'the same without a SYN', units: 200_000, quick: 10_000, pieces: oneByteWaiting(false)() },
  { kind: 'bytes waiting everywhere', units: 200_000, quick: 5000, pieces: waitingBytes() },
  { kind: 'overlapping segments', units: 200_000, quick: 5000, pieces: overlapping() },
  { kind: 'different retransmissions', units: 100_000, quick: 3000, pieces: retransmitted() },
  { kind: 'descending one-byte segments', units: 1_000_000, quick: 20_000, pieces: descending() },
  { kind: 'a hole behind every segment', units: 50_000, quick: 1000, pieces: holes() },
  { kind: 'frames of 2^63 bytes', units: 100_000, quick: 600, pieces: hugeLengths() },
  { kind: 'deep VLAN and tunnel stacks', units: 2000, quick: 100, pieces: deepStacks() },
  { kind: 'IP fragments', units: 300_000, quick: 10_000, pieces: fragments() },
  { kind: 'tiny descending IP fragments', units: 300_000, quick: 10_000, pieces: tinyFragments() },
  { kind: 'a message in one-byte segments', units: 16_384, quick: 16, pieces: oneByteSegments() },
  { kind: 'a request line in one-byte segments', units: 2000, quick: 64, pieces: oneByteHead() },
  { kind: 'header lines of a megabyte', units: 40, quick: 2, pieces: longHeaders() },
  { kind: 'a hundred heads of a megabyte at once', units: 100, quick: 8, pieces: headsAtOnce() },
  { kind: 'connections with an inflate window', units: 100_000, quick: 400, pieces: windows() },
  { kind: 'idle WebSocket connections', units: 150_000, quick: 600, pieces: idle() },
  { kind: 'unfinished frames and messages', units: 100_000, quick: 600, pieces: unfinished() },
  { kind: 'noise without a handshake', units: 200_000, quick: 3000, pieces: midstreamNoise() },
  { kind: 'almost frames in one-byte segments', units: 200_000, quick: 3000, pieces: midstreamBytes() },
  { kind: 'TLS without its beginning', units: 100_000, quick: 2000, pieces: midstreamTls() },
  { kind: 'frames with everything wrong', units: 3000, quick: 30, pieces: violations() },
  { kind: 'empty frames', units: 5000, quick: 50, pieces: emptyFrames() },
  { kind: 'a message of empty fragments', units: 10_000, quick: 50, pieces: emptyFragments() },
  { kind: 'requests that are refused', units: 50_000, quick: 1000, pieces: requests() },
  { kind: 'packets without a byte', units: 5_000_000, quick: 50_000, pieces: zeroLength() },
  { kind: 'the same, in gzip', units: 10_000_000, quick: 100_000, pieces: gzipped(zeroLength()) },
  { kind: 'pcapng blocks of 127 MiB', units: 508, quick: 30, pieces: hugeBlocks },
  { kind: 'pcapng interfaces', units: 2_000_000, quick: 100_000, pieces: interfaces() },
  { kind: 'pcapng secrets', units: 2_000_000, quick: 50_000, pieces: secrets() },
  { kind: 'unknown link types and protocols', units: 500_000, quick: 10_000, pieces: unknownKinds() },
]
