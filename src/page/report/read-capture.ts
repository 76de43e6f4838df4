// Reads what a command wrote of a report, block by block: the index, and the columns of frames and messages.
import type {
  BlockKind,
  ColumnType,
  FrameColumns,
  Holes,
  IndexEntry,
  MessageColumns,
  OpenedConnection,
  ReportConnection,
  ReportData,
  ReportFinding,
  Table,
  Words,
} from '../../report/page-data.ts'
import { readBlock } from '../embedded.ts'
import { type ReadCapture, ReportCapture } from './capture.ts'

/** Opens a report. */
export async function openCapture(data: ReportData): Promise<ReportCapture> {
  const index = await readIndex(data.indexBlocks)
  const messages = (await readTable('messages', data.messages)) as unknown as MessageColumns
  const frames = (await readTable('frames', data.frames)) as unknown as FrameColumns
  const rows = await readWords('message-rows', data.messageRows)
  const segments = await readWords('segments', data.segments)
  const message = messagesOfFrames(data.frames.rows, messages.rowCount, rows)
  return new ReportCapture({ data, ...index, frames: { ...frames, message }, messages, segments })
}

/** A block is read and parsed before the next one: no text is longer than a block. */
async function readIndex(blocks: number): Promise<Pick<ReadCapture, 'connections' | 'findings' | 'holes'>> {
  const opened = new Map<number, OpenedConnection>()
  const connections: ReportConnection[] = []
  const findings: ReportFinding[] = []
  const holes = new Map<number, Holes>()
  const decoder = new TextDecoder()
  for (let block = 0; block < blocks; block++) {
    for (const entry of JSON.parse(decoder.decode(await readBlock(`index-${block}`))) as IndexEntry[]) {
      if (entry.kind === 'opened') opened.set(entry.connection.connection, entry.connection)
      else if (entry.kind === 'closed')
        connections.push({ ...opened.get(entry.connection)!, ...entry.totals })
      else if (entry.kind === 'finding') findings.push(entry.finding)
      else holes.set(entry.row, entry.holes)
    }
  }
  connections.sort((a, b) => a.connection - b.connection)
  return { connections: new Map(connections.map((each) => [each.connection, each])), findings, holes }
}

/** For each frame the row of its message, plus 1. */
function messagesOfFrames(frames: number, rowCounts: Uint32Array, rows: Uint32Array): Uint32Array {
  const message = new Uint32Array(frames)
  let at = 0
  for (let row = 0; row < rowCounts.length; row++) {
    for (const end = at + rowCounts[row]!; at < end; at++) message[rows[at]!] = row + 1
  }
  return message
}

const ARRAYS = { uint8: Uint8Array, uint32: Uint32Array, float64: Float64Array } as const

async function readTable(
  kind: BlockKind,
  { rows, rowsPerBlock, columns }: Table,
): Promise<Record<string, InstanceType<(typeof ARRAYS)[ColumnType]>>> {
  const whole = columns.map(([name, type]) => [name, new ARRAYS[type](rows)] as const)
  for (let first = 0; first < rows; first += rowsPerBlock) {
    const { buffer } = await readBlock(`${kind}-${first / rowsPerBlock}`)
    const count = Math.min(rowsPerBlock, rows - first)
    let at = 0
    for (const [i, [, type]] of columns.entries()) {
      at = (at + 7) & ~7
      const part = new ARRAYS[type](buffer, at, count)
      whole[i]![1].set(part, first)
      at += part.byteLength
    }
  }
  return Object.fromEntries(whole)
}

async function readWords(kind: BlockKind, { length, perBlock }: Words): Promise<Uint32Array> {
  const words = new Uint32Array(length)
  for (let first = 0; first < length; first += perBlock)
    words.set(new Uint32Array((await readBlock(`${kind}-${first / perBlock}`)).buffer), first)
  return words
}
