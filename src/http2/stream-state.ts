// One stream of an HTTP/2 connection that is WebSocket, or may be: what is known of it, and what is held back until more is.
import { HeldItems } from '../base/held-items.ts'
import type { Budget } from '../base/limits.ts'
import type { Direction, Gap, StreamEnd, StreamItem } from '../base/stream.ts'
import type { Http2Head } from './heads.ts'

/** Says whether bytes are WebSocket, and who is the client, of a stream whose request was not captured or cannot be decoded. */
export interface Recognizer {
  push(
    direction: Direction,
    item: StreamItem,
  ):
    | { readonly is: 'websocket'; readonly clientDirection: Direction }
    | { readonly is: 'other' | 'undecided' }
  release(): void
}

/** `asked` for WebSocket, no answer so far. `open`. `unknown`: its request was not seen, or cannot be read. `other`: no WebSocket, or over. */
export type StreamPhase = 'asked' | 'open' | 'unknown' | 'other'

const HEAD_COST = 512
/** Bytes held of one stream before it is known whether it is WebSocket, what holding them costs included. */
const HELD_LIMIT = 256 * 1024

export class StreamState {
  readonly id: number
  phase: StreamPhase = 'unknown'
  request: Http2Head | undefined
  response: Http2Head | undefined
  recognizer: Recognizer | undefined
  readonly held: HeldItems
  /** The directions that have ended, as bits. */
  ended = 0
  /** Frames of each direction may be missing here, and no item says so yet. */
  readonly lost: [Gap | undefined, Gap | undefined] = [undefined, undefined]
  /** The other side has reset the stream: the end of a direction that is read no further than what was sent before. */
  readonly reset: [StreamEnd | undefined, StreamEnd | undefined] = [undefined, undefined]
  readonly #budget: Budget
  #charged = 0

  constructor(id: number, budget: Budget) {
    this.id = id
    this.held = new HeldItems(budget, HELD_LIMIT)
    this.#budget = budget
  }

  /** Keeps a head until the other one comes; false where there is no room for it. */
  keepHead(head: Http2Head, as: 'request' | 'response'): boolean {
    const cost = head.cost + HEAD_COST
    if (!this.#budget.take(cost)) return false
    this.#charged += cost
    this[as] = head
    return true
  }

  /** Something was lost in a direction. */
  lose(direction: Direction, gap: Gap): void {
    const length = gap.length + (this.lost[direction]?.length ?? 0)
    this.lost[direction] = { ...gap, length, isEstimate: true }
  }

  /** Holds an item until more is known; if there is no room for it, a gap in its place. */
  hold(direction: Direction, item: StreamItem): void {
    if (this.held.push(direction, item, 0) || item.kind === 'end') return
    this.held.pushGap(direction, item, 0)
  }

  hasEnded(direction: Direction): boolean {
    return (this.ended & (1 << direction)) !== 0
  }

  /** It is WebSocket, or it is not: gives back what was held for the sake of knowing. */
  settle(phase: 'open' | 'other'): void {
    this.phase = phase
    this.#budget.give(this.#charged)
    this.#charged = 0
    this.recognizer?.release()
    this.recognizer = undefined
    if (phase === 'other') this.held.takeAll()
  }
}
