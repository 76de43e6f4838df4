// Which received message belongs to which expected one, if the two lists do not match.
import type { Asymmetric } from './context.ts'

/** Most comparisons that a better message is worth. */
const MOST_COMPARISONS = 250_000

/**
 * The index in the other list for each index in the one. Items that fit are paired in order, as many as possible (the longest
 * common subsequence). The items between them are paired one by one. If the lists are too long for that, all items are paired one
 * by one.
 */
export function alignedIndexes(
  length: number,
  otherLength: number,
  fits: (index: number, other: number) => boolean,
): Map<number, number> {
  const partners = new Map<number, number>()
  let at = 0
  let other = 0
  const pairUpTo = (end: number, otherEnd: number): void => {
    while (at < end && other < otherEnd) partners.set(at++, other++)
    at = end
    other = otherEnd
  }
  if (length * otherLength <= MOST_COMPARISONS) {
    for (const [index, otherIndex] of longestFit(length, otherLength, fits)) {
      pairUpTo(index, otherIndex)
      pairUpTo(index + 1, otherIndex + 1)
    }
  }
  pairUpTo(length, otherLength)
  return partners
}

function longestFit(
  length: number,
  otherLength: number,
  fits: (index: number, other: number) => boolean,
): Array<[index: number, other: number]> {
  const width = otherLength + 1
  /** How many fit from `index` and `other` on. */
  const longest = new Uint32Array((length + 1) * width)
  const fitting = new Uint8Array(longest.length)
  for (let index = length - 1; index >= 0; index--) {
    for (let other = otherLength - 1; other >= 0; other--) {
      const at = index * width + other
      fitting[at] = fits(index, other) ? 1 : 0
      const skipping = Math.max(longest[at + 1]!, longest[at + width]!)
      longest[at] = Math.max(skipping, fitting[at]! * (longest[at + width + 1]! + 1))
    }
  }
  const pairs: Array<[number, number]> = []
  for (let index = 0, other = 0; index < length && other < otherLength; ) {
    const at = index * width + other
    if (fitting[at] === 1 && longest[at] === longest[at + width + 1]! + 1) pairs.push([index++, other++])
    else if (longest[at + width]! >= longest[at + 1]!) index++
    else other++
  }
  return pairs
}

/** The expected value. Each asymmetric matcher that fits is replaced by the actual value, so that a difference leaves it out. */
export function settled(expected: unknown, actual: unknown): unknown {
  if (typeof expected !== 'object' || expected === null) return expected
  if ('asymmetricMatch' in expected)
    return (expected as Asymmetric).asymmetricMatch(actual) ? actual : expected
  if (typeof actual !== 'object' || actual === null || expected instanceof Uint8Array) return expected
  if (Array.isArray(expected)) {
    return expected.map((part, i) => settled(part, (actual as Record<number, unknown>)[i]))
  }
  return Object.fromEntries(
    Object.entries(expected).map(([name, part]) => [
      name,
      settled(part, (actual as Record<string, unknown>)[name]),
    ]),
  )
}
