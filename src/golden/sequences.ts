// Two sequences of messages or frames in, their differences out. Each side is aligned by itself. An item that is equal in another
// place is moved, and an item in the place of another is changed.
import type { Side } from '../base/stream.ts'
import { commonPairs, longestRising, type Pair, positionsByKey } from './align.ts'
import { type Change, type Difference, makeDifference, type OnBothSides } from './difference.ts'
import type { Place } from './golden.ts'

/** What a comparison needs to know of messages, or of frames. */
export interface Kind<T> {
  readonly subject: 'message' | 'frame'
  /** The same for equal items of one side. */
  readonly key: (item: T) => string
  readonly json: (item: T) => unknown
  readonly changes: (expected: T, actual: T) => Change[]
  readonly changedPairs: (expected: readonly T[], actual: readonly T[]) => Pair[]
}

/** The messages of each side are aligned by themselves. `withInterleaving`: it is also compared which side spoke first. */
export function compareSequences<T extends Item>(
  expected: readonly T[],
  actual: readonly T[],
  kind: Kind<T>,
  connection: OnBothSides<number>,
  withInterleaving: boolean,
): Difference[] {
  const together: Pair[] = []
  const found: Finding[] = []
  for (const side of ['client', 'server'] as const) {
    const left = positionsOf(expected, side)
    const right = positionsOf(actual, side)
    const aligned = alignSide(
      left.map((i) => expected[i]!),
      right.map((j) => actual[j]!),
      kind,
    )
    for (const [i, j] of [...aligned.equal, ...aligned.changed]) together.push([left[i]!, right[j]!])
    for (const [i, j] of aligned.changed) found.push(['changed', left[i], right[j]])
    for (const [i, j] of aligned.moved) found.push(['moved', left[i], right[j]])
    for (const i of aligned.missing) found.push(['missing', left[i], undefined])
    for (const j of aligned.added) found.push(['added', undefined, right[j]])
  }
  together.sort(([a], [b]) => a - b)
  if (withInterleaving) for (const [i, j] of outOfOrder(together)) found.push(['moved', i, j])
  return inOrder(found, together).map(([what, i, j]) => {
    const left = i === undefined ? undefined : expected[i]!
    const right = j === undefined ? undefined : actual[j]!
    return makeDifference(what, kind.subject, {
      connection,
      from: (left ?? right)!.from,
      number: {
        expected: i === undefined ? undefined : i + 1,
        actual: j === undefined ? undefined : j + 1,
      },
      place: { expected: left?.place, actual: right?.place },
      value: { expected: left && kind.json(left), actual: right && kind.json(right) },
      changes: what === 'changed' ? kind.changes(left!, right!) : [],
    })
  })
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

interface Item {
  readonly from: Side
  readonly place: Place | undefined
}

function positionsOf(items: readonly Item[], side: Side): number[] {
  const positions: number[] = []
  for (let i = 0; i < items.length; i++) if (items[i]!.from === side) positions.push(i)
  return positions
}

interface Alignment {
  readonly equal: readonly Pair[]
  readonly changed: readonly Pair[]
  readonly moved: readonly Pair[]
  readonly missing: readonly number[]
  readonly added: readonly number[]
}

function alignSide<T>(expected: readonly T[], actual: readonly T[], kind: Kind<T>): Alignment {
  const left = expected.map(kind.key)
  const right = actual.map(kind.key)
  const equal = commonPairs(left, right)
  const moved = movedPairs(left, right, equal)
  const done = { left: new Set(moved.map(([i]) => i)), right: new Set(moved.map(([, j]) => j)) }
  const changed: Pair[] = []
  let i = 0
  let j = 0
  for (const [nextI, nextJ] of [...equal, [left.length, right.length] as const]) {
    const before = i < nextI ? range(i, nextI).filter((at) => !done.left.has(at)) : []
    const after = j < nextJ ? range(j, nextJ).filter((at) => !done.right.has(at)) : []
    if (before.length > 0 && after.length > 0) {
      const pairs = kind.changedPairs(
        before.map((at) => expected[at]!),
        after.map((at) => actual[at]!),
      )
      for (const [a, b] of pairs) changed.push([before[a]!, after[b]!])
    }
    i = nextI + 1
    j = nextJ + 1
  }
  const pairs = [...equal, ...changed, ...moved]
  return { equal, changed, moved, ...rest(left.length, right.length, pairs) }
}

/** Items that are equal, but not in their place. */
function movedPairs(left: readonly string[], right: readonly string[], equal: readonly Pair[]): Pair[] {
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
