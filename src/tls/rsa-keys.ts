// The private keys of servers that TLS connections are decrypted with.
import { KeyObject } from 'node:crypto'

export type RsaKeys = readonly KeyObject[]

/** The keys as they were given. Throws TypeError for what is no KeyObject, RangeError for one that is no RSA private key. */
export function checkedRsaKeys(keys: RsaKeys): RsaKeys {
  for (const key of keys) {
    if (!(key instanceof KeyObject)) throw new TypeError(`RSA key: expected a KeyObject, got ${typeof key}`)
    if (key.type !== 'private' || key.asymmetricKeyType !== 'rsa')
      throw new RangeError(`RSA key: expected an RSA private key, got ${key.asymmetricKeyType} ${key.type}`)
  }
  return keys
}
