// A report as the page holds it: index and columns at once (read-capture.ts), payloads when they are asked for.
import type {
  FrameColumns,
  Holes,
  MessageColumns,
  ReportConnection,
  ReportData,
  ReportFinding,
} from '../../report/page-data.ts'
import { readBlockNow } from '../embedded.ts'

/** How many payload blocks are kept after they are read. */
const MOST_BLOCKS = 48

/** What the page reads of a report when it is opened. */
export interface ReadCapture {
  readonly data: ReportData
  /** By their numbers, in order. */
  readonly connections: ReadonlyMap<number, ReportConnection>
  /** In the order in which they were found. Also those that belong to no connection. */
  readonly findings: readonly ReportFinding[]
  /** By the rows of frames. */
  readonly holes: ReadonlyMap<number, Holes>
  readonly frames: FrameColumns & {
    /** Row of the frame's message, plus 1. 0 if it belongs to no message. */
    readonly message: Uint32Array
  }
  readonly messages: MessageColumns
  /** Three words for each stretch. */
  readonly segments: Uint32Array
}

/** All that a report holds. */
export class ReportCapture implements ReadCapture {
  readonly data: ReportData
  readonly connections: ReadCapture['connections']
  readonly findings: ReadCapture['findings']
  readonly holes: ReadCapture['holes']
  readonly frames: ReadCapture['frames']
  readonly messages: ReadCapture['messages']
  readonly segments: ReadCapture['segments']
  /** Findings of a frame by its row. */
  readonly findingsOf: ReadonlyMap<number, readonly ReportFinding[]>
  readonly #rows: RowsByConnection
  readonly #blocks = new Map<number, Uint8Array>()

  constructor(read: ReadCapture) {
    this.data = read.data
    this.connections = read.connections
    this.findings = read.findings
    this.holes = read.holes
    this.frames = read.frames
    this.messages = read.messages
    this.segments = read.segments
    this.#rows = new RowsByConnection(read.frames.connection)
    const findingsOf = new Map<number, ReportFinding[]>()
    for (const finding of read.findings) {
      if (finding.connection === undefined || finding.frame === undefined) continue
      const row = this.rowOf(finding.connection, finding.frame)
      if (row === undefined) continue
      const others = findingsOf.get(row)
      if (others === undefined) findingsOf.set(row, [finding])
      else others.push(finding)
    }
    this.findingsOf = findingsOf
  }

  /** Rows of all frames, or of one connection, in order. */
  rowsOf(connection: number | undefined): Uint32Array {
    return connection === undefined ? this.#rows.all : this.#rows.of(connection)
  }

  /** The row of a frame; undefined if it is not in the report. */
  rowOf(connection: number, frame: number): number | undefined {
    // Frame numbers of a connection rise from row to row.
    const rows = this.rowsOf(connection)
    let low = 0
    let high = rows.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.frames.frame[rows[middle]!]! < frame) low = middle + 1
      else high = middle
    }
    const row = rows[low]
    return row !== undefined && this.frames.frame[row] === frame ? row : undefined
  }

  /** `length` bytes of the payloads, from `at` on: a view if they lie in one block. */
  payload(at: number, length: number): Uint8Array {
    const { payloadBlock } = this.data
    const first = Math.floor(at / payloadBlock)
    const place = at - first * payloadBlock
    if (length === 0) return new Uint8Array(0)
    if (place + length <= payloadBlock) return this.#block(first).subarray(place, place + length)
    const bytes = new Uint8Array(length)
    for (let done = 0, block = first; done < length; block++) {
      const from = block === first ? place : 0
      const part = this.#block(block).subarray(from, from + length - done)
      bytes.set(part, done)
      done += part.length
    }
    return bytes
  }

  #block(index: number): Uint8Array {
    let block = this.#blocks.get(index)
    if (block === undefined) {
      block = readBlockNow(`payload-${index}`)
      if (block.length === 0) throw new RangeError(`the report has no payload block ${index}`)
      if (this.#blocks.size >= MOST_BLOCKS) this.#blocks.delete(this.#blocks.keys().next().value!)
    } else {
      this.#blocks.delete(index)
    }
    this.#blocks.set(index, block)
    return block
  }
}

/** The rows of frames by their connections, sorted once: a report may have tens of thousands of connections. */
class RowsByConnection {
  /** In the order of the capture. */
  readonly all: Uint32Array
  /** The rows of one connection after those of another. */
  readonly #sorted: Uint32Array
  /** Where the rows of a connection begin and end. */
  readonly #places = new Map<number, { start: number; end: number }>()
  /** What was asked for: it is the same array each time, so that a list of it is made once. */
  readonly #asked = new Map<number, Uint32Array>()

  /** `connections`: of each row. */
  constructor(connections: Uint32Array) {
    // Loops with an index: an iterator makes an object for each row.
    const rows = connections.length
    this.all = new Uint32Array(rows)
    this.#sorted = new Uint32Array(rows)
    for (let row = 0; row < rows; row++) {
      this.all[row] = row
      const place = this.#places.get(connections[row]!)
      if (place === undefined) this.#places.set(connections[row]!, { start: 0, end: 1 })
      else place.end++
    }
    let at = 0
    for (const place of this.#places.values()) {
      const count = place.end
      place.start = at
      place.end = at
      at += count
    }
    for (let row = 0; row < rows; row++) this.#sorted[this.#places.get(connections[row]!)!.end++] = row
  }

  of(connection: number): Uint32Array {
    let rows = this.#asked.get(connection)
    if (rows === undefined) {
      const { start, end } = this.#places.get(connection) ?? NOWHERE
      rows = this.#sorted.subarray(start, end)
      this.#asked.set(connection, rows)
    }
    return rows
  }
}

const NOWHERE = { start: 0, end: 0 }
