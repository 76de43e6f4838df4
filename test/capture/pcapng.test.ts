import { describe, expect, it } from 'vitest'
import { damageClause } from '../../src/base/damage.ts'
import { InputError } from '../../src/base/input-error.ts'
import { CaptureReader } from '../../src/capture/reader.ts'
import { sentenceOf } from '../../src/language/en/finding-sentences.ts'
import { nodePlatform } from '../../src/platform/node/platform.ts'
import {
  Blocks,
  bytesOf,
  partsOf,
  readBytes,
  readChunks,
  someBytes,
} from '../support/builders/capture-bytes.ts'

const LITTLE = new Blocks(true)
const BIG = new Blocks(false)
const MICROSECOND = 1_700_000_000_123_456n

/** One of everything that holds a packet. */
function everyKind(blocks: Blocks): Uint8Array {
  return bytesOf(
    blocks.section(),
    blocks.interface(1, 40),
    blocks.enhanced(someBytes(30), 0, MICROSECOND, 99),
    blocks.block(5, someBytes(20)),
    blocks.interface(113, 0, [blocks.option(9, [9])]),
    blocks.obsolete(someBytes(31, 1), 1, 1_700_000_000_123_456_789n),
    blocks.block(0x0bad, someBytes(50)),
    blocks.simple(someBytes(33, 2)),
    blocks.simple(someBytes(40, 3), 1500),
    blocks.enhanced(someBytes(0), 1, 5n),
  )
}

const ofLinkType = (linkType: number) => ({ linkType, number: 0, start: 0 })

describe('pcapng', () => {
  it('Enhanced, Simple and obsolete Packet Blocks of several interfaces give their packets', () => {
    for (const blocks of [LITTLE, BIG]) {
      const { packets, reader, findings } = readBytes(everyKind(blocks))
      expect(reader.format).toBe('pcapng')
      expect(findings).toEqual([])
      expect(packets).toEqual([
        {
          ...ofLinkType(1),
          time: { seconds: 1_700_000_000, nanoseconds: 123_456_000 },
          bytes: someBytes(30),
          end: 30,
          originalLength: 99,
        },
        {
          ...ofLinkType(113),
          time: { seconds: 1_700_000_000, nanoseconds: 123_456_789 },
          bytes: someBytes(31, 1),
          end: 31,
          originalLength: 31,
        },
        { ...ofLinkType(1), time: undefined, bytes: someBytes(33, 2), end: 33, originalLength: 33 },
        { ...ofLinkType(1), time: undefined, bytes: someBytes(40, 3), end: 40, originalLength: 1500 },
        {
          ...ofLinkType(113),
          time: { seconds: 0, nanoseconds: 5 },
          bytes: someBytes(0),
          end: 0,
          originalLength: 0,
        },
      ])
    }
  })

  it('a file reads the same wherever the input is cut', () => {
    const file = everyKind(LITTLE)
    const expected = readBytes(file).packets
    for (let cut = 0; cut <= file.length; cut++) {
      expect(readChunks([file.subarray(0, cut), file.subarray(cut)]).packets).toEqual(expected)
    }
    for (const length of [1, 2, 3, 5, 11, 12, 13]) {
      expect(readChunks(partsOf(file, length)).packets).toEqual(expected)
    }
  })

  it('each section starts anew, in its own byte order and with its own interfaces', () => {
    const file = bytesOf(
      LITTLE.section(),
      LITTLE.interface(1),
      LITTLE.interface(101),
      LITTLE.enhanced(someBytes(5), 1),
      BIG.section([1, 2], BIG.option(4, Buffer.from('framewalk'))),
      BIG.interface(276),
      BIG.enhanced(someBytes(6), 0, 3_000_000n),
      LITTLE.section(),
      LITTLE.interface(12),
      LITTLE.simple(someBytes(7)),
    )
    const { packets, findings } = readBytes(file)
    expect(findings).toEqual([])
    expect(packets.map(({ linkType, end }) => [linkType, end])).toEqual([
      [101, 5],
      [276, 6],
      [12, 7],
    ])
    expect(packets[1]!.time).toEqual({ seconds: 3, nanoseconds: 0 })
  })

  it('time is counted as if_tsresol and if_tsoffset say, and a real 0 means seconds', () => {
    const timeWith = (blocks: Blocks, options: Uint8Array[], time: bigint) => {
      const file = bytesOf(
        blocks.section(),
        blocks.interface(1, 0, options),
        blocks.enhanced(someBytes(1), 0, time),
      )
      return readBytes(file).packets[0]!.time
    }
    for (const blocks of [LITTLE, BIG]) {
      const comment = blocks.option(1, Buffer.from('not 4 bytes'))
      const offset = (seconds: bigint) => blocks.option(14, blocks.writer.int64(seconds).bytes)
      expect(timeWith(blocks, [blocks.option(9, [0])], 12n)).toEqual({ seconds: 12, nanoseconds: 0 })
      expect(timeWith(blocks, [comment, blocks.option(9, [3])], 12_345n)).toEqual({
        seconds: 12,
        nanoseconds: 345_000_000,
      })
      expect(timeWith(blocks, [blocks.option(9, [0x8a])], 1536n)).toEqual({
        seconds: 1,
        nanoseconds: 500_000_000,
      })
      expect(timeWith(blocks, [offset(-2n)], 1_000_001n)).toEqual({ seconds: -1, nanoseconds: 1000 })
      expect(timeWith(blocks, [offset(1_700_000_000n), blocks.option(9, [9])], 1n)).toEqual({
        seconds: 1_700_000_000,
        nanoseconds: 1,
      })
      const endOfOptions = blocks.option(0, [])
      expect(timeWith(blocks, [endOfOptions, blocks.option(9, [0])], 12n)).toEqual({
        seconds: 0,
        nanoseconds: 12_000,
      })
    }
  })

  it('the secrets of Decryption Secrets Blocks are handed on', () => {
    const log = Buffer.from('CLIENT_RANDOM 00 11\n')
    const file = bytesOf(
      LITTLE.section(),
      LITTLE.secrets(0x544c534b, log),
      BIG.section(),
      BIG.secrets(7, someBytes(3)),
    )
    const { secrets } = readBytes(file)
    expect(secrets).toEqual([
      { type: 0x544c534b, bytes: Uint8Array.from(log) },
      { type: 7, bytes: someBytes(3) },
    ])
  })

  it('a large unknown block is skipped without buffering it', () => {
    const length = 100_000_000
    const reader = new CaptureReader(nodePlatform, 'test.pcapng', (finding) => expect.fail(finding.code))
    const push = (bytes: Uint8Array) => {
      reader.push(bytes)
      return reader.next()
    }
    push(bytesOf(LITTLE.section(), LITTLE.interface(), LITTLE.writer.uint32(0x0bad, length).bytes))
    const part = new Uint8Array(250_000)
    // Not the resident memory, which other tests of the process leave higher or lower.
    const before = process.memoryUsage().arrayBuffers
    for (let left = length - 12; left > 0; left -= part.length)
      expect(push(part.subarray(0, Math.min(left, part.length)))).toBeUndefined()
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1_000_000)
    expect(push(bytesOf(LITTLE.writer.uint32(length).bytes, LITTLE.simple(someBytes(9))))).toBeDefined()
  })
})

describe('a block of more than a mebibyte', () => {
  const long = someBytes(1_500_000)
  const head = bytesOf(LITTLE.section(), LITTLE.interface(1, 0))
  const behind = LITTLE.enhanced(someBytes(30), 0, MICROSECOND)

  it('a block of more than a mebibyte is read up to there, and the rest is skipped', () => {
    for (const block of [
      LITTLE.enhanced(long, 0, MICROSECOND, 2_000_000),
      LITTLE.obsolete(long, 0, MICROSECOND, 2_000_000),
      LITTLE.simple(long),
    ]) {
      const file = bytesOf(head, block, behind)
      for (const length of [1000, 65_536, file.length]) {
        const { packets, findings } = readChunks(partsOf(file, length))
        expect(packets.map(({ end }) => end)[1]).toBe(30)
        expect(packets[0]!.end).toBeGreaterThan(1_048_500)
        expect(packets[0]!.end).toBeLessThanOrEqual(1_048_576)
        expect(Buffer.compare(packets[0]!.bytes, long.subarray(0, packets[0]!.end))).toBe(0)
        expect(findings).toEqual([])
      }
    }
  })

  it('a long block is damaged if its lengths differ or the file ends in it, though its packet came out', () => {
    const block = LITTLE.enhanced(long, 0, MICROSECOND)
    const wrong = bytesOf(head, block.subarray(0, -4), Uint8Array.of(1, 2, 3, 4), behind)
    const cut = bytesOf(head, block.subarray(0, 1_400_000))
    for (const file of [wrong, cut]) {
      const { packets, reader } = readChunks(partsOf(file, 65_536))
      expect(packets).toHaveLength(1)
      expect(reader.damage?.offset).toBe(head.length)
    }
  })

  it('a long block of secrets is kept whole', () => {
    const { secrets } = readBytes(bytesOf(head, LITTLE.secrets(1, long), behind))
    expect(secrets.map(({ bytes }) => bytes.length)).toEqual([1_500_000])
  })
})

describe('blocks whose length is not a multiple of 4, while both lengths agree', () => {
  /** A block that says its own length. `counted`: whether the length counts the padding; `isPadded`: whether there is any. */
  const unaligned = (blocks: Blocks, type: number, body: Uint8Array, isPadded: boolean) => {
    const length = body.length + 12
    const padding = isPadded ? new Uint8Array(-length & 3) : new Uint8Array(0)
    return bytesOf(
      blocks.writer.uint32(type, length).bytes,
      body,
      padding,
      blocks.writer.uint32(length).bytes,
    )
  }

  it('a packet and an unknown block are read with padding that is not counted and without any, wherever they are cut', () => {
    for (const blocks of [LITTLE, BIG]) {
      for (const isPadded of [true, false]) {
        const file = bytesOf(
          blocks.section(),
          blocks.interface(),
          unaligned(blocks, 0x0bad, someBytes(29), isPadded),
          unaligned(blocks, 3, bytesOf(blocks.writer.uint32(21).bytes, someBytes(21)), isPadded),
          blocks.simple(someBytes(10)),
        )
        for (let cut = 0; cut <= file.length; cut++) {
          const { packets, findings } = readChunks([file.subarray(0, cut), file.subarray(cut)])
          expect(packets.map(({ bytes }) => bytes)).toEqual([someBytes(21), someBytes(10)])
          expect(findings).toEqual([])
        }
      }
    }
  })
})

describe('damaged pcapng', () => {
  const before = bytesOf(LITTLE.section(), LITTLE.interface(), LITTLE.simple(someBytes(10)))
  const after = LITTLE.simple(someBytes(11))

  const damages: ReadonlyArray<[what: string, block: Uint8Array, fault: RegExp]> = [
    [
      'a length that is not a multiple of 4, and not at its end',
      LITTLE.block(6, someBytes(24), 37, 36),
      /37 at its start and \d+ at its end/,
    ],
    ['a length below 12', LITTLE.block(5, someBytes(24), 8), /length 8, and its type needs at least 12/],
    ['a length of 0', LITTLE.block(5, someBytes(24), 0), /length 0, and/],
    [
      'a length too short for its type',
      LITTLE.block(6, someBytes(4)),
      /length 16, and its type needs at least 32/,
    ],
    ['a length over 128 MiB', LITTLE.block(6, someBytes(24), 134_217_732), /claims the length 134217732/],
    [
      'a length of nearly 4 GiB',
      LITTLE.block(0xbad, someBytes(24), 0xffff_fff0),
      /claims the length 4294967280/,
    ],
    [
      'a trailing length that differs',
      LITTLE.block(6, someBytes(24), 36, 40),
      /36 at its start and 40 at its end/,
    ],
    [
      'a differing trailing length of an unknown block',
      LITTLE.block(0xbad, someBytes(24), 36, 40),
      /36 at its start and 40/,
    ],
    [
      'an unknown interface',
      LITTLE.enhanced(someBytes(4), 3),
      /is of interface 3, and its section has described 1/,
    ],
    [
      'a captured length beyond the block',
      LITTLE.block(6, LITTLE.writer.uint32(0, 0, 0, 5, 5, 0).bytes),
      /claims 5 captured bytes and has room for 4/,
    ],
    [
      'a simple packet beyond the block',
      LITTLE.simple(someBytes(8), 9),
      /must hold 9 captured bytes and has room for 8/,
    ],
    [
      'secrets beyond the block',
      LITTLE.block(10, LITTLE.writer.uint32(1, 9, 0, 0).bytes),
      /claims 9 bytes of secrets and has room for 8/,
    ],
    [
      'a section without byte-order magic',
      LITTLE.block(0x0a0d0d0a, someBytes(16)),
      /section header without the byte-order magic/,
    ],
    ['a section of an unknown version', LITTLE.section([2, 0]), /has pcapng version 2\.0/],
  ]

  it.each(damages)('reading locates %s, and stops there', (_, block, fault) => {
    for (const length of [1, 7, 1_000_000]) {
      const { packets, findings, reader } = readChunks(
        partsOf(bytesOf(before, block, after), length),
        'a.pcapng',
      )
      expect(packets).toHaveLength(1)
      expect(reader.damage?.offset).toBe(before.length)
      expect(findings.map(({ code }) => code)).toEqual(['truncated-capture'])
      expect(sentenceOf(findings[0]!)).toMatch(new RegExp(`^a\\.pcapng: block at byte ${before.length} `))
      expect(sentenceOf(findings[0]!)).toMatch(fault)
    }
  })

  it('the interfaces that a section may describe are bounded', () => {
    const many = Array.from({ length: 65_537 }, () => LITTLE.interface())
    const { reader } = readBytes(bytesOf(LITTLE.section(), ...many))
    expect(damageClause(reader.damage!)).toMatch(/one interface more than the 65536/)
  })

  it('a file cut off at any length gives the packets before the cut, and says where it was cut', () => {
    const file = everyKind(LITTLE)
    const whole = readBytes(file).packets
    const starts = blockStarts(file)
    const headerLength = starts[1]!
    for (let length = headerLength; length < file.length; length++) {
      const { packets, reader } = readBytes(file.subarray(0, length))
      expect(packets).toEqual(whole.slice(0, packets.length))
      const start = starts.findLast((offset) => offset <= length)!
      expect(reader.damage?.offset).toBe(start === length ? undefined : start)
    }
  })

  it('a file whose first section header is cut or damaged is not a capture', () => {
    const section = LITTLE.section([1, 0], LITTLE.option(4, Buffer.from('framewalk')))
    for (let length = 0; length < section.length; length++) {
      expect(() => readBytes(section.subarray(0, length))).toThrow(InputError)
    }
    const damaged = section.slice()
    damaged[8]! ^= 1
    expect(() => readBytes(damaged)).toThrow(
      /block at byte 0 is a section header without the byte-order magic/,
    )
    expect(() => readBytes(LITTLE.section([7, 1]))).toThrow(/pcapng version 7\.1, which is not supported/)
  })
})

/** The start of each block of a good little-endian file, and the end of the last one. */
function blockStarts(file: Uint8Array): number[] {
  const view = new DataView(file.buffer, file.byteOffset)
  const starts = [0]
  for (let at = 0; at < file.length; starts.push(at)) at += view.getUint32(at + 4, true)
  return starts
}
