// What came on a stream before it was known whether it is WebSocket: copies, paid for from the budget, and bounded.
import { copy } from '../base/bytes.ts'
import type { Budget } from '../base/limits.ts'
import type { Direction, StreamItem } from '../base/stream.ts'

export interface HeldItem {
  readonly direction: Direction
  readonly item: StreamItem
}

/** Bytes held of one stream, what holding them costs included. */
const LIMIT = 256 * 1024
const ITEM_COST = 160

export class HeldItems {
  readonly #budget: Budget
  #items: HeldItem[] = []
  #cost = 0

  constructor(budget: Budget) {
    this.#budget = budget
  }

  /** Holds an item; where there is no room for it, a hole in its place. */
  keep(direction: Direction, item: StreamItem): void {
    const cost = ITEM_COST + (item.kind === 'chunk' ? item.end - item.start : 0)
    if (item.kind === 'end') this.#items.push({ direction, item })
    else if (this.#cost + cost > LIMIT || !this.#budget.take(cost)) this.#keepHole(direction, item)
    else {
      this.#cost += cost
      this.#items.push({ direction, item: item.kind === 'chunk' ? owned(item) : item })
    }
  }

  /** Hands over what is held, in the order in which it came, and holds none. */
  takeAll(): HeldItem[] {
    const items = this.#items
    this.#items = []
    this.#budget.give(this.#cost)
    this.#cost = 0
    return items
  }

  #keepHole(direction: Direction, item: Exclude<StreamItem, { kind: 'end' }>): void {
    const { released, time } = item
    let length = item.kind === 'chunk' ? item.end - item.start : item.length
    const index = this.#items.findLastIndex((held) => held.direction === direction)
    const before = this.#items[index]?.item
    if (before?.kind === 'gap' && before.reason === 'limit') {
      length += before.length
      this.#items.splice(index, 1)
    }
    this.#items.push({ direction, item: { kind: 'gap', length, reason: 'limit', released, time } })
  }
}

function owned(chunk: Extract<StreamItem, { kind: 'chunk' }>): StreamItem {
  const bytes = copy(chunk.bytes, chunk.start, chunk.end)
  return { ...chunk, bytes, start: 0, end: bytes.length }
}
