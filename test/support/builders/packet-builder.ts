// Builds packets, layer by layer, for tests: fields in, bytes out. Lengths and checksums are filled in and right, unless a test
// asks for wrong ones. `tcpPacket` makes a whole Ethernet frame in one call, `pcapFile` a classic pcap file of packets.
import { concat } from '../../../src/base/bytes.ts'
import type { Endpoint } from '../../../src/base/events.ts'
import type { Time } from '../../../src/base/stream.ts'
import { TcpFlag } from '../../../src/network/segment.ts'

/** LINKTYPE_ values. */
export const LinkType = {
  null: 0,
  ethernet: 1,
  ppp: 9,
  rawOld: 12,
  rawOldBsd: 14,
  pppHdlc: 50,
  raw: 101,
  ieee80211: 105,
  loop: 108,
  linuxSll: 113,
  radiotap: 127,
  ipv4: 228,
  ipv6: 229,
  linuxSll2: 276,
} as const

/** IP protocol numbers. */
export const Protocol = {
  hopByHop: 0,
  icmp: 1,
  ipv4: 4,
  tcp: 6,
  udp: 17,
  ipv6: 41,
  routing: 43,
  fragment: 44,
  gre: 47,
  authentication: 51,
  icmpv6: 58,
  noNext: 59,
  destination: 60,
} as const

export const u8 = (...values: number[]): Uint8Array => Uint8Array.from(values)
export const u16 = (value: number): Uint8Array => u8(value >>> 8, value)
export const u32 = (value: number): Uint8Array => u8(value >>> 24, value >>> 16, value >>> 8, value)
export const zeros = (length: number): Uint8Array => new Uint8Array(length)

/** The bytes of hex digits; white space is skipped. */
export function hex(text: string): Uint8Array {
  return u8(...(text.replace(/\s/g, '').match(/../g) ?? []).map((pair) => Number.parseInt(pair, 16)))
}

/** The text as UTF-8. */
export const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text)

/** `length` bytes that differ from their neighbours: counting up from `first`, modulo 251. */
export function counting(length: number, first = 0): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => (first + i) % 251)
}

/** 4 or 16 bytes of an address such as `10.0.0.1` or `2001:db8::1`. */
export function addressBytes(text: string): Uint8Array {
  if (!text.includes(':')) return u8(...text.split('.').map(Number))
  const [head = '', tail] = text.split('::')
  const groups = (part: string) =>
    part === '' ? [] : part.split(':').map((group) => Number.parseInt(group, 16))
  const front = groups(head)
  const back = tail === undefined ? [] : groups(tail)
  const middle = Array.from({ length: 8 - front.length - back.length }, () => 0)
  return concat([...front, ...middle, ...back].map(u16))
}

interface EthernetFields {
  etherType?: number
  /** VLAN tags from outside to inside: the EtherType that announces the tag, and its number. */
  tags?: ReadonlyArray<readonly [etherType: number, vlan: number]>
  payload: Uint8Array
  /** Bytes of zeros after the payload, as on short Ethernet frames. */
  padding?: number
}

/** An Ethernet frame; the EtherType is that of the payload's IP version unless given. */
export function ethernet({ etherType, tags = [], payload, padding = 0 }: EthernetFields): Uint8Array {
  const vlans = tags.map(([type, vlan]) => concat([u16(type), u16(vlan)]))
  return concat([MAC_B, MAC_A, ...vlans, u16(etherType ?? etherTypeOf(payload)), payload, zeros(padding)])
}

export const MAC_A: Uint8Array = hex('02 00 00 00 00 0a')
export const MAC_B: Uint8Array = hex('02 00 00 00 00 0b')

/** The EtherType of an IP packet by its version. */
export function etherTypeOf(packet: Uint8Array): number {
  return packet[0]! >> 4 === 6 ? 0x86dd : 0x0800
}

interface Ipv4Fields {
  source?: string
  destination?: string
  protocol?: number
  payload: Uint8Array
  identification?: number
  /** In bytes; a multiple of 8. */
  fragmentOffset?: number
  moreFragments?: boolean
  /** A multiple of 4 bytes, at most 40. */
  options?: Uint8Array
  /** The Total Length field, if it is to be wrong. */
  totalLength?: number
}

/** An IPv4 packet (RFC 791 §3.1). */
export function ipv4(fields: Ipv4Fields): Uint8Array {
  const { source = '10.0.0.1', destination = '10.0.0.2', protocol = Protocol.tcp, payload } = fields
  const { identification = 1, fragmentOffset = 0, moreFragments = false, options = zeros(0) } = fields
  const headerLength = 20 + options.length
  const header = concat([
    u8(0x40 | (headerLength / 4), 0),
    u16(fields.totalLength ?? headerLength + payload.length),
    u16(identification),
    u16((moreFragments ? 0x2000 : 0) | (fragmentOffset / 8)),
    u8(64, protocol),
    u16(0),
    addressBytes(source),
    addressBytes(destination),
    options,
  ])
  header.set(u16(checksum(header)), 10)
  return concat([header, payload])
}

interface Ipv6Fields {
  source?: string
  destination?: string
  nextHeader?: number
  payload: Uint8Array
  /** The Payload Length field, if it is to be wrong. */
  payloadLength?: number
}

/** An IPv6 packet (RFC 8200 §3); extension headers are part of the payload. */
export function ipv6(fields: Ipv6Fields): Uint8Array {
  const { source = '2001:db8::1', destination = '2001:db8::2', nextHeader = Protocol.tcp, payload } = fields
  return concat([
    u32(0x60000000),
    u16(fields.payloadLength ?? payload.length),
    u8(nextHeader, 64),
    addressBytes(source),
    addressBytes(destination),
    payload,
  ])
}

/**
 * An IPv6 extension header of the common form (RFC 8200 §4.3), `length` bytes in all (a multiple of 8), PadN inside, and what
 * follows it.
 */
export function ipv6Extension(nextHeader: number, payload: Uint8Array, length = 8): Uint8Array {
  const pad = length - 4
  return concat([u8(nextHeader, length / 8 - 1, 1, pad), zeros(pad), payload])
}

interface Ipv6FragmentFields {
  nextHeader?: number
  identification?: number
  /** In bytes; a multiple of 8. */
  fragmentOffset?: number
  moreFragments?: boolean
  payload: Uint8Array
}

/** An IPv6 Fragment header (RFC 8200 §4.5) and the fragment after it. */
export function ipv6Fragment(fields: Ipv6FragmentFields): Uint8Array {
  const { nextHeader = Protocol.tcp, identification = 1, fragmentOffset = 0, moreFragments = false } = fields
  return concat([
    u8(nextHeader, 0),
    u16(fragmentOffset | (moreFragments ? 1 : 0)),
    u32(identification),
    fields.payload,
  ])
}

interface TcpFields {
  sourcePort?: number
  destinationPort?: number
  sequence?: number
  acknowledgment?: number
  /** Bits of `TcpFlag`; ACK and PSH unless given. */
  flags?: number
  window?: number
  /** A multiple of 4 bytes, at most 40. */
  options?: Uint8Array
  payload?: Uint8Array
}

/** A TCP segment (RFC 9293 §3.1). Its checksum is zero: nothing here reads it. */
export function tcp(fields: TcpFields = {}): Uint8Array {
  const { sourcePort = 40000, destinationPort = 8765, sequence = 1, acknowledgment = 1 } = fields
  const { flags = TcpFlag.ack | TcpFlag.psh, window = 65535, options = zeros(0), payload = zeros(0) } = fields
  return concat([
    u16(sourcePort),
    u16(destinationPort),
    u32(sequence),
    u32(acknowledgment),
    u8((5 + options.length / 4) << 4, flags),
    u16(window),
    u16(0),
    u16(0),
    options,
    payload,
  ])
}

/** A UDP datagram without a checksum (RFC 768). */
export function udp(sourcePort: number, destinationPort: number, payload: Uint8Array): Uint8Array {
  return concat([u16(sourcePort), u16(destinationPort), u16(8 + payload.length), u16(0), payload])
}

interface TcpPacketFields extends Omit<TcpFields, 'sourcePort' | 'destinationPort'> {
  /** 10.0.0.1 port 40000 unless given; both IPv4 or both IPv6. */
  source?: Endpoint
  /** 10.0.0.2 port 8765 unless given. */
  destination?: Endpoint
}

/** A whole Ethernet frame with a TCP segment over IPv4 or IPv6, as the addresses are. */
export function tcpPacket(fields: TcpPacketFields = {}): Uint8Array {
  const { source = { address: '10.0.0.1', port: 40000 }, destination = { address: '10.0.0.2', port: 8765 } } =
    fields
  const payload = tcp({ ...fields, sourcePort: source.port, destinationPort: destination.port })
  const addresses = { source: source.address, destination: destination.address }
  const packet = source.address.includes(':')
    ? ipv6({ ...addresses, payload })
    : ipv4({ ...addresses, payload })
  return ethernet({ payload: packet })
}

/** A packet for `pcapFile`; plain bytes are enough if time and original length do not matter. */
export interface FilePacket {
  bytes: Uint8Array
  /** One microsecond after the packet before it unless given. */
  time?: Time
  /** The length of the bytes unless given. */
  originalLength?: number
}

interface PcapFields {
  /** A LINKTYPE_ value; Ethernet unless given. */
  linkType?: number
  littleEndian?: boolean
  /** Times in nanoseconds (magic a1b23c4d) and not in microseconds. */
  nanoseconds?: boolean
  snapshotLength?: number
}

/** A classic pcap file. Times start at 2023-11-14T22:13:20Z if none are given. */
export function pcapFile(
  packets: ReadonlyArray<Uint8Array | FilePacket>,
  {
    linkType = LinkType.ethernet,
    littleEndian = true,
    nanoseconds = false,
    snapshotLength = 262_144,
  }: PcapFields = {},
): Uint8Array {
  const words = (...values: number[]): Uint8Array => {
    const view = new DataView(new ArrayBuffer(4 * values.length))
    for (const [i, value] of values.entries()) view.setUint32(4 * i, value, littleEndian)
    return new Uint8Array(view.buffer)
  }
  const version = littleEndian ? 0x00040002 : 0x00020004
  const parts = [words(nanoseconds ? 0xa1b23c4d : 0xa1b2c3d4, version, 0, 0, snapshotLength, linkType)]
  let time: Time = { seconds: 1_700_000_000, nanoseconds: 0 }
  for (const item of packets) {
    const packet: FilePacket = item instanceof Uint8Array ? { bytes: item } : item
    time = packet.time ?? time
    const fraction = nanoseconds ? time.nanoseconds : Math.floor(time.nanoseconds / 1000)
    parts.push(
      words(time.seconds, fraction, packet.bytes.length, packet.originalLength ?? packet.bytes.length),
    )
    parts.push(packet.bytes)
    time = microsecondLater(time)
  }
  return concat(parts)
}

function microsecondLater({ seconds, nanoseconds }: Time): Time {
  return nanoseconds + 1000 < 1e9
    ? { seconds, nanoseconds: nanoseconds + 1000 }
    : { seconds: seconds + 1, nanoseconds: 0 }
}

/** The Internet checksum (RFC 1071). */
function checksum(bytes: Uint8Array): number {
  let sum = 0
  for (let i = 0; i < bytes.length; i += 2) sum += (bytes[i]! << 8) | (bytes[i + 1] ?? 0)
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16)
  return ~sum & 0xffff
}
