// One packet of every link and tunnel beyond Ethernet, IP in IP, GRE and VXLAN, each with what it is given inside. Headers are written
// as their documents draw them.
import { concat } from '../../../src/base/bytes.ts'
import { ethernet, hex, ipv4, Protocol, u8, u16, u32, udp, zeros } from './packet-builder.ts'

/** A packet with its name and its LINKTYPE_ value. */
export interface WrappedPacket {
  readonly name: string
  readonly linkType: number
  readonly bytes: Uint8Array
}

/** What is wrapped: an IP packet of each version, and an Ethernet frame with the first of them. */
export interface Inside {
  readonly v4: Uint8Array
  readonly v6: Uint8Array
  readonly frame: Uint8Array
  /** LLC and SNAP before IPv4, as in 802.11. */
  readonly wireless: Uint8Array
}

const OUTER = { source: '172.16.0.1', destination: '172.16.0.2' }
const little16 = (value: number): Uint8Array => u16(value).reverse()
const little32 = (value: number): Uint8Array => u32(value).reverse()
const padded = (bytes: Uint8Array): Uint8Array => concat([bytes, zeros(-bytes.length & 3)])

/** LINKTYPE_PKTAP: 108 bytes. */
function pktap(inner: number, packet: Uint8Array): Uint8Array {
  return concat([
    little32(108),
    little32(1),
    little32(inner),
    new TextEncoder().encode('en0'),
    zeros(93),
    packet,
  ])
}

/** An attribute of NFLOG in the byte order of the machine. */
function nflog(word: (value: number) => Uint8Array, packet: Uint8Array): Uint8Array {
  const attribute = (type: number, value: Uint8Array) =>
    padded(concat([word(4 + value.length), word(type), value]))
  return concat([
    hex('02 00 00 05'),
    attribute(1, hex('08000100')),
    attribute(10, u8(0)),
    attribute(9, packet),
  ])
}

const ppi = (inner: number, packet: Uint8Array): Uint8Array =>
  concat([hex('00 00 08 00'), little32(inner), packet])

const prism = (word: (value: number) => Uint8Array, packet: Uint8Array): Uint8Array =>
  concat([word(0x44), word(144), zeros(136), packet])

const avs = (packet: Uint8Array): Uint8Array => concat([u32(0x80211001), u32(64), zeros(56), packet])

/** Packets whose link type is new. */
export function linkPackets({ v4, v6, frame, wireless }: Inside): WrappedPacket[] {
  const kind = (linkType: number, name: string, ...parts: Uint8Array[]): WrappedPacket => ({
    name,
    linkType,
    bytes: concat(parts),
  })
  return [
    kind(258, 'PKTAP with Ethernet', pktap(1, frame)),
    kind(258, 'PKTAP with IP alone', pktap(12, v6)),
    kind(239, 'NFLOG, little-endian', nflog(little16, v4)),
    kind(239, 'NFLOG, big-endian', nflog(u16, v4)),
    kind(192, 'PPI with 802.11', ppi(105, wireless)),
    kind(192, 'PPI with Ethernet', ppi(1, frame)),
    kind(119, 'Prism, little-endian', prism(little32, wireless)),
    kind(119, 'AVS under the link type of Prism', avs(wireless)),
    kind(163, 'AVS', avs(wireless)),
    kind(104, 'C_HDLC', hex('0f 00 08 00'), v4),
    kind(104, 'C_HDLC, multicast, IPv6', hex('8f 00 86 dd'), v6),
    kind(107, 'Frame Relay with an NLPID', hex('18 41 03 cc'), v4),
    kind(107, 'Frame Relay with padding and IPv6', hex('18 41 03 00 8e'), v6),
    kind(107, 'Frame Relay with SNAP', hex('18 41 03 00 80 000000 0800'), v4),
    kind(107, 'Frame Relay as Cisco writes it', hex('18 41 08 00'), v4),
    kind(107, 'Frame Relay with a long address', hex('18 40 01 03 cc'), v4),
    kind(107, 'Frame Relay with a bridged frame', hex('18 41 03 00 80 0080c2 0007'), frame),
    kind(204, 'PPP, sent', hex('01 ff 03 00 21'), v4),
    kind(204, 'PPP, received', hex('00 ff 03 00 57'), v6),
    kind(51, 'PPPoE', hex('11 00 00 01'), u16(v4.length + 2), hex('00 21'), v4),
    kind(242, 'IPoIB', zeros(40), hex('0800 0000'), v4),
    kind(109, 'ENC', hex('02000000 00001000 00000000'), v4),
  ]
}

/** Some access points send the two bytes of the frame control field in the other order. */
const swapped = (frame: Uint8Array): Uint8Array => concat([frame.slice(0, 2).reverse(), frame.subarray(2)])

const mac = hex('02 00 00 00 00 01 02 00 00 00 00 02')
const label = (number: number, isLast: boolean): Uint8Array => u32((number << 12) | (isLast ? 0x140 : 0x40))

/** Packets in tunnels that are new, all in Ethernet. */
export function tunnelPackets({ v4, v6, frame, wireless }: Inside): WrappedPacket[] {
  const kind = (name: string, type: number, ...parts: Uint8Array[]): WrappedPacket => ({
    name,
    linkType: 1,
    bytes: concat([mac, u16(type), ...parts]),
  })
  const overIp = (name: string, protocol: number, ...parts: Uint8Array[]): WrappedPacket => ({
    name,
    linkType: 1,
    bytes: ethernet({ payload: ipv4({ ...OUTER, protocol, payload: concat(parts) }) }),
  })
  const overUdp = (
    name: string,
    source: number,
    destination: number,
    ...parts: Uint8Array[]
  ): WrappedPacket => overIp(name, Protocol.udp, udp(source, destination, concat(parts)))
  const gtp = (flags: number, payload: Uint8Array): Uint8Array =>
    concat([u8(flags, 0xff), u16(payload.length), u32(0x1234), payload])
  const session = u32(0x00010001)
  return [
    kind('MPLS, one label', 0x8847, label(100, true), v4),
    kind(
      'MPLS, five labels, IPv6',
      0x8848,
      ...[1, 2, 3, 4].map((n) => label(n * 100, false)),
      label(500, true),
      v6,
    ),
    kind('MPLS with Ethernet and a control word', 0x8847, label(101, true), u32(0), frame),
    kind('MPLS with Ethernet and no control word', 0x8847, label(102, true), frame),
    kind('VN-Tag', 0x8926, hex('0001 0002 0800'), v4),
    kind('E-Tag', 0x893f, hex('0001 0002 0000 0800'), v4),
    kind('PBB', 0x88e7, hex('00 000007'), frame),
    kind('MACsec without encryption', 0x88e5, hex('00 00 00000001 0800'), v4, zeros(16)),
    kind('MACsec with a channel', 0x88e5, hex('20 00 00000001 020000000001 0001 0800'), v4, zeros(16)),
    kind('NSH with Ethernet', 0x894f, hex('0f c2 02 03 000001ff'), frame),
    kind('NSH with IPv4', 0x894f, hex('0f c6 01 01 000001ff'), zeros(16), v4),
    overUdp('GTP-U', 2152, 2152, gtp(0x30, v4)),
    overUdp('GTP-U with a sequence number', 2152, 2152, gtp(0x32, concat([hex('0001 00 00'), v6]))),
    overUdp(
      'GTP-U with two extension headers',
      2152,
      2152,
      gtp(0x34, concat([hex('0000 00 85 01 0009 85 01 0009 00'), v4])),
    ),
    overUdp('TZSP with Ethernet', 40000, 37008, hex('01 00 0001 01'), frame),
    overUdp('TZSP with tags and 802.11', 40000, 37008, hex('01 00 0012 0a 01 c8 00 12 01 06 01'), wireless),
    overIp('PPTP', Protocol.gre, hex('3001 880b'), u16(v4.length + 4), hex('0001 00000007 ff03 0021'), v4),
    overIp(
      'PPTP with an acknowledgment, and no address',
      Protocol.gre,
      hex('3081 880b'),
      u16(v4.length + 2),
      hex('0001 00000007 00000006 0021'),
      v4,
    ),
    overIp('EoIP', Protocol.gre, hex('2001 6400'), u16(frame.length), hex('0500'), frame),
    overIp("Aruba's GRE", Protocol.gre, hex('0000 8200'), wireless),
    overIp('GRE with MPLS', Protocol.gre, hex('0000 8847'), label(100, true), v4),
    overIp('GRE with NSH', Protocol.gre, hex('0000 894f 0fc2 0203 000001ff'), frame),
    overUdp('L2TP version 2', 1701, 1701, hex('0002 0001 0002 ff03 0021'), v4),
    overUdp(
      'L2TP version 2 with every field',
      1701,
      1701,
      hex('4a02'),
      u16(v4.length + 20),
      hex('0001 0002 0001 0002 0002 0000 ff03 0021'),
      v4,
    ),
    overUdp('L2TP version 3 over UDP', 1701, 1701, hex('0003 0000'), session, u32(0), frame),
    overIp('L2TP version 3 over IP', 115, session, u32(0), frame),
    overUdp('GRE in UDP', 50000, 4754, hex('0000 0800'), v4),
    overUdp('MPLS in UDP', 50000, 6635, label(100, true), v4),
    overIp('MPLS in IP', 137, label(100, true), v6),
    overIp('EtherIP', 97, hex('3000'), frame),
    overUdp('CAPWAP with Ethernet', 40000, 5247, hex('00 10 02 00 0000 0000'), frame),
    overUdp('CAPWAP with 802.11', 5247, 40000, hex('00 10 03 00 0000 0000'), wireless),
    overUdp(
      'CAPWAP with 802.11, its control field swapped',
      5247,
      40000,
      hex('00 10 03 00 0000 0000'),
      swapped(wireless),
    ),
    overUdp('Teredo', 3544, 40000, v6),
    overUdp(
      'Teredo with indications',
      40000,
      3544,
      hex('0001 0000 0000000000000000 00 0000 ffff ffffffff'),
      v6,
    ),
    overUdp('VXLAN-GPE with NSH', 50000, 4790, hex('0c 0000 04 000007 00 0fc2 0203 000001ff'), frame),
  ]
}
