// Hostile packets: headers without end, datagrams in pieces, nothing at all.
import { createGzip } from 'node:zlib'
import { concat } from '../../../src/base/bytes.ts'
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
} from '../../support/builders/packet-builder.ts'
import { type HostileCapture, noise, written } from '../captures.ts'
import { NO_PAYLOAD } from '../tape.ts'

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

export const PACKET_CAPTURES: readonly HostileCapture[] = [
  { kind: 'deep VLAN and tunnel stacks', units: 2000, quick: 100, pieces: deepStacks() },
  { kind: 'IP fragments', units: 300_000, quick: 10_000, pieces: fragments() },
  { kind: 'tiny descending IP fragments', units: 300_000, quick: 10_000, pieces: tinyFragments() },
  {
    kind: 'packets without a byte',
    units: 5_000_000,
    quick: 50_000,
    isUnreadable: true,
    pieces: zeroLength(),
  },
  {
    kind: 'the same, in gzip',
    units: 10_000_000,
    quick: 100_000,
    isUnreadable: true,
    pieces: gzipped(zeroLength()),
  },
]
