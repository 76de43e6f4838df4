// Which messages belong together that are not equal: those between two equal ones. In: two lists. Out: pairs, so that a difference
// says "changed" when a person would.
import type { Pair } from './align.ts'
import type { Effort } from './effort.ts'
import type { GoldenMessage } from './golden.ts'

/** Most comparisons of one gap: the memory that they take. */
const MOST_COMPARISONS = 40_000
/** Characters that are compared in the time of a step. */
const CHARACTERS_PER_STEP = 32
/** A pair that has nothing in common is better than no pair, and worse than any other. */
const NOTHING_IN_COMMON = 0.2
/** How many characters of a text are looked at from each end. */
const LOOKED_AT = 500

/**
 * Pairs of messages, in order, of which the second probably was the first: those that are most alike. Undefined if there are too
 * many to find out, or if the effort does not last.
 */
export function changedPairs(
  expected: readonly GoldenMessage[],
  actual: readonly GoldenMessage[],
  effort: Effort,
): Pair[] | undefined {
  if (expected.length === 1 && actual.length === 1) return [[0, 0]]
  const comparisons = expected.length * actual.length
  const characters = expected.reduce(
    (sum, { text, bytes }) => sum + Math.min(2 * LOOKED_AT, (text ?? bytes?.hex ?? '').length),
    0,
  )
  const steps = comparisons + Math.ceil((characters * actual.length) / CHARACTERS_PER_STEP)
  if (comparisons > MOST_COMPARISONS || !effort.spend(steps)) return undefined
  // best[i][j]: the most that expected[i…] and actual[j…] can have in common.
  const best = Array.from({ length: expected.length + 1 }, () => new Float64Array(actual.length + 1))
  const score = (i: number, j: number): number =>
    best[i + 1]![j + 1]! + NOTHING_IN_COMMON + likeness(expected[i]!, actual[j]!)
  for (let i = expected.length - 1; i >= 0; i--) {
    for (let j = actual.length - 1; j >= 0; j--)
      best[i]![j] = Math.max(score(i, j), best[i + 1]![j]!, best[i]![j + 1]!)
  }
  const pairs: Pair[] = []
  for (let i = 0, j = 0; i < expected.length && j < actual.length; ) {
    if (best[i]![j] === score(i, j)) pairs.push([i++, j++])
    else if (best[i]![j] === best[i + 1]![j]) i += 1
    else j += 1
  }
  return pairs
}

/** 0 … 1. */
function likeness(a: GoldenMessage, b: GoldenMessage): number {
  const left = a.text ?? a.bytes?.hex
  const right = b.text ?? b.bytes?.hex
  if (left === undefined || right === undefined || (a.text === undefined) !== (b.text === undefined)) return 0
  const longer = Math.max(left.length, right.length)
  if (longer === 0) return 1
  const most = Math.min(left.length, right.length)
  let start = 0
  while (start < Math.min(most, LOOKED_AT) && left[start] === right[start]) start += 1
  let tail = 0
  while (tail < Math.min(most - start, LOOKED_AT) && left.at(-1 - tail) === right.at(-1 - tail)) tail += 1
  return (start + tail) / Math.min(longer, 2 * LOOKED_AT)
}
