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

/** Ranges that follow one another in the stream. */
interface Block {
  /** Never empty. */
  readonly ranges: WaitingRange[]
  /** Bytes of the stream in them. */
  bytes: number
}

/** The waiting ranges of one stream. */
export class WaitingRanges {
  readonly #budget: Budget
  readonly #limit: number
  #cost = 0
  /** How many ranges have no bytes. */
  #snapped = 0
  /** All ranges of a block are before those of the next block. */
  readonly #blocks: Block[] = []
  /** Where the range is that `endingAfter` returned last: it is mostly asked for the next one. */
  #lastBlock = 0
  #lastRange = 0

  /** `limit`: the most bytes that the ranges may cost, `RANGE_COST` for each of them included. */
  constructor(budget: Budget, limit: number) {
    this.#budget = budget
    this.#limit = limit
  }

  /** The first range; undefined if there is none. */
  get first(): WaitingRange | undefined {
    return this.#blocks[0]?.ranges[0]
  }

  /** The last range; undefined if there is none. */
  get last(): WaitingRange | undefined {
    return this.#blocks.at(-1)?.ranges.at(-1)
  }

  /** The range that holds the byte at `offset`, or else the next range after it. */
  endingAfter(offset: number): WaitingRange | undefined {
    const last = this.#blocks[this.#lastBlock]?.ranges
    const next = last?.[this.#lastRange + 1]
    if (next !== undefined && next.end > offset && last![this.#lastRange]!.end <= offset) {
      this.#lastRange++
      return next
    }
    const at = this.#blockEndingAfter(offset)
    const block = this.#blocks[at]
    if (block === undefined) return undefined
    this.#lastBlock = at
    this.#lastRange = rangeEndingAfter(block.ranges, offset)
    return block.ranges[this.#lastRange]
  }

  /**
   * Where the first hole after `offset` begins, which lies in a range; at least `end` if there is none before that. Skips blocks
   * without a hole as a whole: a packet may claim 64 KB of which nothing was captured, over thousands of ranges.
   */
  holeAfter(offset: number, end: number): number {
    let hole = offset
    for (let at = this.#blockEndingAfter(offset); hole < end; at++) {
      const block = this.#blocks[at]
      if (block === undefined) return hole
      const { ranges, bytes } = block
      const blockEnd = ranges.at(-1)!.end
      const isWhole = blockEnd - ranges[0]!.start === bytes && ranges[0]!.start <= hole
      if (isWhole) hole = blockEnd
      else {
        for (let range = rangeEndingAfter(ranges, hole); range < ranges.length; range++) {
          if (ranges[range]!.start > hole) return hole
          hole = ranges[range]!.end
        }
      }
    }
    return hole
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
    const bytes = range.end - range.start
    const block = blocks[at]
    if (block === undefined) {
      const last = blocks[at - 1]
      if (last === undefined || last.ranges.length === BLOCK_LENGTH) blocks.push({ ranges: [range], bytes })
      else {
        last.ranges.push(range)
        last.bytes += bytes
      }
      return
    }
    const { ranges } = block
    ranges.splice(rangeEndingAfter(ranges, range.start), 0, range)
    block.bytes += bytes
    if (ranges.length <= BLOCK_LENGTH) return
    const half = { ranges: ranges.splice(BLOCK_LENGTH / 2), bytes: 0 }
    for (const { start, end } of half.ranges) half.bytes += end - start
    block.bytes -= half.bytes
    blocks.splice(at + 1, 0, half)
  }

  /** Takes out one of the ranges. */
  remove(range: WaitingRange): void {
    const at = this.#blockEndingAfter(range.start)
    const block = this.#blocks[at]!
    const { ranges } = block
    if (range === ranges[0]) ranges.shift()
    else ranges.splice(rangeEndingAfter(ranges, range.start), 1)
    block.bytes -= range.end - range.start
    if (ranges.length === 0) this.#blocks.splice(at, 1)
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
      const { ranges } = blocks[middle]!
      if (ranges[ranges.length - 1]!.end > offset) high = middle
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
