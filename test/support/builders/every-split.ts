// A conversation cut into chunks in every way (everyCut in stream-items.ts).
import type { Direction, StreamItem } from '../../../src/base/stream.ts'
import { chunkWithin, everyCut } from './stream-items.ts'

/** What one side says before the other does. */
export interface Turn {
  readonly direction: Direction
  readonly bytes: Uint8Array
}

/** An item, and the direction in which it comes. */
export interface Arrival {
  readonly direction: Direction
  readonly item: StreamItem
}

/** One way to cut a conversation. */
export interface Split {
  /** Names the places of the cuts, for a failing test. */
  readonly name: string
  readonly arrivals: readonly Arrival[]
}

/** The conversation cut in all these ways; a cut counts over the bytes of both directions. `twoCuts`: how many of those. */
export function* everySplit(turns: readonly Turn[], twoCuts = 100): Generator<Split> {
  const total = turns.reduce((sum, { bytes }) => sum + bytes.length, 0)
  for (const cuts of everyCut(total, twoCuts)) yield { name: nameOf(cuts), arrivals: cutAt(turns, cuts) }
}

function nameOf(cuts: readonly number[]): string {
  if (cuts.length === 0) return 'whole'
  return cuts.length > 2 ? 'byte by byte' : `cut at ${cuts.join(' and ')}`
}

function cutAt(turns: readonly Turn[], cuts: readonly number[]): Arrival[] {
  const arrivals: Arrival[] = []
  const wanted = new Set(cuts)
  let offset = 0
  for (const { direction, bytes } of turns) {
    let from = 0
    for (let at = 1; at <= bytes.length; at++) {
      if (at < bytes.length && !wanted.has(offset + at)) continue
      arrivals.push({ direction, item: chunkWithin(bytes.subarray(from, at), arrivals.length + 1) })
      from = at
    }
    offset += bytes.length
  }
  return arrivals
}
