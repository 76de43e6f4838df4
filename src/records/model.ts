// A whole capture as one small model, for tests and tools: the records of schema 1, each with its connection, payloads as
// Uint8Array. In: events. Out: a Capture, which holds all of it in memory.
import type { AnalysisEvent } from '../base/events.ts'
import type { Side } from '../base/stream.ts'
import type {
  CaptureFileRecord,
  ClosedRecord,
  ConnectionRecord,
  FindingRecord,
  FrameRecord,
  MessageRecord,
  PacketRange,
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

/** A message: its fragments joined, and inflated if it was compressed. */
export class Message {
  readonly connection: number
  /** 1-based within the connection, both directions. */
  readonly message: number
  /** Who sent it. */
  readonly from: Side
  readonly packet: PacketRange
  /** ISO 8601, UTC, nine decimals; null if the file has no times. */
  readonly time: string | null
  readonly opcodeName: 'text' | 'binary'
  /** Numbers of its frames, in order. */
  readonly frames: readonly number[]
  /** Whether it was compressed on the wire (RFC 7692). */
  readonly compressed: boolean
  /** Payload bytes on the wire, of all its frames. */
  readonly wireLength: number
  /** Bytes after inflating; for an incomplete message, those that are sure. */
  readonly length: number
  /** The text of a text message that is valid UTF-8, else undefined. */
  readonly text: string | undefined
  /** True if bytes are missing or could not be inflated; `text` and `data` then hold what is sure before them. */
  readonly incomplete: boolean
  #data: Uint8Array | undefined
  #json: { readonly value: unknown } | undefined

  constructor(record: MessageRecord<Uint8Array>) {
    this.connection = record.connection
    this.message = record.message
    this.from = record.from
    this.packet = record.packet
    this.time = record.time
    this.opcodeName = record.opcodeName
    this.frames = record.frames
    this.compressed = record.compressed
    this.wireLength = record.wireLength
    this.length = record.length
    this.text = record.text
    this.incomplete = record.incomplete === true
    this.#data = record.data
  }

  /** The bytes of the message, binary or text (valid UTF-8 or not); undefined if none are sure. */
  get data(): Uint8Array | undefined {
    if (this.#data === undefined && this.text !== undefined) this.#data = new TextEncoder().encode(this.text)
    return this.#data
  }

  /** What the text says as JSON; undefined if it is not JSON. */
  get json(): unknown {
    this.#json ??= { value: parsed(this.text) }
    return this.#json.value
  }
}

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
  return collect(batches, { message: (record) => new Message(record), frame: (record) => record })
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

function parsed(text: string | undefined): unknown {
  if (text === undefined) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
