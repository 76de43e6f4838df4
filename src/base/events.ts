// The events that walk out of the decoder: the records of schema 1 (records.ts) before anything is spelled out. Numbers stay numbers,
// bytes stay views, times stay exact, so that an event nobody prints costs next to nothing. Platform neutral.
import type { FindingEvent } from './findings.ts'
import type { EndReason, Side, Time } from './stream.ts'

/** RFC 6455 §5.2, §11.8. */
export const Opcode = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const

/** `continuation text binary close ping pong`, or `reserved-3` … `reserved-15`. */
export const OPCODE_NAMES: readonly string[] = Array.from({ length: 16 }, (_, opcode) => {
  const named = Object.entries(Opcode).find(([, value]) => value === opcode)
  return named === undefined ? `reserved-${opcode}` : named[0]
})

export interface Endpoint {
  /** IPv4 dotted, or IPv6 as RFC 5952 has it. */
  readonly address: string
  readonly port: number
}

/** A file of the capture, as it was given. */
export interface CaptureFile {
  readonly name: string
  readonly format: 'pcap' | 'pcapng'
  readonly compression: 'gzip' | undefined
}

/** First of all events. */
export interface CaptureEvent {
  readonly type: 'capture'
  readonly files: readonly CaptureFile[]
}

/** An HTTP request or response head. */
export interface Head {
  readonly firstPacket: number
  readonly lastPacket: number
  readonly time: Time | undefined
  /** Without its line end; one character a byte (ISO 8859-1). */
  readonly startLine: string
  /** In the order and spelling of the wire, values without the white space around them; one character a byte. */
  readonly headers: ReadonlyArray<readonly [name: string, value: string]>
}

/** An extension of `Sec-WebSocket-Extensions` (RFC 6455 §9.1); null for a parameter without a value. */
export interface Extension {
  readonly name: string
  readonly params: ReadonlyArray<readonly [name: string, value: string | null]>
}

/** How one side compresses (RFC 7692 §7.1). */
export interface DeflateSide {
  /** False where the side resets its window for each message. */
  readonly contextTakeover: boolean
  /** 8 … 15. */
  readonly windowBits: number
}

/** permessage-deflate as the server accepted it: how the client's and how the server's messages are compressed. */
export interface Deflate {
  readonly client: DeflateSide
  readonly server: DeflateSide
}

/** What a TLS handshake agreed on. */
export interface TlsParameters {
  /** `TLS 1.2` or `TLS 1.3`. */
  readonly version: string
  /** IANA's name: `TLS_AES_128_GCM_SHA256`. */
  readonly cipherSuite: string
  /** The name that the client asked for (RFC 6066 §3); null without one. */
  readonly serverName: string | null
  /** The protocol that the server chose (RFC 7301); null without one. */
  readonly alpn: string | null
}

/** A WebSocket connection, once it is certain that it is one. */
export interface ConnectionEvent {
  readonly type: 'connection'
  /** 1-based, in the order of the handshakes. */
  readonly connection: number
  readonly client: Endpoint
  readonly server: Endpoint
  readonly transport: 'tcp' | 'tls' | 'h2' | 'h2+tls'
  /** True where no head of the handshake was captured. */
  readonly midstream: boolean
  readonly url: string | null
  readonly subprotocol: string | null
  readonly extensions: readonly Extension[]
  readonly deflate: Deflate | null
  readonly request: Head | null
  readonly response: Head | null
  /** True or false where both key and accept were captured. Not part of the record. */
  readonly acceptCorrect: boolean | undefined
  /** What a PROXY protocol preface says of the endpoints. */
  readonly proxyProtocol: { readonly client: Endpoint; readonly server: Endpoint } | undefined
  /** What the TLS handshake agreed on; undefined without TLS. */
  readonly tls: TlsParameters | undefined
  /** The stream that it is on; undefined where it is not on HTTP/2. */
  readonly http2Stream: number | undefined
  /** When the connection was recognised: the time of the handshake's last head, or of the first WebSocket byte. */
  readonly time: Time | undefined
}

/** Bytes `[start, end)` of a frame, counted from its first, that came in one packet. */
export interface FrameSegment {
  readonly packet: number
  readonly start: number
  readonly end: number
}

/** The body of a close frame (RFC 6455 §5.5.1). */
export interface CloseBody {
  readonly code: number
  /** Undecodable bytes as U+FFFD. */
  readonly reason: string
}

/** A data frame's place in its message (RFC 6455 §5.4). */
export interface MessagePart {
  /** Of the message: 1 (text) or 2 (binary); undefined if its first frame was not captured. */
  readonly opcode: number | undefined
  /** 1 for the first frame. */
  readonly number: number
  /** RSV1 of the first frame, if compression was agreed on or may have been. */
  readonly compressed: boolean
}

/** A ping that a pong answers. */
export interface AnsweredPing {
  readonly frame: number
  readonly time: Time | undefined
}

/** One frame, however illegal, with all its fields (RFC 6455 §5.2). */
export interface FrameEvent {
  readonly type: 'frame'
  readonly connection: number
  /** 1-based within the connection, both directions, in the order of completion. */
  readonly frame: number
  readonly from: Side
  /** The packet that holds its first byte. */
  readonly firstPacket: number
  /** The packet whose arrival completed it; `time` is that packet's. */
  readonly lastPacket: number
  readonly time: Time | undefined
  /** Of its first byte in its direction's WebSocket byte stream; bytes in gaps count. */
  readonly offset: number
  readonly fin: boolean
  readonly rsv1: boolean
  readonly rsv2: boolean
  readonly rsv3: boolean
  /** 0 … 15. */
  readonly opcode: number
  readonly masked: boolean
  /** The four bytes as one big-endian word, 0 … 2^32-1; undefined where the frame is not masked. */
  readonly maskingKey: number | undefined
  /** 2 … 14 bytes. With the fields it gives the header's bytes back (websocket/encode.ts), even a non-minimal length. */
  readonly headerLength: number
  /** As announced; a bigint past 2^53-1. */
  readonly payloadLength: number | bigint
  /** Payload bytes that the capture holds. */
  readonly capturedLength: number
  /** Ranges `[start, end)` of the payload that are missing (zeros in `payload`), in order; undefined where none are. */
  readonly holes: ReadonlyArray<readonly [start: number, end: number]> | undefined
  /** Unmasked, still compressed where RSV1 says so; ends where the capture's bytes end, or at the limit on message size. A view: copy to keep. */
  readonly payload: Uint8Array
  /** On a close frame with a body of two bytes or more. */
  readonly close: CloseBody | undefined
  /** Of a data frame with a defined opcode: its place in its message. Not part of the record. */
  readonly part: MessagePart | undefined
  /** The number of the message that it completes; undefined for all other frames. */
  readonly message: number | undefined
  /** Of a pong: the pings that it answers, its own one last (RFC 6455 §5.5.3); undefined if none of them is known. */
  readonly answers: readonly AnsweredPing[] | undefined
  /** What cut the frame short or tore holes into it: a gap, or how its direction ended; undefined for a whole frame. Not part of the record. */
  readonly cutBy: 'gap' | EndReason | undefined
  /** Which packets brought which bytes; undefined unless it was asked for (`traceSegments` of analyze.ts). Not part of the record. */
  readonly segments: readonly FrameSegment[] | undefined
}

/** A message: its fragments joined, and inflated where it was compressed. */
export interface MessageEvent {
  readonly type: 'message'
  readonly connection: number
  /** 1-based within the connection, both directions. */
  readonly message: number
  readonly from: Side
  readonly firstPacket: number
  readonly lastPacket: number
  readonly time: Time | undefined
  /** 1 (text) or 2 (binary). */
  readonly opcode: number
  /** Numbers of its frames, in order. */
  readonly frames: readonly number[]
  readonly compressed: boolean
  /** Payload bytes on the wire, of all its frames, as announced. */
  readonly wireLength: number
  /** Bytes after inflating; of an incomplete message those that are sure. */
  readonly length: number
  /** The bytes that are sure: all of them, or of an incomplete message those before the first doubt; undefined where none are. A view: copy to keep. */
  readonly data: Uint8Array | undefined
  /** A text message whose data is valid UTF-8. */
  readonly isText: boolean
  /** True where bytes are missing or could not be inflated. */
  readonly incomplete: boolean
  /** True where the message was inflated though the window before it was lost, because it needs nothing of it. */
  readonly withoutContext: boolean
}

/** How a connection ended. */
export type ClosedHow = 'clean' | 'close-frame-only' | 'tcp-fin' | 'tcp-reset' | 'open'

export interface ClosedEvent {
  readonly type: 'closed'
  readonly connection: number
  readonly how: ClosedHow
  /** Of the first close frame seen; null where it has no body, or there is none. */
  readonly code: number | null
  readonly reason: string | null
  /** Who sent that frame, or else the first FIN or RST. */
  readonly initiator: Side | null
  readonly time: Time | undefined
  /** The packet that ended it (its last close frame, FIN or RST); for `open` the last one seen. */
  readonly lastPacket: number
}

/** Last of all events; of the whole capture, whatever was filtered. */
export interface SummaryEvent {
  readonly type: 'summary'
  readonly packets: number
  /** Captured bytes of all packets. */
  readonly bytes: number
  /** tcpdump's names, as `EN10MB`; in the order of their first packets. */
  readonly linkTypes: readonly string[]
  readonly tcpConnections: number
  readonly connections: number
  readonly frames: number
  readonly messages: number
  readonly findings: Readonly<Record<string, number>>
  /** Packets that hold no TCP, or none that could be read, under their reason. */
  readonly skipped: Readonly<Record<string, number>>
}

export type AnalysisEvent =
  | CaptureEvent
  | ConnectionEvent
  | FrameEvent
  | MessageEvent
  | FindingEvent
  | ClosedEvent
  | SummaryEvent

/** Where a stage puts its events. */
export type Emit = (event: AnalysisEvent) => void
