// TCP sequence numbers (RFC 9293 §3.4): unsigned 32-bit numbers that wrap around, compared modulo 2^32. The rest of tcp/ counts in
// stream offsets, which never wrap; this file is where the one becomes the other.

/** How far `to` lies after `from`, modulo 2^32: -2^31 … 2^31-1, negative where it lies before. */
export function sequenceDistance(from: number, to: number): number {
  return (to - from) | 0
}

/** Farther from what is expected lies no window: RFC 7323 §2.3 allows 1 GiB, and nobody uses a quarter of it. */
export const FAR = 2 ** 28

/** False where a sequence number is too far from the one that is expected to be of the same stream. */
export function isNear(expected: number, sequence: number): boolean {
  return Math.abs(sequenceDistance(expected, sequence)) <= FAR
}

/**
 * The stream offset of a sequence number, where the byte at offset 0 has the sequence number `first`: of all offsets that it may mean,
 * the one nearest to `near`. Negative for what lies before the stream's first byte.
 */
export function offsetOf(sequence: number, first: number, near: number): number {
  return near + sequenceDistance(first + near, sequence)
}
