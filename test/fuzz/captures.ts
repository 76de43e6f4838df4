// Captures for the fuzzer: takes a good one apart into packets, changes fields of every layer, and makes a file of it again.
import { gzipSync } from 'node:zlib'
import { concat } from '../../src/base/bytes.ts'
import { InputError } from '../../src/base/input-error.ts'
import {
  Blocks,
  type PcapOptions,
  type PcapRecord,
  pcapFile,
  readBytes,
} from '../support/builders/capture-bytes.ts'
import {
  ethernet,
  ipv4,
  ipv6,
  ipv6Extension,
  Protocol,
  u8,
  u16,
  udp,
  utf8,
  zeros,
} from '../support/builders/packet-builder.ts'
import type { Random } from '../support/builders/websocket-traffic.ts'
import { storedZstd } from '../support/builders/zstd-frames.ts'

/** A packet that may be changed. */
export interface LoosePacket {
  seconds: number
  nanoseconds: number
  linkType: number
  bytes: Uint8Array
  originalLength: number
}

/** The packets of a capture; none if it is not a capture. */
export function packetsOf(capture: Uint8Array): LoosePacket[] {
  try {
    return readBytes(capture).packets.map(({ time, linkType, bytes, originalLength }) => ({
      seconds: time?.seconds ?? 0,
      nanoseconds: time?.nanoseconds ?? 0,
      linkType,
      bytes,
      originalLength,
    }))
  } catch (error) {
    if (error instanceof InputError) return []
    throw error
  }
}

/** The packets with some of them changed, in place or in number. */
export function changedPackets(packets: readonly LoosePacket[], random: Random): LoosePacket[] {
  const changed = packets.map((packet) => ({ ...packet }))
  for (let count = random.oneOf([0, 1, 1, 2, 3, 5, 10]); count > 0 && changed.length > 0; count--) {
    const at = random.below(changed.length)
    const packet = changed[at]!
    if (random.chance(60)) {
      packet.bytes = packet.bytes.slice()
      changeInside(packet, random)
    } else changeOrder(changed, at, random)
  }
  return changed
}

/** A capture file of packets, in any format, and at times with bytes of the file itself changed. */
export function fileOf(packets: readonly LoosePacket[], random: Random): Uint8Array {
  let file: Uint8Array = random.chance(60) ? classic(packets, random) : nextGeneration(packets, random)
  if (random.chance(25)) file = withChangedBytes(file, random)
  if (random.chance(10)) file = withChangedBytes(gzipSync(file), random, 50)
  if (random.chance(5)) file = withChangedBytes(storedZstd(file), random, 50)
  return file
}

/** The bytes with a few of them changed, cut, doubled or inserted; always if `percent` is not given. */
export function withChangedBytes(bytes: Uint8Array, random: Random, percent = 100): Uint8Array {
  let changed: Uint8Array = bytes.slice()
  if (!random.chance(percent)) return changed
  for (let count = 1 + random.below(4); count > 0 && changed.length > 0; count--) {
    const at = random.below(changed.length)
    switch (random.below(6)) {
      case 0:
        changed[at]! ^= 1 << random.below(8)
        break
      case 1:
        changed[at] = random.below(256)
        break
      case 2:
        setNumber(changed, at, random.oneOf([2, 4, 8]), random)
        break
      case 3:
        changed = changed.slice(0, at)
        break
      case 4:
        changed = concat([changed.subarray(0, at), random.bytes(random.below(20)), changed.subarray(at)])
        break
      default: {
        const piece = changed.subarray(at, at + random.below(200))
        changed = concat([changed.subarray(0, at), piece, changed.subarray(at)])
      }
    }
  }
  return changed
}

function changeOrder(packets: LoosePacket[], at: number, random: Random): void {
  const packet = packets[at]!
  const to = random.below(packets.length)
  switch (random.below(6)) {
    case 0:
      packets.splice(at, 1)
      break
    case 1:
      packets.splice(to, 0, { ...packet })
      break
    case 2:
      packets[at] = packets[to]!
      packets[to] = packet
      break
    case 3:
      packets.splice(at, 1 + random.below(5))
      break
    case 4:
      packet.bytes = packet.bytes.subarray(0, random.below(packet.bytes.length + 1))
      break
    default:
      packet.seconds = random.oneOf([0, -1, 2 ** 31, 2 ** 32 - 1, packet.seconds + random.below(100)])
      packet.linkType = random.chance(20) ? random.below(300) : packet.linkType
  }
}

interface Place {
  readonly ip: number
  readonly isVersion6: boolean
  readonly tcp: number
  readonly payload: number
}

/** Bytes of the link layer before the IP header, for link types on which every packet has the same number. */
const LINK_HEADER: Readonly<Record<number, number>> = {
  0: 4,
  1: 14,
  12: 0,
  101: 0,
  108: 4,
  113: 16,
  228: 0,
  229: 0,
  276: 20,
}

function placeOf({ bytes, linkType }: LoosePacket): Place | undefined {
  const ip = LINK_HEADER[linkType]
  if (ip === undefined || bytes.length < ip + 20) return undefined
  const isVersion6 = bytes[ip]! >> 4 === 6
  const tcp = ip + (isVersion6 ? 40 : (bytes[ip]! & 15) * 4)
  if (bytes.length < tcp + 20) return undefined
  return { ip, isVersion6, tcp, payload: tcp + (bytes[tcp + 12]! >> 4) * 4 }
}

/** Fields as offset and size: of IPv4 (RFC 791 §3.1), of IPv6 (RFC 8200 §3), of TCP (RFC 9293 §3.1). */
const IPV4 = [
  [0, 1],
  [1, 1],
  [2, 2],
  [4, 2],
  [6, 2],
  [8, 1],
  [9, 1],
  [12, 4],
  [16, 4],
] as const
const IPV6 = [
  [0, 1],
  [4, 2],
  [6, 1],
  [7, 1],
  [8, 4],
  [20, 4],
  [24, 4],
  [36, 4],
] as const
const TCP = [
  [0, 2],
  [2, 2],
  [4, 4],
  [4, 4],
  [8, 4],
  [8, 4],
  [12, 1],
  [13, 1],
  [13, 1],
  [14, 2],
] as const

function changeInside(packet: LoosePacket, random: Random): void {
  const place = placeOf(packet)
  if (place === undefined) {
    packet.bytes = withChangedBytes(packet.bytes, random)
    return
  }
  const { bytes } = packet
  switch (random.below(8)) {
    case 0: {
      const [offset, size] = random.oneOf<readonly [number, number]>(place.isVersion6 ? IPV6 : IPV4)
      setNumber(bytes, place.ip + offset, size, random)
      break
    }
    case 1: {
      const [offset, size] = random.oneOf<readonly [number, number]>(TCP)
      setNumber(bytes, place.tcp + offset, size, random)
      break
    }
    case 2:
      wrap(packet, place, random)
      break
    case 3:
      setNumber(bytes, random.below(place.tcp), random.oneOf([1, 2]), random)
      break
    default:
      changePayload(packet, place, random)
  }
  packet.originalLength = random.chance(5) ? random.below(2 ** 31) : packet.bytes.length
}

function changePayload(packet: LoosePacket, place: Place, random: Random): void {
  const payload = packet.bytes.subarray(place.payload)
  const isHead = payload[0] === 0x47 || (payload[0] === 0x48 && payload[1] === 0x54)
  const changed = isHead
    ? changedHead(payload, random)
    : random.chance(70)
      ? changedFrame(payload, random)
      : withChangedBytes(payload, random)
  packet.bytes = concat([packet.bytes.subarray(0, place.payload), changed])
  // An IP header without a length, and nothing after it.
  if (packet.bytes.length < place.ip + 6) return
  const view = new DataView(packet.bytes.buffer)
  // The lengths stay right, so that the change is seen.
  if (place.isVersion6) view.setUint16(place.ip + 4, (packet.bytes.length - place.ip - 40) & 0xffff)
  else view.setUint16(place.ip + 2, (packet.bytes.length - place.ip) & 0xffff)
}

const HEADER_LINES = [
  'Sec-WebSocket-Extensions: permessage-deflate',
  'Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits=8; server_no_context_takeover',
  'Sec-WebSocket-Extensions: permessage-deflate; server_max_window_bits=99; x="a\\"b", , ;=;',
  'Sec-WebSocket-Extensions: "unclosed; permessage-deflate',
  'Sec-WebSocket-Protocol: a, \x1b[31m, \u202e',
  'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
  'Sec-WebSocket-Accept: ',
  'Sec-WebSocket-Version: 8, 13',
  'Content-Length: 5',
  'Content-Length: 99999999999999999999',
  'Content-Length: -1',
  'Transfer-Encoding: chunked',
  'Upgrade: h2c',
  'Upgrade: websocket',
  'Connection: keep-alive, Upgrade',
  'Host: \x00\x07\x1b]0;title\x07',
  ' folded\tline',
  'no colon at all',
  ': no name',
  '__proto__: x',
  'constructor: y',
  `X-Long: ${'\xff\x80'.repeat(3000)}`,
]
const START_LINES = [
  'GET / HTTP/1.1',
  'GET /\x1b[2J\u2028 HTTP/1.1',
  'GET http://other/x HTTP/1.1',
  'HEAD / HTTP/1.0',
  'CONNECT a:1 HTTP/1.1',
  'POST / HTTP/1.1',
  'PRI * HTTP/2.0',
  'HTTP/1.1 101 Switching Protocols',
  'HTTP/1.1 101',
  'HTTP/1.1 100 Continue',
  'HTTP/1.1 200 OK',
  'HTTP/1.1 426 Upgrade Required',
  'HTTP/1.0 999 \x9b31m',
  'PROXY TCP4 1.2.3.4 5.6.7.8 1 2',
]

function changedHead(head: Uint8Array, random: Random): Uint8Array {
  const lines = Buffer.from(head).toString('latin1').split('\r\n')
  for (let count = 1 + random.below(3); count > 0; count--) {
    const at = 1 + random.below(lines.length)
    switch (random.below(5)) {
      case 0:
        lines[0] = random.oneOf(START_LINES)
        break
      case 1:
        lines.splice(at, 1)
        break
      case 2:
        lines.unshift(random.oneOf(START_LINES), random.oneOf(HEADER_LINES), '')
        break
      default:
        lines.splice(at, 0, random.oneOf(HEADER_LINES))
    }
  }
  return Buffer.from(lines.join(random.chance(90) ? '\r\n' : '\n'), 'latin1')
}

/** A payload that most likely starts with a frame's header. */
function changedFrame(payload: Uint8Array, random: Random): Uint8Array {
  if (payload.length < 2) return random.bytes(random.below(20))
  const changed = payload.slice()
  switch (random.below(6)) {
    case 0:
      changed[0] = random.below(256)
      break
    case 1:
      changed[1] = random.below(256)
      break
    case 2: {
      const form = random.oneOf([126, 127])
      const length = zeros(form === 126 ? 2 : 8)
      setNumber(length, 0, length.length, random)
      return concat([u8(changed[0]!, (changed[1]! & 0x80) | form), length, changed.subarray(2)])
    }
    case 3:
      changed[2 + random.below(Math.max(1, changed.length - 2))] = random.below(256)
      break
    case 4:
      return concat([u8(0x88, 2 + random.below(40)), random.bytes(random.below(40)), changed])
    default:
      return concat([changed, changed])
  }
  return changed
}

/** Puts the IP packet into another one, or cuts it into fragments and keeps one; the link layer becomes Ethernet. */
function wrap(packet: LoosePacket, { ip, isVersion6 }: Place, random: Random): void {
  const inner = packet.bytes.subarray(ip)
  const cut = 8 * random.below(inner.length >> 3)
  const kinds = [
    () =>
      ethernet({
        tags: Array.from({ length: random.below(30) }, () => [0x8100, 1] as const),
        payload: inner,
      }),
    () =>
      ethernet({ payload: ipv4({ protocol: isVersion6 ? Protocol.ipv6 : Protocol.ipv4, payload: inner }) }),
    () =>
      ethernet({
        payload: ipv4({
          protocol: Protocol.gre,
          payload: concat([u16(random.below(0x10000)), u16(0x0800), inner]),
        }),
      }),
    () =>
      ethernet({
        payload: ipv4({
          protocol: Protocol.udp,
          payload: udp(
            1,
            random.oneOf([4789, 8472, 4790, 6081]),
            concat([random.bytes(8), ethernet({ payload: inner })]),
          ),
        }),
      }),
    () =>
      ethernet({
        payload: ipv6({ nextHeader: random.below(140), payload: ipv6Extension(random.below(140), inner) }),
      }),
    () =>
      ethernet({
        payload: ipv4({
          identification: random.below(3),
          fragmentOffset: cut,
          moreFragments: random.chance(50),
          payload: inner.subarray(20 + cut),
        }),
      }),
  ]
  packet.bytes = random.oneOf(kinds)()
  packet.linkType = 1
}

const EDGES = [0, 1, 2, 0x7f, 0x80, 0xff]

function setNumber(bytes: Uint8Array, at: number, size: number, random: Random): void {
  const fill = random.oneOf(EDGES)
  const isSmall = random.chance(40)
  for (let i = 0; i < size && at + i < bytes.length; i++) {
    if (isSmall) bytes[at + i] = i === size - 1 ? bytes[at + i]! + random.below(20) - 10 : bytes[at + i]!
    else bytes[at + i] = random.chance(80) ? fill : random.below(256)
  }
}

function classic(packets: readonly LoosePacket[], random: Random): Uint8Array {
  const nanoseconds = random.chance(50)
  const options: PcapOptions = {
    littleEndian: random.chance(50),
    nanoseconds,
    linkType: packets[0]?.linkType ?? 1,
    snapLength: random.oneOf([0, 96, 65_535, 2 ** 32 - 1]),
  }
  const records = packets.map((packet): PcapRecord => {
    const { bytes, originalLength } = packet
    const fraction = nanoseconds ? packet.nanoseconds : Math.floor(packet.nanoseconds / 1000)
    const record = { seconds: packet.seconds >>> 0, fraction, bytes, originalLength: originalLength >>> 0 }
    return random.chance(1)
      ? { ...record, claimedLength: random.oneOf([0, 1, 2 ** 31, 2 ** 32 - 16, bytes.length + 1]) }
      : record
  })
  return pcapFile(records, options)
}

function nextGeneration(packets: readonly LoosePacket[], random: Random): Uint8Array {
  const blocks = new Blocks(random.chance(50))
  const linkTypes = [...new Set(packets.map(({ linkType }) => linkType))]
  const options = [
    blocks.option(9, [random.oneOf([0, 6, 9, 30, 0x80, 0x94, 0xff])]),
    blocks.option(14, random.bytes(8)),
    blocks.option(random.below(20), random.bytes(random.below(10))),
  ]
  const parts = [blocks.section()]
  for (const linkType of linkTypes)
    parts.push(blocks.interface(linkType, random.oneOf([0, 96, 65_535]), random.chance(50) ? options : []))
  for (const { seconds, nanoseconds, linkType, bytes, originalLength } of packets) {
    const time = BigInt(Math.max(0, seconds)) * 1_000_000n + BigInt(Math.floor(nanoseconds / 1000))
    const number = linkTypes.indexOf(linkType)
    const kind = random.below(40)
    if (kind === 0) parts.push(blocks.simple(bytes, originalLength >>> 0))
    else if (kind === 1) parts.push(blocks.obsolete(bytes, number, time, originalLength >>> 0))
    else if (kind === 2) parts.push(blocks.block(random.below(12), random.bytes(random.below(40))))
    else if (kind === 3) parts.push(blocks.secrets(0x544c534b, utf8('CLIENT_RANDOM 00 11\n')))
    else parts.push(blocks.enhanced(bytes, number, time, originalLength >>> 0))
  }
  return concat(parts)
}
