// What must not grow with a capture: the heap, and the buffers that payloads are put together in. Counted, not timed.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { walk } from '../../src/analyze.ts'
import { openInput } from '../../src/input.ts'
import { PayloadMemory } from '../../src/payload-memory.ts'
import { bulk, compressed, type MakeCapture, mix, smallFrames } from './captures.ts'

const MIB = 1024 * 1024

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'framewalk-growth-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

/** Walks through a capture; bytes that are alive when its last packet was decoded, and how many events came. */
async function walkThrough(make: MakeCapture, count: number): Promise<{ alive: number; events: number }> {
  const path = join(folder, 'capture.pcap')
  await make(path, 'pcap', count)
  let alive = 0
  let events = 0
  for await (const batch of walk([await openInput(path)])) {
    events += batch.length
    if (batch.at(-1)?.type !== 'summary') continue
    batch.length = 0
    // The memory of array buffers is given back in the background.
    for (let turn = 0; turn < 3; turn++) {
      collectGarbage()
      await setImmediate()
    }
    const { heapUsed, arrayBuffers } = process.memoryUsage()
    alive = heapUsed + arrayBuffers
  }
  return { alive, events }
}

describe('ten times the capture', () => {
  it.each([
    ['small frames', smallFrames, 20_000],
    ['bulk', bulk, 60],
    ['compressed messages', compressed, 2000],
    ['connections that come and go', mix, 300],
  ] as const)('keeps no more memory alive: %s', async (_, make, count) => {
    await walkThrough(make, count)
    const once = await walkThrough(make, count)
    const tenTimes = await walkThrough(make, count * 10)
    expect(tenTimes.events).toBeGreaterThan(once.events * 8)
    expect(tenTimes.alive - once.alive).toBeLessThan(2 * MIB)
  })

  it('puts payloads together in the same few buffers', async () => {
    const buffers = async (count: number) => {
      const taken = new Set<Uint8Array>()
      const take = PayloadMemory.prototype.take
      const spy = vi.spyOn(PayloadMemory.prototype, 'take').mockImplementation(function (
        this: PayloadMemory,
        length,
      ) {
        const buffer = take.call(this, length)
        taken.add(buffer)
        return buffer
      })
      try {
        await walkThrough(bulk, count)
      } finally {
        spy.mockRestore()
      }
      return taken.size
    }
    const once = await buffers(60)
    expect(once).toBeGreaterThan(0)
    expect(await buffers(600)).toBeLessThanOrEqual(once)
  })
})

describe('the memory of payloads', () => {
  it('uses a buffer again once the batch after its own was handed out', () => {
    const memory = new PayloadMemory()
    const buffer = memory.take(50_000)
    expect(buffer).toHaveLength(65_536)
    memory.lend(buffer)
    expect(memory.take(50_000)).not.toBe(buffer)
    memory.turn()
    expect(memory.take(50_000)).not.toBe(buffer)
    memory.turn()
    expect(memory.take(60_000)).toBe(buffer)
    expect(memory.take(60_000)).not.toBe(buffer)
  })

  it('keeps no more than 2 MiB of each size', () => {
    const memory = new PayloadMemory()
    const buffers = Array.from({ length: 100 }, () => memory.take(65_536))
    for (const buffer of buffers) memory.giveBack(buffer)
    const again = Array.from({ length: 100 }, () => memory.take(65_536))
    expect(again.filter((buffer) => buffers.includes(buffer))).toHaveLength(32)
  })

  it('gives a buffer of the length asked for, or of less than twice as much', () => {
    const memory = new PayloadMemory()
    for (const length of [1, 2, 3, 1000, 1024, 1025, 65_536, 65_537, 300_000]) {
      const taken = memory.take(length)
      expect(taken.length).toBeGreaterThanOrEqual(length)
      expect(taken.length).toBeLessThan(length * 2)
      memory.giveBack(taken)
    }
  })
})
