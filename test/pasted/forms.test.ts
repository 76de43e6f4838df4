// Bytes in every form that people paste them in, without the programs that print them.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { toHex } from '../../src/base/bytes.ts'
import { readPasted } from '../../src/pasted/pasted.ts'
import { notesOf, read } from '../support/drivers/pasted.ts'

const FRAME = 'c18543020acf71363ecb43'
const HELLO = '810568656c6c6f'

describe('the forms of bytes', () => {
  it.each([
    ['hex run together', 'c18543020acf71363ecb43'],
    ['upper case', 'C18543020ACF71363ECB43'],
    ['pairs', 'c1 85 43 02 0a cf 71 36 3e cb 43'],
    ['pairs over lines', 'c1 85 43 02\n0a cf 71 36\r\n3e cb 43\n'],
    ['pairs with no-break spaces', 'c1\u00a085 43 02 0a cf 71 36 3e cb\u00a043'],
    ['a C array', '{ 0xc1, 0x85, 0x43, 0x2, 0xa, 0xcf,\n 0x71, 0x36, 0x3e, 0xcb, 0x43 };'],
    ['with 0x and commas', '0xc1,0x85,0x43,0x02,0x0a,0xcf,0x71,0x36,0x3e,0xcb,0x43'],
    ['one 0x before all', '0xc18543020acf71363ecb43'],
    ['an escaped string', '"\\xc1\\x85\\x43\\x02\\x0a\\xcf\\x71\\x36\\x3e\\xcb\\x43"'],
    ['colons', 'c1:85:43:02:0a:cf:71:36:3e:cb:43'],
    ["C#'s dashes", 'C1-85-43-02-0A-CF-71-36-3E-CB-43'],
    ['hex in quotes', '"c18543020acf71363ecb43"'],
    ["Go's % x in brackets", '[c1 85 43 02 0a cf 71 36 3e cb 43]'],
    ["Wireshark's hex dump", '0000   c1 85 43 02 0a cf 71 36 3e cb 43                  ..C...q6>.C'],
    ["Wireshark's hex dump without characters", '0000   c1 85 43 02 0a cf 71 36 3e cb 43'],
    [
      "Wireshark's escaped string over lines",
      '"\\xc1\\x85\\x43\\x02\\x0a" \\\n"\\xcf\\x71\\x36\\x3e\\xcb\\x43"\n',
    ],
    [
      "Wireshark's C array",
      'char peer0_0[] = { /* Packet 4 */\n0xc1, 0x85, 0x43, 0x02, 0x0a, 0xcf, 0x71, 0x36,\n0x3e, 0xcb, 0x43 };',
    ],
    ["Wireshark's base64", 'wYVDAgrPcTY+y0M='],
    ['xxd', '00000000: c185 4302 0acf 7136 3ecb 43              ..C...q6>.C'],
    ['hexdump -C', '00000000  c1 85 43 02 0a cf 71 36  3e cb 43                 |..C...q6>.C|\n0000000b\n'],
    ['tcpdump -X', '\t0x0000:  c185 4302 0acf 7136 3ecb 43              ..C...q6>.C'],
    ["framewalk's own rows", '0000  c1 85 43 02 0a cf 71 36 3e cb 43                 ··C···q6>·C'],
    ['od of BSD', '0000000    c1  85  43  02  0a  cf  71  36  3e  cb  43\n0000013\n'],
    ['a Buffer of Node', '<Buffer c1 85 43 02 0a cf 71 36 3e cb 43>'],
    [
      'bits',
      '11000001 10000101 01000011 00000010 00001010 11001111 01110001 00110110 00111110 11001011 01000011',
    ],
    [
      'bits with 0b',
      '0b11000001, 0b10000101, 0b1000011, 0b10, 0b1010, 0b11001111, 0b1110001, 0b110110, 0b111110, 0b11001011, 0b1000011',
    ],
    ['a decimal list', '193, 133, 67, 2, 10, 207, 113, 54, 62, 203, 67'],
    ['a signed list of Java', '-63, -123, 67, 2, 10, -49, 113, 54, 62, -53, 67'],
  ])('%s is read', (_, text) => {
    expect(read(text)).toBe(FRAME)
  })

  it.each([
    ["Python's bytes", "b'\\x81\\x05hello'"],
    ["Python's raw bytes beside others", "b'\\x81\\5' rb'hello'"],
    ["Python's bytes in two pieces", 'b\'\\x81\\x05\' \\\n  b"hello"'],
    ["Python's bytearray", "bytearray(b'\\x81\\x05hello')"],
    ["Python's list", 'bytes([129, 5, 104, 101, 108, 108, 111])'],
    ["Python's fromhex", "bytes.fromhex('81 05 68656c6c6f')"],
    ["Python's assignment", "frame = b'\\x81\\x05hello'"],
    ["Go's string", '[]byte("\\x81\\x05hello")'],
    ["Go's octal escapes", '[]byte("\\201\\005hello")'],
    ["Go's slice", '[]byte{0x81, 0x5, 0x68, 0x65, 0x6c, 0x6c, 0x6f}'],
    ["Go's printed slice", '[129 5 104 101 108 108 111]'],
    ["Go's array and assignment", "frame := [7]byte{0x81, 5, 'h', 'e', 'l', 'l', 'o'}"],
    ["C's string", 'char frame[] = "\\x81\\005" "hello";'],
    ["Rust's array", 'let frame = &[0x81u8, 5, 104, 101, 108, 108, 111];'],
    ["Rust's vec!", 'vec![129, 5, 104, 101, 108, 108, 111]'],
    ["Java's array", 'new byte[] { (byte) 0x81, 5, 104, 101, 108, 108, 111 }'],
    ["Kotlin's array", 'byteArrayOf(0x81.toByte(), 5, 104, 101, 108, 108, 111)'],
    ["Elixir's binary", '<<129, 5, 104, 101, 108, 108, 111>>'],
    ["JavaScript's array", 'const frame = new Uint8Array([129, 5, 104, 101, 108, 108, 111])'],
    ["JavaScript's Buffer.from", "Buffer.from('gQVoZWxsbw==', 'base64')"],
    ["JSON of Node's Buffer", '{"type":"Buffer","data":[129,5,104,101,108,108,111]}'],
    ['JSON of a Uint8Array', '{"0":129,"1":5,"2":104,"3":101,"4":108,"5":108,"6":111}'],
    ['a printed Uint8Array', 'Uint8Array(7) [\n  129, 5, 104, 101,\n  108, 108, 111\n]'],
    ['a printed Int8Array', 'Int8Array(7) [\n  -127, 5, 104, 101,\n  108, 108, 111\n]'],
    ['escapes without quotes', '\\x81\\x05hello'],
    ['a URL of data', 'data:application/octet-stream;base64,gQVoZWxsbw=='],
    ['base64 that is named', 'base64: gQVoZWxsbw'],
    ['decimal numbers without a comma', '129 5 104 101 108 108 111'],
  ])('%s is read', (_, text) => {
    expect(read(text)).toBe(HELLO)
  })

  it.each([
    ['10000001 00000101', '8105', 'bits'],
    ['1000 0001', '81', 'bits'],
    ['hex: 10000001', '10000001', undefined],
    ['bits: 1000 0001', '81', undefined],
    ['1000000100000000', '8100', 'bits'],
    ['00000000', '00000000', undefined],
    ['1000 00', '100000', undefined],
    ['81 05', '8105', undefined],
    ['81, 15', '8115', undefined],
    ['[81, 15]', '510f', undefined],
    ['decimal: 81, 15', '510f', undefined],
    ['5, 15', '050f', 'decimal'],
    ['129, 15', '810f', undefined],
    ['{0x81, 15}', '810f', undefined],
    ['gQU=', '8105', 'base64'],
    ['deadbeef', 'deadbeef', undefined],
    ['000000 8105', '0581', '16-bit'],
    ['000000 81 05', '8105', undefined],
    ['0000 81 05', '00008105', undefined],
    ['0000  81 05', '8105', undefined],
  ])(
    '%s, which could be two forms, is read as %s, and a note says so if it is not sure',
    (text, hex, note) => {
      expect(read(text)).toBe(hex)
      expect(notesOf(text).join()).toMatch(note === undefined ? /^$/ : note)
    },
  )

  it('characters that look like hex digits are no bytes, whether the column is padded or not', () => {
    const bytes = new TextEncoder().encode('abcdef0123456789abcdef0123456789fedcba9876')
    expect(read(wiresharkDump(bytes))).toBe(toHex(bytes))
    expect(read('00000000: 6162 6364  abcd')).toBe('61626364')
    expect(read('00000000: 6162 2020 6162  ab  ab')).toBe('616220206162')
    expect(read('00000000: 7c7c 3e3c  ||><')).toBe('7c7c3e3c')
    expect(read('0000  3e 3c                                             ><')).toBe('3e3c')
  })

  it('several dumps are read one after another, and so is a stream that Wireshark follows', () => {
    const dump = wiresharkDump(Uint8Array.from({ length: 20 }, (_, i) => i))
    expect(read(`${dump}\n${dump}`)).toHaveLength(80)
    const followed = [
      '00000000  81 02 68 69                                        ..hi',
      '    00000000  81 02 79 6f                                        ..yo',
      '00000004  81 02 68 69                                        ..hi',
      '    00000004  81 02 79 6f                                        ..yo',
    ]
    expect(read(followed.join('\n'))).toBe('81026869'.concat('8102796f').repeat(2))
  })

  it('dumps of any bytes are read, with the spaces at the ends of lines lost', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 70 }), (bytes) => {
        const trimmed = wiresharkDump(bytes).replaceAll(/ +$/gm, '')
        expect(read(wiresharkDump(bytes))).toBe(toHex(bytes))
        expect(read(trimmed)).toBe(toHex(bytes))
      }),
    )
  })

  it('lists of any bytes are read, in decimal, with a sign, as bits and as base64', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 2, maxLength: 40 }), (bytes) => {
        const hex = toHex(bytes)
        expect(read(`[${bytes.join(', ')}]`)).toBe(hex)
        expect(read(`decimal:${bytes.join(' ')}`)).toBe(hex)
        expect(read(`[${new Int8Array(bytes).join(',')}]`)).toBe(hex)
        expect(read(Array.from(bytes, (byte) => byte.toString(2).padStart(8, '0')).join(' '))).toBe(hex)
        expect(read(`base64:${Buffer.from(bytes).toString('base64')}`)).toBe(hex)
        expect(read(`base64:${Buffer.from(bytes).toString('base64url')}`)).toBe(hex)
      }),
    )
  })

  it('no text makes the reader throw', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void readPasted(text)))
    const piece = fc.constantFrom(
      ...'01 8f\n\t:|*\\x"\'`{}[](),.;-=+/<>',
      '0000  ',
      'b"',
      '0x',
      '<Buffer ',
      'Uint8Array(2) [',
      '{"0":',
    )
    fc.assert(fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => void readPasted(pieces.join(''))))
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
