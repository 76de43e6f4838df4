// Makes Ethernet frames of TCP segments, with the right checksums: RFC 9293 §3.1 over RFC 791 §3.1 or RFC 8200 §3.
import { isIPv4, isIPv6 } from 'node:net'
import { concat, NO_BYTES } from '../base/bytes.ts'
import { TcpFlag } from '../network/segment.ts'

/** Where a packet is from or goes to. */
export interface PacketEnd {
  /** 4 or 16 bytes. */
  readonly address: Uint8Array
  readonly port: number
  /** The Ethernet address: 6 bytes. */
  readonly station: Uint8Array
}

/** The fields of a segment. */
export interface SegmentFields {
  readonly sequence: number
  readonly acknowledgment: number
  /** Bits of `TcpFlag`. */
  readonly flags: number
  readonly payload: Uint8Array
  /** The IPv4 header's Identification. */
  readonly identification: number
}

/** Most bytes that an IPv4 packet can carry after headers without options. */
export const LARGEST_PAYLOAD = 65_535 - 20 - 20

const TCP = 6
/** 8 MiB with the scale in the option of the SYN: no script fills it. */
const WINDOW = 0xffff
const WINDOW_SCALE = 7
const ETHERTYPE_IPV4 = 0x0800
const ETHERTYPE_IPV6 = 0x86dd
const DO_NOT_FRAGMENT = 0x4000
const HOP_LIMIT = 64

/** An Ethernet frame with one TCP segment, over IPv4 or IPv6 like its addresses. */
export function tcpPacket(from: PacketEnd, to: PacketEnd, fields: SegmentFields): Uint8Array {
  const segment = tcpSegment(from, to, fields)
  const isIpv4 = from.address.length === 4
  const header = isIpv4
    ? ipv4Header(from.address, to.address, segment.length, fields.identification)
    : ipv6Header(from.address, to.address, segment.length)
  return concat([to.station, from.station, u16(isIpv4 ? ETHERTYPE_IPV4 : ETHERTYPE_IPV6), header, segment])
}

/** The 4 or 16 bytes of an address. Undefined if it is not an address. */
export function addressBytes(address: string): Uint8Array | undefined {
  if (isIPv4(address)) return Uint8Array.from(address.split('.'), Number)
  if (!isIPv6(address) || address.includes('%')) return undefined
  // As URLs spell it (RFC 5952): no dotted decimals, at most one `::`.
  const [head = '', tail] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::')
  const groups = (part = ''): string[] => part.split(':').filter((group) => group !== '')
  const missing = 8 - groups(head).length - groups(tail).length
  const all = [...groups(head), ...Array.from({ length: missing }, () => '0'), ...groups(tail)]
  return concat(all.map((group) => u16(Number.parseInt(group, 16))))
}

function tcpSegment(from: PacketEnd, to: PacketEnd, fields: SegmentFields): Uint8Array {
  const { sequence, acknowledgment, flags, payload } = fields
  const most = from.address.length === 4 ? 1460 : 1440
  // RFC 9293 §3.2: Maximum Segment Size, No-Operation; RFC 7323 §2.2: Window Scale.
  const options =
    (flags & TcpFlag.syn) === 0 ? NO_BYTES : concat([u8(2, 4), u16(most), u8(1, 3, 3, WINDOW_SCALE)])
  const headerLength = 20 + options.length
  const segment = concat([
    u16(from.port),
    u16(to.port),
    u32(sequence),
    u32((flags & TcpFlag.ack) === 0 ? 0 : acknowledgment),
    u8((headerLength / 4) << 4, flags),
    u16(WINDOW),
    u32(0),
    options,
    payload,
  ])
  const pseudoHeader = concat([from.address, to.address, u32(segment.length), u32(TCP)])
  segment.set(u16(checksum([pseudoHeader, segment])), 16)
  return segment
}

function ipv4Header(
  source: Uint8Array,
  destination: Uint8Array,
  payloadLength: number,
  identification: number,
): Uint8Array {
  const header = concat([
    u8(0x45, 0),
    u16(20 + payloadLength),
    u16(identification),
    u16(DO_NOT_FRAGMENT),
    u8(HOP_LIMIT, TCP),
    u16(0),
    source,
    destination,
  ])
  header.set(u16(checksum([header])), 10)
  return header
}

function ipv6Header(source: Uint8Array, destination: Uint8Array, payloadLength: number): Uint8Array {
  return concat([u32(0x60000000), u16(payloadLength), u8(TCP, HOP_LIMIT), source, destination])
}

/** RFC 1071. All parts but the last have an even length. */
function checksum(parts: readonly Uint8Array[]): number {
  let sum = 0
  for (const part of parts) {
    for (let at = 0; at < part.length; at += 2) sum += part[at]! * 256 + (part[at + 1] ?? 0)
  }
  while (sum > 0xffff) sum = (sum & 0xffff) + Math.floor(sum / 0x10000)
  return ~sum & 0xffff
}

const u8 = (...values: number[]): Uint8Array => Uint8Array.from(values)
const u16 = (value: number): Uint8Array => u8(value >>> 8, value)
const u32 = (value: number): Uint8Array => u8(value >>> 24, value >>> 16, value >>> 8, value)
