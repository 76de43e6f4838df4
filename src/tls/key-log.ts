// The secrets of TLS connections, as clients and servers log them (the NSS key log format, draft-ietf-tls-keylogfile): text in, secrets by
// client random out. Nothing of it ever leaves this folder.
import { fromHex, toLatin1 } from '../base/bytes.ts'

/** What a key log has of one connection; secrets of 32 or 48 bytes, by the hash of the cipher suite. */
export interface SessionSecrets {
  /** TLS 1.2: the master secret. */
  CLIENT_RANDOM?: Uint8Array
  CLIENT_EARLY_TRAFFIC_SECRET?: Uint8Array
  CLIENT_HANDSHAKE_TRAFFIC_SECRET?: Uint8Array
  SERVER_HANDSHAKE_TRAFFIC_SECRET?: Uint8Array
  CLIENT_TRAFFIC_SECRET_0?: Uint8Array
  SERVER_TRAFFIC_SECRET_0?: Uint8Array
}

/** The type of a pcapng Decryption Secrets Block that holds a key log (draft-ietf-opsawg-pcapng §4.7). */
export const TLS_KEY_LOG = 0x544c534b

/** A whole line: one that was cut off has too few digits. */
const LINE =
  /^(CLIENT_RANDOM|CLIENT_EARLY_TRAFFIC_SECRET|(?:CLIENT|SERVER)_(?:HANDSHAKE_TRAFFIC_SECRET|TRAFFIC_SECRET_0)) ([\da-f]{64}) ([\da-f]{64}|[\da-f]{96})[ \t]*\r?$/gim
const MASTER_SECRET_DIGITS = 96
/** A string cannot hold a log of any length. */
const PART_LENGTH = 2 ** 20

export class KeyLog {
  /** Grows with every log that was added. */
  version = 0
  /** True while more secrets may come, so that it pays to hold back what cannot be decrypted yet. */
  mayGrow = false
  /** By client random, one character a byte. */
  readonly #sessions = new Map<string, SessionSecrets>()

  /** Takes a key log, or a part of one with whole lines. Comments, other labels, and lines that are cut off are passed over. */
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

  /** Takes a pcapng Decryption Secrets Block; secrets that are no key log are passed over. */
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

  /** True where some log was added, were it empty. */
  get isGiven(): boolean {
    return this.version > 0
  }

  /** The secrets of the connection whose ClientHello has this random (32 characters, one a byte). */
  find(clientRandom: string): SessionSecrets | undefined {
    return this.#sessions.get(clientRandom)
  }
}
