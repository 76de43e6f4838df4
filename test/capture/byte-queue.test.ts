import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ByteQueue } from '../../src/capture/byte-queue.ts'
import { someBytes } from '../support/builders/capture-bytes.ts'

describe('ByteQueue', () => {
  it('a queue shows a record that lies inside a chunk as a view on that chunk', () => {
    const queue = new ByteQueue()
    const chunk = someBytes(10)
    queue.push(chunk)
    expect(queue.has(10)).toBe(true)
    expect(queue.bytes).toBe(chunk)
  })

  it('a queue keeps nothing of a chunk once it has asked for more', () => {
    const queue = new ByteQueue()
    const chunk = Uint8Array.of(1, 2, 3)
    queue.push(chunk)
    expect(queue.has(5)).toBe(false)
    chunk.fill(0)
    queue.push(Uint8Array.of(4, 5, 6))
    expect(queue.has(5)).toBe(true)
    expect([...queue.bytes.subarray(queue.at, queue.at + 5)]).toEqual([1, 2, 3, 4, 5])
  })

  it('a queue copies a long record once, however small the chunks are', () => {
    const queue = new ByteQueue()
    const length = 1 << 20
    let memories = 0
    let memory: ArrayBufferLike | undefined
    for (let at = 0; at < length; at += 64) {
      queue.push(new Uint8Array(64).fill(at >> 6))
      queue.has(length)
      if (queue.bytes.buffer !== memory) memories++
      memory = queue.bytes.buffer
    }
    expect(queue.has(length)).toBe(true)
    expect(memories).toBe(1)
    expect(queue.bytes[64 * 1000]).toBe(1000 & 0xff)
  })

  it('a queue gives back what was pushed, in order, however it is cut, asked for and skipped', () => {
    const step = fc.record({ take: fc.nat(40), ask: fc.nat(60), skip: fc.boolean() })
    fc.assert(
      fc.property(fc.array(fc.nat(30)), fc.array(step, { minLength: 1 }), (chunkLengths, steps) => {
        const queue = new ByteQueue()
        const model: number[] = []
        const waiting = [...chunkLengths]
        let pushed = 0
        let taken = 0
        for (let round = 0; round < 200; round++) {
          const { take, ask, skip } = steps[round % steps.length]!
          expect(queue.offset).toBe(taken)
          expect(queue.isEmpty).toBe(taken === pushed)
          if (skip) {
            const skipped = queue.skip(take)
            expect(skipped).toBe(Math.min(take, pushed - taken))
            taken += skipped
          } else if (queue.has(Math.max(ask, take))) {
            expect([...queue.bytes.subarray(queue.at, queue.at + take)]).toEqual(
              model.slice(taken, taken + take),
            )
            queue.at += take
            taken += take
          } else {
            expect(pushed - taken).toBeLessThan(Math.max(ask, take))
            const chunk = someBytes(waiting.shift() ?? 0, round)
            model.push(...chunk)
            pushed += chunk.length
            queue.push(chunk)
          }
        }
      }),
      { numRuns: 200 },
    )
  })
})
