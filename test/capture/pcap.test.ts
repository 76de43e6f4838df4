import { EventEmitter } from 'node:events'
import fc from 'fast-check'
import { parse } from 'pcap-parser'
import { describe, expect, it } from 'vitest'
import { damageClause } from '../../src/base/damage.ts'
import { InputError } from '../../src/base/input-error.ts'
import { sentenceOf } from '../../src/language/en/finding-sentences.ts'
import {
  bytesOf,
  type PcapOptions,
  type PcapRecord,
  partsOf,
  pcapFile,
  readBytes,
  readChunks,
  someBytes,
} from '../support/builders/capture-bytes.ts'

const RECORDS: readonly PcapRecord[] = [
  { seconds: 1_700_000_000, fraction: 1, bytes: someBytes(60) },
  { seconds: 1_700_000_000, fraction: 999_999, bytes: someBytes(0), originalLength: 70 },
  { seconds: 1_700_000_001, fraction: 0, bytes: someBytes(16, 1), originalLength: 1500 },
  { seconds: 1_700_000_002, fraction: 5, bytes: someBytes(24, 2) },
]

describe('classic pcap', () => {
  it('each record comes with its bytes, time, link type and both lengths', () => {
    const { packets, reader, findings } = readBytes(pcapFile(RECORDS, { linkType: 113 }))
    expect(reader.format).toBe('pcap')
    expect(reader.compression).toBeUndefined()
    expect(findings).toEqual([])
    expect(packets).toEqual(
      RECORDS.map(({ seconds, fraction, bytes, originalLength }) => ({
        number: 0,
        time: { seconds, nanoseconds: fraction! * 1000 },
        linkType: 113,
        bytes,
        start: 0,
        end: bytes.length,
        originalLength: originalLength ?? bytes.length,
      })),
    )
  })

  it('big-endian and little-endian twins give the same packets', () => {
    for (const nanoseconds of [false, true]) {
      const little = readBytes(pcapFile(RECORDS, { nanoseconds }))
      const big = readBytes(pcapFile(RECORDS, { nanoseconds, littleEndian: false }))
      expect(little.packets).toHaveLength(RECORDS.length)
      expect(big.packets).toEqual(little.packets)
    }
  })

  it('a nanosecond file keeps its nanoseconds', () => {
    const records = [{ seconds: 7, fraction: 123_456_789, bytes: someBytes(4) }]
    expect(readBytes(pcapFile(records, { nanoseconds: true })).packets[0]!.time).toEqual({
      seconds: 7,
      nanoseconds: 123_456_789,
    })
  })

  it('fractions of more than a second are carried over', () => {
    const time = (fraction: number, options?: PcapOptions) =>
      readBytes(pcapFile([{ seconds: 10, fraction, bytes: someBytes(1) }], options)).packets[0]!.time
    expect(time(1_000_000)).toEqual({ seconds: 11, nanoseconds: 0 })
    expect(time(0xffff_ffff)).toEqual({ seconds: 10 + 4294, nanoseconds: 967_295_000 })
    expect(time(0xffff_ffff, { nanoseconds: true })).toEqual({ seconds: 14, nanoseconds: 294_967_295 })
  })

  it('seconds after 2038 are taken for what they are', () => {
    const [packet] = readBytes(pcapFile([{ seconds: 0xffff_fff0, bytes: someBytes(1) }])).packets
    expect(packet!.time).toEqual({ seconds: 0xffff_fff0, nanoseconds: 0 })
  })

  it('the length of a frame check sequence is masked off the link type', () => {
    const [packet] = readBytes(pcapFile(RECORDS, { linkType: 0x2400_0001 })).packets
    expect(packet!.linkType).toBe(1)
  })

  it('a capture without packets gives none, and no damage', () => {
    const { packets, findings, reader } = readBytes(pcapFile([]))
    expect([packets, findings, reader.damage, reader.format]).toEqual([[], [], undefined, 'pcap'])
  })

  it('versions that never were are refused, without a cure that would not help', () => {
    for (const version of [
      [2, 5],
      [3, 4],
      [1, 2],
    ] as const) {
      for (const littleEndian of [true, false]) {
        const read = () => readBytes(pcapFile(RECORDS, { version, littleEndian }))
        expect(read).toThrow(InputError)
        expect(read).toThrow(`test.pcap: pcap version ${version.join('.')} is not known`)
        expect(read).not.toThrow(/editcap/)
      }
    }
  })

  it('versions before 2.3 have the two lengths of a record in the other order, and 2.3 has them in either', () => {
    const expected = readBytes(pcapFile(RECORDS)).packets
    for (const littleEndian of [true, false]) {
      for (const minor of [0, 1, 2])
        expect(readBytes(pcapFile(RECORDS, { version: [2, minor], littleEndian })).packets).toEqual(expected)
      const swapped = pcapFile(RECORDS, { version: [2, 2], littleEndian })
      new DataView(swapped.buffer).setUint16(6, 3, littleEndian)
      for (const file of [pcapFile(RECORDS, { version: [2, 3], littleEndian }), swapped])
        expect(readBytes(file).packets).toEqual(expected)
    }
  })

  it('a "modified" pcap, with eight more bytes in each record header, gives the same packets, wherever it is cut', () => {
    const expected = readBytes(pcapFile(RECORDS)).packets
    for (const littleEndian of [true, false]) {
      const file = pcapFile(RECORDS, { isModified: true, littleEndian })
      for (let cut = 0; cut <= file.length; cut++)
        expect(readChunks([file.subarray(0, cut), file.subarray(cut)]).packets).toEqual(expected)
      for (const length of [1, 2, 3, 23, 24, 25])
        expect(readChunks(partsOf(file, length)).packets).toEqual(expected)
    }
  })

  it('the reader agrees with pcap-parser fed with plain Buffers, wherever the input is cut in two', () => {
    for (const littleEndian of [true, false]) {
      const file = pcapFile(RECORDS, { littleEndian })
      const expected = parsedPlainly(file)
      expect(expected).toHaveLength(RECORDS.length)
      for (let cut = 0; cut <= file.length; cut++) {
        expect(summaries(readChunks([file.subarray(0, cut), file.subarray(cut)]).packets)).toEqual(expected)
      }
      for (const length of [1, 2, 3, 15, 16, 17]) {
        expect(summaries(readChunks(partsOf(file, length)).packets)).toEqual(expected)
      }
    }
  })

  it('the reader agrees with pcap-parser on random records in random chunks', () => {
    const record = fc.record({
      seconds: fc.nat(),
      fraction: fc.nat(999_999),
      bytes: fc.uint8Array({ maxLength: 300 }),
      originalLength: fc.nat(),
    })
    fc.assert(
      fc.property(
        fc.array(record),
        fc.boolean(),
        fc.integer({ min: 1, max: 700 }),
        (records, littleEndian, length) => {
          const file = pcapFile(records, { littleEndian })
          expect(summaries(readChunks(partsOf(file, length)).packets)).toEqual(parsedPlainly(file))
        },
      ),
    )
  })
})

describe('damaged classic pcap', () => {
  const good = pcapFile(RECORDS.slice(0, 1))

  it('a record that claims 4 GiB is reported with its number and offset, before any of it is buffered', () => {
    const file = bytesOf(
      pcapFile([...RECORDS.slice(0, 1), { bytes: someBytes(8), claimedLength: 0xffff_fff0 }]),
      good,
    )
    const before = process.memoryUsage().arrayBuffers
    const { packets, findings, reader } = readBytes(file, 'big.pcap')
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1_000_000)
    expect(packets).toHaveLength(1)
    expect(reader.damage?.offset).toBe(100)
    expect(findings).toHaveLength(1)
    expect(findings[0]).toMatchObject({ code: 'truncated-capture', severity: 'capture' })
    expect(sentenceOf(findings[0]!)).toMatch(/^big\.pcap: record 2 at byte 100 claims 4294967280 bytes/)
  })

  it('a record may be as long as 262144 bytes, or as the snapshot length, and no longer', () => {
    const damageAt = (snapLength: number, claimedLength: number) =>
      damageClause(
        readBytes(pcapFile([{ bytes: someBytes(0), claimedLength }], { snapLength })).reader.damage!,
      )
    expect(damageAt(96, 262_144)).toMatch(/is cut off/)
    expect(damageAt(96, 262_145)).toMatch(/more than the 262144 it may have/)
    expect(damageAt(300_000, 300_000)).toMatch(/is cut off/)
    expect(damageAt(300_000, 300_001)).toMatch(/more than the 300000 it may have/)
    expect(damageAt(0xffff_ffff, 134_217_729)).toMatch(/more than the 134217728 it may have/)
  })

  it('a record that is longer than the snapshot length, as some programs write them, is read', () => {
    const bytes = someBytes(200_000)
    const { packets } = readChunks(partsOf(pcapFile([{ bytes }], { snapLength: 96 }), 4096))
    expect(Buffer.compare(packets[0]!.bytes, bytes)).toBe(0)
  })

  it('a mebibyte of a longer record is read, and the rest is skipped', () => {
    const long = someBytes(1_500_000)
    const file = pcapFile([{ bytes: long, originalLength: 2_000_000 }, RECORDS[0]!], { snapLength: 2 ** 22 })
    for (const length of [1000, 65_536, file.length]) {
      const { packets, findings } = readChunks(partsOf(file, length))
      expect(packets.map(({ originalLength }) => originalLength)).toEqual([2_000_000, 60])
      expect(Buffer.compare(packets[0]!.bytes, long.subarray(0, 1_048_576))).toBe(0)
      expect(packets[1]!.bytes).toEqual(RECORDS[0]!.bytes)
      expect(findings).toEqual([])
    }
    const cut = readChunks(partsOf(file.subarray(0, 1_400_000), 65_536))
    expect(cut.packets).toHaveLength(1)
    expect(cut.reader.damage).toEqual({ what: 'record', record: 1, offset: 24, fault: 'cut' })
  })

  it('a file cut off at any length gives the packets before the cut, and says where it was cut', () => {
    const file = pcapFile(RECORDS)
    let offset = 24
    const ends = RECORDS.map(({ bytes }) => {
      offset += 16 + bytes.length
      return offset
    })
    for (let length = 24; length <= file.length; length++) {
      const { packets, reader, findings } = readBytes(file.subarray(0, length))
      const whole = ends.filter((end) => end <= length).length
      expect(packets).toHaveLength(whole)
      const start = whole === 0 ? 24 : ends[whole - 1]!
      expect(reader.damage?.offset).toBe(length === start ? undefined : start)
      expect(findings).toHaveLength(length === start ? 0 : 1)
      if (length !== start)
        expect(sentenceOf(findings[0]!)).toContain(`record ${whole + 1} at byte ${start} is cut off`)
    }
  })

  it('a file that is cut inside the file header is not a capture', () => {
    const file = pcapFile(RECORDS)
    for (let length = 0; length < 24; length++) {
      expect(() => readBytes(file.subarray(0, length))).toThrow(InputError)
    }
    expect(() => readBytes(file.subarray(0, 23))).toThrow('test.pcap: ends inside its pcap file header')
  })
})

interface Summary {
  readonly seconds: number
  readonly microseconds: number
  readonly originalLength: number
  readonly hex: string
}

/** What pcap-parser itself makes of a file, fed as its authors meant it: with one Buffer. */
function parsedPlainly(file: Uint8Array): Summary[] {
  const summaries: Summary[] = []
  const stream = Object.assign(new EventEmitter(), { pause() {}, resume() {} })
  parse(stream).on('packet', ({ header, data }) => {
    summaries.push({
      seconds: header.timestampSeconds,
      microseconds: header.timestampMicroseconds,
      originalLength: header.originalLength,
      hex: (data as Buffer).toString('hex'),
    })
  })
  stream.emit('data', Buffer.from(file))
  return summaries
}

function summaries(packets: ReturnType<typeof readBytes>['packets']): Summary[] {
  return packets.map(({ time, originalLength, bytes }) => ({
    seconds: time!.seconds,
    microseconds: time!.nanoseconds / 1000,
    originalLength,
    hex: Buffer.from(bytes).toString('hex'),
  }))
}
