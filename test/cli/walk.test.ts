// framewalk walk: what it says of the tutorial's two frames, of other frames, and of bytes in any form.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { toHex } from '../../src/base/bytes.ts'
import { displayWidth } from '../../src/render/text/width.ts'
import { encodeFrame } from '../../src/websocket/encode.ts'
import { run } from '../support/drivers/command.ts'
import { fixturePath } from '../support/drivers/fixtures.ts'

const CLIENT = 'c1 85 43 02 0a cf 71 36 3e cb 43'
const SERVER_AS_PRINTED = 'c1 18 7a 36 a7 f7 69 d7 c2 a7 33 57 3c 9d 3d e9 ae 29 56 0a 86 86 86 00 00'
const SERVER = 'c1 18 7a 36 a7 f7 69 d7 c2 a7 33 57 3c 9d 3d ef e9 ae 29 56 0a 86 86 86 00 00'

async function walk(...words: string[]): Promise<string> {
  const { status, stdout, stderr } = await run(['walk', ...words], { columns: 100 })
  expect(stderr).toBe('')
  expect(status).toBe(0)
  return stdout
}

/** Prose without its line breaks. */
const prose = (text: string): string => text.replaceAll(/\s+/g, ' ')

describe("the tutorial's frames", () => {
  it('the walkthrough of the client’s frame says what the tutorial overlooks: RSV1, and that masking is not encryption', async () => {
    const text = await walk(CLIENT)
    expect(prose(text)).toContain('RSV1 = 1: The message is compressed')
    expect(prose(text)).toContain('masking hides nothing and is no encryption')
    expect(prose(text)).toContain('This is no encryption: the key stands in the frame')
    expect(text).toMatch(/compressed +32 34 34 04 00\n/)
    expect(text).toMatch(/appended +00 00 ff ff/)
    expect(text).toMatch(/inflated +31 31 31\n/)
    expect(text).toContain('What it says\n\n  111\n')
    expect(text).toContain('Nothing: the frame obeys RFC 6455.')
  })

  it('the walkthrough shows each payload byte with its key byte, the XOR and the result', async () => {
    expect(await walk(CLIENT)).toContain('│ 3 │ cb = 1100 1011 │ cf = 1100 1111 (3) │ 0000 0100 │ 04     │')
  })

  it("the walkthrough draws the RFC's figure with the frame's own bits", async () => {
    const text = await walk(CLIENT)
    expect(text).toContain('|1|1|0|0|0 0 0 1|1|0 0 0 0 1 0 1|0 1 0 0 0 0 1 1 0 0 0 0 0 0 1 0|')
    expect(text).toContain('|0 0 0 0 1 0 1 0 1 1 0 0 1 1 1 1|0 1 1 1 0 0 0 1 0 0 1 1 0 1 1 0|')
  })

  it('the walkthrough reads no characters in compressed bytes, in later fragments either', async () => {
    // The continuation frame has no RSV1: only its message tells.
    const words = ['walk', fixturePath('fragments-compressed'), '--connection', '1', '--frame', '2']
    const { stdout } = await run(words)
    const rows = stdout.split('\n').filter((line) => /^│ +\d+ │/.test(line))
    expect(rows.length).toBe(16)
    expect(rows.map((row) => row.split('│').at(-2)!.trim())).toEqual(rows.map(() => '·'))
  })

  it('the walkthrough reads 0x18 as 24, and says that the server’s frame as printed holds 23 bytes', async () => {
    const text = prose(await walk(SERVER_AS_PRINTED))
    expect(text).toContain('0x18 = 1 × 16 + 8 = 24')
    expect(text).toContain('The frame announces 24 payload bytes and 23 are here: 1 missing.')
    expect(text).toContain('incomplete-frame')
    expect(text).not.toContain('服务器回应: 111')
  })

  it('the walkthrough reads the server’s frame with the lost byte', async () => {
    const text = await walk(SERVER)
    expect(text).toContain('What it says\n\n  服务器回应: 111\n')
    expect(text).toContain('Nothing: the frame obeys RFC 6455.')
  })

  it('the walkthrough goes through both frames, one after the other, and tells the sides by their MASK bit', async () => {
    const text = await walk(CLIENT, SERVER)
    expect(text).toContain('Frame 1: client → server')
    expect(text).toContain('Frame 2: server → client')
  })
})

describe('bytes in any form', () => {
  it.each([
    ['words', CLIENT.split(' ')],
    ['one word', [CLIENT.replaceAll(' ', '')]],
    ['0x and commas', ['0xc1,0x85,0x43,0x02,0x0a,0xcf,0x71,0x36,0x3e,0xcb,0x43']],
    ["Wireshark's dump", ['0000   c1 85 43 02 0a cf 71 36 3e cb 43                  ..C...q6>.C']],
  ])('walk reads bytes given as %s', async (_, words) => {
    expect(await walk(...words)).toBe(await walk(CLIENT))
  })
})

describe('frames of a capture', () => {
  it('walk goes through the first frame of a capture unless told otherwise', async () => {
    const text = await walk(fixturePath('article'))
    expect(text).toContain('Frame 1 of connection 1: client → server\npacket ')
    expect(text).not.toContain('Frame 2')
  })

  it('walk goes through the frames asked for, as far as they are there', async () => {
    expect((await walk(fixturePath('article'), '--frame', '2', '3')).match(/^Frame \d/gm)).toEqual([
      'Frame 2',
      'Frame 3',
    ])
    expect(await walk(fixturePath('article'), '--opcode', 'close')).toContain('close code 1000')
    const { status, stdout, stderr } = await run(['walk', fixturePath('article'), '--frame', '99'])
    expect([status, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(/no such frame: connection 1 has 4\n$/)
  })

  it('walk prints the same as records', async () => {
    const text = await walk(fixturePath('article'), '--frame', '2', '--format', 'ndjson')
    expect(
      text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).type),
    ).toEqual(['frame', 'message'])
  })

  it('walk explains every frame of every kind without a line wider than the terminal', async () => {
    for (const name of ['fragments-and-pings', 'violations', 'close-codes', 'large-binary']) {
      for (const columns of [80, 160]) {
        const { stdout } = await run(['walk', fixturePath(name), '--frame', '1-40', '--connection', '1-40'], {
          columns,
        })
        expect(stdout.match(/^Frame/gm)?.length).toBeGreaterThan(1)
        for (const line of stdout.split('\n')) expect(displayWidth(line), line).toBeLessThanOrEqual(columns)
      }
    }
  })
})

describe('the length', () => {
  it.each([
    [125, 'hold the length itself: 0x7d = 7 × 16 + 13 = 125'],
    [126, 'the length stands in the next 2 bytes, big-endian: 0x7e = 7 × 16 + 14 = 126'],
    [65_536, 'the length stands in the next 8 bytes, big-endian: 0x10000 = 65536'],
  ])('walk says how the length %i is written', async (length, sentence) => {
    const frame = encodeFrame({ fin: true, opcode: 2, payload: new Uint8Array(length) })
    expect(prose(await walk(toHex(frame)))).toContain(sentence)
  })
})

it('walk explains a frame that breaks the rules, with all its fields', async () => {
  const text = prose(await walk('f3', '05', '01'))
  expect(text).toContain('Opcode = 0x3 (reserved-3)')
  expect(text).toContain('violation reserved-opcode')
  expect(text).toContain('violation rsv-without-extension')
  expect(text).toContain('incomplete-frame')
})

it('walk takes hex from a file too', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'framewalk-walk-'))
  try {
    const path = join(folder, 'frame.txt')
    writeFileSync(path, `0000   ${CLIENT}                  ..C...q6>.C\n`)
    expect(await walk(path)).toBe(await walk(CLIENT))
  } finally {
    rmSync(folder, { recursive: true })
  }
})

it('walk says on standard error how it read bytes whose form is not sure, and which headers it skipped', async () => {
  const bits = await run(['walk', '10000001', '00000000'], { columns: 100 })
  expect([bits.status, bits.stderr]).toEqual([
    0,
    'framewalk: read as bits; if it is hex, put hex: before it\n',
  ])
  expect(bits.stdout).toBe(await walk('8100'))
  const packet =
    '0x0000:  4500 002a 0000 4000 4006 0000 7f00 0001\n0x0010:  7f00 0001 9134 223d 01cc 9dea f749 7e9f\n'
  const dumped = await run(['walk', `${packet}0x0020:  5010 0040 0000 0000 8100`], { columns: 100 })
  expect(dumped.stderr).toBe('framewalk: skipped 40 bytes of headers before the TCP payload of the packet\n')
  expect(dumped.stdout).toBe(await walk('8100'))
})

it('walk says of a text that is neither a capture nor bytes why it is not, and where', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'framewalk-walk-'))
  try {
    const say = async (text: string | Uint8Array, ...words: string[]) => {
      const path = join(folder, 'frame.txt')
      writeFileSync(path, text)
      const { status, stdout, stderr } = await run([...words, path])
      expect([status, stdout]).toEqual([2, ''])
      expect(stderr).toMatch(/^framewalk: [^\n]+\n$/)
      return stderr.replace(path, 'FILE')
    }
    expect(await say('0000  81 05\n0010  68', 'walk')).toBe(
      'framewalk: FILE: line 2: offset 10 where 2 was expected\n',
    )
    expect(await say('81 0g', 'walk')).toMatch(
      /FILE: is not a capture.*; it is not bytes either: position 4: "g"/,
    )
    expect(await say('81 00 '.repeat(800_000), 'walk')).toMatch(/it is longer than 4194304/)
    for (const command of [[], ['messages'], ['connections']])
      expect(await say('8105', ...command)).toMatch(
        /FILE: is not a capture.*; its text is bytes, which this reads: framewalk walk .*frame\.txt\n$/,
      )
    expect(await say('hello', 'frames')).not.toContain('framewalk walk')
    // PowerShell writes UTF-16.
    writeFileSync(join(folder, 'utf16.txt'), Buffer.from('\ufeff81 00', 'utf16le'))
    expect(await walk(join(folder, 'utf16.txt'))).toBe(await walk('8100'))
  } finally {
    rmSync(folder, { recursive: true })
  }
})

it('walk breaks painted findings into lines too, and the colours take no room', async () => {
  const words = ['walk', 'f3', '05', '01']
  const plain = await run(words, { columns: 60 })
  const colored = await run([...words, '--color'], { columns: 60 })
  expect(colored.stdout).toContain('\x1b[31mviolation reserved-opcode:\x1b[39m Opcode 3 is reserved')
  expect(colored.stdout.replaceAll(/\x1b\[\d+m/g, '')).toBe(plain.stdout)
})

it('walk does not call a frame a fragment, or compressed, that is neither', async () => {
  const reserved = await walk('83', '02', '68', '69')
  expect(reserved).toContain('What it says\n\n  payload 68 69\n')
  const frames = (await walk(fixturePath('violations'), '--connection', '1-40')).split(/^(?=Frame )/m)
  const refused = frames.filter((text) => text.includes('rsv-without-extension'))
  expect(refused.length).toBeGreaterThan(0)
  for (const text of refused) expect(text).not.toContain('this message is compressed')
})
