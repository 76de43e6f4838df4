// In: the cursor at an IPv4 header. Out: the cursor at its payload, with addresses, protocol and, for a fragment, its place (RFC 791
// §3.1). Each header stands alone in a file, to be read beside its RFC.
import { uint16, uint32 } from '../base/bytes.ts'
import type { Cursor } from './cursor.ts'
import { readExtensions } from './ipv6.ts'
import { ipProtocol, Next } from './next.ts'
import { IpProtocol } from './protocols.ts'

/** Moves past the IPv4 header with its options, and past an authentication header. */
export function readIpv4(cursor: Cursor): Next {
  if (!cursor.has(20, 'IPv4 header')) return Next.nothing
  const { bytes, at } = cursor
  const headerLength = (bytes[at]! & 0x0f) << 2
  const totalLength = uint16(bytes, at + 2)
  if (headerLength < 20 || (totalLength !== 0 && totalLength < headerLength))
    return cursor.malformed('IPv4 header')
  if (!cursor.has(headerLength, 'IPv4 header')) return Next.nothing
  cursor.claim(totalLength)
  if (cursor.family === 6) {
    cursor.addresses.fill(0)
    cursor.family = 4
  }
  cursor.addresses[3] = uint32(bytes, at + 12)
  cursor.addresses[7] = uint32(bytes, at + 16)
  cursor.protocol = bytes[at + 9]!
  // The top bit is reserved and the next one says "don't fragment": they do not make the packet a fragment.
  const fragment = uint16(bytes, at + 6) & 0x3fff
  if (fragment !== 0) {
    cursor.identification = uint16(bytes, at + 4)
    cursor.fragmentOffset = (fragment & 0x1fff) << 3
    cursor.moreFragments = (fragment & 0x2000) !== 0
  }
  cursor.at += headerLength
  if (fragment !== 0) return Next.fragment
  return cursor.protocol === IpProtocol.authentication ? readExtensions(cursor) : ipProtocol(cursor.protocol)
}
