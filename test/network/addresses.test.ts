import fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatAddress } from '../../src/network/addresses.ts'
import { addressBytes } from '../support/builders/packet-builder.ts'

function words(bytes: Uint8Array): number[] {
  const view = new DataView(bytes.buffer)
  return Array.from({ length: bytes.length / 4 }, (_, i) => view.getInt32(4 * i))
}

test.each(['0.0.0.0', '10.0.0.1', '127.0.0.1', '192.0.2.255', '255.255.255.255'])(
  'IPv4 %s is written with dots',
  (text) => {
    const address = [0, 0, 0, ...words(addressBytes(text))]
    expect(formatAddress(4, Int32Array.from([...address, 0, 0, 0, 9]), 0)).toBe(text)
    expect(formatAddress(4, Int32Array.from([0, 0, 0, 9, ...address]), 4)).toBe(text)
  },
)

test.each([
  ['0:0:0:0:0:0:0:0', '::'],
  ['0:0:0:0:0:0:0:1', '::1'],
  ['2001:db8:0:0:0:0:0:1', '2001:db8::1'],
  ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
  ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
  ['2001:0:0:1:0:0:0:1', '2001:0:0:1::1'],
  ['FE80:0:0:0:0:0:0:0', 'fe80::'],
  ['0:0:0:0:0:ffff:c000:0201', '::ffff:192.0.2.1'],
])('IPv6 %s is written %s (RFC 5952)', (long, short) => {
  expect(formatAddress(6, Int32Array.from([...words(addressBytes(long)), 1, 2, 3, 4]), 0)).toBe(short)
})

test('any IPv6 address is written as the URL standard writes it, except the IPv4-mapped ones', () => {
  const group = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 0xffff }))
  fc.assert(
    fc.property(fc.array(group, { minLength: 8, maxLength: 8 }), (groups) => {
      fc.pre(!(groups.slice(0, 5).every((value) => value === 0) && groups[5] === 0xffff))
      const long = groups.map((value) => value.toString(16)).join(':')
      const address = Int32Array.from([0, 0, 0, 0, ...words(addressBytes(long))])
      expect(`[${formatAddress(6, address, 4)}]`).toBe(new URL(`http://[${long}]`).hostname)
    }),
  )
})
