// In: the cursor at what Teredo sends over UDP (RFC 4380 §5.1.1). Out: the cursor at the IPv6 packet.
// Each header stands alone in a file, to be read beside its RFC.
import { uint16 } from '../base/bytes.ts'
import type { Cursor } from './cursor.ts'
import { Next } from './next.ts'

const ORIGIN = 0x0000
const AUTHENTICATION = 0x0001

/** Two indications may come first, each once: an authentication, then an origin. */
export function readTeredo(cursor: Cursor, title: string): Next {
  const { bytes } = cursor
  if (!cursor.has(2, 'Teredo header')) return Next.nothing
  if (uint16(bytes, cursor.at) === AUTHENTICATION) {
    if (!cursor.has(4, 'Teredo header')) return Next.nothing
    const length = 13 + bytes[cursor.at + 2]! + bytes[cursor.at + 3]!
    if (!cursor.has(length + 2, 'Teredo header')) return Next.nothing
    cursor.at += length
  }
  if (uint16(bytes, cursor.at) === ORIGIN) {
    if (!cursor.has(8, 'Teredo header')) return Next.nothing
    cursor.at += 8
  }
  if (!cursor.has(1, 'Teredo header')) return Next.nothing
  return bytes[cursor.at]! >> 4 === 6 ? Next.ip : cursor.skip(title)
}
