// In: the cursor at an LLC header (IEEE 802.2), as in 802.3 frames with a length and in all 802.11 data. Out: what the SNAP
// header or the SAP names. Each header stands alone in a file, to be read beside its standard.
import { uint16 } from '../base/bytes.ts'
import type { Cursor } from './cursor.ts'
import { etherType, Next } from './next.ts'

const SAP_IP = 0x06
const SAP_SNAP = 0xaa
const SAP_SPANNING_TREE = 0x42
const UNNUMBERED_INFORMATION = 0x03

/**
 * Moves past the LLC header, and past the SNAP header if there is one (RFC 1042). Nothing
 * follows if they do not lead to an EtherType.
 */
export function readLlc(cursor: Cursor): Next {
  const { bytes, at } = cursor
  if (!cursor.has(3, 'LLC header')) return Next.nothing
  const destination = bytes[at]
  if (bytes[at + 1] === destination && bytes[at + 2] === UNNUMBERED_INFORMATION) {
    if (destination === SAP_SNAP) return readSnap(cursor)
    if (destination === SAP_IP) {
      cursor.at += 3
      return Next.ip
    }
  }
  return cursor.skip(destination === SAP_SPANNING_TREE ? 'STP' : 'LLC')
}

function readSnap(cursor: Cursor): Next {
  const { bytes, at } = cursor
  if (!cursor.has(8, 'SNAP header')) return Next.nothing
  const organisation = (bytes[at + 3]! << 16) | uint16(bytes, at + 4)
  // 0000f8 is the bridge tunnel of IEEE 802.1H. Other organisations have their own protocol numbers.
  if (organisation !== 0 && organisation !== 0x0000f8) return cursor.skip('LLC')
  cursor.at += 8
  return etherType(uint16(bytes, at + 6))
}
