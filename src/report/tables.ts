// The two tables of a report: their columns, and the type of each (page-data.ts says what each holds).
import { TableBlocks, type TakeBlock } from './columns.ts'
import type { FrameColumns, MessageColumns } from './page-data.ts'

/** An empty table of frames. */
export function frameTable(block: TakeBlock): TableBlocks<FrameColumns> {
  const types = {
    connection: 'uint32',
    frame: 'uint32',
    firstByte: 'uint8',
    flags: 'uint8',
    maskingKey: 'uint32',
    headerLength: 'uint8',
    payloadLength: 'float64',
    capturedLength: 'float64',
    time: 'float64',
    firstPacket: 'uint32',
    lastPacket: 'uint32',
    offset: 'float64',
    payloadAt: 'float64',
    payloadKept: 'uint32',
    segmentsAt: 'uint32',
    segmentCount: 'uint32',
    answers: 'uint32',
  } as const
  return new TableBlocks<FrameColumns>(types, block)
}

/** An empty table of messages. */
export function messageTable(block: TakeBlock): TableBlocks<MessageColumns> {
  const types = {
    connection: 'uint32',
    message: 'uint32',
    flags: 'uint8',
    wireLength: 'float64',
    length: 'float64',
    time: 'float64',
    firstRow: 'uint32',
    lastRow: 'uint32',
    frameCount: 'uint32',
    rowCount: 'uint32',
    dataAt: 'float64',
    dataKept: 'uint32',
  } as const
  return new TableBlocks<MessageColumns>(types, block)
}
