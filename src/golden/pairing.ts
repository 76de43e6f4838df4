// Which things belong together that are not equal: messages between two equal ones, and connections of two captures. In: two
// lists. Out: pairs, so that a difference says "changed" when a person would.
import { type Pair, positionsByKey } from './align.ts'
import type { GoldenMessage } from './golden.ts'

/** Most comparisons that are worth their time. */
const MOST_COMPARISONS = 1600
/** A pair that has nothing in common is better than no pair, and worse than any other. */
const NOTHING_IN_COMMON = 0.2
/** How many characters of a text are looked at from each end. */
const LOOKED_AT = 500

/** Pairs of messages, in order, of which the second probably was the first: those that are most alike. */
export function changedPairs(expected: readonly GoldenMessage[], actual: readonly GoldenMessage[]): Pair[] {
  if (expected.length * actual.length > MOST_COMPARISONS)
    return inOrder(Math.min(expected.length, actual.length))
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

/** What is known of a connection for its pairing. */
export interface PairingFacts {
  /** The same for connections that are equal in everything that is compared. */
  readonly key: string
  readonly target: string | null | undefined
  readonly messages: ReadonlySet<string>
}

/**
 * Pairs of connections. It is chance which of two connections came first. So equal ones belong together wherever they are. Of the
 * others, those with the same target and the most messages in common do.
 */
export function connectionPairs(expected: readonly PairingFacts[], actual: readonly PairingFacts[]): Pair[] {
  const pairs: Pair[] = []
  const waiting = positionsByKey(actual.map(({ key }) => key))
  const left: number[] = []
  expected.forEach(({ key }, i) => {
    const equal = waiting.get(key)?.pop()
    if (equal === undefined) left.push(i)
    else pairs.push([i, equal])
  })
  const right = [...waiting.values()].flat().sort((a, b) => a - b)
  const candidates =
    left.length * right.length <= MOST_COMPARISONS
      ? left.flatMap((i) => right.map((j) => [i, j] as const))
      : left.flatMap((i, at) => (right[at] === undefined ? [] : [[i, right[at]] as const]))
  const scored = candidates
    .map(([i, j]) => ({ i, j, score: connectionLikeness(expected[i]!, actual[j]!) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
  const taken = { left: new Set<number>(), right: new Set<number>() }
  for (const { i, j } of scored) {
    if (taken.left.has(i) || taken.right.has(j)) continue
    taken.left.add(i)
    taken.right.add(j)
    pairs.push([i, j])
  }
  return pairs.sort(([a], [b]) => a - b)
}

/** 0 … 2. */
function connectionLikeness(a: PairingFacts, b: PairingFacts): number {
  let common = 0
  for (const message of a.messages) if (b.messages.has(message)) common += 1
  return (a.target === b.target ? 1 : 0) + common / Math.max(1, a.messages.size, b.messages.size)
}

function inOrder(count: number): Pair[] {
  return Array.from({ length: count }, (_, i) => [i, i])
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
