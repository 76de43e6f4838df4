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
  MessageRecord,
  SummaryRecord,
  WalkRecord,
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

/** A capture for which something else is kept than its messages and frames themselves. */
export interface KeptCapture<KeptMessage, KeptFrame> extends Omit<Capture, 'connections'> {
  readonly connections: readonly KeptConnection<KeptMessage, KeptFrame>[]
}

/** A connection of such a capture. */
export interface KeptConnection<KeptMessage, KeptFrame> extends Omit<Connection, 'messages' | 'frames'> {
  readonly messages: readonly KeptMessage[]
  readonly frames: readonly KeptFrame[]
}

/** Chooses what is kept of a capture. A record's bytes are its own, and may be kept. */
export interface Keeper<KeptMessage, KeptFrame> {
  message(record: MessageRecord<Uint8Array>): KeptMessage
  /** Undefined keeps nothing of it. */
  frame(record: FrameRecord<Uint8Array>): KeptFrame | undefined
  /** Told of every record before it is kept; throws if it is one too many. */
  meet?(record: WalkRecord<Uint8Array>): void
}

/** The batches of a capture's events, to their end. */
export type EventBatches = AsyncIterable<readonly AnalysisEvent[]> | Iterable<readonly AnalysisEvent[]>

/** The model of the capture whose events these are. Throws what reading them throws. */
export function collectCapture(batches: EventBatches): Promise<Capture> {
  return collect(batches, { message: makeMessage, frame: (record) => record })
}

/** Like `collectCapture`, but keeps what `keeper` makes of each message and frame. Also throws what `keeper` throws. */
export async function collect<KeptMessage, KeptFrame>(
  batches: EventBatches,
  keeper: Keeper<KeptMessage, KeptFrame>,
): Promise<KeptCapture<KeptMessage, KeptFrame>> {
  const files: CaptureFileRecord[] = []
  const connections = new Map<number, Collected<KeptMessage, KeptFrame>>()
  const findings: FindingRecord[] = []
  let summary: SummaryRecord | undefined
  for await (const batch of batches) {
    for (const event of batch) {
      const record = toRecord(event)
      keeper.meet?.(record)
      if (record.type === 'capture') files.push(...record.files)
      else if (record.type === 'summary') summary = record
      else if (record.type === 'connection') {
        const { type, ...fields } = record
        connections.set(record.connection, { ...fields, messages: [], frames: [], findings: [] })
      } else {
        const connection = record.connection === undefined ? undefined : connections.get(record.connection)
        if (record.type === 'finding') (connection?.findings ?? findings).push(record)
        else if (record.type === 'message') connection!.messages.push(keeper.message(record))
        else if (record.type === 'closed') connection!.closed = record
        else {
          const frame = keeper.frame(record)
          if (frame !== undefined) connection!.frames.push(frame)
        }
      }
    }
  }
  return {
    files,
    // A walk that ends without throwing has closed every connection and summed up.
    connections: [...connections.values()] as KeptConnection<KeptMessage, KeptFrame>[],
    findings,
    summary: summary!,
  }
}

interface Collected<KeptMessage, KeptFrame> extends Omit<ConnectionRecord, 'type'> {
  messages: KeptMessage[]
  frames: KeptFrame[]
  findings: FindingRecord[]
  closed?: ClosedRecord
}
