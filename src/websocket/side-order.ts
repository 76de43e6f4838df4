// The order in which the items of both sides are decoded: that of their packets. While one side looks for its next frame, what it has
// sent waits in its decoder, and so what the other side sends waits here. Only so much of it: then the other side goes on.
import { HeldItems } from '../base/held-items.ts'
import type { Budget } from '../base/limits.ts'
import { type StreamItem, turnOf } from '../base/stream.ts'
import type { FrameDecoder } from './frames.ts'

/** Bytes that one side holds back at most, the cost of holding included: some hundreds of short frames. */
const HELD_LIMIT = 128 * 1024

/** A side, as far as its order matters. */
export interface OrderedSide {
  readonly decoder: FrameDecoder
}

/** What is decoded next: what the side's decoder has, or this item of the side. */
export interface NextItem<OfSide> {
  readonly side: OfSide
  readonly item: StreamItem | undefined
}

/** Holds the items of two sides back until their turn comes. Ask `mustWait` for each item; then call `next` while `isActive`. */
export class SideOrder<OfSide extends OrderedSide> {
  /** Whether there is more to decode than what the side at hand has. Set it after a search has found a frame. */
  isActive = false
  readonly #lanes: readonly [Lane<OfSide>, Lane<OfSide>]
  /** True if too much waited for the search that goes on: nothing waits for it any more. */
  #hasGivenUp = false

  constructor(client: OfSide, server: OfSide, budget: Budget) {
    this.#lanes = [new Lane(client, budget), new Lane(server, budget)]
  }

  /** Whether the item that a side has sent must wait. If so, keeps it; if that failed, its bytes must stay valid until it was decoded. */
  mustWait(side: OfSide, item: StreamItem): boolean {
    const [client, server] = this.#lanes
    const [own, other] = side === client.side ? [client, server] : [server, client]
    const isFree = !other.side.decoder.isHolding || this.#hasGivenUp
    if (own.side.decoder.isSearching || (isFree && !this.isActive)) return false
    if (!own.hold(item)) this.#hasGivenUp = true
    this.isActive = true
    return true
  }

  /** What is decoded next; undefined if nothing is left, or all that is left waits for a search. */
  next(): NextItem<OfSide> | undefined {
    const searching = this.#lanes.find(({ side, hasItems }) => side.decoder.isSearching && hasItems)
    if (searching !== undefined) return searching.take()
    if (!this.#lanes.some(({ side }) => side.decoder.isHolding)) this.#hasGivenUp = false
    else if (!this.#hasGivenUp) return undefined
    const [client, server] = this.#lanes
    const first = client.nextTurn <= server.nextTurn ? client : server
    this.isActive = first.hasItems
    return first.take()
  }

  /** Nothing more waits for a search. */
  giveUp(): void {
    this.#hasGivenUp = true
  }
}

/** What waits of one side. */
class Lane<OfSide extends OrderedSide> {
  readonly side: OfSide
  readonly #held: HeldItems
  /** The last item, if it could not be held: its bytes are not copied. */
  #last: StreamItem | undefined

  constructor(side: OfSide, budget: Budget) {
    this.side = side
    this.#held = new HeldItems(budget, HELD_LIMIT)
  }

  get hasItems(): boolean {
    return this.side.decoder.hasMore || this.#held.first !== undefined || this.#last !== undefined
  }

  /** The turn of the next item; Infinity if there is none. */
  get nextTurn(): number {
    const { decoder } = this.side
    if (decoder.hasMore) return decoder.nextTurn
    const item = this.#held.first?.item ?? this.#last
    return item === undefined ? Infinity : turnOf(item)
  }

  /** Holds an item; false if there is no room for a copy. */
  hold(item: StreamItem): boolean {
    if (this.#held.push(0, item, 0)) return true
    this.#last = item
    return false
  }

  take(): NextItem<OfSide> | undefined {
    const { side } = this
    if (side.decoder.hasMore) return { side, item: undefined }
    const held = this.#held.shift()?.item
    const item = held ?? this.#last
    if (held === undefined) this.#last = undefined
    return item === undefined ? undefined : { side, item }
  }
}
