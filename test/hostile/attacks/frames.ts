// Hostile frames and messages: bombs, lengths that no memory has, fragments without a byte.
import { concat } from '../../../src/base/bytes.ts'
import { Opcode } from '../../../src/base/events.ts'
import { encodeFrame, encodeHeader } from '../../../src/websocket/encode.ts'
import { u8, utf8, zeros } from '../../support/builders/packet-builder.ts'
import { compressed, DEFLATE, type HostileCapture, MIB, noise, text, upgrade, written } from '../captures.ts'
import { NO_PAYLOAD, Talk, Tape } from '../tape.ts'

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

/** Connections whose inflate windows are all full. */
const windows = () => {
  const compressedFrame = (payload: Uint8Array) =>
    encodeFrame({ fin: true, rsv1: true, opcode: Opcode.binary, payload: compressed(payload) })
  const filling = compressedFrame(zeros(40_000))
  const small = compressedFrame(utf8('once more'))
  return written((tape, unit) => {
    upgrade(new Talk(tape, unit), DEFLATE).says('server', filling).says('client', small)
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

export const FRAME_CAPTURES: readonly HostileCapture[] = [
  { kind: 'one compression bomb', units: 15, quick: 2, pieces: bigBomb },
  { kind: 'many small compression bombs', units: 2000, quick: 60, pieces: smallBombs() },
  { kind: 'frames of 2^63 bytes', units: 100_000, quick: 600, pieces: hugeLengths() },
  { kind: 'connections with an inflate window', units: 100_000, quick: 400, pieces: windows() },
  { kind: 'idle WebSocket connections', units: 150_000, quick: 600, pieces: idle() },
  { kind: 'unfinished frames and messages', units: 100_000, quick: 600, pieces: unfinished() },
  { kind: 'frames with everything wrong', units: 3000, quick: 30, pieces: violations() },
  { kind: 'empty frames', units: 5000, quick: 50, pieces: emptyFrames() },
  { kind: 'a message of empty fragments', units: 10_000, quick: 50, pieces: emptyFragments() },
]
