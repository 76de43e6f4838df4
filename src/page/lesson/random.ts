// Fresh bytes for each exercise.

/** A whole number from `low` to `high`, both included. */
export function between(low: number, high: number): number {
  const [drawn] = crypto.getRandomValues(new Uint32Array(1))
  return low + (drawn! % (high - low + 1))
}

/** One of several. */
export function oneOf<T>(values: readonly T[]): T {
  return values[between(0, values.length - 1)]!
}

/** The same, in another order. */
export function shuffled<T>(values: readonly T[]): T[] {
  const left = [...values]
  return values.map(() => left.splice(between(0, left.length - 1), 1)[0]!)
}

/** A masking key: a word of 32 bits. None of its bytes is zero, so that each of them can be seen at work. */
export function drawKey(): number {
  return [0, 1, 2, 3].reduce((key) => (key * 256 + between(1, 255)) >>> 0, 0)
}

/** Bytes. */
export function drawBytes(length: number): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(length))
}
