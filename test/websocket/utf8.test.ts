import { isUtf8 } from 'node:buffer'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { concat } from '../../src/base/bytes.ts'
import { utf8Fault } from '../../src/websocket/utf8.ts'
import { hex, utf8 } from '../support/builders/packet-builder.ts'

/** Of the kinds that matter: ASCII, leads, continuations, what never stands. */
const telling = fc.constantFrom(
  0x41,
  0x00,
  0x7f,
  0x80,
  0x8f,
  0x90,
  0x9f,
  0xa0,
  0xbf,
  0xc0,
  0xc1,
  0xc2,
  0xdf,
  0xe0,
  0xed,
  0xef,
  0xf0,
  0xf4,
  0xf5,
  0xff,
)

describe('the place where UTF-8 breaks', () => {
  it.each([
    ['an empty text', ''],
    ['ASCII with a NUL', '41 00 7f'],
    ['the first and last of each length', 'c2 80 df bf e0 a0 80 ef bf bf f0 90 80 80 f4 8f bf bf'],
    ['around the surrogates', 'ed 9f bf ee 80 80'],
    ['a byte order mark', 'ef bb bf 41'],
  ])('UTF-8 breaks nowhere in %s', (_, bytes) => {
    expect(utf8Fault(hex(bytes))).toBeUndefined()
  })

  it.each([
    ['a continuation alone', '41 80', 1, 1],
    ['an overlong slash', '2f c0 af', 1, 1],
    ['an overlong form of three bytes', 'e0 80 af', 0, 1],
    ['an overlong form of four bytes', 'f0 80 80 af', 0, 1],
    ['a surrogate', '41 41 ed a0 80', 2, 3],
    ['beyond U+10FFFF', 'f4 90 80 80', 0, 1],
    ['a lead that is none', 'f5 80 80 80', 0, 0],
    ['a character cut by another', 'e6 9c 41', 0, 2],
    ['a character cut by the end', '41 e6 9c', 1, 3],
    ['the example of the test suite', 'ce ba e1 bd b9 cf 83 ce bc ce b5 ed a0 80 65', 11, 12],
  ])('the place where UTF-8 breaks is found in %s', (_, bytes, validLength, offset) => {
    expect(utf8Fault(hex(bytes))).toEqual({ validLength, offset })
  })

  it('the place agrees with Node on every text, and what is before it is UTF-8 that nothing can be added to', () => {
    fc.assert(
      fc.property(fc.array(telling, { maxLength: 12 }), (values) => {
        const bytes = Uint8Array.from(values)
        const fault = utf8Fault(bytes)
        expect(fault === undefined).toBe(isUtf8(bytes))
        if (fault === undefined) return
        expect(isUtf8(bytes.subarray(0, fault.validLength))).toBe(true)
        expect(canBecomeUtf8(bytes.subarray(fault.validLength, fault.offset))).toBe(true)
        if (fault.offset < bytes.length) {
          expect(canBecomeUtf8(bytes.subarray(fault.validLength, fault.offset + 1))).toBe(false)
        }
      }),
      { numRuns: 3000 },
    )
  })

  it.each([129, 65_536, 65_537, 65_538, 65_539, 200_000])(
    'the place is found in long texts at byte %i, as in short ones',
    (at) => {
      for (const character of ['a', 'é', '漢', '😀']) {
        const before = utf8(character.repeat(Math.ceil(at / 2)))
        const whole = concat([before, utf8('end')])
        expect(utf8Fault(whole)).toBeUndefined()
        expect(utf8Fault(concat([before, hex('ed a0'), utf8(character.repeat(100))]))).toEqual({
          validLength: before.length,
          offset: before.length + 1,
        })
        expect(utf8Fault(concat([before, hex('f0 9f 98')]))).toEqual({
          validLength: before.length,
          offset: before.length + 3,
        })
      }
    },
  )

  it('the place is found among continuation bytes that fill more than a piece', () => {
    const bytes = concat([utf8('漢'), new Uint8Array(200_000).fill(0x80)])
    expect(utf8Fault(bytes)).toEqual({ validLength: 3, offset: 3 })
  })
})

/** Whether some continuation bytes after them make the bytes UTF-8. */
function canBecomeUtf8(bytes: Uint8Array): boolean {
  const tails = ['', '80', '9f', 'bf', '80 80', '9f 80', 'bf 80', '80 80 80', '90 80 80', 'bf 80 80']
  return tails.some((tail) => isUtf8(concat([bytes, hex(tail)])))
}
