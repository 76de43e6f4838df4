import { gunzipSync, gzipSync } from 'node:zlib'
import { Gunzip } from 'minizlib'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { damageClause } from '../../src/base/damage.ts'
import { InputError } from '../../src/base/input-error.ts'
import { GzipDecoder } from '../../src/capture/gunzip.ts'
import { sentenceOf } from '../../src/language/en/finding-sentences.ts'
import { nodePlatform } from '../../src/platform/node/platform.ts'
import {
  bytesOf,
  partsOf,
  pcapFile,
  readBytes,
  readChunks,
  someBytes,
} from '../support/builders/capture-bytes.ts'

const concatOfNode = Buffer.concat
const records = Array.from({ length: 200 }, (_, seed) => ({ seconds: seed, bytes: someBytes(60, seed) }))
const capture = pcapFile(records)
const packed = Uint8Array.from(gzipSync(capture))

/** Bytes that hardly compress. */
function noise(length: number, seed: number): Uint8Array {
  let state = seed
  return Uint8Array.from({ length }, () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
    return state >>> 24
  })
}

afterEach(() => {
  expect(Buffer.concat).toBe(concatOfNode)
})

describe('a gzipped capture', () => {
  it('a gzipped capture is read like the capture in it, of either format', () => {
    const { packets, reader, findings } = readBytes(packed)
    expect([reader.format, reader.compression, findings]).toEqual(['pcap', 'gzip', []])
    expect(packets).toEqual(readBytes(capture).packets)
  })

  it('a gzipped capture is read the same wherever the input is cut', () => {
    const small = Uint8Array.from(gzipSync(pcapFile(records.slice(0, 3))))
    const expected = readBytes(pcapFile(records.slice(0, 3))).packets
    for (let cut = 0; cut <= small.length; cut++) {
      expect(readChunks([small.subarray(0, cut), small.subarray(cut)]).packets).toEqual(expected)
    }
    for (const length of [1, 2, 3, 8, 9]) expect(readChunks(partsOf(small, length)).packets).toEqual(expected)
  })

  it('a gzipped capture may come in several members one after another, cut anywhere', () => {
    const middle = 24 + 76 * 100 + 5
    const members = bytesOf(
      gzipSync(capture.subarray(0, middle)),
      gzipSync(new Uint8Array()),
      gzipSync(capture.subarray(middle)),
    )
    const expected = readBytes(capture).packets
    for (const length of [1, 7, 64, 1000, members.length]) {
      const { packets, findings } = readChunks(partsOf(members, length))
      expect(packets).toEqual(expected)
      expect(findings).toEqual([])
    }
  })

  it('a gzipped capture cut off at any length gives what came out before the cut', () => {
    const expected = readBytes(capture).packets
    const unpackedBefore = (length: number) =>
      gunzipSync(packed.subarray(0, length), { finishFlush: 2 }).length
    for (let length = 40; length < packed.length; length += 17) {
      const unpacked = unpackedBefore(length)
      if (unpacked < 24) expect(() => readBytes(packed.subarray(0, length))).toThrow(InputError)
      else {
        const { packets, reader, findings } = readBytes(packed.subarray(0, length), 'x.gz')
        expect(packets).toEqual(expected.slice(0, Math.floor((unpacked - 24) / 76)))
        expect(reader.damage?.offset).toBe(length)
        expect(findings.map(sentenceOf)).toEqual([
          `x.gz: the gzip data is cut off at byte ${length}; what comes behind it is not decoded`,
        ])
      }
    }
  })

  it('a gzipped capture with a wrong checksum is damaged, and loses no packet by it', () => {
    const wrong = packed.slice()
    wrong[wrong.length - 8]! ^= 1
    const { packets, reader } = readBytes(wrong)
    expect(packets).toHaveLength(records.length)
    expect(damageClause(reader.damage!)).toMatch(
      /gzip data is damaged at byte \d+ or shortly behind it \(incorrect data check\)/,
    )
  })

  it('a gzipped capture followed by garbage is damaged, and loses little by it', () => {
    const { packets, reader } = readBytes(bytesOf(packed, Buffer.from('no gzip at all')))
    expect(packets.length).toBeGreaterThan(0.9 * records.length)
    expect(reader.damage?.offset).toBeGreaterThan(packed.length - 100)
  })

  it('a gzipped capture with a damaged byte in its middle loses little', () => {
    const large = pcapFile(Array.from({ length: 400 }, (_, seed) => ({ bytes: noise(1000, seed) })))
    const damaged = Uint8Array.from(gzipSync(large, { level: 1 }))
    damaged.fill(0xff, 200_000, 300_000)
    const { packets, reader } = readBytes(damaged)
    expect(packets.length).toBeGreaterThan(180)
    expect(reader.damage?.offset).toBeGreaterThan(180_000)
  })

  it('a gzipped capture that is cut before its file header is complete is not a capture', () => {
    expect(() => readBytes(packed.subarray(0, 12), 'x.gz')).toThrow(
      'x.gz: the gzip data is cut off at byte 12, before any packet came out',
    )
    expect(() => readBytes(packed.subarray(0, 3))).toThrow(InputError)
  })

  it('gzip is refused if something other than a capture is in it, or gzip once more', () => {
    expect(() => readBytes(gzipSync('Hello, world'))).toThrow(
      /is not a capture once unpacked: it starts with 48 65 6c 6c/,
    )
    expect(() => readBytes(gzipSync(''))).toThrow(/is empty once unpacked/)
    expect(() => readBytes(gzipSync(packed))).toThrow(/gzip data inside gzip data/)
  })
})

describe('GzipDecoder', () => {
  it('GzipDecoder unpacks so little at a time that a bomb never fills more than a few MiB', () => {
    const write = vi.spyOn(Gunzip.prototype, 'write')
    try {
      const decoder = new GzipDecoder(nodePlatform)
      decoder.push(Uint8Array.from(gzipSync(Buffer.alloc(100_000_000))))
      decoder.end()
      let unpacked = 0
      for (let piece = decoder.next(); piece !== undefined; piece = decoder.next()) {
        expect(piece.length).toBeLessThanOrEqual(65_536)
        unpacked += piece.length
      }
      expect(unpacked).toBe(100_000_000)
      // Deflate makes at most 1032 bytes of one.
      const largestSlice = Math.max(...write.mock.calls.map(([slice]) => (slice as Uint8Array).length))
      expect(largestSlice * 1032).toBeLessThan(4_000_000)
    } finally {
      write.mockRestore()
    }
  })
})
