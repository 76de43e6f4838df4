// In: the cursor at an L2TP header, over UDP (RFC 2661; RFC 3931 §4.1.2) or over IP (RFC 3931 §4.1.1). Out: the cursor at PPP, or at
// the Ethernet or IP inside.
import { uint16, uint32 } from '../base/bytes.ts'
import type { Cursor } from './cursor.ts'
import { readUnannounced } from './mpls.ts'
import { Next } from './next.ts'

const IS_CONTROL = 0x8000
const HAS_LENGTH = 0x4000
const HAS_SEQUENCE = 0x0800
const HAS_OFFSET = 0x0200
const VERSION = 0x000f

/** Only the ends know how long the cookie (0, 4 or 8 bytes) and the sublayer (0 or 4) of version 3 are. Linux sends 0 and 4. */
const VERSION_3_GAPS: readonly number[] = [4, 0, 8, 12]

/** L2TP over UDP: version 2 carries PPP, version 3 anything. */
export function readL2tp(cursor: Cursor): Next {
  if (!cursor.has(6, 'L2TP header')) return Next.nothing
  const { bytes, at } = cursor
  const flags = uint16(bytes, at)
  if ((flags & IS_CONTROL) !== 0) return cursor.skip('L2TP control')
  if ((flags & VERSION) === 3) {
    cursor.at += 4
    return readSession(cursor)
  }
  if ((flags & VERSION) !== 2) return cursor.skip('L2TP')
  let length = 6
  if ((flags & HAS_LENGTH) !== 0) length += 2
  if ((flags & HAS_SEQUENCE) !== 0) length += 4
  if ((flags & HAS_OFFSET) !== 0) {
    if (!cursor.has(length + 2, 'L2TP header')) return Next.nothing
    length += 2 + uint16(bytes, at + length)
  }
  if (!cursor.has(length, 'L2TP header')) return Next.nothing
  cursor.at += length
  return Next.ppp
}

/** L2TP version 3 over IP: a session, 0 for control messages. */
export function readL2tpOverIp(cursor: Cursor): Next {
  if (!cursor.has(4, 'L2TP header')) return Next.nothing
  return uint32(cursor.bytes, cursor.at) === 0 ? cursor.skip('L2TP control') : readSession(cursor)
}

function readSession(cursor: Cursor): Next {
  if (!cursor.has(4, 'L2TP header')) return Next.nothing
  cursor.at += 4
  return readUnannounced(cursor, 'L2TP', VERSION_3_GAPS)
}
