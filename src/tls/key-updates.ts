// How often keys may be updated (RFC 8446 §4.6.3), over all connections of a capture. New keys cost as much as a kilobyte of
// plaintext, and a record of 24 bytes asks for them. RFC 8446 §5.5 wants them after 2^24.5 full records; BoringSSL and rustls
// refuse more than 32 of them without data in between. So only what was made to be slow reaches this.

/** Updates at the start. */
const FREE = 10_000
/** Bytes of application data for which one more is allowed. */
const BYTES_FOR_ONE = 1024

/** The key updates that are left. */
export class KeyUpdates {
  #bytesLeft = FREE * BYTES_FOR_ONE

  /** Takes one; false if none is left. */
  take(): boolean {
    if (this.#bytesLeft < BYTES_FOR_ONE) return false
    this.#bytesLeft -= BYTES_FOR_ONE
    return true
  }

  /** So many bytes of application data verified. */
  earn(bytes: number): void {
    this.#bytesLeft += bytes
  }
}
