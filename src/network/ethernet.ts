// In: the cursor at an Ethernet header, or at a tag after one. Out: what the EtherType names. Each tag has the EtherType of what
// follows at its end.
import { uint16 } from '../base/bytes.ts'
import type { Cursor } from './cursor.ts'
import { etherType, Next } from './next.ts'
import { EtherType } from './protocols.ts'

/** IEEE 802.3 §3: two addresses and an EtherType or a length. */
export function readEthernet(cursor: Cursor): Next {
  if (!cursor.has(14, 'Ethernet header')) return Next.nothing
  cursor.at += 14
  return etherType(uint16(cursor.bytes, cursor.at - 2))
}

/** IEEE 802.1Q §9: a VLAN. Also Cisco's VN-Tag and the E-Tag of IEEE 802.1BR, which are longer. */
export function tagOf(name: string, length: number): (cursor: Cursor) => Next {
  return (cursor) => {
    if (!cursor.has(length, name)) return Next.nothing
    cursor.at += length
    return etherType(uint16(cursor.bytes, cursor.at - 2))
  }
}

/** IEEE 802.1ah (provider backbone bridging): the I-TAG, then the customer's frame as a whole. */
export function readBackboneTag(cursor: Cursor): Next {
  if (!cursor.has(4, 'I-TAG')) return Next.nothing
  cursor.at += 4
  return Next.ethernet
}

const MACSEC_ENCRYPTED = 0x0c
const MACSEC_HAS_CHANNEL = 0x20

/** IEEE 802.1AE §9.3: the SecTAG, of 6 bytes, or of 14 if it names its channel. The check value at the end is after the IP packet. */
export function readMacsec(cursor: Cursor): Next {
  if (!cursor.has(1, 'MACsec header')) return Next.nothing
  const flags = cursor.bytes[cursor.at]!
  if ((flags & MACSEC_ENCRYPTED) !== 0) return cursor.encrypted('MACsec')
  const length = (flags & MACSEC_HAS_CHANNEL) !== 0 ? 14 : 6
  if (!cursor.has(length + 2, 'MACsec header')) return Next.nothing
  cursor.at += length + 2
  return etherType(uint16(cursor.bytes, cursor.at - 2))
}

/** What the next-protocol byte of a Network Service Header means, also in VXLAN's generic protocol extension. */
export function nextByServiceByte(byte: number): Next | undefined {
  return SERVICE_PROTOCOLS[byte]
}

const SERVICE_PROTOCOLS: readonly (Next | undefined)[] = [
  undefined,
  Next.ip,
  Next.ip,
  Next.ethernet,
  etherType(EtherType.serviceHeader),
  etherType(EtherType.mpls),
]

/** RFC 8300 §2.2: a header whose length is in words of four bytes. */
export function readServiceHeader(cursor: Cursor): Next {
  if (!cursor.has(8, 'NSH header')) return Next.nothing
  const { bytes, at } = cursor
  const length = 4 * (bytes[at + 1]! & 0x3f)
  if (length < 8) return cursor.malformed('NSH header')
  if (!cursor.has(length, 'NSH header')) return Next.nothing
  cursor.at += length
  return nextByServiceByte(bytes[at + 3]!) ?? cursor.skip('NSH without IP')
}

/** RFC 3378 §3: two bytes, then a frame. MikroTik's EoIPv6 writes its tunnel's number into them. */
export function readEtherIp(cursor: Cursor): Next {
  if (!cursor.has(2, 'EtherIP header')) return Next.nothing
  cursor.at += 2
  return Next.ethernet
}
