// Hostile connections whose beginning was not captured: frames are looked for, and most bytes are none.
import { concat } from '../../../src/base/bytes.ts'
import { u8 } from '../../support/builders/packet-builder.ts'
import { type HostileCapture, noise, written } from '../captures.ts'

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

export const MIDSTREAM_CAPTURES: readonly HostileCapture[] = [
  { kind: 'noise without a handshake', units: 200_000, quick: 3000, pieces: midstreamNoise() },
  { kind: 'almost frames in one-byte segments', units: 200_000, quick: 3000, pieces: midstreamBytes() },
  { kind: 'TLS without its beginning', units: 100_000, quick: 2000, pieces: midstreamTls() },
]
