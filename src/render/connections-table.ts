// One row a connection, printed when it is closed: who, how much, how it ended.
import type { ClosedEvent, ConnectionEvent, WalkEvent } from '../events.ts'
import type { Side, Time } from '../stream.ts'
import { endpoint, shortBytes, shortNumber } from './amount.ts'
import { escapeText } from './escape.ts'
import { FindingLines } from './finding-lines.ts'
import { type Cell, cell } from './grid.ts'
import { type ColumnPlan, ROOMY } from './layout.ts'
import { Pages } from './pages.ts'
import type { Renderer, TableOptions, Write } from './renderer.ts'
import { SENDER_WIDTH, SENDERS } from './sender.ts'
import { type Paint, paintWith } from './style.ts'
import { secondsBetween } from './time.ts'
import { totals } from './totals.ts'

/** Each connection has two lines: the client's on top, the server's below. Where it is narrow, the URL has a third one. */
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

/** Columns that are kept of a URL and a subprotocol. */
const LONGEST = 300

interface Amounts {
  frames: number
  messages: number
  /** Captured bytes of frames, headers included. */
  bytes: number
}

interface Track {
  readonly start: Time | undefined
  readonly ends: Readonly<Record<Side, string>>
  readonly url: string
  readonly agreed: string
  readonly http2Stream: number | undefined
  readonly sent: Readonly<Record<Side, Amounts>>
  findings: number
}

/** Prints connections, each when it is closed. */
export class ConnectionsTable implements Renderer {
  private readonly options: TableOptions
  private readonly paint: Paint
  private readonly pages: Pages
  private readonly findings: FindingLines
  private readonly tracks = new Map<number, Track>()
  private last = ''

  constructor(options: TableOptions, write: Write) {
    this.options = options
    this.paint = paintWith(options.color)
    this.pages = new Pages(options, plansFor(options.width), write)
    this.findings = new FindingLines(options)
  }

  event(event: WalkEvent): void {
    switch (event.type) {
      case 'connection':
        this.tracks.set(event.connection, trackOf(event))
        break
      case 'frame': {
        const sent = this.tracks.get(event.connection)?.sent[event.from]
        if (sent === undefined) break
        sent.frames += 1
        sent.bytes += event.headerLength + event.capturedLength
        break
      }
      case 'message': {
        const sent = this.tracks.get(event.connection)?.sent[event.from]
        if (sent !== undefined) sent.messages += 1
        break
      }
      case 'finding': {
        const track = this.tracks.get(event.connection ?? 0)
        if (track === undefined) this.pages.line(0, this.findings.lines(event))
        else track.findings += 1
        break
      }
      case 'closed':
        this.closed(event)
        break
      case 'summary':
        this.last = this.findings.rest() + totals(event, this.options.width, this.paint)
    }
  }

  flush(): void {
    this.pages.flush()
  }

  end(): void {
    this.pages.end(this.last)
  }

  private closed(event: ClosedEvent): void {
    const track = this.tracks.get(event.connection)
    if (track === undefined) return
    this.tracks.delete(event.connection)
    const { url, agreed, findings, http2Stream } = track
    const duration = secondsBetween(track.start, event.time, 14)
    const end = [cell(endOf(event, http2Stream)), cell(duration === '' ? '' : `${duration} s`)] as const
    const found: Cell = cell(String(findings), findings > 0 ? 'yellow' : undefined)
    const client = [cell(String(event.connection), 'bold'), ...endCells(track, 'client')]
    const server = [cell(''), ...endCells(track, 'server')]
    if (this.options.width >= ROOMY) {
      this.pages.row(0, { cells: [...client, cell(url), end[0], found], below: [] })
      this.pages.row(0, { cells: [...server, cell(agreed), end[1], cell('')], below: [] })
    } else {
      this.pages.row(0, { cells: [...client, end[0], found], below: [] })
      this.pages.row(0, { cells: [...server, end[1], cell('')], below: [`${url}  ${agreed}`] })
    }
  }
}

function trackOf(event: ConnectionEvent): Track {
  const { subprotocol, deflate, time, client, server, url, midstream, http2Stream } = event
  const stream = http2Stream === undefined ? '' : `, HTTP/2 stream ${http2Stream}`
  const unknown = midstream ? 'unknown: no handshake captured' : 'unknown'
  return {
    start: time,
    ends: { client: escapeText(endpoint(client)), server: escapeText(endpoint(server)) },
    url: escapeText(url ?? unknown, LONGEST),
    agreed: escapeText(
      `${subprotocol ?? 'no subprotocol'}, ${deflate === null ? 'not compressed' : 'permessage-deflate'}${stream}`,
      LONGEST,
    ),
    sent: { client: { frames: 0, messages: 0, bytes: 0 }, server: { frames: 0, messages: 0, bytes: 0 } },
    http2Stream,
    findings: 0,
  }
}

function endCells({ ends, sent }: Track, side: Side): Cell[] {
  const { frames, messages, bytes } = sent[side]
  return [
    SENDERS[side],
    cell(ends[side]),
    cell(shortNumber(frames, 9)),
    cell(shortNumber(messages, 9)),
    cell(shortBytes(bytes)),
  ]
}

function endOf({ how, code }: ClosedEvent, http2Stream: number | undefined): string {
  const isTcp = http2Stream === undefined
  const words = {
    clean: 'clean',
    'close-frame-only': 'one close frame',
    'tcp-fin': isTcp ? 'TCP FIN' : 'stream ended',
    'tcp-reset': isTcp ? 'TCP reset' : 'stream reset',
    open: 'still open',
  }[how]
  return code === null ? words : `${words}, ${code}`
}
