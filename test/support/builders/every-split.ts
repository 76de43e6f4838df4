// Every way to cut a conversation into chunks: whole, byte by byte, every one-cut, and a sample of two-cuts.
import type { Chunk, Direction, StreamItem } from '../../../src/base/stream.ts'

/** What one side says before the other does. */
export interface Turn {
  readonly direction: Direction
  readonly bytes: Uint8Array
}

export interface Arrival {
  readonly direction: Direction
  readonly item: StreamItem
}

export interface Split {
  /** Says where the cuts are, for a failing test. */
  readonly name: string
  readonly arrivals: readonly Arrival[]
}

/** A chunk of its own packet, as the start of a segment; a view with an odd byteOffset where the packet number is odd. */
export function chunkOf(bytes: Uint8Array, packet: number): Chunk {
  const before = packet % 2
  const memory = new Uint8Array(bytes.length + before + 3)
  memory.set(bytes, before + 1)
  return {
    kind: 'chunk',
    bytes: memory.subarray(before),
    start: 1,
    end: 1 + bytes.length,
    packet,
    released: packet,
    time: { seconds: packet, nanoseconds: 0 },
    segmentStart: true,
  }
}

/** The conversation cut in all these ways; a cut counts over the bytes of both directions. `twoCuts`: how many of those. */
export function* everySplit(turns: readonly Turn[], twoCuts = 100): Generator<Split> {
  const total = turns.reduce((sum, { bytes }) => sum + bytes.length, 0)
  yield { name: 'whole', arrivals: cutAt(turns, []) }
  yield {
    name: 'byte by byte',
    arrivals: cutAt(
      turns,
      Array.from({ length: total }, (_, i) => i),
    ),
  }
  for (let cut = 1; cut < total; cut++) yield { name: `cut at ${cut}`, arrivals: cutAt(turns, [cut]) }
  for (let i = 1; i <= twoCuts; i++) {
    // Steps by the golden ratio: spread over all pairs, the same in every run.
    const first = Math.floor(((i * 0.6180339887) % 1) * total)
    const second = Math.floor(((i * 0.7548776662) % 1) * total)
    yield { name: `cut at ${first} and ${second}`, arrivals: cutAt(turns, [first, second]) }
  }
}

function cutAt(turns: readonly Turn[], cuts: readonly number[]): Arrival[] {
  const arrivals: Arrival[] = []
  const wanted = new Set(cuts)
  let offset = 0
  for (const { direction, bytes } of turns) {
    let from = 0
    for (let at = 1; at <= bytes.length; at++) {
      if (at < bytes.length && !wanted.has(offset + at)) continue
      arrivals.push({ direction, item: chunkOf(bytes.subarray(from, at), arrivals.length + 1) })
      from = at
    }
    offset += bytes.length
  }
  return arrivals
}
