// Master secrets of TLS 1.2 sessions, for connections that resume them (RFC 5246 §7.4.1.2, RFC 5077): some key logs hold only a session's
// first connection. The store stands alone: it is the capture's, not a connection's.
import type { ClientHello, ServerHello } from './hello.ts'

/** Sessions remembered at most; for one more, the oldest is forgotten. */
const MOST_SESSIONS = 4096
/** In bytes; a ticket has a few hundred. */
const LONGEST_KEY = 4096

/** The sessions of all connections of a capture. */
export class Sessions {
  readonly #secrets = new Map<string, Uint8Array>()

  /** Remembers a session under its id or its ticket, one character a byte. Without a key (an empty string) it does nothing. */
  remember(key: string, masterSecret: Uint8Array): void {
    if (key === '' || key.length > LONGEST_KEY) return
    if (this.#secrets.size === MOST_SESSIONS) this.#secrets.delete(this.#secrets.keys().next().value!)
    this.#secrets.set(key, masterSecret)
  }

  /** The master secret of the session that both hellos resume; undefined if the session is new or not remembered. */
  resumed({ sessionId, ticket }: ClientHello, server: ServerHello): Uint8Array | undefined {
    if (sessionId === '' || sessionId !== server.sessionId) return undefined
    return this.#secrets.get(sessionId) ?? this.#secrets.get(ticket)
  }
}
