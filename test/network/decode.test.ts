import { describe, expect, test } from 'vitest'
import { concat, toHex } from '../../src/base/bytes.ts'
import { Budget, limitsWith } from '../../src/base/limits.ts'
import { NetworkDecoder } from '../../src/network/decode.ts'
import type { Segment } from '../../src/network/segment.ts'
import { TcpFlag } from '../../src/network/segment.ts'
import {
  counting,
  ethernet,
  hex,
  ipv4,
  ipv6,
  ipv6Extension,
  LinkType,
  Protocol,
  tcp,
  tcpPacket,
  u16,
  u32,
  udp,
  utf8,
  zeros,
} from '../support/builders/packet-builder.ts'
import {
  decodePackets,
  ieee80211,
  PAYLOAD,
  radiotap,
  SEGMENT,
  subframe,
} from '../support/drivers/network-packets.ts'

const SNAP = hex('aa aa 03 00 00 00 08 00')
const over = (protocol: number, payload: Uint8Array) => ethernet({ payload: ipv4({ protocol, payload }) })

describe('a decoded TCP segment', () => {
  test('a segment comes with every field of its headers', () => {
    const packet = tcpPacket({
      source: { address: '192.0.2.200', port: 65535 },
      destination: { address: '255.255.255.255', port: 1 },
      sequence: 0xffffffff,
      acknowledgment: 0xfedcba98,
      flags: TcpFlag.syn | TcpFlag.fin | TcpFlag.rst,
      window: 0xffff,
      payload: utf8('ab'),
    })
    expect(decodePackets([packet]).segments).toEqual([
      {
        packet: 1,
        source: '192.0.2.200 65535',
        destination: '255.255.255.255 1',
        sequence: 0xffffffff,
        acknowledgment: 0xfedcba98,
        flags: 0x07,
        window: 0xffff,
        payload: '6162',
        cut: 0,
      },
    ])
  })

  test('a segment leaves out the flags that nobody asks for (URG, ECE, CWR)', () => {
    expect(decodePackets([tcpPacket({ flags: 0xff })]).segments).toMatchObject([{ flags: 0x1f }])
  })

  test('a segment is one object, filled anew for each packet, with the words of a longer address cleared', () => {
    const seen: Segment[] = []
    const words: number[][] = []
    const decoder = new NetworkDecoder({ limits: limitsWith() }, new Budget(1), () => {}, {
      push(segment) {
        seen.push(segment)
        words.push([...segment.addresses])
      },
      end() {},
    })
    const six = { source: { address: '2001:db8::1', port: 1 }, destination: { address: 'fe80::1', port: 2 } }
    for (const bytes of [tcpPacket(six), tcpPacket()]) {
      const fields = { number: 1, time: undefined, linkType: 1, originalLength: bytes.length }
      decoder.push({ ...fields, bytes, start: 0, end: bytes.length })
    }
    expect(seen[0]).toBe(seen[1])
    expect(words).toEqual([
      [0x20010db8, 0, 0, 1, 0xfe800000 | 0, 0, 0, 1],
      [0, 0, 0, 0x0a000001, 0, 0, 0, 0x0a000002],
    ])
    expect(seen[1]!.family).toBe(4)
  })

  test('a segment carries the number and the very time of its packet', () => {
    const seen: Segment[] = []
    const next = { push: (segment: Segment) => seen.push(segment), end() {} }
    const decoder = new NetworkDecoder({ limits: limitsWith() }, new Budget(1), () => {}, next)
    const bytes = tcpPacket()
    const time = { seconds: 1, nanoseconds: 999_999_999 }
    decoder.push({
      number: 77,
      time,
      linkType: 1,
      bytes,
      start: 0,
      end: bytes.length,
      originalLength: bytes.length,
    })
    expect(seen[0]?.packet).toBe(77)
    expect(seen[0]?.time).toBe(time)
  })

  test('a packet without payload is a segment all the same', () => {
    expect(decodePackets([tcpPacket({ flags: TcpFlag.ack })]).segments).toMatchObject([
      { payload: '', cut: 0 },
    ])
  })
})

describe('where the payload ends', () => {
  test("Ethernet's padding after the IP packet is not payload", () => {
    const payload = ipv4({ payload: tcp({ payload: utf8('x') }) })
    const { segments } = decodePackets([ethernet({ payload, padding: 17 })])
    expect(segments).toMatchObject([{ payload: '78', cut: 0 }])
  })

  test.each([
    ['IPv4', ipv4({ payload: SEGMENT, totalLength: 0 })],
    ['IPv6', ipv6({ payload: SEGMENT, payloadLength: 0 })],
  ])('%s length 0, as segmentation offload leaves it, means the rest of the packet', (_, payload) => {
    const bytes = ethernet({ payload })
    expect(decodePackets([bytes]).segments).toMatchObject([{ payload: toHex(PAYLOAD), cut: 0 }])
    const cut = { bytes: bytes.subarray(0, bytes.length - 7), originalLength: bytes.length }
    expect(decodePackets([cut]).segments).toMatchObject([{ cut: 7 }])
  })

  test('IP length 0 followed by 70 000 bytes is one large segment', () => {
    const large = counting(70_000)
    const payload = ipv4({ payload: tcp({ payload: large }), totalLength: 0 })
    expect(decodePackets([ethernet({ payload })]).segments).toMatchObject([{ payload: toHex(large) }])
  })

  test('the frame check sequence that radiotap announces is not payload, even if the IP length is 0', () => {
    const msdu = concat([ieee80211(0, 1), SNAP, ipv4({ payload: SEGMENT, totalLength: 0 })])
    const bytes = concat([radiotap(0x10), msdu, u32(0xdeadbeef)])
    const { segments } = decodePackets([{ bytes, linkType: LinkType.radiotap }])
    expect(segments).toMatchObject([{ payload: toHex(PAYLOAD), cut: 0 }])
  })

  test('an IPv6 jumbogram is read up to what was captured', () => {
    const large = counting(66_000)
    const jumbo = concat([hex('06 00 c2 04'), u32(8 + 20 + large.length), tcp({ payload: large })])
    const payload = ipv6({ nextHeader: Protocol.hopByHop, payload: jumbo, payloadLength: 0 })
    expect(decodePackets([ethernet({ payload })]).segments).toMatchObject([{ payload: toHex(large) }])
  })

  test('an original length of 4 GiB with IP length 0 makes no hole of 4 GiB', () => {
    const bytes = ethernet({ payload: ipv4({ payload: SEGMENT, totalLength: 0 }) })
    const { segments } = decodePackets([{ bytes, originalLength: 0xfffffff0 }])
    expect(segments[0]!.cut).toBeLessThan(2 ** 20)
  })

  test("an IP length beyond the packet's end is reported once, and the packet is read as far as it goes", () => {
    const bytes = ethernet({ payload: ipv4({ payload: SEGMENT, totalLength: 1500 }) })
    const { segments, findings, skipped } = decodePackets([tcpPacket(), bytes, bytes])
    expect(segments.slice(1)).toMatchObject([
      { payload: toHex(PAYLOAD), cut: 0 },
      { payload: toHex(PAYLOAD), cut: 0 },
    ])
    expect(findings).toMatchObject([{ code: 'malformed-packet', firstPacket: 2 }])
    expect(skipped).toEqual({})
  })

  test('an IP length beyond the end of a tunnelled packet means that a mirror cut it: the rest is missing', () => {
    const inner = ipv4({ payload: SEGMENT, totalLength: 1500 })
    const { segments, findings } = decodePackets([over(Protocol.ipv4, inner)])
    expect(segments).toMatchObject([{ payload: toHex(PAYLOAD), cut: 1500 - inner.length }])
    expect(findings).toEqual([])
  })

  test('an original length below the captured one does not shorten the packet', () => {
    expect(
      decodePackets([{ bytes: tcpPacket({ payload: PAYLOAD }), originalLength: 3 }]).segments,
    ).toMatchObject([{ payload: toHex(PAYLOAD), cut: 0 }])
  })
})

describe('packets that are not TCP', () => {
  test.each<[reason: string, bytes: Uint8Array, linkType?: number]>([
    ['UDP', over(Protocol.udp, udp(53, 53, zeros(30)))],
    ['ICMP', over(Protocol.icmp, concat([hex('03 03 0000 00000000'), ipv4({ payload: SEGMENT })]))],
    ['ICMPv6', ethernet({ payload: ipv6({ nextHeader: Protocol.icmpv6, payload: zeros(16) }) })],
    [
      'ICMPv6',
      ethernet({ payload: ipv6({ nextHeader: 0, payload: ipv6Extension(Protocol.icmpv6, zeros(16)) }) }),
    ],
    ['unknown IP protocol 253', over(253, zeros(30))],
    ['IPv6 no next header', ethernet({ payload: ipv6({ nextHeader: Protocol.noNext, payload: zeros(0) }) })],
    ['ARP', ethernet({ etherType: 0x0806, payload: zeros(46) })],
    ['LLDP', ethernet({ etherType: 0x88cc, payload: zeros(46) })],
    ['unknown EtherType 0x88b5', ethernet({ etherType: 0x88b5, payload: zeros(46) })],
    ['STP', ethernet({ etherType: 38, payload: concat([hex('42 42 03'), zeros(43)]) })],
    ['LLC', ethernet({ etherType: 46, payload: concat([hex('e0 e0 03'), zeros(43)]) })],
    ['LLC', ethernet({ etherType: 46, payload: concat([hex('aa aa 03 00 00 0c 20 00'), zeros(38)]) })],
    ['PPP protocol 0xc021', hex('ff 03 c0 21 09 00 00 08 00 00 00 00'), LinkType.ppp],
    ['unknown address family', hex('07 00 00 00 45 00'), LinkType.null],
    ['802.11 management', hex('80 00 0000 ffffffffffff'), LinkType.ieee80211],
    ['802.11 control', hex('d4 00 0000 020000000001'), LinkType.ieee80211],
    ['802.11 null data', ieee80211(4, 1), LinkType.ieee80211],
    ['802.11 encrypted', concat([ieee80211(0, 0x41), zeros(60)]), LinkType.ieee80211],
    ['802.11 fragment', concat([ieee80211(0, 0x05), SNAP, ipv4({ payload: SEGMENT })]), LinkType.ieee80211],
    ['802.11 bad frame check sequence', concat([radiotap(0x50), zeros(60)]), LinkType.radiotap],
    ['GRE version 1', over(Protocol.gre, hex('3001 880b 0000 0000 00000000'))],
    ['GRE with routing', over(Protocol.gre, hex('4000 0800 0000 0000 00000000'))],
    ['VXLAN (UDP 4789)', over(Protocol.udp, udp(9, 4789, concat([hex('00 000000 000007 00'), zeros(40)])))],
    [
      'VXLAN-GPE (UDP 4790)',
      over(Protocol.udp, udp(9, 4790, concat([hex('0c 0000 07 000007 00'), zeros(40)]))),
    ],
  ])('a packet counts as skipped: %s', (reason, bytes, linkType = LinkType.ethernet) => {
    const { segments, skipped, findings } = decodePackets([{ bytes, linkType }])
    expect(skipped).toEqual({ [reason]: 1 })
    expect(segments).toEqual([])
    expect(findings).toEqual([])
  })

  test('a header that contradicts itself is counted each time, and reported once for its kind', () => {
    const shortHeader = ethernet({ payload: concat([hex('44'), ipv4({ payload: SEGMENT }).subarray(1)]) })
    const lengthBelowHeader = ethernet({ payload: ipv4({ payload: SEGMENT, totalLength: 19 }) })
    const noVersion = ethernet({ etherType: 0x0800, payload: zeros(60) })
    const wrongOffset = Uint8Array.from(SEGMENT)
    wrongOffset[12] = 0x40
    const farOffset = tcp()
    farOffset[12] = 0xf0
    const packets = [
      shortHeader,
      lengthBelowHeader,
      noVersion,
      ...[wrongOffset, farOffset].map((s) => over(6, s)),
    ]
    const { skipped, findings, segments } = decodePackets(packets)
    expect(skipped).toEqual({
      'malformed IPv4 header': 2,
      'malformed IP header': 1,
      'malformed TCP header': 2,
    })
    expect(findings.map(({ code, firstPacket }) => [code, firstPacket])).toEqual([
      ['malformed-packet', 1],
      ['malformed-packet', 3],
      ['malformed-packet', 4],
    ])
    expect(segments).toEqual([])
  })

  test('an unsupported link type is reported once, and its packets are counted', () => {
    const packets = [147, 1, 147, 148].map((linkType) => ({ bytes: tcpPacket(), linkType }))
    const { skipped, findings, segments, linkTypes } = decodePackets(packets)
    expect(skipped).toEqual({ 'unsupported link type USER0': 2, 'unsupported link type USER1': 1 })
    expect(findings.map(({ code, firstPacket }) => [code, firstPacket])).toEqual([
      ['unsupported-link-type', 1],
      ['unsupported-link-type', 4],
    ])
    expect(segments).toHaveLength(1)
    expect(linkTypes).toEqual(['USER0', 'EN10MB', 'USER1'])
  })

  test('a capture that invents reasons gets no more than a few hundred of them', () => {
    const packets = Array.from({ length: 5000 }, (_, i) =>
      ethernet({ etherType: 0x1000 + i, payload: zeros(46) }),
    )
    const { skipped } = decodePackets(packets)
    expect(Object.keys(skipped).length).toBeLessThan(300)
    expect(Object.values(skipped).reduce((a, b) => a + b, 0)).toBe(5000)
  })
})

describe('tunnels whose inside is not read', () => {
  const sealed = zeros(60)
  test.each<[tunnel: string, bytes: Uint8Array, linkType?: number]>([
    ['ESP', over(50, sealed)],
    ['ESP (UDP 4500)', over(Protocol.udp, udp(4500, 4500, concat([u32(7), u32(1), sealed])))],
    ['WireGuard (UDP 51820)', over(Protocol.udp, udp(40000, 51820, concat([hex('04 000000'), sealed])))],
    ['MACsec', ethernet({ etherType: 0x88e5, payload: concat([hex('0c 00 00000001'), sealed]) })],
    ['CAPWAP (UDP 5247)', over(Protocol.udp, udp(40000, 5247, concat([hex('01 000000'), sealed])))],
    ['compressed PPP', concat([hex('ff 03 00 fd'), sealed]), LinkType.ppp],
  ])('%s is named, and told once', (tunnel, bytes, linkType = LinkType.ethernet) => {
    const { segments, skipped, findings } = decodePackets([
      { bytes, linkType },
      { bytes, linkType },
    ])
    expect(segments).toEqual([])
    expect(skipped).toEqual({ [tunnel]: 2 })
    expect(findings).toMatchObject([{ code: 'tunnel-not-read', firstPacket: 1, values: { tunnel } }])
  })

  test.each<[reason: string, payload: Uint8Array]>([
    ['IKE', udp(4500, 4500, concat([u32(0), sealed]))],
    ['UDP', udp(53, 51820, concat([hex('8180 0001 0001'), sealed]))],
    ['GTP-U (UDP 2152)', udp(2152, 2152, hex('32 01 0004 00000000 0001 0000'))],
    ['TZSP (UDP 37008)', udp(40000, 37008, hex('01 04 0000'))],
    ['L2TP control', udp(1701, 1701, hex('c802 000c 0000 0000 0000 0000'))],
  ])('%s is skipped without a finding, since it carries no packet', (reason, payload) => {
    const { skipped, findings } = decodePackets([over(Protocol.udp, payload)])
    expect(skipped).toEqual({ [reason]: 1 })
    expect(findings).toEqual([])
  })

  test('QUIC is named by its long header on any port, by its short one on port 443, and told once', () => {
    const long = (version: string) => udp(40000, 8443, concat([hex(`c3 ${version}`), sealed]))
    const short = udp(443, 40000, concat([hex('45'), sealed]))
    const packets = [long('00000001'), long('6b3343cf'), long('ff00001d'), short]
    const { skipped, findings } = decodePackets(packets.map((packet) => over(Protocol.udp, packet)))
    expect(skipped).toEqual({ QUIC: 4 })
    expect(findings).toMatchObject([{ code: 'quic-not-read', firstPacket: 1 }])
  })

  test('what is not QUIC is UDP: another port, another version, too few bytes', () => {
    const packets = [
      udp(40000, 40001, concat([hex('45'), sealed])),
      udp(40000, 443, concat([hex('c3 12345678'), sealed])),
      udp(40000, 443, hex('45')),
    ]
    const { skipped, findings } = decodePackets(packets.map((packet) => over(Protocol.udp, packet)))
    expect(skipped).toEqual({ UDP: 3 })
    expect(findings).toEqual([])
  })
})

describe('labels and sessions that do not say what they carry', () => {
  test.each([
    ['MPLS', 0x8847, hex('00064140')],
    ['MPLS', 0x8847, hex('00064140 10000000')],
  ])('%s with nothing known inside is skipped under its name', (reason, etherType, header) => {
    const { skipped } = decodePackets([ethernet({ etherType, payload: concat([header, zeros(80)]) })])
    expect(skipped).toEqual({ [reason]: 1 })
  })

  test('a frame whose first address begins as IPv4 does is still Ethernet', () => {
    const frame = ethernet({ payload: ipv4({ payload: SEGMENT }) })
    frame.set(hex('45 00 00 01 02 03'))
    const payload = concat([hex('00064140'), frame])
    expect(decodePackets([ethernet({ etherType: 0x8847, payload })]).segments).toHaveLength(1)
  })
})

describe('what announces an IP packet in more than one way', () => {
  test.each([2, 10, 23, 24, 28, 30])(
    'NULL with the address family %i is read in both byte orders',
    (family) => {
      const packet = ipv6({ payload: SEGMENT })
      const packets = [u32(family), u32(family).reverse()].map((word) => ({
        bytes: concat([word, packet]),
        linkType: LinkType.null,
      }))
      expect(decodePackets(packets).segments).toHaveLength(2)
    },
  )

  test('VXLAN-GPE without the P flag holds Ethernet, whatever its protocol byte says', () => {
    const inner = tcpPacket({ payload: PAYLOAD })
    const payload = udp(9, 4790, concat([hex('08 0000 01 000007 00'), inner]))
    expect(decodePackets([over(Protocol.udp, payload)]).segments).toMatchObject([{ payload: toHex(PAYLOAD) }])
  })
})

describe('the totals of a capture', () => {
  test('packets and captured bytes are counted, and link types named as tcpdump does, in the order of their first packets', () => {
    const bytes = zeros(30)
    const given = [113, 1, 276, 0, 108, 101, 12, 228, 229, 9, 105, 127, 1].map((linkType) => ({
      bytes,
      linkType,
    }))
    const { packets, bytes: captured, linkTypes } = decodePackets(given)
    expect([packets, captured]).toEqual([13, 390])
    expect(linkTypes.join(' ')).toBe(
      'LINUX_SLL EN10MB LINUX_SLL2 NULL LOOP RAW IPV4 IPV6 PPP IEEE802_11 IEEE802_11_RADIO',
    )
  })
})

describe('nested headers', () => {
  const nested = (depth: number): Uint8Array => {
    let packet = ipv4({ payload: SEGMENT })
    for (let i = 1; i < depth; i++) packet = ipv4({ protocol: Protocol.ipv4, payload: packet })
    return ethernet({ payload: packet })
  }

  test('nesting is followed through sixteen IP headers and no further', () => {
    expect(decodePackets([nested(16)]).segments).toHaveLength(1)
    expect(decodePackets([nested(17)])).toMatchObject({
      segments: [],
      skipped: { 'tunnels nested too deep': 1 },
    })
  })

  test('100 000 VLAN tags or extension headers overflow no stack', () => {
    const tags = Array.from({ length: 100_000 }, () => [0x8100, 1] as const)
    expect(decodePackets([ethernet({ tags, payload: ipv4({ payload: SEGMENT }) })]).segments).toHaveLength(1)
    const headers = new Uint8Array(8 * 100_000)
    const payload = ipv6({ nextHeader: 60, payload: headers.fill(60), payloadLength: 0 })
    expect(decodePackets([ethernet({ payload })]).segments).toEqual([])
  })
})

describe('an A-MSDU of 802.11', () => {
  const header = ieee80211(8, 0x02, hex('80 00'))
  const msdu = (sequence: number, text: string) =>
    concat([SNAP, ipv4({ payload: tcp({ sequence, payload: utf8(text) }) })])

  test('an A-MSDU may hold several segments in one packet', () => {
    const bytes = concat([
      header,
      subframe(msdu(1, 'a')),
      subframe(msdu(2, 'bc')),
      subframe(msdu(4, 'def'), true),
    ])
    const { segments, skipped } = decodePackets([{ bytes, linkType: LinkType.ieee80211 }])
    expect(segments.map(({ packet, sequence, payload }) => [packet, sequence, payload])).toEqual([
      [1, 1, '61'],
      [1, 2, '6263'],
      [1, 4, '646566'],
    ])
    expect(skipped).toEqual({})
  })

  test('an A-MSDU counts as skipped only if no subframe holds TCP', () => {
    const arp = concat([hex('aa aa 03 00 00 00 08 06'), zeros(28)])
    const mixed = concat([header, subframe(arp), subframe(msdu(1, 'a'), true)])
    const none = concat([header, subframe(arp), subframe(arp, true)])
    const packets = [mixed, none].map((bytes) => ({ bytes, linkType: LinkType.ieee80211 }))
    const { segments, skipped } = decodePackets(packets)
    expect(segments).toHaveLength(1)
    expect(skipped).toEqual({ ARP: 1 })
  })

  test('an A-MSDU ends at a subframe that announces more than there is', () => {
    const bytes = concat([header, zeros(12), u16(9000), msdu(1, 'a')])
    expect(decodePackets([{ bytes, linkType: LinkType.ieee80211 }]).segments).toHaveLength(1)
  })
})
