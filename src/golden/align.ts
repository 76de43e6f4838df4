// Two sequences in, the pairs of their longest common subsequence out (Myers, by the package diff). Items before the first
// difference and after the last one, and items that only one side has, are set aside first: long sequences with few differences
// cost little. If there are too many differences for the exact answer, items that occur once on both sides anchor the rest, as in
// a patience diff.
import { diffArrays } from 'diff'

/** A position in each sequence. In a list of pairs, both rise. */
export type Pair = readonly [expected: number, actual: number]

/** The exact answer costs the square of the differences: 1500 of them take a quarter of a second. */
const MOST_EDITS = 1500
/** In each gap between anchors. There may be hundreds of gaps. */
const MOST_EDITS_IN_GAP = 150

/** The pairs of equal items that make a longest common subsequence. */
export function commonPairs(expected: readonly string[], actual: readonly string[]): Pair[] {
  const numbers = new Map<string, number>()
  const numbered = (items: readonly string[]): number[] =>
    items.map((item) => {
      const known = numbers.get(item)
      if (known !== undefined) return known
      numbers.set(item, numbers.size)
      return numbers.size - 1
    })
  const pairs: Pair[] = []
  pairsOf(entries(numbered(expected)), entries(numbered(actual)), MOST_EDITS, pairs)
  return pairs
}

/** The longest rising subsequence of numbers that are all different, as positions in the list. */
export function longestRising(values: readonly number[]): number[] {
  /** For each length, the position of the smallest last value. Below it, the position before each. */
  const tails: number[] = []
  const before: number[] = []
  values.forEach((value, position) => {
    let low = 0
    let high = tails.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (values[tails[middle]!]! < value) low = middle + 1
      else high = middle
    }
    before[position] = tails[low - 1] ?? -1
    tails[low] = position
  })
  const rising: number[] = []
  for (let at = tails.at(-1) ?? -1; at !== -1; at = before[at]!) rising.push(at)
  return rising.reverse()
}

/** For each key, its positions in reverse, so that pop() gives them in order. */
export function positionsByKey(
  keys: readonly string[],
  positions: Iterable<number> = keys.keys(),
): Map<string, number[]> {
  const byKey = new Map<string, number[]>()
  for (const position of [...positions].reverse()) {
    const key = keys[position]!
    const list = byKey.get(key)
    if (list === undefined) byKey.set(key, [position])
    else list.push(position)
  }
  return byKey
}

/** An item's number, and its position in the whole sequence. */
interface Entry {
  readonly item: number
  readonly at: number
}

function entries(items: readonly number[]): Entry[] {
  return items.map((item, at) => ({ item, at }))
}

function pairsOf(
  expected: readonly Entry[],
  actual: readonly Entry[],
  mostEdits: number,
  pairs: Pair[],
): void {
  const shorter = Math.min(expected.length, actual.length)
  let start = 0
  while (start < shorter && expected[start]!.item === actual[start]!.item) {
    pairs.push([expected[start]!.at, actual[start]!.at])
    start += 1
  }
  let tail = 0
  while (tail < shorter - start && expected.at(-1 - tail)!.item === actual.at(-1 - tail)!.item) tail += 1
  middlePairs(
    expected.slice(start, expected.length - tail),
    actual.slice(start, actual.length - tail),
    mostEdits,
    pairs,
  )
  for (let i = tail; i > 0; i--) pairs.push([expected.at(-i)!.at, actual.at(-i)!.at])
}

function middlePairs(
  expected: readonly Entry[],
  actual: readonly Entry[],
  mostEdits: number,
  pairs: Pair[],
): void {
  const left = sharedWith(expected, actual)
  const right = sharedWith(actual, expected)
  if (left.length === 0 || right.length === 0) return
  const changes = diffArrays(left, right, {
    comparator: (a, b) => a.item === b.item,
    maxEditLength: mostEdits,
  })
  if (changes === undefined) {
    anchoredPairs(left, right, pairs)
    return
  }
  let i = 0
  let j = 0
  for (const { count, added, removed } of changes) {
    if (added) j += count
    else if (removed) i += count
    else for (let n = 0; n < count; n++) pairs.push([left[i++]!.at, right[j++]!.at])
  }
}

function anchoredPairs(left: readonly Entry[], right: readonly Entry[], pairs: Pair[]): void {
  const positions = singlePositions(right)
  const singles = singlePositions(left)
  const common = [...singles].filter(([item]) => positions.has(item))
  const rising = longestRising(common.map(([item]) => positions.get(item)!))
  let i = 0
  let j = 0
  for (const at of rising) {
    const [item, l] = common[at]!
    const r = positions.get(item)!
    pairsOf(left.slice(i, l), right.slice(j, r), MOST_EDITS_IN_GAP, pairs)
    pairs.push([left[l]!.at, right[r]!.at])
    i = l + 1
    j = r + 1
  }
  // Without an anchor, this would ask the same question again.
  if (rising.length > 0) pairsOf(left.slice(i), right.slice(j), MOST_EDITS_IN_GAP, pairs)
}

function sharedWith(these: readonly Entry[], those: readonly Entry[]): Entry[] {
  const items = new Set(those.map(({ item }) => item))
  return these.filter(({ item }) => items.has(item))
}

/** The positions of items that occur once, in order. */
function singlePositions(list: readonly Entry[]): Map<number, number> {
  const positions = new Map<number, number>()
  const repeated = new Set<number>()
  list.forEach(({ item }, position) => {
    if (positions.has(item)) repeated.add(item)
    positions.set(item, position)
  })
  for (const item of repeated) positions.delete(item)
  return positions
}
