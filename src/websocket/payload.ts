// The payload of one frame that arrives in several pieces: one growing buffer, the holes in it, and what is counted but not kept.
// Whatever the header announces, it never reserves more than twice the bytes that arrived, or than the payload before had. What
// it holds is drawn from the budget.
import { NO_BYTES, viewOf } from '../base/bytes.ts'
import type { Budget } from '../base/limits.ts'
import { maskInto } from './mask.ts'

/** Up to this many holes are listed one by one. After that the last one grows and covers what lies between. */
const MOST_HOLES = 16_384
/** Bytes that a hole costs in the budget. */
const HOLE_COST = 64
const FIRST_CAPACITY = 1024
/** A sender of a long payload is expected to send equally long ones again, up to this length. */
const LARGEST_EXPECTED = 256 * 1024

/** Bytes `[start, end)` of a payload that are missing, counted from its first byte. */
export type Hole = readonly [start: number, end: number]

/** Puts one payload together; used for one frame after another. */
export class PayloadAssembly {
  /** Payload bytes seen so far, holes included. */
  position = 0
  /** Payload bytes that the capture holds. */
  captured = 0
  readonly #budget: Budget
  readonly #sizeLimit: number
  #announced = 0
  /** Room for the first piece. To grow from 1 KiB to 64 KiB costs as much memory again, and twice as much time again. */
  #expected = FIRST_CAPACITY
  #buffer: Uint8Array = NO_BYTES
  /** Bytes of the payload that the buffer holds, from its first on, holes before the last captured byte included. */
  #kept = 0
  #keeping = true
  #holes: [start: number, end: number][] | undefined
  #holesPaid = 0

  /** `sizeLimit`: payload bytes that are kept; the rest is only counted. */
  constructor(budget: Budget, sizeLimit: number) {
    this.#budget = budget
    this.#sizeLimit = sizeLimit
  }

  get holes(): ReadonlyArray<Hole> | undefined {
    return this.#holes
  }

  /** Starts a payload of `announced` bytes (Infinity if it cannot end). */
  start(announced: number): void {
    this.#announced = announced
    this.position = 0
    this.captured = 0
    this.#kept = 0
    this.#keeping = true
  }

  /** The next bytes of the payload. */
  add(bytes: Uint8Array, start: number, end: number): void {
    const length = end - start
    const from = this.position
    this.position += length
    this.captured += length
    if (!this.#keeping) return
    const keepTo = Math.min(this.position, this.#sizeLimit)
    if (keepTo <= from || !this.#reserve(keepTo)) {
      this.#keeping = false
      return
    }
    if (length === 1) this.#buffer[from] = bytes[start]!
    else this.#buffer.set(viewOf(bytes, start, start + keepTo - from), from)
    this.#kept = keepTo
  }

  /** The next `length` bytes of the payload are not in the capture. */
  addHole(length: number): void {
    const start = this.position
    this.position += length
    this.#holes ??= []
    const holes = this.#holes
    const last = holes.at(-1)
    if (last !== undefined && last[1] === start) {
      last[1] = this.position
    } else if (last === undefined || (holes.length < MOST_HOLES && this.#budget.take(HOLE_COST))) {
      if (last !== undefined) this.#holesPaid++
      holes.push([start, this.position])
    } else {
      this.captured -= start - last[1]
      this.#buffer.fill(0, last[1], this.#kept)
      last[1] = this.position
    }
  }

  /** The payload up to its last captured byte, unmasked with `key`, holes as zeros. Gives back what was drawn from the budget. */
  finish(key: number | undefined): Uint8Array {
    const kept = this.#kept
    const buffer = this.#buffer
    for (const [start, end] of this.#holes ?? []) if (start < kept) buffer.fill(0, start, Math.min(end, kept))
    if (key !== undefined) {
      let at = 0
      for (const [start, end] of this.#holes ?? []) {
        if (start >= kept) break
        maskInto(buffer, at, buffer, at, start, key, at)
        at = Math.min(end, kept)
      }
      maskInto(buffer, at, buffer, at, kept, key, at)
    }
    this.#budget.memory.lend(buffer)
    this.#budget.give(buffer.length + this.#holesPaid * HOLE_COST)
    this.#buffer = NO_BYTES
    this.#holes = undefined
    this.#holesPaid = 0
    this.#expected = Math.min(Math.max(kept, FIRST_CAPACITY), LARGEST_EXPECTED)
    return kept === buffer.length ? buffer : buffer.subarray(0, kept)
  }

  /** Room for `length` bytes; false if the budget refuses it. */
  #reserve(length: number): boolean {
    const capacity = this.#buffer.length
    if (length <= capacity) return true
    const { memory } = this.#budget
    const grown = memory.take(Math.min(Math.max(length, this.#expected), this.#announced, this.#sizeLimit))
    if (!this.#budget.take(grown.length - capacity)) {
      memory.giveBack(grown)
      return false
    }
    grown.set(this.#kept === capacity ? this.#buffer : this.#buffer.subarray(0, this.#kept))
    memory.giveBack(this.#buffer)
    this.#buffer = grown
    return true
  }
}
