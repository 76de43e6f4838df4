// The bytes that were delivered last, over all connections, so that a retransmission can be compared with the first copy. There
// is one ring of fixed size for all connections, and each stream keeps only one number. A copy into the ring is cheaper than a
// hash would be, and the bytes can be compared however they are cut into segments later.

/** Bytes in the ring. No capture can make it larger, so it is outside the budget. */
const CAPACITY = 2 ** 22
/**
 * An array between these two lengths is copied as a whole, with all segments in it and what is between them: for small segments,
 * a copy of each costs ten times as much. A shorter array holds one segment, and a longer one would push out the others.
 */
const SHORTEST_CHUNK = 2 ** 14
const LONGEST_CHUNK = 2 ** 20
/** Segments in the ring: CAPACITY holds this many of 64 bytes. */
const SEGMENTS = 2 ** 16

/**
 * Where two copies of the same range differ: `[first, last]` in stream offsets. If they do not differ, `first` is greater than
 * `last`.
 */
export interface Difference {
  first: number
  last: number
}

/** Widens `difference` by what differs in `length` bytes of two arrays. `offset`: stream offset of the first of these bytes. */
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

/**
 * Six numbers describe a segment: its offset in its stream; its length; how many bytes were ever written before it; the number of
 * the segment before it in its stream; the number of an earlier one to which it leaps; how many segments of its stream came
 * before it.
 */
const FIELDS = 6
/**
 * Every eighth segment of a stream stores a leap far back; the others lead to it. Computing far leaps for all costs twice as
 * much.
 */
const LEAP_EVERY = 8
const LENGTH = 1
const PLACE = 2
const PREVIOUS = 3
const LEAP = 4
const DEPTH = 5

/** The ring of bytes, with the segments that are in it. */
export class RecentBytes {
  readonly #bytes = new Uint8Array(CAPACITY)
  /** The last array that was copied as a whole. `#chunkPlace`: how many bytes were written before it. */
  #chunk: Uint8Array | undefined
  #chunkPlace = 0
  /**
   * Bytes ever written, with those skipped because a copy would have crossed the ring's end. Modulo CAPACITY, it is the next
   * place in the ring.
   */
  #written = 0
  /** How many segments were ever recorded, which is the number of the last one. Segment n is at n modulo SEGMENTS. */
  #recorded = 0
  readonly #segments = new Float64Array(SEGMENTS * FIELDS)

  /**
   * Keeps `bytes[start … end)`, which were delivered at a stream offset. The content of an array must not change between calls.
   * `previous`: what this returned for the stream's previous segment; 0 if there is none.
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

  /** Copies into the ring, in one piece. Returns how many bytes were written before. */
  #copy(bytes: Uint8Array): number {
    const place = modulo(this.#written, CAPACITY)
    if (place + bytes.length > CAPACITY) this.#written += CAPACITY - place
    const before = this.#written
    this.#bytes.set(bytes, modulo(before, CAPACITY))
    this.#written += bytes.length
    return before
  }

  /**
   * Compares the bytes from `bytes[at]` on with those delivered in the range `[start, end)` of a stream, as far as the ring still
   * has them. `last`: what `record` returned for the stream's last segment.
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

  /**
   * The newest segment of a stream that starts before an offset. Takes logarithmic time, since an attacker would ask for the
   * oldest.
   */
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

  /**
   * The target of the leap of the leaping segment that follows `previous`, which leaps too. If the next two leaps from `previous`
   * on are equally long, the target is where they end; otherwise it is `previous` (Myers, "An applicative random-access stack",
   * 1983).
   */
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

/** `number` modulo a power of two. `%` takes ten times as long for numbers above 2^31. */
function modulo(number: number, power: number): number {
  return number & (power - 1)
}
