// TCP port numbers reused: whether a segment is of the connection that has its addresses and ports, or of another one after it; and what is
// remembered of a connection that has ended for that. RFC 9293 §3.10.7.
import type { Direction } from '../base/stream.ts'
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

/**
 * What is remembered of a TCP connection that has ended: enough to tell its late packets from another connection. Tens of thousands are
 * remembered at a time, in a third of the memory of a connection.
 */
export class EndedConnection {
  readonly hasEnded = true
  readonly openerIsHigher: boolean
  readonly sawSyn: boolean
  readonly #forward: StreamPlace | undefined
  readonly #backward: StreamPlace | undefined

  constructor(
    openerIsHigher: boolean,
    sawSyn: boolean,
    forward: StreamPlace | undefined,
    backward: StreamPlace | undefined,
  ) {
    this.openerIsHigher = openerIsHigher
    this.sawSyn = sawSyn
    this.#forward = placeOf(forward)
    this.#backward = placeOf(backward)
  }

  /** Whether a segment with this connection's addresses and ports is of another connection, after it. */
  isOther(segment: Segment, direction: Direction): boolean {
    return direction === 0
      ? isOther(segment, this, this.#forward, this.#backward)
      : isOther(segment, this, this.#backward, this.#forward)
  }
}

/** A copy, which holds on to nothing else. */
function placeOf(stream: StreamPlace | undefined): StreamPlace | undefined {
  return stream?.isKnown ? { isKnown: true, start: stream.start, expected: stream.expected } : undefined
}
