// In: the cursor at an 802.11 MAC header, or at the radiotap, Prism or AVS header before one. Out: the cursor at the LLC header of an
// unencrypted data frame, or at the first subframe of an aggregate (IEEE 802.11 §9.2.4, §9.3.2; https://www.radiotap.org).
import { uint16, uint32 } from '../capture/byte-order.ts'
import type { Cursor } from './cursor.ts'
import { Next } from './next.ts'

const TYPES = ['802.11 management', '802.11 control', '802.11 data', '802.11 extension'] as const
const TYPE_DATA = 2

/** Bits of the frame control field's second byte. */
const FLAG_MORE_FRAGMENTS = 0x04
const FLAG_PROTECTED = 0x40
const FLAG_HT_CONTROL = 0x80
const BOTH_DISTRIBUTION_SYSTEMS = 0x03

/** Bits of a data frame's subtype. */
const SUBTYPE_NO_DATA = 0x4
const SUBTYPE_QOS = 0x8

/**
 * Moves past the MAC header. `isPadded`: it is padded to a multiple of four bytes, as radiotap says. `isSwapped`: the two bytes of
 * the frame control field are swapped.
 */
export function readIeee80211(cursor: Cursor, { isPadded = false, isSwapped = false } = {}): Next {
  const { bytes, at } = cursor
  if (!cursor.has(2, '802.11 header')) return Next.nothing
  const control = bytes[isSwapped ? at + 1 : at]!
  const flags = bytes[isSwapped ? at : at + 1]!
  const type = (control >> 2) & 0x3
  const subtype = control >> 4
  if ((control & 0x3) !== 0) return cursor.skip('802.11 extension')
  if (type !== TYPE_DATA) return cursor.skip(TYPES[type]!)
  if ((subtype & SUBTYPE_NO_DATA) !== 0) return cursor.skip('802.11 null data')
  if ((flags & FLAG_PROTECTED) !== 0) return cursor.skip('802.11 encrypted')

  const qosAt = (flags & BOTH_DISTRIBUTION_SYSTEMS) === BOTH_DISTRIBUTION_SYSTEMS ? 30 : 24
  const isQos = (subtype & SUBTYPE_QOS) !== 0
  // In a frame without QoS, the bit of HT Control means "strictly ordered", and no such field follows.
  let length = isQos ? qosAt + ((flags & FLAG_HT_CONTROL) !== 0 ? 6 : 2) : qosAt
  if (isPadded) length = (length + 3) & ~3
  if (!cursor.has(length, '802.11 header')) return Next.nothing
  const isFragment = (flags & FLAG_MORE_FRAGMENTS) !== 0 || (bytes[at + 22]! & 0x0f) !== 0
  if (isFragment) return cursor.skip('802.11 fragment')
  cursor.at += length
  return isQos && (bytes[at + qosAt]! & 0x80) !== 0 ? Next.aggregate : Next.llc
}

/**
 * Moves past the radiotap header and the 802.11 header. Of radiotap's fields only Flags matters: it tells of padding and of a
 * frame check sequence at the end.
 */
export function readRadiotap(cursor: Cursor): Next {
  const { bytes, at } = cursor
  if (!cursor.has(8, 'radiotap header')) return Next.nothing
  const length = bytes[at + 2]! | (bytes[at + 3]! << 8)
  if (length < 8) return cursor.malformed('radiotap header')
  if (!cursor.has(length, 'radiotap header')) return Next.nothing
  const flags = radiotapFlags(bytes, at, length)
  if ((flags & 0x40) !== 0) return cursor.skip('802.11 bad frame check sequence')
  if ((flags & 0x10) !== 0) cursor.narrow(Math.max(at + length, cursor.wireEnd - 4))
  cursor.at += length
  return readIeee80211(cursor, { isPadded: (flags & 0x20) !== 0 })
}

const AVS_VERSION = 0x80211000

/** LINKTYPE_IEEE802_11_PRISM: a message code and a length in the byte order of the machine. Some drivers write AVS's header instead. */
export function readPrism(cursor: Cursor): Next {
  if (!cursor.has(8, 'Prism header')) return Next.nothing
  const { bytes, at } = cursor
  if ((uint32(bytes, at, false) & 0xfffff000) >>> 0 === AVS_VERSION) return readAvs(cursor)
  const isLittle = bytes[at] !== 0
  return moveToMac(cursor, 'Prism header', uint32(bytes, at + 4, isLittle))
}

/** LINKTYPE_IEEE802_11_AVS: a version and a length in network byte order. */
export function readAvs(cursor: Cursor): Next {
  if (!cursor.has(8, 'AVS header')) return Next.nothing
  return moveToMac(cursor, 'AVS header', uint32(cursor.bytes, cursor.at + 4, false))
}

function moveToMac(cursor: Cursor, name: string, length: number): Next {
  if (length < 8) return cursor.malformed(name)
  if (!cursor.has(length, name)) return Next.nothing
  cursor.at += length
  return Next.ieee80211
}

/**
 * Narrows the cursor to the subframe at `at` (IEEE 802.11 §9.3.2.2: two addresses, a length, an MSDU, padding to four bytes) and
 * moves to its MSDU. Returns where the next subframe starts, at least 14 bytes further; undefined, with a reason, if there is no
 * subframe that can be read.
 */
export function readSubframe(cursor: Cursor): number | undefined {
  const { bytes, at } = cursor
  if (!cursor.has(14, 'A-MSDU subframe')) return undefined
  const length = 14 + uint16(bytes, at + 12, false)
  cursor.narrow(at + length)
  cursor.at += 14
  return at + ((length + 3) & ~3)
}

/**
 * The Flags field. Bit 1 of the first word of presence bits says whether it is there. It follows all words of presence bits, and
 * TSFT if that is there (bit 0; eight bytes, aligned to eight).
 */
function radiotapFlags(bytes: Uint8Array, at: number, length: number): number {
  const present = bytes[at + 4]!
  if ((present & 0x2) === 0) return 0
  let offset = 8
  while (offset <= length && (bytes[at + offset - 1]! & 0x80) !== 0) offset += 4
  if ((present & 0x1) !== 0) offset = ((offset + 7) & ~7) + 8
  return offset < length ? bytes[at + offset]! : 0
}
