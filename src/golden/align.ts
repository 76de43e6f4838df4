// Two sequences in, the pairs of their longest common subsequence out. Items before the first difference and after the last one, and
// items that only one side has, are set aside first: long sequences with few differences cost little. If no item comes twice, the
// answer is a longest rising subsequence. Otherwise Myers finds it (by the package diff), as long as its effort lasts. After that,
// items that occur once on both sides anchor the rest, as in a patience diff, and in each gap between anchors the same is tried
// once more. What is left is paired in order. So nothing here recurses, and nothing takes longer than its effort.
import { diffArrays } from 'diff'
import { Effort } from './effort.ts'

/** A position in each sequence. In a list of pairs, both rise. */
export type Pair = readonly [expected: number, actual: number]

/** The common subsequence of two sequences. */
export interface CommonPairs {
  /** Pairs of equal items, in order. */
  readonly pairs: readonly Pair[]
  /** False if there were too many differences to be sure that no common subsequence is longer. */
  readonly isLongest: boolean
}

/** The longest answer costs the square of the differences: 1500 of them take a quarter of a second. */
const MOST_EDITS = 1500
/** In each gap between anchors. There may be hundreds of gaps. */
const MOST_EDITS_IN_GAP = 150
/** Steps that any alignment may take, and steps for each item more. */
const STEPS = 4_000_000
const STEPS_PER_ITEM = 64

/** What the alignment of as many items may cost. */
export function alignmentEffort(items: number): Effort {
  return new Effort(STEPS + STEPS_PER_ITEM * items)
}

/** The pairs of equal items that make a longest common subsequence, or a long one if its search takes more than `effort`. */
export function commonPairs<Item>(
  expected: readonly Item[],
  actual: readonly Item[],
  effort: Effort = alignmentEffort(expected.length + actual.length),
): CommonPairs {
  const pairs: Pair[] = []
  let isLongest = true
  alignRegion(numbered(expected, actual), MOST_EDITS, effort, pairs, (region) => {
    isLongest = false
    for (const gap of anchoredGaps(region, pairs))
      alignRegion(gap, MOST_EDITS_IN_GAP, effort, pairs, (rest) => {
        for (const pair of pairsInOrder(rest)) pairs.push(pair)
      })
  })
  return { pairs: pairs.sort(([a], [b]) => a - b), isLongest }
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
export function positionsByKey<Key>(
  keys: readonly Key[],
  positions: Iterable<number> = keys.keys(),
): Map<Key, number[]> {
  const byKey = new Map<Key, number[]>()
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

/** A part of both sequences. */
interface Region {
  readonly left: readonly Entry[]
  readonly right: readonly Entry[]
}

function numbered<Item>(expected: readonly Item[], actual: readonly Item[]): Region {
  const numbers = new Map<Item, number>()
  const entries = (items: readonly Item[]): Entry[] =>
    items.map((item, at) => {
      let number = numbers.get(item)
      if (number === undefined) {
        number = numbers.size
        numbers.set(item, number)
      }
      return { item: number, at }
    })
  return { left: entries(expected), right: entries(actual) }
}

/** Adds the pairs of a region. `otherwise` gets what of it cannot be paired with so many edits, or with the effort that is left. */
function alignRegion(
  { left, right }: Region,
  mostEdits: number,
  effort: Effort,
  pairs: Pair[],
  otherwise: (region: Region) => void,
): void {
  const shorter = Math.min(left.length, right.length)
  let start = 0
  for (; start < shorter && left[start]!.item === right[start]!.item; start++)
    pairs.push([left[start]!.at, right[start]!.at])
  let tail = 0
  for (; tail < shorter - start && left.at(-1 - tail)!.item === right.at(-1 - tail)!.item; tail++)
    pairs.push([left.at(-1 - tail)!.at, right.at(-1 - tail)!.at])
  const middle = common({
    left: left.slice(start, left.length - tail),
    right: right.slice(start, right.length - tail),
  })
  if (middle.left.length === 0 || middle.right.length === 0) return
  const found =
    hasRepeats(middle.left) || hasRepeats(middle.right)
      ? byEdits(middle, mostEdits, effort)
      : pairsInOrder(middle)
  if (found === undefined) otherwise(middle)
  else for (const pair of found) pairs.push(pair)
}

/** Items that only one side has cannot be paired. */
function common({ left, right }: Region): Region {
  return { left: sharedWith(left, right), right: sharedWith(right, left) }
}

function sharedWith(these: readonly Entry[], those: readonly Entry[]): Entry[] {
  const items = new Set(those.map(({ item }) => item))
  return these.filter(({ item }) => items.has(item))
}

function hasRepeats(list: readonly Entry[]): boolean {
  return new Set(list.map(({ item }) => item)).size < list.length
}

/** By the fewest edits. Undefined if there are more, or if the effort does not last. */
function byEdits({ left, right }: Region, mostEdits: number, effort: Effort): Pair[] | undefined {
  const changes = withinEffort(() =>
    diffArrays(left as Entry[], right as Entry[], {
      comparator: (a, b) => {
        if (!effort.spend(1)) throw new NoEffortLeft()
        return a.item === b.item
      },
      maxEditLength: mostEdits,
    }),
  )
  if (changes === undefined) return undefined
  const pairs: Pair[] = []
  let i = 0
  let j = 0
  for (const { count, added, removed } of changes) {
    if (added) j += count
    else if (removed) i += count
    else for (let n = 0; n < count; n++) pairs.push([left[i++]!.at, right[j++]!.at])
  }
  return pairs
}

/** Ends a search of the package diff, which has no other way to stop it. */
class NoEffortLeft extends Error {}

function withinEffort<T>(search: () => T): T | undefined {
  try {
    return search()
  } catch (error) {
    if (error instanceof NoEffortLeft) return undefined
    throw error
  }
}

/** The gaps between the items that occur once on both sides. Adds the pairs of those items. */
function anchoredGaps({ left, right }: Region, pairs: Pair[]): Region[] {
  const positions = singlePositions(right)
  const anchors = [...singlePositions(left)].filter(([item]) => positions.has(item))
  const gaps: Region[] = []
  let i = 0
  let j = 0
  for (const at of longestRising(anchors.map(([item]) => positions.get(item)!))) {
    const [item, l] = anchors[at]!
    const r = positions.get(item)!
    gaps.push({ left: left.slice(i, l), right: right.slice(j, r) })
    pairs.push([left[l]!.at, right[r]!.at])
    i = l + 1
    j = r + 1
  }
  return [...gaps, { left: left.slice(i), right: right.slice(j) }]
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

/** Pairs the first of equal items with the first, the second with the second, and keeps the most pairs that are in order. */
function pairsInOrder({ left, right }: Region): Pair[] {
  const waiting = positionsByKey(right.map(({ item }) => item))
  const pairs = left.flatMap(({ item, at }): Pair[] => {
    const position = waiting.get(item)?.pop()
    return position === undefined ? [] : [[at, right[position]!.at]]
  })
  return longestRising(pairs.map(([, j]) => j)).map((at) => pairs[at]!)
}
