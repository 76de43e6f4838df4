// The bytes that a search for the next frame looks at and may have to hand back: copies of the chunks, in one buffer, and the
// items they came in.
import { NO_BYTES } from '../base/bytes.ts'
import type { Budget } from '../base/limits.ts'
import type { Chunk, Gap, StreamEnd, StreamItem } from '../base/stream.ts'

/** What an item costs besides its bytes: without it, chunks of one byte would cost many times what the budget says. */
const ITEM_COST = 96

/** A stretch of the stream: captured bytes, or a place where bytes are missing. */
interface Stretch {
  /** Where it starts in the stream. */
  readonly offset: number
  /** Where it starts among the captured bytes since the search began. */
  readonly position: number
  /** Captured bytes; 0 for a gap or the end. */
  readonly length: number
  /** For a chunk, its fields without the bytes, which may move. */
  readonly item: StreamItem
  /** What it has drawn from the budget, besides its bytes. */
  readonly cost: number
}

/** A window on a stream, growing at one end, shrinking at the other. Positions count captured bytes since the search began. */
export class SearchWindow {
  /** The bytes kept: position `base` is `bytes[0]`. May change with every append. */
  bytes: Uint8Array = NO_BYTES
  base = 0
  /** Position after the last byte. */
  end = 0
  /** What is drawn from the budget. */
  held = 0
  readonly #budget: Budget
  #stretches: Stretch[] = []
  #first = 0

  constructor(budget: Budget) {
    this.#budget = budget
  }

  /** Takes a chunk that starts at `offset` of the stream; false if the budget refuses it. */
  append(chunk: Chunk, offset: number): boolean {
    const length = chunk.end - chunk.start
    const used = this.end - this.base
    if (!this.#take(ITEM_COST)) return false
    if (used + length > this.bytes.length && !this.#grow(used, used + length)) {
      this.#give(ITEM_COST)
      return false
    }
    this.bytes.set(chunk.bytes.subarray(chunk.start, chunk.end), used)
    this.#stretches.push({ offset, position: this.end, length, item: withoutBytes(chunk), cost: ITEM_COST })
    this.end += length
    return true
  }

  /** Takes a gap or the end of the stream, whatever the budget says: the next chunk will be refused. */
  appendStop(stop: Gap | StreamEnd, offset: number): void {
    const cost = this.#take(ITEM_COST) ? ITEM_COST : 0
    this.#stretches.push({ offset, position: this.end, length: 0, item: stop, cost })
  }

  /** Counts `length` captured bytes that are not kept, and forgets all that were. */
  skip(length: number): void {
    this.release()
    this.end += length
    this.base = this.end
  }

  /** Forgets the bytes before `position`. */
  dropBefore(position: number): void {
    const stretches = this.#stretches
    while (this.#first < stretches.length && endOf(stretches[this.#first]!) <= position) {
      this.#give(stretches[this.#first++]!.cost)
    }
    // To move what is left only once it is the smaller part keeps the work linear.
    if (this.#first * 2 > stretches.length) {
      this.#stretches = stretches.slice(this.#first)
      this.#first = 0
    }
    const kept = this.end - position
    if (kept * 2 > this.end - this.base) return
    const bytes = this.bytes.subarray(position - this.base, this.end - this.base)
    const shrunk = new Uint8Array(kept)
    shrunk.set(bytes)
    this.#give(this.bytes.length - kept)
    this.bytes = shrunk
    this.base = position
  }

  /** The items from `offset` of the stream on, which is at `position`; they view the window's bytes. */
  itemsFrom(offset: number, position: number): StreamItem[] {
    const items: StreamItem[] = []
    for (let at = this.#first; at < this.#stretches.length; at++) {
      const stretch = this.#stretches[at]!
      const { item } = stretch
      if (item.kind !== 'chunk') {
        if (stretch.offset >= offset) items.push(item)
        continue
      }
      if (stretch.position + stretch.length <= position) continue
      const skipped = Math.max(0, position - stretch.position)
      const start = stretch.position - this.base
      items.push({
        ...item,
        bytes: this.bytes,
        start: start + skipped,
        end: start + stretch.length,
        segmentStart: item.segmentStart && skipped === 0,
      })
    }
    return items
  }

  /** Forgets everything and gives back what was drawn from the budget. */
  release(): void {
    this.#give(this.held)
    this.bytes = NO_BYTES
    this.base = this.end
    this.#stretches = []
    this.#first = 0
  }

  #grow(used: number, needed: number): boolean {
    const capacity = Math.max(needed, this.bytes.length * 2, 4096)
    if (!this.#take(capacity - this.bytes.length)) return false
    const grown = new Uint8Array(capacity)
    grown.set(this.bytes.subarray(0, used))
    this.bytes = grown
    return true
  }

  #take(bytes: number): boolean {
    if (!this.#budget.take(bytes)) return false
    this.held += bytes
    return true
  }

  #give(bytes: number): void {
    this.#budget.give(bytes)
    this.held -= bytes
  }
}

function endOf(stretch: Stretch): number {
  return stretch.position + stretch.length
}

/** The view would pin the memory that the chunk came in. */
function withoutBytes(chunk: Chunk): Chunk {
  const { kind, packet, released, time, segmentStart } = chunk
  return { kind, bytes: NO_BYTES, start: 0, end: 0, packet, released, time, segmentStart }
}
