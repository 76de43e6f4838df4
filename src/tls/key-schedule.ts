// From secrets to keys: HKDF-Expand-Label of TLS 1.3 (RFC 8446 §7.1, §7.3) and the PRF of TLS 1.2 (RFC 5246 §5, §6.3).
import { concat, copy, fromLatin1 } from '../base/bytes.ts'
import type { Cryptography } from '../platform/platform.ts'
import type { CipherSuite } from './cipher-suites.ts'

type Hash = CipherSuite['hash']

/** HKDF-Expand-Label with an empty context (RFC 8446 §7.1). `length`: in bytes, at most 255 times that of the hash. */
export function expandLabel(
  { hmac }: Cryptography,
  hash: Hash,
  secret: Uint8Array,
  label: string,
  length: number,
): Uint8Array {
  const full = fromLatin1(`tls13 ${label}`)
  const header = Uint8Array.of(length >> 8, length & 0xff, full.length)
  const infoAndCounter = concat([header, full, Uint8Array.of(0, 1)])
  const sign = hmac(hash, secret)
  let made = sign(infoAndCounter)
  for (let last = made; made.length < length; made = concat([made, last])) {
    infoAndCounter[infoAndCounter.length - 1]!++
    last = sign(last, infoAndCounter)
  }
  return copy(made, 0, length)
}

/** The first `length` bytes of PRF(secret, label, seed): RFC 5246 §5. */
export function pseudoRandom(
  { hmac }: Cryptography,
  hash: Hash,
  secret: Uint8Array,
  label: string,
  seed: Uint8Array,
  length: number,
): Uint8Array {
  const sign = hmac(hash, secret)
  const labelled = concat([fromLatin1(label), seed])
  const blocks: Uint8Array[] = []
  let made = 0
  let a: Uint8Array = labelled
  while (made < length) {
    a = sign(a)
    const block = sign(a, labelled)
    blocks.push(block)
    made += block.length
  }
  return copy(concat(blocks), 0, length)
}

/** The keys of one direction in TLS 1.2; `macKey` is empty without CBC, `iv` with it. */
export interface WriteKeys {
  readonly macKey: Uint8Array
  readonly key: Uint8Array
  readonly iv: Uint8Array
}

/** The keys of both directions in TLS 1.2 (RFC 5246 §6.3), the client's first. */
export function writeKeys(
  cryptography: Cryptography,
  suite: CipherSuite,
  masterSecret: Uint8Array,
  clientRandom: Uint8Array,
  serverRandom: Uint8Array,
): readonly [WriteKeys, WriteKeys] {
  const { macLength, keyLength, hash } = suite
  const ivLength = fixedIvLength(suite)
  const seed = concat([serverRandom, clientRandom])
  const length = 2 * (macLength + keyLength + ivLength)
  const block = pseudoRandom(cryptography, hash, masterSecret, 'key expansion', seed, length)
  const cut = (before: number, index: number, length: number): Uint8Array =>
    block.subarray(before + index * length, before + (index + 1) * length)
  const keysOf = (index: number): WriteKeys => ({
    macKey: cut(0, index, macLength),
    key: cut(2 * macLength, index, keyLength),
    iv: cut(2 * (macLength + keyLength), index, ivLength),
  })
  return [keysOf(0), keysOf(1)]
}

/**
 * RFC 5288 §3, RFC 6655 §3: a salt of four bytes; RFC 7905 §2: all twelve; with CBC the IV is in the record (RFC 5246 §6.2.3.2).
 */
function fixedIvLength({ mode }: CipherSuite): number {
  return mode === 'cbc' ? 0 : mode === 'chacha20' ? 12 : 4
}
