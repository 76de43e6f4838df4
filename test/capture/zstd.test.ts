// zstd around a capture. `zstd` itself says what is right; what it never writes is made by hand.
import { spawnSync } from 'node:child_process'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { damageClause } from '../../src/base/damage.ts'
import { InputError } from '../../src/base/input-error.ts'
import { Checksum } from '../../src/capture/zstd/checksum.ts'
import { LARGEST_WINDOW, ZstdDecoder } from '../../src/capture/zstd.ts'
import { sentenceOf } from '../../src/language/en/finding-sentences.ts'
import {
  bytesOf,
  partsOf,
  pcapFile,
  readBytes,
  readChunks,
  someBytes,
} from '../support/builders/capture-bytes.ts'
import { u8, utf8, zeros } from '../support/builders/packet-builder.ts'
import {
  RAW,
  RLE,
  skippableFrame,
  storedZstd,
  zstdBlock,
  zstdFrame,
} from '../support/builders/zstd-frames.ts'
import { skipWithout } from '../support/drivers/requirements.ts'

const records = Array.from({ length: 200 }, (_, seed) => ({ seconds: seed, bytes: someBytes(60, seed) }))
const capture = pcapFile(records)
const expected = readBytes(capture).packets
const isMissing = skipWithout('zstd')

/** What `zstd` makes of the bytes. */
function zstd(bytes: Uint8Array, ...options: string[]): Uint8Array {
  const { stdout, status } = spawnSync('zstd', ['-q', '-c', ...options, '-'], {
    input: bytes,
    maxBuffer: 2 ** 28,
  })
  expect(status).toBe(0)
  return Uint8Array.from(stdout)
}

interface Unpacked {
  readonly bytes: Uint8Array
  readonly damage: ZstdDecoder['damage']
  /** The most bytes that the decoder held. */
  readonly held: number
}

/** Unpacks chunks, each in memory that is overwritten afterwards. */
function unpack(packed: Uint8Array, length = 256 * 1024): Unpacked {
  const decoder = new ZstdDecoder()
  const pieces: Uint8Array[] = []
  let held = 0
  const takeAll = () => {
    for (let piece = decoder.next(); piece !== undefined; piece = decoder.next()) pieces.push(piece)
    held = Math.max(held, decoder.held)
  }
  for (const part of partsOf(packed, length)) {
    const memory = Uint8Array.from(part)
    decoder.push(memory)
    takeAll()
    memory.fill(0xaa)
  }
  decoder.end()
  takeAll()
  return { bytes: bytesOf(...pieces), damage: decoder.damage, held }
}

/** Text that compresses as traffic does, `length` bytes of it. */
function text(length: number, seed = 1): Uint8Array {
  let state = seed
  const words = ['upgrade', 'websocket', 'frame', 'masked', 'payload', 'the', 'of', 'ping', 'close', 'opcode']
  let line = ''
  while (line.length < length) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
    line += `${words[(state >>> 16) % words.length]} ${(state >>> 8) & 0xfff}\n`
  }
  return utf8(line.slice(0, length))
}

/** Bytes that do not compress. */
function noise(length: number, seed = 7): Uint8Array {
  let state = seed
  return Uint8Array.from({ length }, () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
    return state >>> 24
  })
}

describe.skipIf(isMissing)('a capture in zstd', () => {
  it('is read like the capture in it, and the record of the capture says so', () => {
    const { packets, reader, findings } = readBytes(zstd(capture))
    expect([reader.format, reader.compression, findings]).toEqual(['pcap', 'zstd', []])
    expect(packets).toEqual(expected)
  })

  it('is read the same wherever the input is cut', () => {
    const small = zstd(pcapFile(records.slice(0, 3)))
    const three = expected.slice(0, 3)
    for (let cut = 0; cut <= small.length; cut++)
      expect(readChunks([small.subarray(0, cut), small.subarray(cut)]).packets).toEqual(three)
    for (const length of [1, 2, 3, 8, 9]) expect(readChunks(partsOf(small, length)).packets).toEqual(three)
  })

  it('may come in several frames, with frames to be skipped before, between and after them', () => {
    const middle = 24 + 76 * 100 + 5
    const frames = bytesOf(
      skippableFrame(utf8('first'), 15),
      zstd(capture.subarray(0, middle)),
      zstd(new Uint8Array()),
      skippableFrame(zeros(0)),
      zstd(capture.subarray(middle), '--no-check'),
      skippableFrame(zeros(1000), 3),
    )
    for (const length of [1, 7, 64, 1000, frames.length]) {
      const { packets, findings } = readChunks(partsOf(frames, length))
      expect(packets).toEqual(expected)
      expect(findings).toEqual([])
    }
  })

  it('unpacks to what zstd packed, at every level and with every option, in chunks of any size', () => {
    const inputs = [
      new Uint8Array(),
      u8(7),
      text(1000),
      text(300_000),
      zeros(1_000_000),
      noise(200_000),
      bytesOf(text(150_000), noise(150_000), zeros(150_000), text(150_000), u8(1)),
    ]
    const options = [['-1'], ['-3'], ['-9'], ['-19'], ['--fast=5'], ['--no-check'], ['--long=23']]
    for (const input of inputs) {
      for (const words of options) {
        for (const packed of [
          zstd(input, ...words),
          zstd(input, ...words, `--stream-size=${input.length}`),
        ]) {
          const { bytes, damage } = unpack(packed, packed.length > 2000 ? 9973 : 3)
          expect(damage).toBeUndefined()
          expect(Buffer.compare(bytes, input)).toBe(0)
        }
      }
    }
  })

  it('unpacks what reaches back over the whole window, and holds no more than that', () => {
    const start = noise(3_000_000)
    const input = bytesOf(start, text(5_000_000), start, start)
    const { bytes, damage, held } = unpack(zstd(input, '-3', '--long=23'))
    expect(damage).toBeUndefined()
    expect(Buffer.compare(bytes, input)).toBe(0)
    expect(held).toBeLessThan(1.25 * LARGEST_WINDOW + 1024 * 1024)
  })

  it('of a window larger than 8 MiB is refused in one line that says how to unpack it', () => {
    const packed = zstd(bytesOf(capture, text(100)), '--long=27')
    const expectation = expect(() => readBytes(packed, 'x.zst'))
    expectation.toThrow(InputError)
    expectation.toThrow(
      'x.zst: the zstd data has a window of 134217728 bytes at byte 0, more than the 8388608 that are unpacked; unpack it first with unzstd --long=31',
    )
    const { packets, findings } = readBytes(bytesOf(zstd(capture), packed), 'x.zst')
    expect(packets).toEqual(expected)
    expect(findings).toMatchObject([{ code: 'truncated-capture' }])
  })

  it('cut off at any length gives what its whole blocks hold, and says where it is cut', () => {
    const small = zstd(capture)
    const blocks = storedBlocks()
    for (const packed of [small, blocks]) {
      for (let length = 60; length < packed.length; length += 23) {
        const part = packed.subarray(0, length)
        const before = unpack(part).bytes.length
        if (before < 24)
          expect(() => readBytes(part)).toThrow(/the zstd data is cut off at byte \d+, before any packet/)
        else {
          const { packets, findings } = readBytes(part, 'x.zst')
          expect(packets).toEqual(expected.slice(0, Math.floor((before - 24) / 76)))
          expect(findings.map(sentenceOf)).toEqual([
            `x.zst: the zstd data is cut off at byte ${length}; what comes behind it is not decoded`,
          ])
        }
      }
    }
  })

  it('with a wrong checksum is damaged, and loses no packet by it', () => {
    const packed = zstd(capture)
    packed[packed.length - 1]! ^= 1
    const { packets, reader } = readBytes(packed)
    expect(packets).toEqual(expected)
    expect(damageClause(reader.damage!)).toBe(
      `the zstd data is damaged at byte ${packed.length - 4} (its checksum is wrong)`,
    )
  })

  it('with any changed bytes gives what was packed up to a place, or nothing of a wrong checksum goes unsaid', () => {
    const input = bytesOf(text(60_000), noise(3000), text(30_000, 5))
    const packed = zstd(input, '-5')
    const change = fc.record({ at: fc.nat(packed.length - 1), value: fc.integer({ min: 1, max: 255 }) })
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 3 }), (changes) => {
        const changed = packed.slice()
        for (const { at, value } of changes) changed[at] = changed[at]! ^ value
        const { bytes, damage, held } = unpack(changed)
        if (damage === undefined) expect(Buffer.compare(bytes, input)).toBe(0)
        expect(held).toBeLessThan(2 * LARGEST_WINDOW)
      }),
      { numRuns: 500 },
    )
  })

  it('of changed frames without a checksum, takes none that zstd refuses, and makes of them what zstd makes', () => {
    const packed = zstd(text(400, 3), '-19', '--no-check')
    // After the magic number, the descriptor and the window.
    for (let bit = 8 * 6; bit < 8 * packed.length; bit += 5) {
      const changed = packed.slice()
      changed[bit >> 3]! ^= 1 << (bit & 7)
      const { bytes, damage } = unpack(changed)
      if (damage !== undefined) continue
      const theirs = spawnSync('zstd', ['-q', '-d', '-c', '-'], { input: changed })
      expect([bit, theirs.status, Buffer.compare(bytes, theirs.stdout)]).toEqual([bit, 0, 0])
    }
  })
})

/** The capture in raw blocks of 200 bytes. */
function storedBlocks(): Uint8Array {
  const parts = [...partsOf(capture, 200)]
  return zstdFrame(parts.map((part, i) => zstdBlock(RAW, part.length, part, i === parts.length - 1)))
}

describe('zstd data that zstd does not write', () => {
  it('is read if it is right: stored blocks, blocks of one byte, a dictionary with the number 0', () => {
    expect(readBytes(storedZstd(capture)).packets).toEqual(expected)
    expect(readBytes(storedBlocks()).packets).toEqual(expected)
    const repeated = zstdFrame([zstdBlock(RLE, 131_072, u8(65)), zstdBlock(RLE, 3, u8(66), true)])
    expect(Buffer.from(unpack(repeated).bytes).toString()).toBe(`${'A'.repeat(131_072)}BBB`)
    const numbered = bytesOf(u8(0x28, 0xb5, 0x2f, 0xfd, 0x01, 0x58, 0), zstdBlock(RAW, 1, u8(9), true))
    expect(unpack(numbered)).toMatchObject({ bytes: u8(9), damage: undefined })
  })

  it.each([
    [
      'a frame that needs a dictionary',
      bytesOf(u8(0x28, 0xb5, 0x2f, 0xfd, 0x01, 0x58, 5), zeros(3)),
      'dictionary',
    ],
    ['a reserved bit', zstdFrame([zeros(3)], 0x58, 0x08), 'frame'],
    ['a block of a reserved kind', zstdFrame([zstdBlock(3, 0, zeros(0))]), 'block'],
    ['a block of more than 128 KiB', zstdFrame([zstdBlock(RLE, 131_073, u8(1))]), 'block'],
    ['a block that is longer than its window', zstdFrame([zstdBlock(RLE, 1025, u8(1))], 0), 'block'],
    [
      'less than it says',
      bytesOf(u8(0x28, 0xb5, 0x2f, 0xfd, 0x20, 9), zstdBlock(RAW, 1, u8(9), true)),
      'length',
    ],
    [
      'more than it says',
      bytesOf(u8(0x28, 0xb5, 0x2f, 0xfd, 0x20, 1), zstdBlock(RAW, 1, u8(9)), zstdBlock(RLE, 1, u8(9), true)),
      'length',
    ],
    [
      'a match before the start',
      zstdFrame([zstdBlock(2, 9, u8(0, 1, 0x54, 16, 0, 0, 0, 0xff, 1), true)]),
      'sequences',
    ],
    ['something else after a frame', bytesOf(storedZstd(u8(1)), utf8('PK')), 'frame'],
  ])('%s is damaged', (_, bytes, reason) => {
    for (const length of [1, bytes.length])
      expect(unpack(bytes, length).damage).toMatchObject({ what: 'zstdDamaged', reason })
  })

  it('a bomb is given up when it unpacks to a thousand times its length', () => {
    const bomb = zstdFrame(new Array<Uint8Array>(20_000).fill(zstdBlock(RLE, 131_072, u8(0))))
    const { damage, held } = unpackCounting(bomb)
    expect(damage).toMatchObject({ what: 'zstdDamaged', reason: 'ratio' })
    expect(held).toBeLessThan(4 * 1024 * 1024)
  })

  it('zstd in gzip and zstd in zstd are refused with the cure', () => {
    expect(() => readBytes(storedZstd(storedZstd(capture)), 'x')).toThrow(
      'x: holds zstd data inside zstd data; unpack it once with unzstd',
    )
  })

  it('an empty frame, and frames to be skipped alone, are empty once unpacked', () => {
    for (const bytes of [storedZstd(zeros(0)), skippableFrame(zeros(5))])
      expect(() => readBytes(bytes, 'x')).toThrow('x: is empty once unpacked')
  })
})

/** Unpacks without keeping what comes out. */
function unpackCounting(packed: Uint8Array): Pick<Unpacked, 'damage' | 'held'> {
  const decoder = new ZstdDecoder()
  decoder.push(packed)
  decoder.end()
  let held = 0
  while (decoder.next() !== undefined) held = Math.max(held, decoder.held - packed.length)
  return { damage: decoder.damage, held }
}

describe('the checksum', () => {
  it('of no bytes is that of the specification, and pieces do not matter', () => {
    const whole = new Checksum()
    // XXH64 of an empty input is ef46db3751d8e999.
    expect(whole.low).toBe(0x51d8e999)
    const bytes = noise(1000)
    whole.add(bytes, 0, bytes.length)
    for (const length of [1, 7, 31, 32, 33, 500]) {
      const checksum = new Checksum()
      for (const part of partsOf(bytes, length)) checksum.add(part, 0, part.length)
      expect(checksum.low).toBe(whole.low)
    }
  })
})
