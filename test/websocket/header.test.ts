import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeHeader } from '../../src/websocket/header.ts'
import { bytesOf } from '../support/builders/stream-items.ts'

describe('decodeHeader', () => {
  it('decodeHeader reads every field of a masked client frame', () => {
    expect(decodeHeader(bytesOf('c1 85 43 02 0a cf 71 36 3e cb 43'))).toEqual({
      fin: true,
      rsv1: true,
      rsv2: false,
      rsv3: false,
      opcode: 1,
      masked: true,
      maskingKey: 0x43020acf,
      headerLength: 6,
      payloadLength: 5,
    })
  })

  it('decodeHeader tells each bit of the first byte from its neighbours', () => {
    const bits = [0x80, 0x40, 0x20, 0x10].map((byte) => decodeHeader(Uint8Array.of(byte | 0x0a, 0)))
    expect(bits.map((header) => [header?.fin, header?.rsv1, header?.rsv2, header?.rsv3])).toEqual([
      [true, false, false, false],
      [false, true, false, false],
      [false, false, true, false],
      [false, false, false, true],
    ])
    expect(bits.map((header) => header?.opcode)).toEqual([10, 10, 10, 10])
  })

  it.each([
    ['82 00', 2, 0],
    ['82 7d', 2, 125],
    ['82 7e 00 7e', 4, 126],
    ['82 7e ff ff', 4, 65_535],
    ['82 7f 00 00 00 00 00 01 00 00', 10, 65_536],
    ['82 7f 00 1f ff ff ff ff ff ff', 10, Number.MAX_SAFE_INTEGER],
    ['82 7f 00 20 00 00 00 00 00 00', 10, 2n ** 53n],
    ['82 7f 80 00 00 00 00 00 00 01', 10, 2n ** 63n + 1n],
    ['82 7f ff ff ff ff ff ff ff ff', 10, 2n ** 64n - 1n],
    ['82 fe 01 00 12 34 56 78', 8, 256],
    ['82 7e 00 05', 4, 5],
    ['82 7f 00 00 00 00 00 00 00 05', 10, 5],
  ])(
    'decodeHeader reads the length of %s, minimal or not, in a header of %i bytes',
    (hex, headerLength, payloadLength) => {
      expect(decodeHeader(bytesOf(hex))).toMatchObject({ headerLength, payloadLength })
    },
  )

  it('decodeHeader reads a masking key with its high bit set as an unsigned word', () => {
    expect(decodeHeader(bytesOf('81 80 ff ff ff fe'))?.maskingKey).toBe(0xfffffffe)
  })

  it('decodeHeader asks for more bytes until the last byte of the header is there, and not longer', () => {
    const header = bytesOf('81 ff 00 00 00 00 00 01 00 00 01 02 03 04')
    for (let length = 0; length < header.length; length++) {
      expect(decodeHeader(header.subarray(0, length))).toBeUndefined()
    }
    expect(decodeHeader(header)?.headerLength).toBe(14)
  })

  it('decodeHeader stays within the bounds it is given', () => {
    const bytes = bytesOf('ff ff 81 05 68 ff')
    expect(decodeHeader(bytes, 2, 4)).toMatchObject({ opcode: 1, payloadLength: 5 })
    expect(decodeHeader(bytes, 2, 3)).toBeUndefined()
  })

  it('decodeHeader never throws, whatever the bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 20 }), (bytes) => void decodeHeader(bytes)))
  })
})
