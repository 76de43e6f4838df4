import { execFileSync } from 'node:child_process'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { toHex } from '../../src/base/bytes.ts'
import { parseHex } from '../../src/base/hex-input.ts'
import { hexFaultWords } from '../../src/language/en/hex-fault.ts'
import { growthOf, IN_PROPORTION } from '../support/drivers/processor-time.ts'

const FRAME = 'c18543020acf71363ecb43'

function read(text: string): string {
  const input = parseHex(text)
  return 'fault' in input ? hexFaultWords(input.fault) : toHex(input.bytes)
}

describe('bytes as people paste them', () => {
  it.each([
    ['run together', 'c18543020acf71363ecb43'],
    ['upper case', 'C18543020ACF71363ECB43'],
    ['pairs', 'c1 85 43 02 0a cf 71 36 3e cb 43'],
    ['pairs over lines', 'c1 85 43 02\n0a cf 71 36\r\n3e cb 43\n'],
    ['a C array', '{ 0xc1, 0x85, 0x43, 0x2, 0xa, 0xcf,\n 0x71, 0x36, 0x3e, 0xcb, 0x43 };'],
    ['with 0x and commas', '0xc1,0x85,0x43,0x02,0x0a,0xcf,0x71,0x36,0x3e,0xcb,0x43'],
    ['one 0x before all', '0xc18543020acf71363ecb43'],
    ['an escaped string', '"\\xc1\\x85\\x43\\x02\\x0a\\xcf\\x71\\x36\\x3e\\xcb\\x43"'],
    ['colons', 'c1:85:43:02:0a:cf:71:36:3e:cb:43'],
    ["Wireshark's hex dump", '0000   c1 85 43 02 0a cf 71 36 3e cb 43                  ..C...q6>.C'],
    ["Wireshark's hex dump without characters", '0000   c1 85 43 02 0a cf 71 36 3e cb 43'],
    ['xxd', '00000000: c185 4302 0acf 7136 3ecb 43              ..C...q6>.C'],
    ['hexdump -C', '00000000  c1 85 43 02 0a cf 71 36  3e cb 43                 |..C...q6>.C|\n0000000b\n'],
    ['tcpdump -X', '\t0x0000:  c185 4302 0acf 7136 3ecb 43              ..C...q6>.C'],
  ])('parseHex reads %s', (_, text) => {
    expect(read(text)).toBe(FRAME)
  })

  it('parseHex is not fooled by characters that look like hex digits', () => {
    const bytes = new TextEncoder().encode('abcdef0123456789abcdef0123456789fedcba9876')
    expect(read(wiresharkDump(bytes))).toBe(toHex(bytes))
  })

  it('parseHex reads several dumps one after another', () => {
    const dump = wiresharkDump(Uint8Array.from({ length: 20 }, (_, i) => i))
    expect(read(`${dump}\n${dump}`)).toHaveLength(80)
  })

  it.each([
    ['c1 8g', 'position 4: "g" in "8g" is no hex digit'],
    ['c1 8', 'position 4: "8" has an odd number of hex digits'],
    ['c1 → 85', 'position 4: "→" is no hex digit'],
    ['', 'there are no hex digits in it'],
    ['0000  c1 85\n0010  43', 'line 2: offset 10 where 2 was expected'],
    ['\n\n0000  c1 85\n\n0010  43', 'line 5: offset 10 where 2 was expected'],
  ])('parseHex says what is wrong with %j', (text, fault) => {
    expect(read(text)).toBe(fault)
  })

  it('parseHex reads the dumps that xxd, hexdump and Wireshark would make of any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 70 }), (bytes) => {
        expect(read(wiresharkDump(bytes))).toBe(toHex(bytes))
        expect(read(xxdDump(bytes))).toBe(toHex(bytes))
      }),
    )
  })

  it('parseHex never throws, whatever was pasted', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void parseHex(text)))
  })

  it('parseHex reads thousands of dumps, and a row of many bytes, in time that is in proportion to their length', async () => {
    const dumps = (count: number) =>
      expect(read('0000  81 02 68 69\n'.repeat(count))).toBe('81026869'.repeat(count))
    expect(await growthOf(dumps, 5000)).toBeLessThan(IN_PROPORTION)
    const row = (bytes: number) => {
      const text = `0000  ${'81'.repeat(bytes)}\n${bytes.toString(16)}  01\n`
      expect(read(text)).toHaveLength(2 * bytes + 2)
    }
    expect(await growthOf(row, 100_000)).toBeLessThan(IN_PROPORTION)
  })

  it('parseHex reads what od prints here', () => {
    const printed = execFileSync('od', ['-An', '-tx1'], { input: Uint8Array.from([1, 2, 0xc1]) }).toString()
    expect(read(printed)).toBe('0102c1')
  })
})

function rowsOf(bytes: Uint8Array): Uint8Array[] {
  return Array.from({ length: Math.ceil(bytes.length / 16) }, (_, i) => bytes.subarray(i * 16, i * 16 + 16))
}

function characters(row: Uint8Array): string {
  return Array.from(row, (byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.')).join('')
}

function wiresharkDump(bytes: Uint8Array): string {
  return rowsOf(bytes)
    .map(
      (row, i) =>
        `${(i * 16).toString(16).padStart(4, '0')}   ${toHex(row, ' ').padEnd(47)}   ${characters(row)}`,
    )
    .join('\n')
}

function xxdDump(bytes: Uint8Array): string {
  return rowsOf(bytes)
    .map((row, i) => {
      const groups = toHex(row).replaceAll(/.{4}(?=.)/g, '$& ')
      return `${(i * 16).toString(16).padStart(8, '0')}: ${groups.padEnd(39)}  ${characters(row)}`
    })
    .join('\n')
}
