// What holds for every kind of packet: it is read, cut at any place it says so, and damaged it does no harm.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { toHex } from '../../src/base/bytes.ts'
import {
  decodePackets,
  PACKET_KINDS,
  PAYLOAD,
  SEGMENT,
  type Seen,
} from '../support/drivers/network-packets.ts'

test.each(PACKET_KINDS)(
  '$name: the TCP segment comes out, from inside a larger buffer',
  ({ bytes, linkType }) => {
    for (const around of [0x00, 0xff]) {
      const { segments, skipped, findings } = decodePackets([{ bytes, linkType, around }])
      expect(segments).toMatchObject([
        {
          sequence: 0xfffffff0,
          acknowledgment: 0x80000001,
          flags: 0x18,
          window: 4660,
          payload: toHex(PAYLOAD),
          cut: 0,
        },
      ])
      expect(segments[0]!.source).toMatch(/^(10\.0\.0\.1|192\.168\.7\.1|2001:db8::1) 40000$/)
      expect(segments[0]!.destination).toMatch(/^(10\.0\.0\.2|192\.168\.7\.2|2001:db8::2) 8765$/)
      expect(skipped).toEqual({})
      expect(findings).toEqual([])
    }
  },
)

test.each(PACKET_KINDS)(
  '$name, cut by a snapshot length, gives the front of the payload and how much is missing, or "truncated"',
  ({ bytes, linkType }) => {
    const start = indexOfSegment(bytes)
    for (let length = 0; length < bytes.length; length++) {
      const cut = bytes.subarray(0, length)
      const { segments, skipped, findings } = decodePackets([
        { bytes: cut, linkType, originalLength: bytes.length, around: 0x45 },
      ])
      if (length < start + 20) {
        expect(segments).toEqual([])
        expect(Object.keys(skipped)).toEqual([expect.stringMatching(/^truncated /)])
        expect(findings).toMatchObject([{ code: 'truncated-packet', firstPacket: 1 }])
      } else {
        const captured = Math.min(
          PAYLOAD.length,
          Math.max(0, length - start - (SEGMENT.length - PAYLOAD.length)),
        )
        expect(segments).toMatchObject([
          { payload: toHex(PAYLOAD, '', 0, captured), cut: PAYLOAD.length - captured, sequence: 0xfffffff0 },
        ])
        expect(skipped).toEqual({})
        expect(findings).toEqual([])
      }
    }
  },
)

test.each(PACKET_KINDS)(
  '$name, short on the wire itself, never gives more payload than there is',
  ({ bytes, linkType }) => {
    for (let length = 0; length < bytes.length; length++) {
      const { segments, skipped } = decodePackets([
        { bytes: bytes.subarray(0, length), linkType, around: 0x45 },
      ])
      expect(segments.length + sum(skipped)).toBe(1)
      for (const { payload } of segments) expect(toHex(PAYLOAD).startsWith(payload)).toBe(true)
    }
  },
)

test('a packet with damaged bytes throws nothing, is accounted for, and reads nothing outside itself', () => {
  const damage = fc.record({
    kind: fc.constantFrom(...PACKET_KINDS),
    flips: fc.array(fc.record({ at: fc.nat(), value: fc.nat(255) }), { maxLength: 6 }),
    length: fc.double({ min: 0, max: 1, noNaN: true }),
    extra: fc.nat(3000),
  })
  fc.assert(
    fc.property(damage, ({ kind, flips, length, extra }) => {
      const whole = Uint8Array.from(kind.bytes)
      for (const { at, value } of flips) whole[at % whole.length] = value
      const bytes = whole.subarray(0, Math.ceil(length * whole.length))
      const originalLength = bytes.length + extra
      checkAlike({ bytes, linkType: kind.linkType, originalLength })
    }),
    { numRuns: 4000 },
  )
})

test('random bytes under any link type throw nothing, are accounted for, and nothing outside them is read', () => {
  const linkTypes = [...new Set(PACKET_KINDS.map(({ linkType }) => linkType)), 147]
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 120 }), fc.constantFrom(...linkTypes), (bytes, linkType) => {
      checkAlike({ bytes, linkType, originalLength: bytes.length })
    }),
    { numRuns: 3000 },
  )
})

/** The same packet among zeros and among ones must come to the same; and to one thing: a segment or a reason (an A-MSDU may hold several segments). */
function checkAlike(packet: { bytes: Uint8Array; linkType: number; originalLength: number }): void {
  const before = toHex(packet.bytes)
  const among = [0x00, 0x45, 0xff].map((around) => decodePackets([{ ...packet, around }]))
  for (const seen of among) expect(outcome(seen)).toEqual(outcome(among[0]!))
  const { segments, skipped, budget } = among[0]!
  expect(sum(skipped)).toBe(segments.length > 0 ? 0 : 1)
  for (const { payload, cut } of segments) {
    expect(payload.length / 2).toBeLessThanOrEqual(packet.bytes.length)
    expect(cut).toBeGreaterThanOrEqual(0)
    expect(cut).toBeLessThan(2 ** 20)
  }
  expect(budget.held).toBe(0)
  expect(toHex(packet.bytes)).toBe(before)
}

const outcome = ({ segments, skipped, findings }: Seen) => ({ segments, skipped, findings })

const sum = (skipped: Record<string, number>): number => Object.values(skipped).reduce((a, b) => a + b, 0)

function indexOfSegment(bytes: Uint8Array): number {
  return toHex(bytes).indexOf(toHex(SEGMENT)) / 2
}
