// Stream items that wait until more is known. They are copies, drawn from a budget. When there is no room, the caller decides
// what to drop.
import { copy } from './bytes.ts'
import type { Budget } from './limits.ts'
import { Queue } from './queue.ts'
import type { Chunk, Direction, Gap, StreamItem } from './stream.ts'

/** Bytes charged for an item in addition to its own, so that a stream of one-byte segments stays within the budget. */
const ITEM_COST = 160

/** An item that waits. */
export interface HeldItem {
  readonly direction: Direction
  readonly item: StreamItem
  /** Grows with every item of the connection, so it gives the order of arrival over both directions. */
  readonly arrival: number
}

interface Entry extends HeldItem {
  /** Bytes drawn from the budget for it. */
  readonly cost: number
}

/** A queue of items that wait, oldest first. */
export class HeldItems {
  /** Bytes drawn from the budget. */
  cost = 0
  readonly #budget: Budget
  readonly #limit: number
  readonly #entries = new Queue<Entry>()

  /** `limit`: the most that may be drawn from the budget, in bytes. */
  constructor(budget: Budget, limit = Number.POSITIVE_INFINITY) {
    this.#budget = budget
    this.#limit = limit
  }

  /** All items, oldest first. */
  get items(): readonly HeldItem[] {
    return this.#entries.items
  }

  /** The oldest item; undefined if there is none. */
  get first(): HeldItem | undefined {
    return this.#entries.first
  }

  /** The newest item; undefined if there is none. */
  get last(): HeldItem | undefined {
    return this.#entries.last
  }

  /** Holds an item. `owned`: its bytes are already a copy. Returns false if there is no room. An end always has room. */
  push(direction: Direction, item: StreamItem, arrival: number, owned = false): boolean {
    const cost = item.kind === 'end' ? 0 : ITEM_COST + bytesOf(item)
    if (this.cost + cost > this.#limit || !this.#budget.take(cost)) return false
    this.cost += cost
    const kept = item.kind === 'chunk' && !owned ? ownChunk(item) : item
    this.#entries.push({ direction, item: kept, arrival, cost })
    return true
  }

  /**
   * Holds a gap of reason `limit` instead of an item. It costs nothing, since it widens such a gap if that is its direction's
   * last item.
   */
  pushGap(direction: Direction, item: Chunk | Gap, arrival: number): void {
    const last = this.#entries.items.findLast((entry) => entry.direction === direction)
    const before = last !== undefined && isFreeGap(last) ? last : undefined
    if (before !== undefined) this.#entries.remove(before)
    const gap = widened(before?.item, item)
    this.#entries.push({ direction, item: gap, arrival: before?.arrival ?? arrival, cost: 0 })
  }

  /** Takes the oldest item; undefined if there is none. */
  shift(): HeldItem | undefined {
    const entry = this.#entries.shift()
    if (entry !== undefined) this.#give(entry.cost)
    return entry
  }

  /**
   * Replaces the oldest items by one gap of reason `limit` until at most `cost` bytes are drawn. Stops at an end. Only for items
   * of one direction.
   */
  dropOldest(cost: number): void {
    let gap: Entry | undefined
    while (this.cost > cost) {
      const entry = this.#entries.first
      if (entry === undefined || entry.item.kind === 'end') break
      this.shift()
      gap = { ...entry, item: widened(gap?.item, entry.item), cost: 0 }
    }
    if (gap !== undefined) this.#entries.putBefore([gap])
  }

  /** Takes all items. */
  takeAll(): readonly HeldItem[] {
    if (this.#entries.length === 0) return NO_ITEMS
    this.#give(this.cost)
    return this.#entries.takeAll()
  }

  #give(cost: number): void {
    this.cost -= cost
    this.#budget.give(cost)
  }
}

const NO_ITEMS: readonly HeldItem[] = []

function isFreeGap({ item, cost }: Entry): boolean {
  return item.kind === 'gap' && item.reason === 'limit' && cost === 0
}

function widened(gap: StreamItem | undefined, item: Chunk | Gap): Gap {
  const before = gap?.kind === 'gap' ? gap.length : 0
  const { released, time } = item
  const length = item.kind === 'chunk' ? item.end - item.start : item.length
  return { kind: 'gap', length: before + length, reason: 'limit', released, time }
}

function bytesOf(item: Chunk | Gap): number {
  return item.kind === 'chunk' ? item.end - item.start : 0
}

/** A view would keep the whole memory alive that the chunk came in. */
function ownChunk(chunk: Chunk): Chunk {
  const bytes = copy(chunk.bytes, chunk.start, chunk.end)
  return { ...chunk, bytes, start: 0, end: bytes.length }
}
