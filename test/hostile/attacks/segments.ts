// Hostile TCP: connections that never open, bytes that wait, overlap, come again or never.
import { concat } from '../../../src/base/bytes.ts'
import { TcpFlag } from '../../../src/network/segment.ts'
import { encodeHeader } from '../../../src/websocket/encode.ts'
import { u8, zeros } from '../../support/builders/packet-builder.ts'
import { type HostileCapture, noise, segmented, text, upgrade, written } from '../captures.ts'
import { Talk } from '../tape.ts'

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

export const SEGMENT_CAPTURES: readonly HostileCapture[] = [
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
  { kind: 'a message in one-byte segments', units: 16_384, quick: 16, pieces: oneByteSegments() },
]
