// IP datagrams that became whole a moment ago. In: a fragment with the key of one of them. Out: whether it is a copy of what was seen, as
// captures on several interfaces hold it, or begins another datagram: on a fast link the identification is soon used again.
import type { Budget } from '../base/limits.ts'
import type { Cursor } from './cursor.ts'

/**
 * For this many seconds of capture time the bytes of a datagram are known. If its copies were kept, they would wait in vain and
 * then spoil the next datagram with the same identification.
 */
const LATE_COPY_SECONDS = 1

/** Bytes that the objects around a datagram cost. */
const DATAGRAM_COST = 256

interface Finished {
  /** When it became whole, in seconds. */
  readonly moment: number
  /** The whole payload, of which the first `captured` bytes are known. */
  readonly bytes: Uint8Array
  readonly captured: number
}

/** The datagrams of the last second, oldest first. */
export class FinishedDatagrams {
  readonly #most: number
  readonly #budget: Budget
  readonly #datagrams = new Map<string, Finished>()

  /** Holds at most `most` datagrams. Their bytes draw from `budget`. */
  constructor(most: number, budget: Budget) {
    this.#most = most
    this.#budget = budget
  }

  /** Keeps the datagram whose whole payload is at the cursor, at its start. If there is no room for it, it is not kept. */
  keep(key: string, moment: number, { bytes, end }: Cursor): void {
    this.#forget(key)
    while (!this.#budget.take(costOf(bytes))) if (!this.forgetOldest()) return
    this.#datagrams.set(key, { moment, bytes, captured: end })
  }

  /** Whether the fragment at the cursor is a copy: of this key, at its place, with the same bytes as far as both were captured. */
  hasCopy(key: string, cursor: Cursor): boolean {
    const datagram = this.#datagrams.get(key)
    if (datagram === undefined) return false
    const { bytes, captured } = datagram
    const start = cursor.fragmentOffset
    const end = start + cursor.wireEnd - cursor.at
    if (cursor.moreFragments ? end >= bytes.length : end !== bytes.length) return false
    const shift = cursor.at - start
    const known = Math.min(captured, start + cursor.end - cursor.at)
    for (let at = start; at < known; at++) if (bytes[at] !== cursor.bytes[at + shift]) return false
    return true
  }

  /** Forgets the datagrams that are too old, or too many. */
  expire(now: number): void {
    for (const { moment } of this.#datagrams.values()) {
      if (now - moment <= LATE_COPY_SECONDS && this.#datagrams.size <= this.#most) break
      this.forgetOldest()
    }
  }

  /** Forgets the oldest one, for room. False if there is none. */
  forgetOldest(): boolean {
    for (const key of this.#datagrams.keys()) {
      this.#forget(key)
      return true
    }
    return false
  }

  #forget(key: string): void {
    const datagram = this.#datagrams.get(key)
    if (datagram === undefined) return
    this.#datagrams.delete(key)
    this.#budget.give(costOf(datagram.bytes))
  }
}

const costOf = (bytes: Uint8Array): number => DATAGRAM_COST + bytes.length
