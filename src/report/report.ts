// Events in, a report out (page-data.ts). Rows and totals are kept, and payloads are written as they come. Limits bound its
// memory, however long the capture is.
import type { AnalysisEvent, ClosedEvent, ConnectionEvent, FrameEvent, MessageEvent } from '../base/events.ts'
import type { FindingEvent } from '../base/findings.ts'
import type { Time } from '../base/stream.ts'
import type { Language } from '../language/language.ts'
import type { CaptureFileRecord, FindingRecord, SummaryRecord } from '../records/records.ts'
import { toRecord } from '../records/to-record.ts'
import { WordList } from './columns.ts'
import { OpenConnection } from './connection.ts'
import type { PageWriter } from './fill-template.ts'
import {
  FrameFlag,
  type LeftOut,
  MessageFlag,
  type ReportConnection,
  type ReportFinding,
  type ReportLimits,
  SEGMENT_WORDS,
} from './page-data.ts'
import { baseName, pageNames } from './page-names.ts'
import { PAYLOAD_BLOCK, PayloadBlocks } from './payloads.ts'
import { frameTable, messageTable } from './tables.ts'

/** Most connections. Their handshakes are most of the data that the page reads at once. */
const MOST_CONNECTIONS = 20_000

const SECOND = 1e9

/** Takes events, and writes the page. */
export class ReportWriter {
  readonly #page: PageWriter
  readonly #limits: ReportLimits
  readonly #findingsPerCode: number
  readonly #payloads: PayloadBlocks
  readonly #frames = frameTable()
  readonly #messages = messageTable()
  readonly #segments = new WordList()
  readonly #holes: [number, (readonly [number, number])[]][] = []
  readonly #files: CaptureFileRecord[] = []
  /** What the page calls each file, by its path. */
  readonly #names = new Map<string, string>()
  readonly #states = new Map<number, OpenConnection>()
  readonly #connections: ReportConnection[] = []
  readonly #findings: ReportFinding[] = []
  readonly #findingCounts = new Map<string, number>()
  readonly #leftOut = { connections: 0, frames: 0, findings: 0 }
  #summary: SummaryRecord | undefined
  #startSeconds: number | null = null

  constructor(page: PageWriter, limits: ReportLimits, findingsPerCode: number) {
    this.#page = page
    this.#limits = limits
    this.#findingsPerCode = findingsPerCode
    this.#payloads = new PayloadBlocks(limits, (bytes, index) => page.block(`payload-${index}`, bytes))
  }

  event(event: AnalysisEvent): void {
    switch (event.type) {
      case 'capture':
        this.#takeFiles((toRecord(event) as { files: CaptureFileRecord[] }).files)
        break
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
      case 'closed':
        this.#closed(event)
        break
      case 'summary':
        this.#summary = toRecord(event) as SummaryRecord
    }
  }

  /** After the last event: writes the rest of the page. */
  end(language: Language): void {
    this.#payloads.end()
    this.#page.block('frames', this.#frames.bytes())
    this.#page.block('messages', this.#messages.bytes())
    this.#page.block('segments', this.#segments.bytes())
    const leftOut: LeftOut = { ...this.#leftOut, payloads: this.#payloads.cut, limits: this.#limits }
    this.#page.end({
      kind: 'report',
      language,
      files: this.#files,
      // Captures that were read to their end have a summary.
      summary: this.#summary!,
      startSeconds: this.#startSeconds,
      connections: this.#connections.sort((a, b) => a.connection - b.connection),
      findings: this.#findings,
      frames: this.#frames.description,
      messages: this.#messages.description,
      holes: this.#holes,
      payloadBlock: PAYLOAD_BLOCK,
      leftOut,
    })
  }

  #takeFiles(files: readonly CaptureFileRecord[]): void {
    const names = pageNames(files.map(({ name }) => name))
    for (const [i, file] of files.entries()) {
      if (!this.#names.has(file.name)) this.#names.set(file.name, names[i]!)
      this.#files.push({ ...file, name: names[i]! })
    }
  }

  #open(event: ConnectionEvent): void {
    const time = this.#nanoseconds(event.time)
    if (this.#states.size + this.#connections.length >= MOST_CONNECTIONS) this.#leftOut.connections++
    else this.#states.set(event.connection, new OpenConnection(event, time))
  }

  #frame(event: FrameEvent): void {
    const state = this.#states.get(event.connection)
    const time = this.#nanoseconds(event.time)
    state?.frame(event, time, this.#nanoseconds)
    if (state === undefined || this.#frames.rows >= this.#limits.frames) {
      this.#leftOut.frames++
      return
    }
    const row = this.#frames.add()
    const { columns } = this.#frames
    this.#payloads.add(event.payload)
    columns.connection[row] = event.connection
    columns.frame[row] = event.frame
    columns.firstByte[row] =
      (event.fin ? 0x80 : 0) |
      (event.rsv1 ? 0x40 : 0) |
      (event.rsv2 ? 0x20 : 0) |
      (event.rsv3 ? 0x10 : 0) |
      event.opcode
    columns.flags[row] =
      (event.from === 'server' ? FrameFlag.server : 0) |
      (event.masked ? FrameFlag.masked : 0) |
      (event.cutBy === undefined ? 0 : FrameFlag.cut)
    columns.maskingKey[row] = event.maskingKey ?? 0
    columns.headerLength[row] = event.headerLength
    columns.payloadLength[row] = Number(event.payloadLength)
    columns.capturedLength[row] = event.capturedLength
    columns.time[row] = time
    columns.firstPacket[row] = event.firstPacket
    columns.lastPacket[row] = event.lastPacket
    columns.offset[row] = event.offset
    columns.payloadAt[row] = this.#payloads.at
    columns.payloadKept[row] = this.#payloads.kept
    columns.answers[row] = event.answers?.at(-1)?.frame ?? 0
    if (event.holes !== undefined) this.#holes.push([row, event.holes.map(([start, end]) => [start, end])])
    this.#keepSegments(event, row)
    state.keepRow(event, row)
  }

  #keepSegments({ segments = [], firstPacket, lastPacket }: FrameEvent, row: number): void {
    if (segments.length < 2 && firstPacket === lastPacket) return
    const { columns } = this.#frames
    columns.segmentsAt[row] = this.#segments.length / SEGMENT_WORDS + 1
    columns.segmentCount[row] = segments.length
    for (const { packet, start, end } of segments) this.#segments.push(packet, start, end)
  }

  #message(event: MessageEvent): void {
    const state = this.#states.get(event.connection)
    if (state === undefined) return
    state.message(event)
    const rows = state.takeRows(event)
    const [firstRow] = rows
    if (firstRow === undefined) return
    const row = this.#messages.add()
    const { columns } = this.#messages
    for (const frameRow of rows) this.#frames.columns.message[frameRow] = row + 1
    columns.connection[row] = event.connection
    columns.message[row] = event.message
    columns.flags[row] = flagsOf(event)
    columns.wireLength[row] = event.wireLength
    columns.length[row] = event.length
    columns.time[row] = this.#nanoseconds(event.time)
    columns.firstRow[row] = firstRow
    columns.lastRow[row] = rows.at(-1)!
    columns.frameCount[row] = event.frames.length
    if (!event.compressed || event.data === undefined) return
    this.#payloads.add(event.data)
    columns.dataAt[row] = this.#payloads.at
    columns.dataKept[row] = this.#payloads.kept
  }

  #finding(event: FindingEvent): void {
    const state = this.#states.get(event.connection ?? 0)
    if (state !== undefined) state.findings++
    const count = (this.#findingCounts.get(event.code) ?? 0) + 1
    this.#findingCounts.set(event.code, count)
    if (count > this.#findingsPerCode) {
      this.#leftOut.findings++
      return
    }
    const at = this.#nanoseconds(event.time)
    const { message: _, ...record } = toRecord(event) as FindingRecord
    const { file } = record.values
    const values =
      typeof file === 'string'
        ? { ...record.values, file: this.#names.get(file) ?? baseName(file) }
        : record.values
    this.#findings.push({ ...record, values, at: Number.isNaN(at) ? null : at })
  }

  #closed(event: ClosedEvent): void {
    const state = this.#states.get(event.connection)
    if (state === undefined) return
    this.#states.delete(event.connection)
    this.#connections.push(state.closed(event, this.#nanoseconds(event.time)))
  }

  /** Since the first time that was seen, exact for 104 days. NaN if unknown. */
  readonly #nanoseconds = (time: Time | undefined): number => {
    if (time === undefined) return Number.NaN
    this.#startSeconds ??= time.seconds
    return (time.seconds - this.#startSeconds) * SECOND + time.nanoseconds
  }
}

function flagsOf(event: MessageEvent): number {
  return (
    (event.from === 'server' ? MessageFlag.server : 0) |
    (event.compressed ? MessageFlag.compressed : 0) |
    (event.incomplete ? MessageFlag.incomplete : 0) |
    (event.isText ? MessageFlag.isText : 0) |
    (event.opcode === 2 ? MessageFlag.binary : 0) |
    (event.withoutContext ? MessageFlag.withoutContext : 0)
  )
}
