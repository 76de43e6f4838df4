// Whether a segment is of the connection that has its addresses and ports, or of another one after it. In: the segment, and where the streams of
// the connection stand. RFC 9293 §3.10.7.
import { type Segment, TcpFlag } from '../network/segment.ts'
import { isNear, sequenceDistance } from './sequence.ts'

/** Where a stream stands, in sequence numbers. */
export interface StreamPlace {
  /** False where no sequence number of it was seen. */
  readonly isKnown: boolean
  /** Of its first byte. */
  readonly start: number
  /** Of the byte that comes next. */
  readonly expected: number
}

/** A SYN recorded after the first bytes of its stream lies no more before them than a first flight of segments. */
const LATE_SYN = 65_536

/** Whether a segment is of another connection. `sent`: the stream of the side that sent it; `answered`: the other one; undefined where that has
 * carried nothing. */
export function isOther(
  segment: Segment,
  connection: { readonly hasEnded: boolean; readonly sawSyn: boolean },
  sent: StreamPlace | undefined,
  answered: StreamPlace | undefined,
): boolean {
  if ((segment.flags & TcpFlag.syn) !== 0) {
    const isFirst = (segment.flags & TcpFlag.ack) === 0
    if (connection.hasEnded && isFirst) return true
    if (!sent?.isKnown) return false
    const distance = sequenceDistance(sent.start, segment.sequence + 1)
    const mayBeLate = !connection.sawSyn && distance >= -LATE_SYN
    if (distance === 0 || (mayBeLate && distance < 0)) return false
    return isFirst || !answered?.isKnown || sequenceDistance(answered.start, segment.acknowledgment) !== 0
  }
  if (segment.start === segment.end || !sent?.isKnown || isNear(sent.expected, segment.sequence)) return false
  if ((segment.flags & TcpFlag.ack) === 0) return true
  return !answered?.isKnown || !isNear(answered.expected, segment.acknowledgment)
}
