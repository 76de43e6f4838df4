import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isoTime } from '../../src/records/time.ts'

describe('a moment', () => {
  it('a moment is written in UTC with nine decimals', () => {
    expect(isoTime({ seconds: 1_795_397_977, nanoseconds: 966_035_000 })).toBe(
      '2026-11-23T01:39:37.966035000Z',
    )
    expect(isoTime({ seconds: 0, nanoseconds: 7 })).toBe('1970-01-01T00:00:00.000000007Z')
    expect(isoTime({ seconds: -1, nanoseconds: 999_999_999 })).toBe('1969-12-31T23:59:59.999999999Z')
  })

  it('a moment agrees with Date wherever Date reaches', () => {
    fc.assert(
      fc.property(fc.integer({ min: -62_167_219_200, max: 253_402_300_799 }), (seconds) => {
        const expected = new Date(seconds * 1000).toISOString().replace('.000Z', '.000000000Z')
        expect(isoTime({ seconds, nanoseconds: 0 })).toBe(expected)
      }),
    )
  })

  it('a moment reaches further than Date does', () => {
    expect(isoTime({ seconds: 253_402_300_800, nanoseconds: 0 })).toBe('+010000-01-01T00:00:00.000000000Z')
    expect(isoTime({ seconds: -62_167_219_201, nanoseconds: 0 })).toBe('-000001-12-31T23:59:59.000000000Z')
    // 2^62 s, of a pcapng file that counts whole seconds. Years from Python's integer arithmetic.
    expect(isoTime({ seconds: 2 ** 62, nanoseconds: 0 })).toMatch(/^\+146138514283-/)
  })
})
