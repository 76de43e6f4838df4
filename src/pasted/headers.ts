// Packets with their headers, as tcpdump -x and Wireshark's "Copy … as Hex Dump" of a whole packet give them. Only the TCP payload is
// left, if every length in the headers fits the packet: then it is certain that they are headers.
import { concat, NO_BYTES, uint16 } from '../base/bytes.ts'
import type { PastedFault, PastedNote } from './reading.ts'

const TCP = 6
const IPV4_TYPE = 0x0800
const IPV6_TYPE = 0x86dd
/** Where the type stands in the headers of Ethernet, LINUX_SLL and LINUX_SLL2, and how long each header is. */
const LINKS = [
  { type: 12, length: 14 },
  { type: 14, length: 16 },
  { type: 0, length: 20 },
] as const
/** An Ethernet frame has at least so many bytes after its header: IP packets that are shorter are padded. */
const LEAST_ETHERNET = 46

/** The parts without their headers, joined. A fault if nothing is left. */
export function withoutHeaders(
  parts: readonly Uint8Array[],
  notes: readonly PastedNote[],
): { readonly bytes: Uint8Array; readonly notes: readonly PastedNote[] } | { readonly fault: PastedFault } {
  let packets = 0
  let bytes = 0
  let empty = 0
  const payloads = parts.map((part) => {
    const payload = tcpPayload(part)
    if (payload === undefined) return part
    packets++
    bytes += part.length - payload.length
    if (payload.length === 0) empty++
    return payload
  })
  if (packets === 0) return { bytes: concat(parts), notes }
  const joined = concat(payloads)
  if (joined.length === 0) return { fault: { what: 'no-payload', packets } }
  return { bytes: joined, notes: [...notes, { what: 'headers', packets, bytes, empty }] }
}

/** The TCP payload of a packet with an IP header, and perhaps a link layer's. Undefined if it is not certain that it has one. */
function tcpPayload(packet: Uint8Array): Uint8Array | undefined {
  const bare = ipPayload(packet)
  if (bare !== undefined) return bare
  for (const { type, length } of LINKS) {
    if (packet.length < length + 20) continue
    const ip = packet.subarray(length)
    const named = uint16(packet, type)
    if ((named === IPV4_TYPE && ip[0]! >> 4 === 4) || (named === IPV6_TYPE && ip[0]! >> 4 === 6)) {
      const payload = ipPayload(ip)
      if (payload !== undefined) return payload
    }
  }
  return undefined
}

function ipPayload(ip: Uint8Array): Uint8Array | undefined {
  const version = ip.length < 20 ? 0 : ip[0]! >> 4
  if (version === 4) {
    const header = (ip[0]! & 0xf) * 4
    const isFragment = (uint16(ip, 6) & 0x3fff) !== 0
    if (header < 20 || ip[9] !== TCP || isFragment) return undefined
    return tcpSegment(ip, header, uint16(ip, 2))
  }
  if (version === 6 && ip.length >= 40 && ip[6] === TCP) return tcpSegment(ip, 40, 40 + uint16(ip, 4))
  return undefined
}

/** `length`: of the IP packet, as its header says. */
function tcpSegment(ip: Uint8Array, at: number, length: number): Uint8Array | undefined {
  const padding = ip.length - length
  const isPadded =
    padding > 0 && ip.length <= LEAST_ETHERNET && ip.subarray(length).every((byte) => byte === 0)
  if ((padding !== 0 && !isPadded) || at + 20 > length) return undefined
  const start = at + (ip[at + 12]! >> 4) * 4
  if (start < at + 20 || start > length) return undefined
  return start === length ? NO_BYTES : ip.subarray(start, length)
}
