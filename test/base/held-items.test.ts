// Items that wait: copied, paid for, and in the order in which they came.
import { describe, expect, it } from 'vitest'
import { HeldItems } from '../../src/base/held-items.ts'
import { Budget } from '../../src/base/limits.ts'
import type { Chunk, Direction } from '../../src/base/stream.ts'
import { chunkOf, endOf } from '../support/builders/stream-items.ts'

const bytesOf = (length: number, packet: number) => chunkOf(new Uint8Array(length), packet) as Chunk

/** What is held: direction and bytes, gaps in angle brackets. */
function told(held: HeldItems): string[] {
  return held.items.map(({ direction, item }) => {
    if (item.kind === 'end') return `${direction} end`
    return item.kind === 'gap' ? `${direction} <${item.length}>` : `${direction} ${item.end - item.start}`
  })
}

describe('held items', () => {
  it('a held chunk is a copy, and its cost is given back with it', () => {
    const budget = new Budget(10_000)
    const held = new HeldItems(budget)
    const bytes = Uint8Array.of(1, 2, 3)
    expect(held.push(0, chunkOf(bytes, 1), 0)).toBe(true)
    bytes.fill(9)
    expect(budget.held).toBeGreaterThan(3)
    const item = held.shift()!.item as Chunk
    expect([...item.bytes.subarray(item.start, item.end)]).toEqual([1, 2, 3])
    expect(budget.held).toBe(0)
  })

  it('there is no room past the limit or the budget, but always for an end', () => {
    for (const held of [new HeldItems(new Budget(10_000), 500), new HeldItems(new Budget(500))]) {
      expect(held.push(0, bytesOf(300, 1), 0)).toBe(true)
      expect(held.push(0, bytesOf(300, 2), 1)).toBe(false)
      expect(held.push(0, endOf(), 2)).toBe(true)
      expect(told(held)).toEqual(['0 300', '0 end'])
    }
  })

  it('gaps in the place of items of one direction become one, and leave the other direction where it was', () => {
    const held = new HeldItems(new Budget(10_000))
    const push = (direction: Direction, length: number, packet: number) =>
      held.push(direction, bytesOf(length, packet), packet)
    push(0, 10, 1)
    push(1, 20, 2)
    held.pushGap(0, bytesOf(5, 3), 3)
    expect(told(held)).toEqual(['0 10', '1 20', '0 <5>'])
    held.pushGap(1, bytesOf(7, 4), 4)
    held.pushGap(0, bytesOf(6, 5), 5)
    expect(told(held)).toEqual(['0 10', '1 20', '1 <7>', '0 <11>'])
  })

  it('the oldest items become one gap until little enough is held', () => {
    const budget = new Budget(10_000)
    const held = new HeldItems(budget)
    for (let i = 0; i < 5; i++) held.push(0, bytesOf(100, i + 1), i)
    held.dropOldest(600)
    expect(told(held)).toEqual(['0 <300>', '0 100', '0 100'])
    expect(budget.held).toBe(held.cost)
    held.takeAll()
    expect(budget.held).toBe(0)
  })
})
