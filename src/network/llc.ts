// In: the cursor at an LLC header (IEEE 802.2), as in 802.3 frames with a length and in all 802.11 data. Out: the EtherType of what
// follows. Each header stands alone in a file, to be read beside its standard.
import { uint16 } from '../base/bytes.ts'
import type { Cursor } from './cursor.ts'
import { EtherType } from './protocols.ts'

const SAP_IP = 0x06
const SAP_SNAP = 0xaa
const SAP_SPANNING_TREE = 0x42
const UNNUMBERED_INFORMATION = 0x03

/**
 * Moves past the LLC header, and past the SNAP header if there is one (RFC 1042). Undefined, with a reason, if they do not lead
 * to an EtherType.
 */
export function readLlc(cursor: Cursor): number | undefined {
  const { bytes, at } = cursor
  if (!cursor.has(3, 'LLC header')) return undefined
  const destination = bytes[at]
  if (bytes[at + 1] === destination && bytes[at + 2] === UNNUMBERED_INFORMATION) {
    if (destination === SAP_SNAP) return readSnap(cursor)
    if (destination === SAP_IP) {
      cursor.at += 3
      return EtherType.ipv4
    }
  }
  cursor.skip(destination === SAP_SPANNING_TREE ? 'STP' : 'LLC')
  return undefined
}

function readSnap(cursor: Cursor): number | undefined {
  const { bytes, at } = cursor
  if (!cursor.has(8, 'SNAP header')) return undefined
  const organisation = (bytes[at + 3]! << 16) | uint16(bytes, at + 4)
  // 0000f8 is the bridge tunnel of IEEE 802.1H. Other organisations have their own protocol numbers.
  if (organisation !== 0 && organisation !== 0x0000f8) {
    cursor.skip('LLC')
    return undefined
  }
  cursor.at += 8
  return uint16(bytes, at + 6)
}
