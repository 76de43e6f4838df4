// In: the cursor at a TCP header. Out: the fields of a Segment (RFC 9293 §3.1). The checksum is not verified: on the machine that
// sends, the network card fills it in after the packet was captured, so a wrong one says nothing. If the receiver drops a segment, it
// is sent again. Each header stands alone in a file, to be read beside its RFC.
import { uint16, uint32 } from '../base/bytes.ts'
import type { Cursor } from './cursor.ts'
import type { Segment } from './segment.ts'

/**
 * Fills in everything but packet number, time and addresses. A segment whose options are cut still counts, with all of its
 * payload cut.
 */
export function readTcp(cursor: Cursor, segment: Segment): boolean {
  if (!cursor.has(20, 'TCP header')) return false
  const { bytes, at, end, wireEnd } = cursor
  const headerLength = (bytes[at + 12]! >> 4) << 2
  if (headerLength < 20 || at + headerLength > wireEnd) {
    cursor.malformed('TCP header')
    return false
  }
  const start = Math.min(at + headerLength, end)
  segment.family = cursor.family
  segment.sourcePort = uint16(bytes, at)
  segment.destinationPort = uint16(bytes, at + 2)
  segment.sequence = uint32(bytes, at + 4)
  segment.acknowledgment = uint32(bytes, at + 8)
  segment.flags = bytes[at + 13]! & 0x1f
  segment.window = uint16(bytes, at + 14)
  segment.bytes = bytes
  segment.start = start
  segment.end = end
  segment.cut = wireEnd - Math.max(end, at + headerLength)
  return true
}
