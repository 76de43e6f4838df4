// The order in which the items of both directions are handed on: that of their packets. While bytes of one direction wait, behind a
// hole or at a start without a SYN, what the other direction brings later waits here; else the answer would come before the question.
import { HeldItems } from '../base/held-items.ts'
import type { Budget } from '../base/limits.ts'
import { type Direction, type StreamItem, turnOf } from '../base/stream.ts'

/** Bytes that one direction holds back at most, the cost of holding included: a hole may last. */
const HELD_LIMIT = 128 * 1024

/** An item, and the direction it belongs to. */
interface Released {
  readonly direction: Direction
  readonly item: StreamItem
}

/** The items that wait for bytes of the other direction. */
export class ReleaseOrder {
  readonly #lanes: readonly [HeldItems, HeldItems]

  constructor(budget: Budget) {
    this.#lanes = [new HeldItems(budget, HELD_LIMIT), new HeldItems(budget, HELD_LIMIT)]
  }

  get isEmpty(): boolean {
    return this.#lanes[0].first === undefined && this.#lanes[1].first === undefined
  }

  /** Holds a copy of an item; false if there is no room. */
  push(direction: Direction, item: StreamItem): boolean {
    return this.#lanes[direction].push(direction, item, 0)
  }

  /** Takes the next item that was let through before a packet; undefined if there is none. */
  shift(before: number): Released | undefined {
    const [forward, backward] = this.#lanes
    const lane = nextTurn(forward) <= nextTurn(backward) ? forward : backward
    return nextTurn(lane) < before ? lane.shift() : undefined
  }

  /** Drops what is held. */
  clear(): void {
    for (const lane of this.#lanes) lane.takeAll()
  }
}

/** The turn of the first item; Infinity if there is none. */
function nextTurn({ first }: HeldItems): number {
  return first === undefined ? Infinity : turnOf(first.item)
}
