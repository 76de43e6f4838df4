// What must not grow with a capture: the heap, and the buffers that payloads are put together in. Counted, not timed.
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { readEvents } from '../../src/analyze.ts'
import { PayloadMemory } from '../../src/base/payload-memory.ts'
import { openInput } from '../../src/platform/node/input.ts'
import { nodePlatform } from '../../src/platform/node/platform.ts'
import { bytesAlive } from '../support/drivers/memory.ts'
import { bulk, compressed, type MakeCapture, mix, smallFrames } from './captures.ts'

const MIB = 1024 * 1024

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'framewalk-growth-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

/** Makes a capture and walks through it; bytes that are alive when its last packet was decoded, and how many events came. */
async function walkThrough(make: MakeCapture, count: number): Promise<{ alive: number; events: number }> {
  const path = join(folder, 'capture.pcap')
  await make(path, 'pcap', count)
  return walkFile(path)
}

async function walkFile(path: string): Promise<{ alive: number; events: number }> {
  const input = await openInput(path)
  let alive = 0
  let events = 0
  async function* chunks(): AsyncGenerator<Uint8Array> {
    yield* input.chunks
    // Here, when the walk asks for more: after its last event some of what it holds may be garbage already, or not.
    alive = await bytesAlive()
  }
  for await (const batch of readEvents([{ name: input.name, chunks: chunks() }], nodePlatform))
    events += batch.length
  return { alive, events }
}

describe('ten times the capture', () => {
  it.each([
    ['small frames', smallFrames, 20_000],
    ['bulk', bulk, 60],
    ['compressed messages', compressed, 2000],
    ['connections that come and go', mix, 300],
  ] as const)('ten times the capture keeps no more memory alive: %s', async (_, make, count) => {
    await walkThrough(make, count)
    const once = await walkThrough(make, count)
    const tenTimes = await walkThrough(make, count * 10)
    expect(tenTimes.events).toBeGreaterThan(once.events * 8)
    expect(tenTimes.alive - once.alive).toBeLessThan(2 * MIB)
  })

  it('ten times the capture puts payloads together in the same few buffers', async () => {
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

/** Bytes of a capture, those copied from one array into another while it is walked through, and those of new arrays. */
interface Work {
  readonly size: number
  readonly copied: number
  readonly made: number
}

async function workOf(make: MakeCapture, count: number): Promise<Work> {
  const path = join(folder, 'capture.pcap')
  await make(path, 'pcap', count)
  const typedArrays = Object.getPrototypeOf(Uint8Array.prototype) as Uint8Array
  const set = typedArrays.set
  let copied = 0
  let made = 0
  const counted = vi.spyOn(typedArrays, 'set').mockImplementation(function (this: Uint8Array, from, at) {
    copied += from.length
    set.call(this, from, at)
  })
  const construct = (target: new (...words: unknown[]) => object, words: unknown[]): object => {
    if (typeof words[0] === 'number') made += words[0]
    return new target(...words)
  }
  vi.stubGlobal('Uint8Array', new Proxy(Uint8Array, { construct }))
  vi.stubGlobal('ArrayBuffer', new Proxy(ArrayBuffer, { construct }))
  try {
    await walkFile(path)
  } finally {
    counted.mockRestore()
    vi.unstubAllGlobals()
  }
  return { size: statSync(path).size, copied, made }
}

describe('the copies of captured bytes', () => {
  // Copied once into the ring of recent bytes; of a message in several segments once into its buffer; what was inflated once into its window.
  // New is what was unmasked, if it is small.
  it.each([
    ['small frames', smallFrames, 10_000, { copied: 1.01, made: 0.21 }],
    ['bulk', bulk, 50, { copied: 2, made: 0.02 }],
    ['compressed messages', compressed, 4000, { copied: 3.3, made: 0.3 }],
  ] as const)('a captured byte is copied no oftener than it must be: %s', async (_, make, count, most) => {
    const once = await workOf(make, count)
    const tenTimes = await workOf(make, count * 10)
    const size = tenTimes.size - once.size
    const copied = (tenTimes.copied - once.copied) / size
    expect(copied).toBeGreaterThan(0.9)
    expect(copied).toBeLessThan(most.copied)
    expect((tenTimes.made - once.made) / size).toBeLessThan(most.made)
  })
})

describe('the memory of payloads', () => {
  it('a buffer is used again once the batch after its own was handed out', () => {
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

  it('no more than 2 MiB of each size are kept', () => {
    const memory = new PayloadMemory()
    const buffers = Array.from({ length: 100 }, () => memory.take(65_536))
    for (const buffer of buffers) memory.giveBack(buffer)
    const again = Array.from({ length: 100 }, () => memory.take(65_536))
    expect(again.filter((buffer) => buffers.includes(buffer))).toHaveLength(32)
  })

  it('a buffer has the length asked for, or less than twice as much', () => {
    const memory = new PayloadMemory()
    for (const length of [1, 2, 3, 1000, 1024, 1025, 65_536, 65_537, 300_000]) {
      const taken = memory.take(length)
      expect(taken.length).toBeGreaterThanOrEqual(length)
      expect(taken.length).toBeLessThan(length * 2)
      memory.giveBack(taken)
    }
  })
})
