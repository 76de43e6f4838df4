// The messages of every connection, as tables: fragments joined, inflated.
import { type AnalysisEvent, type MessageEvent, OPCODE_NAMES } from '../../base/events.ts'
import type { Renderer, TableOptions, Write } from '../renderer.ts'
import { Cell, type Row } from '../text/row.ts'
import { type Paint, paintWith } from '../text/style.ts'
import { type ConnectionStart, closedLines, connectionHead } from './connection-head.ts'
import { FindingLines } from './finding-lines.ts'
import { type ColumnPlan, ROOMY } from './layout.ts'
import { writeMessage } from './payload-cell.ts'
import { SENDER_WIDTH, SENDERS } from './sender-cell.ts'
import { TablePages } from './table-pages.ts'
import { totals } from './totals.ts'

const PLANS: readonly ColumnPlan[] = [
  { title: 'message', shortTitle: '#', align: 'right', width: 3 },
  { title: 'packets', shortTitle: 'pkts', align: 'right', width: 5, leftOut: 4 },
  { title: 'time', align: 'right', width: 8, leftOut: 3 },
  { title: 'sender', align: 'left', width: SENDER_WIDTH },
  { title: 'type', align: 'left', width: 6 },
  { title: 'frames', align: 'right', width: 3, leftOut: 2 },
  { title: 'on the wire', shortTitle: 'wire', align: 'right', width: 4, leftOut: 1 },
  { title: 'length', shortTitle: 'len', align: 'right', width: 4, leftOut: 5 },
  { title: 'content', align: 'left', width: 0, flexible: true },
]

/** Prints messages, connection by connection. */
export class MessagesTable implements Renderer {
  readonly #options: TableOptions
  readonly #paint: Paint
  readonly #pages: TablePages
  readonly #findings: FindingLines
  /** When each open connection was recognised. */
  readonly #starts = new Map<number, ConnectionStart>()
  #last = ''

  constructor(options: TableOptions, write: Write) {
    this.#options = options
    this.#paint = paintWith(options.color)
    this.#pages = new TablePages(options, PLANS, write)
    this.#findings = new FindingLines(options)
  }

  event(event: AnalysisEvent): void {
    const { width } = this.#options
    switch (event.type) {
      case 'connection':
        this.#starts.set(event.connection, { time: event.time, midstream: event.midstream })
        this.#pages.head(event.connection, connectionHead(event, width, this.#paint))
        break
      case 'message':
        this.#fill(this.#pages.row(event.connection), event)
        break
      case 'finding':
        this.#pages.line(event.connection ?? 0, this.#findings.lines(event))
        break
      case 'closed':
        this.#pages.line(event.connection, this.#findings.rest(event.connection))
        this.#pages.line(event.connection, closedLines(event, this.#starts.get(event.connection), width))
        this.#starts.delete(event.connection)
        break
      case 'summary':
        this.#last = this.#findings.tooMany() + totals(event, width, this.#paint)
    }
  }

  flush(): void {
    this.#pages.flush()
  }

  end(): void {
    this.#pages.end(this.#last)
  }

  #fill(row: Row, event: MessageEvent): void {
    const { firstPacket, lastPacket } = event
    const roomy = this.#options.width >= ROOMY
    const start = this.#starts.get(event.connection)?.time
    row.number(event.message)
    if (firstPacket === lastPacket) row.number(lastPacket)
    else row.ascii(`${firstPacket}-${lastPacket}`)
    row.seconds(start, event.time, roomy ? 16 : 9)
    row.cell(SENDERS[event.from])
    row.cell(TYPES[event.opcode]!)
    row.ascii(frameNumbers(event.frames))
    row.shortNumber(event.wireLength)
    row.shortNumber(event.length)
    writeMessage(row, event, this.#pages.flexibleWidth)
  }
}

const TYPES = OPCODE_NAMES.map((name) => new Cell(name))

/** `7`, `7-9`, or `7..12` if other frames came between them. */
function frameNumbers(frames: readonly number[]): string {
  const first = frames[0]
  const last = frames.at(-1)
  if (first === undefined || last === undefined) return ''
  if (first === last) return String(first)
  return last - first === frames.length - 1 ? `${first}-${last}` : `${first}..${last}`
}
