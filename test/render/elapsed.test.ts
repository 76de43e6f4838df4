import { describe, expect, it } from 'vitest'
import { secondsBetween } from '../../src/render/text/elapsed.ts'

describe('the time between two moments', () => {
  const start = { seconds: 100, nanoseconds: 999_999_500 }

  it('the time between two moments is exact, cut to microseconds', () => {
    expect(secondsBetween(start, { seconds: 101, nanoseconds: 1_499 })).toBe('0.000001')
    expect(secondsBetween(start, { seconds: 112, nanoseconds: 345_677_500 })).toBe('11.345678')
  })

  it('the second moment may come before the first', () => {
    expect(secondsBetween(start, { seconds: 100, nanoseconds: 999_990_500 })).toBe('-0.000009')
    expect(secondsBetween(start, { seconds: 99, nanoseconds: 999_999_500 })).toBe('-1.000000')
  })

  it('the time between two moments loses decimals if columns are few', () => {
    expect(secondsBetween(start, { seconds: 12445, nanoseconds: 999_999_500 }, 9)).toBe('12345.000')
    expect(secondsBetween(start, { seconds: 123_456_889, nanoseconds: 999_999_500 }, 9)).toBe('123456789')
  })

  it('the time between two moments may be longer than any number of milliseconds is exact', () => {
    const late = { seconds: 2 ** 62, nanoseconds: 5000 }
    expect(secondsBetween({ seconds: 0, nanoseconds: 0 }, late, 40)).toBe('4611686018427388000.000005')
  })

  it('the time between two moments is empty if a file has no times', () => {
    expect(secondsBetween(undefined, start)).toBe('')
    expect(secondsBetween(start, undefined)).toBe('')
  })
})
