// One stream of an HTTP/2 connection that is WebSocket, or may be: what is known of it, and what waits until more is known.
import { HeldItems } from '../base/held-items.ts'
import type { Budget } from '../base/limits.ts'
import type { Direction, Gap, StreamEnd, StreamItem } from '../base/stream.ts'
import type { Http2Head } from './heads.ts'

/**
 * Says of a stream whose request was not captured or cannot be decoded whether its bytes are WebSocket, and who is the client.
 */
export interface Recognizer {
  push(
    direction: Direction,
    item: StreamItem,
  ):
    | { readonly is: 'websocket'; readonly clientDirection: Direction }
    | { readonly is: 'other' | 'undecided' }
  release(): void
}

/**
 * `asked`: for WebSocket, without an answer so far. `open`: it is WebSocket. `unknown`: its request was not seen, or cannot be
 * read. `other`: it is not WebSocket, or it is over.
 */
export type StreamPhase = 'asked' | 'open' | 'unknown' | 'other'

/** Bytes that the budget pays for a stream. Whoever makes one takes them, and `release` gives them back. */
export const STREAM_COST = 1024
/** Bytes charged for a head in addition to its own cost. */
const HEAD_COST = 512
/** The most bytes held of one stream until it is known whether it is WebSocket, the cost of holding them included. */
const HELD_LIMIT = 256 * 1024

/** Frames that may be missing in one direction of the connection: of any stream, and nobody knows of which. */
export class Losses {
  /** Bytes lost so far. */
  total = 0
  #last: Gap | undefined

  add(gap: Gap): void {
    this.total += gap.length
    this.#last = gap
  }

  /** What was lost since `total` had this value; undefined if nothing was. */
  since(total: number): Gap | undefined {
    if (this.#last === undefined || total === this.total) return undefined
    return { ...this.#last, length: this.total - total, isEstimate: true }
  }
}

/** A stream that is followed. */
export class StreamState {
  readonly id: number
  phase: StreamPhase = 'unknown'
  request: Http2Head | undefined
  response: Http2Head | undefined
  recognizer: Recognizer | undefined
  readonly held: HeldItems
  /** The directions that have ended, as bits, `1 << direction` each. */
  ended = 0
  /** For each direction: its end, if the other side has reset the stream. What was sent before the reset is still read. */
  readonly reset: [StreamEnd | undefined, StreamEnd | undefined] = [undefined, undefined]
  readonly #budget: Budget
  readonly #losses: readonly [Losses, Losses]
  /** For each direction: the total of its losses that its items have told of. */
  readonly #told: [number, number]
  #charged = 0

  constructor(id: number, budget: Budget, losses: readonly [Losses, Losses]) {
    this.id = id
    this.#losses = losses
    this.#told = [losses[0].total, losses[1].total]
    this.held = new HeldItems(budget, HELD_LIMIT)
    this.#budget = budget
  }

  /** Keeps a head until the other one comes; false if there is no room for it. */
  keepHead(head: Http2Head, as: 'request' | 'response'): boolean {
    const cost = head.cost + HEAD_COST
    if (!this.#budget.take(cost)) return false
    this.#charged += cost
    this[as] = head
    return true
  }

  /** What may be missing in a direction before its next item, said once; undefined if nothing is. */
  takeLoss(direction: Direction): Gap | undefined {
    const losses = this.#losses[direction]
    const lost = losses.since(this.#told[direction])
    this.#told[direction] = losses.total
    return lost
  }

  /** Holds an item until more is known; if there is no room for it, a gap in its place. */
  hold(direction: Direction, item: StreamItem): void {
    if (this.held.push(direction, item, 0) || item.kind === 'end') return
    this.held.pushGap(direction, item, 0)
  }

  hasEnded(direction: Direction): boolean {
    return (this.ended & (1 << direction)) !== 0
  }

  /**
   * It is known now whether the stream is WebSocket, or it is over. Gives back what the heads cost; `other` drops the held items.
   */
  settle(phase: 'open' | 'other'): void {
    this.phase = phase
    this.#budget.give(this.#charged)
    this.#charged = 0
    this.recognizer?.release()
    this.recognizer = undefined
    if (phase === 'other') this.held.takeAll()
  }

  /** It is not followed any more. Gives back what it cost. */
  release(): void {
    this.settle('other')
    this.#budget.give(STREAM_COST)
  }
}
