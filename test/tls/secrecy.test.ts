// Secrets, and the keys made of them, come out nowhere: no command, no golden file, no error says anything of them.
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cryptography } from '../../src/platform/node/cryptography.ts'
import { cipherSuite } from '../../src/tls/cipher-suites.ts'
import { expandLabel, writeKeys } from '../../src/tls/key-schedule.ts'
import { run } from '../support/drivers/command.ts'
import { fixturePath, fixtureSecrets, secretWords, tlsFixtureNames } from '../support/drivers/fixtures.ts'

/** TLS 1.3 and 1.2, with every length of keys that there is. */
const SUITES_13 = [0x1301, 0x1302, 0x1303].map((id) => cipherSuite(id)!)
const SUITES_12 = [0xc02f, 0xc030, 0xcca8, 0xc013, 0xc014, 0xc027, 0xc028, 0x009d, 0xc0a1].map(
  (id) => cipherSuite(id)!,
)
/** Bytes of a secret by which it is looked for. */
const ENOUGH = 9

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'framewalk-secrecy-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

describe.each(tlsFixtureNames)('what is printed of %s', (name) => {
  const secrets = secretsOf(name)

  it('the search finds secrets that are there', () => {
    expect(secrets.length).toBeGreaterThan(name === 'tls-rsa' ? 0 : 3)
    expect(found(readFileSync(secretFile(name), 'latin1'), secrets)).toBe(true)
  })

  it('no command prints a secret', async () => {
    const path = join(folder, basename(fixturePath(name)))
    copyFileSync(fixturePath(name), path)
    for (const words of [
      ['frames'],
      ['frames', '--hex'],
      ['frames', '--format', 'ndjson'],
      ['connections', '--format', 'ndjson'],
      ['messages'],
      ['walk'],
      ['report'],
      ['walk', '--format', 'ndjson'],
      ['check', '--update'],
      ['check', '--level', 'frames', '--update'],
      ['check'],
      ['diff', fixturePath('article')],
      ['diff', join(folder, `${name}.missing`)],
    ]) {
      const { stdout, stderr } = await run([...words, path, ...secretWords(name)])
      expect((stdout + stderr).length).toBeGreaterThan(0)
      expect(found(stdout + stderr, secrets), words.join(' ')).toBe(false)
    }
    const written = readdirSync(folder).filter((file) => file.startsWith(name) && file.endsWith('json'))
    expect(written.length).toBeGreaterThan(0)
    for (const file of written) expect(found(readFileSync(join(folder, file), 'latin1'), secrets)).toBe(false)
  })
})

describe('an error', () => {
  it('an error about a file of secrets prints none of them', async () => {
    const [keyLog, rsaKey] = [fixtureSecrets('tls-12').keyLog!, fixtureSecrets('tls-rsa').rsaKey!]
    const spoilt = join(folder, 'spoilt.keys')
    writeFileSync(spoilt, readFileSync(keyLog, 'utf8').replaceAll(/^\w+ /gm, 'SECRET='))
    const secrets = [...secretsOf('tls-12'), ...secretsOf('tls-rsa')]
    for (const words of [
      ['--keylog', rsaKey],
      ['--rsa-key', keyLog],
      ['--keylog', spoilt],
      ['--keylog', keyLog, '--rsa-key', keyLog],
    ]) {
      const { status, stdout, stderr } = await run([fixturePath('tls-12'), ...words])
      expect([status, stdout]).toEqual([2, ''])
      expect(stderr).toMatch(/^framewalk: [^\n]+\n$/)
      expect(found(stderr, secrets)).toBe(false)
    }
    const { stderr } = await run([fixturePath('article')], { env: { SSLKEYLOGFILE: rsaKey } })
    expect(stderr).toMatch(/^framewalk: SSLKEYLOGFILE is not used/)
    expect(found(stderr, secrets)).toBe(false)
  })
})

/** The file that holds a fixture's secrets: the capture itself, if they are in it. */
function secretFile(name: string): string {
  const { keyLog, rsaKey } = fixtureSecrets(name)
  return keyLog ?? rsaKey ?? fixturePath(name)
}

/** The secrets of a fixture, and the keys that are made of them. */
function secretsOf(name: string): Buffer[] {
  const text = readFileSync(secretFile(name), 'latin1')
  const pem = /-----BEGIN PRIVATE KEY-----([^-]+)/.exec(text)?.[1]
  // A key begins as every key does. A part of a line of the file is looked for.
  if (pem !== undefined) return cut(Buffer.from(pem, 'base64').subarray(63), 48)
  const capture = readFileSync(fixturePath(name))
  return [...text.matchAll(/^(\w+) ([\da-f]{64}) ([\da-f]{64,96})\r?$/gm)].flatMap(
    ([, label, random, digits]) => {
      const secret = Buffer.from(digits!, 'hex')
      if (label !== 'CLIENT_RANDOM') return [secret, ...trafficKeys(secret)]
      const keys = serverRandomsIn(capture).flatMap((serverRandom) =>
        SUITES_12.flatMap((suite) =>
          writeKeys(cryptography, suite, secret, Buffer.from(random!, 'hex'), serverRandom),
        ),
      )
      const parts = keys.flatMap(({ key, macKey }) => [key, macKey])
      return [secret, ...parts.filter(({ length }) => length > 0).map((part) => Buffer.from(part))]
    },
  )
}

function trafficKeys(secret: Buffer): Buffer[] {
  return SUITES_13.filter(({ hashLength }) => hashLength === secret.length).flatMap((suite) => [
    Buffer.from(expandLabel(cryptography, suite.hash, secret, 'key', suite.keyLength)),
    Buffer.from(expandLabel(cryptography, suite.hash, secret, 'iv', 12)),
  ])
}

/** Behind a record's header, a ServerHello: type, length, version, random. */
function serverRandomsIn(capture: Buffer): Buffer[] {
  const randoms: Buffer[] = []
  for (let at = capture.indexOf(22); at >= 0; at = capture.indexOf(22, at + 1)) {
    const isHello = capture[at + 1] === 3 && capture[at + 5] === 2 && capture[at + 6] === 0
    if (isHello) randoms.push(capture.subarray(at + 11, at + 43))
  }
  return randoms
}

function cut(bytes: Buffer, length: number): Buffer[] {
  return Array.from({ length: Math.floor(bytes.length / length) }, (_, i) =>
    bytes.subarray(i * length, (i + 1) * length),
  )
}

/** Whether any of the secrets is in a text, in any spelling. */
function found(text: string, secrets: readonly Buffer[]): boolean {
  const lower = text.toLowerCase()
  const packed = lower.replaceAll(/[\s:,|]|0x/g, '')
  return secrets.some((secret) => {
    const start = secret.subarray(0, ENOUGH)
    const isHex = lower.includes(start.toString('hex')) || packed.includes(start.toString('hex'))
    return isHex || text.includes(start.toString('base64')) || text.includes(start.toString('latin1'))
  })
}
