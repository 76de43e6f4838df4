// --rsa-key: what a server's private key opens, and what is said if it opens nothing.
import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { pcapFile } from '../support/builders/packet-builder.ts'
import { keyLogOf, packetsOf, pcapngOf } from '../support/builders/tls-capture.ts'
import { type Captured, readAll, readCaptured } from '../support/drivers/captured.ts'
import { run } from '../support/drivers/command.ts'
import { fixturePath, fixtureSecrets, secretWords } from '../support/drivers/fixtures.ts'

const NAME = 'tls-rsa'
const { rsaKey } = fixtureSecrets(NAME)
const key = createPrivateKey(readFileSync(rsaKey!))
const other = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
const texts = ({ messages }: Captured) => messages.map(({ text, data }) => text ?? data)
const codes = ({ findings }: Captured) => [...new Set(findings.map(({ code }) => code))]

let folder: string
let whole: Captured
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'framewalk-rsa-'))
  whole = await readCaptured(fixturePath(NAME), fixtureSecrets(NAME))
})
afterAll(() => rmSync(folder, { recursive: true }))

describe('an RSA private key', () => {
  it('an RSA key opens suites with RSA key exchange, with and without the extended master secret, and resumed sessions', () => {
    expect(whole.connections.length).toBe(7)
    expect(new Set(whole.connections.map(({ tls }) => tls?.cipherSuite)).size).toBe(4)
    expect(whole.findings).toEqual([])
  })

  it('an RSA key is found among others, in any order', async () => {
    for (const rsaKeys of [
      [other, key],
      [key, other],
    ])
      expect(texts(await readAll(fixturePath(NAME), { rsaKeys }))).toEqual(texts(whole))
  })

  it('an RSA key opens connections in a pcapng file too, in which other secrets may still follow', async () => {
    const captured = await readAll(pcapngOf(packetsOf(NAME)), { rsaKeys: [key] })
    expect(texts(captured)).toEqual(texts(whole))
    expect(captured.findings).toEqual([])
  })

  it('the RSA key of another server opens nothing, which is reported once a connection', async () => {
    for (const capture of [fixturePath(NAME), pcapngOf(packetsOf(NAME))]) {
      const captured = await readAll(capture, { rsaKeys: [other] })
      expect(captured.connections).toEqual([])
      expect(captured.findings.length).toBe(7)
      for (const { message } of captured.findings)
        expect(message).toMatch(/^No RSA key that was given opens its key exchange: it is not decrypted/)
    }
  })

  it('an RSA key opens nothing if the suite has another key exchange, which is reported', async () => {
    const captured = await readAll(fixturePath('tls-chacha20'), {
      rsaKeys: [key],
      keyLog: keyLogOf('tls-chromium'),
    })
    expect(captured.findings.map(({ message }) => message)).toEqual([
      expect.stringMatching(
        /^The key log has no secrets of this TLS connection, and an RSA key does not open TLS_CHACHA20_POLY1305_SHA256/,
      ),
    ])
  })

  it('an RSA key and a capture without any one packet show nothing that was not sent', async () => {
    const packets = packetsOf(NAME).slice(0, 40)
    const all = await readAll(pcapFile(packets), { rsaKeys: [key] })
    const sent = new Set(texts(all))
    let shown = 0
    for (let lost = 0; lost < packets.length; lost++) {
      const captured = await readAll(pcapFile(packets.filter((_, i) => i !== lost)), { rsaKeys: [key] })
      const messages = captured.messages.filter(({ incomplete }) => !incomplete)
      for (const { text, data } of messages.filter(({ text }) => text !== undefined))
        expect(sent).toContain(text ?? data)
      expect(captured.findings.filter(({ severity }) => severity === 'violation')).toEqual([])
      if (messages.length < all.messages.length) expect(captured.findings.length).toBeGreaterThan(0)
      shown += messages.length
    }
    expect(shown / packets.length).toBeGreaterThan(0.7 * all.messages.length)
  })

  it('an RSA key does not help if the key exchange was not captured', async () => {
    const packets = packetsOf(NAME)
    // The client's second flight: certificate, key exchange, Finished.
    const second = packets.findIndex((bytes) => Buffer.from(bytes).includes(KEY_EXCHANGE))
    expect(second).toBeGreaterThan(0)
    const captured = await readAll(pcapFile(packets.slice(0, 24).filter((_, i) => i !== second)), {
      rsaKeys: [key],
    })
    expect(captured.connections).toEqual([])
    expect(codes(captured)).toEqual(['tls-secrets-missing'])
  })

  it('a private key must be an RSA key', async () => {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const capture = readFileSync(fixturePath(NAME))
    for (const wrong of [privateKey, publicKey])
      await expect(readAll(capture, { rsaKeys: [wrong] })).rejects.toThrow(RangeError)
    const pem = readFileSync(rsaKey!) as unknown as KeyObject
    await expect(readAll(capture, { rsaKeys: [pem] })).rejects.toThrow(TypeError)
  })
})

/** A handshake record with a ClientKeyExchange of 258 bytes: type, version, length, type, length. */
const KEY_EXCHANGE = Buffer.from([22, 3, 3, 1, 6, 16, 0, 1, 2])

describe('--rsa-key', () => {
  it('--rsa-key names the file, and several if it is given several times', async () => {
    const path = join(folder, 'other.pem')
    writeFileSync(path, other.export({ type: 'pkcs8', format: 'pem' }))
    const { status, stdout } = await run([
      'messages',
      fixturePath(NAME),
      '--rsa-key',
      path,
      ...secretWords(NAME),
    ])
    expect(status).toBe(0)
    expect(stdout).toContain('TLS_RSA_WITH_AES_128_GCM_SHA256')
    expect(stdout).toContain('no findings')
  })

  it('one line says that an --rsa-key is missing, encrypted, of another kind, or not a key', async () => {
    const write = (name: string, text: string | Buffer) => {
      writeFileSync(join(folder, name), text)
      return join(folder, name)
    }
    const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
    const encrypted = { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' } as const
    for (const [path, fault] of [
      [join(folder, 'missing.pem'), 'no such file'],
      [write('notes.txt', 'no key at all\n'), 'is not a private key'],
      [write('large.bin', Buffer.alloc(3_000_000, 'x')), 'is larger than a private key'],
      [write('ec.pem', ec.export({ type: 'pkcs8', format: 'pem' })), 'is a private key for ec'],
      [write('encrypted.pem', key.export(encrypted)), 'is encrypted; decrypt it with: openssl'],
      [
        write('old.pem', key.export({ ...encrypted, type: 'pkcs1' })),
        'is encrypted; decrypt it with: openssl',
      ],
    ] as const) {
      const { status, stdout, stderr } = await run([fixturePath(NAME), '--rsa-key', path])
      expect([status, stdout]).toEqual([2, ''])
      expect(stderr).toMatch(new RegExp(`^framewalk: ${path}: ${fault}.*\n$`))
    }
  })
})
