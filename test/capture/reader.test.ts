import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { InputError } from '../../src/base/input-error.ts'
import {
  Blocks,
  bytesOf,
  pcapFile,
  readBytes,
  readChunks,
  someBytes,
} from '../support/builders/capture-bytes.ts'

const blocks = new Blocks(false)
const goodFiles: readonly Uint8Array[] = [
  pcapFile([{ bytes: someBytes(60) }, { bytes: someBytes(40) }, { bytes: someBytes(90) }]),
  bytesOf(
    blocks.section(),
    blocks.interface(1, 0, [blocks.option(9, [9])]),
    blocks.enhanced(someBytes(30), 0, 77n),
    blocks.block(5, someBytes(20)),
    blocks.secrets(1, someBytes(9)),
    blocks.simple(someBytes(33)),
    blocks.obsolete(someBytes(31)),
  ),
]

describe('CaptureReader', () => {
  it('one line says what was found in a file that is not a capture, where, and what was expected', () => {
    expect(() => readBytes(Buffer.from('Hello, world'), 'notes.pcap')).toThrow(
      new InputError(
        'notes.pcap: is not a capture: it starts with 48 65 6c 6c 6f 2c 20 77 at byte 0; ' +
          'expected a pcap or pcapng file, as tcpdump and Wireshark write them',
      ),
    )
    expect(() => readBytes(Buffer.from('He'), 'notes.pcap')).toThrow(
      /is not a capture: it starts with 48 65 at byte 0/,
    )
    expect(() => readBytes(new Uint8Array(), 'notes.pcap')).toThrow(/^notes\.pcap: is empty; expected a pcap/)
    expect(() => readBytes(new Uint8Array(), '-')).toThrow(/^standard input: is empty/)
  })

  it('files that people take for captures are recognised, and the line says what helps', () => {
    const start = (hex: string) => () => readBytes(Buffer.from(hex.padEnd(64, '0'), 'hex'), 'f')
    expect(start('736e6f6f70000000')).toThrow(/a snoop capture; convert it with: editcap/)
    expect(start('504b0304')).toThrow(/a zip archive; unpack it first with unzip/)
    expect(start('fd377a585a00')).toThrow(/compressed with xz; unpack it first/)
    expect(start('04224d18')).toThrow(/compressed with lz4; unpack it first with unlz4/)
    expect(start('425a6839')).toThrow(/compressed with bzip2; unpack it first/)
    expect(start('474d4255')).toThrow(/a Network Monitor capture/)
  })

  it('the format is known once the file header is there, and not before', () => {
    for (const file of goodFiles) {
      const headerLength = file === goodFiles[0] ? 24 : 28
      const formats = [headerLength - 1, headerLength].map((length) => {
        const chunks = [file.subarray(0, length)]
        try {
          return readChunks(chunks).reader.format
        } catch (error) {
          return error
        }
      })
      expect(formats[0]).toBeInstanceOf(InputError)
      expect(formats[1]).toMatch(/^pcap(ng)?$/)
    }
  })

  it('the reader never throws anything but InputError, and ends, whatever the bytes', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 200 }),
        fc.constantFrom('', 'd4c3b2a1', '0a0d0d0a', '1f8b0800', '28b52ffd0458'),
        (tail, magic) => {
          expectPacketsOrInputError(bytesOf(Buffer.from(magic, 'hex'), tail))
        },
      ),
      { numRuns: 500 },
    )
  })

  it('the reader survives any change of a few bytes of a good file, bare or gzipped', () => {
    const change = fc.record({
      at: fc.nat(),
      value: fc.oneof(fc.nat(255), fc.constantFrom(0, 1, 0x7f, 0x80, 0xff)),
    })
    const files = [...goodFiles, ...goodFiles.map((file) => Uint8Array.from(gzipSync(file)))]
    fc.assert(
      fc.property(
        fc.constantFrom(...files),
        fc.array(change, { minLength: 1, maxLength: 4 }),
        fc.nat(),
        (file, changes, cut) => {
          const changed = file.slice()
          for (const { at, value } of changes) changed[at % file.length] = value
          expectPacketsOrInputError(
            changed.subarray(0, file.length - (cut % 3 === 0 ? cut % file.length : 0)),
          )
        },
      ),
      { numRuns: 1500 },
    )
  })

  it('the reader never writes to the bytes it reads', () => {
    for (const file of goodFiles) {
      const before = file.slice()
      readBytes(file)
      expect(file).toEqual(before)
    }
  })
})

/** Reading ends in packets that lie within their bytes and at most one finding of damage, or in InputError. */
function expectPacketsOrInputError(file: Uint8Array): void {
  try {
    const { packets, findings, reader } = readBytes(file)
    for (const { end } of packets) expect(end).toBeLessThanOrEqual(file.length * 1100)
    expect(findings.map(({ code }) => code)).toEqual(reader.damage === undefined ? [] : ['truncated-capture'])
    expect(reader.isOver).toBe(true)
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    expect(error.message).not.toContain('\n')
  }
}
