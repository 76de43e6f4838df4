// A whole capture as one small model, for tests and tools: the records of schema 1, each with its connection, payloads as
// Uint8Array. In: events. Out: a Capture, which holds all of it in memory.
import type { AnalysisEvent } from '../base/events.ts'
import { type Message, makeMessage } from './message.ts'
import type {
  CaptureFileRecord,
  ClosedRecord,
  ConnectionRecord,
  FindingRecord,
  FrameRecord,
  SummaryRecord,
} from './records.ts'
import { toRecord } from './to-record.ts'

/** A capture, read to its end. */
export interface Capture {
  /** The files that were read, as they were named. */
  readonly files: readonly CaptureFileRecord[]
  /** The WebSocket connections, in the order of their handshakes. */
  readonly connections: readonly Connection[]
  /** What is wrong and belongs to no connection: in the files, in the packets, refused upgrades. */
  readonly findings: readonly FindingRecord[]
  /** Totals of the whole capture. */
  readonly summary: SummaryRecord
}

/** A WebSocket connection with all that was said on it. Its own fields are those of the `connection` record. */
export interface Connection extends Omit<ConnectionRecord, 'type'> {
  /** Messages of both sides, in the order in which they were complete. */
  readonly messages: readonly Message[]
  /** Frames of both sides, in the order in which they were complete; `frames[n - 1]` is frame `n`. */
  readonly frames: readonly Frame[]
  /** What is wrong with this connection. */
  readonly findings: readonly FindingRecord[]
  /** How it ended. */
  readonly closed: ClosedRecord
}

/** A frame, however illegal: the `frame` record with its payload as bytes, unmasked, still compressed if RSV1 says so. */
export type Frame = FrameRecord<Uint8Array>

/** The batches of a capture's events, to their end. */
export type EventBatches = AsyncIterable<readonly AnalysisEvent[]> | Iterable<readonly AnalysisEvent[]>

/** The model of the capture whose events these are. Throws what reading them throws. */
export async function collectCapture(batches: EventBatches): Promise<Capture> {
  const files: CaptureFileRecord[] = []
  const connections = new Map<number, Collected>()
  const findings: FindingRecord[] = []
  let summary: SummaryRecord | undefined
  for await (const batch of batches) {
    for (const event of batch) {
      const record = toRecord(event)
      if (record.type === 'capture') files.push(...record.files)
      else if (record.type === 'summary') summary = record
      else if (record.type === 'connection') {
        const { type, ...fields } = record
        connections.set(record.connection, { ...fields, messages: [], frames: [], findings: [] })
      } else {
        const connection = record.connection === undefined ? undefined : connections.get(record.connection)
        if (record.type === 'finding') (connection?.findings ?? findings).push(record)
        else if (record.type === 'message') connection!.messages.push(makeMessage(record))
        else if (record.type === 'closed') connection!.closed = record
        else connection!.frames.push(record)
      }
    }
  }
  // A walk that ends without throwing has closed every connection and summed up.
  return { files, connections: [...connections.values()] as Connection[], findings, summary: summary! }
}

interface Collected extends Omit<ConnectionRecord, 'type'> {
  messages: Message[]
  frames: Frame[]
  findings: FindingRecord[]
  closed?: ClosedRecord
}
