// Files that are merged and wait for their turn: what they hold, when they are closed and read again, and where it ends.
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { FindingEvent } from '../../src/base/findings.ts'
import { Budget, LIMITS } from '../../src/base/limits.ts'
import { CaptureFiles } from '../../src/capture/merge.ts'
import type { Packet } from '../../src/capture/packet.ts'
import type { CaptureSource } from '../../src/capture/source-file.ts'
import { nodePlatform } from '../../src/platform/node/platform.ts'
import { Blocks, bytesOf, kept, pcapFile, someBytes } from '../support/builders/capture-bytes.ts'

const MIB = 1024 * 1024
const BLOCKS = new Blocks(true)

/** One packet a second, with these bytes. */
interface Second {
  readonly seconds: number
  readonly bytes: Uint8Array
}
type Make = (packets: readonly Second[]) => Uint8Array

const pcapng: Make = (packets) =>
  bytesOf(
    BLOCKS.section(),
    BLOCKS.interface(),
    ...packets.flatMap(({ seconds, bytes }) => [
      BLOCKS.block(0x0bad, someBytes(5)),
      BLOCKS.enhanced(bytes, 0, BigInt(seconds) * 1_000_000n),
    ]),
  )
const gzip =
  (make: Make): Make =>
  (packets) =>
    gzipSync(make(packets))

/** An input that can be read again, in memory that is used again as soon as it may be. Says what was opened. */
class Disk {
  /** The position of each opening, by name. */
  readonly opened: [name: string, position: number][] = []
  readonly open = new Set<string>()
  mostOpen = 0

  source(name: string, bytes: Uint8Array, firstLength = 64): CaptureSource {
    return {
      name,
      chunks: this.#chunks(name, bytes, 0, firstLength),
      chunksFrom: (position, length) => this.#chunks(name, bytes, position, length),
    }
  }

  async *#chunks(name: string, bytes: Uint8Array, from: number, length: number): AsyncGenerator<Uint8Array> {
    this.opened.push([name, from])
    this.open.add(name)
    this.mostOpen = Math.max(this.mostOpen, this.open.size)
    const memory = new Uint8Array(length)
    try {
      for (let at = from; at < bytes.length; at += length) {
        const part = bytes.subarray(at, at + length)
        memory.set(part)
        yield memory.subarray(0, part.length)
        memory.fill(0xaa)
      }
    } finally {
      memory.fill(0xaa)
      this.open.delete(name)
    }
  }
}

async function readAll(sources: readonly CaptureSource[], budget = new Budget(LIMITS.waitingTotal.value)) {
  const findings: FindingEvent[] = []
  const secrets: number[] = []
  const capture = new CaptureFiles(
    nodePlatform,
    sources,
    (finding) => findings.push(finding),
    budget,
    (_, bytes) => {
      secrets.push(bytes.length)
      return undefined
    },
  )
  const packets: Packet[] = []
  while (await capture.fill()) {
    for (let packet = capture.next(); packet !== undefined; packet = capture.next())
      packets.push(kept(packet))
  }
  await capture.close()
  expect(budget.held).toBe(0)
  return { packets, findings, secrets, capture }
}

/** The times and the bytes of packets. */
const shown = (packets: readonly Pick<Packet, 'time' | 'bytes'>[]) =>
  packets.map(({ time, bytes }) => [time!.seconds, ...bytes.subarray(0, 8), bytes.length])

describe('files that wait for their turn', () => {
  it('files whose times follow one another are open one at a time, after each was looked at', async () => {
    const disk = new Disk()
    const names = Array.from({ length: 20 }, (_, i) => String(i))
    const makes = [pcapFile, pcapng, gzip(pcapFile), gzip(pcapng)]
    const { packets } = await readAll(
      names.map((name, i) =>
        disk.source(
          name,
          makes[i % 4]!([0, 1, 2].map((j) => ({ seconds: 3 * i + j, bytes: someBytes(40, i) }))),
        ),
      ),
    )
    expect(packets.map(({ time }) => time!.seconds)).toEqual(Array.from({ length: 60 }, (_, i) => i))
    expect(disk.opened).toEqual([...names, ...names].map((name) => [name, 0]))
    expect(disk.mostOpen).toBe(1)
    expect(disk.open.size).toBe(0)
  })

  it('files that run at the same time give what sorting their packets gives, however little they may hold', async () => {
    const times = fc.array(fc.nat(20), { maxLength: 12 }).map((list) => list.sort((a, b) => a - b))
    const file = fc.record({
      times,
      make: fc.constantFrom<Make>(pcapFile, pcapng, (packets) => pcapFile(packets, { littleEndian: false })),
      firstLength: fc.integer({ min: 1, max: 100 }),
    })
    await fc.assert(
      fc.asyncProperty(
        fc.array(file, { minLength: 1, maxLength: 5 }),
        fc.constantFrom(1, 30_000, 200_000, 64 * MIB),
        fc.nat(),
        async (files, limit, gzipped) => {
          // A gzip file at its turn cannot be let go.
          const pack = (make: Make, i: number) =>
            limit === 64 * MIB && (gzipped >> i) % 2 === 1 ? gzip(make) : make
          const disk = new Disk()
          const lists = files.map(({ times }, index) =>
            times.map((seconds, order) => ({ seconds, bytes: Uint8Array.of(index, order) })),
          )
          const { packets } = await readAll(
            files.map(({ make, firstLength }, i) =>
              disk.source(`${i}`, pack(make, i)(lists[i]!), firstLength),
            ),
            new Budget(limit),
          )
          const sorted = lists
            .flat()
            .sort((a, b) => a.seconds - b.seconds || a.bytes[0]! - b.bytes[0]! || a.bytes[1]! - b.bytes[1]!)
          expect(packets.map(({ time, bytes }) => [time!.seconds, ...bytes])).toEqual(
            sorted.map(({ seconds, bytes }) => [seconds, ...bytes]),
          )
          expect(disk.open.size).toBe(0)
        },
      ),
    )
  })

  it('long packets of files that run at the same time are not held all at once', async () => {
    const disk = new Disk()
    const lists = [0, 1, 2, 3, 4, 5].map((i) =>
      [0, 1, 2].map((seconds) => ({ seconds, bytes: someBytes(1_200_000, 10 * i + seconds) })),
    )
    const makes: Make[] = [(list) => pcapFile(list, { snapLength: 2 * MIB }), pcapng]
    const budget = new Budget(4 * MIB)
    let most = 0
    const sources = lists.map((list, i) => disk.source(`${i}`, makes[i % 2]!(list), 16_384))
    const { packets, findings } = await readAll(
      sources.map((source) => ({
        ...source,
        chunksFrom: (position, length) => {
          most = Math.max(most, budget.held)
          return source.chunksFrom!(position, length)
        },
      })),
      budget,
    )
    const expected = [0, 1, 2].flatMap((second) => lists.map((list) => list[second]!))
    expect(shown(packets)).toEqual(
      expected.map(({ seconds, bytes }) => [seconds, ...bytes.subarray(0, 8), MIB - headOf(bytes)]),
    )
    expect(findings).toEqual([])
    expect(most).toBeGreaterThan(MIB)
    expect(disk.opened.some(([, position]) => position > 0)).toBe(true)

    /** The file format takes its part of the mebibyte that is read of a record. */
    function headOf(bytes: Uint8Array): number {
      return lists.findIndex((list) => list.some((packet) => packet.bytes === bytes)) % 2 === 0 ? 0 : 28
    }
  })

  it('a file that is read twice hands its secrets on once, and reports its damage once, where it is', async () => {
    const disk = new Disk()
    const whole = bytesOf(
      BLOCKS.section(),
      BLOCKS.secrets(7, someBytes(5)),
      BLOCKS.interface(),
      BLOCKS.enhanced(someBytes(3), 0, 5_000_000n),
      BLOCKS.secrets(7, someBytes(6)),
      BLOCKS.enhanced(someBytes(4), 0, 7_000_000n),
    )
    const cut = pcapFile([2, 4, 6, 8].map((seconds) => ({ seconds, bytes: someBytes(seconds) }))).subarray(
      0,
      -1,
    )
    const { secrets, findings, packets, capture } = await readAll(
      [disk.source('whole', whole), disk.source('cut', cut), disk.source('gz', gzipSync(whole))],
      new Budget(300_000),
    )
    expect(packets.map(({ end }) => end)).toEqual([2, 4, 3, 3, 6, 4, 4])
    expect(secrets).toEqual([5, 5, 6, 6])
    expect(findings.map(({ code }) => code)).toEqual(['truncated-capture'])
    const offset = 24 + 3 * 16 + 2 + 4 + 6
    expect(capture.damaged).toEqual([{ name: 'cut', what: 'record', fault: 'cut', record: 4, offset }])
  })

  it('gzip files that cannot all wait end in one line with the cure, before they take more', async () => {
    const disk = new Disk()
    const list = [0, 1].map((seconds) => ({ seconds, bytes: someBytes(50) }))
    const sources = Array.from({ length: 40 }, (_, i) => disk.source(`${i}`, gzip(pcapFile)(list)))
    const budget = new Budget(MIB)
    const reading = readAll(sources, budget)
    await expect(reading).rejects.toThrow(
      /^the captures hold too much while they wait for one another; unpack compressed files first, .*--limit-waiting-total$/,
    )
    expect(budget.held).toBeLessThanOrEqual(MIB)
  })

  it('streams that cannot be read again are held as long as there is room', async () => {
    const stream = (size: number): CaptureSource => {
      const bytes = pcapFile([0, 1].map((seconds) => ({ seconds, bytes: someBytes(size) })))
      return { name: 'stream', chunks: new Disk().source('', bytes, 500_000).chunks }
    }
    expect((await readAll([stream(9), stream(9)], new Budget(MIB))).packets).toHaveLength(4)
    expect((await readAll([stream(60_000)], new Budget(1))).packets).toHaveLength(2)
    const many = Array.from({ length: 30 }, () => stream(60_000))
    await expect(readAll(many, new Budget(MIB))).rejects.toThrow(/while they wait for one another/)
  })
})
