// One IP packet that arrives in fragments. In: its fragments, in any order. Out: its payload, once no hole is left between them.
import { areEqual, copy } from '../base/bytes.ts'
import type { Budget } from '../base/limits.ts'
import type { Cursor } from './cursor.ts'

/** Bytes that the objects around a piece cost, so that a flood of tiny fragments is charged for what it takes. */
const PIECE_COST = 256

interface Piece {
  /** Place in the payload, on the wire. */
  readonly start: number
  readonly end: number
  /** The captured part of it: all of it, or its front. */
  readonly bytes: Uint8Array
  /** A later piece, if there is no hole between this one and that. */
  joined: Piece | undefined
}

/**
 * A payload with holes. If fragments overlap, the first copy wins; in IPv6 an overlap spoils the whole datagram (RFC 5722 §4).
 */
export class Datagram {
  /** Time of the packet that opened it, in seconds; NaN if the file has no times. */
  readonly started: number
  /** Captured packets that belong to it. */
  packets = 0
  /** Bytes drawn from the budget. */
  held = 0
  readonly #family: 4 | 6
  /** They do not overlap and are in the order of the payload. */
  #pieces: Piece[] = []
  /**
   * Payload bytes that pieces cover. `#total`: length of the payload, undefined until the last fragment has told it. `#furthest`:
   * the furthest end of any fragment.
   */
  #covered = 0
  #total: number | undefined
  #furthest = 0
  #protocol = 0
  #spoilt = false

  constructor(family: 4 | 6, started: number) {
    this.#family = family
    this.started = started
  }

  get isWhole(): boolean {
    return this.#covered === this.#total && !this.#spoilt
  }

  /** The reason under which its packets are counted if it is given up. */
  get reasonToGiveUp(): string {
    return this.#spoilt ? 'overlapping IPv6 fragments' : `IPv${this.#family} fragment never completed`
  }

  /**
   * Keeps what is new of the fragment at the cursor. False if the budget ran out before that: make room and add the fragment
   * again.
   */
  add(cursor: Cursor, budget: Budget): boolean {
    const start = cursor.fragmentOffset
    const end = start + cursor.wireEnd - cursor.at
    if (this.#spoilt || !this.#fits(end, cursor.moreFragments)) return true
    if (start === 0 || this.#family === 4) this.#protocol = cursor.protocol
    let index = this.#firstEndingAfter(start)
    const following = this.#pieces[index]
    if (this.#family === 6 && following !== undefined && following.start < end) {
      if (!isCopyOf(following, start, end, cursor)) this.#spoil(budget)
      return true
    }
    for (let at = start; at < end; index = this.#firstEndingAfter(at)) {
      const next = this.#pieces[index]
      const stop = next === undefined ? end : Math.min(end, next.start)
      if (stop > at && !this.#keep(index, at, stop, cursor, budget)) return false
      at = next === undefined ? end : lastWithoutHole(next).end
    }
    return true
  }

  /**
   * Moves the cursor to the whole payload. If the snapshot length cut a piece, all bytes after the first such cut count as not
   * captured.
   */
  moveTo(cursor: Cursor): void {
    const bytes = new Uint8Array(this.#total ?? 0)
    let captured = 0
    for (const piece of this.#pieces) {
      bytes.set(piece.bytes, piece.start)
      captured = piece.start + piece.bytes.length
      if (captured < piece.end) break
    }
    cursor.bytes = bytes
    cursor.at = 0
    cursor.end = captured
    cursor.wireEnd = bytes.length
    cursor.protocol = this.#protocol
    cursor.packets = this.packets
  }

  /** Gives its bytes back to the budget. */
  release(budget: Budget): void {
    budget.give(this.held)
    this.held = 0
  }

  /** False if a fragment contradicts the known end of the payload. Then it is ignored. */
  #fits(end: number, moreFragments: boolean): boolean {
    if (moreFragments) {
      if (this.#total !== undefined && end > this.#total) return false
    } else {
      if (this.#total === undefined ? end < this.#furthest : end !== this.#total) return false
      this.#total = end
    }
    this.#furthest = Math.max(this.#furthest, end)
    return true
  }

  #keep(index: number, start: number, end: number, cursor: Cursor, budget: Budget): boolean {
    const shift = cursor.at - cursor.fragmentOffset
    const from = Math.min(start + shift, cursor.end)
    const to = Math.min(end + shift, cursor.end)
    const cost = PIECE_COST + to - from
    if (!budget.take(cost)) return false
    this.held += cost
    this.#covered += end - start
    const [before, after] = [this.#pieces[index - 1], this.#pieces[index]]
    const piece: Piece = {
      start,
      end,
      bytes: copy(cursor.bytes, from, to),
      joined: after?.start === end ? after : undefined,
    }
    if (before?.end === start) before.joined = piece
    this.#pieces.splice(index, 0, piece)
    return true
  }

  #spoil(budget: Budget): void {
    this.#spoilt = true
    this.#pieces = []
    this.release(budget)
  }

  /** Index of the first piece that ends after `place`. Fragments mostly come in order, so the end of the list is tried first. */
  #firstEndingAfter(place: number): number {
    let low = 0
    let high = this.#pieces.length
    if (high > 0 && this.#pieces[high - 1]!.end <= place) return high
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.#pieces[middle]!.end > place) high = middle
      else low = middle + 1
    }
    return low
  }
}

/**
 * The last piece that is reached from this one without a hole. Each step halves the way for the next search: a fragment of which
 * nothing was captured may claim 64 KB, over thousands of pieces.
 */
function lastWithoutHole(piece: Piece): Piece {
  let last = piece
  while (last.joined !== undefined) {
    last.joined = last.joined.joined ?? last.joined
    last = last.joined
  }
  return last
}

/** RFC 8200 §4.5 lets a receiver ignore exact duplicates. Compares as far as both were captured. */
function isCopyOf(piece: Piece, start: number, end: number, cursor: Cursor): boolean {
  if (piece.start !== start || piece.end !== end) return false
  const length = Math.min(piece.bytes.length, cursor.end - cursor.at)
  const again = cursor.bytes.subarray(cursor.at, cursor.at + length)
  return areEqual(piece.bytes.subarray(0, length), again)
}
