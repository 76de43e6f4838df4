// Reuse of TCP ports (RFC 9293 §3.10.7). In: a segment, and the connection that has its addresses and ports. Out: whether the
// segment belongs to a later connection. For that, a little is remembered of each connection that has ended.
import type { Direction } from '../base/stream.ts'
import { type Segment, TcpFlag } from '../network/segment.ts'
import { isNear, sequenceDistance } from './sequence.ts'

/** How far a stream has come. */
export interface StreamPlace {
  /** False if no sequence number of the stream was seen. */
  readonly isKnown: boolean
  /** Sequence number of its first byte, as a signed word. */
  readonly start: number
  /** Sequence number of the byte that comes next, as a signed word. */
  readonly expected: number
}

/**
 * A SYN may be recorded after the first bytes of its stream. Then its sequence number is at most this much before them: a first
 * flight.
 */
const LATE_SYN = 65_536

/**
 * Whether a segment with a connection's addresses and ports belongs to a later connection. `sent`: the stream of the side that
 * sent the segment. `answered`: the other stream. Either is undefined if it has carried nothing.
 */
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
 * What is remembered of a TCP connection that has ended: enough to tell its late packets from a later connection. Tens of
 * thousands are remembered at a time, each in a third of the memory of a connection.
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

  /** Whether a segment with this connection's addresses and ports belongs to a later connection. */
  isOther(segment: Segment, direction: Direction): boolean {
    return direction === 0
      ? isOther(segment, this, this.#forward, this.#backward)
      : isOther(segment, this, this.#backward, this.#forward)
  }
}

/** A copy, so that the stream itself is not kept alive. */
function placeOf(stream: StreamPlace | undefined): StreamPlace | undefined {
  return stream?.isKnown ? { isKnown: true, start: stream.start, expected: stream.expected } : undefined
}
