// A report's frames and messages as the page reads them: columns at once, payloads when they are asked for.
import type {
  ColumnType,
  FrameColumns,
  MessageColumns,
  ReportConnection,
  ReportData,
  ReportFinding,
  Table,
} from '../../report/page-data.ts'
import { readBlock, readBlockNow } from '../embedded.ts'

/** How many payload blocks are kept after they are read. */
const MOST_BLOCKS = 48

/** All that a report holds. */
export class ReportCapture {
  readonly data: ReportData
  readonly frames: FrameColumns
  readonly messages: MessageColumns
  /** Three words for each stretch. */
  readonly segments: Uint32Array
  readonly holes: ReadonlyMap<number, ReadonlyArray<readonly [number, number]>>
  readonly connections: ReadonlyMap<number, ReportConnection>
  /** Findings of a frame by its row. */
  readonly findingsOf: ReadonlyMap<number, readonly ReportFinding[]>
  readonly #rows = new Map<number, Uint32Array>()
  readonly #blocks = new Map<number, Uint8Array>()

  constructor(data: ReportData, frames: FrameColumns, messages: MessageColumns, segments: Uint32Array) {
    this.data = data
    this.frames = frames
    this.messages = messages
    this.segments = segments
    this.holes = new Map(data.holes)
    this.connections = new Map(data.connections.map((connection) => [connection.connection, connection]))
    const findingsOf = new Map<number, ReportFinding[]>()
    for (const finding of data.findings) {
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
    const key = connection ?? 0
    let rows = this.#rows.get(key)
    if (rows === undefined) {
      const { rows: count } = this.data.frames
      const found = new Uint32Array(count)
      let length = 0
      for (let row = 0; row < count; row++) {
        if (connection === undefined || this.frames.connection[row] === connection) found[length++] = row
      }
      rows = found.slice(0, length)
      this.#rows.set(key, rows)
    }
    return rows
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

/** Reads a report's tables. */
export async function openCapture(data: ReportData): Promise<ReportCapture> {
  const [frames, messages, segments] = await Promise.all([
    readBlock('frames'),
    readBlock('messages'),
    readBlock('segments'),
  ])
  return new ReportCapture(
    data,
    columnsOf(data.frames, frames) as unknown as FrameColumns,
    columnsOf(data.messages, messages) as unknown as MessageColumns,
    new Uint32Array(segments.buffer),
  )
}

const ARRAYS = { uint8: Uint8Array, uint32: Uint32Array, float64: Float64Array } as const

function columnsOf(
  { rows, columns }: Table,
  bytes: Uint8Array<ArrayBuffer>,
): Record<string, InstanceType<(typeof ARRAYS)[ColumnType]>> {
  let at = 0
  return Object.fromEntries(
    columns.map(([name, type]) => {
      at = (at + 7) & ~7
      const column = new ARRAYS[type](bytes.buffer, at, rows)
      at += column.byteLength
      return [name, column]
    }),
  )
}
