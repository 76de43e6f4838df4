// Schema 1: the records that `--format ndjson` prints, one JSON object a line, and that the library yields. Types only. In JSON
// bytes are base64 text; the library has them as Uint8Array. A field may be added, never renamed.
import type {
  CaptureFile,
  CloseBody,
  ClosedHow,
  Deflate,
  Endpoint,
  Extension,
  TlsParameters,
} from '../base/events.ts'
import type { JsonObject } from '../base/finding-values.ts'
import type { FindingCode, Severity } from '../base/findings.ts'
import type { Side } from '../base/stream.ts'

/** Any record; `type` tells which. `Bytes` is base64 text in JSON. */
export type WalkRecord<Bytes = string> =
  | CaptureRecord
  | ConnectionRecord
  | FrameRecord<Bytes>
  | MessageRecord<Bytes>
  | FindingRecord
  | ClosedRecord
  | SummaryRecord

/** A record as a line of NDJSON. */
export type JsonRecord = WalkRecord<string>

/** Numbers of packets, 1-based as in Wireshark. */
export interface PacketRange {
  /** The packet that holds the first byte. */
  first: number
  /** The packet whose arrival completed it. */
  last: number
}

/** First record: what is read. */
export interface CaptureRecord {
  type: 'capture'
  schema: 1
  files: CaptureFileRecord[]
}

/** A file of the capture. */
export interface CaptureFileRecord {
  /** As it was given. */
  name: string
  format: CaptureFile['format']
  /** Absent if the file is not compressed. */
  compression?: 'gzip' | 'zstd'
}

/** A WebSocket connection. */
export interface ConnectionRecord {
  type: 'connection'
  /** 1-based, in the order of the handshakes. */
  connection: number
  client: Endpoint
  server: Endpoint
  transport: 'tcp' | 'tls' | 'h2' | 'h2+tls'
  /** True if no head of the handshake was captured. */
  midstream: boolean
  /** `ws://host/path` or `wss://…`; null if unknown. */
  url: string | null
  /** Null if the server chose none. */
  subprotocol: string | null
  /** Those that the server accepted. */
  extensions: Extension[]
  /** How each side compresses; null without permessage-deflate. */
  deflate: Deflate | null
  handshake: {
    request: HeadRecord | null
    response: HeadRecord | null
  }
  /** What a PROXY protocol preface says of the endpoints; absent without one. */
  proxyProtocol?: { client: Endpoint; server: Endpoint }
  /** What the TLS handshake agreed on; absent without TLS. */
  tls?: TlsParameters
  /** The HTTP/2 stream that it is on; absent if it is not on HTTP/2. */
  http2Stream?: number
}

/** An HTTP head of the handshake. */
export interface HeadRecord {
  packet: PacketRange
  /** ISO 8601, UTC, nine decimals; null if the file has no times. */
  time: string | null
  startLine: string
  /** In the order and spelling of the wire. */
  headers: [name: string, value: string][]
}

/** One frame, however illegal (RFC 6455 §5.2). */
export interface FrameRecord<Bytes = string> {
  type: 'frame'
  connection: number
  /** 1-based within the connection, both directions, in the order of completion. */
  frame: number
  from: Side
  packet: PacketRange
  /** ISO 8601, UTC, nine decimals; null if the file has no times. */
  time: string | null
  /** Of its first byte in its direction's WebSocket byte stream. */
  offset: number
  fin: boolean
  rsv1: boolean
  rsv2: boolean
  rsv3: boolean
  /** 0 … 15. */
  opcode: number
  /** `continuation text binary close ping pong`, or `reserved-3` … `reserved-15`. */
  opcodeName: string
  masked: boolean
  /** Eight hex digits; null if the frame is not masked. */
  maskingKey: string | null
  /** Bytes. */
  headerLength: number
  /** Bytes, as announced; a decimal string past 2^53-1. */
  payloadLength: number | string
  /** Payload bytes that the capture holds. */
  capturedLength: number
  /** Ranges of the payload that are missing, end exclusive, zeros in `payload`; absent if none are. */
  holes?: [start: number, end: number][]
  /** Unmasked, still compressed if RSV1 says so. */
  payload: Bytes
  /** On a close frame with a body. */
  close?: CloseBody
  /** On the frame that completes a message: the number of that message. Its record has the numbers of all its frames. */
  message?: number
  /** On a pong that answers a ping: the number of the ping's frame. It answers all earlier pings too (RFC 6455 §5.5.3). */
  answers?: number
}

/** A message: its fragments joined, and inflated if it was compressed. */
export interface MessageRecord<Bytes = string> {
  type: 'message'
  connection: number
  /** 1-based within the connection, both directions. */
  message: number
  from: Side
  packet: PacketRange
  /** ISO 8601, UTC, nine decimals; null if the file has no times. */
  time: string | null
  opcodeName: 'text' | 'binary'
  /** Numbers of its frames, in order. */
  frames: number[]
  compressed: boolean
  /** Payload bytes on the wire, of all its frames. */
  wireLength: number
  /** Bytes after inflating; for an incomplete message, those that are sure. */
  length: number
  /** A text message that is valid UTF-8. */
  text?: string
  /** A binary message, or text that is not valid UTF-8. */
  data?: Bytes
  /** Present if bytes are missing or could not be inflated; `text` or `data` then hold what is sure before them. */
  incomplete?: true
  /** Present if it was inflated although the window before it was lost, because it needs nothing of it. */
  withoutContext?: true
}

/** What is wrong with the peers or with the capture. */
export interface FindingRecord {
  type: 'finding'
  code: FindingCode
  /** The close code that RFC 6455 has an endpoint send for it. */
  closeCode?: number
  /** `violation`: a peer broke the RFC. `warning`: legal and questionable. `capture`: the capture's fault, not the peers'. */
  severity: Severity
  connection?: number
  frame?: number
  /** The side at fault. */
  from?: Side
  packet?: PacketRange
  /** One English sentence with the values. */
  message: string
  /** The section, as `RFC 6455 §5.1`. */
  reference: string
  /** What the sentence is made of: numbers, captured text as it is, and words that tell cases apart. Which ones depends on the code. */
  values: JsonObject
  /** The finding that this one is a consequence of. */
  follows?: { code: FindingCode; frame?: number }
}

/** How a connection ended. */
export interface ClosedRecord {
  type: 'closed'
  connection: number
  how: ClosedHow
  /** Of the first close frame seen; null if it has none, or if there is no close frame. */
  code: number | null
  reason: string | null
  /** Who sent that frame, or else the first FIN or RST. */
  initiator: Side | null
  /** ISO 8601, UTC, nine decimals; null if the file has no times. */
  time: string | null
  packet: PacketRange
}

/** Last record; of the whole capture, whatever was filtered. */
export interface SummaryRecord {
  type: 'summary'
  packets: number
  /** Captured bytes of all packets. */
  bytes: number
  /** tcpdump's names, as `EN10MB`. */
  linkTypes: string[]
  tcpConnections: number
  connections: number
  frames: number
  messages: number
  /** Findings by code. */
  findings: { [code: string]: number }
  /** Packets that hold no TCP, or none that could be read, by reason. */
  skipped: { [reason: string]: number }
}
