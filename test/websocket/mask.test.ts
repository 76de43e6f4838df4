import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { toHex } from '../../src/base/bytes.ts'
import { maskInto, unmask } from '../../src/websocket/mask.ts'
import { bytesOf } from '../support/builders/stream-items.ts'

/** RFC 6455 §5.3, to the letter: "transformed-octet-i = original-octet-i XOR masking-key-octet-(i MOD 4)". */
function byTheLetter(bytes: Uint8Array, key: number, from: number): Uint8Array {
  return bytes.map((byte, i) => byte ^ ((key >>> (24 - 8 * ((from + i) % 4))) & 0xff))
}

const key = fc.nat(0xffffffff)
/** Around the lengths at which the way of working changes. */
const length = fc.oneof(fc.nat(40), fc.integer({ min: 120, max: 140 }), fc.integer({ min: 4090, max: 4105 }))

describe('unmask', () => {
  it('unmask gives the example of RFC 6455 §5.7', () => {
    expect(toHex(unmask(bytesOf('7f 9f 4d 51 58'), 0, 5, 0x37fa213d, 0))).toBe('48656c6c6f')
  })

  it('unmask does what the RFC says, for any length, alignment, key and place in the payload', () => {
    fc.assert(
      fc.property(length, fc.nat(7), key, fc.nat(2 ** 40), (size, start, word, offset) => {
        const bytes = Uint8Array.from({ length: start + size + 3 }, (_, i) => i * 37)
        const wanted = byTheLetter(bytes.subarray(start, start + size), word, offset)
        expect(toHex(unmask(bytes, start, start + size, word, offset))).toBe(toHex(wanted))
      }),
    )
  })

  it('unmask leaves the captured bytes and earlier results alone', () => {
    const bytes = Uint8Array.from({ length: 300 }, (_, i) => i)
    const before = bytes.slice()
    const results = Array.from({ length: 2000 }, (_, i) =>
      unmask(bytes, i % 7, (i % 7) + (i % 290), 0x01020304 + i, i),
    )
    expect(bytes).toEqual(before)
    results.forEach((result, i) => {
      expect(toHex(result)).toBe(
        toHex(byTheLetter(bytes.subarray(i % 7, (i % 7) + (i % 290)), 0x01020304 + i, i)),
      )
    })
  })

  it('unmask undoes itself', () => {
    const bytes = bytesOf('00 01 02 03 04 05 06')
    expect(unmask(unmask(bytes, 0, 7, 0xdeadbeef, 2), 0, 7, 0xdeadbeef, 2)).toEqual(bytes)
  })
})

describe('maskInto', () => {
  it('maskInto masks in place and elsewhere, and writes nothing around it', () => {
    fc.assert(
      fc.property(
        length,
        fc.nat(7),
        fc.nat(7),
        key,
        fc.nat(9),
        fc.boolean(),
        (size, from, to, word, phase, inPlace) => {
          const source = Uint8Array.from({ length: size + 20 }, (_, i) => i * 29)
          const target = inPlace ? source : new Uint8Array(size + 20)
          const targetAt = inPlace ? from : to
          const wanted = target.slice()
          wanted.set(byTheLetter(source.subarray(from, from + size), word, phase), targetAt)
          maskInto(target, targetAt, source, from, from + size, word, phase)
          expect(toHex(target)).toBe(toHex(wanted))
        },
      ),
    )
  })

  it('maskInto is right in memory that starts at an odd place', () => {
    const bytes = new Uint8Array(new ArrayBuffer(1003), 3, 1000).map((_, i) => i)
    const odd = new Uint8Array(new ArrayBuffer(1003), 3, 1000)
    maskInto(odd, 1, bytes, 0, 999, 0x89abcdef, 1)
    expect(toHex(odd, '', 1)).toBe(toHex(byTheLetter(bytes.subarray(0, 999), 0x89abcdef, 1)))
  })
})
