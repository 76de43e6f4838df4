// Why a TLS connection, or a part of it, is not decrypted: the sentences of its findings.

/** The hellos hold the randoms, without which no key can be made. */
export const HELLO_LOST =
  'The start of the TLS handshake was not captured: this TLS connection is not decrypted.'

export const RENEGOTIATED =
  'The keys of this TLS connection were negotiated anew within it; what comes behind that is not decrypted.'

export const NO_ROOM = 'No room is left to hold a TLS connection back until it can be decrypted.'

/** What there is to decrypt with, and what it has of a connection. */
export interface Lacking {
  readonly hasKeyLog: boolean
  /** Some of the secrets are there. */
  readonly hasSome: boolean
  readonly hasRsaKeys: boolean
  readonly isRsaKeyExchange: boolean
  readonly cipherSuite: string
}

export function secretsMissing({
  hasKeyLog,
  hasSome,
  hasRsaKeys,
  isRsaKeyExchange,
  cipherSuite,
}: Lacking): string {
  if (hasSome)
    return 'The key log has only some of the secrets of this TLS connection: not all of it is decrypted.'
  const log = hasKeyLog ? 'The key log has no secrets of this TLS connection' : ''
  const key = !hasRsaKeys
    ? ''
    : isRsaKeyExchange
      ? 'no RSA key that was given opens its key exchange'
      : `an RSA key does not open ${cipherSuite}`
  const why = log === '' || key === '' ? capitalized(log + key) : `${log}, and ${key}`
  return `${why}: it is not decrypted.`
}

export function suiteUnsupported(version: string, cipherSuite: string, isCompressed: boolean): string {
  return `${version} with ${cipherSuite}${isCompressed ? ' and compression' : ''} is not decrypted.`
}

export function unverified(side: 'client' | 'server'): string {
  return `A TLS record of the ${side} does not verify with the secrets that were given; such records are not shown.`
}

function capitalized(sentence: string): string {
  return sentence.charAt(0).toUpperCase() + sentence.slice(1)
}
