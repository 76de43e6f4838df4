// wss:// from the capture file to the records: the sources of secrets, what is said without them, and what TLS may lie in.
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Opcode } from '../../src/base/events.ts'
import type { FrameRecord } from '../../src/records/records.ts'
import { encodeFrame } from '../../src/websocket/encode.ts'
import { acceptFor } from '../support/builders/accept-for.ts'
import { readBytes } from '../support/builders/capture-bytes.ts'
import { pcapFile, utf8 } from '../support/builders/packet-builder.ts'
import { keyLogOf, packetsOf, pcapngOf, tcpCapture } from '../support/builders/tls-capture.ts'
import { type Line, recordTape, type TapeOptions, type TlsTape } from '../support/builders/tls-tape.ts'
import { type Captured, readAll, readCaptured } from '../support/drivers/captured.ts'
import { run } from '../support/drivers/command.ts'
import { fixtureKeyLog, fixturePath, fixtureSecrets, tlsFixtureNames } from '../support/drivers/fixtures.ts'
import { IN_PROPORTION, timesAsLong } from '../support/drivers/processor-time.ts'

const NAME = 'tls-chacha20'
/** Those that speak HTTP/1.1 within TLS. */
const NAMES = tlsFixtureNames.filter((name) => !name.includes('http2'))
let folder: string
let whole: Captured
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'framewalk-tls-'))
  whole = await readCaptured(fixturePath(NAME), fixtureSecrets(NAME))
})
afterAll(() => rmSync(folder, { recursive: true }))

describe('the secrets in a pcapng file', () => {
  it('secrets in a pcapng file unlock the packets before and after them', async () => {
    const packets = packetsOf(NAME)
    const log = keyLogOf(NAME)
    for (let at = 0; at <= packets.length; at++) {
      const captured = await readAll(pcapngOf([...packets.slice(0, at), log, ...packets.slice(at)]))
      expect(captured.findings).toEqual([])
      expect(captured.frames.map(withoutTime)).toEqual(whole.frames.map(withoutTime))
    }
  })

  it('secrets that come in parts, a line here and a line there, unlock the packets', async () => {
    const packets = packetsOf(NAME)
    const lines = keyLogOf(NAME).trimEnd().split('\n')
    for (let step = 1; step < 6; step++) {
      const items: (Uint8Array | string)[] = [...packets]
      for (const [i, line] of lines.entries())
        items.splice(Math.min(items.length, 1 + i * step * 2), 0, `${line}\n`)
      const captured = await readAll(pcapngOf(items))
      expect(captured.frames.map(withoutTime)).toEqual(whole.frames.map(withoutTime))
    }
  })

  it('the secrets of all captures count together, and each capture with some beyond the limit is named once', async () => {
    const log = keyLogOf(NAME)
    const useless = Array.from(
      { length: 3 },
      (_, i) => `CLIENT_RANDOM ${`${i}`.repeat(64)} ${'a'.repeat(96)}\n`,
    )
    const paths = ['first', 'second', 'third'].map((name) => join(folder, `${name}.pcapng`))
    writeFileSync(paths[0]!, pcapngOf([log, ...packetsOf(NAME)]))
    writeFileSync(paths[1]!, pcapngOf([...useless, ...packetsOf('article')]))
    writeFileSync(paths[2]!, pcapngOf([useless[2]!, ...packetsOf('article')]))
    // A sixth of the limit is for captures: the secrets of the first one and one more.
    const secrets = log.match(/^(?:CLIENT|SERVER)_(?:HANDSHAKE|TRAFFIC)/gm)!.length
    const limit = 6 * 96 * (secrets + 1)
    const { stdout } = await run([...paths, '--format', 'ndjson', '--limit-secrets', `${limit}`])
    const findings = stdout.split('\n').filter((line) => line.includes('"code":"limit-reached"'))
    expect(findings.map((line) => JSON.parse(line).values)).toEqual([
      { what: 'secrets', file: paths[1], limit: limit / 6 },
      { what: 'secrets', file: paths[2], limit: limit / 6 },
    ])
    expect(stdout).not.toContain('tls-secrets-missing')
  })

  it('secrets take time in proportion to the number of records that have waited for them', async () => {
    const frame = encodeFrame({ fin: true, opcode: Opcode.text, maskingKey: 0x01020304, payload: utf8('') })
    const handshake = conversation().slice(0, 2)
    const RECORDS = 10_000
    const tape = await recordTape('long', [
      ...handshake,
      ...Array.from({ length: RECORDS }, (): Line => [0, frame]),
    ])
    const bytes = readBytes(tcpCapture(tape.wire)).packets.map((packet) => packet.bytes)
    const limits = { waitingTotal: 2 ** 28 }
    const framesOf = async (items: (Uint8Array | string)[]) =>
      (await readAll(pcapngOf(items), { limits })).frames.length
    const few = bytes.slice(0, -RECORDS * 0.75)
    expect(await framesOf([...bytes, tape.keyLog])).toBe(RECORDS)
    const growth = await timesAsLong(
      () => framesOf([...bytes, tape.keyLog]),
      () => framesOf([...few, tape.keyLog]),
    )
    expect(growth).toBeLessThan(IN_PROPORTION)
    const late = await timesAsLong(
      () => framesOf([...bytes, tape.keyLog]),
      () => framesOf([tape.keyLog, ...bytes]),
    )
    expect(late).toBeLessThan(4)
  })

  it('records wait for secrets only up to half of the bytes that may be held back', async () => {
    const items = [...packetsOf(NAME), keyLogOf(NAME)]
    const captured = await readAll(pcapngOf(items), { limits: { waitingTotal: 2000 } })
    expect(captured.connections).toEqual([])
  })
})

describe('a key log', () => {
  it('a key log of all connections gives what tls says of each, in the records and the table', async () => {
    for (const name of NAMES) {
      const captured = await readCaptured(fixturePath(name), fixtureSecrets(name))
      const encrypted = captured.connections.filter(({ transport }) => transport === 'tls')
      expect(encrypted.length).toBeGreaterThan(0)
      for (const { url, tls } of encrypted) {
        expect(url).toMatch(/^wss:/)
        expect(tls).toMatchObject({
          version: expect.stringMatching(/^TLS 1\.[23]$/),
          serverName: 'localhost',
        })
      }
      for (const { url, tls, transport } of captured.connections) {
        if (transport === 'tcp') expect([url?.slice(0, 3), tls]).toEqual(['ws:', undefined])
      }
    }
    const { stdout } = await run([fixturePath(NAME), '--keylog', fixtureKeyLog(NAME)!])
    expect(stdout).toContain(
      'TLS            TLS 1.3, TLS_CHACHA20_POLY1305_SHA256, server name localhost, no ALPN',
    )
    expect(stdout).toContain('over TLS')
  })

  it('a key log that lacks the secrets is reported once a connection, with the endpoints', async () => {
    const captured = await readAll(fixturePath('tls-resumption'), { keyLog: keyLogOf('tls-chromium') })
    expect(captured.connections).toEqual([])
    expect(captured.findings.length).toBe(6)
    for (const { code, message } of captured.findings) {
      expect(code).toBe('tls-secrets-missing')
      expect(message).toMatch(
        /has no secrets of this TLS connection.*127\.0\.0\.1 port \d+ and 127\.0\.0\.1 port 8853/,
      )
    }
  })

  it('a key log with other secrets for the connection shows nothing, and a finding says that records do not verify', async () => {
    const wrong = keyLogOf(NAME).replaceAll(/[\da-f]{64}$/gm, (digits) => digits.split('').reverse().join(''))
    const captured = await readAll(fixturePath(NAME), { keyLog: wrong })
    expect(captured.connections).toEqual([])
    expect(captured.findings.map(({ code }) => code)).toEqual(['tls-record-unverified'])
  })

  it('a key log that was cut off gives what it has: one side, or nothing', async () => {
    const log = keyLogOf(NAME)
    for (let length = 0; length < log.length; length += 37) {
      const captured = await readAll(fixturePath(NAME), { keyLog: log.slice(0, length) })
      const codes = new Set(captured.findings.map(({ code }) => code))
      if (captured.frames.length < whole.frames.length) expect(codes).toContain('tls-secrets-missing')
      expect(whole.frames.map(content)).toEqual(expect.arrayContaining(captured.frames.map(content)))
    }
  })

  it('a key log with the secrets of the data alone does not need those of the handshake', async () => {
    const log = keyLogOf(NAME).replaceAll(/^.*HANDSHAKE.*\n/gm, '')
    const captured = await readAll(fixturePath(NAME), { keyLog: log })
    expect(captured.frames).toEqual(whole.frames)
    expect(captured.findings).toEqual([])
  })

  it('a key log is asked for once if there is none and the capture has TLS in it', async () => {
    const captured = await readCaptured(fixturePath('tls-resumption'))
    expect(captured.findings.map(({ code, message }) => [code, message])).toEqual([
      [
        'tls-secrets-missing',
        '6 TLS connections are not decrypted: there is no key log (--keylog), and the capture holds no secrets.',
      ],
    ])
  })
})

describe('--keylog', () => {
  it('a --keylog with more secrets than the limit allows is refused in one line that names the cure', async () => {
    const keys = fixtureKeyLog(NAME)!
    const { status, stdout, stderr } = await run([
      fixturePath(NAME),
      '--keylog',
      keys,
      '--limit-secrets',
      '200',
    ])
    expect([status, stdout]).toEqual([2, ''])
    expect(stderr).toBe(
      `framewalk: ${keys}: has more secrets than the 2 that are kept; give a shorter one, such as its last lines (tail -n 1000000), or raise --limit-secrets\n`,
    )
    await expect(
      readAll(pcapngOf(packetsOf(NAME)), { keyLog: keyLogOf(NAME), limits: { secrets: 1 } }),
    ).rejects.toThrow(/^the key log has more secrets than the 0 that are kept; .* raise the limit secrets$/)
  })

  it('a --keylog in UTF-16, as PowerShell writes it, is refused in one line that names the cure', async () => {
    const path = join(folder, 'utf-16.keys')
    for (const text of [
      Buffer.from(`\ufeff${keyLogOf(NAME)}`, 'utf16le'),
      Buffer.from(`\ufeff${keyLogOf(NAME)}`, 'utf16le').swap16(),
    ]) {
      writeFileSync(path, text)
      const { status, stderr } = await run([fixturePath(NAME), '--keylog', path])
      expect([status, stderr]).toEqual([2, `framewalk: ${path}: is a text in UTF-16; save it as UTF-8\n`])
    }
  })

  it('one line says that a --keylog is missing, a folder, or not a key log', async () => {
    const notes = join(folder, 'notes.txt')
    writeFileSync(notes, '# not a key log\nbut notes\n')
    const missing = join(folder, 'missing.keys')
    for (const [path, fault] of [
      [missing, 'no such file'],
      [folder, 'is a directory'],
      [notes, 'is not a TLS key log'],
    ] as const) {
      const { status, stdout, stderr } = await run([fixturePath(NAME), '--keylog', path])
      expect([status, stdout]).toEqual([2, ''])
      expect(stderr).toMatch(new RegExp(`^framewalk: ${path}: ${fault}.*\n$`))
    }
  })

  it('without --keylog, SSLKEYLOGFILE is used, and standard error says so', async () => {
    const keys = fixtureKeyLog(NAME)!
    const named = await run([fixturePath(NAME), '--keylog', keys])
    const inherited = await run([fixturePath(NAME)], { env: { SSLKEYLOGFILE: keys } })
    expect(inherited.stdout).toBe(named.stdout)
    expect(inherited.stderr).toBe(`framewalk: TLS is decrypted with SSLKEYLOGFILE, ${keys}\n`)
    expect(named.stderr).toBe('')
    const unusable = await run([fixturePath('article')], {
      env: { SSLKEYLOGFILE: join(folder, 'missing.keys') },
    })
    expect(unusable.status).toBe(0)
    expect(unusable.stderr).toMatch(/^framewalk: SSLKEYLOGFILE is not used: .*no such file/)
  })

  it('--keylog may be given several times, and the file may have nothing but its heading', async () => {
    const heading = join(folder, 'heading.keys')
    writeFileSync(heading, '# SSL/TLS secrets log file, generated by OpenSSL\n\n')
    const words = [fixturePath(NAME), '--keylog', heading]
    const both = await run(['messages', ...words, '--keylog', fixtureKeyLog(NAME)!])
    expect(both.stdout).toContain('no findings')
    const { status, stdout } = await run(['messages', ...words])
    expect(status).toBe(0)
    expect(stdout).toContain('tls-secrets-missing')
  })

  it('--keylog refuses standard input, which is for captures', async () => {
    const { status, stderr } = await run([fixturePath(NAME), '--keylog', '-'])
    expect([status, stderr]).toEqual([
      2,
      'framewalk: --keylog: takes files; standard input is for captures\n',
    ])
  })

  it('--keylog serves the walkthrough too', async () => {
    const { stdout } = await run(['walk', fixturePath(NAME), '--keylog', fixtureKeyLog(NAME)!])
    expect(stdout).toContain('111')
  })

  it('--keylog serves check, which misses the connections without it', async () => {
    const path = join(folder, 'chat.pcap')
    copyFileSync(fixturePath(NAME), path)
    const words = ['--keylog', fixtureKeyLog(NAME)!]
    expect((await run(['check', path, '--update', ...words])).status).toBe(0)
    expect(readFileSync(join(folder, 'chat.golden.json'), 'utf8')).toContain('服务器回应: 111')
    expect((await run(['check', path, ...words])).status).toBe(0)
    const inherited = await run(['check', path], { env: { SSLKEYLOGFILE: fixtureKeyLog(NAME)! } })
    expect([inherited.status, inherited.stderr]).toEqual([
      0,
      expect.stringMatching('decrypted with SSLKEYLOGFILE'),
    ])
    expect((await run(['check', path])).status).toBe(1)
  })

  it('--keylog serves diff: the capture with its secrets inside says the same', async () => {
    const words = ['--keylog', fixtureKeyLog(NAME)!]
    const same = await run(['diff', fixturePath(NAME), fixturePath('tls-injected'), ...words])
    expect(same.status).toBe(0)
    expect((await run(['diff', fixturePath(NAME), fixturePath('tls-injected')])).status).toBe(1)
  })
})

describe('TLS packets that are lost', () => {
  it('lost TLS packets leave only frames that were sent, and holes that are named', async () => {
    const names = NAMES.filter((name) => fixtureKeyLog(name) !== undefined)
    const wholes = new Map(
      await Promise.all(
        names.map(
          async (name) => [name, await readCaptured(fixturePath(name), fixtureSecrets(name))] as const,
        ),
      ),
    )
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...names),
        fc.array(fc.nat(), { minLength: 1, maxLength: 3 }),
        async (name, lost) => {
          const packets = packetsOf(name)
          const left = packets.filter((_, i) => !lost.some((n) => n % packets.length === i))
          const captured = await readAll(pcapFile(left), { keyLog: keyLogOf(name) })
          const sent = wholes.get(name)!.frames.map(content)
          const untouched = captured.frames.filter(
            ({ capturedLength, payloadLength, holes }) => capturedLength === payloadLength && !holes,
          )
          for (const frame of untouched) expect(sent).toContain(content(frame))
          expect(captured.findings.filter(({ severity }) => severity === 'violation')).toEqual([])
          const isLessThanWhole = captured.frames.length < sent.length
          if (isLessThanWhole) expect(captured.findings.length).toBeGreaterThan(0)
        },
      ),
      { numRuns: 80 },
    )
  })
})

describe('TLS within something else', () => {
  const lines = conversation()
  const both: TapeOptions = {
    both: { minVersion: 'TLSv1.3' },
    client: { servername: 'inner.example', ALPNProtocols: ['http/1.1'] },
  }
  let tape: TlsTape
  beforeAll(async () => {
    tape = await recordTape('inner', lines, both)
  })

  it('TLS is found at the start of a connection', async () => {
    const captured = await readAll(tcpCapture(tape.wire), { keyLog: tape.keyLog })
    expect(captured.messages.map(({ text }) => text)).toEqual(['hello', 'and back'])
    expect(captured.connections[0]).toMatchObject({
      transport: 'tls',
      url: 'wss://inner.example/chat',
      tls: { version: 'TLS 1.3', serverName: 'inner.example', alpn: 'http/1.1' },
    })
    expect(captured.findings).toEqual([])
  })

  it('TLS is found after a CONNECT through a proxy', async () => {
    const request = {
      direction: 0,
      bytes: utf8('CONNECT inner.example:443 HTTP/1.1\r\nHost: inner.example:443\r\n\r\n'),
    } as const
    const response = { direction: 1, bytes: utf8('HTTP/1.1 200 Connection established\r\n\r\n') } as const
    const captured = await readAll(tcpCapture([request, response, ...tape.wire]), { keyLog: tape.keyLog })
    expect(captured.messages.map(({ text }) => text)).toEqual(['hello', 'and back'])
    expect(captured.connections[0]).toMatchObject({ transport: 'tls', url: 'wss://inner.example/chat' })
  })

  it('TLS is found after a PROXY protocol preface, in its own segment or not', async () => {
    const preface = utf8('PROXY TCP4 192.0.2.1 192.0.2.2 1234 443\r\n')
    const [hello, ...rest] = tape.wire
    const together = { direction: 0, bytes: Buffer.concat([preface, hello!.bytes]) } as const
    for (const parts of [
      [{ direction: 0, bytes: preface } as const, ...tape.wire],
      [together, ...rest],
    ]) {
      const captured = await readAll(tcpCapture(parts), { keyLog: tape.keyLog })
      expect(captured.messages.map(({ text }) => text)).toEqual(['hello', 'and back'])
      expect(captured.connections[0]).toMatchObject({
        transport: 'tls',
        proxyProtocol: { client: { address: '192.0.2.1', port: 1234 } },
      })
    }
  })

  it('TLS is recognised if its start was not captured', async () => {
    const captured = await readAll(tcpCapture(tape.wire.slice(2)), { keyLog: tape.keyLog })
    expect(captured.connections).toEqual([])
    expect(captured.findings.map(({ code }) => code)).toEqual(['tls-secrets-missing'])
    expect(captured.findings[0]!.message).toMatch(/start of the TLS handshake was not captured/)
  })
})

describe('any bytes after a TLS record header', () => {
  it('random bytes after a record header are read without a throw, and nothing of them is shown', async () => {
    const record = fc
      .tuple(fc.constantFrom(20, 21, 22, 23), fc.uint8Array({ maxLength: 300 }))
      .map(([type, bytes]) =>
        Buffer.concat([Uint8Array.of(type, 3, 3, bytes.length >> 8, bytes.length & 255), bytes]),
      )
    const part = fc.record({ direction: fc.constantFrom(0 as const, 1 as const), bytes: record })
    await fc.assert(
      fc.asyncProperty(fc.array(part, { minLength: 1, maxLength: 12 }), async (parts) => {
        const captured = await readAll(tcpCapture(parts), { keyLog: keyLogOf(NAME) })
        expect(captured.connections).toEqual([])
      }),
      { numRuns: 100 },
    )
  })

  it('bytes changed anywhere in a fixture leave only what verifies', async () => {
    const file = readFileSync(fixturePath(NAME))
    const sent = whole.frames.map(content)
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 24, max: file.length - 1 }),
        fc.integer({ min: 1, max: 255 }),
        async (at, change) => {
          const spoilt = Uint8Array.from(file)
          spoilt[at]! ^= change
          const captured = await readAll(spoilt, { keyLog: keyLogOf(NAME) })
          const untouched = captured.frames.filter(
            ({ capturedLength, payloadLength, holes }) => capturedLength === payloadLength && !holes,
          )
          for (const frame of untouched) expect(sent).toContain(content(frame))
        },
      ),
      { numRuns: 150 },
    )
  })
})

/** An upgrade and two texts. */
function conversation(): Line[] {
  const key = 'dGhlIHNhbXBsZSBub25jZQ=='
  const head = (...lines: string[]) => utf8([...lines, '', ''].join('\r\n'))
  const upgrade = ['Upgrade: websocket', 'Connection: Upgrade']
  return [
    [
      0,
      head(
        'GET /chat HTTP/1.1',
        'Host: inner.example',
        ...upgrade,
        `Sec-WebSocket-Key: ${key}`,
        'Sec-WebSocket-Version: 13',
      ),
    ],
    [1, head('HTTP/1.1 101 Switching Protocols', ...upgrade, `Sec-WebSocket-Accept: ${acceptFor(key)}`)],
    [0, encodeFrame({ fin: true, opcode: Opcode.text, payload: utf8('hello'), maskingKey: 0x12345678 })],
    [1, encodeFrame({ fin: true, opcode: Opcode.text, payload: utf8('and back'), maskingKey: undefined })],
    [
      0,
      encodeFrame({
        fin: true,
        opcode: Opcode.close,
        payload: Uint8Array.of(3, 0xe8),
        maskingKey: 0x9abcdef0,
      }),
    ],
    [
      1,
      encodeFrame({
        fin: true,
        opcode: Opcode.close,
        payload: Uint8Array.of(3, 0xe8),
        maskingKey: undefined,
      }),
    ],
  ]
}

/** What a frame is, whenever it came. */
function content({ from, opcode, fin, maskingKey, payload }: FrameRecord<Uint8Array>): string {
  return `${from} ${opcode} ${fin} ${maskingKey} ${Buffer.from(payload).toString('base64')}`
}

/** Secrets among the packets change no numbers, but these files have no times. */
function withoutTime({ time: _, ...frame }: FrameRecord<Uint8Array>) {
  return frame
}
