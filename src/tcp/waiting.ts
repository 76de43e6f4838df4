// What waits after a hole: ranges of a stream that do not overlap. In: copies of ranges, in any order. Out: the first range. An
// attacker chooses the order and the sizes, so nothing here is linear in the number of ranges: they are in blocks of bounded
// length, found by binary search. What is held is drawn from the budget.
import type { Budget } from '../base/limits.ts'
import type { Time } from '../base/stream.ts'

/** A range of the stream that one packet brought. */
export interface WaitingRange {
  /** The range is `[start, end)` in stream offsets; never empty. */
  readonly start: number
  readonly end: number
  /** A copy of its bytes; undefined if the snapshot length cut them from the packet. */
  readonly bytes: Uint8Array | undefined
  readonly packet: number
  readonly time: Time | undefined
  /** True if `start` is the first payload byte of its segment. */
  readonly segmentStart: boolean
}

/** Bytes that a range costs in addition to its own: for its record and its typed array. */
export const RANGE_COST = 320
/** The most ranges in a block: moving this many references costs less than finding the place. */
const BLOCK_LENGTH = 128

/** The waiting ranges of one stream. */
export class WaitingRanges {
  readonly #budget: Budget
  readonly #limit: number
  #cost = 0
  /** How many ranges have no bytes. */
  #snapped = 0
  /** No block is empty. All ranges of a block are before those of the next block. */
  readonly #blocks: WaitingRange[][] = []

  /** `limit`: the most bytes that the ranges may cost, `RANGE_COST` for each of them included. */
  constructor(budget: Budget, limit: number) {
    this.#budget = budget
    this.#limit = limit
  }

  /** The first range; undefined if there is none. */
  get first(): WaitingRange | undefined {
    return this.#blocks[0]?.[0]
  }

  /** The last range; undefined if there is none. */
  get last(): WaitingRange | undefined {
    return this.#blocks.at(-1)?.at(-1)
  }

  /** The range that holds the byte at `offset`, or else the next range after it. */
  endingAfter(offset: number): WaitingRange | undefined {
    const block = this.#blocks[this.#blockEndingAfter(offset)]
    return block?.[rangeEndingAfter(block, offset)]
  }

  /** Pays for a range that has `bytes` bytes. Returns false, and pays nothing, if the limits forbid it. Call `add` next. */
  pay(bytes: number): boolean {
    const cost = RANGE_COST + bytes
    if (this.#cost + cost > this.#limit || !this.#budget.take(cost)) return false
    this.#cost += cost
    return true
  }

  /** Adds a range that was paid for and does not overlap another. */
  add(range: WaitingRange): void {
    if (range.bytes === undefined) this.#snapped++
    const blocks = this.#blocks
    const at = this.#blockEndingAfter(range.start)
    const block = blocks[at]
    if (block === undefined) {
      const last = blocks[at - 1]
      if (last === undefined || last.length === BLOCK_LENGTH) blocks.push([range])
      else last.push(range)
      return
    }
    block.splice(rangeEndingAfter(block, range.start), 0, range)
    if (block.length > BLOCK_LENGTH) blocks.splice(at + 1, 0, block.splice(BLOCK_LENGTH / 2))
  }

  /** Takes out one of the ranges. */
  remove(range: WaitingRange): void {
    const at = this.#blockEndingAfter(range.start)
    const block = this.#blocks[at]!
    if (range === block[0]) block.shift()
    else block.splice(rangeEndingAfter(block, range.start), 1)
    if (block.length === 0) this.#blocks.splice(at, 1)
    if (range.bytes === undefined) this.#snapped--
    const cost = RANGE_COST + (range.bytes?.length ?? 0)
    this.#cost -= cost
    this.#budget.give(cost)
  }

  /** Takes out of `[start, end)` what the snapshot length had cut: another copy of it has come. */
  forgetSnapped(start: number, end: number): void {
    let at = start
    while (this.#snapped > 0) {
      const range = this.endingAfter(at)
      if (range === undefined || range.start >= end) return
      at = range.end
      if (range.bytes !== undefined) continue
      this.remove(range)
      if (range.start < start && this.pay(0)) this.add({ ...range, end: start })
      if (range.end > end && this.pay(0)) this.add({ ...range, start: end })
    }
  }

  /** Drops everything. */
  clear(): void {
    this.#budget.give(this.#cost)
    this.#cost = 0
    this.#snapped = 0
    this.#blocks.length = 0
  }

  #blockEndingAfter(offset: number): number {
    const blocks = this.#blocks
    let low = 0
    let high = blocks.length
    while (low < high) {
      const middle = (low + high) >>> 1
      const block = blocks[middle]!
      if (block[block.length - 1]!.end > offset) high = middle
      else low = middle + 1
    }
    return low
  }
}

function rangeEndingAfter(block: readonly WaitingRange[], offset: number): number {
  let low = 0
  let high = block.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (block[middle]!.end > offset) high = middle
    else low = middle + 1
  }
  return low
}
