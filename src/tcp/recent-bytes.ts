// The bytes that were delivered last, over all connections, so that a retransmission of them can be compared with the first copy. One
// ring of fixed size for all: an idle connection costs one number, and a hundred thousand connections no more than one. A copy of each
// segment into the ring is cheaper than any hash of it would be, and any later segmentation of the same bytes can be compared.

/** Bytes in the ring. Memory that no capture can make larger, hence outside the budget. */
const CAPACITY = 2 ** 22
/** Segments in the ring: CAPACITY holds as many of 64 bytes. */
const SEGMENTS = 2 ** 16
/** Segments of one stream that a comparison goes back: more than a full window of 1 MiB. A bound, since an attacker repeats the oldest. */
const STEPS = 1024

/** Where two copies of the same range differ: `[first, last]` in stream offsets; `first` is Infinity where they do not. */
export interface Difference {
  first: number
  last: number
}

/** Widens `difference` by what differs between `length` bytes of two arrays; `offset` is that of the first of them in the stream. */
export function compareBytes(
  one: Uint8Array,
  oneAt: number,
  other: Uint8Array,
  otherAt: number,
  length: number,
  offset: number,
  difference: Difference,
): void {
  for (let i = 0; i < length; i++) {
    if (one[oneAt + i] !== other[otherAt + i]) {
      if (offset + i < difference.first) difference.first = offset + i
      if (offset + i > difference.last) difference.last = offset + i
    }
  }
}

/** What is known of a segment in the ring, four numbers: its offset in its stream, its length, how many bytes had ever been written before it,
 * and the number of the segment before it in its stream. */
const FIELDS = 4

export class RecentBytes {
  readonly #bytes = new Uint8Array(CAPACITY)
  /** Bytes ever written, those passed over at the ring's end too; where the next one goes, modulo CAPACITY. */
  #written = 0
  /** Segments ever recorded; the number of the last one. Segment n stands at n modulo SEGMENTS. */
  #recorded = 0
  readonly #segments = new Float64Array(SEGMENTS * FIELDS)

  /** Keeps `bytes[start … end)`, delivered at a stream offset. `previous`: what this returned for the stream's segment before it, 0 for none. */
  record(previous: number, offset: number, bytes: Uint8Array, start: number, end: number): number {
    const length = end - start
    if (length > CAPACITY) return previous
    let at = modulo(this.#written, CAPACITY)
    if (at + length > CAPACITY) {
      this.#written += CAPACITY - at
      at = 0
    }
    this.#bytes.set(bytes.subarray(start, end), at)
    const fields = modulo(++this.#recorded, SEGMENTS) * FIELDS
    this.#segments[fields] = offset
    this.#segments[fields + 1] = length
    this.#segments[fields + 2] = this.#written
    this.#segments[fields + 3] = previous
    this.#written += length
    return this.#recorded
  }

  /**
   * Compares the bytes from `bytes[at]` on with what was delivered in the range `[start, end)` of a stream, as far as it is still held.
   * `last`: what `record` returned for the stream's last segment.
   */
  compare(
    last: number,
    start: number,
    end: number,
    bytes: Uint8Array,
    at: number,
    difference: Difference,
  ): void {
    let number = last
    for (let step = 0; step < STEPS && this.#holds(number); step++) {
      const fields = modulo(number, SEGMENTS) * FIELDS
      const segmentStart = this.#segments[fields]!
      const from = Math.max(start, segmentStart)
      const to = Math.min(end, segmentStart + this.#segments[fields + 1]!)
      if (from < to) {
        const place = modulo(this.#segments[fields + 2]!, CAPACITY) + (from - segmentStart)
        compareBytes(this.#bytes, place, bytes, at + (from - start), to - from, from, difference)
      }
      if (segmentStart <= start) return
      number = this.#segments[fields + 3]!
    }
  }

  #holds(number: number): boolean {
    if (number === 0 || number <= this.#recorded - SEGMENTS) return false
    return this.#segments[modulo(number, SEGMENTS) * FIELDS + 2]! >= this.#written - CAPACITY
  }
}

/** `power` is one of two: `%` takes ten times as long for numbers past 2^31. */
function modulo(number: number, power: number): number {
  return number & (power - 1)
}
