// Texts that are not bytes, or contradict themselves: each is refused with the place and the cure, and no byte is dropped.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { pastedFaultWords, pastedNoteWords } from '../../src/language/zh/pasted-words.ts'
import { LONGEST_TEXT, readPasted } from '../../src/pasted/pasted.ts'
import { read } from '../support/drivers/pasted.ts'
import { growthOf, IN_PROPORTION } from '../support/drivers/processor-time.ts'

const REFUSALS: readonly (readonly [string, string])[] = [
  ['c1 8g', 'position 4: "g" in "8g" is not a hex digit, nor is the text another form of bytes'],
  ['81 05\n68 6g', 'line 2, column 4: "g" in "6g" is not a hex digit, nor is the text another form of bytes'],
  ['c1 8', 'position 4: "8" has an odd number of hex digits'],
  ['c1 → 85', 'position 4: "→" is not a hex digit, nor is the text another form of bytes'],
  ['', 'there are no bytes in it'],
  [' \n', 'there are no bytes in it'],
  ['c18g', 'position 1: "g" in "c18g" is not a hex digit, nor is the text another form of bytes'],
  ['[129, 5, 300]', 'position 10: "300" is not a byte: it is not from 0 to 255'],
  ['-127, 200', 'position 7: "200" is not a byte: it is not from -128 to 127'],
  ['[129, x]', 'position 7: "x" is not a byte'],
  ['{0x81, 010}', 'position 8: "010" is not a byte'],
  [
    '0x81, 85',
    'position 7: "85" may be hex or decimal beside numbers with 0x; put 0x before each, or braces around all if it is decimal',
  ],
  ["b'\\x8'", 'position 3: "\\\\x8\'" is not an escape for a byte'],
  ["b'\\777'", 'position 3: "\\\\777" is not an escape for a byte'],
  ["b'\\u0081'", 'position 3: "\\\\u00" is not an escape for a byte'],
  ["b'é\\x81'", 'position 3: "é" is not a hex digit, nor is the text another form of bytes'],
  ["b'\\x81", 'position 1: "b\'" is not closed; paste all of it'],
  ['[129, 5', 'position 1: "[" is not closed; paste all of it'],
  [
    "b'8105'",
    'the byte string has only hex digits in it; paste what is between the quotes, with hex: before it',
  ],
  [
    "b'gQVoZWxsbw=='",
    'the byte string has only base64 in it; paste what is between the quotes, with base64: before it',
  ],
  ['Uint8Array(3) [ 129, 5 ]', 'it says that it has 3 bytes, and there are 2'],
  ['[3]byte{129, 5}', 'it says that it has 3 bytes, and there are 2'],
  [
    'unsigned char a[] = {\n  0x81\n};\nunsigned int a_len = 2;\n',
    'it says that it has 2 bytes, and there are 1',
  ],
  [
    '<Buffer 81 05 ... 12 more bytes>',
    "position 15: 12 more bytes were not printed; print them all, as with buffer.toString('hex')",
  ],
  [
    'Uint8Array(120) [\n  0, 0,\n  ... 118 more items\n]',
    "line 3, column 3: 118 more bytes were not printed; print them all, as with buffer.toString('hex')",
  ],
  ['<Buffer 81 5>', 'position 12: "5" is not a byte'],
  ['<Buffer 81 05> and more', 'position 16: "and more" is not a byte'],
  ['{"type":"Buffer","data":[129,5],"x":1}', 'position 32: ",\\"x\\":1}" is not a byte'],
  ['{"0":129,"2":5}', 'position 10: "\\"2\\":5}" is not a byte'],
  ['bits:10000001 0000010', 'position 15: "0000010" is not a whole number of bytes in bits'],
  ['base64:gQVoZ', 'position 12: the base64 ends inside a byte; paste all of it'],
  ['0000  c1 85\n0010  43', 'line 2: offset 10 where 2 was expected'],
  ['\n\n0000  c1 85\n\n0010  43', 'line 5: offset 10 where 2 was expected'],
  [
    '00000000: 8105 6865 6c6c 6f00 8105 6865 6c6c 6f00  ..hello...hello.\n00000001: 81  .',
    'line 2: offset 1 where 10 was expected',
  ],
  [
    '00000010: 8105',
    'line 1: the dump starts at offset 00000010; paste it from offset 0, or the digits without offsets',
  ],
  ['0000   81 05 68   ..x', 'line 1: byte 3 is 68, and its character is "x"'],
  ['0000   81 05 68   ..', 'line 1: its characters end before byte 3, 68'],
  ['00000000  81 05 68   |..hi|', 'line 1: its characters go on with "i" after its last byte'],
  ['00000000: 8105 6865  ..xe', 'line 1: byte 3 is 68, and its character is "x"'],
  ['0000  81 05 zz', 'line 1: this is not a row of the dump'],
  ['0000  81 05\n68 69', 'line 2: this is not a row of the dump'],
  ['0000  81 05\nhello there', 'line 2: this is not a row of the dump'],
  [
    '00000000  81 05\n*',
    'line 2: no row follows the * and says how often the row before it is repeated; paste the last line too',
  ],
  ['00000000  81 05\n*\n7fffffff', 'it is longer than 4194304; give less at a time, or a capture'],
  [
    '0000000 201 005   h   e\n0000004',
    'line 1: this form of od, hexdump or xxd does not tell the bytes for certain; print them with od -t x1 or hexdump -C',
  ],
  [
    '0000000 101 102\n0000002',
    'line 1: this form of od, hexdump or xxd does not tell the bytes for certain; print them with od -t x1 or hexdump -C',
  ],
  [
    '00000000: 05810081  ....',
    'line 1: this form of od, hexdump or xxd does not tell the bytes for certain; print them with od -t x1 or hexdump -C',
  ],
  [
    '0000000 0581 0068',
    'line 1: the last word may be cut; paste the last line too, which is the length, or print with od -t x1 or hexdump -C',
  ],
]

describe('what is refused', () => {
  it.each(REFUSALS)('%j is refused, with the place', (text, fault) => {
    expect(read(text)).toBe(fault)
  })

  it('every refusal and every note has a sentence in Chinese, with the same place', () => {
    const kinds = new Set<string>()
    for (const [text] of REFUSALS) {
      const pasted = readPasted(text)
      if (!('fault' in pasted)) throw new Error(`${text} was read`)
      kinds.add(pasted.fault.what)
      const words = pastedFaultWords(pasted.fault)
      expect(words).toMatch(/[\u4e00-\u9fff]/)
      for (const [number] of read(text).matchAll(/(?<=line |position |column )\d+/g))
        expect(words).toContain(number)
    }
    expect([...kinds].sort()).toEqual(
      'base64-end bits character column count element escape last-word long mixed more nothing odd offset range repeat row spelled start unclosed unit'.split(
        ' ',
      ),
    )
    for (const text of ['1000 0001', '0000000 0581\n0000002']) {
      const pasted = readPasted(text)
      if ('fault' in pasted) throw new Error(`${text} was not read`)
      expect(pasted.notes.map(pastedNoteWords).join()).toMatch(/^按/)
    }
  })

  it('a dump that loses a row, or has a byte changed, is never read as if it were whole', () => {
    const rows = fc.uint8Array({ minLength: 40, maxLength: 90 })
    fc.assert(
      fc.property(rows, fc.nat(), fc.boolean(), (bytes, drawn, isLost) => {
        const dump = dumpOf(bytes)
        const lines = dump.split('\n')
        // The last row may be missing without a trace.
        const at = drawn % (lines.length - 1)
        const line = lines[at]!
        // A printable byte becomes another one; its character stays.
        const printable = bytes
          .subarray(at * 16, at * 16 + 16)
          .findIndex((byte) => byte > 0x20 && byte < 0x7f)
        if (isLost || printable < 0) lines.splice(at, 1)
        else {
          const place = 10 + printable * 3
          const other = (bytes[at * 16 + printable]! ^ 1).toString(16).padStart(2, '0')
          lines[at] = line.slice(0, place) + other + line.slice(place + 2)
        }
        expect('fault' in readPasted(lines.join('\n'))).toBe(true)
      }),
    )
  })

  it('text that is too long is refused before it is read', () => {
    expect(read(' '.repeat(LONGEST_TEXT + 1))).toBe(
      'it is longer than 4194304; give less at a time, or a capture',
    )
  })

  it.each([
    ['dumps of one row', (n: number) => '0000  81 02 68 69\n'.repeat(n)],
    ['a row of many bytes', (n: number) => `0000  ${'81'.repeat(n)}\n${n.toString(16)}  01\n`],
    ['a row with many gaps', (n: number) => `0000  ${'20  '.repeat(n)}x`],
    ['stars', (n: number) => `0000  81\n${'*\n'.repeat(n)}`],
    ['lines that end in base64', (n: number) => `gQ${'\n'.repeat(n)}!`],
    ['spaces before an equals sign', (n: number) => `unsigned ${' '.repeat(n)}=`],
    ['comments', (n: number) => `[${'/**/'.repeat(n)}`],
    ['a comment that is not closed', (n: number) => `{0x81, /*${'*'.repeat(n)}}`],
    ['backslashes at the ends of lines', (n: number) => '\\\n'.repeat(n)],
    ['a string that is not closed', (n: number) => `"${'\\x81'.repeat(n)}`],
    ['Buffers', (n: number) => '<Buffer 81> '.repeat(n)],
    ['JSON', (n: number) => `{"type":"Buffer","data":[${'1,'.repeat(n)}`],
  ])('%s take time in proportion to their number', async (_, make) => {
    expect(await growthOf((size) => readPasted(make(size)), 20_000)).toBeLessThan(IN_PROPORTION)
  })
})

function dumpOf(bytes: Uint8Array): string {
  return Array.from({ length: Math.ceil(bytes.length / 16) }, (_, i) => {
    const row = bytes.subarray(i * 16, i * 16 + 16)
    const hex = Array.from(row, (byte) => byte.toString(16).padStart(2, '0')).join(' ')
    const text = Array.from(row, (byte) =>
      byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.',
    ).join('')
    return `${(i * 16).toString(16).padStart(8, '0')}  ${hex.padEnd(47)}  |${text}|`
  }).join('\n')
}
