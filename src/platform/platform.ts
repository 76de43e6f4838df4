// What framewalk needs of the machine that it runs on, and what differs between Node and a browser: zlib and cryptography. Types only; the
// core is handed one Platform and touches nothing else. platform/node/ is the one for Node.

/** The machine that framewalk runs on. */
export interface Platform {
  /** Opens a raw deflate stream (RFC 1951). `windowBits`: 8 … 15. */
  openInflate(windowBits: number): BlockInflater
  /** Opens a gzip file (RFC 1952), members after one another included. */
  openGunzip(sink: GunzipSink): Gunzip
  readonly cryptography: Cryptography
}

/**
 * Inflates a raw deflate stream (RFC 1951) block by block: it stops at the end of each block, so that what it has used says whether it
 * stands between two blocks, inside one, or after the last. Gathers what comes out.
 */
export interface BlockInflater {
  readonly windowBits: number
  /** zlib's sentence after it has refused the data; nothing can be written any more. */
  readonly fault: string | undefined
  /** Bytes gathered. */
  readonly length: number
  /** What was gathered so far: a view. */
  readonly gathered: Uint8Array
  /** Starts to gather anew. */
  start(): void
  /** Inflates up to the end of a block, or to the end of `bytes`. Returns how many were used: 0 if the stream had ended before. */
  write(bytes: Uint8Array): number
  /** Puts at most 32 KiB into the window. */
  prime(bytes: Uint8Array): void
  /** As new: an empty window, and no end reached. */
  reset(): void
  /** Frees the native memory. */
  close(): void
}

/** Unpacks a gzip file. */
export interface Gunzip {
  /** Unpacks `bytes`, all of them, and hands the pieces to the sink. */
  write(bytes: Uint8Array): void
  /** No more bytes come; frees the native memory. */
  end(): void
}

/** Is told what comes out of a gzip file. */
export interface GunzipSink {
  /** At most 64 KiB, in memory of its own. */
  piece(bytes: Uint8Array): void
  /** Once at most. `isCut`: the data ended too early; `reason` is zlib's own. */
  fault(isCut: boolean, reason: string): void
}

/** Names of hash functions, as node:crypto has them. */
export type HashName = 'sha1' | 'sha256' | 'sha384'

/** The primitives of TLS (RFC 8446, RFC 5246) and of the handshake (RFC 6455 §4.2.2). Keys are prepared once and used for many records. */
export interface Cryptography {
  hash(name: HashName, bytes: Uint8Array): Uint8Array
  hmac(name: HashName, key: Uint8Array): Hmac
  /** `cipher`: `aes-128-gcm`, `aes-256-gcm`, `aes-128-ccm`, `aes-256-ccm` or `chacha20-poly1305`; `tagLength`: 8 or 16. */
  aead(cipher: string, key: Uint8Array, tagLength: number): OpenAead
  /** `cipher`: `aes-128-cbc` or `aes-256-cbc`. */
  cbc(cipher: string, key: Uint8Array): DecryptCbc
}

/** The HMAC (RFC 2104) of the parts after one another. */
export type Hmac = (...parts: readonly Uint8Array[]) => Uint8Array

/** The plaintext of what is sealed, its tag at the end; undefined if it does not verify. */
export type OpenAead = (
  nonce: Uint8Array,
  additionalData: Uint8Array,
  sealed: Uint8Array,
) => Uint8Array | undefined

/** The plaintext of whole blocks, its padding included. */
export type DecryptCbc = (iv: Uint8Array, encrypted: Uint8Array) => Uint8Array

/** An RSA private key that opens what was encrypted for it. */
export interface RsaPrivateKey {
  /** RSADP (RFC 8017 §5.1.2), padding and all; undefined for what cannot be a ciphertext. */
  decrypt(encrypted: Uint8Array): Uint8Array | undefined
}
