// Two sequences of messages or frames in, their differences out. Each side is aligned by itself. An item that is equal in another
// place is moved, and an item in the place of another is changed.
import type { Side } from '../base/stream.ts'
import { commonPairs, longestRising, type Pair, positionsByKey } from './align.ts'
import type { Difference, OnBothSides } from './difference.ts'
import type { Effort } from './effort.ts'
import type { List } from './golden.ts'
import { type Item, ItemDifference, type ItemKind } from './item-difference.ts'
import { MadeList } from './packed-connections.ts'

/** What a comparison needs to know of messages, or of frames. */
export interface Kind<T> extends ItemKind<T> {
  /** Undefined: there are too many to find out, or the effort does not last. */
  readonly changedPairs: (expected: List<T>, actual: List<T>, effort: Effort) => Pair[] | undefined
}

/** The messages, or the frames, of a connection. */
export interface Sequence<T> {
  readonly items: List<T>
  /** For each item a number: the same for equal items. */
  readonly keys: Int32Array
}

/** How two sequences are compared. */
export interface Comparison {
  /** It is also compared which side spoke first. */
  readonly withInterleaving: boolean
  /** What is too much for it is paired in order, and the differences are marked as approximate. */
  readonly effort: Effort
  /** False if it is not sure that the two belong together. */
  readonly isFound: boolean
}

/** The messages of each side are aligned by themselves. */
export function compareSequences<T extends Item>(
  expected: Sequence<T>,
  actual: Sequence<T>,
  kind: Kind<T>,
  connection: OnBothSides<number>,
  { withInterleaving, effort, isFound }: Comparison,
): Difference[] {
  if (isSame(expected.keys, actual.keys)) return []
  const together: Pair[] = []
  const found: Finding[] = []
  let isApproximate = !isFound
  for (const side of ['client', 'server'] as const) {
    const left = positionsOf(expected.items, side)
    const right = positionsOf(actual.items, side)
    const aligned = alignSide(partOf(expected, left), partOf(actual, right), kind, effort)
    isApproximate ||= aligned.isApproximate
    for (const pairs of [aligned.equal, aligned.changed])
      for (const [i, j] of pairs) together.push([left[i]!, right[j]!])
    for (const [i, j] of aligned.changed) found.push(['changed', left[i], right[j]])
    for (const [i, j] of aligned.moved) found.push(['moved', left[i], right[j]])
    for (const i of aligned.missing) found.push(['missing', left[i], undefined])
    for (const j of aligned.added) found.push(['added', undefined, right[j]])
  }
  if (found.length === 0 && !withInterleaving) return []
  together.sort(([a], [b]) => a - b)
  if (withInterleaving) for (const [i, j] of outOfOrder(together)) found.push(['moved', i, j])
  return inOrder(found, together).map(
    ([what, i, j]) =>
      new ItemDifference(
        what,
        kind,
        connection,
        i === undefined ? undefined : { number: i + 1, items: expected.items },
        j === undefined ? undefined : { number: j + 1, items: actual.items },
        isApproximate,
      ),
  )
}

type Finding = readonly [kind: Difference['kind'], expected: number | undefined, actual: number | undefined]

/** In the order of the actual side. A missing item comes after the item that it followed. */
function inOrder(found: readonly Finding[], together: readonly Pair[]): Finding[] {
  let at = 0
  let followed = -1
  const places = new Map<Finding, number>()
  const missing = found.filter(([, , j]) => j === undefined).sort(([, a], [, b]) => a! - b!)
  for (const finding of missing) {
    for (; at < together.length && together[at]![0] < finding[1]!; at++) followed = together[at]![1]
    places.set(finding, followed + 0.5)
  }
  const placeOf = (finding: Finding): number => finding[2] ?? places.get(finding)!
  return found.toSorted((a, b) => placeOf(a) - placeOf(b))
}

/** Of pairs in the order of the expected side: the fewest that must move so that the rest is in order. */
function outOfOrder(together: readonly Pair[]): Pair[] {
  const inOrder = new Set(longestRising(together.map(([, j]) => j)))
  return together.filter((_, at) => !inOrder.has(at))
}

function isSame(expected: Int32Array, actual: Int32Array): boolean {
  return expected.length === actual.length && expected.every((key, i) => key === actual[i])
}

function partOf<T>({ items, keys }: Sequence<T>, positions: readonly number[]): Part<T> {
  return { items: chosen(items, positions), keys: positions.map((at) => keys[at]!) }
}

/** The items at these positions. */
function chosen<T>(items: List<T>, positions: readonly number[]): List<T> {
  return new MadeList(positions.length, (i) => items.at(positions[i]!)!)
}

/** What one side of a connection sent. */
interface Part<T> {
  readonly items: List<T>
  readonly keys: readonly number[]
}

function positionsOf(items: List<Item>, side: Side): number[] {
  const positions: number[] = []
  let at = 0
  for (const { from } of items) {
    if (from === side) positions.push(at)
    at += 1
  }
  return positions
}

interface Alignment {
  readonly equal: readonly Pair[]
  readonly changed: readonly Pair[]
  readonly moved: readonly Pair[]
  readonly missing: readonly number[]
  readonly added: readonly number[]
  readonly isApproximate: boolean
}

function alignSide<T>(expected: Part<T>, actual: Part<T>, kind: Kind<T>, effort: Effort): Alignment {
  const left = expected.keys
  const right = actual.keys
  const { pairs: equal, isLongest } = commonPairs(left, right, effort)
  const moved = movedPairs(left, right, equal)
  const done = { left: new Set(moved.map(([i]) => i)), right: new Set(moved.map(([, j]) => j)) }
  const changed: Pair[] = []
  let isApproximate = !isLongest
  let i = 0
  let j = 0
  for (const [nextI, nextJ] of [...equal, [left.length, right.length] as const]) {
    const before = i < nextI ? range(i, nextI).filter((at) => !done.left.has(at)) : []
    const after = j < nextJ ? range(j, nextJ).filter((at) => !done.right.has(at)) : []
    if (before.length > 0 && after.length > 0) {
      const alike = kind.changedPairs(chosen(expected.items, before), chosen(actual.items, after), effort)
      isApproximate ||= alike === undefined
      for (const [a, b] of alike ?? pairsInOrder(Math.min(before.length, after.length)))
        changed.push([before[a]!, after[b]!])
    }
    i = nextI + 1
    j = nextJ + 1
  }
  const pairs = [...equal, ...changed, ...moved]
  return { equal, changed, moved, isApproximate, ...rest(left.length, right.length, pairs) }
}

function pairsInOrder(count: number): Pair[] {
  return range(0, count).map((at) => [at, at])
}

/** Items that are equal, but not in their place. */
function movedPairs(left: readonly number[], right: readonly number[], equal: readonly Pair[]): Pair[] {
  const { missing, added } = rest(left.length, right.length, equal)
  const waiting = positionsByKey(right, added)
  return missing.flatMap((i): Pair[] => {
    const j = waiting.get(left[i]!)?.pop()
    return j === undefined ? [] : [[i, j]]
  })
}

function rest(left: number, right: number, pairs: readonly Pair[]): { missing: number[]; added: number[] } {
  const taken = { left: new Set(pairs.map(([i]) => i)), right: new Set(pairs.map(([, j]) => j)) }
  return {
    missing: range(0, left).filter((i) => !taken.left.has(i)),
    added: range(0, right).filter((j) => !taken.right.has(j)),
  }
}

function range(start: number, end: number): number[] {
  return Array.from({ length: Math.max(0, end - start) }, (_, i) => start + i)
}
