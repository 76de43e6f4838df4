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
  HeadRecord,
  SummaryRecord,
} from '../records/records.ts'

/** What the page shows. */
export type PageData = ReportData | LessonData

/**
 * A capture to look at. All that grows with it is in blocks of their own (`BlockName`), each of them a piece that was written
 * before the next one began: connections and findings as the index, frames and messages as columns, payloads as one long stream of
 * bytes. The page reads payloads only when they are asked for.
 */
export interface ReportData {
  readonly kind: 'report'
  readonly language: Language
  /** Named without their folders. */
  readonly files: readonly CaptureFileRecord[]
  readonly summary: SummaryRecord
  /** The times in this report count from here, in seconds since 1970. Null if the capture has no times. */
  readonly startSeconds: number | null
  /** The number of blocks that hold the index. */
  readonly indexBlocks: number
  readonly frames: Table
  readonly messages: Table
  readonly messageRows: Words
  readonly segments: Words
  /** Bytes of one payload block before it was deflated. The last one may be shorter. */
  readonly payloadBlock: number
  /** What had no room. */
  readonly leftOut: LeftOut
}

/**
 * Columns one after the other, little-endian, each from a multiple of 8 bytes on. Every block holds all columns of as many rows;
 * the last one may have fewer.
 */
export interface Table {
  readonly rows: number
  readonly rowsPerBlock: number
  readonly columns: ReadonlyArray<readonly [name: string, type: ColumnType]>
}

export type ColumnType = 'uint8' | 'uint32' | 'float64'

/** 32-bit words, little-endian, in blocks of as many; the last one may have fewer. */
export interface Words {
  readonly length: number
  readonly perBlock: number
}

/**
 * The index: what the page reads at once, besides the columns. A block is a JSON array of entries in the order in which they
 * happened. A connection is in two parts, so that nothing of its heads is held while it is open.
 */
export type IndexEntry =
  | { readonly kind: 'opened'; readonly connection: OpenedConnection }
  | { readonly kind: 'closed'; readonly connection: number; readonly totals: ConnectionTotals }
  | { readonly kind: 'finding'; readonly finding: ReportFinding }
  /** Ranges of the payload of the frame in a row that the capture does not hold. */
  | { readonly kind: 'holes'; readonly row: number; readonly holes: Holes }

/** Ranges of a payload, ends exclusive, in order. */
export type Holes = ReadonlyArray<readonly [start: number, end: number]>

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
  /** Where its payload is among all payloads, unmasked, and how many bytes of it were kept. */
  readonly payloadAt: Float64Array
  readonly payloadKept: Uint32Array
  /** Where its segments are in the blocks `segments`, plus 1. 0 if all of it came in `firstPacket`. */
  readonly segmentsAt: Uint32Array
  readonly segmentCount: Uint32Array
  /** Of a pong: the number of the ping's frame that it answers. 0 for all other frames. */
  readonly answers: Uint32Array
}

/** `untraced`: where its bytes came from had no room: neither its segments are known nor its holes. */
export const FrameFlag = { server: 1, masked: 2, cut: 4, untraced: 8 } as const

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
  /** How many of its frames are in the report. Their rows are the next words in the blocks `message-rows`. */
  readonly rowCount: Uint32Array
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
 * The bytes of a frame that one packet brought, as three words in the blocks `segments`: packet, first byte, byte after the last.
 */
export const SEGMENT_WORDS = 3

/** Names of the blocks beside the data, each kind numbered from 0. */
export type BlockName = `${BlockKind}-${number}`
export type BlockKind = 'index' | 'frames' | 'messages' | 'message-rows' | 'segments' | 'payload'

/** A connection with its totals. */
export type ReportConnection = OpenedConnection & ConnectionTotals

/** What is known of a connection as soon as it is one. A text that ends with `CUT` is the beginning of a longer one. */
export interface OpenedConnection extends Omit<ConnectionRecord, 'type' | 'handshake'> {
  readonly handshake: { readonly request: ReportHead | null; readonly response: ReportHead | null }
  /** Whether Sec-WebSocket-Accept belongs to the key. Null if one of them was not captured. */
  readonly acceptCorrect: boolean | null
  /** Of the last head of the handshake, in nanoseconds since `startSeconds`. Null if unknown. */
  readonly startTime: number | null
}

/** A head, as far as it had room. */
export interface ReportHead extends HeadRecord {
  /** Header lines that had no room: those after the last one in `headers`. Absent if all are there. */
  readonly headersLeftOut?: number
}

/** What is kept of a head: header lines, the characters of all of them, and those of a name, a value, or the start line. */
export const HEAD_LIMITS = { headers: 200, characters: 64 * 1024, text: 4096 } as const

/** The last character of a captured text that was cut. No other is above U+00FF: each stands for a byte. */
export const CUT = '…'

/** Whether a captured text of a connection was cut. */
export function isCut(text: string): boolean {
  return text.endsWith(CUT)
}

/** What is known of a connection in its end. */
export interface ConnectionTotals {
  readonly closed: Omit<ClosedRecord, 'type'> & Pick<ClosedEvent, 'breaksRule'>
  /** Of what closed it, in nanoseconds since `startSeconds`. Null if unknown. */
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
  /** Heads of handshakes that were cut. */
  readonly heads: number
  /** Also those of the connections that were left out. */
  readonly frames: number
  readonly findings: number
  /** Of these, the ones beyond the most of one code. */
  readonly findingsOfCode: number
  /** Payloads (and inflated messages) that were cut, or left out as a whole. */
  readonly payloads: number
  /** Frames of which it is not told which packets brought which bytes, and which bytes are missing. */
  readonly traces: number
  /** Whether the limit on the index kept anything out. */
  readonly isIndexFull: boolean
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
  /** Bytes of the index, and of the segments of frames. */
  readonly index: number
}

const MIB = 1024 * 1024

/** How much a report holds unless told otherwise. */
export const REPORT_LIMITS: ReportLimits = {
  frames: 500_000,
  payload: 64 * 1024,
  bytes: 64 * MIB,
  index: 64 * MIB,
}

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
