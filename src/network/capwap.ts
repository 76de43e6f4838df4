// In: the cursor at a CAPWAP header: what an access point and its controller send each other (RFC 5415 §4.3). Out: the cursor at the
// station's frame.
import type { Cursor } from './cursor.ts'
import { readIeee80211 } from './ieee80211.ts'
import { Next } from './next.ts'

/** Of the preamble: a plain header; 1 is DTLS. */
const PLAIN = 0
const WIRELESS_80211 = 1

const DATA_BITS = 0x0f
const DATA_FRAME = 0x08

const IS_NATIVE = 0x01
const IS_FRAGMENT = 0x80
const IS_KEEPALIVE = 0x08

/** If the T bit is clear, the station's frame was turned into Ethernet. */
export function readCapwap(cursor: Cursor, title: string): Next {
  const { bytes, at } = cursor
  if (!cursor.has(8, 'CAPWAP header')) return Next.nothing
  if (bytes[at]! >> 4 !== 0) return cursor.skip(title)
  if ((bytes[at]! & 0x0f) !== PLAIN) return cursor.encrypted(title)
  const length = 4 * (bytes[at + 1]! >> 3)
  const wireless = (bytes[at + 2]! >> 1) & 0x1f
  const flags = bytes[at + 3]!
  if (length < 8) return cursor.malformed('CAPWAP header')
  if ((flags & (IS_FRAGMENT | IS_KEEPALIVE)) !== 0) return cursor.skip(title)
  if (!cursor.has(length, 'CAPWAP header')) return Next.nothing
  cursor.at += length
  if ((bytes[at + 2]! & IS_NATIVE) === 0) return Next.ethernet
  if (wireless !== WIRELESS_80211) return cursor.skip(title)
  return cursor.has(2, '802.11 header')
    ? readIeee80211(cursor, { isSwapped: isSwapped(cursor) })
    : Next.nothing
}

/** Some access points swap the two bytes of the frame control field. The first byte of a data frame is its type. */
function isSwapped({ bytes, at }: Cursor): boolean {
  return (bytes[at]! & DATA_BITS) !== DATA_FRAME && (bytes[at + 1]! & DATA_BITS) === DATA_FRAME
}
