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
  { hasEnded, sawSyn }: { readonly hasEnded: boolean; readonly sawSyn: boolean },
  sent: StreamPlace | undefined,
  answered: StreamPlace | undefined,
): boolean {
  const { flags, sequence, acknowledgment } = segment
  const isAnswer = (flags & TcpFlag.ack) !== 0
  if ((flags & TcpFlag.syn) !== 0) {
    if (hasEnded && !isAnswer) return true
    if (!sent?.isKnown) return false
    const distance = sequenceDistance(sent.start, sequence + 1)
    if (distance === 0 || (!sawSyn && distance < 0 && distance >= -LATE_SYN)) return false
    return !isAnswer || !answered?.isKnown || sequenceDistance(answered.start, acknowledgment) !== 0
  }
  if (segment.start === segment.end || !sent?.isKnown || isNear(sent.expected, sequence)) return false
  return !isAnswer || !answered?.isKnown || !isNear(answered.expected, acknowledgment)
}
