// Connections are paired by what they say, in whatever order they were recorded and however many they are.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareGoldens, inOrderOf } from '../../src/golden/compare.ts'
import type { Difference } from '../../src/golden/difference.ts'
import type { GoldenConnection } from '../../src/golden/golden.ts'
import { recordGolden } from '../../src/golden/record.ts'
import { readCapture, writeCapture } from '../../src/index.ts'
import { connectionOf, goldenWith } from '../support/builders/goldens.ts'
import { Random } from '../support/builders/websocket-traffic.ts'
import { growthOf, IN_PROPORTION } from '../support/drivers/processor-time.ts'

/** What differs, whatever the numbers of the connections are. */
const facts = (differences: readonly Difference[]): string[] =>
  differences
    .map(({ kind, subject, from, number, value, changes }) =>
      JSON.stringify({ kind, subject, from, number, value, changes }),
    )
    .sort()

const shuffled = <T>(list: readonly T[], seed = 1): T[] => {
  const random = new Random(seed)
  return list
    .map((item) => ({ item, at: random.below(2 ** 32) }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item)
}

const numbered = (connections: readonly GoldenConnection[]): GoldenConnection[] =>
  connections.map((connection, i) => ({ ...connection, number: i + 1 }))

/** Connections to one target, each of one user. */
const users = (count: number, server: (user: number) => string, client = (user: number) => `hi ${user}`) =>
  numbered(
    Array.from({ length: count }, (_, user) =>
      connectionOf([`client ${client(user)}`, `server ${server(user)}`, 'client bye'], { target: '/chat' }),
    ),
  )

const before = (user: number): string => `{"type":"welcome","user":"user${user}","n":${user}}`
const after = (user: number): string => `{"type":"welcome","user":"user${user}","n":${user},"added":true}`

describe('connections in another order', () => {
  it('60 connections with a field more in each message, recorded in another order, have no other differences than in the same order', async () => {
    const capture = async (users: readonly number[], added: object) =>
      recordGolden(
        await readCapture(
          writeCapture({
            connections: users.map((n) => ({
              steps: [
                { from: 'client', json: { login: `user${n}` } },
                { from: 'server', json: { user: `user${n}`, n, ...added } },
                { from: 'server', json: { news: 'of all', user: `user${n}`, ...added } },
              ],
            })),
          }),
        ),
      )
    const inOrder = Array.from({ length: 60 }, (_, n) => n)
    const known = await capture(inOrder, {})
    const sameOrder = compareGoldens(known, await capture(inOrder, { added: 1 }))
    const otherOrder = compareGoldens(known, await capture(inOrder.toReversed(), { added: 1 }))
    expect(sameOrder).toHaveLength(120)
    expect(facts(otherOrder)).toEqual(facts(sameOrder))
  })

  it.each([60, 1000])(
    '%i connections are told apart by the words that are left in their changed messages',
    (count) => {
      const same = users(count, before, () => 'hello')
      const changed = users(count, after, () => 'hello!')
      const inOrder = compareGoldens(goldenWith(same), goldenWith(changed))
      expect(inOrder).toHaveLength(2 * count)
      expect(facts(compareGoldens(goldenWith(same), goldenWith(shuffled(changed))))).toEqual(facts(inOrder))
    },
  )

  it('any capture in another order has the same differences, if each connection says something of its own', () => {
    const word = fc.stringMatching(/^[a-z]{1,8}$/)
    const talk = fc.array(fc.tuple(fc.constantFrom('client', 'server'), word), { maxLength: 6 })
    const connection = fc.record({
      talk,
      target: fc.constantFrom('/a', '/b'),
      dropped: fc.nat(5),
      changed: fc.nat(5),
    })
    fc.assert(
      fc.property(fc.array(connection, { minLength: 41, maxLength: 70 }), fc.nat(), (connections, seed) => {
        const recorded = connections.map(({ talk, target }, i) =>
          connectionOf([`client session ${i}`, ...talk.map((said) => said.join(' '))], { target }),
        )
        const again = connections.map(({ talk, target, dropped, changed }, i) => {
          const said = talk.map(([from, text], at) => `${from} ${at === changed ? `${text}!` : text}`)
          return connectionOf(
            [`client session ${i}`, ...said.filter((_, at) => at !== dropped), 'client new'],
            { target },
          )
        })
        const known = goldenWith(numbered(recorded))
        const inOrder = facts(compareGoldens(known, goldenWith(numbered(again))))
        expect(facts(compareGoldens(known, goldenWith(shuffled(numbered(again), seed))))).toEqual(inOrder)
      }),
      { numRuns: 30 },
    )
  })

  it('an update keeps the order of the golden file, however many connections changed', () => {
    const known = users(500, before)
    const changed = users(500, after)
    expect([...inOrderOf(goldenWith(known), goldenWith(shuffled(changed))).connections]).toEqual(changed)
  })
})

describe('the time that pairing takes', () => {
  it('5000 connections in another order are paired in proportion to their number', async () => {
    const work = (count: number) => {
      const differences = compareGoldens(
        goldenWith(users(count, before)),
        goldenWith(shuffled(users(count, after))),
      )
      expect(differences).toHaveLength(count)
    }
    expect(await growthOf(work, 1250)).toBeLessThan(IN_PROPORTION)
  })

  it.each<readonly [name: string, left: Connections, right: Connections]>([
    [
      'that all changed the same way',
      (n) =>
        users(
          n,
          () => 'a',
          () => 'b',
        ),
      (n) =>
        users(
          n,
          () => 'c',
          () => 'b',
        ),
    ],
    [
      'that share nothing',
      (n) =>
        users(
          n,
          (u) => `a${u}`,
          (u) => `b${u}`,
        ),
      (n) =>
        users(
          n,
          (u) => `c${u}`,
          (u) => `d${u}`,
        ),
    ],
    [
      'that share a message with the next one',
      (n) => users(n, (u) => `m${u}`),
      (n) =>
        users(
          n,
          (u) => `m${u + 1}`,
          (u) => `x${u}`,
        ),
    ],
  ])('connections %s are paired in proportion to their number', async (_, left, right) => {
    const work = (count: number) => void compareGoldens(goldenWith(left(count)), goldenWith(right(count)))
    expect(await growthOf(work, 2500)).toBeLessThan(IN_PROPORTION)
  })

  it('connections of which each shares a message with each other are paired in proportion to their messages', async () => {
    const all = (count: number, of: (i: number, j: number) => string) =>
      goldenWith(
        numbered(
          Array.from({ length: count }, (_, i) =>
            connectionOf(Array.from({ length: count }, (_, j) => `client ${of(i, j)}`)),
          ),
        ),
      )
    const work = (messages: number) => {
      const count = Math.sqrt(messages)
      compareGoldens(
        all(count, (i, j) => `${i} ${j}`),
        all(count, (i, j) => `${j} ${i}`),
      )
    }
    expect(await growthOf(work, 10_000)).toBeLessThan(IN_PROPORTION)
  })

  it('an update of any number of connections is in proportion to it', async () => {
    const many = Array.from({ length: 160_000 }, (_, i) => connectionOf([], { target: `/${i}` }))
    const work = (count: number) => {
      const known = goldenWith(many.slice(0, count))
      const { connections } = inOrderOf(known, known)
      expect(connections).toHaveLength(count)
      expect(connections.at(-1)).toBe(many[count - 1])
    }
    expect(await growthOf(work, 40_000)).toBeLessThan(IN_PROPORTION)
  })
})

type Connections = (count: number) => GoldenConnection[]
