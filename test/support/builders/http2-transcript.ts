// What Node's HTTP/2 client and server write to each other, within this process: real bytes for the reader of HTTP/2.
import { once } from 'node:events'
import {
  type ClientHttp2Session,
  connect,
  constants,
  createServer,
  type IncomingHttpHeaders,
} from 'node:http2'
import { Duplex } from 'node:stream'
import type { Direction } from '../../../src/base/stream.ts'

/** What one WebSocket's stream carries, in both directions. */
export interface SpokenStream {
  readonly path: string
  /** Pieces that the client, and the server, write one after the other. */
  readonly client: readonly Uint8Array[]
  readonly server: readonly Uint8Array[]
  /** Ordinary header fields that the client sends with the others. */
  readonly headers?: Readonly<Record<string, string>>
}

/** What both sides wrote. */
export interface Transcript {
  /** In the order in which they were written. */
  readonly writes: ReadonlyArray<{ readonly direction: Direction; readonly bytes: Uint8Array }>
  /** The number of each stream, by path. */
  readonly streams: ReadonlyMap<string, number>
  /** What the server understood of each request, by path. */
  readonly requests: ReadonlyMap<string, IncomingHttpHeaders>
}

/** The size of HPACK's table (RFC 7541 §4.2), and whether frames are padded. */
export interface TranscriptOptions {
  readonly headerTableSize?: number
  readonly isPadded?: boolean
}

/** Lets all streams speak at once over one connection, with an ordinary request and a refused WebSocket between them. */
export async function transcribe(
  streams: readonly SpokenStream[],
  { headerTableSize, isPadded = false }: TranscriptOptions = {},
): Promise<Transcript> {
  const writes: { direction: Direction; bytes: Uint8Array }[] = []
  const [near, far] = wires((direction, bytes) => writes.push({ direction, bytes: Uint8Array.from(bytes) }))
  const paddingStrategy = isPadded ? constants.PADDING_STRATEGY_MAX : constants.PADDING_STRATEGY_NONE
  const requests = new Map<string, IncomingHttpHeaders>()
  const settings = headerTableSize === undefined ? {} : { headerTableSize }
  const server = createServer({
    settings: { ...settings, enableConnectProtocol: true },
    paddingStrategy,
    maxSendHeaderBlockLength: 1 << 20,
  })
  server.on('stream', (stream, headers) => {
    const spoken = streams.find(({ path }) => path === headers[':path'])
    stream.on('error', () => {})
    requests.set(headers[':path']!, headers)
    if (spoken === undefined) {
      const isPage = headers[':method'] === 'GET'
      stream.respond({ ':status': isPage ? 200 : 404, server: 'a page' }, { waitForTrailers: true })
      stream.on('wantTrailers', () => stream.sendTrailers({ 'x-checksum': '1234' }))
      stream.end('a page')
      return
    }
    stream.resume()
    stream.respond({ ':status': 200, 'sec-websocket-protocol': 'chat' })
    write(stream, spoken.server)
  })
  const session = connect('http://localhost', {
    createConnection: () => near,
    settings,
    paddingStrategy,
    maxSendHeaderBlockLength: 1 << 20,
  })
  server.emit('connection', far)
  await once(session, 'remoteSettings')
  const numbers = new Map<string, number>()
  const ends = streams.map(async (spoken) => {
    const stream = session.request(
      { ':method': 'CONNECT', ':protocol': 'websocket', ':path': spoken.path, ...spoken.headers },
      { endStream: false },
    )
    const ended = once(stream.resume(), 'end')
    await once(stream, 'response')
    numbers.set(spoken.path, stream.id!)
    write(stream, spoken.client)
    await ended
  })
  await Promise.all([...ends, page(session, '/page'), refused(session)])
  session.destroy()
  server.close()
  return { writes, streams: numbers, requests }
}

function write(stream: Duplex, pieces: readonly Uint8Array[]): void {
  for (const piece of pieces) stream.write(piece)
  stream.end()
}

async function page(session: ClientHttp2Session, path: string): Promise<void> {
  await once(session.request({ ':path': path }).resume(), 'end')
}

async function refused(session: ClientHttp2Session): Promise<void> {
  const stream = session.request({ ':method': 'CONNECT', ':protocol': 'websocket', ':path': '/nowhere' })
  stream.resume()
  stream.end()
  await once(stream, 'close')
}

/** Two ends of a connection; `note` is told what passes. */
function wires(note: (direction: Direction, bytes: Uint8Array) => void): [Duplex, Duplex] {
  const ends: [Duplex, Duplex] = [end(0), end(1)]
  function end(direction: Direction): Duplex {
    return new Duplex({
      read() {},
      write(bytes: Uint8Array, _, done) {
        note(direction, bytes)
        const peer = ends[direction === 0 ? 1 : 0]
        setImmediate(() => {
          peer.push(bytes)
          done()
        })
      },
      final(done) {
        ends[direction === 0 ? 1 : 0].push(null)
        done()
      },
    })
  }
  return ends
}
