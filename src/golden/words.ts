// The words that a connection says, each as a number: what two changed messages still have in common. It stands alone because a
// comparison makes millions of them and none of them as a string.
import type { GoldenConnection } from './golden.ts'

/** Characters that are read of a message, and of a connection. */
const LONGEST_TEXT = 2000
const LONGEST_TEXTS = 64_000

/**
 * The words of a connection's messages, from the first on, as numbers below 2 ** 32: hashes of the words, mixed with `target`, a
 * number. A word is a run of letters and digits.
 */
export function* wordsOf({ messages }: GoldenConnection, target: number): Generator<number> {
  let left = LONGEST_TEXTS
  for (const { text, bytes } of messages) {
    const said = text ?? bytes?.hex ?? ''
    const end = Math.min(said.length, LONGEST_TEXT, left)
    left -= end
    yield* wordsIn(said, end, target)
    if (left <= 0) return
  }
}

/** FNV-1a, 32 bits. */
function* wordsIn(text: string, end: number, seed: number): Generator<number> {
  const start = Math.imul((seed ^ 0x811c9dc5) >>> 0, 0x01000193)
  let hash = start
  for (let i = 0; i < end; i++) {
    const unit = text.charCodeAt(i)
    if (isOfWord(unit)) hash = Math.imul(hash ^ unit, 0x01000193)
    else if (hash !== start) {
      yield hash >>> 0
      hash = start
    }
  }
  if (hash !== start) yield hash >>> 0
}

function isOfWord(unit: number): boolean {
  const letter = unit | 0x20
  return (unit >= 0x30 && unit <= 0x39) || (letter >= 0x61 && letter <= 0x7a) || unit >= 0x80 || unit === 0x5f
}
