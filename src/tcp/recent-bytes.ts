// The bytes that were delivered last, over all connections, so that a retransmission of them can be compared with the first copy. One
// ring of fixed size for all: an idle connection costs one number, and a hundred thousand connections no more than one. A copy into the
// ring is cheaper than any hash would be, and any later segmentation of the same bytes can be compared.

/** Bytes in the ring. Memory that no capture can make larger, hence outside the budget. */
const CAPACITY = 2 ** 22
/** What was read at once is copied at once, with all the segments in it and what is between them: of small segments one copy each costs ten
 * times as much. Shorter arrays hold one segment, longer ones would drive out the others. */
const SHORTEST_CHUNK = 2 ** 14
const LONGEST_CHUNK = 2 ** 20
/** Segments in the ring: CAPACITY holds as many of 64 bytes. */
const SEGMENTS = 2 ** 16

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

/** What is known of a segment, six numbers: its offset in its stream; its length; how many bytes had ever been written before it; the number of
 * the segment before it in its stream; that of one farther back that leaps; how many segments of its stream came before it. */
const FIELDS = 6
/** Of a stream's segments, one of so many leaps far back; the others lead to it. To reckon far leaps for each costs twice as much. */
const LEAP_EVERY = 8
const LENGTH = 1
const PLACE = 2
const PREVIOUS = 3
const LEAP = 4
const DEPTH = 5

/** The ring. */
export class RecentBytes {
  readonly #bytes = new Uint8Array(CAPACITY)
  /** What was copied as a whole last, and how many bytes had been written before it. */
  #chunk: Uint8Array | undefined
  #chunkPlace = 0
  /** Bytes ever written, and those passed over where a segment would have crossed the ring's end; the next place, modulo CAPACITY. */
  #written = 0
  /** Segments ever recorded; the number of the last one. Segment n stands at n modulo SEGMENTS. */
  #recorded = 0
  readonly #segments = new Float64Array(SEGMENTS * FIELDS)

  /**
   * Keeps `bytes[start … end)`, delivered at a stream offset; `bytes` does not change while it is the same array. `previous`: what this
   * returned for the stream's segment before it, 0 for none.
   */
  record(previous: number, offset: number, bytes: Uint8Array, start: number, end: number): number {
    const length = end - start
    if (length > CAPACITY) return previous
    let place: number
    if (bytes === this.#chunk) place = this.#chunkPlace + start
    else if (bytes.length < SHORTEST_CHUNK || bytes.length > LONGEST_CHUNK) {
      place = this.#copy(bytes.subarray(start, end))
    } else {
      this.#chunk = bytes
      this.#chunkPlace = this.#copy(bytes)
      place = this.#chunkPlace + start
    }
    const segments = this.#segments
    let depth = 0
    let leap = previous
    if (this.#isHeld(previous)) {
      const before = fieldsOf(previous)
      depth = segments[before + DEPTH]! + 1
      const since = modulo(depth, LEAP_EVERY)
      if (since === 0) leap = this.#leapFrom(segments[before + LEAP]!)
      else if (since !== 1) leap = segments[before + LEAP]!
    }
    const fields = fieldsOf(++this.#recorded)
    segments[fields] = offset
    segments[fields + LENGTH] = length
    segments[fields + PLACE] = place
    segments[fields + PREVIOUS] = previous
    segments[fields + LEAP] = leap
    segments[fields + DEPTH] = depth
    return this.#recorded
  }

  /** Copies into the ring, in one piece; how many bytes had been written before. */
  #copy(bytes: Uint8Array): number {
    const place = modulo(this.#written, CAPACITY)
    if (place + bytes.length > CAPACITY) this.#written += CAPACITY - place
    const before = this.#written
    this.#bytes.set(bytes, modulo(before, CAPACITY))
    this.#written += bytes.length
    return before
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
    const segments = this.#segments
    for (let number = this.#newestBefore(end, last); this.#isHeld(number); ) {
      const fields = fieldsOf(number)
      const segmentStart = segments[fields]!
      const from = Math.max(start, segmentStart)
      const to = Math.min(end, segmentStart + segments[fields + LENGTH]!)
      if (from < to) {
        const place = modulo(segments[fields + PLACE]!, CAPACITY) + (from - segmentStart)
        compareBytes(this.#bytes, place, bytes, at + (from - start), to - from, from, difference)
      }
      if (segmentStart <= start) return
      number = segments[fields + PREVIOUS]!
    }
  }

  /** The newest segment of a stream that starts before an offset. In logarithmic time, since an attacker asks for the oldest. */
  #newestBefore(offset: number, last: number): number {
    const segments = this.#segments
    let number = last
    while (this.#isHeld(number) && segments[fieldsOf(number)]! >= offset) {
      const leap = segments[fieldsOf(number) + LEAP]!
      const mayLeap = this.#isHeld(leap) && segments[fieldsOf(leap)]! >= offset
      number = mayLeap ? leap : segments[fieldsOf(number) + PREVIOUS]!
    }
    return number
  }

  /** Where the leaping segment after `previous`, which leaps too, leaps to: as far as two equal leaps from `previous` on, or just to it
   * (Myers, "An applicative random-access stack", 1983). */
  #leapFrom(previous: number): number {
    const segments = this.#segments
    if (!this.#isHeld(previous)) return previous
    const near = segments[fieldsOf(previous) + LEAP]!
    if (!this.#isHeld(near)) return previous
    const far = segments[fieldsOf(near) + LEAP]!
    if (!this.#isHeld(far)) return previous
    const middle = segments[fieldsOf(near) + DEPTH]!
    const isEqual =
      segments[fieldsOf(previous) + DEPTH]! - middle === middle - segments[fieldsOf(far) + DEPTH]!
    return isEqual ? far : previous
  }

  #isHeld(number: number): boolean {
    if (number === 0 || number <= this.#recorded - SEGMENTS) return false
    return this.#segments[fieldsOf(number) + PLACE]! >= this.#written - CAPACITY
  }
}

function fieldsOf(number: number): number {
  return modulo(number, SEGMENTS) * FIELDS
}

/** `power` is one of two: `%` takes ten times as long for numbers past 2^31. */
function modulo(number: number, power: number): number {
  return number & (power - 1)
}
