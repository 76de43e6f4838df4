// What a command puts into the template of the page (dist/page.html), and what the page reads. Platform neutral.
import type { ClosedEvent } from '../base/events.ts'
import type { FindingText } from '../base/findings.ts'
import type { Side } from '../base/stream.ts'
import type { Language } from '../language/language.ts'
import type {
  CaptureFileRecord,
  ClosedRecord,
  ConnectionRecord,
  FindingRecord,
  SummaryRecord,
} from '../records/records.ts'

/** What the page shows. */
export type PageData = ReportData | LessonData

/**
 * A capture to look at. Frames and messages are columns, and payloads are one long stream of bytes in pieces. Both are in blocks
 * of their own (`BlockName`), so that a report of many frames opens without reading them all.
 */
export interface ReportData {
  readonly kind: 'report'
  readonly language: Language
  /** Named without their folders. */
  readonly files: readonly CaptureFileRecord[]
  readonly summary: SummaryRecord
  /** The times in this report count from here, in seconds since 1970. Null if the capture has no times. */
  readonly startSeconds: number | null
  /** In the order of their numbers. */
  readonly connections: readonly ReportConnection[]
  /** Also those that belong to no connection. */
  readonly findings: readonly ReportFinding[]
  readonly frames: Table
  readonly messages: Table
  /** Frames whose payload has holes: their row, and the ranges of the payload. */
  readonly holes: ReadonlyArray<readonly [row: number, holes: ReadonlyArray<readonly [number, number]>]>
  /** Bytes of one payload block before it was deflated. The last one may be shorter. */
  readonly payloadBlock: number
  /** What had no room. */
  readonly leftOut: LeftOut
}

/** Columns one after the other in a block, little-endian. Each starts at a multiple of 8 bytes. */
export interface Table {
  readonly rows: number
  readonly columns: ReadonlyArray<readonly [name: string, type: ColumnType]>
}

export type ColumnType = 'uint8' | 'uint32' | 'float64'

/** The columns of frames. Times are nanoseconds since `startSeconds`, NaN if unknown. */
export interface FrameColumns {
  readonly connection: Uint32Array
  /** Its number within the connection. */
  readonly frame: Uint32Array
  /** The frame's first byte: FIN, RSV1 to RSV3, opcode. */
  readonly firstByte: Uint8Array
  /** `FrameFlag`s. */
  readonly flags: Uint8Array
  readonly maskingKey: Uint32Array
  readonly headerLength: Uint8Array
  /** As announced. */
  readonly payloadLength: Float64Array
  readonly capturedLength: Float64Array
  readonly time: Float64Array
  readonly firstPacket: Uint32Array
  readonly lastPacket: Uint32Array
  /** In the WebSocket byte stream of its direction. */
  readonly offset: Float64Array
  /** Row of its message, plus 1. 0 if it belongs to no message. */
  readonly message: Uint32Array
  /** Where its payload is among all payloads, unmasked, and how many bytes of it were kept. */
  readonly payloadAt: Float64Array
  readonly payloadKept: Uint32Array
  /** Where its segments are in the block `segments`, plus 1. 0 if all of it came in `firstPacket`. */
  readonly segmentsAt: Uint32Array
  readonly segmentCount: Uint32Array
  /** Of a pong: the number of the ping's frame that it answers. 0 for all other frames. */
  readonly answers: Uint32Array
}

export const FrameFlag = { server: 1, masked: 2, cut: 4 } as const

/** The columns of messages. */
export interface MessageColumns {
  readonly connection: Uint32Array
  readonly message: Uint32Array
  readonly flags: Uint8Array
  readonly wireLength: Float64Array
  readonly length: Float64Array
  readonly time: Float64Array
  /** Rows of its first and last frame. Other frames of the connection may be between them. */
  readonly firstRow: Uint32Array
  readonly lastRow: Uint32Array
  readonly frameCount: Uint32Array
  /** Where its inflated bytes are among all payloads. If it was not compressed, they are the payloads of its frames. */
  readonly dataAt: Float64Array
  readonly dataKept: Uint32Array
}

export const MessageFlag = {
  server: 1,
  compressed: 2,
  incomplete: 4,
  isText: 8,
  binary: 16,
  withoutContext: 32,
} as const

/**
 * The bytes of a frame that one packet brought, as three words in the block `segments`: packet, first byte, byte after the last.
 */
export const SEGMENT_WORDS = 3

/** Names of the blocks beside the data. */
export type BlockName = 'frames' | 'messages' | 'segments' | `payload-${number}`

/** A connection with its totals. */
export interface ReportConnection extends Omit<ConnectionRecord, 'type'> {
  /** Whether Sec-WebSocket-Accept belongs to the key. Null if one of them was not captured. */
  readonly acceptCorrect: boolean | null
  readonly closed: Omit<ClosedRecord, 'type'> & Pick<ClosedEvent, 'breaksRule'>
  /** Of the last head of the handshake, and of what closed it, in nanoseconds since `startSeconds`. Null if unknown. */
  readonly startTime: number | null
  readonly endTime: number | null
  readonly sent: Readonly<Record<Side, SentTotals>>
  /** How long the pings of each side waited for their pongs. */
  readonly pings: Readonly<Record<Side, PingTotals>>
  readonly findings: number
}

/** What one side sent. */
export interface SentTotals {
  readonly frames: number
  readonly messages: number
  /** Captured bytes of its frames, headers included. */
  readonly bytes: number
  /** Of its compressed messages: bytes on the wire, and inflated. */
  readonly compressedBytes: number
  readonly inflatedBytes: number
}

/** In nanoseconds. `shortest`, `mean` and `longest` are null if no ping was answered. */
export interface PingTotals {
  readonly sent: number
  readonly answered: number
  readonly shortest: number | null
  readonly mean: number | null
  readonly longest: number | null
}

/** A finding with what its sentence is made of, and when it was made, in nanoseconds since `startSeconds`. Null if unknown. */
export interface ReportFinding extends Omit<FindingRecord, 'message'> {
  readonly at: number | null
}

/** What the limits of a report kept out of it. */
export interface LeftOut {
  readonly connections: number
  readonly frames: number
  readonly findings: number
  /** Payloads (and inflated messages) that were cut, or left out as a whole. */
  readonly payloads: number
  /** The limits. */
  readonly limits: ReportLimits
}

/** How much a report holds. */
export interface ReportLimits {
  readonly frames: number
  /** Bytes of one payload, or of one inflated message. */
  readonly payload: number
  /** Bytes of all payloads and inflated messages. */
  readonly bytes: number
}

/** How much a report holds unless told otherwise. */
export const REPORT_LIMITS: ReportLimits = { frames: 500_000, payload: 64 * 1024, bytes: 64 * 1024 * 1024 }

/** The laboratory and the lesson. */
export interface LessonData {
  readonly kind: 'lesson'
  readonly language: Language
  /** The capture that examples and exercises are taken from, if there is one. */
  readonly capture?: LessonCapture
}

/** What a lesson takes from a capture. Bytes are in base64. */
export interface LessonCapture {
  /** The names of the files, without their folders. */
  readonly name: string
  /** Some of each kind, in the order of the capture. */
  readonly frames: readonly LessonFrame[]
  /** The first connection with both heads of its handshake captured. */
  readonly connection?: Omit<ConnectionRecord, 'type'>
}

/** A whole frame of a capture. */
export interface LessonFrame {
  readonly connection: number
  readonly frame: number
  readonly from: Side
  /** As on the wire. */
  readonly bytes: string
  /** The message that it completes. Absent for control frames, and for fragments before the last one. */
  readonly message?: LessonMessage
  readonly findings: readonly (FindingText & Pick<FindingRecord, 'severity' | 'reference'>)[]
}

/** A message of a capture. */
export interface LessonMessage {
  readonly opcodeName: 'text' | 'binary'
  /** Numbers of its frames. */
  readonly frames: readonly number[]
  readonly compressed: boolean
  /** The payloads of its frames joined, unmasked. */
  readonly wirePayload: string
  /** What the earlier compressed messages of the same side said. Absent if no context is taken over. */
  readonly window?: string
  /** Inflated. Absent if that was not possible. */
  readonly data?: string
  readonly incomplete: boolean
}
