// The secrets that decrypt TLS: those of --rsa-key, and of --keylog or else the file that SSLKEYLOGFILE names, as for the
// programs that write it.
import { createPrivateKey, type KeyObject } from 'node:crypto'
import { concat } from '../base/bytes.ts'
import { InputError } from '../base/input-error.ts'
import type { RsaKeys } from '../platform/node/cryptography.ts'
import { openInput } from '../platform/node/input.ts'
import { escapeText } from '../render/text/escape.ts'
import { isKeyLog, NOT_A_KEY_LOG } from '../tls/key-log-check.ts'
import { STANDARD_INPUT } from './options.ts'
import type { Streams } from './terminal/streams.ts'

/** More bytes than any private key has. */
const LONGEST_KEY = 16_000
/** RFC 7468 §11, RFC 1421 §4.6.1.1. */
const ENCRYPTED = /^-----BEGIN ENCRYPTED PRIVATE KEY|^Proc-Type: 4,ENCRYPTED/m

type Arguments = Readonly<Record<string, unknown>>

/** Keys and a key log. They may be passed to another thread. */
export interface TlsSecrets {
  readonly keyLog?: Uint8Array | undefined
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

async function readKeyLog(argv: Arguments, { env, stderr }: Streams): Promise<Uint8Array | undefined> {
  const asked = namesOf(argv, 'keylog')
  if (asked.length > 0) {
    const logs: Uint8Array[] = []
    for (const name of asked) logs.push(await readLog(name), Uint8Array.of(0x0a))
    return concat(logs)
  }
  const inherited = env['SSLKEYLOGFILE'] ?? ''
  if (inherited === '') return undefined
  try {
    const log = await readLog(inherited)
    stderr.write(`framewalk: TLS is decrypted with SSLKEYLOGFILE, ${escapeText(inherited)}\n`)
    return log
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    stderr.write(`framewalk: SSLKEYLOGFILE is not used: ${escapeText(error.message)}\n`)
    return undefined
  }
}

/** The files that an option names. It may be given several times. */
function namesOf(argv: Arguments, option: string): string[] {
  const names = [argv[option] ?? []].flat() as string[]
  if (names.includes(STANDARD_INPUT))
    throw new InputError(`--${option}: takes files; standard input is for captures`)
  return names
}

async function readLog(name: string): Promise<Uint8Array> {
  return readFile(name, (start) => {
    if (!isKeyLog(start)) throw new InputError(`${name}: ${NOT_A_KEY_LOG}`)
  })
}

async function readRsaKey(name: string): Promise<KeyObject> {
  const bytes = await readFile(name, (start) => {
    if (start.length > LONGEST_KEY)
      throw new InputError(`${name}: is larger than a private key; name the server's`)
  })
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

/** `check` gets the start of the file before all of it is read, and throws if the file is something else. */
async function readFile(name: string, check: (start: Uint8Array) => void): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  for await (const chunk of (await openInput(name)).chunks) {
    if (chunks.length === 0) check(chunk)
    chunks.push(chunk.slice())
  }
  return concat(chunks)
}
