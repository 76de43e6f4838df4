// Draws numbers from a seed: the same seed gives the same numbers. They are for masking keys in captures that are made, never for
// secrets: that is why this stands alone.

/** Draws whole numbers of 32 bits: Mulberry32. */
export function randomWords(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let word = state
    word = Math.imul(word ^ (word >>> 15), word | 1)
    word ^= word + Math.imul(word ^ (word >>> 7), word | 61)
    return (word ^ (word >>> 14)) >>> 0
  }
}
