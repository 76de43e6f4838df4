// What one direction holds back: items that were not consumed as HTTP, copied, paid for from the budget, and bounded.
import { copy } from '../base/bytes.ts'
import type { Budget } from '../base/limits.ts'
import type { Chunk, Direction, Gap, StreamItem } from '../base/stream.ts'

export interface HeldItem {
  readonly direction: Direction
  readonly item: StreamItem
  /** Grows with every item of the connection: the order of arrival over both directions. */
  readonly arrival: number
}

/** Bytes of one direction that are held before who waits must decide. */
const HELD_LIMIT = 64 * 1024
/** Bytes that are held while nobody must: without a handshake, full segments show what they are behind 64 KiB of frames that are not sure. */
const TRIM_LIMIT = 2 * HELD_LIMIT
/** Packets by which the other direction may be recorded too late: each network queue hands over its packets in its own time. */
const LATE_PACKETS = 32
/** What an item costs beside its bytes; keeps a stream of one-byte segments within the bound. */
const ITEM_COST = 160

export class HeldItems {
  readonly #direction: Direction
  readonly #budget: Budget
  #items: HeldItem[] = []
  #cost = 0

  constructor(direction: Direction, budget: Budget) {
    this.#direction = direction
    this.#budget = budget
  }

  get items(): readonly HeldItem[] {
    return this.#items
  }

  /** True where no more should wait: who waits must decide. */
  get full(): boolean {
    if (this.#cost <= HELD_LIMIT) return false
    return packetOf(this.#items.at(-1)!.item) - packetOf(this.#items[0]!.item) >= LATE_PACKETS
  }

  get hasBytes(): boolean {
    return this.#items.some(({ item }) => item.kind === 'chunk')
  }

  get hasGap(): boolean {
    return this.#items.some(({ item }) => item.kind === 'gap')
  }

  /** Keeps an item; `owned` where its bytes are a copy already. Where the budget has no room, the oldest bytes become a gap. */
  keep(item: StreamItem, arrival: number, owned = false): void {
    const cost = costOf(item)
    if (!this.#budget.take(cost)) {
      this.#dropTo(0)
      if (!this.#budget.take(cost)) {
        this.#pushLost(item, arrival)
        return
      }
    }
    this.#cost += cost
    const kept = item.kind === 'chunk' && !owned ? ownChunk(item) : item
    this.#items.push({ direction: this.#direction, item: kept, arrival })
  }

  /** Lets the oldest bytes become a gap where more is held than need be. Half gives way at a time, so that it is seldom done. */
  trim(): void {
    if (this.#cost > TRIM_LIMIT) this.#dropTo(TRIM_LIMIT / 2)
  }

  /** Hands over all items and holds none. */
  takeAll(): HeldItem[] {
    const items = this.#items
    this.clear()
    return items
  }

  clear(): void {
    if (this.#items.length > 0) this.#items = []
    this.#budget.give(this.#cost)
    this.#cost = 0
  }

  /** Forgets what was sent before a packet, but for the end of the stream. */
  dropBefore(packet: number): void {
    const kept = this.#items.filter(({ item }) => item.kind === 'end' || packetOf(item) >= packet)
    this.clear()
    for (const { item, arrival } of kept) this.keep(item, arrival, true)
  }

  /** Lets the oldest items give way to one gap until no more than `cost` is held. */
  #dropTo(cost: number): void {
    let gap: HeldItem | undefined
    let dropped = 0
    for (; dropped < this.#items.length && this.#cost > cost; dropped++) {
      const held = this.#items[dropped]!
      if (held.item.kind === 'end') break
      const freed = costOf(held.item)
      this.#cost -= freed
      this.#budget.give(freed)
      gap = { ...held, item: widened(gap?.item, held.item) }
    }
    if (gap === undefined) return
    this.#items = [gap, ...this.#items.slice(dropped)]
  }

  /** No budget at all: the item leaves a gap, which costs nothing. */
  #pushLost(item: StreamItem, arrival: number): void {
    const last = this.#items.at(-1)
    if (item.kind === 'end') this.#items.push({ direction: this.#direction, item, arrival })
    else if (last !== undefined && isLimitGap(last.item)) {
      this.#items[this.#items.length - 1] = { ...last, item: widened(last.item, item) }
    } else this.#items.push({ direction: this.#direction, item: widened(undefined, item), arrival })
  }
}

/** What is free: gaps that stand for what was dropped, and ends, of which there is one. */
function costOf(item: StreamItem): number {
  if (item.kind === 'end' || isLimitGap(item)) return 0
  return ITEM_COST + (item.kind === 'chunk' ? item.end - item.start : 0)
}

function isLimitGap(item: StreamItem): boolean {
  return item.kind === 'gap' && item.reason === 'limit'
}

function widened(gap: StreamItem | undefined, item: Chunk | Gap): Gap {
  const before = gap?.kind === 'gap' ? gap.length : 0
  const length = item.kind === 'chunk' ? item.end - item.start : item.length
  return { kind: 'gap', length: before + length, reason: 'limit', released: item.released, time: item.time }
}

function packetOf(item: StreamItem): number {
  return item.kind === 'chunk' ? item.packet : item.released
}

function ownChunk(chunk: Chunk): Chunk {
  const bytes = copy(chunk.bytes, chunk.start, chunk.end)
  return { ...chunk, bytes, start: 0, end: bytes.length }
}
