// How a sender cuts its stream into TCP segments, and what that says about where its frames start: a write is cut into full segments and
// a short last one, so behind a short segment a new write starts, and a write starts a frame far more often than not.

/** What the bytes before the start of a segment say of it. */
export const SegmentStart = {
  /** Behind a short segment: the sender wrote anew. */
  write: 'write',
  /** Behind bytes that the capture does not hold. */
  unknown: 'unknown',
  /** Behind a full segment: most likely the write goes on. */
  continued: 'continued',
} as const

export type SegmentStart = (typeof SegmentStart)[keyof typeof SegmentStart]

/** Segments shorter than this are taken for short ones: every IPv6 path carries 1280 bytes (RFC 8200 §5), less the headers, and IPv4 paths do too. */
const SMALLEST_FULL = 1200

/** The segments of one direction, in order. */
export class SegmentPattern {
  #largest = SMALLEST_FULL
  #bytes = 0
  #count = 0
  /** Length of the last segment; undefined where it is unknown. */
  #last: number | undefined = undefined

  /** Mean length of the segments seen, at least 1. */
  get mean(): number {
    return this.#count === 0 ? 1 : this.#bytes / this.#count
  }

  /** A segment starts and has `length` bytes. What its start is. */
  start(length: number): SegmentStart {
    const last = this.#last
    this.#last = length
    this.#bytes += length
    this.#count++
    if (length > this.#largest) this.#largest = length
    if (last === undefined) return SegmentStart.unknown
    return last < this.#largest ? SegmentStart.write : SegmentStart.continued
  }

  /** `length` more bytes belong to the last segment: another copy of it held more, or the snapshot length cut them off. */
  grow(length: number): void {
    if (this.#last === undefined) return
    this.#last += length
    if (this.#last > this.#largest) this.#largest = this.#last
  }

  /** Whole segments of `length` bytes in all are missing. */
  miss(length: number): void {
    // Too few bytes for a full segment: the last one was a short one.
    this.#last = length < this.#largest ? 0 : undefined
  }
}
