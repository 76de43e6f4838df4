// Opens protected records: decrypts, and verifies the tag or the MAC. In: a record and its sequence number. Out: the plaintext in
// new memory, or undefined. RFC 8446 §5.2 and §5.3 (TLS 1.3), RFC 5246 §6.2.3 (TLS 1.2), RFC 7366 (encrypt-then-MAC).
import { areEqual } from '../base/bytes.ts'
import type { Cryptography, DecryptCbc, Hmac, OpenAead } from '../platform/platform.ts'
import type { CipherSuite } from './cipher-suites.ts'
import { expandLabel, type WriteKeys } from './key-schedule.ts'
import { ContentType, HEADER_LENGTH, type TlsRecord } from './records.ts'

/** What a record holds, verified. */
export interface Opened {
  /** The content type; in TLS 1.3 the encrypted one (RFC 8446 §5.2). */
  readonly type: number
  readonly content: Uint8Array
  /** Bytes of padding in TLS 1.3; otherwise 0. */
  readonly padding: number
}

/** The keys of one direction for one epoch. */
export interface RecordProtection {
  /** Bytes by which a record's fragment is longer than its content; with CBC, or with padding in TLS 1.3, at least. */
  readonly overhead: number
  /** False if the fragment's length does not tell the content's (CBC pads). */
  readonly isOverheadExact: boolean
  /** The record's plaintext; undefined if it does not verify with this sequence number. */
  open(record: TlsRecord, sequence: number): Opened | undefined
}

const NONCE_LENGTH = 12
const EXPLICIT_NONCE_LENGTH = 8
const AES_BLOCK = 16

/** Records of TLS 1.3, with the keys of a traffic secret (RFC 8446 §7.3), which are made when the first record asks for them. */
export class TrafficProtection implements RecordProtection {
  readonly overhead: number
  readonly isOverheadExact = true
  readonly #cryptography: Cryptography
  readonly #suite: CipherSuite
  readonly #secret: Uint8Array
  #keys: { readonly open: OpenAead; readonly iv: Uint8Array } | undefined

  constructor(cryptography: Cryptography, suite: CipherSuite, secret: Uint8Array) {
    this.#cryptography = cryptography
    this.#suite = suite
    this.#secret = secret
    this.overhead = suite.tagLength + 1
  }

  /** What protects the records after a KeyUpdate (RFC 8446 §7.2). */
  update(): TrafficProtection {
    return new TrafficProtection(
      this.#cryptography,
      this.#suite,
      this.#expand('traffic upd', this.#suite.hashLength),
    )
  }

  open(record: TlsRecord, sequence: number): Opened | undefined {
    const { bytes, start, end } = record
    if (record.type !== ContentType.applicationData) return undefined
    const header = bytes.subarray(start, start + HEADER_LENGTH)
    const sealed = bytes.subarray(start + HEADER_LENGTH, end)
    this.#keys ??= this.#makeKeys()
    const { open, iv } = this.#keys
    const inner = open(maskedNonce(iv, sequence), header, sealed)
    if (inner === undefined) return undefined
    let last = inner.length - 1
    while (last >= 0 && inner[last] === 0) last--
    if (last < 0) return undefined
    return { type: inner[last]!, content: inner.subarray(0, last), padding: inner.length - 1 - last }
  }

  #makeKeys(): { open: OpenAead; iv: Uint8Array } {
    const { cipher, keyLength, tagLength } = this.#suite
    const open = this.#cryptography.aead(cipher, this.#expand('key', keyLength), tagLength)
    return { open, iv: this.#expand('iv', NONCE_LENGTH) }
  }

  #expand(label: string, length: number): Uint8Array {
    return expandLabel(this.#cryptography, this.#suite.hash, this.#secret, label, length)
  }
}

/** Records of TLS 1.2 with authenticated encryption. */
export class AeadProtection implements RecordProtection {
  readonly overhead: number
  readonly isOverheadExact = true
  readonly #open: OpenAead
  readonly #iv: Uint8Array
  readonly #explicitLength: number

  constructor({ aead }: Cryptography, suite: CipherSuite, { key, iv }: WriteKeys) {
    this.#open = aead(suite.cipher, key, suite.tagLength)
    this.#iv = iv
    this.#explicitLength = suite.mode === 'chacha20' ? 0 : EXPLICIT_NONCE_LENGTH
    this.overhead = this.#explicitLength + suite.tagLength
  }

  open(record: TlsRecord, sequence: number): Opened | undefined {
    const { type, bytes, end } = record
    const at = record.start + HEADER_LENGTH
    const length = end - at - this.overhead
    if (length < 0) return undefined
    const sealed = bytes.subarray(at + this.#explicitLength, end)
    const nonce = this.#explicitLength === 0 ? maskedNonce(this.#iv, sequence) : this.#nonce(bytes, at)
    const content = this.#open(nonce, additionalData(record, sequence, length), sealed)
    return content && { type, content, padding: 0 }
  }

  #nonce(bytes: Uint8Array, at: number): Uint8Array {
    const nonce = new Uint8Array(NONCE_LENGTH)
    nonce.set(this.#iv)
    nonce.set(bytes.subarray(at, at + EXPLICIT_NONCE_LENGTH), this.#iv.length)
    return nonce
  }
}

/** Records of TLS 1.2 with AES-CBC and HMAC: MAC first, or encryption first (RFC 7366). */
export class CbcProtection implements RecordProtection {
  readonly overhead: number
  readonly isOverheadExact = false
  readonly #suite: CipherSuite
  readonly #decrypt: DecryptCbc
  readonly #mac: Hmac
  readonly #encryptThenMac: boolean

  constructor(
    { cbc, hmac }: Cryptography,
    suite: CipherSuite,
    { key, macKey }: WriteKeys,
    encryptThenMac: boolean,
  ) {
    this.#suite = suite
    this.#decrypt = cbc(suite.cipher, key)
    this.#mac = hmac(suite.mac!, macKey)
    this.#encryptThenMac = encryptThenMac
    this.overhead = AES_BLOCK + suite.macLength + 1
  }

  open(record: TlsRecord, sequence: number): Opened | undefined {
    const at = record.start + HEADER_LENGTH
    const macLength = this.#suite.macLength
    const encryptedEnd = this.#encryptThenMac ? record.end - macLength : record.end
    const encryptedLength = encryptedEnd - at
    if (encryptedLength < 2 * AES_BLOCK || encryptedLength % AES_BLOCK !== 0) return undefined
    if (this.#encryptThenMac) {
      const fragment = record.bytes.subarray(at, encryptedEnd)
      if (!this.#verifies(record, sequence, fragment, record.bytes.subarray(encryptedEnd, record.end)))
        return undefined
    }
    const iv = record.bytes.subarray(at, at + AES_BLOCK)
    const plain = this.#decrypt(iv, record.bytes.subarray(at + AES_BLOCK, encryptedEnd))
    const unpadded = plain.length - 1 - plain[plain.length - 1]!
    const contentEnd = this.#encryptThenMac ? unpadded : unpadded - macLength
    if (contentEnd < 0 || !isPadding(plain, unpadded)) return undefined
    const content = plain.subarray(0, contentEnd)
    if (
      !this.#encryptThenMac &&
      !this.#verifies(record, sequence, content, plain.subarray(contentEnd, unpadded))
    )
      return undefined
    return { type: record.type, content, padding: 0 }
  }

  #verifies(record: TlsRecord, sequence: number, fragment: Uint8Array, mac: Uint8Array): boolean {
    return areEqual(this.#mac(additionalData(record, sequence, fragment.length), fragment), mac)
  }
}

/** RFC 5246 §6.2.3.2: every byte of the padding holds its length. */
function isPadding(plain: Uint8Array, from: number): boolean {
  const length = plain[plain.length - 1]!
  for (let i = Math.max(from, 0); i < plain.length; i++) if (plain[i] !== length) return false
  return true
}

/** The sequence number XORed into the right end of the IV (RFC 8446 §5.3, RFC 7905 §2). */
function maskedNonce(iv: Uint8Array, sequence: number): Uint8Array {
  const nonce = iv.slice()
  for (let at = NONCE_LENGTH - 1, left = sequence; left > 0; at--, left = Math.floor(left / 256)) {
    nonce[at]! ^= left % 256
  }
  return nonce
}

/** seq_num, type, version, length (RFC 5246 §6.2.3.3). */
function additionalData(record: TlsRecord, sequence: number, length: number): Uint8Array {
  const data = new Uint8Array(13)
  const view = new DataView(data.buffer)
  view.setUint32(0, Math.floor(sequence / 2 ** 32))
  view.setUint32(4, sequence % 2 ** 32)
  data[8] = record.type
  data[9] = record.bytes[record.start + 1]!
  data[10] = record.bytes[record.start + 2]!
  view.setUint16(11, length)
  return data
}
