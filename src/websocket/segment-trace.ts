// Which packets brought which bytes of a direction: kept from the start of the frame at hand on, and only if asked for.
import type { FrameSegment } from '../base/events.ts'

/** Stretches of one frame that are told apart; bytes after them are not traced. */
const MOST_SEGMENTS = 4096

interface Stretch {
  readonly packet: number
  /** In the direction's WebSocket byte stream. */
  readonly start: number
  end: number
}

/** The stretches of a direction that no frame has taken yet. */
export class SegmentTrace {
  #stretches: Stretch[] = []

  /** A packet brought `length` bytes, from `offset` of the stream on. */
  add(packet: number, offset: number, length: number): void {
    const last = this.#stretches.at(-1)
    if (last !== undefined && last.packet === packet && last.end === offset) last.end += length
    else if (this.#stretches.length < MOST_SEGMENTS)
      this.#stretches.push({ packet, start: offset, end: offset + length })
  }

  /** The stretches of the frame `[start, end)` of the stream, counted from its first byte; forgets what lies before `end`. */
  take(start: number, end: number): FrameSegment[] {
    const segments: FrameSegment[] = []
    let done = 0
    for (const stretch of this.#stretches) {
      if (stretch.end <= end) done++
      if (stretch.end <= start || stretch.start >= end) continue
      segments.push({
        packet: stretch.packet,
        start: Math.max(stretch.start, start) - start,
        end: Math.min(stretch.end, end) - start,
      })
    }
    if (done > 0) this.#stretches = this.#stretches.slice(done)
    return segments
  }
}
