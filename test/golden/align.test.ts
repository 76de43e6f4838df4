// The alignment is the longest there is, and many messages with few differences cost little.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { commonPairs, longestRising } from '../../src/golden/align.ts'
import { compareGoldens } from '../../src/golden/compare.ts'
import { Effort } from '../../src/golden/effort.ts'
import type { Golden } from '../../src/golden/golden.ts'
import { anchorChain } from '../support/builders/anchor-chain.ts'
import { connectionOf, goldenOf, goldenWith, inWords } from '../support/builders/goldens.ts'
import { Random } from '../support/builders/websocket-traffic.ts'
import { growthOf, IN_PROPORTION } from '../support/drivers/processor-time.ts'

const sequence = fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e'), { maxLength: 30 })

describe('the common pairs of two sequences', () => {
  it('common pairs are equal items, in order, and as many as the longest common subsequence has', () => {
    fc.assert(
      fc.property(sequence, sequence, (left, right) => {
        const { pairs } = commonPairs(left, right)
        pairs.forEach(([i, j], at) => {
          expect(left[i]).toBe(right[j])
          if (at > 0) expect(pairs[at - 1]![0] < i && pairs[at - 1]![1] < j).toBe(true)
        })
        expect(pairs).toHaveLength(longestByTable(left, right))
      }),
    )
  })

  it('common pairs are equal items in order, too, if there are more differences than the exact answer is tried for', () => {
    const random = new Random(3)
    const left = Array.from({ length: 20_000 }, (_, i) =>
      i % 3 === 0 ? `single ${i}` : `${random.below(5)}`,
    )
    const right = left.filter(() => random.chance(70)).map((item) => (random.chance(20) ? 'other' : item))
    const { pairs } = commonPairs(left, right)
    pairs.forEach(([i, j], at) => {
      expect(left[i]).toBe(right[j])
      if (at > 0 && !(pairs[at - 1]![0] < i && pairs[at - 1]![1] < j)) expect.fail('out of order')
    })
    const singles = right.filter((item) => item.startsWith('single')).length
    expect(pairs.length).toBeGreaterThan(singles)
  })

  it('the longest rising subsequence rises, and there is no longer one', () => {
    const permutation = fc.uniqueArray(fc.nat(100), { maxLength: 12 })
    fc.assert(
      fc.property(permutation, (values) => {
        const rising = longestRising(values)
        rising.forEach((at, i) => {
          if (i > 0) expect(rising[i - 1]! < at && values[rising[i - 1]!]! < values[at]!).toBe(true)
        })
        const sorted = values.toSorted((a, b) => a - b)
        expect(rising).toHaveLength(longestByTable(values, sorted))
      }),
    )
  })
})

/** The items of both sides as messages. */
const chain = (length: number) => {
  const [left, right] = anchorChain(length)
  const said = (items: readonly string[]) => items.map((item) => `client ${item}`)
  return [said(left), said(right)] as const
}

describe('sequences that are made to be hard to align', () => {
  it('no chain of anchors, each of which makes the next one, is too long', () => {
    const [left, right] = chain(10_000)
    const differences = compareGoldens(goldenOf(left), goldenOf(right))
    expect(differences.length).toBeGreaterThan(9000)
    expect(differences.every(({ approximate }) => approximate)).toBe(true)
  })

  it('a chain of anchors is aligned in proportion to its length', async () => {
    const work = (length: number) => {
      const [left, right] = chain(length)
      compareGoldens(goldenOf(left), goldenOf(right))
    }
    expect(await growthOf(work, 1250)).toBeLessThan(IN_PROPORTION)
  })

  it('any two sequences have pairs of equal items, in order, however little effort there is, and it is never exceeded', () => {
    fc.assert(
      fc.property(sequence, sequence, fc.nat(200), (left, right, steps) => {
        const effort = new Effort(steps)
        const { pairs, isLongest } = commonPairs(left, right, effort)
        pairs.forEach(([i, j], at) => {
          expect(left[i]).toBe(right[j])
          if (at > 0) expect(pairs[at - 1]![0] < i && pairs[at - 1]![1] < j).toBe(true)
        })
        if (isLongest) expect(pairs).toHaveLength(longestByTable(left, right))
        expect(effort.left).toBeGreaterThanOrEqual(0)
      }),
    )
  })

  it('as many steps as were given are compared, and no more', () => {
    const random = new Random(5)
    const side = (): number[] => Array.from({ length: 3000 }, () => random.below(50))
    const [left, right] = [side(), side()]
    for (const steps of [0, 1000, 100_000]) {
      const effort = new Effort(steps)
      expect(commonPairs(left, right, effort).isLongest).toBe(false)
      expect(effort.left).toBe(0)
    }
  })

  it('many connections that are hard to align take no more than in proportion to their messages', async () => {
    const random = new Random(7)
    const side = (count: number): string[][] =>
      Array.from({ length: count }, () => Array.from({ length: 1000 }, () => `client ${random.below(20)}`))
    const golden = (count: number): Golden => goldenWith(side(count).map((said) => connectionOf(said)))
    const goldens = [golden(40), golden(40)] as const
    const work = (count: number) => {
      const [left, right] = goldens.map((golden) => ({
        ...golden,
        connections: [...golden.connections].slice(0, count),
      }))
      compareGoldens(left!, right!)
    }
    expect(await growthOf(work, 10)).toBeLessThan(IN_PROPORTION)
  })
})

describe('the comparison of 40 000 messages', () => {
  const talk = Array.from(
    { length: 40_000 },
    (_, i) => `${i % 2 === 0 ? 'client' : 'server'} {"type":"tick","n":${i % 5000},"v":${i % 13}}`,
  )

  it('messages with ten differences are compared in proportion to their number, and each difference is named', async () => {
    const compare = (length: number) => {
      const said = talk.slice(0, length)
      const changed = [...said]
      const part = length / 20
      for (let i = 0; i < 4; i++)
        changed[part + 4 * part * i] = `${changed[part + 4 * part * i]!.split(' ')[0]} changed`
      changed.splice(18 * part, 1)
      changed.splice(14 * part + 1, 1)
      changed.splice(10 * part, 1)
      changed.splice(6 * part, 0, 'client new')
      changed.splice(4 * part, 0, 'server new')
      changed.splice(2 * part, 2, changed[2 * part + 1]!, changed[2 * part]!)
      return inWords(compareGoldens(goldenOf(said), goldenOf(changed)))
    }
    const differences = compare(talk.length)
    expect(differences.map((words) => words.split(' ').slice(0, 2).join(' ')).sort()).toEqual([
      'message added',
      'message added',
      'message changed',
      'message changed',
      'message changed',
      'message changed',
      'message missing',
      'message missing',
      'message missing',
      'message moved',
    ])
    expect(await growthOf(compare, 10_000)).toBeLessThan(IN_PROPORTION)
  })

  it('messages that are all different, or all in disorder, are compared in proportion to their number', async () => {
    const random = new Random(1)
    const different = (length: number) => {
      const said = talk.slice(0, length)
      compareGoldens(goldenOf(said), goldenOf(said.map((words, i) => `${words}${i}`)))
    }
    const disordered = (length: number) => {
      const said = talk.slice(0, length)
      const shuffled = said
        .map((words) => ({ words, at: random.below(2 ** 32) }))
        .sort((a, b) => a.at - b.at)
        .map(({ words }) => words)
      compareGoldens(goldenOf(said), goldenOf(shuffled))
    }
    expect(await growthOf(different, 5000)).toBeLessThan(IN_PROPORTION)
    expect(await growthOf(disordered, 5000)).toBeLessThan(IN_PROPORTION)
  })
})

/** By the table of all prefixes: slow and plain. */
function longestByTable(left: readonly unknown[], right: readonly unknown[]): number {
  let row = new Array<number>(right.length + 1).fill(0)
  for (const item of left) {
    const next = [0]
    right.forEach((other, j) => {
      next.push(item === other ? row[j]! + 1 : Math.max(row[j + 1]!, next[j]!))
    })
    row = next
  }
  return row.at(-1)!
}
