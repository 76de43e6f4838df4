// TLS conversations made within this process by node:tls: what went over the wire, in order, what was said, and the key log.
import { once } from 'node:events'
import { Duplex } from 'node:stream'
import {
  connect,
  createSecureContext,
  type SecureContextOptions,
  TLSSocket as Socket,
  type TLSSocket,
} from 'node:tls'
import { concat, copy } from '../../../src/base/bytes.ts'
import type { Direction } from '../../../src/base/stream.ts'

/** A key and a certificate that are used only in these tests. */
const CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBfzCCASWgAwIBAgIUfsvQVZdZfZaJJy2iFgb5yYvcirIwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyNDAxNTA0M1oYDzIxMjYxMDMx
MDE1MDQzWjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAATKgBW0BzA/wR4JXb2vOtEx61Q3HktYDypKnhvJ+4Aul4RpuoeACeYo
AMCjn+N7XPstrannkR6iLzJ7HstJqe61o1MwUTAdBgNVHQ4EFgQUtH4gzhZcq9Pp
HOYlJagQgX5Z4QgwHwYDVR0jBBgwFoAUtH4gzhZcq9PpHOYlJagQgX5Z4QgwDwYD
VR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNIADBFAiEAhvsAu0anG8cug78AZT1x
Luguw3OwpMpIxsGJJ1brhxACIB2vXuHP6l14V9wb4RhR3VETiKpf37V1HxNnSXPv
n2o4
-----END CERTIFICATE-----`
const KEY = `-----BEGIN EC PRIVATE KEY-----
MHcCAQEEIAea5QPDmS7tHh85DQMw43+WmgtR/kiuQVUdBiszcPm7oAoGCCqGSM49
AwEHoUQDQgAEyoAVtAcwP8EeCV29rzrRMetUNx5LWA8qSp4byfuALpeEabqHgAnm
KADAo5/je1z7La2p55Eeoi8yex7LSanutQ==
-----END EC PRIVATE KEY-----`

/** One conversation. Direction 0 is the client's. */
export interface TlsTape {
  readonly name: string
  readonly wire: ReadonlyArray<{ readonly direction: Direction; readonly bytes: Uint8Array }>
  /** What each side wrote, as the other side's TLS gave it out. */
  readonly said: readonly [Uint8Array, Uint8Array]
  readonly keyLog: string
  readonly cipherSuite: string
}

/** What the two sides write, in turn. */
export type Line = readonly [direction: Direction, text: Uint8Array]

/** Options of node:tls for both sides or for one, and what is done between lines. */
export interface TapeOptions {
  readonly both?: SecureContextOptions
  readonly server?: { readonly ecdhCurve?: string; readonly ticketKeys?: Buffer }
  readonly client?: {
    readonly session?: Buffer | undefined
    readonly ecdhCurve?: string
    readonly servername?: string
    readonly ALPNProtocols?: string[]
  }
  /** Index of the line before which the client negotiates new keys (TLS 1.2). */
  readonly renegotiatesBefore?: number
  /** Called with each session that the client may resume. */
  readonly onSession?: (session: Buffer) => void
}

/** Has node:tls carry `lines` from side to side. */
export async function recordTape(
  name: string,
  lines: readonly Line[],
  options: TapeOptions = {},
): Promise<TlsTape> {
  const wire: { direction: Direction; bytes: Uint8Array }[] = []
  const [near, far] = pipes((direction, bytes) => wire.push({ direction, bytes }))
  const logged: Buffer[] = []
  const secureContext = createSecureContext({
    cert: CERTIFICATE,
    key: KEY,
    ...options.both,
    ...options.server,
  })
  const server = new Socket(far, {
    isServer: true,
    secureContext,
    ...(options.client?.ALPNProtocols && { ALPNProtocols: ['http/1.1'] }),
  })
  const client = connect({ socket: near, rejectUnauthorized: false, ...options.both, ...options.client })
  client.on('keylog', (line) => logged.push(line))
  if (options.onSession !== undefined) client.on('session', options.onSession)
  const heard: [Uint8Array[], Uint8Array[]] = [[], []]
  const ends: readonly [TLSSocket, TLSSocket] = [client, server]
  const lengths = [0, 0]
  for (const direction of [0, 1] as const) {
    ends[direction === 0 ? 1 : 0].on('data', (bytes: Buffer) => {
      heard[direction].push(copy(bytes))
      lengths[direction]! += bytes.length
    })
  }
  await once(client, 'secureConnect')
  const expected = [0, 0]
  for (const [i, [direction, text]] of lines.entries()) {
    if (i === options.renegotiatesBefore)
      await new Promise((resolve) => client.renegotiate({ rejectUnauthorized: false }, resolve))
    expected[direction]! += text.length
    ends[direction].write(text)
    while (lengths[direction]! < expected[direction]!) await new Promise((resolve) => setImmediate(resolve))
  }
  const cipherSuite = client.getCipher().standardName
  client.end()
  await new Promise((resolve) => setTimeout(resolve, 5))
  client.destroy()
  server.destroy()
  return {
    name,
    wire,
    said: [concat(heard[0]), concat(heard[1])],
    keyLog: Buffer.concat(logged).toString(),
    cipherSuite,
  }
}

/** Two ends of a wire; `note` hears what passes. */
function pipes(note: (direction: Direction, bytes: Uint8Array) => void): [Duplex, Duplex] {
  const ends: Duplex[] = []
  for (const direction of [0, 1] as const) {
    ends.push(
      new Duplex({
        read() {},
        write(chunk: Buffer, _encoding, done) {
          note(direction, copy(chunk))
          ends[direction === 0 ? 1 : 0]!.push(chunk)
          done()
        },
      }),
    )
  }
  return ends as [Duplex, Duplex]
}
