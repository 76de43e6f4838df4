import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { explainFrame, type Field } from '../../src/codec.ts'
import { encodeFrame } from '../../src/websocket/encode.ts'
import { decodeHeader } from '../../src/websocket/header.ts'
import { arbitraryFrame } from '../support/builders/arbitrary-frame.ts'
import { bytesOf } from '../support/builders/stream-items.ts'

function fieldsIn(hex: string): Field[] {
  return explainFrame(decodeHeader(bytesOf(hex))!)
}

/** The bits `[first, first + count)` as a number, read without the table's help. */
function bitsAt(bytes: Uint8Array, first: number, count: number): bigint {
  let value = 0n
  for (let bit = first; bit < first + count; bit++)
    value = value * 2n + BigInt((bytes[bit >> 3]! >> (7 - (bit & 7))) & 1)
  return value
}

describe('explainFrame', () => {
  it("explainFrame names the article's frame bit by bit", () => {
    const fields = fieldsIn('c1 85 43 02 0a cf 71 36 3e cb 43')
    expect(fields.map(({ name, firstBit, bits, value }) => [name, firstBit, bits, value])).toEqual([
      ['FIN', 0, 1, 1],
      ['RSV1', 1, 1, 1],
      ['RSV2', 2, 1, 0],
      ['RSV3', 3, 1, 0],
      ['Opcode', 4, 4, 1],
      ['MASK', 8, 1, 1],
      ['Payload length', 9, 7, 5],
      ['Masking key', 16, 32, 0x43020acf],
      ['Payload data', 48, 40, 5],
    ])
    expect(fields[1]?.meaning).toContain('compressed')
    expect(fields[5]?.meaning).toContain('no encryption')
  })

  it.each([
    ['82 7e 01 00', 126, 16, 256],
    ['82 7f 00 00 00 00 00 01 00 00', 127, 64, 65_536],
    ['82 7f ff ff ff ff ff ff ff ff', 127, 64, 2n ** 64n - 1n],
  ])('explainFrame shows the extended length of %s', (hex, code, bits, value) => {
    const fields = fieldsIn(hex)
    expect(fields.find(({ name }) => name === 'Payload length')?.value).toBe(code)
    expect(fields.find(({ name }) => name === 'Extended payload length')).toMatchObject({
      firstBit: 16,
      bits,
      value,
    })
  })

  it('explainFrame gives each field the value of the bits at its place, without a hole or an overlap', () => {
    fc.assert(
      fc.property(arbitraryFrame, (fields) => {
        const bytes = encodeFrame(fields)
        let next = 0
        for (const { name, firstBit, bits, value, meaning, reference } of explainFrame(
          decodeHeader(bytes)!,
        )) {
          expect(firstBit).toBe(next)
          next += bits
          if (name !== 'Payload data') expect(BigInt(value)).toBe(bitsAt(bytes, firstBit, bits))
          expect(meaning).toMatch(/\.$/)
          expect(reference).toMatch(/^RFC \d+ §/)
        }
        expect(next).toBe(bytes.length * 8)
      }),
    )
  })

  it('explainFrame leaves out the payload data of an empty frame', () => {
    expect(fieldsIn('81 00').at(-1)?.name).toBe('Payload length')
  })
})
