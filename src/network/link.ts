// In: the cursor at a header that the capturing machine wrote before the packet (https://www.tcpdump.org/linktypes.html). Out: what
// it announces. Those of 802.11 are in ieee80211.ts.
import { uint16, uint32 } from '../capture/byte-order.ts'
import type { Cursor } from './cursor.ts'
import { etherType, linkType, Next } from './next.ts'

/** Address families: IPv4 everywhere; IPv6 is 10 on Linux, 23 on Windows, 24 on NetBSD and OpenBSD, 28 on FreeBSD, 30 on macOS. */
const IP_FAMILIES: readonly number[] = [2, 10, 23, 24, 28, 30]

/** LINKTYPE_NULL: the address family as a word in the byte order of the capturing machine. */
export function readFamily(cursor: Cursor): Next {
  return readFamilyWord(cursor, false)
}

/** LINKTYPE_LOOP: the same in network byte order. */
export function readNetworkFamily(cursor: Cursor): Next {
  return readFamilyWord(cursor, true)
}

function readFamilyWord(cursor: Cursor, isBigEndian: boolean): Next {
  if (!cursor.has(4, 'loopback header')) return Next.nothing
  const word = uint32(cursor.bytes, cursor.at, false)
  // Families are small numbers: if either of the word's first two bytes is not zero, it was written little-endian.
  const family = isBigEndian || word >>> 16 === 0 ? word : uint32(cursor.bytes, cursor.at, true)
  cursor.at += 4
  return IP_FAMILIES.includes(family) ? Next.ip : cursor.skip('unknown address family')
}

/** LINKTYPE_LINUX_SLL: what Linux writes when it captures on the interface "any". */
export function readLinuxCooked(cursor: Cursor): Next {
  return readTypedHeader(cursor, 'Linux cooked header', 16, 14)
}

/** LINKTYPE_LINUX_SLL2. */
export function readLinuxCooked2(cursor: Cursor): Next {
  return readTypedHeader(cursor, 'Linux cooked header', 20, 0)
}

/** LINKTYPE_IPOIB: InfiniBand's global route header, then an EtherType and two reserved bytes (RFC 4391 §6). */
export function readInfiniband(cursor: Cursor): Next {
  return readTypedHeader(cursor, 'IPoIB header', 44, 40)
}

function readTypedHeader(cursor: Cursor, name: string, length: number, typeAt: number): Next {
  if (!cursor.has(length, name)) return Next.nothing
  const type = uint16(cursor.bytes, cursor.at + typeAt, false)
  cursor.at += length
  return etherType(type)
}

/** LINKTYPE_ENC: what OpenBSD captures before or after IPsec: address family, SPI, flags. */
export function readEnc(cursor: Cursor): Next {
  if (!cursor.has(12, 'ENC header')) return Next.nothing
  cursor.at += 12
  return Next.ip
}

const NFLOG_PAYLOAD = 9

/** LINKTYPE_NFLOG: a header of four bytes, then attributes, each with its length and its type in the byte order of the machine. */
export function readNflog(cursor: Cursor): Next {
  if (!cursor.has(4, 'NFLOG header')) return Next.nothing
  const { bytes } = cursor
  let at = cursor.at + 4
  while (at + 4 <= cursor.end) {
    // A type is a small number. The byte that is zero is its upper one.
    const isLittle = bytes[at + 3] === 0
    const length = uint16(bytes, at, isLittle)
    const type = uint16(bytes, at + 2, isLittle)
    if (length < 4) return cursor.malformed('NFLOG attribute')
    if (type === NFLOG_PAYLOAD) {
      cursor.narrow(at + length)
      cursor.at = at + 4
      return Next.ip
    }
    at += (length + 3) & ~3
  }
  return at > cursor.wireEnd - 4 ? cursor.skip('NFLOG without a packet') : cursor.truncated('NFLOG header')
}

const PKTAP_PACKET = 1
const PKTAP_SHORTEST = 12

/** LINKTYPE_PKTAP, as macOS and rvictl write it: its length, the type of record, the packet's own link type; little-endian. */
export function readPktap(cursor: Cursor): Next {
  if (!cursor.has(PKTAP_SHORTEST, 'PKTAP header')) return Next.nothing
  const { bytes, at } = cursor
  const length = uint32(bytes, at, true)
  if (length < PKTAP_SHORTEST) return cursor.malformed('PKTAP header')
  if (!cursor.has(length, 'PKTAP header')) return Next.nothing
  if (uint32(bytes, at + 4, true) !== PKTAP_PACKET) return cursor.skip('PKTAP without a packet')
  cursor.at += length
  return linkType(uint32(bytes, at + 8, true) & 0xffff)
}

const PKTAP_LONGEST = 1024

const USER2 = 149

/** Link type 149 is for private use (USER2). Apple's older systems wrote PKTAP under it, so it is taken for that if it reads so. */
export function readUser2(cursor: Cursor): Next {
  const { bytes, at } = cursor
  if (cursor.end - at < PKTAP_SHORTEST) return cursor.unsupported(USER2)
  const length = uint32(bytes, at, true)
  const looksLikePktap =
    length >= PKTAP_SHORTEST && length <= PKTAP_LONGEST && uint32(bytes, at + 4, true) === PKTAP_PACKET
  return looksLikePktap ? readPktap(cursor) : cursor.unsupported(USER2)
}

/** LINKTYPE_PPI: version, flags, length and the packet's own link type; little-endian. */
export function readPpi(cursor: Cursor): Next {
  if (!cursor.has(8, 'PPI header')) return Next.nothing
  const { bytes, at } = cursor
  const length = uint16(bytes, at + 2, true)
  if (length < 8) return cursor.malformed('PPI header')
  if (!cursor.has(length, 'PPI header')) return Next.nothing
  cursor.at += length
  return linkType(uint32(bytes, at + 4, true) & 0xffff)
}
