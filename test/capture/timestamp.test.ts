import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { TimestampClock } from '../../src/capture/timestamp.ts'

describe('TimestampClock', () => {
  it('a clock counts microseconds, nanoseconds and, for a real 0, whole seconds', () => {
    const at = (resolution: number, count: bigint) =>
      new TimestampClock(resolution, 0).timeOf(Number(count >> 32n), Number(count & 0xffff_ffffn))
    expect(at(6, 1_726_767_241_982_836n)).toEqual({ seconds: 1_726_767_241, nanoseconds: 982_836_000 })
    expect(at(9, 1_726_767_241_982_836_123n)).toEqual({ seconds: 1_726_767_241, nanoseconds: 982_836_123 })
    expect(at(0, 1_726_767_241n)).toEqual({ seconds: 1_726_767_241, nanoseconds: 0 })
  })

  it('a clock counts in powers of two if the highest bit says so', () => {
    expect(new TimestampClock(0x80 | 10, 0).timeOf(0, 1024 + 512)).toEqual({
      seconds: 1,
      nanoseconds: 500_000_000,
    })
    expect(new TimestampClock(0x80, 0).timeOf(0, 7)).toEqual({ seconds: 7, nanoseconds: 0 })
    expect(new TimestampClock(0x80 | 32, 0).timeOf(5, 0x8000_0000)).toEqual({
      seconds: 5,
      nanoseconds: 500_000_000,
    })
  })

  it('a clock cuts off what is finer than a nanosecond', () => {
    expect(new TimestampClock(12, 0).timeOf(0, 1_999)).toEqual({ seconds: 0, nanoseconds: 1 })
    expect(new TimestampClock(127, 0).timeOf(0xffff_ffff, 0xffff_ffff)).toEqual({
      seconds: 0,
      nanoseconds: 0,
    })
    expect(new TimestampClock(0xff, 0).timeOf(0xffff_ffff, 0xffff_ffff)).toEqual({
      seconds: 0,
      nanoseconds: 0,
    })
  })

  it('a clock adds the offset, which may lie before 1970', () => {
    expect(new TimestampClock(6, -10).timeOf(0, 1_500_000)).toEqual({ seconds: -9, nanoseconds: 500_000_000 })
  })

  it('a time that no calendar reaches is absent', () => {
    expect(new TimestampClock(0, 0).timeOf(0xffff_ffff, 0)).toBeUndefined()
    expect(new TimestampClock(6, -(2 ** 63)).timeOf(0, 0)).toBeUndefined()
  })

  it('a clock agrees with whole-number arithmetic for every resolution and count', () => {
    const word = fc.integer({ min: 0, max: 0xffff_ffff })
    fc.assert(
      fc.property(fc.oneof(fc.nat(9), fc.nat(255)), word, word, (resolution, high, low) => {
        const count = (BigInt(high) << 32n) | BigInt(low)
        const units = (resolution & 0x80 ? 2n : 10n) ** BigInt(resolution & 0x7f)
        const time = new TimestampClock(resolution, 0).timeOf(high, low)
        if (count / units >= 8_640_000_000_000n) expect(time).toBeUndefined()
        else {
          const nanoseconds = Number(((count % units) * 1_000_000_000n) / units)
          expect(time).toEqual({ seconds: Number(count / units), nanoseconds })
        }
      }),
      { numRuns: 2000 },
    )
  })
})
