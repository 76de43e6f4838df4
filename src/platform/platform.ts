// What framewalk needs from the machine that it runs on, and what differs between Node and a browser: zlib and cryptography.
// Types only. The core is given one Platform and touches nothing else of the machine. platform/node/ is the Platform for Node.

/** The machine that framewalk runs on. */
export interface Platform {
  /** Opens a raw deflate stream (RFC 1951). `windowBits`: 8 … 15. */
  openInflate(windowBits: number): BlockInflater
  /** Opens a gzip file (RFC 1952), which may have several members. */
  openGunzip(sink: GunzipSink): Gunzip
  readonly cryptography: Cryptography
}

/** Inflates a raw deflate stream (RFC 1951) and gathers the output. */
export interface BlockInflater {
  readonly windowBits: number
  /** zlib's message, once it has refused the data. From then on nothing can be written. */
  readonly fault: string | undefined
  /** Bytes gathered. */
  readonly length: number
  /** The bytes gathered so far: a view. */
  readonly gathered: Uint8Array
  /** Drops what was gathered and starts to gather again. */
  start(): void
  /** Inflates `bytes`. Returns how many were used: less than all if the stream ended there, 0 if it had ended before. */
  write(bytes: Uint8Array): number
  /**
   * Inflates up to the end of a block, or to the end of `bytes`. Returns how many were used, which tells whether it is between two
   * blocks or inside one. Slow if there are many blocks: it stops at each.
   */
  writeBlock(bytes: Uint8Array): number
  /** Puts the parts, at most 32 KiB in all, into the window, one after the other. They are not gathered. */
  prime(parts: readonly Uint8Array[]): void
  /** Makes the inflater as new: its window is empty and its stream has not ended. */
  reset(): void
  /** Frees the native memory. */
  close(): void
}

/** Unpacks a gzip file. */
export interface Gunzip {
  /** Unpacks all of `bytes` and hands the pieces to the sink before it returns. */
  write(bytes: Uint8Array): void
  /** No more bytes come; frees the native memory. */
  end(): void
}

/** Takes what comes out of a gzip file. */
export interface GunzipSink {
  /** Takes the next unpacked bytes: at most 64 KiB, in memory of their own. */
  piece(bytes: Uint8Array): void
  /** The data is damaged. Called at most once. `isCut`: the data ended too early. `reason` is zlib's message. */
  fault(isCut: boolean, reason: string): void
}

/** Names of hash functions, as in node:crypto. */
export type HashName = 'sha1' | 'sha256' | 'sha384'

/**
 * The primitives of TLS (RFC 8446, RFC 5246) and of the handshake (RFC 6455 §4.2.2). Keys are prepared once and used for many
 * records.
 */
export interface Cryptography {
  hash(name: HashName, bytes: Uint8Array): Uint8Array
  hmac(name: HashName, key: Uint8Array): Hmac
  /** `cipher`: `aes-128-gcm`, `aes-256-gcm`, `aes-128-ccm`, `aes-256-ccm` or `chacha20-poly1305`; `tagLength`: 8 or 16. */
  aead(cipher: string, key: Uint8Array, tagLength: number): OpenAead
  /** `cipher`: `aes-128-cbc` or `aes-256-cbc`. */
  cbc(cipher: string, key: Uint8Array): DecryptCbc
}

/** The HMAC (RFC 2104) of the parts, joined in order. */
export type Hmac = (...parts: readonly Uint8Array[]) => Uint8Array

/** The plaintext of `sealed`, which ends with its tag; undefined if it does not verify. */
export type OpenAead = (
  nonce: Uint8Array,
  additionalData: Uint8Array,
  sealed: Uint8Array,
) => Uint8Array | undefined

/** The plaintext of whole blocks, with its padding. */
export type DecryptCbc = (iv: Uint8Array, encrypted: Uint8Array) => Uint8Array

/** An RSA private key that decrypts what was encrypted for it. */
export interface RsaPrivateKey {
  /** RSADP (RFC 8017 §5.1.2), with the padding; undefined for bytes that cannot be a ciphertext. */
  decrypt(encrypted: Uint8Array): Uint8Array | undefined
}
