// Stream items for tests: bytes as chunks, cut as a test wants them.
import type { Chunk, EndReason, Gap, GapReason, StreamEnd } from '../../../src/base/stream.ts'

/** A chunk of its own packet. */
export function chunkOf(bytes: Uint8Array, packet = 1, segmentStart = true): Chunk {
  return {
    kind: 'chunk',
    bytes,
    start: 0,
    end: bytes.length,
    packet,
    released: packet,
    time: { seconds: packet, nanoseconds: 0 },
    segmentStart,
  }
}

/** The same within a larger memory, which starts at an odd place if the packet's number is odd. */
export function chunkWithin(bytes: Uint8Array, packet: number): Chunk {
  const before = packet % 2
  const memory = new Uint8Array(bytes.length + before + 3)
  memory.set(bytes, before + 1)
  return { ...chunkOf(memory.subarray(before), packet), start: 1, end: 1 + bytes.length }
}

/** A gap that became certain with the packet `released`. */
export function gapOf(length: number, released = 1, reason: GapReason = 'acknowledged'): Gap {
  return { kind: 'gap', length, reason, released, time: { seconds: released, nanoseconds: 0 } }
}

/** The end of a direction, with the packet `released`. */
export function endOf(reason: EndReason = 'fin', released = 1): StreamEnd {
  return { kind: 'end', reason, released, time: { seconds: released, nanoseconds: 0 } }
}

/** Hex digits, with white space between them or not, as bytes. */
export function bytesOf(hex: string): Uint8Array {
  const digits = hex.replaceAll(/\s/g, '')
  return Uint8Array.from({ length: digits.length / 2 }, (_, i) =>
    Number.parseInt(digits.slice(i * 2, i * 2 + 2), 16),
  )
}

/** The bytes as a view that starts at an odd place of a larger buffer. */
export function atOddOffset(bytes: Uint8Array): Uint8Array {
  const view = new Uint8Array(new ArrayBuffer(bytes.length + 8), 5, bytes.length)
  view.set(bytes)
  return view
}

/** The bytes as chunks of one packet each, cut before each of `cuts`. */
export function chunksOf(bytes: Uint8Array, cuts: readonly number[]): Chunk[] {
  const edges = [...new Set([0, ...cuts.filter((cut) => cut > 0 && cut < bytes.length), bytes.length])].sort(
    (a, b) => a - b,
  )
  return edges.slice(1).map((end, i) => chunkOf(bytes.subarray(edges[i]!, end), i + 1))
}

/**
 * The ways in which a test cuts its input: whole, byte by byte, once anywhere, and twice at `twoCuts` pairs of places. The pairs
 * are spread over all pairs by steps of the golden ratio, the same in every run.
 */
export function* everyCut(length: number, twoCuts = (length * length) / 22): Generator<number[]> {
  yield []
  yield Array.from({ length }, (_, i) => i)
  for (let cut = 1; cut < length; cut++) yield [cut]
  for (let i = 1; i <= twoCuts; i++) {
    const pair = [0.6180339887, 0.7548776662].map((step) => 1 + Math.floor(((i * step) % 1) * (length - 1)))
    yield pair.sort((one, other) => one - other)
  }
}
