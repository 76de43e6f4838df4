// In: the cursor at a link-layer header. Out: the cursor at an IP header. Reads Ethernet with VLAN tags and LLC/SNAP, PPP and
// PPPoE, 802.11, and the BSD and Linux pseudo-headers. The link types are from the tcpdump group's list
// (https://www.tcpdump.org/linktypes.html).
import { uint16, uint32 } from '../base/bytes.ts'
import type { Cursor } from './cursor.ts'
import { readIeee80211, readRadiotap } from './ieee80211.ts'
import { readLlc } from './llc.ts'
import { EtherType, nameEtherType } from './protocols.ts'

/** tcpdump's names for the link types that are read. */
const LINK_TYPES: ReadonlyMap<number, string> = new Map([
  [0, 'NULL'],
  [1, 'EN10MB'],
  [9, 'PPP'],
  [12, 'RAW'],
  [14, 'RAW'],
  [50, 'PPP_SERIAL'],
  [101, 'RAW'],
  [105, 'IEEE802_11'],
  [108, 'LOOP'],
  [113, 'LINUX_SLL'],
  [127, 'IEEE802_11_RADIO'],
  [228, 'IPV4'],
  [229, 'IPV6'],
  [276, 'LINUX_SLL2'],
])

/** tcpdump's name for a link type; undefined if it is not read. */
export function nameLinkType(linkType: number): string | undefined {
  return LINK_TYPES.get(linkType)
}

/** Moves past the link-layer headers to an IP header, or to the MSDUs of an aggregate: then it sets `aggregated`. */
export function readLink(cursor: Cursor, linkType: number): boolean {
  switch (linkType) {
    case 1:
      return readEthernet(cursor)
    case 0:
      return readFamily(cursor, false)
    case 108:
      return readFamily(cursor, true)
    case 12:
    case 14:
    case 101:
    case 228:
    case 229:
      return true
    case 113:
      return readLinuxCooked(cursor, 16, 14)
    case 276:
      return readLinuxCooked(cursor, 20, 0)
    case 9:
    case 50:
      return readPpp(cursor)
    case 105:
      return readIeee80211(cursor, false) && readMsdu(cursor)
    case 127:
      return readRadiotap(cursor) && readMsdu(cursor)
    default:
      return cursor.skip(`unsupported link type ${linkType}`)
  }
}

/** IEEE 802.3 §3: two addresses and an EtherType or a length. */
export function readEthernet(cursor: Cursor): boolean {
  if (!cursor.has(14, 'Ethernet header')) return false
  const type = uint16(cursor.bytes, cursor.at + 12)
  cursor.at += 14
  return type === EtherType.ipv4 || readEtherType(cursor, type)
}

/**
 * Moves past VLAN tags, LLC/SNAP and PPPoE to an IP header. `type` says what is at the cursor. The loop ends, since each turn
 * reads at least three bytes.
 */
export function readEtherType(cursor: Cursor, type: number): boolean {
  for (let next: number | undefined = type; next !== undefined; ) {
    switch (next) {
      case EtherType.ipv4:
      case EtherType.ipv6:
        return true
      case EtherType.vlan:
      case EtherType.stackedVlan:
      case EtherType.oldStackedVlan:
      case EtherType.otherStackedVlan:
        if (!cursor.has(4, 'VLAN tag')) return false
        next = uint16(cursor.bytes, cursor.at + 2)
        cursor.at += 4
        break
      case EtherType.pppoeSession:
        if (!cursor.has(6, 'PPPoE header')) return false
        cursor.at += 6
        return readPppProtocol(cursor)
      default:
        // A number below 0x0600 is a length (IEEE 802.3 §3.2.6), or Linux' own number for a frame with an LLC header.
        if (next >= 0x0600) return cursor.skip(nameEtherType(next))
        next = readLlc(cursor)
    }
  }
  return false
}

/**
 * Reads an MSDU of 802.11, which starts with LLC/SNAP. If `aggregated` is set, the caller reads the MSDUs one by one
 * (`readSubframe`).
 */
export function readMsdu(cursor: Cursor): boolean {
  if (cursor.aggregated) return true
  const type = readLlc(cursor)
  return type !== undefined && readEtherType(cursor, type)
}

/**
 * LINKTYPE_NULL and LINKTYPE_LOOP: the address family, by the number that it has on the capturing machine, in that machine's byte
 * order (NULL) or in network byte order (LOOP).
 */
function readFamily(cursor: Cursor, bigEndian: boolean): boolean {
  if (!cursor.has(4, 'loopback header')) return false
  const word = uint32(cursor.bytes, cursor.at)
  // Families are small numbers: if either of the word's first two bytes is not zero, it was written little-endian.
  const swapped = !bigEndian && word >>> 16 !== 0
  const family = swapped
    ? ((word >>> 24) | ((word >>> 8) & 0xff00) | ((word << 8) & 0xff0000) | (word << 24)) >>> 0
    : word
  cursor.at += 4
  switch (family) {
    case 2: // IPv4 everywhere; IPv6 is 10 on Linux, 23 on Windows, 24 on NetBSD and OpenBSD, 28 on FreeBSD, 30 on macOS.
    case 10:
    case 23:
    case 24:
    case 28:
    case 30:
      return true
    default:
      return cursor.skip('unknown address family')
  }
}

/** LINKTYPE_LINUX_SLL and LINKTYPE_LINUX_SLL2: what Linux writes when it captures on the interface "any". */
function readLinuxCooked(cursor: Cursor, length: number, typeAt: number): boolean {
  if (!cursor.has(length, 'Linux cooked header')) return false
  const type = uint16(cursor.bytes, cursor.at + typeAt)
  cursor.at += length
  return readEtherType(cursor, type)
}

/**
 * RFC 1662 §3.1: address ff and control 03, which peers may omit (RFC 1661 §6.6). LINKTYPE_PPP_HDLC may also hold Cisco's HDLC.
 */
function readPpp(cursor: Cursor): boolean {
  if (!cursor.has(2, 'PPP header')) return false
  const { bytes, at } = cursor
  if (bytes[at] === 0xff && bytes[at + 1] === 0x03) {
    cursor.at += 2
  } else if (bytes[at] === 0x0f || bytes[at] === 0x8f) {
    if (!cursor.has(4, 'Cisco HDLC header')) return false
    cursor.at += 4
    return readEtherType(cursor, uint16(bytes, at + 2))
  }
  return readPppProtocol(cursor)
}

/**
 * RFC 1661 §2: the protocol in two bytes, or in one if the peers compress it (§6.5). The last byte of a protocol number is always
 * odd.
 */
function readPppProtocol(cursor: Cursor): boolean {
  if (!cursor.has(1, 'PPP header')) return false
  let protocol = cursor.bytes[cursor.at]!
  if ((protocol & 1) === 0) {
    if (!cursor.has(2, 'PPP header')) return false
    protocol = uint16(cursor.bytes, cursor.at)
    cursor.at += 1
  }
  cursor.at += 1
  if (protocol === 0x0021 || protocol === 0x0057) return true
  return cursor.skip(`PPP protocol 0x${protocol.toString(16).padStart(4, '0')}`)
}
