import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { offsetOf, sequenceDistance } from '../../src/tcp/sequence.ts'

describe('sequence numbers', () => {
  test('the distance of sequence numbers is counted modulo 2^32, the short way round', () => {
    expect(sequenceDistance(10, 15)).toBe(5)
    expect(sequenceDistance(15, 10)).toBe(-5)
    expect(sequenceDistance(0xffffffff, 0)).toBe(1)
    expect(sequenceDistance(0, 0xffffffff)).toBe(-1)
    expect(sequenceDistance(0xfffffff0, 0x10)).toBe(0x20)
    expect(sequenceDistance(0x10, 0xfffffff0)).toBe(-0x20)
    expect(sequenceDistance(7, 7)).toBe(0)
    expect(sequenceDistance(0, 0x7fffffff)).toBe(0x7fffffff)
    expect(sequenceDistance(0, 0x80000000)).toBe(-0x80000000)
  })

  test('a signed and an unsigned spelling of a sequence number mean the same', () => {
    expect(sequenceDistance(-1, 0xffffffff)).toBe(0)
    expect(sequenceDistance(0xffffffff | 0, 4)).toBe(5)
  })

  test('an offset is found again from its sequence number, however often that has wrapped around', () => {
    fc.assert(
      fc.property(
        fc.nat(0xffffffff),
        fc.nat(2 ** 45),
        fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
        (first, near, distance) => {
          const offset = near + distance
          const sequence = Number(BigInt.asUintN(32, BigInt(first) + BigInt(offset)))
          expect(offsetOf(sequence, first | 0, near)).toBe(offset)
        },
      ),
    )
  })
})
