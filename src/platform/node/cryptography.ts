// Cryptography with node:crypto.
import {
  type CipherCCMTypes,
  constants,
  createDecipheriv,
  createHash,
  createHmac,
  createSecretKey,
  type DecipherGCM,
  KeyObject,
  privateDecrypt,
} from 'node:crypto'
import type { Cryptography, RsaPrivateKey } from '../platform.ts'

/** The primitives of TLS and of the handshake, for Node. */
export const cryptography: Cryptography = {
  hash: (name, bytes) => createHash(name).update(bytes).digest(),

  // A KeyObject would not be faster, and takes longer to make than the HMAC of a short label.
  hmac: (name, bytes) => {
    return (...parts) => {
      const hmac = createHmac(name, bytes)
      for (const part of parts) hmac.update(part)
      return hmac.digest()
    }
  },

  aead(cipher, bytes, tagLength) {
    const key = createSecretKey(bytes)
    const options = { authTagLength: tagLength }
    return (nonce, additionalData, sealed) => {
      const length = sealed.length - tagLength
      if (length < 0) return undefined
      // node:crypto types each kind of cipher separately, but this call is the same for all of them.
      const decipher = createDecipheriv(
        cipher as CipherCCMTypes,
        key,
        nonce,
        options,
      ) as unknown as DecipherGCM
      // Without a stack, the error of a wrong tag costs half: a hostile capture has nothing but wrong tags.
      const { stackTraceLimit } = Error
      Error.stackTraceLimit = 0
      try {
        decipher.setAuthTag(sealed.subarray(length))
        decipher.setAAD(additionalData, { plaintextLength: length })
        const content = decipher.update(sealed.subarray(0, length))
        decipher.final()
        return content
      } catch {
        return undefined
      } finally {
        Error.stackTraceLimit = stackTraceLimit
      }
    }
  },

  cbc(cipher, bytes) {
    const key = createSecretKey(bytes)
    return (iv, encrypted) => createDecipheriv(cipher, key, iv).setAutoPadding(false).update(encrypted)
  },
}

/**
 * RSA private keys of servers, made by `createPrivateKey` of `node:crypto`. They decrypt the premaster secret (RFC 5246
 * §7.4.7.1).
 */
export type RsaKeys = readonly KeyObject[]

/** The keys, ready to decrypt. Throws TypeError for a key that is not a KeyObject, RangeError if it is not an RSA private key. */
export function rsaPrivateKeys(keys: RsaKeys): readonly RsaPrivateKey[] {
  return keys.map((key) => {
    if (!(key instanceof KeyObject)) throw new TypeError(`RSA key: expected a KeyObject, got ${typeof key}`)
    if (key.type !== 'private' || key.asymmetricKeyType !== 'rsa')
      throw new RangeError(`RSA key: expected an RSA private key, got ${key.asymmetricKeyType} ${key.type}`)
    return { decrypt: (encrypted) => decrypt(key, encrypted) }
  })
}

/**
 * Decrypts without checking the padding. If Node checked it, it would do as a server must: hide wrong padding and return random
 * bytes.
 */
function decrypt(key: KeyObject, encrypted: Uint8Array): Uint8Array | undefined {
  try {
    return privateDecrypt({ key, padding: constants.RSA_NO_PADDING }, encrypted)
  } catch {
    return undefined
  }
}
