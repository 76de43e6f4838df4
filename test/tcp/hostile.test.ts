// Segments from somebody who wants framewalk to be slow, to swell or to fall over.
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Budget, type Limits, limitsWith } from '../../src/base/limits.ts'
import { TcpFlag } from '../../src/network/segment.ts'
import { Connections } from '../../src/tcp/connections.ts'
import type { StreamReceiver } from '../../src/tcp/receiver.ts'
import { growthOf, IN_PROPORTION, timesAsLong } from '../support/drivers/processor-time.ts'
import { Listener, segment } from '../support/drivers/segment-builder.ts'

const DEAF: StreamReceiver = { push() {}, conflict() {} }

/** Pushes `count` segments; `shape` sets the fields of the n-th. Returns the most bytes that were held back at once. */
function flood(
  count: number,
  shape: (made: ReturnType<typeof segment>, n: number) => void,
  changed: Partial<Limits> = {},
): number {
  const limits = limitsWith(changed)
  const budget = new Budget(limits.waitingTotal)
  const connections = new Connections(
    limits,
    budget,
    () => {},
    () => DEAF,
  )
  connections.push(segment({ flags: 'S', seq: 0 }))
  const made = segment({ seq: 1 })
  made.bytes = new Uint8Array(70_000)
  let mostHeld = 0
  for (let n = 0; n < count; n++) {
    made.packet = n + 2
    shape(made, n)
    connections.push(made)
    mostHeld = Math.max(mostHeld, budget.held)
  }
  connections.end()
  expect(budget.held).toBe(0)
  expect(mostHeld).toBeLessThanOrEqual(limits.waitingTotal)
  return mostHeld
}

describe('a flood of segments', () => {
  const floods: Record<string, (made: ReturnType<typeof segment>, n: number) => void> = {
    'of one byte each in descending order': (made, n) => {
      made.sequence = 1_000_000 - n
      made.end = made.start + 1
    },
    'of one byte each in random order, with holes between': (made, n) => {
      made.sequence = 2 + 2 * (Math.imul(n, 0x9e3779b1) >>> 11)
      made.end = made.start + 1
    },
    'that repeat the oldest byte remembered': (made, n) => {
      made.sequence = n < 5000 ? 1 + n : 5000 - 1000
      made.end = made.start + 1
    },
    'that fill the first hole among thousands': (made, n) => {
      made.sequence = n < 10_000 ? 3 + 2 * n : 2 + 2 * (n - 10_000)
      made.end = made.start + 1
    },
    'with a FIN each': (made, n) => {
      made.sequence = 10 + 3 * n
      made.end = made.start + 1
      made.flags = TcpFlag.fin
    },
    'cut to nothing by the snapshot length': (made, n) => {
      made.sequence = 10 + 3 * (Math.imul(n, 0x9e3779b1) >>> 11)
      made.end = made.start
      made.cut = 2
    },
  }
  const inOrder = (made: ReturnType<typeof segment>, n: number) => {
    made.sequence = 1 + n
    made.end = made.start + 1
  }
  for (const [name, shape] of Object.entries(floods)) {
    test(`a flood of segments ${name} costs the same for each segment`, async () => {
      const work = (count: number) =>
        expect(flood(count, shape)).toBeLessThanOrEqual(limitsWith().waitingPerStream)
      expect(await growthOf(work, 25_000)).toBeLessThan(IN_PROPORTION)
      expect(
        await timesAsLong(
          () => work(50_000),
          () => flood(50_000, inOrder),
        ),
      ).toBeLessThan(100)
    })
  }

  test('a flood in descending order takes time in proportion to its size, though the limits let all of it wait', async () => {
    const limits = { waitingPerStream: 2 ** 30, waitingTotal: 2 ** 30 }
    const descending = (made: ReturnType<typeof segment>, n: number) => {
      made.sequence = 1_000_000 - n
      made.end = made.start + 1
    }
    const work = (count: number) => expect(flood(count, descending, limits)).toBeGreaterThan(count * 300)
    expect(await growthOf(work, 12_500)).toBeLessThan(IN_PROPORTION)
  })

  test('segments that overlap tens of thousands of waiting bytes take time in proportion to those', async () => {
    const work = (waiting: number) =>
      flood(waiting + 100, (made, n) => {
        if (n < waiting) {
          made.sequence = 10 + 2 * n
          made.end = made.start + 1
        } else {
          made.sequence = 10
          made.end = made.start + 2 * waiting
        }
      })
    expect(await growthOf(work, 2500)).toBeLessThan(IN_PROPORTION)
  })
})

describe('a hundred thousand connections', () => {
  test('connections that are half-open or speak both ways cost less than 800 bytes each', () => {
    const limits = limitsWith({ connections: 100_000 })
    const connections = new Connections(
      limits,
      new Budget(limits.waitingTotal),
      () => {},
      () => DEAF,
    )
    const made = segment({ flags: 'S', seq: 0 })
    setFlagsFromString('--expose-gc')
    const collectGarbage = runInNewContext('gc') as () => void
    const heapUsed = () => {
      collectGarbage()
      const { heapUsed, external } = process.memoryUsage()
      return heapUsed + external
    }
    const before = heapUsed()
    const forEach = (set: () => void) => {
      set()
      for (let n = 0; n < 100_000; n++) {
        made.addresses[made.destinationPort === 80 ? 3 : 7] = 0x0a000001 + n
        made.time = { seconds: n, nanoseconds: 1 }
        connections.push(made)
      }
    }
    forEach(() => {})
    expect(connections.count).toBe(100_000)
    forEach(() =>
      Object.assign(made, { flags: TcpFlag.ack, sequence: 1, acknowledgment: 1, end: made.start + 2 }),
    )
    const answer = segment({ back: true, seq: 1, ack: 3 })
    forEach(() => Object.assign(made, answer, { end: answer.start + 2 }))
    expect(connections.count).toBe(100_000)
    expect((heapUsed() - before) / 100_000).toBeLessThan(800)
  })

  test('connections whose addresses differ in their highest bits only are found as fast as any', async () => {
    const limits = limitsWith({ connections: 100_000 })
    const work = (shift: number) => {
      const connections = new Connections(
        limits,
        new Budget(limits.waitingTotal),
        () => {},
        () => DEAF,
      )
      const made = segment({ flags: 'S', family: 6 })
      for (let n = 0; n < 2 ** 15; n++) {
        for (let word = 0; word < 8; word++) made.addresses[word] = ((n >>> (2 * word)) & 3) << shift
        connections.push(made)
      }
      expect(connections.count).toBeGreaterThan(2 ** 14)
    }
    const ratio = await timesAsLong(
      () => work(30),
      () => work(0),
    )
    expect(ratio).toBeLessThan(10)
  })

  test('connections beyond the limit replace others, in a time that does not depend on the limit', async () => {
    const work = (most: number) => {
      const limits = limitsWith({ connections: most })
      const connections = new Connections(
        limits,
        new Budget(limits.waitingTotal),
        () => {},
        () => DEAF,
      )
      const made = segment({ flags: 'S' })
      for (let n = 0; n < 100_000; n++) {
        made.addresses[3] = n
        connections.push(made)
      }
      connections.end()
      expect(connections.count).toBe(100_000)
    }
    expect(
      await timesAsLong(
        () => work(4000),
        () => work(40),
      ),
    ).toBeLessThan(10)
  })
})

describe('any segments', () => {
  test('any segments end in items of at least a byte, one end for each direction, and an empty budget', () => {
    const near = fc.integer({ min: -30, max: 60 })
    const number = fc.oneof({ weight: 8, arbitrary: near }, { weight: 1, arbitrary: fc.nat(0xffffffff) })
    const any = fc.record({
      seq: number,
      ack: fc.option(number, { nil: undefined }),
      flags: fc.constantFrom('', '', '', '', 'S', 'F', 'R', 'SF', 'SR', 'FR', 'SFR'),
      data: fc.uint8Array({ maxLength: 20 }),
      cut: fc.constantFrom(0, 0, 0, 1, 7, 2 ** 31),
      back: fc.boolean(),
      sourcePort: fc.constantFrom(1, 2),
      destinationPort: fc.constantFrom(1, 2),
      at: fc.option(fc.integer({ min: -3, max: 30 }), { nil: undefined }),
    })
    const limits = fc.record({
      waitingPerStream: fc.constantFrom(1, 400, 1000, 1e6),
      waitingTotal: fc.constantFrom(1, 700, 1e6),
      connections: fc.constantFrom(1, 2, 100),
    })
    fc.assert(
      fc.property(limits, fc.array(any, { maxLength: 100, size: 'max' }), (changed, segments) => {
        const listener = new Listener(changed)
        for (const { ack, at, ...fields } of segments) {
          listener.push({
            ...fields,
            ...(ack === undefined ? {} : { ack }),
            ...(at === undefined ? {} : { at }),
          })
        }
        listener.end()
        for (const { streams } of listener.heard) {
          for (const { end } of streams) expect(end).toBeDefined()
        }
        expect(listener.budget.held).toBe(0)
      }),
      { numRuns: 400 },
    )
  })
})
