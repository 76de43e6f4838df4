import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { copy } from '../../src/base/bytes.ts'
import type { FindingEvent } from '../../src/base/findings.ts'
import { InputError } from '../../src/base/input-error.ts'
import { CaptureFiles } from '../../src/capture/merge.ts'
import type { CaptureSource } from '../../src/capture/source-file.ts'
import { inputFromBytes } from '../../src/platform/node/input.ts'
import { nodePlatform } from '../../src/platform/node/platform.ts'
import {
  Blocks,
  bytesOf,
  kept,
  type PcapRecord,
  partsOf,
  pcapFile,
  someBytes,
} from '../support/builders/capture-bytes.ts'

const blocks = new Blocks(true)

describe('CaptureFiles', () => {
  it('several files are merged in the order of time, and their packets numbered through', async () => {
    const { packets } = await readAll([
      source('a', pcapFile(at(1, 4, 5))),
      source('b', pcapFile(at(2, 3, 9), { nanoseconds: true })),
      source(
        'c',
        bytesOf(blocks.section(), blocks.interface(), blocks.enhanced(someBytes(3), 0, 4_500_000n)),
      ),
    ])
    expect(packets.map(({ time }) => time!.seconds)).toEqual([1, 2, 3, 4, 4, 5, 9])
    expect(packets.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5, 6, 7])
  })

  it('packets of equal times come in the order of the arguments', async () => {
    const file = (length: number) =>
      pcapFile([1, 1, 2].map((seconds) => ({ seconds, bytes: someBytes(length) })))
    const { packets } = await readAll([source('a', file(1)), source('b', file(2)), source('c', file(3))])
    expect(packets.map(({ end }) => end)).toEqual([1, 1, 2, 2, 3, 3, 1, 2, 3])
  })

  it('a packet without a time is taken to be as late as the one before it in its file', async () => {
    const timeless = bytesOf(
      blocks.section(),
      blocks.interface(),
      blocks.simple(someBytes(50)),
      blocks.enhanced(someBytes(51), 0, 5_000_000n),
      blocks.simple(someBytes(52)),
    )
    const { packets } = await readAll([source('a', pcapFile(at(1, 4, 5, 6))), source('b', timeless)])
    expect(packets.map(({ end }) => end)).toEqual([50, 1, 4, 5, 51, 52, 6])
    expect(packets[0]!.time).toBeUndefined()
  })

  it('a file that is not in the order of time keeps its order', async () => {
    const { packets } = await readAll([source('a', pcapFile(at(5, 1, 3)))])
    expect(packets.map(({ time }) => time!.seconds)).toEqual([5, 1, 3])
  })

  it('the files are known after the first fill', async () => {
    const capture = new CaptureFiles(
      nodePlatform,
      [source('a.pcap', pcapFile(at(1)), 1), source('-', bytesOf(blocks.section(), blocks.interface()), 1)],
      () => {},
    )
    expect(capture.files).toBeUndefined()
    await capture.fill()
    expect(capture.files).toEqual([
      { name: 'a.pcap', format: 'pcap', compression: undefined },
      { name: '-', format: 'pcapng', compression: undefined },
    ])
  })

  it('if one file is not a capture, all are refused before a packet is given', async () => {
    const capture = new CaptureFiles(
      nodePlatform,
      [source('a', pcapFile(at(1))), source('b', Buffer.from('Hello'))],
      () => {},
    )
    await expect(capture.fill()).rejects.toThrow(/^b: is not a capture/)
    await expect(capture.fill()).rejects.toBeInstanceOf(InputError)
  })

  it('packets are handed on as soon as their bytes are there', async () => {
    const file = pcapFile(at(1, 2))
    const seen: number[] = []
    async function* live() {
      yield file.subarray(0, 24)
      yield file.subarray(24, 24 + 17)
      expect(seen).toEqual([1])
      yield file.subarray(24 + 17)
      expect(seen).toEqual([1, 2])
    }
    const capture = new CaptureFiles(nodePlatform, [{ name: '-', chunks: live() }], () => {})
    while (await capture.fill()) {
      for (let packet = capture.next(); packet !== undefined; packet = capture.next())
        seen.push(packet.number)
    }
    expect(seen).toEqual([1, 2])
  })

  it('the other files are read on if one is damaged, and the damaged ones are listed', async () => {
    const cut = pcapFile(at(1, 3)).subarray(0, -1)
    const { packets, capture, findings } = await readAll([
      source('cut', cut),
      source('whole', pcapFile(at(2, 4))),
    ])
    expect(packets.map(({ time }) => time!.seconds)).toEqual([1, 2, 4])
    expect(capture.damaged).toEqual([
      {
        name: 'cut',
        offset: 41,
        what: 'record',
        record: 2,
        fault: 'cut',
      },
    ])
    expect(findings.map(({ code }) => code)).toEqual(['truncated-capture'])
  })

  it('the bytes read are counted, and the secrets of all files are gathered', async () => {
    const files = [pcapFile(at(1, 2)), bytesOf(blocks.section(), blocks.secrets(7, someBytes(5)))]
    const { capture, secrets } = await readAll(files.map((file, index) => source(String(index), file)))
    expect(capture.bytesRead).toBe(files[0]!.length + files[1]!.length)
    expect(secrets).toEqual([{ type: 7, bytes: someBytes(5) }])
  })

  it('a file is released after damage, and all files when the reader is closed', async () => {
    const closed: string[] = []
    const tracked = (name: string, bytes: Uint8Array): CaptureSource => ({
      name,
      chunks: (async function* () {
        try {
          while (true) yield bytes
        } finally {
          closed.push(name)
        }
      })(),
    })
    const lie = [{ bytes: someBytes(1), claimedLength: 0xffff_fff0 }]
    const capture = new CaptureFiles(
      nodePlatform,
      [tracked('lie', pcapFile(lie)), tracked('endless', pcapFile(at(1)))],
      () => {},
    )
    await capture.fill()
    expect(closed).toEqual(['lie'])
    await capture.close()
    await capture.close()
    expect(closed).toEqual(['lie', 'endless'])
  })

  it('sorted files in chunks of any size give what sorting all their packets gives', async () => {
    const file = fc.array(fc.nat(20)).map((times) => times.sort((a, b) => a - b))
    const sizes = fc.infiniteStream(fc.integer({ min: 1, max: 60 }))
    await fc.assert(
      fc.asyncProperty(fc.array(file, { minLength: 1, maxLength: 4 }), sizes, async (files, lengths) => {
        const sources = files.map((times, index) => {
          const records = times.map((seconds, order) => ({ seconds, bytes: Uint8Array.of(index, order) }))
          return source(`${index}`, pcapFile(records), lengths.next().value)
        })
        const { packets } = await readAll(sources)
        const expected = files
          .flatMap((times, index) => times.map((seconds, order) => [seconds, index, order] as const))
          .sort((a, b) => a[0] - b[0] || a[1] - b[1] || a[2] - b[2])
        expect(packets.map(({ time, bytes }) => [time!.seconds, ...bytes])).toEqual(expected)
      }),
    )
  })

  it('no files give no packets', async () => {
    expect(await new CaptureFiles(nodePlatform, [], () => {}).fill()).toBe(false)
  })

  it('the merged reader reads what inputs hold', async () => {
    const { packets } = await readAll([inputFromBytes(pcapFile(at(1, 2, 3)))])
    expect(packets).toHaveLength(3)
  })
})

/** A record for each second, as long as the second says. */
function at(...seconds: number[]): PcapRecord[] {
  return seconds.map((second) => ({ seconds: second, bytes: someBytes(second) }))
}

/** Reads into the same memory again and again, as inputs do. */
function source(name: string, bytes: Uint8Array, length = 37): CaptureSource {
  async function* chunks() {
    const memory = new Uint8Array(length)
    for (const part of partsOf(bytes, length)) {
      memory.set(part)
      yield memory.subarray(0, part.length)
      memory.fill(0xaa)
    }
  }
  return { name, chunks: chunks() }
}

async function readAll(sources: readonly CaptureSource[]) {
  const findings: FindingEvent[] = []
  const secrets: { type: number; bytes: Uint8Array }[] = []
  const capture = new CaptureFiles(
    nodePlatform,
    sources,
    (finding) => findings.push(finding),
    undefined,
    (type, bytes) => {
      secrets.push({ type, bytes: copy(bytes) })
      return undefined
    },
  )
  const packets = []
  while (await capture.fill()) {
    for (let packet = capture.next(); packet !== undefined; packet = capture.next())
      packets.push(kept(packet))
  }
  await capture.close()
  return { packets, capture, findings, secrets }
}
