// One row a connection, printed when it is closed: who, how much, how it ended.
import type { AnalysisEvent, ClosedEvent, ConnectionEvent, Endpoint } from '../../base/events.ts'
import type { Side, Time } from '../../base/stream.ts'
import { closeCodeFault } from '../../websocket/close.ts'
import type { Renderer, TableOptions, Write } from '../renderer.ts'
import { endpoint, shortBytes, shortNumber } from '../text/amount.ts'
import { secondsBetween } from '../text/elapsed.ts'
import { escapeText } from '../text/escape.ts'
import { Cell, type Row } from '../text/row.ts'
import { type Paint, paintWith } from '../text/style.ts'
import { FindingLines } from './finding-lines.ts'
import { type ColumnPlan, ROOMY } from './layout.ts'
import { SENDER_WIDTH, SENDERS } from './sender-cell.ts'
import { TablePages } from './table-pages.ts'
import { totals } from './totals.ts'

/** Each connection has two lines, the client above the server. On a narrow terminal, the URL has a third one. */
function plansFor(width: number): readonly ColumnPlan[] {
  const roomy = width >= ROOMY
  const url: ColumnPlan = { title: 'URL\nsubprotocol, compression', align: 'left', width: 0, flexible: true }
  return [
    { title: '#', align: 'right', width: 2 },
    { title: 'sender', align: 'left', width: SENDER_WIDTH, leftOut: 1 },
    { title: 'client\nserver', align: 'left', width: 9, most: Math.floor(width * 0.35) },
    { title: 'frames', align: 'right', width: 6, leftOut: 5 },
    { title: 'messages', shortTitle: 'msgs', align: 'right', width: 5, leftOut: 4 },
    { title: 'bytes', align: 'right', width: 5, leftOut: 3 },
    ...(roomy ? [url] : []),
    { title: 'end\nduration', align: 'left', width: roomy ? 16 : 0, flexible: !roomy },
    { title: 'findings', shortTitle: 'found', align: 'right', width: 3, leftOut: 2 },
  ]
}

/** How many columns of a URL and a subprotocol are kept. */
const LONGEST = 300

/** One side, and what it sent. */
interface Peer {
  readonly endpoint: string
  frames: number
  messages: number
  /** Captured bytes of frames, headers included. */
  bytes: number
}

interface Track {
  readonly start: Time | undefined
  readonly client: Peer
  readonly server: Peer
  readonly url: string
  readonly agreed: string
  readonly http2Stream: number | undefined
  findings: number
}

/** Prints connections, each when it is closed. */
export class ConnectionsTable implements Renderer {
  readonly #options: TableOptions
  readonly #paint: Paint
  readonly #pages: TablePages
  readonly #findings: FindingLines
  readonly #tracks = new Map<number, Track>()
  /** The last one that was looked up: a message comes right after its frame. */
  #current: Track | undefined
  #currentConnection = 0
  #last = ''

  constructor(options: TableOptions, write: Write) {
    this.#options = options
    this.#paint = paintWith(options.color)
    this.#pages = new TablePages(options, plansFor(options.width), write)
    this.#findings = new FindingLines(options)
  }

  event(event: AnalysisEvent): void {
    switch (event.type) {
      case 'connection':
        this.#tracks.set(event.connection, trackOf(event))
        break
      case 'frame': {
        const peer = this.#peer(event.connection, event.from)
        if (peer === undefined) break
        peer.frames += 1
        peer.bytes += event.headerLength + event.capturedLength
        break
      }
      case 'message': {
        const peer = this.#peer(event.connection, event.from)
        if (peer !== undefined) peer.messages += 1
        break
      }
      case 'finding': {
        const track = this.#tracks.get(event.connection ?? 0)
        if (track === undefined) this.#pages.line(0, this.#findings.lines(event))
        else track.findings += 1
        break
      }
      case 'closed':
        this.#closed(event)
        break
      case 'summary':
        this.#last = this.#findings.tooMany() + totals(event, this.#options.width, this.#paint)
    }
  }

  flush(): void {
    this.#pages.flush()
  }

  end(): void {
    this.#pages.end(this.#last)
  }

  #peer(connection: number, from: Side): Peer | undefined {
    if (connection !== this.#currentConnection) {
      this.#currentConnection = connection
      this.#current = this.#tracks.get(connection)
    }
    return from === 'client' ? this.#current?.client : this.#current?.server
  }

  #closed(event: ClosedEvent): void {
    const track = this.#tracks.get(event.connection)
    if (track === undefined) return
    this.#tracks.delete(event.connection)
    this.#currentConnection = 0
    this.#current = undefined
    const { start, client, server, url, agreed, findings, http2Stream } = track
    const pages = this.#pages
    const roomy = this.#options.width >= ROOMY
    const duration = secondsBetween(start, event.time, 14)
    const upper = pages.row(0)
    upper.number(event.connection, 'bold')
    fillPeer(upper, 'client', client)
    if (roomy) upper.text(url)
    upper.ascii(endOf(event, http2Stream))
    upper.number(findings, findings > 0 ? 'yellow' : undefined)
    const lower = pages.row(0)
    lower.cell(NOTHING)
    fillPeer(lower, 'server', server)
    if (roomy) lower.text(agreed)
    lower.ascii(duration === '' ? '' : `${duration} s`)
    lower.cell(NOTHING)
    if (!roomy) lower.below = [`${url}  ${agreed}`]
  }
}

function trackOf(event: ConnectionEvent): Track {
  const { subprotocol, deflate, time, client, server, url, midstream, http2Stream } = event
  const stream = http2Stream === undefined ? '' : `, HTTP/2 stream ${http2Stream}`
  const unknown = midstream ? 'unknown: no handshake captured' : 'unknown'
  return {
    start: time,
    client: peerAt(client),
    server: peerAt(server),
    url: escapeText(url ?? unknown, LONGEST),
    agreed: escapeText(
      `${subprotocol ?? 'no subprotocol'}, ${deflate === null ? 'not compressed' : 'permessage-deflate'}${stream}`,
      LONGEST,
    ),
    http2Stream,
    findings: 0,
  }
}

const NOTHING = new Cell('')

function peerAt(end: Endpoint): Peer {
  return { endpoint: endpoint(end), frames: 0, messages: 0, bytes: 0 }
}

/** Adds the cells of one side. Endpoints and amounts are ASCII: they need no escape, and their width is their length. */
function fillPeer(row: Row, side: Side, { endpoint, frames, messages, bytes }: Peer): void {
  row.cell(SENDERS[side])
  row.ascii(endpoint)
  row.ascii(shortNumber(frames, 9))
  row.ascii(shortNumber(messages, 9))
  row.ascii(shortBytes(bytes))
}

function endOf({ how, code, breaksRule }: ClosedEvent, http2Stream: number | undefined): string {
  const isTcp = http2Stream === undefined
  const words = {
    clean: breaksRule ? 'two close frames' : 'clean',
    'close-frame-only': 'one close frame',
    'tcp-fin': isTcp ? 'TCP FIN' : 'stream ended',
    'tcp-reset': isTcp ? 'TCP reset' : 'stream reset',
    open: 'still open',
  }[how]
  if (code !== null && closeCodeFault(code) !== undefined) return `${words}, ${code} (invalid)`
  const ending = how === 'clean' && breaksRule ? ', not clean' : ''
  return code === null ? words + ending : `${words}, ${code}${ending}`
}
