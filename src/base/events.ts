// The events that come out of the decoder: the records of schema 1 (records/records.ts) before anything is formatted. Numbers
// stay numbers, bytes stay views and times stay exact, so that an event that is not printed costs next to nothing. Platform
// neutral.
import type { FindingEvent } from './findings.ts'
import type { EndReason, Side, Time } from './stream.ts'

/** The opcodes that are defined (RFC 6455 §5.2, §11.8). */
export const Opcode = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const

/** The name of each opcode, 0 … 15: `continuation text binary close ping pong`, or `reserved-3` … `reserved-15`. */
export const OPCODE_NAMES: readonly string[] = Array.from({ length: 16 }, (_, opcode) => {
  const named = Object.entries(Opcode).find(([, value]) => value === opcode)
  return named === undefined ? `reserved-${opcode}` : named[0]
})

/** One end of a connection. `port`: 0 … 65 535. */
export interface Endpoint {
  /** IPv4 dotted, or IPv6 as RFC 5952 writes it. */
  readonly address: string
  readonly port: number
}

/** A file of the capture. */
export interface CaptureFile {
  /** As it was given; `-` for standard input. */
  readonly name: string
  readonly format: 'pcap' | 'pcapng'
  readonly compression: 'gzip' | 'zstd' | undefined
}

/** The first of all events. */
export interface CaptureEvent {
  readonly type: 'capture'
  readonly files: readonly CaptureFile[]
}

/** An HTTP request or response head. */
export interface Head {
  readonly firstPacket: number
  readonly lastPacket: number
  readonly time: Time | undefined
  /** Without its line end; one character for each byte (ISO 8859-1). */
  readonly startLine: string
  /** In the order and spelling of the wire, values without the white space around them; one character for each byte. */
  readonly headers: ReadonlyArray<readonly [name: string, value: string]>
}

/** An extension in `Sec-WebSocket-Extensions` (RFC 6455 §9.1). */
export interface Extension {
  readonly name: string
  /** The value is null for a parameter without one. */
  readonly params: ReadonlyArray<readonly [name: string, value: string | null]>
}

/** How one side compresses (RFC 7692 §7.1). */
export interface DeflateSide {
  /** False if the side starts each message with an empty window. */
  readonly contextTakeover: boolean
  /** 8 … 15. */
  readonly windowBits: number
}

/** permessage-deflate as the server accepted it: how the client compresses its messages, and how the server does. */
export interface Deflate {
  readonly client: DeflateSide
  readonly server: DeflateSide
}

/** What the two sides of a TLS handshake agreed on. */
export interface TlsParameters {
  /** `TLS 1.2` or `TLS 1.3`. */
  readonly version: string
  /** IANA's name: `TLS_AES_128_GCM_SHA256`. */
  readonly cipherSuite: string
  /** The name that the client asked for (RFC 6066 §3); null if it named none. */
  readonly serverName: string | null
  /** The protocol that the server chose (RFC 7301); null if it chose none. */
  readonly alpn: string | null
}

/** A WebSocket connection. Emitted as soon as it is certain that it is WebSocket. */
export interface ConnectionEvent {
  readonly type: 'connection'
  /** 1-based, in the order of the handshakes. */
  readonly connection: number
  readonly client: Endpoint
  readonly server: Endpoint
  readonly transport: 'tcp' | 'tls' | 'h2' | 'h2+tls'
  /** True if no head of the handshake was captured. */
  readonly midstream: boolean
  /** Null if it is not known. */
  readonly url: string | null
  readonly subprotocol: string | null
  readonly extensions: readonly Extension[]
  readonly deflate: Deflate | null
  readonly request: Head | null
  readonly response: Head | null
  /** Whether the accept fits the key; undefined unless both were captured. Not part of the record. */
  readonly acceptCorrect: boolean | undefined
  /** The endpoints that a PROXY protocol preface names; undefined without a preface. */
  readonly proxyProtocol: { readonly client: Endpoint; readonly server: Endpoint } | undefined
  /** What the TLS handshake agreed on; undefined without TLS. */
  readonly tls: TlsParameters | undefined
  /** The HTTP/2 stream that carries the connection; undefined without HTTP/2. */
  readonly http2Stream: number | undefined
  /** When the connection was recognised: the time of the last head of the handshake, or of the first WebSocket byte. */
  readonly time: Time | undefined
}

/** The bytes `[start, end)` of a frame that came in one packet. Offsets count from the frame's first byte. */
export interface FrameSegment {
  readonly packet: number
  readonly start: number
  readonly end: number
}

/** The body of a close frame (RFC 6455 §5.5.1). */
export interface CloseBody {
  /** 0 … 65 535, legal or not. */
  readonly code: number
  /** Bytes that are not UTF-8 become U+FFFD. */
  readonly reason: string
}

/** A data frame's place in its message (RFC 6455 §5.4). */
export interface MessagePart {
  /** The opcode of the message: 1 (text) or 2 (binary); undefined if its first frame was not captured. */
  readonly opcode: number | undefined
  /** Counts the frames of the message from 1, starting with the first one seen. */
  readonly number: number
  /** RSV1 of the message's first frame, if compression was agreed on or may have been; false otherwise. */
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
  /** Position of its first byte in the WebSocket byte stream of its direction. Bytes in gaps count. */
  readonly offset: number
  readonly fin: boolean
  readonly rsv1: boolean
  readonly rsv2: boolean
  readonly rsv3: boolean
  /** 0 … 15. */
  readonly opcode: number
  readonly masked: boolean
  /** The four bytes as one big-endian word, 0 … 2^32-1; undefined if the frame is not masked. */
  readonly maskingKey: number | undefined
  /**
   * 2 … 14 bytes. With the other fields it gives the header's bytes back (websocket/encode.ts), even for a non-minimal length.
   */
  readonly headerLength: number
  /** As announced; a bigint above 2^53-1. */
  readonly payloadLength: number | bigint
  /** Payload bytes that the capture holds. */
  readonly capturedLength: number
  /** Ranges `[start, end)` of the payload that are missing (zeros in `payload`), in order; undefined if there are none. */
  readonly holes: ReadonlyArray<readonly [start: number, end: number]> | undefined
  /**
   * Unmasked, but still compressed if RSV1 says so. Ends where the captured bytes end, or at the limit on message size. A view:
   * copy it to keep it.
   */
  readonly payload: Uint8Array
  /** Set on a close frame with a body of two bytes or more. */
  readonly close: CloseBody | undefined
  /** Set on a data frame with a defined opcode: its place in its message. Not part of the record. */
  readonly part: MessagePart | undefined
  /** The number of the message that the frame completes; undefined on all other frames. */
  readonly message: number | undefined
  /**
   * Set on a pong: the pings that it answers, the one with the same payload last (RFC 6455 §5.5.3). Undefined if no captured ping
   * has its payload.
   */
  readonly answers: readonly AnsweredPing[] | undefined
  /**
   * Why bytes of the frame are missing: a gap, or the end of its direction. Undefined for a whole frame. Not part of the record.
   */
  readonly cutBy: 'gap' | EndReason | undefined
  /**
   * Which packets brought which bytes; undefined unless the caller asked for it (`traceSegments` in analyze.ts). Not part of the
   * record.
   */
  readonly segments: readonly FrameSegment[] | undefined
}

/** A message: its fragments joined, and inflated if it was compressed. */
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
  /** Length of `data` in bytes, so after inflating. */
  readonly length: number
  /**
   * All bytes of the message. If it is incomplete: the bytes before the first doubt, or undefined if there are none. A view: copy
   * it to keep it.
   */
  readonly data: Uint8Array | undefined
  /** A text message whose data is valid UTF-8. */
  readonly isText: boolean
  /** True if bytes are missing or could not be inflated. */
  readonly incomplete: boolean
  /** True if the window before the message was lost, and the message was inflated all the same because it needs nothing of it. */
  readonly withoutContext: boolean
}

/**
 * How a connection ended. `clean`: both sides sent a close frame. `close-frame-only`: one side did. `tcp-fin`, `tcp-reset`: no
 * close frame came before the FIN or RST. `open`: no close frame, FIN or RST was seen.
 */
export type ClosedHow = 'clean' | 'close-frame-only' | 'tcp-fin' | 'tcp-reset' | 'open'

/** The end of a connection, its last event. */
export interface ClosedEvent {
  readonly type: 'closed'
  readonly connection: number
  readonly how: ClosedHow
  /** Of the first close frame seen; null if that frame has no body, or if no close frame was seen. `reason` likewise. */
  readonly code: number | null
  readonly reason: string | null
  /** Whether a rule was broken by a close frame, or by what a side sent after its own. Such a closing is not called clean in words. */
  readonly breaksRule: boolean
  /** The side that sent that frame, or else the first FIN or RST; null if neither was seen. */
  readonly initiator: Side | null
  /** Time of `lastPacket`. */
  readonly time: Time | undefined
  /**
   * The packet that ended it: of each side's first close frame, the later one; or else the last FIN or RST; or else the last
   * packet seen.
   */
  readonly lastPacket: number
}

/** The last of all events. It counts the whole capture, whatever was filtered. */
export interface SummaryEvent {
  readonly type: 'summary'
  readonly packets: number
  /** Captured bytes of all packets. */
  readonly bytes: number
  /** tcpdump's names, such as `EN10MB`, in the order of their first packets. */
  readonly linkTypes: readonly string[]
  readonly tcpConnections: number
  readonly connections: number
  readonly frames: number
  readonly messages: number
  /** How many findings there are of each code. */
  readonly findings: Readonly<Record<string, number>>
  /** How many of them are violations, of the codes that are mostly the capture's fault. Not part of the record. */
  readonly ofPeers?: Readonly<Record<string, number>>
  /** How many packets were skipped for each reason: they hold no TCP, or none that could be read. */
  readonly skipped: Readonly<Record<string, number>>
}

/** Any event; `type` tells which. */
export type AnalysisEvent =
  | CaptureEvent
  | ConnectionEvent
  | FrameEvent
  | MessageEvent
  | FindingEvent
  | ClosedEvent
  | SummaryEvent

/** Takes the events of a stage. */
export type Emit = (event: AnalysisEvent) => void
