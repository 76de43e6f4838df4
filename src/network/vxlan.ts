// In: the cursor at the header of a network that is laid over another one: VXLAN, its generic protocol extension, GENEVE. Out: the
// cursor at the Ethernet frame or the IP packet inside.
// Each header stands alone in a file, to be read beside its RFC.
import { uint16 } from '../base/bytes.ts'
import type { Cursor } from './cursor.ts'
import { nextByServiceByte } from './ethernet.ts'
import { etherType, Next } from './next.ts'
import { EtherType } from './protocols.ts'

const HAS_NETWORK = 0x08
const HAS_PROTOCOL = 0x04

/** RFC 7348 §5: eight bytes, with the I flag set. */
export function readVxlan(cursor: Cursor, title: string): Next {
  if (!cursor.has(8, 'VXLAN header')) return Next.nothing
  if ((cursor.bytes[cursor.at]! & HAS_NETWORK) === 0) return cursor.skip(title)
  cursor.at += 8
  return Next.ethernet
}

/** draft-ietf-nvo3-vxlan-gpe §3.1: if the P flag is set, the fourth byte names what is inside. */
export function readVxlanGpe(cursor: Cursor, title: string): Next {
  const { bytes, at } = cursor
  const next = readVxlan(cursor, title)
  if (next === Next.nothing || (bytes[at]! & HAS_PROTOCOL) === 0) return next
  return nextByServiceByte(bytes[at + 3]!) ?? cursor.skip(title)
}

/** RFC 8926 §3.4: eight bytes, then options. */
export function readGeneve(cursor: Cursor, title: string): Next {
  const { bytes, at } = cursor
  if (!cursor.has(8, 'GENEVE header')) return Next.nothing
  if (bytes[at]! >> 6 !== 0) return cursor.skip(title)
  const length = 8 + 4 * (bytes[at]! & 0x3f)
  if (!cursor.has(length, 'GENEVE header')) return Next.nothing
  cursor.at += length
  const type = uint16(bytes, at + 2)
  return type === EtherType.transparentEthernet ? Next.ethernet : etherType(type)
}
