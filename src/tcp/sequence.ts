// TCP sequence numbers (RFC 9293 §3.4): unsigned 32-bit numbers that wrap around and are compared modulo 2^32. The rest of tcp/
// counts in stream offsets, which never wrap. This file converts between them.

/** How far `to` is after `from`, modulo 2^32: -2^31 … 2^31-1, negative if it is before. */
export function sequenceDistance(from: number, to: number): number {
  return (to - from) | 0
}

/**
 * No window reaches farther than this, 256 MiB, from what is expected: RFC 7323 §2.3 allows 1 GiB, but nobody uses a quarter of
 * that.
 */
export const FAR = 2 ** 28

/** Whether a sequence number is near enough to the expected one to belong to the same stream. */
export function isNear(expected: number, sequence: number): boolean {
  return Math.abs(sequenceDistance(expected, sequence)) <= FAR
}

/**
 * The stream offset of a sequence number, if the byte at offset 0 has the sequence number `first`. Of all offsets that it may
 * mean, it is the one nearest to `near`. Negative for what is before the byte at offset 0.
 */
export function offsetOf(sequence: number, first: number, near: number): number {
  return near + sequenceDistance(first + near, sequence)
}
