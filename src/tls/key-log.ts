// The secrets of TLS connections, as clients and servers log them (the NSS key log format, draft-ietf-tls-keylogfile). In: text.
// Out: secrets, found by client random. No secret ever leaves this folder.
import { fromHex, toLatin1 } from '../base/bytes.ts'

/** The secrets that a key log has for one connection: 32 or 48 bytes each, depending on the hash of the cipher suite. */
export interface SessionSecrets {
  /** TLS 1.2: the master secret, 48 bytes. */
  CLIENT_RANDOM?: Uint8Array
  CLIENT_EARLY_TRAFFIC_SECRET?: Uint8Array
  CLIENT_HANDSHAKE_TRAFFIC_SECRET?: Uint8Array
  SERVER_HANDSHAKE_TRAFFIC_SECRET?: Uint8Array
  CLIENT_TRAFFIC_SECRET_0?: Uint8Array
  SERVER_TRAFFIC_SECRET_0?: Uint8Array
}

/** The type of a pcapng Decryption Secrets Block that holds a key log (draft-ietf-opsawg-pcapng §4.7). */
export const TLS_KEY_LOG = 0x544c534b

/**
 * A line that was cut off has too few digits. If 64 of 96 are left it matches all the same: `fits` (epochs.ts) refuses the
 * secret.
 */
const LINE =
  /^(CLIENT_RANDOM|CLIENT_EARLY_TRAFFIC_SECRET|(?:CLIENT|SERVER)_(?:HANDSHAKE_TRAFFIC_SECRET|TRAFFIC_SECRET_0)) ([\da-f]{64}) ([\da-f]{64}|[\da-f]{96})[ \t]*\r?$/gim
const MASTER_SECRET_DIGITS = 96
/** A log is read in parts of about this many bytes, cut at a line end: a string cannot be of any length. */
const PART_LENGTH = 2 ** 20

/** The secrets of all key logs that were added. */
export class KeyLog {
  /** Grows with every log that is added. */
  version = 0
  /** True while more secrets may come: connections then hold back what they cannot decrypt yet. */
  mayGrow = false
  /** By client random, one character a byte. */
  readonly #sessions = new Map<string, SessionSecrets>()

  /** Takes a key log, or a part of one with whole lines. Comments, other labels, and lines that are cut off are ignored. */
  add(log: string | Uint8Array): void {
    this.version++
    const bytes = typeof log === 'string' ? new TextEncoder().encode(log) : log
    for (let start = 0; start < bytes.length; ) {
      const newline = bytes.indexOf(0x0a, start + PART_LENGTH)
      const end = newline < 0 ? bytes.length : newline + 1
      this.#addLines(toLatin1(bytes, start, end))
      start = end
    }
  }

  /** Takes a pcapng Decryption Secrets Block. Secrets that are not a TLS key log are ignored. */
  readonly addBlock = (type: number, secrets: Uint8Array): void => {
    if (type === TLS_KEY_LOG) this.add(secrets)
  }

  #addLines(text: string): void {
    for (const [, label, random, secret] of text.matchAll(LINE)) {
      const name = label!.toUpperCase() as keyof SessionSecrets
      if (name === 'CLIENT_RANDOM' && secret!.length !== MASTER_SECRET_DIGITS) continue
      const key = toLatin1(fromHex(random!))
      const session = this.#sessions.get(key) ?? {}
      session[name] = fromHex(secret!)
      this.#sessions.set(key, session)
    }
  }

  /** True once a log was added, even an empty one. */
  get isGiven(): boolean {
    return this.version > 0
  }

  /** The secrets of the connection whose ClientHello has this random (32 characters, one a byte). */
  find(clientRandom: string): SessionSecrets | undefined {
    return this.#sessions.get(clientRandom)
  }
}
