// What one direction holds back until its records can be read: copies, paid for from a purse that all connections share.
import { copy } from '../base/bytes.ts'
import type { Budget } from '../base/limits.ts'
import type { StreamItem } from '../base/stream.ts'

/** What holding an item costs beside its bytes. */
const ITEM_COST = 160

/** An item, and its place in the order of both directions. */
export interface Held {
  readonly item: StreamItem
  readonly arrival: number
}

export class HeldItems {
  readonly #purse: Budget
  #items: (Held | undefined)[] = []
  #taken = 0

  constructor(purse: Budget) {
    this.#purse = purse
  }

  /** Holds an item behind the others; false where there is no room for it. There always is for an end. */
  push(item: StreamItem, arrival: number): boolean {
    if (item.kind !== 'end' && !this.#purse.take(costOf(item))) return false
    this.#items.push({ item: item.kind === 'chunk' ? owned(item) : item, arrival })
    return true
  }

  /** When the oldest item came; Infinity where none is held. */
  get arrival(): number {
    return this.#items[this.#taken]?.arrival ?? Number.POSITIVE_INFINITY
  }

  /** The oldest item; it is not held any more. */
  shift(): Held | undefined {
    const held = this.#items[this.#taken]
    if (held === undefined) return undefined
    this.#items[this.#taken++] = undefined
    if (this.#taken === this.#items.length) {
      this.#items = []
      this.#taken = 0
    }
    if (held.item.kind !== 'end') this.#purse.give(costOf(held.item))
    return held
  }
}

function costOf(item: StreamItem): number {
  return ITEM_COST + (item.kind === 'chunk' ? item.end - item.start : 0)
}

function owned(chunk: Extract<StreamItem, { kind: 'chunk' }>): StreamItem {
  const bytes = copy(chunk.bytes, chunk.start, chunk.end)
  return { ...chunk, bytes, start: 0, end: bytes.length }
}
