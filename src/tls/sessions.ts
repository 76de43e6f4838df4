// Master secrets of TLS 1.2 sessions, for connections that resume them (RFC 5246 §7.4.1.2, RFC 5077): some key logs have a session's first
// connection only.

/** Sessions remembered; beyond it the oldest is forgotten. */
const MOST_SESSIONS = 4096
/** Tickets are a few hundred bytes. */
const LONGEST_KEY = 4096

export class Sessions {
  readonly #secrets = new Map<string, Uint8Array>()

  /** Remembers a session under its id or its ticket, one character a byte; empty where there is none. */
  remember(key: string, masterSecret: Uint8Array): void {
    if (key === '' || key.length > LONGEST_KEY) return
    if (this.#secrets.size === MOST_SESSIONS) this.#secrets.delete(this.#secrets.keys().next().value!)
    this.#secrets.set(key, masterSecret)
  }

  find(key: string): Uint8Array | undefined {
    return this.#secrets.get(key)
  }
}
