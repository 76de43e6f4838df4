// The private keys of servers that TLS connections are decrypted with.
import { KeyObject } from 'node:crypto'

/** RSA private keys of servers, as `createPrivateKey` of `node:crypto` makes them. Read with RFC 5246, section 7.4.7.1. */
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
