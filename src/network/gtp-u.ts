// In: the cursor at a GTP-U header: how mobile networks carry what a phone sends (3GPP TS 29.281 §5). Out: the cursor at the phone's
// packet.
import { uint16 } from '../base/bytes.ts'
import type { Cursor } from './cursor.ts'
import { readUnannounced } from './mpls.ts'
import { Next } from './next.ts'

/** Of the first byte: the version (1) and the protocol type (1, GTP and not GTP'). */
const VERSION_1 = 0x30
const VERSION_BITS = 0xf0
/** Set if the four optional bytes are there: extension header, sequence number or N-PDU number. */
const HAS_OPTIONAL = 0x07
const HAS_EXTENSION = 0x04
/** The message type of a packet of the phone (T-PDU). */
const PACKET = 0xff

/** Moves past the header and its extension headers (§5.2.1), each of which names the next. */
export function readGtpU(cursor: Cursor, title: string): Next {
  const { bytes, at } = cursor
  if (!cursor.has(8, 'GTP-U header')) return Next.nothing
  const flags = bytes[at]!
  if ((flags & VERSION_BITS) !== VERSION_1 || bytes[at + 1] !== PACKET) return cursor.skip(title)
  cursor.narrow(at + 8 + uint16(bytes, at + 2))
  cursor.at += 8
  if ((flags & HAS_OPTIONAL) !== 0) {
    if (!cursor.has(4, 'GTP-U header')) return Next.nothing
    cursor.at += 4
    if ((flags & HAS_EXTENSION) !== 0 && !skipExtensions(cursor)) return Next.nothing
  }
  return readUnannounced(cursor, title, [0])
}

/** The length of an extension header is in words of four bytes; its last byte is the type of the next, 0 for none. */
function skipExtensions(cursor: Cursor): boolean {
  while (cursor.bytes[cursor.at - 1] !== 0) {
    if (!cursor.has(4, 'GTP-U extension header')) return false
    const length = 4 * cursor.bytes[cursor.at]!
    if (length === 0) {
      cursor.malformed('GTP-U extension header')
      return false
    }
    if (!cursor.has(length, 'GTP-U extension header')) return false
    cursor.at += length
  }
  return true
}
