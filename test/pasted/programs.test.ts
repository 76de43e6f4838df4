// What real programs print of random bytes is read back: xxd, hexdump, od, tcpdump, Node and Python.
import { execFileSync, spawnSync } from 'node:child_process'
import { inspect } from 'node:util'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { toHex } from '../../src/base/bytes.ts'
import { readPasted } from '../../src/pasted/pasted.ts'
import { fixturePath } from '../support/drivers/fixtures.ts'
import { notesOf, read } from '../support/drivers/pasted.ts'
import { PYTHON, skipWithout } from '../support/drivers/requirements.ts'

/** Bytes of which many look like something else: digits, spaces, bars, and runs that a dump squeezes. */
const BYTES = fc
  .array(
    fc.oneof(
      fc.integer({ min: 0, max: 255 }).map((byte) => [byte]),
      fc.constantFrom(...'09afAF .|<>*"\'\\').map((character) => [character.charCodeAt(0)]),
      fc
        .tuple(fc.constantFrom(0x00, 0x20, 0x61, 0xff), fc.integer({ min: 1, max: 60 }))
        .map(([byte, count]) => Array<number>(count).fill(byte)),
    ),
    { minLength: 1, maxLength: 60 },
  )
  .map((runs) => Uint8Array.from(runs.flat()))

/** Each run starts a process. */
const RUNS = { numRuns: 12 }

function printed(program: string, words: readonly string[], bytes: Uint8Array): string {
  return execFileSync(program, words, { input: bytes, encoding: 'latin1' })
}

/** Bytes that start so that the program's own form is sure. */
function sureBytes(program: string, option: string, bytes: Uint8Array): Uint8Array {
  // Of numbers that all have three digits, or all two, one cannot tell whether they are octal, decimal or hex.
  if (program !== 'xxd') return /-b$|d1/.test(option) ? Uint8Array.of(5, ...bytes) : bytes
  // Digits that are all 0 and 1 may be bits.
  if (option === '-p') return Uint8Array.of(0xff, ...bytes)
  // Of words whose characters are all dots, or lost spaces, one cannot tell the order.
  const visible = bytes.map((byte) => (byte === 0x20 ? 0x21 : byte))
  return /-e|-g[48]/.test(option) ? Uint8Array.of(0x61, 0x62, 0x63, 0x64, ...visible) : bytes
}

describe.each([
  ['xxd', ['', '-u', '-c 8', '-c 5', '-g1', '-g4', '-g8', '-p', '-i', '-b', '-e', '-d', '-a', '-c 4 -g 2']],
  ['hexdump', ['-C', '-b', '-Cv']],
  [
    'od',
    [
      '-t x1',
      '-A x -t x1z',
      '-A d -t x1',
      '-A x -t x1',
      '-v -t x1',
      '-A n -t x1',
      '-b',
      '-t d1',
      '--endian=big -t x2z',
      '-t x2z',
      '-t x4z',
    ],
  ],
] as const)('what %s prints', (program, options) => {
  it.skipIf(skipWithout(program)).each(options)(
    `${program} %s prints what is read as the bytes`,
    (option) => {
      const words = option === '' ? [] : option.split(' ')
      fc.assert(
        fc.property(BYTES, (bytes) => {
          const sure = sureBytes(program, option, bytes)
          // Without -v, od and hexdump leave out rows; od -A n has no last line that says how many, and -b may be of either.
          const isWhole = /-A n|-b$/.test(option) && program !== 'xxd'
          const text = printed(program, isWhole ? [...words, '-v'] : words, sure)
          // Words whose characters are dots may be in either order: a note says that it is not sure.
          const isDoubtful = notesOf(text).join().includes('as most machines')
          if (!isDoubtful || !option.includes('big')) expect(read(text)).toBe(toHex(sure))
        }),
        RUNS,
      )
    },
  )
})

describe('words in the byte order of the machine', () => {
  const isLittle = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1
  it.skipIf(!isLittle || skipWithout('od', 'hexdump')).each([
    ['od', ''],
    ['od', '-x'],
    ['od', '-t x4'],
    ['od', '-t x8'],
    ['od', '-A d -x'],
    ['hexdump', ''],
    ['hexdump', '-x'],
    ['hexdump', '-o'],
    ['hexdump', '-d'],
  ])('%s %s prints words: they are read as the bytes, and a note says so', (program, option) => {
    fc.assert(
      fc.property(BYTES, (bytes) => {
        const text = printed(program, ['-v', ...option.split(' ').filter(Boolean)], bytes)
        expect(read(text)).toBe(toHex(bytes))
        expect(notesOf(text).join()).toMatch(
          /^read as \d\d-bit little-endian words, as most machines print them/,
        )
      }),
      RUNS,
    )
  })

  it.skipIf(skipWithout('od', 'hexdump'))(
    'a * is refused if hexdump and od mean different numbers of rows by it',
    () => {
      const zeros = new Uint8Array(64)
      for (const [program, option] of [
        ['od', '-x'],
        ['hexdump', '-b'],
      ] as const)
        expect(read(printed(program, [option], zeros))).toMatch(
          /^line 2: how many rows the \* stands for depends/,
        )
      expect(read(printed('od', ['-t', 'x1'], zeros))).toBe('00'.repeat(64))
      expect(read(printed('hexdump', ['-C'], zeros))).toBe('00'.repeat(64))
    },
  )

  it.skipIf(skipWithout('od', 'hexdump')).each([
    ['od', '-c'],
    ['od', '-a'],
    ['od', '-t x1c'],
    ['od', '-t f4'],
    ['hexdump', '-c'],
  ])('%s %s prints characters or fractions: they are refused with the cure', (program, option) => {
    const text = printed(program, option.split(' '), Uint8Array.of(0x81, 5, 104, 101, 108, 108, 111, 0, 3))
    expect(read(text)).toMatch(/od -t x1 or hexdump -C|not a row of the dump/)
  })
})

describe('what Node prints', () => {
  it('Buffers and arrays that Node prints whole are read, and those that it cuts are refused', () => {
    fc.assert(
      fc.property(BYTES, (bytes) => {
        const buffer = Buffer.from(bytes)
        const hex = toHex(bytes)
        const signed = new Int8Array(bytes)
        expect(read(JSON.stringify(buffer))).toBe(hex)
        expect(read(JSON.stringify(bytes))).toBe(hex)
        expect(read(inspect(bytes, { maxArrayLength: null }))).toBe(hex)
        expect(read(inspect(signed, { maxArrayLength: null }))).toBe(hex)
        expect(read(inspect([...bytes], { maxArrayLength: null }))).toBe(hex)
        for (const value of [buffer, [buffer], bytes.slice().buffer, bytes]) {
          const text = inspect(value)
          const isCut = /\d+ more (?:byte|item)s?/.test(text)
          expect(read(text)).toMatch(isCut ? /more bytes were not printed/ : new RegExp(`^${hex}$`))
        }
      }),
    )
  })

  it('base64 that is padded or long is read, and nothing else that Node encodes is taken for it', () => {
    fc.assert(
      fc.property(BYTES, (bytes) => {
        const base64 = Buffer.from(bytes).toString('base64')
        if (base64.endsWith('=')) expect(read(base64)).toBe(toHex(bytes))
        else expect([toHex(bytes), read(base64)]).toContain(read(base64))
        expect(read(Buffer.from(bytes).toString('hex'))).toMatch(
          /^[01]*$/.test(toHex(bytes)) ? /./ : new RegExp(`^${toHex(bytes)}$`),
        )
      }),
    )
  })
})

describe('what Python prints', () => {
  it.skipIf(skipWithout('python3'))('repr of bytes, bytearray and list is read', () => {
    fc.assert(
      fc.property(BYTES, (bytes) => {
        const script =
          'import sys; b = sys.stdin.buffer.read(); print(repr(b)); print(repr(bytearray(b))); print(list(b)); print(tuple(b))'
        const lines = printed(PYTHON, ['-c', script], bytes).trimEnd().split('\n')
        // A byte string that spells other bytes is refused: see the refusals.
        for (const line of lines)
          if (!/only (?:hex|base64)/.test(read(line)) && bytes.length > 1)
            expect(read(line)).toBe(toHex(bytes))
      }),
      RUNS,
    )
  })
})

describe('packets with their headers', () => {
  const payloads = (name: string): string =>
    execFileSync(
      'tshark',
      ['-r', fixturePath(name), '-Y', 'tcp.len > 0', '-T', 'fields', '-e', 'tcp.payload'],
      {
        encoding: 'utf8',
      },
    ).replaceAll(/\s/g, '')
  const dumped = (name: string, option: string): string =>
    spawnSync('tcpdump', ['-n', '-r', fixturePath(name), option], { encoding: 'utf8' }).stdout

  it
    .skipIf(skipWithout('tcpdump', 'tshark'))
    .each(
      ['article', 'ipv6', 'any-device', 'close-codes'].flatMap((name) =>
        ['-x', '-X', '-xx', '-XX'].map((option) => [option, name]),
      ),
    )('tcpdump %s of %s is read as the TCP payloads that tshark finds', (option, name) => {
    const text = dumped(name!, option!)
    expect(read(text)).toBe(payloads(name!))
    expect(notesOf(text).join()).toMatch(
      /^skipped \d+ bytes of headers before the TCP payload of \d+ packets; \d+ had nothing else$/,
    )
  })

  it.skipIf(skipWithout('tshark'))('tshark -x is read as the TCP payloads too', () => {
    const text = execFileSync('tshark', ['-r', fixturePath('close-codes'), '-x', '-Y', 'tcp'], {
      encoding: 'utf8',
    })
    expect(read(text)).toBe(payloads('close-codes'))
    expect(notesOf(text).join()).toMatch(/skipped \d+ dumps that Wireshark made of the packets before them/)
  })
})

/** The packet of the article that carries its frame, as tcpdump -x prints it. */
const PACKET = `23:27:58.479993 IP 127.0.0.1.37172 > 127.0.0.1.8765: Flags [P.], seq 479:490, ack 304, win 64, length 11
	0x0000:  4500 003f ef9c 4000 4006 4d1a 7f00 0001
	0x0010:  7f00 0001 9134 223d 01cc 9dea f749 7e9f
	0x0020:  8018 0040 fe33 0000 0101 080a c4e3 82b8
	0x0030:  ae99 6332 c185 ca9d f2af f8a9 c6ab ca`

describe('headers are skipped only if they are certain', () => {
  it('the headers of one packet are skipped, and a note says how many bytes they were', () => {
    expect(read(PACKET)).toBe('c185ca9df2aff8a9c6abca')
    expect(notesOf(PACKET)).toEqual(['skipped 52 bytes of headers before the TCP payload of the packet'])
  })

  it.each([
    ['a length that does not fit', '4500 003f', '4500 0040'],
    ['another protocol than TCP', '4006 4d1a', '4011 4d1a'],
    ['a fragment', 'ef9c 4000', 'ef9c 2000'],
    ['a TCP header longer than the packet', '8018 0040', 'f018 0040'],
  ])('with %s nothing is skipped', (_, from, to) => {
    const pasted = readPasted(PACKET.replace(from, to))
    expect('bytes' in pasted && [pasted.bytes.length, pasted.notes]).toEqual([63, []])
  })

  it('a packet without payload is refused', () => {
    const bare =
      '4500 0028 0000 4000 4006 0000 7f00 0001 7f00 0001 9134 223d 01cc 9dea f749 7e9f 5010 0040 0000 0000'
    expect(read(bare)).toBe('the packet has headers only, and no TCP payload')
  })
})
