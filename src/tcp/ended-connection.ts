// What is remembered of a TCP connection that has ended: enough to tell its late packets from another connection with the same addresses and
// ports. Tens of thousands are remembered at a time, in a third of the memory of a connection.

import type { Direction } from '../base/stream.ts'
import type { Segment } from '../network/segment.ts'
import { isOther, type StreamPlace } from './port-reuse.ts'

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
