// Events in, a report out (page-data.ts). All that grows with the capture is written as it comes, block by block. What is held is
// the block at hand of each kind, and the totals of the connections that are open.
import type { AnalysisEvent, ClosedEvent, ConnectionEvent, FrameEvent, MessageEvent } from '../base/events.ts'
import type { FindingEvent } from '../base/findings.ts'
import type { Time } from '../base/stream.ts'
import type { Language } from '../language/language.ts'
import type { CaptureFileRecord, FindingRecord, SummaryRecord } from '../records/records.ts'
import { toRecord } from '../records/to-record.ts'
import { surePayload } from '../websocket/messages.ts'
import { type TakeBlock, WordBlocks } from './columns.ts'
import { OpenConnection } from './connection.ts'
import type { PageWriter } from './fill-template.ts'
import { IndexBlocks } from './index-blocks.ts'
import { isHeadCut, openedConnection, withoutHeaders } from './opened.ts'
import {
  type BlockKind,
  FrameFlag,
  type LeftOut,
  MessageFlag,
  type ReportFinding,
  type ReportHead,
  type ReportLimits,
  SEGMENT_WORDS,
} from './page-data.ts'
import { baseName, pageNames } from './page-names.ts'
import { PAYLOAD_BLOCK, PayloadBlocks } from './payloads.ts'
import { frameTable, messageTable } from './tables.ts'

const SECOND = 1e9

/** Bytes of the index that are kept free for the end of an open connection: more than that ever takes. */
const CLOSING_ROOM = 2048

/** Takes events, and writes the page. */
export class ReportWriter {
  readonly #page: PageWriter
  readonly #limits: ReportLimits
  readonly #findingsPerCode: number
  readonly #index: IndexBlocks
  readonly #payloads: PayloadBlocks
  readonly #frames: ReturnType<typeof frameTable>
  readonly #messages: ReturnType<typeof messageTable>
  readonly #messageRows: WordBlocks
  readonly #segments: WordBlocks
  readonly #files: CaptureFileRecord[] = []
  /** What the page calls each file, by its path. */
  readonly #names = new Map<string, string>()
  readonly #states = new Map<number, OpenConnection>()
  readonly #findingCounts = new Map<string, number>()
  readonly #leftOut = { connections: 0, heads: 0, frames: 0, findings: 0, findingsOfCode: 0, traces: 0 }
  #summary: SummaryRecord | undefined
  #startSeconds: number | null = null

  constructor(page: PageWriter, limits: ReportLimits, findingsPerCode: number) {
    this.#page = page
    this.#limits = limits
    this.#findingsPerCode = findingsPerCode
    const blocks =
      (kind: BlockKind): TakeBlock =>
      (bytes, index) =>
        page.block(`${kind}-${index}`, bytes)
    this.#index = new IndexBlocks(limits.index, blocks('index'))
    this.#payloads = new PayloadBlocks(limits, blocks('payload'))
    this.#frames = frameTable(blocks('frames'))
    this.#messages = messageTable(blocks('messages'))
    this.#messageRows = new WordBlocks(blocks('message-rows'))
    this.#segments = new WordBlocks(blocks('segments'))
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
    const blocks = [
      this.#payloads,
      this.#frames,
      this.#messages,
      this.#messageRows,
      this.#segments,
      this.#index,
    ]
    for (const each of blocks) each.end()
    const leftOut: LeftOut = {
      ...this.#leftOut,
      payloads: this.#payloads.cut,
      isIndexFull: this.#index.isFull,
      limits: this.#limits,
    }
    this.#page.end({
      kind: 'report',
      language,
      files: this.#files,
      // Captures that were read to their end have a summary.
      summary: this.#summary!,
      startSeconds: this.#startSeconds,
      indexBlocks: this.#index.count,
      frames: this.#frames.description,
      messages: this.#messages.description,
      messageRows: this.#messageRows.description,
      segments: this.#segments.description,
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
    const opened = openedConnection(event, this.#nanoseconds(event.time))
    const request = this.#withRoom(opened.handshake.request)
    const response = this.#withRoom(opened.handshake.response)
    const connection = { ...opened, handshake: { request: request.head, response: response.head } }
    const details = request.bytes + response.bytes
    if (!this.#index.add({ kind: 'opened', connection }, details, CLOSING_ROOM)) {
      this.#leftOut.connections++
      return
    }
    for (const { head } of [request, response]) if (head !== null && isHeadCut(head)) this.#leftOut.heads++
    this.#states.set(event.connection, new OpenConnection())
  }

  /** The head, without its headers if they have no room; and the bytes that they take. */
  #withRoom(head: ReportHead | null): { readonly head: ReportHead | null; readonly bytes: number } {
    if (head === null) return { head, bytes: 0 }
    const bytes = Buffer.byteLength(JSON.stringify(head.headers))
    return this.#index.takeDetails(bytes) ? { head, bytes } : { head: withoutHeaders(head), bytes: 0 }
  }

  #frame(event: FrameEvent): void {
    const state = this.#states.get(event.connection)
    const time = this.#nanoseconds(event.time)
    state?.frame(event, time, this.#nanoseconds)
    if (state === undefined || this.#frames.rows >= this.#limits.frames) {
      this.#leftOut.frames++
      return
    }
    const place = this.#frames.add()
    const row = this.#frames.rows - 1
    const { columns } = this.#frames
    const isTraced = this.#trace(event, row, place)
    this.#payloads.add(isTraced ? event.payload : surePayload(event))
    columns.connection[place] = event.connection
    columns.frame[place] = event.frame
    columns.firstByte[place] =
      (event.fin ? 0x80 : 0) |
      (event.rsv1 ? 0x40 : 0) |
      (event.rsv2 ? 0x20 : 0) |
      (event.rsv3 ? 0x10 : 0) |
      event.opcode
    columns.flags[place] =
      (event.from === 'server' ? FrameFlag.server : 0) |
      (event.masked ? FrameFlag.masked : 0) |
      (event.cutBy === undefined ? 0 : FrameFlag.cut) |
      (isTraced ? 0 : FrameFlag.untraced)
    columns.maskingKey[place] = event.maskingKey ?? 0
    columns.headerLength[place] = event.headerLength
    columns.payloadLength[place] = Number(event.payloadLength)
    columns.capturedLength[place] = event.capturedLength
    columns.time[place] = time
    columns.firstPacket[place] = event.firstPacket
    columns.lastPacket[place] = event.lastPacket
    columns.offset[place] = event.offset
    columns.payloadAt[place] = this.#payloads.at
    columns.payloadKept[place] = this.#payloads.kept
    columns.answers[place] = event.answers?.at(-1)?.frame ?? 0
    state.keepRow(event, row)
  }

  /** Keeps which packets brought which bytes of the frame, and which are missing. Returns false if there is no room. */
  #trace({ segments = [], holes, firstPacket, lastPacket }: FrameEvent, row: number, place: number): boolean {
    const isInOne = segments.length < 2 && firstPacket === lastPacket
    if (isInOne && holes === undefined) return true
    const bytes = isInOne ? 0 : segments.length * SEGMENT_WORDS * Uint32Array.BYTES_PER_ELEMENT
    if (!this.#index.addDetails(holes && { kind: 'holes', row, holes }, bytes)) {
      this.#leftOut.traces++
      return false
    }
    if (isInOne) return true
    const { columns } = this.#frames
    columns.segmentsAt[place] = this.#segments.length / SEGMENT_WORDS + 1
    columns.segmentCount[place] = segments.length
    for (const { packet, start, end } of segments) {
      this.#segments.push(packet)
      this.#segments.push(start)
      this.#segments.push(end)
    }
    return true
  }

  #message(event: MessageEvent): void {
    const state = this.#states.get(event.connection)
    if (state === undefined) return
    state.message(event)
    const rows = state.takeRows(event)
    const [firstRow] = rows
    if (firstRow === undefined) return
    const place = this.#messages.add()
    const { columns } = this.#messages
    for (const frameRow of rows) this.#messageRows.push(frameRow)
    columns.connection[place] = event.connection
    columns.message[place] = event.message
    columns.flags[place] = flagsOf(event)
    columns.wireLength[place] = event.wireLength
    columns.length[place] = event.length
    columns.time[place] = this.#nanoseconds(event.time)
    columns.firstRow[place] = firstRow
    columns.lastRow[place] = rows.at(-1)!
    columns.frameCount[place] = event.frames.length
    columns.rowCount[place] = rows.length
    if (!event.compressed || event.data === undefined) return
    this.#payloads.add(event.data)
    columns.dataAt[place] = this.#payloads.at
    columns.dataKept[place] = this.#payloads.kept
  }

  #finding(event: FindingEvent): void {
    const state = this.#states.get(event.connection ?? 0)
    if (state !== undefined) state.findings++
    const count = (this.#findingCounts.get(event.code) ?? 0) + 1
    this.#findingCounts.set(event.code, count)
    const isBeyond = count > this.#findingsPerCode
    if (isBeyond) this.#leftOut.findingsOfCode++
    if (isBeyond || !this.#index.add({ kind: 'finding', finding: this.#told(event) }))
      this.#leftOut.findings++
  }

  #told(event: FindingEvent): ReportFinding {
    const at = this.#nanoseconds(event.time)
    const { message: _, ...record } = toRecord(event) as FindingRecord
    const { file } = record.values
    const values =
      typeof file === 'string'
        ? { ...record.values, file: this.#names.get(file) ?? baseName(file) }
        : record.values
    return { ...record, values, at: Number.isNaN(at) ? null : at }
  }

  #closed(event: ClosedEvent): void {
    const { connection } = event
    const state = this.#states.get(connection)
    if (state === undefined) return
    this.#states.delete(connection)
    const totals = state.closed(event, this.#nanoseconds(event.time))
    this.#index.addReserved({ kind: 'closed', connection, totals }, CLOSING_ROOM)
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
