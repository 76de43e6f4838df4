// Which messages belong together that are not equal: those between two equal ones. In: two lists. Out: pairs, so that a difference
// says "changed" when a person would.
import type { Pair } from './align.ts'
import type { Effort } from './effort.ts'
import type { GoldenMessage, List } from './golden.ts'

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
  expectedList: List<GoldenMessage>,
  actualList: List<GoldenMessage>,
  effort: Effort,
): Pair[] | undefined {
  if (expectedList.length === 1 && actualList.length === 1) return [[0, 0]]
  const comparisons = expectedList.length * actualList.length
  if (comparisons > MOST_COMPARISONS) return undefined
  const expected = Array.from(expectedList, endsOf)
  const actual = Array.from(actualList, endsOf)
  const characters = expected.reduce((sum, { length }) => sum + Math.min(2 * LOOKED_AT, length), 0)
  const steps = comparisons + Math.ceil((characters * actual.length) / CHARACTERS_PER_STEP)
  if (!effort.spend(steps)) return undefined
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

/** What is looked at of a message. */
interface Ends {
  readonly kind: 'text' | 'bytes' | 'nothing'
  /** Of the whole message. */
  readonly length: number
  readonly start: string
  readonly tail: string
}

function endsOf({ text, bytes }: GoldenMessage): Ends {
  const content = text ?? bytes?.hex ?? ''
  return {
    kind: text !== undefined ? 'text' : bytes !== undefined ? 'bytes' : 'nothing',
    length: content.length,
    start: ownString(content.slice(0, LOOKED_AT)),
    tail: ownString(content.slice(-LOOKED_AT)),
  }
}

/** A part of a string keeps the whole string in memory, and a copy does not. */
function ownString(part: string): string {
  return Buffer.from(part, 'utf16le').toString('utf16le')
}

/** 0 … 1. */
function likeness(a: Ends, b: Ends): number {
  if (a.kind !== b.kind || a.kind === 'nothing') return 0
  const longer = Math.max(a.length, b.length)
  if (longer === 0) return 1
  const most = Math.min(a.length, b.length)
  let start = 0
  while (start < Math.min(most, LOOKED_AT) && a.start[start] === b.start[start]) start += 1
  let tail = 0
  while (tail < Math.min(most - start, LOOKED_AT) && a.tail.at(-1 - tail) === b.tail.at(-1 - tail)) tail += 1
  return (start + tail) / Math.min(longer, 2 * LOOKED_AT)
}
