// Searches for the start of an HTTP/2 frame after bytes that were not captured, or in a capture that begins in mid-stream. In:
// chunks. Out: the chunks from the place on where one plausible frame header leads to the next (RFC 9113 §4.1).
import type { Budget } from '../base/limits.ts'
import type { Chunk } from '../base/stream.ts'
import { FRAME_HEADER_LENGTH, isPlausibleHeader, readFrameHeader } from './frame-header.ts'

/** What is known of the frames to search for. */
export interface Plausible {
  /** The longest payload that the peer allows, in bytes. */
  readonly longestFrame: number
  /** No stream has a higher number. */
  readonly highestStream: number
}

interface Piece {
  readonly chunk: Chunk
  /** Where its bytes begin in the window. */
  readonly at: number
}

/** Bytes that the budget pays for a piece in addition to its own. */
const PIECE_COST = 160
/** Bytes searched together: room for a few frames of the usual longest length, 16 KiB. */
const WINDOW = 128 * 1024
/**
 * Headers in a row that make the first one sure. Fewer are enough if the first begins a segment and they lead to the end of the
 * bytes at hand: one if its frame ends exactly there, two if the second frame goes on after it.
 */
const CHAIN = 3
/** §4.2: a first byte other than 0 announces 64 KiB or more, which hardly anyone allows. */
const FIRST_BYTE = 0

const NONE = new Uint8Array(0)

/** One search; `reset` makes it as new. */
export class FrameSearch {
  readonly #budget: Budget
  #window = NONE
  #length = 0
  #pieces: Piece[] = []
  #searched = 0

  constructor(budget: Budget) {
    this.#budget = budget
  }

  /**
   * Takes the next bytes. Returns the chunks from the first sure frame on, in their own memory; undefined if none is sure yet.
   */
  push(chunk: Chunk, plausible: Plausible): Chunk[] | undefined {
    const length = chunk.end - chunk.start
    if (!this.#makeRoom(length) || !this.#budget.take(PIECE_COST)) {
      this.reset()
      return undefined
    }
    this.#window.set(chunk.bytes.subarray(chunk.start, chunk.end), this.#length)
    this.#pieces.push({ chunk: { ...chunk, bytes: NONE }, at: this.#length })
    this.#length += length
    const found = this.#search(plausible)
    return found === undefined ? undefined : this.#from(found)
  }

  /** Forgets what it has seen: the next bytes do not continue it. */
  reset(): void {
    this.#budget.give(this.#window.length + this.#pieces.length * PIECE_COST)
    this.#window = NONE
    this.#length = 0
    this.#pieces = []
    this.#searched = 0
  }

  #makeRoom(length: number): boolean {
    if (length > WINDOW) return false
    if (this.#length + length > WINDOW) this.#dropBefore(this.#length + length - WINDOW / 2)
    if (this.#length + length <= this.#window.length) return true
    const capacity = Math.min(WINDOW, Math.max(4096, 2 * (this.#length + length)))
    if (!this.#budget.take(capacity)) return false
    const grown = new Uint8Array(capacity)
    grown.set(this.#window.subarray(0, this.#length))
    this.#budget.give(this.#window.length)
    this.#window = grown
    return true
  }

  #dropBefore(position: number): void {
    const firstKept = this.#pieces.findIndex(({ at }) => at >= position)
    const from = firstKept === -1 ? this.#length : this.#pieces[firstKept]!.at
    this.#window.copyWithin(0, from, this.#length)
    this.#length -= from
    this.#searched = Math.max(0, this.#searched - from)
    const kept = firstKept === -1 ? [] : this.#pieces.slice(firstKept)
    this.#budget.give((this.#pieces.length - kept.length) * PIECE_COST)
    this.#pieces = kept.map(({ chunk, at }) => ({ chunk, at: at - from }))
  }

  #search(plausible: Plausible): number | undefined {
    const window = this.#window.subarray(0, this.#length)
    let at = window.indexOf(FIRST_BYTE, this.#searched)
    for (; at !== -1 && at + FRAME_HEADER_LENGTH <= this.#length; at = window.indexOf(FIRST_BYTE, at + 1)) {
      const verdict = this.#follow(at, plausible)
      if (verdict === 'sure') return at
      // This place may still turn out to be a frame. Later places wait until that is clear: two frame lengths at most.
      if (verdict === 'open') break
    }
    this.#searched = at === -1 ? this.#length : at
    return undefined
  }

  /** Whether the header at `start` leads to further ones. `open`: later bytes must tell. */
  #follow(start: number, { longestFrame, highestStream }: Plausible): 'sure' | 'open' | 'none' {
    let at = start
    for (let count = 0; count < CHAIN; count++) {
      if (at === this.#length) return count > 0 && this.#isSegmentStart(start) ? 'sure' : 'open'
      if (at + FRAME_HEADER_LENGTH > this.#length) return 'open'
      if (!isPlausibleHeader(this.#window, at, longestFrame, highestStream)) return 'none'
      at += FRAME_HEADER_LENGTH + readFrameHeader(this.#window, at).length
      if (at > this.#length) return count > 0 && this.#isSegmentStart(start) ? 'sure' : 'open'
    }
    return 'sure'
  }

  /** Asked with every byte that comes, so the pieces, which lie in order, are halved and halved again. */
  #isSegmentStart(position: number): boolean {
    let [low, high] = [0, this.#pieces.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.#pieces[middle]!.at < position) low = middle + 1
      else high = middle
    }
    const piece = this.#pieces[low]
    return piece?.at === position && piece.chunk.segmentStart
  }

  #from(position: number): Chunk[] {
    const bytes = this.#window.slice(0, this.#length)
    const chunks: Chunk[] = []
    for (const [index, { chunk, at }] of this.#pieces.entries()) {
      const end = this.#pieces[index + 1]?.at ?? this.#length
      if (end <= position) continue
      const start = Math.max(at, position)
      chunks.push({ ...chunk, bytes, start, end, segmentStart: chunk.segmentStart && start === at })
    }
    this.reset()
    return chunks
  }
}
