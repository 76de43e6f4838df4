// The secrets that decrypt TLS: those of --rsa-key, and of --keylog or else the file that SSLKEYLOGFILE names, as for the
// programs that write it.
import { createPrivateKey, type KeyObject } from 'node:crypto'
import { concat, NO_BYTES } from '../base/bytes.ts'
import { InputError } from '../base/input-error.ts'
import { limitsWith } from '../base/limits.ts'
import type { RsaKeys } from '../platform/node/cryptography.ts'
import { openInput } from '../platform/node/input.ts'
import { escapeText } from '../render/text/escape.ts'
import { KeyLogReader, tooManySecrets } from '../tls/key-log.ts'
import { isKeyLog, NOT_A_KEY_LOG } from '../tls/key-log-check.ts'
import { SecretStore, type StoredSecrets } from '../tls/secret-store.ts'
import { limitsFrom, STANDARD_INPUT } from './options.ts'
import type { Streams } from './terminal/streams.ts'

/** A byte order mark, as PowerShell writes it into the files that `>` makes. */
const UTF_16 = /^(?:\xff\xfe|\xfe\xff)/
/** More bytes than any private key has. */
const LONGEST_KEY = 16_000
/** RFC 7468 §11, RFC 1421 §4.6.1.1. */
const ENCRYPTED = /^-----BEGIN ENCRYPTED PRIVATE KEY|^Proc-Type: 4,ENCRYPTED/m

type Arguments = Readonly<Record<string, unknown>>

/** Keys and a key log. They may be passed to another thread. */
export interface TlsSecrets {
  readonly keyLog?: StoredSecrets | undefined
  readonly rsaKeys?: RsaKeys
}

/**
 * The secrets that were named. Throws InputError if a named file cannot be read, or is something else. If the file comes from the
 * environment, standard error says so, and whether it is used.
 */
export async function readTlsSecrets(argv: Arguments, streams: Streams): Promise<TlsSecrets> {
  const rsaKeys: KeyObject[] = []
  for (const name of namesOf(argv, 'rsa-key')) rsaKeys.push(await readRsaKey(name))
  return { keyLog: await readKeyLog(argv, streams), rsaKeys }
}

/** The files that secrets are read from. */
export function secretFiles(argv: Arguments, { env }: Pick<Streams, 'env'>): string[] {
  return [...namesOf(argv, 'rsa-key'), ...namesOf(argv, 'keylog'), env['SSLKEYLOGFILE'] ?? []].flat()
}

async function readKeyLog(argv: Arguments, { env, stderr }: Streams): Promise<StoredSecrets | undefined> {
  const limit = limitsWith(limitsFrom(argv)).secrets
  const asked = namesOf(argv, 'keylog')
  if (asked.length > 0) {
    const store = new SecretStore(limit, sharedMemory)
    for (const name of asked) await readLog(name, store, limit)
    return store.stored
  }
  const inherited = env['SSLKEYLOGFILE'] ?? ''
  if (inherited === '') return undefined
  try {
    const store = new SecretStore(limit, sharedMemory)
    await readLog(inherited, store, limit)
    stderr.write(`framewalk: TLS is decrypted with SSLKEYLOGFILE, ${escapeText(inherited)}\n`)
    return store.stored
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    stderr.write(`framewalk: SSLKEYLOGFILE is not used: ${escapeText(error.message)}\n`)
    return undefined
  }
}

/** All threads of --jobs read the same secrets. */
function sharedMemory(bytes: number): SharedArrayBuffer {
  return new SharedArrayBuffer(bytes)
}

/** The files that an option names. It may be given several times. */
function namesOf(argv: Arguments, option: string): string[] {
  const names = [argv[option] ?? []].flat() as string[]
  if (names.includes(STANDARD_INPUT))
    throw new InputError(`--${option}: takes files; standard input is for captures`)
  return names
}

/** Throws InputError if the file cannot be read, is something else, or holds more secrets than `limit` allows. */
async function readLog(name: string, store: SecretStore, limit: number): Promise<void> {
  const reader = new KeyLogReader(store)
  let isStart = true
  for await (const chunk of (await openInput(name)).chunks) {
    if (isStart) checkStart(name, chunk)
    isStart = false
    reader.push(chunk)
    if (reader.isFull) break
  }
  reader.end()
  if (reader.isFull) throw new InputError(`${name}: ${tooManySecrets(limit, '--limit-secrets')}`)
}

/** Throws InputError if a file with these first bytes is something else. */
function checkStart(name: string, start: Uint8Array): void {
  const text = Buffer.from(start.buffer, start.byteOffset, start.length).toString('latin1')
  if (UTF_16.test(text)) throw new InputError(`${name}: is a text in UTF-16; save it as UTF-8`)
  if (!isKeyLog(start)) throw new InputError(`${name}: ${NOT_A_KEY_LOG}`)
}

async function readRsaKey(name: string): Promise<KeyObject> {
  let bytes = NO_BYTES
  for await (const chunk of (await openInput(name)).chunks) {
    bytes = concat([bytes, chunk])
    if (bytes.length > LONGEST_KEY)
      throw new InputError(`${name}: is larger than a private key; name the server's`)
  }
  const pem = Buffer.from(bytes.buffer).toString('latin1')
  if (ENCRYPTED.test(pem))
    throw new InputError(
      `${name}: is encrypted; decrypt it with: openssl pkey -in key.pem -out decrypted.pem`,
    )
  let key: KeyObject
  try {
    key = createPrivateKey(pem)
  } catch {
    throw new InputError(
      `${name}: is not a private key; expected the server's, in PEM form (-----BEGIN PRIVATE KEY-----)`,
    )
  }
  if (key.asymmetricKeyType === 'rsa') return key
  throw new InputError(
    `${name}: is a private key for ${key.asymmetricKeyType}; only RSA keys open TLS connections, others need a key log`,
  )
}
