// The captures of fixtures/, and what the programs that made them say they sent and received.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Side } from '../../../src/base/stream.ts'

const folder = new URL('../../../fixtures/', import.meta.url)

/** What one program says of one connection. */
export interface Account {
  /** In the order in which the program sent and received them; a fragmented message once, when it was complete. */
  readonly events: readonly AccountEvent[]
  /**
   * The close code and reason that the program's API gave at the end: 1005 without a body, 1006 without a close frame (RFC 6455
   * §7.1.5).
   */
  readonly closed: { readonly code: number; readonly reason: string } | null
}

/** One thing sent: `from` sent it, whichever end reports it. Programs that answer pings by themselves report no pongs. */
export type AccountEvent = { readonly from: Side } & (
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'text' | 'binary' | 'ping' | 'pong'; readonly base64: string }
  | { readonly type: 'text' | 'binary'; readonly length: number; readonly sha256: string }
  | { readonly type: 'close'; readonly code: number | null; readonly reason: string }
)

/** One connection, as both ends tell of it. */
export interface LoggedConnection {
  /** Only if there are several, each with its own purpose. */
  readonly name?: string
  /** Absent if no program knows it. */
  readonly clientPort?: number
  readonly serverPort: number
  readonly url: string
  readonly subprotocol: string | null
  /** Of those over HTTP/2. */
  readonly http2Stream?: number
  /** Null if a program keeps no account. */
  readonly client: Account | null
  readonly server: Account | null
  /** The error by which a server of `ws` named what the client did wrong; null if it found nothing. */
  readonly verdict?: string | null
  /** Why the client did not go on after the handshake. */
  readonly refusedByClient?: string
}

/** `NAME.log.json`. Connections are in the order of their handshakes. */
export interface FixtureLog {
  /** The capture's file name. */
  readonly file: string
  readonly programs: Readonly<Record<string, string>>
  readonly connections: readonly LoggedConnection[]
  /** Requests that got no 101; `upgrade` if they had asked for one. */
  readonly refused?: ReadonlyArray<{
    readonly serverPort: number
    readonly status: number
    readonly upgrade: boolean
  }>
  /** True if the capture ends before the log does. */
  readonly cutOff?: true
}

const names = readdirSync(folder)
  .filter((name) => name.endsWith('.log.json'))
  .map((name) => name.replace('.log.json', ''))
  .sort()

/** Every fixture that can be read as it is, without its extension. */
export const fixtureNames: readonly string[] = names.filter((name) => !name.startsWith('tls-'))

/** Every fixture over TLS, without its extension. */
export const tlsFixtureNames: readonly string[] = names.filter((name) => name.startsWith('tls-'))

/** What the programs say of a fixture. */
export function fixtureLog(name: string): FixtureLog {
  return JSON.parse(readFileSync(new URL(`${name}.log.json`, folder), 'utf8'))
}

/** Whether its WebSockets are streams of HTTP/2. */
export function isHttp2(name: string): boolean {
  return fixtureLog(name).connections.some(({ http2Stream }) => http2Stream !== undefined)
}

/** Where a fixture's capture is; `name` as in `fixtureNames`. */
export function fixturePath(name: string): string {
  return fileURLToPath(new URL(fixtureLog(name).file, folder))
}

/** Where the secrets of a fixture over TLS are; undefined if there are none, or the capture has them itself. */
export function fixtureKeyLog(name: string): string | undefined {
  const url = new URL(`${name}.keys`, folder)
  return existsSync(url) ? fileURLToPath(url) : undefined
}

/** Paths of what opens a fixture over TLS. */
export interface FixtureSecrets {
  readonly keyLog?: string | undefined
  /** The server's private key. */
  readonly rsaKey?: string | undefined
}

/** The secrets of a fixture that are kept next to its capture. */
export function fixtureSecrets(name: string): FixtureSecrets {
  const pem = new URL(`${name}.pem`, folder)
  return { keyLog: fixtureKeyLog(name), rsaKey: existsSync(pem) ? fileURLToPath(pem) : undefined }
}

/** The words by which a fixture's secrets are named on the command line. */
export function secretWords(name: string): string[] {
  const { keyLog, rsaKey } = fixtureSecrets(name)
  return [
    ...(keyLog === undefined ? [] : ['--keylog', keyLog]),
    ...(rsaKey === undefined ? [] : ['--rsa-key', rsaKey]),
  ]
}

/** The TCP ports of a fixture's servers. */
export function fixturePorts(name: string): number[] {
  return [...new Set(fixtureLog(name).connections.map(({ serverPort }) => serverPort))]
}
