// How a sender cuts its stream into TCP segments, and what that says about where its frames start. A write is cut into full
// segments and a short last one. So a new write starts after a short segment, and far more often than not a write starts a frame.

/** What the bytes before a segment say about its start. */
export const SegmentStart = {
  /** After a short segment: the sender started a new write. */
  write: 'write',
  /** After bytes that the capture does not hold. */
  unknown: 'unknown',
  /** After a full segment: most likely the write goes on. */
  continued: 'continued',
} as const

export type SegmentStart = (typeof SegmentStart)[keyof typeof SegmentStart]

/**
 * Segments shorter than this count as short: every IPv6 path carries 1280 bytes (RFC 8200 §5), less the headers, and IPv4 paths
 * do too.
 */
export const SMALLEST_FULL = 1200

/** The segments of one direction, in order. */
export class SegmentPattern {
  #largest = SMALLEST_FULL
  #bytes = 0
  #count = 0
  /** Length of the last segment; undefined if it is unknown. */
  #last: number | undefined = undefined

  /** Mean length of the segments seen, at least 1. */
  get mean(): number {
    return this.#count === 0 ? 1 : this.#bytes / this.#count
  }

  /** A segment of `length` bytes starts. Returns what its start is. */
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
    // Too few bytes for a full segment: the last one was short.
    this.#last = length < this.#largest ? 0 : undefined
  }
}
