// Fragments of IPv4 and IPv6: any cut, order and number of copies gives the packet that was sent, and what never arrives costs a bounded amount.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { concat, toHex } from '../../src/base/bytes.ts'
import {
  counting,
  ethernet,
  hex,
  ipv4,
  ipv6,
  ipv6Extension,
  ipv6Fragment,
  Protocol,
  tcp,
  u8,
  udp,
  utf8,
  zeros,
} from '../support/builders/packet-builder.ts'
import { decodePackets, PAYLOAD, SEGMENT } from '../support/drivers/network-packets.ts'

interface Piece {
  family: 4 | 6
  payload: Uint8Array
  fragmentOffset: number
  moreFragments: boolean
  identification?: number
  protocol?: number
  source?: string
}

/** An Ethernet frame with one fragment. */
function fragment({ family, protocol = Protocol.tcp, source, ...fields }: Piece): Uint8Array {
  const from = source === undefined ? {} : { source }
  if (family === 4) return ethernet({ payload: ipv4({ ...from, ...fields, protocol }) })
  const payload = ipv6Fragment({ ...fields, nextHeader: protocol })
  return ethernet({ payload: ipv6({ ...from, nextHeader: Protocol.fragment, payload }) })
}

/** The payload cut at the offsets (multiples of 8), in order. */
function fragmentsOf(
  payload: Uint8Array,
  cuts: readonly number[],
  fields: Omit<Piece, 'payload' | 'fragmentOffset' | 'moreFragments'>,
) {
  const edges = [...new Set([0, ...cuts.filter((cut) => cut > 0 && cut < payload.length)])].sort(
    (a, b) => a - b,
  )
  return edges.map((start, i) => {
    const end = edges[i + 1] ?? payload.length
    const more = end < payload.length
    return fragment({
      ...fields,
      payload: payload.subarray(start, end),
      fragmentOffset: start,
      moreFragments: more,
    })
  })
}

const WHOLE = {
  payload: toHex(PAYLOAD),
  cut: 0,
  sequence: 0xfffffff0,
  source: expect.stringMatching(/ 40000$/),
}

describe.each([4, 6] as const)('fragments of IPv%i', (family) => {
  const timed = (bytes: Uint8Array, seconds: number) => ({ bytes, seconds })
  const pair = (identification: number, payload = SEGMENT) =>
    fragmentsOf(payload, [16], { family, identification })

  test('fragments give the segment with the number of the packet that completed it, wherever they are cut', () => {
    for (let cut = 8; cut < SEGMENT.length; cut += 8) {
      const { segments, skipped, budget } = decodePackets(fragmentsOf(SEGMENT, [cut], { family }))
      expect(segments).toMatchObject([{ ...WHOLE, packet: 2 }])
      expect(skipped).toEqual({})
      expect(budget.held).toBe(0)
    }
  })

  test('fragments give the segment in any order, with any copies, cut anywhere, and mixed with those of another datagram', () => {
    const cuts = fc
      .array(fc.integer({ min: 1, max: 24 }), { maxLength: 8 })
      .map((units) => units.map((unit) => unit * 8))
    fc.assert(
      fc.property(cuts, cuts, fc.infiniteStream(fc.nat()), (first, second, numbers) => {
        const other = tcp({ sequence: 5, payload: counting(150) })
        const one = fragmentsOf(SEGMENT, first, { family, identification: 1 })
        const two = fragmentsOf(other, second, { family, identification: 2 })
        const copies = [...one, ...two].filter(() => numbers.next().value % 3 === 0)
        const shuffled = [...one, ...two, ...copies]
          .map((bytes) => [numbers.next().value, bytes] as const)
          .sort(([a], [b]) => a - b)
          .map(([, bytes]) => timed(bytes, 10))
        const { segments, budget } = decodePackets(shuffled)
        const bySequence = new Map(segments.map((segment) => [segment.sequence, segment.payload]))
        // A datagram that was not cut at all is not a fragment, so each of its copies is a segment.
        expect(bySequence).toEqual(
          new Map([
            [0xfffffff0, toHex(PAYLOAD)],
            [5, toHex(counting(150))],
          ]),
        )
        if (one.length > 1 && two.length > 1) expect(segments).toHaveLength(2)
        expect(budget.held).toBe(0)
      }),
      { numRuns: 300 },
    )
  })

  test('fragments of 8 bytes each make 65 528 bytes, last first', () => {
    const payload = tcp({ payload: counting(65_528 - 20) })
    const cuts = Array.from({ length: payload.length / 8 }, (_, i) => 8 * i)
    const packets = fragmentsOf(payload, cuts, { family }).reverse()
    const { segments, budget } = decodePackets(packets)
    expect(segments).toMatchObject([{ packet: packets.length, payload: toHex(counting(65_508)) }])
    expect(budget.held).toBe(0)
  })

  test('fragments are told apart by identification and address', () => {
    const a = fragmentsOf(SEGMENT, [16], { family })
    const b = fragmentsOf(tcp({ sequence: 9, payload: utf8('other datagram') }), [16], {
      family,
      identification: 2,
    })
    const source = family === 4 ? '10.9.9.9' : '2001:db8::9'
    const c = fragmentsOf(tcp({ sequence: 7, payload: utf8('other address') }), [16], { family, source })
    const { segments } = decodePackets([a[0]!, b[0]!, c[0]!, c[1]!, b[1]!, a[1]!])
    expect(segments.map(({ sequence }) => sequence)).toEqual([7, 9, 0xfffffff0])
  })

  test('fragments that never become whole are counted when the capture ends', () => {
    const { segments, skipped, budget } = decodePackets([pair(1)[0]!, pair(2)[1]!, pair(2)[1]!])
    expect(segments).toEqual([])
    expect(skipped).toEqual({ [`IPv${family} fragment never completed`]: 3 })
    expect(budget.held).toBe(0)
  })

  test('fragments wait for thirty seconds of capture time and no longer', () => {
    const [first, last] = pair(1) as [Uint8Array, Uint8Array]
    expect(decodePackets([timed(first, 100), timed(last, 129.9)]).segments).toHaveLength(1)
    const late = decodePackets([timed(first, 100), timed(last, 130.1)])
    expect(late.segments).toEqual([])
    expect(late.skipped).toEqual({ [`IPv${family} fragment never completed`]: 2 })
    expect(decodePackets([timed(first, 100), timed(last, 102)], { fragmentSeconds: 1 }).segments).toEqual([])
  })

  test('fragments beyond the limit on datagrams push out the oldest, and one finding says so', () => {
    const firsts = Array.from({ length: 6 }, (_, i) => pair(i)[0]!)
    const lasts = Array.from({ length: 6 }, (_, i) => pair(i)[1]!)
    const { segments, findings, skipped, budget } = decodePackets([...firsts, ...lasts.slice(2)], {
      fragments: 4,
    })
    expect(segments).toHaveLength(4)
    expect(findings).toMatchObject([{ code: 'limit-reached', firstPacket: 5 }])
    expect(skipped).toEqual({ [`IPv${family} fragment never completed`]: 2 })
    expect(budget.held).toBe(0)
  })

  test('fragments beyond the limit on bytes push out the oldest, and one datagram over the limit gives up itself', () => {
    const large = tcp({ sequence: 77, payload: counting(3000) })
    const big = (identification: number) => fragmentsOf(large, [2000], { family, identification })
    const { segments, findings, budget } = decodePackets([big(1)[0]!, big(2)[0]!, big(2)[1]!, big(1)[1]!], {
      waitingTotal: 8 * 4000,
    })
    expect(segments).toMatchObject([{ sequence: 77, packet: 3 }])
    expect(findings).toMatchObject([{ code: 'limit-reached', firstPacket: 2 }])
    expect(budget.held).toBe(0)
    const single = decodePackets(big(1), { waitingTotal: 8 * 1000 })
    expect(single.segments).toEqual([])
    expect(Object.values(single.skipped)).toEqual([2])
    expect(single.budget.held).toBe(0)
  })

  test('a flood of fragments without end is held within the budget, and charged for more than its bytes', () => {
    const tiny = Array.from({ length: 20_000 }, (_, i) =>
      fragment({
        family,
        payload: zeros(8),
        fragmentOffset: 16 * (i % 4000),
        moreFragments: true,
        identification: i >> 12,
      }),
    )
    const { skipped, findings, budget } = decodePackets(tiny, { waitingTotal: 8 * 500_000 })
    expect(findings).toMatchObject([{ code: 'limit-reached' }])
    expect(findings[0]!.firstPacket).toBeLessThan(2000)
    expect(Object.values(skipped)).toEqual([20_000])
    expect(budget.held).toBe(0)
  })

  test('fragments that come a second time after the datagram was whole do not wait for a third', () => {
    const [first, last] = pair(1) as [Uint8Array, Uint8Array]
    const other = tcp({ sequence: 9, payload: utf8('the identification is used again') })
    const again = fragmentsOf(other, [16], { family, identification: 1 }).map((bytes) => timed(bytes, 20))
    const twice = [first, first, last, last].map((bytes) => timed(bytes, 10))
    const { segments, skipped } = decodePackets([...twice, ...again])
    expect(segments.map(({ sequence, packet }) => [sequence, packet])).toEqual([
      [0xfffffff0, 3],
      [9, 6],
    ])
    expect(skipped).toEqual({ [`duplicate IPv${family} fragment`]: 1 })
  })

  test('an identification that is used again at once begins a new datagram, if its bytes are others', () => {
    const other = tcp({ sequence: 9, payload: utf8('the identification is used again, at once') })
    const packets = [pair(1), pair(1, other), pair(1)].flat().map((bytes, i) => timed(bytes, 10 + i / 1000))
    const { segments, skipped, budget } = decodePackets(packets)
    expect(segments.map(({ sequence, packet }) => [sequence, packet])).toEqual([
      [0xfffffff0, 2],
      [9, 4],
      [0xfffffff0, 6],
    ])
    expect(skipped).toEqual({})
    expect(budget.held).toBe(0)
  })

  test('each of two datagrams with one identification may come twice, as from two interfaces', () => {
    const other = tcp({ sequence: 9, payload: utf8('the identification is used again, at once') })
    const packets = [pair(1), pair(1, other)]
      .flat()
      .flatMap((bytes, i) => [timed(bytes, 10 + i / 1000), timed(bytes, 10 + i / 1000)])
    const { segments, skipped } = decodePackets(packets)
    expect(segments.map(({ sequence, packet }) => [sequence, packet])).toEqual([
      [0xfffffff0, 3],
      [9, 7],
    ])
    expect(skipped).toEqual({ [`duplicate IPv${family} fragment`]: 2 })
  })

  test('a new datagram may end with the same bytes as the one before, or be longer or shorter', () => {
    const filled = (sequence: number, length: number) => tcp({ sequence, payload: zeros(length) })
    const packets = [filled(1, 100), filled(2, 100), filled(3, 60), filled(4, 140)]
      .flatMap((payload) => fragmentsOf(payload, [24, 64], { family, identification: 1 }))
      .map((bytes, i) => timed(bytes, 10 + i / 1000))
    const { segments, skipped } = decodePackets(packets)
    expect(segments.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4])
    expect(skipped).toEqual({})
  })

  test('what the snapshot length cut off does not tell a copy from a new datagram', () => {
    const packets = pair(1).map((bytes) => timed(bytes, 10))
    const cut = packets.map(({ bytes, seconds }) => ({
      bytes: bytes.subarray(0, bytes.length - 3),
      originalLength: bytes.length,
      seconds,
    }))
    expect(decodePackets([...packets, ...cut]).skipped).toEqual({ [`duplicate IPv${family} fragment`]: 2 })
    expect(decodePackets([...cut, ...packets]).skipped).toMatchObject({
      [`duplicate IPv${family} fragment`]: 2,
    })
  })

  test('datagrams that are known to be whole make room for those that are not', () => {
    const large = tcp({ sequence: 77, payload: counting(3000) })
    const packets = [1, 2, 3, 4]
      .flatMap((identification) => fragmentsOf(large, [2000], { family, identification }))
      .map((bytes) => timed(bytes, 10))
    const { segments, findings, budget } = decodePackets(packets, { waitingTotal: 8 * 4200 })
    expect(segments).toHaveLength(4)
    expect(findings).toEqual([])
    expect(budget.held).toBe(0)
  })

  test('fragments that the snapshot length cut give the captured front, and the rest as cut', () => {
    const payload = tcp({ payload: counting(100) })
    const [first, second] = fragmentsOf(payload, [64], { family }) as [Uint8Array, Uint8Array]
    const snap = (bytes: Uint8Array, missing: number) => ({
      bytes: bytes.subarray(0, bytes.length - missing),
      originalLength: bytes.length,
    })
    expect(decodePackets([first, snap(second, 10)]).segments).toMatchObject([
      { payload: toHex(counting(90)), cut: 10 },
    ])
    expect(decodePackets([snap(first, 10), second]).segments).toMatchObject([
      { payload: toHex(counting(34)), cut: 66 },
    ])
    expect(decodePackets([snap(first, 50), second]).skipped).toEqual({ 'truncated TCP header': 2 })
  })

  test('fragments that contradict themselves or what came before do no harm', () => {
    const odd = fragment({ family, payload: zeros(9), fragmentOffset: 0, moreFragments: true })
    const empty = fragment({ family, payload: zeros(0), fragmentOffset: 8, moreFragments: true })
    const past = fragment({ family, payload: zeros(64), fragmentOffset: 65_528, moreFragments: false })
    expect(decodePackets([odd, empty, past])).toMatchObject({
      skipped: { [`malformed IPv${family} fragment`]: 3 },
      findings: [{ code: 'malformed-packet', firstPacket: 1 }],
    })
    const [first, last] = pair(1) as [Uint8Array, Uint8Array]
    const otherEnd = fragment({
      family,
      payload: zeros(4),
      fragmentOffset: 800,
      moreFragments: false,
      identification: 1,
    })
    const behindEnd = fragment({
      family,
      payload: zeros(8),
      fragmentOffset: 800,
      moreFragments: true,
      identification: 1,
    })
    const { segments } = decodePackets([last, otherEnd, behindEnd, first])
    expect(segments).toMatchObject([{ ...WHOLE, packet: 4 }])
  })

  test('fragments of something other than TCP are counted together under its name', () => {
    const payload = udp(1, 2, zeros(100))
    expect(decodePackets(fragmentsOf(payload, [48], { family, protocol: Protocol.udp })).skipped).toEqual({
      UDP: 2,
    })
  })

  test('fragments of a tunnel are put together before it is opened, and those inside it after that', () => {
    const inner = pair(9)
    const around = inner.flatMap((frame, i) =>
      fragmentsOf(udp(1, 4789, concat([hex('08 000000 000007 00'), frame])), [24], {
        family,
        protocol: Protocol.udp,
        identification: 20 + i,
      }),
    )
    const { segments, skipped } = decodePackets(around)
    expect(segments).toMatchObject([{ ...WHOLE, packet: 4 }])
    expect(skipped).toEqual({})
  })
})

describe('fragments that overlap', () => {
  const pieces = (
    family: 4 | 6,
    ranges: ReadonlyArray<readonly [start: number, end: number, fill?: number]>,
  ) =>
    ranges.map(([start, end, fill]) => {
      const payload = Uint8Array.from(SEGMENT.subarray(start, end))
      if (fill !== undefined) payload.fill(fill)
      return fragment({ family, payload, fragmentOffset: start, moreFragments: end < SEGMENT.length })
    })
  const end = SEGMENT.length

  test('the first copy wins in IPv4, byte for byte', () => {
    const { segments } = decodePackets(
      pieces(4, [
        [0, 40],
        [24, 56, 0xee],
        [16, 48, 0xdd],
        [56, end],
      ]),
    )
    const expected = Uint8Array.from(SEGMENT)
    expected.fill(0xee, 40, 56)
    expect(segments).toMatchObject([{ packet: 4, payload: toHex(expected, '', 32) }])
  })

  test('a fragment may fill several holes of IPv4 at once', () => {
    const { segments } = decodePackets(
      pieces(4, [
        [8, 16],
        [24, 32],
        [40, 48],
        [0, end],
      ]),
    )
    expect(segments).toMatchObject([{ ...WHOLE, packet: 4 }])
  })

  test('overlapping fragments drop the datagram in IPv6, with all that comes later (RFC 5722)', () => {
    const { segments, skipped, budget } = decodePackets(
      pieces(6, [
        [0, 40],
        [24, 56],
        [40, end],
        [0, 40],
      ]),
    )
    expect(segments).toEqual([])
    expect(skipped).toEqual({ 'overlapping IPv6 fragments': 4 })
    expect(budget.held).toBe(0)
  })

  test('an exact copy is not an overlap in IPv6, and one with other bytes is', () => {
    expect(
      decodePackets(
        pieces(6, [
          [0, 40],
          [0, 40],
          [40, end],
        ]),
      ).segments,
    ).toMatchObject([WHOLE])
    expect(
      decodePackets(
        pieces(6, [
          [0, 40],
          [0, 40, 0xee],
          [40, end],
        ]),
      ).segments,
    ).toEqual([])
  })
})

test('any fragments with any bytes end in segments and reasons, and give back all that they took', () => {
  const piece = fc.record({
    family: fc.constantFrom(4 as const, 6 as const),
    payload: fc.uint8Array({ maxLength: 40 }),
    fragmentOffset: fc.nat(12).map((unit) => unit * 8),
    moreFragments: fc.boolean(),
    identification: fc.nat(1),
    protocol: fc.constantFrom(
      Protocol.tcp,
      Protocol.ipv4,
      Protocol.gre,
      Protocol.fragment,
      Protocol.authentication,
    ),
  })
  fc.assert(
    fc.property(
      fc.array(piece, { maxLength: 30 }),
      fc.integer({ min: 1, max: 24_000 }),
      (list, waitingTotal) => {
        const { segments, skipped, budget, packets } = decodePackets(list.map(fragment), {
          waitingTotal,
          fragments: 2,
        })
        const counted = Object.values(skipped).reduce((a, b) => a + b, 0)
        expect(budget.held).toBe(0)
        expect(counted).toBeLessThanOrEqual(packets)
        if (segments.length === 0) expect(counted).toBe(packets)
      },
    ),
    { numRuns: 1500 },
  )
})

test('the header chain of IPv6 may go on after the fragment header', () => {
  const payload = ipv6Extension(Protocol.authentication, concat([u8(Protocol.tcp, 4), zeros(22), SEGMENT]))
  const packets = fragmentsOf(payload, [8, 24], { family: 6, protocol: Protocol.destination })
  expect(decodePackets(packets).segments).toMatchObject([WHOLE])
})
