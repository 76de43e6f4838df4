// How much memory it takes to keep what a golden file has of a record.
import type { HeadRecord, WalkRecord } from '../records/records.ts'
import type { Level } from './golden.ts'

/** Bytes that a record takes in addition to its text. */
const RECORD_COST = 640
/** Bytes that a header takes in addition to its characters. */
const HEADER_COST = 128

/** In bytes: an estimate. */
export function costOf(record: WalkRecord<Uint8Array>, level: Level): number {
  switch (record.type) {
    case 'frame':
      return level === 'frames' ? RECORD_COST : 0
    case 'message':
      return RECORD_COST + 2 * (record.text?.length ?? 0) + 8 * record.frames.length
    case 'connection':
      return RECORD_COST + headCost(record.handshake.request) + headCost(record.handshake.response)
    default:
      return RECORD_COST
  }
}

function headCost(head: HeadRecord | null): number {
  return (head?.headers ?? []).reduce(
    (sum, [name, value]) => sum + HEADER_COST + name.length + value.length,
    0,
  )
}
