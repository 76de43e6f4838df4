// The frames of every connection, as tables: a row a frame, in the order of completion.
import {
  type AnalysisEvent,
  type ConnectionEvent,
  type FrameEvent,
  type MessageEvent,
  OPCODE_NAMES,
  Opcode,
} from '../../base/events.ts'
import type { FindingEvent } from '../../base/findings.ts'
import type { Time } from '../../base/stream.ts'
import type { Renderer, TableOptions, Write } from '../renderer.ts'
import { Cell, type Row } from '../text/row.ts'
import { type Paint, paintWith } from '../text/style.ts'
import { type ConnectionStart, closedLines, connectionHead } from './connection-head.ts'
import { FindingLines, SEVERITY_STYLES } from './finding-lines.ts'
import { frameBytes } from './frame-bytes.ts'
import { type ColumnPlan, ROOMY } from './layout.ts'
import { writeFrame, writeMessage } from './payload-cell.ts'
import { SENDER_WIDTH, SENDERS } from './sender-cell.ts'
import { TablePages } from './table-pages.ts'
import { totals } from './totals.ts'

const PLANS: readonly ColumnPlan[] = [
  { title: 'frame', shortTitle: '#', align: 'right', width: 3 },
  { title: 'packet', shortTitle: 'pkt', align: 'right', width: 4, leftOut: 5 },
  { title: 'time', align: 'right', width: 8, leftOut: 4 },
  { title: 'sender', align: 'left', width: SENDER_WIDTH },
  { title: 'FIN', align: 'center', width: 3, leftOut: 2 },
  { title: 'RSV', align: 'center', width: 3, leftOut: 1 },
  { title: 'opcode', align: 'left', width: 8 },
  { title: 'mask', align: 'left', width: 8, leftOut: 3 },
  { title: 'length', shortTitle: 'len', align: 'right', width: 4, leftOut: 6 },
  { title: 'payload', align: 'left', width: 0, flexible: true },
]
const FRAME = 0
const PAYLOAD = PLANS.length - 1

/** How the frames table is to look. */
export interface FramesTableOptions extends TableOptions {
  /** Adds each frame's bytes. */
  readonly hex?: boolean
}

/** Prints frames with their findings, connection by connection. */
export class FramesTable implements Renderer {
  readonly #options: FramesTableOptions
  readonly #paint: Paint
  readonly #pages: TablePages
  readonly #findings: FindingLines
  /** When each connection was recognised: the times of its rows count from there. */
  readonly #starts = new Map<number, ConnectionStart>()
  /** The row of the last frame: its findings and its message follow it at once. */
  #latest: { readonly connection: number; readonly frame: number; readonly row: Row } | undefined
  #last = ''

  constructor(options: FramesTableOptions, write: Write) {
    this.#options = options
    this.#paint = paintWith(options.color)
    this.#pages = new TablePages(options, PLANS, write)
    this.#findings = new FindingLines(options)
  }

  event(event: AnalysisEvent): void {
    switch (event.type) {
      case 'connection':
        this.#open(event)
        break
      case 'frame':
        this.#frame(event)
        break
      case 'message':
        this.#message(event)
        break
      case 'finding':
        this.#finding(event)
        break
      case 'closed': {
        const start = this.#starts.get(event.connection)
        this.#pages.line(event.connection, this.#findings.rest(event.connection))
        this.#pages.line(event.connection, closedLines(event, start, this.#options.width))
        this.#starts.delete(event.connection)
        break
      }
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

  #open(event: ConnectionEvent): void {
    const { connection, time, midstream } = event
    this.#starts.set(connection, { time, midstream })
    this.#pages.head(connection, connectionHead(event, this.#options.width, this.#paint))
  }

  #frame(event: FrameEvent): void {
    const row = this.#pages.row(event.connection)
    this.#fill(row, event, this.#starts.get(event.connection)?.time)
    if (this.#options.hex === true) row.below = frameBytes(event, this.#pages.spanWidth)
    this.#latest = { connection: event.connection, frame: event.frame, row }
  }

  #fill(row: Row, event: FrameEvent, start: Time | undefined): void {
    const { opcode, from, maskingKey } = event
    const roomy = this.#options.width >= ROOMY
    row.number(event.frame)
    row.number(event.lastPacket)
    row.seconds(start, event.time, roomy ? 16 : 9)
    row.cell(SENDERS[from])
    row.cell(event.fin ? FIN : NO_FIN)
    row.cell(RSV[(event.rsv1 ? 4 : 0) | (event.rsv2 ? 2 : 0) | (event.rsv3 ? 1 : 0)]!)
    row.cell((roomy ? OPCODES : SHORT_OPCODES)[opcode]!)
    if (maskingKey === undefined) row.cell(NO_MASK)
    else row.hexWord(maskingKey, 'dim')
    row.shortNumber(event.payloadLength)
    writeFrame(row, event, this.#pages.flexibleWidth)
  }

  #message(event: MessageEvent): void {
    if (!event.compressed || this.#latest === undefined) return
    const { connection, frame, row } = this.#latest
    if (connection !== event.connection || frame !== event.frames.at(-1)) return
    row.replace(PAYLOAD, () => writeMessage(row, event, this.#pages.flexibleWidth))
  }

  #finding(event: FindingEvent): void {
    this.#pages.line(event.connection ?? 0, this.#findings.lines(event))
    if (this.#latest === undefined || event.frame === undefined) return
    if (this.#latest.connection !== event.connection || this.#latest.frame !== event.frame) return
    this.#latest.row.restyle(FRAME, SEVERITY_STYLES[event.severity])
  }
}

const FIN = new Cell('1')
const NO_FIN = new Cell('0', 'yellow')
const RSV = Array.from(
  { length: 8 },
  (_, bits) => new Cell(bits.toString(2).padStart(3, '0'), bits === 0 ? 'dim' : 'yellow'),
)
const OPCODES = OPCODE_NAMES.map(
  (name, opcode) =>
    new Cell(
      `${opcode} ${name.startsWith('reserved') ? 'reserved' : name}`,
      opcode >= Opcode.close ? 'magenta' : undefined,
    ),
)
const SHORT_OPCODES = OPCODES.map(
  ({ text, style }) => new Cell(text.replace('continuation', 'cont.').replace('reserved', 'res.'), style),
)
const NO_MASK = new Cell('-', 'dim')
