// Runs packets through the network decoder and collects what comes out. Also has one packet of every kind that the decoder reads,
// for the tests that hold for all of them.
import { concat, toHex } from '../../../src/base/bytes.ts'
import type { FindingEvent } from '../../../src/base/findings.ts'
import { Budget, type Limits, limitsWith } from '../../../src/base/limits.ts'
import type { Packet } from '../../../src/capture/packet.ts'
import { formatAddress } from '../../../src/network/addresses.ts'
import { NetworkDecoder } from '../../../src/network/decode.ts'
import type { TunnelPort } from '../../../src/network/udp-tunnels.ts'
import {
  counting,
  ethernet,
  hex,
  ipv4,
  ipv6,
  ipv6Extension,
  ipv6Fragment,
  LinkType,
  MAC_A,
  MAC_B,
  Protocol,
  tcp,
  u8,
  u16,
  u32,
  udp,
  zeros,
} from '../builders/packet-builder.ts'
import { linkPackets, tunnelPackets } from '../builders/tunnel-packets.ts'

/** A segment as text and numbers, to compare. */
export interface SeenSegment {
  packet: number
  source: string
  destination: string
  sequence: number
  acknowledgment: number
  flags: number
  window: number
  /** Hex. */
  payload: string
  cut: number
}

/** What came out of the decoder. */
export interface Seen {
  segments: SeenSegment[]
  skipped: Record<string, number>
  findings: FindingEvent[]
  linkTypes: readonly string[]
  packets: number
  bytes: number
  budget: Budget
}

/** A packet, and how it was captured. Ethernet unless given. */
export interface GivenPacket {
  bytes: Uint8Array
  linkType?: number
  originalLength?: number
  /** Capture time in seconds; none unless given. */
  seconds?: number
  /** The packet lies in a larger buffer of bytes of this value: code that reads outside the packet sees them. */
  around?: number
}

/** Everything that comes of the packets, numbered from 1. Plain bytes are Ethernet frames. */
export function decodePackets(
  given: ReadonlyArray<Uint8Array | GivenPacket>,
  changed: Partial<Limits> = {},
  tunnelPorts: readonly TunnelPort[] = [],
): Seen {
  const limits = limitsWith(changed)
  const budget = new Budget(limits.waitingTotal)
  const findings: FindingEvent[] = []
  const segments: SeenSegment[] = []
  const decoder = new NetworkDecoder({ limits, tunnelPorts }, budget, (finding) => findings.push(finding), {
    push({ family, addresses, sourcePort, destinationPort, bytes, start, end, ...fields }) {
      segments.push({
        packet: fields.packet,
        source: `${formatAddress(family, addresses, 0)} ${sourcePort}`,
        destination: `${formatAddress(family, addresses, 4)} ${destinationPort}`,
        sequence: fields.sequence,
        acknowledgment: fields.acknowledgment,
        flags: fields.flags,
        window: fields.window,
        payload: toHex(bytes, '', start, end),
        cut: fields.cut,
      })
    },
    end() {
      throw new Error('the decoder does not end the next stage')
    },
  })
  given.forEach((item, index) => {
    decoder.push(packetOf(item instanceof Uint8Array ? { bytes: item } : item, index + 1))
  })
  decoder.end()
  const { linkTypes, packets, bytes } = decoder
  return {
    segments,
    skipped: Object.fromEntries(decoder.skipped),
    findings,
    linkTypes,
    packets,
    bytes,
    budget,
  }
}

function packetOf(given: GivenPacket, number: number): Packet {
  const { bytes, linkType = LinkType.ethernet, originalLength = bytes.length, seconds, around = 0 } = given
  const buffer = new Uint8Array(bytes.length + 2 * MARGIN).fill(around)
  buffer.set(bytes, MARGIN)
  const whole = Math.floor(seconds ?? 0)
  const time =
    seconds === undefined ? undefined : { seconds: whole, nanoseconds: Math.round((seconds - whole) * 1e9) }
  return { number, time, linkType, bytes: buffer, start: MARGIN, end: MARGIN + bytes.length, originalLength }
}

const MARGIN = 64

/** A packet of one kind; all of them hold `SEGMENT`. */
export interface PacketKind {
  name: string
  linkType: number
  bytes: Uint8Array
}

export const PAYLOAD: Uint8Array = counting(37, 3)

/** The TCP segment that every kind carries. */
export const SEGMENT: Uint8Array = tcp({
  sequence: 0xfffffff0,
  acknowledgment: 0x80000001,
  window: 4660,
  options: hex('01 01 08 0a 00000001 00000002'),
  payload: PAYLOAD,
})

const V4 = ipv4({ payload: SEGMENT })
const V6 = ipv6({ payload: SEGMENT })
const INNER = ethernet({
  payload: ipv4({ source: '192.168.7.1', destination: '192.168.7.2', payload: SEGMENT }),
})
const OUTER_4 = { source: '172.16.0.1', destination: '172.16.0.2' }
const OUTER_6 = { source: 'fd00::1', destination: 'fd00::2' }
const SNAP = hex('aa aa 03 00 00 00 08 00')

const overEthernet = (payload: Uint8Array): Uint8Array => ethernet({ payload })
const gre = (flags: number, type: number, fields: Uint8Array, payload: Uint8Array): Uint8Array =>
  overEthernet(
    ipv4({ ...OUTER_4, protocol: Protocol.gre, payload: concat([u16(flags), u16(type), fields, payload]) }),
  )
const overUdp = (port: number, header: Uint8Array, payload: Uint8Array): Uint8Array =>
  overEthernet(
    ipv4({ ...OUTER_4, protocol: Protocol.udp, payload: udp(50000, port, concat([header, payload])) }),
  )

/** An 802.11 data frame's MAC header: subtype and flags as in the frame control field. */
export function ieee80211(subtype: number, flags: number, tail: Uint8Array = zeros(0)): Uint8Array {
  const control = u8((subtype << 4) | 0x08, flags)
  return concat([control, u16(0), MAC_B, MAC_A, hex('02 00 00 00 00 0c'), u16(0), tail])
}

/** A subframe of an A-MSDU, padded to four bytes unless it is the last. */
export function subframe(msdu: Uint8Array, isLast = false): Uint8Array {
  const length = 14 + msdu.length
  const padding = isLast ? 0 : (4 - (length % 4)) % 4
  return concat([MAC_B, MAC_A, u16(msdu.length), msdu, zeros(padding)])
}

/** A radiotap header with TSFT and Flags. */
export function radiotap(flags: number): Uint8Array {
  return concat([hex('00 00 11 00 03 00 00 00'), zeros(8), u8(flags)])
}

const INSIDE = { v4: V4, v6: V6, frame: INNER, wireless: concat([ieee80211(0, 0x01), SNAP, V4]) }

const kind = (linkType: number, name: string, bytes: Uint8Array): PacketKind => ({ name, linkType, bytes })
const { ethernet: EN10MB } = LinkType

/** One packet of every kind, each with `SEGMENT` inside. */
export const PACKET_KINDS: readonly PacketKind[] = [
  kind(EN10MB, 'Ethernet, IPv4', overEthernet(V4)),
  kind(EN10MB, 'Ethernet, IPv6', overEthernet(V6)),
  kind(
    EN10MB,
    'IPv4 options',
    overEthernet(ipv4({ options: hex('94 04 00 00 01 01 01 00'), payload: SEGMENT })),
  ),
  kind(EN10MB, 'an 802.1Q tag', ethernet({ tags: [[0x8100, 7]], payload: V4 })),
  kind(
    EN10MB,
    'QinQ',
    ethernet({
      tags: [
        [0x88a8, 7],
        [0x8100, 8],
      ],
      payload: V6,
    }),
  ),
  kind(
    EN10MB,
    'old QinQ',
    ethernet({
      tags: [
        [0x9100, 7],
        [0x8100, 8],
      ],
      payload: V4,
    }),
  ),
  kind(
    EN10MB,
    'ten VLAN tags',
    ethernet({ tags: Array.from({ length: 10 }, (_, i) => [0x8100, i] as const), payload: V4 }),
  ),
  kind(EN10MB, '802.3 with SNAP', ethernet({ etherType: 8 + V4.length, payload: concat([SNAP, V4]) })),
  kind(
    EN10MB,
    'PPPoE',
    ethernet({
      etherType: 0x8864,
      payload: concat([hex('11 00 00 01'), u16(V4.length + 2), hex('00 21'), V4]),
    }),
  ),
  kind(
    EN10MB,
    'IPv6 extension headers',
    overEthernet(
      ipv6({
        nextHeader: Protocol.hopByHop,
        payload: ipv6Extension(Protocol.destination, ipv6Extension(Protocol.tcp, SEGMENT, 16)),
      }),
    ),
  ),
  kind(
    EN10MB,
    'an IPv6 routing header',
    overEthernet(
      ipv6({
        nextHeader: Protocol.routing,
        payload: concat([u8(Protocol.tcp, 2, 4, 0, 0, 0, 0, 0), zeros(16), SEGMENT]),
      }),
    ),
  ),
  kind(
    EN10MB,
    'an authentication header in IPv6',
    overEthernet(
      ipv6({
        nextHeader: Protocol.authentication,
        payload: concat([u8(Protocol.tcp, 4), u16(0), u32(1), u32(1), zeros(12), SEGMENT]),
      }),
    ),
  ),
  kind(
    EN10MB,
    'an authentication header in IPv4',
    overEthernet(
      ipv4({
        protocol: Protocol.authentication,
        payload: concat([u8(Protocol.tcp, 4), u16(0), u32(1), u32(1), zeros(12), SEGMENT]),
      }),
    ),
  ),
  kind(
    EN10MB,
    'an IPv6 fragment header on a whole packet',
    overEthernet(
      ipv6({
        nextHeader: Protocol.fragment,
        payload: ipv6Fragment({ payload: SEGMENT }),
      }),
    ),
  ),
  kind(LinkType.null, 'NULL, little-endian', concat([hex('02 00 00 00'), V4])),
  kind(LinkType.null, 'NULL, big-endian', concat([hex('00 00 00 02'), V4])),
  kind(LinkType.null, 'NULL, IPv6 on macOS', concat([hex('1e 00 00 00'), V6])),
  kind(LinkType.loop, 'LOOP', concat([hex('00 00 00 02'), V4])),
  kind(LinkType.loop, 'LOOP, IPv6', concat([hex('00 00 00 18'), V6])),
  kind(LinkType.raw, 'RAW, IPv4', V4),
  kind(LinkType.raw, 'RAW, IPv6', V6),
  kind(LinkType.rawOld, 'RAW by its old number', V4),
  kind(LinkType.ipv4, 'IPV4', V4),
  kind(LinkType.ipv6, 'IPV6', V6),
  kind(LinkType.linuxSll, 'LINUX_SLL', concat([hex('0000 0001 0006 0200000000aa 0000 0800'), V4])),
  kind(
    LinkType.linuxSll,
    'LINUX_SLL with a VLAN tag',
    concat([hex('0000 0001 0006 0200000000aa 0000 8100 0007 86dd'), V6]),
  ),
  kind(
    LinkType.linuxSll2,
    'LINUX_SLL2',
    concat([hex('86dd 0000 00000002 0001 00 06 0200000000aa 0000'), V6]),
  ),
  kind(LinkType.ppp, 'PPP', concat([hex('00 21'), V4])),
  kind(LinkType.ppp, 'PPP with address and control', concat([hex('ff 03 00 57'), V6])),
  kind(LinkType.ppp, 'PPP with a compressed protocol', concat([hex('21'), V4])),
  kind(LinkType.pppHdlc, 'PPP in HDLC', concat([hex('ff 03 00 21'), V4])),
  kind(LinkType.pppHdlc, 'Cisco HDLC', concat([hex('0f 00 08 00'), V4])),
  kind(LinkType.ieee80211, '802.11 data', concat([ieee80211(0, 0x01), SNAP, V4])),
  kind(LinkType.ieee80211, '802.11 with QoS', concat([ieee80211(8, 0x02, u16(0)), SNAP, V4])),
  kind(
    LinkType.ieee80211,
    '802.11 with four addresses',
    concat([ieee80211(8, 0x03, concat([MAC_A, u16(0)])), SNAP, V4]),
  ),
  kind(
    LinkType.ieee80211,
    '802.11 with HT control',
    concat([ieee80211(8, 0x82, concat([u16(0), u32(0)])), SNAP, V4]),
  ),
  kind(
    LinkType.ieee80211,
    '802.11 with one subframe',
    concat([ieee80211(8, 0x02, hex('80 00')), subframe(concat([SNAP, V4]), true)]),
  ),
  kind(LinkType.radiotap, 'radiotap', concat([radiotap(0), ieee80211(0, 0x01), SNAP, V4])),
  kind(
    LinkType.radiotap,
    'radiotap with a frame check sequence',
    concat([radiotap(0x10), ieee80211(8, 0x01, u16(0)), SNAP, V4, u32(0)]),
  ),
  kind(
    LinkType.radiotap,
    'radiotap with padding',
    concat([radiotap(0x20), ieee80211(8, 0x01, u32(0)), SNAP, V4]),
  ),
  kind(
    LinkType.radiotap,
    'radiotap with more presence words',
    concat([
      hex('00 00 19 00 03 00 00 a0 00 00 00 20'),
      zeros(4),
      zeros(8),
      u8(0x10),
      ieee80211(0, 0x01),
      SNAP,
      V4,
      u32(0),
    ]),
  ),
  kind(EN10MB, 'GRE', gre(0, 0x0800, zeros(0), V4)),
  kind(EN10MB, 'GRE with checksum, key and sequence number', gre(0xb000, 0x86dd, zeros(12), V6)),
  kind(EN10MB, 'GRE with Ethernet', gre(0x2000, 0x6558, u32(5), INNER)),
  kind(EN10MB, 'ERSPAN type I', gre(0, 0x88be, zeros(0), INNER)),
  kind(
    EN10MB,
    'ERSPAN type II',
    gre(0x1000, 0x88be, concat([u32(1), hex('10 07 00 01 00 00 00 00')]), INNER),
  ),
  kind(
    EN10MB,
    'ERSPAN type III',
    gre(0x1000, 0x22eb, concat([u32(1), hex('20 07 00 01 00000000 0000 0000')]), INNER),
  ),
  kind(
    EN10MB,
    'ERSPAN type III with a platform header',
    gre(0x1000, 0x22eb, concat([u32(1), hex('20 07 00 01 00000000 0000 0001'), zeros(8)]), INNER),
  ),
  kind(EN10MB, 'IPv4 in IPv4', overEthernet(ipv4({ ...OUTER_4, protocol: Protocol.ipv4, payload: V4 }))),
  kind(EN10MB, 'IPv6 in IPv4', overEthernet(ipv4({ ...OUTER_4, protocol: Protocol.ipv6, payload: V6 }))),
  kind(EN10MB, 'IPv4 in IPv6', overEthernet(ipv6({ ...OUTER_6, nextHeader: Protocol.ipv4, payload: V4 }))),
  kind(EN10MB, 'IPv6 in IPv6', overEthernet(ipv6({ ...OUTER_6, nextHeader: Protocol.ipv6, payload: V6 }))),
  kind(EN10MB, 'VXLAN', overUdp(4789, hex('08 000000 000007 00'), INNER)),
  kind(EN10MB, 'VXLAN on the old port of Linux', overUdp(8472, hex('08 000000 000007 00'), INNER)),
  kind(EN10MB, 'VXLAN-GPE with IPv4', overUdp(4790, hex('0c 0000 01 000007 00'), V4)),
  kind(EN10MB, 'GENEVE', overUdp(6081, hex('00 00 6558 000007 00'), INNER)),
  kind(
    EN10MB,
    'GENEVE with options and IPv6',
    overUdp(6081, hex('02 00 86dd 000007 00 0108 01 01 00000000'), V6),
  ),
  kind(
    EN10MB,
    'VXLAN in GRE in IPv6',
    overEthernet(
      ipv6({
        ...OUTER_6,
        nextHeader: Protocol.gre,
        payload: concat([hex('0000 6558'), overUdp(4789, hex('08 000000 000007 00'), INNER)]),
      }),
    ),
  ),
  ...linkPackets(INSIDE),
  ...tunnelPackets(INSIDE),
]
