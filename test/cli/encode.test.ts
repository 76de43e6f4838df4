// framewalk encode: scripts into captures, single frames into hex and walkthrough, and what it says if a script makes no sense.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readCapture } from '../../src/index.ts'
import { run } from '../support/drivers/command.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'framewalk-encode-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

const inFolder = (name: string): string => join(folder, name)

function scriptFile(text: string): string {
  const path = inFolder('script.json')
  writeFileSync(path, text)
  return path
}

const GREETING = '{"connections": [{"steps": [{"from": "client", "text": "hello"}]}]}'

describe('framewalk encode with a script', () => {
  it('encode writes the capture, as pcapng if its name says so', async () => {
    const script = scriptFile(GREETING)
    for (const [name, format] of [
      ['a.pcap', 'pcap'],
      ['a.pcapng', 'pcapng'],
    ] as const) {
      expect(await run(['encode', script, '-o', inFolder(name)])).toEqual({
        status: 0,
        stdout: '',
        stderr: '',
      })
      const capture = await readCapture(inFolder(name))
      expect(capture.files[0]!.format).toBe(format)
      expect(capture.connections[0]!.messages[0]!.text).toBe('hello')
    }
    await run(['encode', script, '--format', 'pcapng', '-o', inFolder('b.pcap')])
    expect((await readCapture(inFolder('b.pcap'))).files[0]!.format).toBe('pcapng')
  })

  it('encode writes to standard output if no file is named, unless that is a terminal', async () => {
    const script = scriptFile(GREETING)
    expect((await run(['encode', script])).stdout).toContain('GET / HTTP/1.1')
    const { status, stderr } = await run(['encode', script], { isTTY: true })
    expect(status).toBe(2)
    expect(stderr).toBe(
      'framewalk: a capture is bytes, and standard output is a terminal; name a file with -o\n',
    )
  })

  it('encode says in one line why the file could not be written', async () => {
    const { status, stderr } = await run(['encode', scriptFile(GREETING), '-o', inFolder('none/a.pcap')])
    expect(status).toBe(2)
    expect(stderr).toMatch(
      /^framewalk: .*none\/a\.pcap: no such folder; make it, or name another file with -o\n$/,
    )
  })

  const client = (step: string): string => `{"connections": [{"steps": [{"from": "client", ${step}}]}]}`
  const place = 'connections[0].steps[0]'
  it.each([
    ['{"connections": [', '1:18: not JSON: close bracket expected; mend it there'],
    ['{"connections":\n  [{"steps" []}]}', '2:13: not JSON: colon expected; mend it there'],
    ['', '1:1: not JSON: value expected; mend it there'],
    ['// nothing\n{"connections": []}', '1:1: not JSON: invalid comment token; mend it there'],
    ['[]', '1:1: expected an object, got a list'],
    ['{}', '1:1: lacks the field "connections"; add it'],
    ['{"connections": [],\n "speed": 3}', '2:2: speed: is an unknown field; known are "$schema", "format", '],
    [
      '{"connections": [{"interval": "1"}]}',
      ': connections[0].interval: expected a number of seconds, 0 to 1000000, got "1"',
    ],
    [
      '{"connections": [{"interval": -1}]}',
      ': connections[0].interval: expected a number of seconds, 0 to 1000000, got -1',
    ],
    [
      '{"start": "yesterday", "connections": []}',
      '1:2: start: expected a time such as 2026-01-01T00:00:00.5Z, got "yesterday"',
    ],
    [
      '{"start": "2026-02-30T99:00:00Z", "connections": []}',
      ': start: "2026-02-30T99:00:00Z" is not a date of the calendar; give another',
    ],
    [
      '{"connections": [{"handshake": {"target": "/\\r\\nx"}}]}',
      ': connections[0].handshake.target: expected text of one line, of characters up to U+00FF, got "/\\r\\nx"',
    ],
    [
      client('"txt": "a"'),
      `:29: ${place}: lacks the field that says what it is; give one of "text", "json", "binary"`,
    ],
    [client('"text": 5'), `:48: ${place}.text: expected text, got 5`],
    [
      client('"text": "a", "txt": 1'),
      `:61: ${place}.txt: is an unknown field; known are "from", "after", "packets"`,
    ],
    [
      client('"text": "a", "mask": "12"'),
      `${place}.mask: expected a masking key of 8 hex digits or true or false, got "12"`,
    ],
    [client('"text": "ab", "fragments": 9'), `${place}.fragments: the message has 2 bytes; give at most 3`],
    [client('"text": "a", "lengthBits": 8'), `${place}.lengthBits: expected one of 7, 16, 64, got 8`],
    [
      client(`"text": "${'a'.repeat(126)}", "lengthBits": 7`),
      `${place}.lengthBits: too few for the length; give more, or take it out`,
    ],
    [client('"binary": "0"'), `${place}.binary: expected bytes as hex digits, got "0"`],
    [
      client('"close": null, "reason": "no"'),
      `${place}.reason: goes with a close code; give a code, or take it out`,
    ],
    [
      client('"frame": {"opcode": "pingg"}'),
      `${place}.frame.opcode: expected one of continuation, text, binary, close, ping, pong or an opcode, 0 to 15, got "pingg"`,
    ],
    [
      client('"frame": {"opcode": 1, "text": "", "hex": ""}'),
      `${place}.frame: has both "text" and "hex"; take one of them out`,
    ],
    [
      client('"text": "a", "packets": {"lost": [2]}'),
      `${place}.packets.lost[0]: there is no segment 2; the bytes make 1`,
    ],
    [
      client('"text": "a", "packets": {"segmentSize": 4, "order": [2, 2]}'),
      `${place}.packets.order: the bytes make 2 segments; give each of 1 to 2 once`,
    ],
    [
      client('"text": "a", "packets": {"join": true, "lost": [1]}'),
      `${place}.packets.lost: does not go with "join"`,
    ],
    [
      client('"end": "fin"}, {"from": "client", "text": "a"'),
      'steps[1]: the client can send nothing more: its direction has ended; take the step out',
    ],
    [
      '{"connections": [{"client": {"address": "1.2.3"}}]}',
      'client.address: "1.2.3" is not an IPv4 or IPv6 address; give one',
    ],
    [
      '{"connections": [{"client": {"address": "1.2.3.4"}, "server": {"address": "::1"}}]}',
      'server.address: one end has IPv4 and the other IPv6; give both the same',
    ],
    [
      '{"connections": [{"handshake": {"status": 404}, "steps": [{"from": "client", "text": "a"}]}]}',
      'steps[0]: the handshake was refused with 404: nothing can be sent; take the step out',
    ],
  ])('encode refuses %s in one line with file, place and cure', async (text, expected) => {
    const path = scriptFile(text)
    const { status, stdout, stderr } = await run(['encode', path, '-o', inFolder('never.pcap')])
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
    expect(stderr.startsWith(`framewalk: ${path}:`)).toBe(true)
    expect(stderr).toContain(expected)
    expect(stderr.split('\n').length).toBe(2)
    expect(() => readFileSync(inFolder('never.pcap'))).toThrow(/ENOENT/)
  })

  it.each([
    [
      'for far more segments than there is room for',
      client(`"text": "${'a'.repeat(800_000)}", "packets": {"segmentSize": 1}`),
      `:29: ${place}: with this, the packets have more than 67108864 bytes; make several captures`,
    ],
    [
      'whose segments repeat a thousand times what there is',
      client(`"text": "${'a'.repeat(100_000)}", "packets": {"segmentSize": 1, "overlap": 60000}`),
      `:29: ${place}: with this, the packets have more than 67108864 bytes; make several captures`,
    ],
    [
      'for a hundred thousand fragments',
      client(`"text": "${'a'.repeat(100_000)}", "fragments": 100001`),
      `${place}.fragments: too many; give at most 100000`,
    ],
    [
      'that is itself too long',
      client(`"text": "${'a'.repeat(7_000_000)}"`),
      'script.json: has more than 6291456 bytes; make several captures of several scripts',
    ],
  ])('encode refuses a script %s', async (_, text, expected) => {
    const { status, stdout, stderr } = await run(['encode', scriptFile(text), '-o', inFolder('never.pcap')])
    expect([status, stdout]).toEqual([2, ''])
    expect(stderr).toContain(expected)
    expect(stderr.trimEnd()).not.toContain('\n')
  })

  it.each([
    [['encode'], 'nothing to encode; give a script, or --text, --binary, --ping or --close'],
    [['encode', 'none.json'], 'none.json: no such file; check the path'],
    [
      ['encode', 'a.json', '--text', 'a'],
      '--text is for a single frame, without a script; give one or the other',
    ],
    [
      ['encode', 'a.json', '--mask', '00000000'],
      '--mask is for a single frame, without a script; give one or the other',
    ],
    [['encode', '--text', 'a', '--text', 'b'], '--text was given twice; give it once'],
    [['encode', '--text', 'a', '--format', 'pcap'], '--format is of a capture; name its file with -o'],
    [
      ['encode', '--text', 'a', '--rows', '2', '-o', 'never.pcap'],
      '--rows is of the walkthrough, which -o leaves out',
    ],
  ])('encode refuses a script with %j', async (words, message) => {
    expect(await run(words)).toEqual({ status: 2, stdout: '', stderr: `framewalk: ${message}\n` })
  })

  it('encode refuses a script that is not text', async () => {
    const path = inFolder('bytes.json')
    writeFileSync(path, Uint8Array.of(0x7b, 0xff))
    expect((await run(['encode', path])).stderr).toBe(
      `framewalk: ${path}: is not UTF-8 text; give a script as JSON\n`,
    )
  })
})

describe('framewalk encode with a single frame', () => {
  const firstLines = async (...words: string[]): Promise<string[]> => {
    const { status, stdout, stderr } = await run(['encode', ...words])
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    return stdout.slice(0, stdout.indexOf('\n\n')).split('\n')
  }

  it('encode prints the bytes of a frame and walks through them', async () => {
    const { stdout } = await run(['encode', '--text', '111', '--mask', '43020acf', '--compress'])
    expect(stdout.startsWith('c1 85 43 02 0a cf 71 36 3e cb 43\n\nFrame 1: client → server')).toBe(true)
    expect(stdout).toContain('inflated     31 31 31')
    expect(stdout).toContain('What it says\n\n  111\n')
  })

  it.each([
    [['--text', 'hello', '--no-mask'], ['81 05 68 65 6c 6c 6f']],
    [
      ['--text', 'hello', '--no-mask', '--fragment', '2'],
      ['01 02 68 65', '80 03 6c 6c 6f'],
    ],
    [['--text', '', '--no-mask'], ['81 00']],
    [['--binary', '00 ff', '--no-mask'], ['82 02 00 ff']],
    [['--ping', 'x', '--mask', '01020304'], ['89 81 01 02 03 04 79']],
    [['--close', '1000', '--reason', 'bye', '--no-mask'], ['88 05 03 e8 62 79 65']],
    [['--close', '--no-mask'], ['88 00']],
  ])('encode makes a frame from %j', async (words, lines) => {
    expect(await firstLines(...words)).toEqual(lines)
  })

  it('encode draws a masking key if none is given', async () => {
    const [line] = await firstLines('--text', 'a')
    expect(line).toMatch(/^81 81( [0-9a-f]{2}){5}$/)
  })

  it('encode puts the frame into a capture if a file is named', async () => {
    const path = inFolder('one.pcapng')
    await run(['encode', '--text', 'three parts', '--fragment', '3', '--compress', '-o', path])
    const [connection] = (await readCapture(path)).connections
    expect(connection!.frames.length).toBe(3)
    expect(connection!.messages.map(({ text, compressed }) => [text, compressed])).toEqual([
      ['three parts', true],
    ])
    expect(connection!.findings.map(({ code }) => code)).toEqual(['no-close-frame'])
  })

  it.each([
    [['--text', 'a', '--binary', '00'], '--text and --binary: give one of them'],
    [
      ['--text', 'a', '--mask', '12'],
      '--mask: expected 8 hex digits, got "12"; leave them out for a key that is drawn',
    ],
    [['--binary', 'zz'], '--binary: expected bytes as hex digits, got "zz"'],
    [['--close', 'soon'], '--close: expected a close code such as 1000, got "soon"'],
    [['--close', '70000'], '--close: expected a whole number of 16 bits or null, got 70000'],
    [['--ping', 'x', '--fragment', '2'], '--fragment is for messages, not --ping'],
    [['--ping', 'x', '--reason', 'y'], '--reason goes with a close code; give --close CODE'],
    [['--text', 'abc', '--fragment', '9'], '--fragment: the message has 3 bytes; give at most 4'],
    [['--text', 'abc', '--rows', '0'], '--rows takes one whole number of at least 1'],
  ])('encode refuses a frame with %j', async (words, message) => {
    expect(await run(['encode', ...words])).toEqual({
      status: 2,
      stdout: '',
      stderr: `framewalk: ${message}\n`,
    })
  })
})
