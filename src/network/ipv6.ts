// In: the cursor at an IPv6 header. Out: the cursor at its payload, after all extension headers, or at a fragment (RFC 8200 §3,
// §4).
import { uint16, uint32 } from '../base/bytes.ts'
import type { Cursor } from './cursor.ts'
import { ipProtocol, Next } from './next.ts'
import { IpProtocol } from './protocols.ts'

/**
 * Moves past the IPv6 header and its extension headers. A payload length of 0 (segmentation offload, or a jumbogram) means the
 * rest of the packet.
 */
export function readIpv6(cursor: Cursor): Next {
  if (!cursor.has(40, 'IPv6 header')) return Next.nothing
  const { bytes, at } = cursor
  const payloadLength = uint16(bytes, at + 4)
  cursor.claim(payloadLength === 0 ? 0 : 40 + payloadLength)
  cursor.family = 6
  for (let word = 0; word < 8; word++) cursor.addresses[word] = uint32(bytes, at + 8 + 4 * word)
  cursor.protocol = bytes[at + 6]!
  cursor.at += 40
  return readExtensions(cursor)
}

/**
 * Moves past extension headers, up to a fragment or another protocol. The authentication header (RFC 4302 §2) may follow IPv4,
 * too. The loop ends, since each turn reads at least eight bytes.
 */
export function readExtensions(cursor: Cursor): Next {
  for (;;) {
    const { bytes, at } = cursor
    let length: number
    switch (cursor.protocol) {
      case IpProtocol.hopByHop:
      case IpProtocol.routing:
      case IpProtocol.destination:
      case IpProtocol.mobility:
      case IpProtocol.hostIdentity:
      case IpProtocol.shim6:
        if (!cursor.has(8, 'IPv6 extension header')) return Next.nothing
        length = 8 * (bytes[at + 1]! + 1)
        break
      case IpProtocol.authentication:
        if (!cursor.has(8, 'authentication header')) return Next.nothing
        length = Math.max(8, 4 * (bytes[at + 1]! + 2))
        break
      case IpProtocol.fragment:
        return readFragment(cursor)
      default:
        return ipProtocol(cursor.protocol)
    }
    if (!cursor.has(length, 'IPv6 extension header')) return Next.nothing
    cursor.protocol = bytes[at]!
    cursor.at += length
  }
}

/** RFC 8200 §4.5. On a whole packet (RFC 6946), the fragment header has offset 0 and says that no fragment follows. */
function readFragment(cursor: Cursor): Next {
  const { bytes, at } = cursor
  if (!cursor.has(8, 'IPv6 fragment header')) return Next.nothing
  const place = uint16(bytes, at + 2)
  cursor.fragmentOffset = place & 0xfff8
  cursor.moreFragments = (place & 1) !== 0
  cursor.identification = uint32(bytes, at + 4)
  cursor.protocol = bytes[at]!
  cursor.at += 8
  return Next.fragment
}
