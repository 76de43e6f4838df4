// What one direction holds back: items that were not consumed as HTTP. The oldest give way if there is no room.
import { HeldItems } from '../base/held-items.ts'
import type { Budget } from '../base/limits.ts'
import type { Direction, StreamItem } from '../base/stream.ts'

/** In bytes, the cost of holding included. Once a direction holds more, a wait for the other direction has to end (`full`). */
const HELD_LIMIT = 64 * 1024
/**
 * In bytes, likewise: the most that is held of what is not a message. Without a handshake, recognizing WebSocket takes up to
 * 64 KiB of a direction: of full segments, all must stay until then.
 */
const TRIM_LIMIT = 2 * HELD_LIMIT
/** The other direction may be recorded this many packets too late: each network queue hands over its packets in its own time. */
const LATE_PACKETS = 32

/** The held items of one direction, in the order in which they came. */
export class HeldHttpItems extends HeldItems {
  readonly #direction: Direction

  constructor(direction: Direction, budget: Budget) {
    super(budget)
    this.#direction = direction
  }

  /** True if too much waits: what is waited for counts as lost. */
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

  /** Keeps an item; `owned`: its bytes are a copy already. If the budget has no room, the oldest bytes become a gap. */
  keep(item: StreamItem, arrival: number, owned = false): void {
    if (this.push(this.#direction, item, arrival, owned)) return
    this.dropOldest(0)
    if (this.push(this.#direction, item, arrival, owned) || item.kind === 'end') return
    this.pushGap(this.#direction, item, arrival)
  }

  /** If more is held than is needed, the oldest bytes become a gap. Half goes at a time, so that it happens seldom. */
  trim(): void {
    if (this.cost > TRIM_LIMIT) this.dropOldest(TRIM_LIMIT / 2)
  }

  /** Forgets what was sent before a packet, except the end of the stream. */
  dropBefore(packet: number): void {
    for (const { item, arrival } of this.takeAll())
      if (item.kind === 'end' || packetOf(item) >= packet) this.keep(item, arrival, true)
  }
}

function packetOf(item: StreamItem): number {
  return item.kind === 'chunk' ? item.packet : item.released
}
