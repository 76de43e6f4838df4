// What one direction holds back: items that were not consumed as HTTP. The oldest give way if there is no room.
import { HeldItems } from '../base/held-items.ts'
import type { Budget } from '../base/limits.ts'
import type { Direction, StreamItem } from '../base/stream.ts'

/** Bytes of one direction that are held before who waits must decide. */
const HELD_LIMIT = 64 * 1024
/** Bytes that are held while nobody must: without a handshake, full segments show what they are behind 64 KiB of frames that are not sure. */
const TRIM_LIMIT = 2 * HELD_LIMIT
/** Packets by which the other direction may be recorded too late: each network queue hands over its packets in its own time. */
const LATE_PACKETS = 32

export class HeldHttpItems extends HeldItems {
  readonly #direction: Direction

  constructor(direction: Direction, budget: Budget) {
    super(budget)
    this.#direction = direction
  }

  /** True where no more should wait: who waits must decide. */
  get full(): boolean {
    if (this.cost <= HELD_LIMIT) return false
    return packetOf(this.last!.item) - packetOf(this.first!.item) >= LATE_PACKETS
  }

  get hasBytes(): boolean {
    return this.items.some(({ item }) => item.kind === 'chunk')
  }

  get hasGap(): boolean {
    return this.items.some(({ item }) => item.kind === 'gap')
  }

  /** Keeps an item; `owned` where its bytes are a copy already. Where the budget has no room, the oldest bytes become a gap. */
  keep(item: StreamItem, arrival: number, owned = false): void {
    if (this.push(this.#direction, item, arrival, owned)) return
    this.dropOldest(0)
    if (this.push(this.#direction, item, arrival, owned) || item.kind === 'end') return
    this.pushGap(this.#direction, item, arrival)
  }

  /** Lets the oldest bytes become a gap where more is held than need be. Half gives way at a time, so that it is seldom done. */
  trim(): void {
    if (this.cost > TRIM_LIMIT) this.dropOldest(TRIM_LIMIT / 2)
  }

  /** Forgets what was sent before a packet, but for the end of the stream. */
  dropBefore(packet: number): void {
    for (const { item, arrival } of this.takeAll())
      if (item.kind === 'end' || packetOf(item) >= packet) this.keep(item, arrival, true)
  }
}

function packetOf(item: StreamItem): number {
  return item.kind === 'chunk' ? item.packet : item.released
}
