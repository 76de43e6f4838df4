// The script of a capture: what is sent, by whom, when, and what goes wrong with it. The JSON Schema of these types
// (script-schema.json) is generated from this file (npm run schema), is shipped, and checks every script.

/**
 * @title bytes as hex digits
 * @pattern ^(?:[0-9a-fA-F]{2})*$
 */
export type Hex = string

/**
 * @title a masking key of 8 hex digits
 * @pattern ^[0-9a-fA-F]{8}$
 */
export type MaskingKey = string

/**
 * @title a time such as 2026-01-01T00:00:00.5Z
 * @pattern ^(19[789]\d|20\d\d)-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$
 */
export type UtcTime = string

/**
 * @title a number of seconds, 0 to 1000000
 * @minimum 0
 * @maximum 1000000
 */
export type Seconds = number

/**
 * @title a whole number of at least 1
 * @minimum 1
 * @maximum 9007199254740991
 * @asType integer
 */
export type Count = number

/**
 * @title a number of payload bytes, 1 to 65000
 * @minimum 1
 * @maximum 65000
 * @asType integer
 */
export type SegmentSize = number

/**
 * @title a whole number of 32 bits
 * @minimum 0
 * @maximum 4294967295
 * @asType integer
 */
export type Word = number

/**
 * @title a whole number of 16 bits
 * @minimum 0
 * @maximum 65535
 * @asType integer
 */
export type Port = number

/**
 * @title a window of 8 to 15 bits
 * @minimum 8
 * @maximum 15
 * @asType integer
 */
export type WindowBits = number

/** @title "client" or "server" */
export type ScriptSide = 'client' | 'server'

/**
 * @title text of one line, of characters up to U+00FF
 * @pattern ^[\t -~\u0080-\u00ff]*$
 */
export type LineText = string

/** A capture: what its packets hold. */
export interface CaptureScript {
  /** For editors. framewalk does not read it. */
  readonly $schema?: string
  /** pcap unless given. pcap has its times in microseconds, pcapng in nanoseconds. */
  readonly format?: 'pcap' | 'pcapng'
  /** Seed of masking keys, handshake keys and sequence numbers. The same script makes the same bytes. 1 unless given. */
  readonly seed?: Word
  /** Time of the first packet, UTC. 2026-01-01T00:00:00Z unless given. */
  readonly start?: UtcTime
  /** How many bytes of each packet are kept, like `tcpdump -s`. All unless given. */
  readonly snapLength?: Count
  readonly connections: readonly ConnectionScript[]
}

/** One TCP connection that speaks WebSocket, or tries to. */
export interface ConnectionScript {
  /** 192.0.2.1, port 50000 and up, unless given. */
  readonly client?: EndpointScript
  /** 192.0.2.2, port 8765, unless given. */
  readonly server?: EndpointScript
  /** When it starts, in seconds after the start of the capture. 0 unless given. */
  readonly at?: Seconds
  /** Seconds from one packet to the next. 0.001 unless given. */
  readonly interval?: Seconds
  /** Most payload bytes of a TCP segment. 1448 over IPv4 and 1428 over IPv6 unless given. */
  readonly segmentSize?: SegmentSize
  /** True if the capture began after the handshakes of TCP and of WebSocket: neither is in it. */
  readonly midstream?: boolean
  /** False: there is no handshake, and frames start at the first byte. */
  readonly handshake?: HandshakeScript | false
  /** What is sent, in this order. */
  readonly steps?: readonly Step[]
  /** True if the capture ends before the connection. Else each side that no step ends sends a FIN after the last step. */
  readonly open?: boolean
}

/** One end of a TCP connection. */
export interface EndpointScript {
  /** IPv4 or IPv6, the same for both ends. */
  readonly address?: string
  readonly port?: Port
  /** The initial sequence number. Drawn from the seed unless given. */
  readonly sequence?: Word
}

/** The HTTP request and response before the frames (RFC 6455 §4). */
export interface HandshakeScript {
  /** The target of the request. `/` unless given. */
  readonly target?: LineText
  /** The Host header. Address and port of the server unless given. */
  readonly host?: LineText
  /** Subprotocols that the client offers. */
  readonly subprotocols?: readonly LineText[]
  /** The subprotocol that the server chooses, offered or not. */
  readonly subprotocol?: LineText
  /** permessage-deflate (RFC 7692), offered and accepted. It compresses messages that do not say otherwise. */
  readonly deflate?: boolean | DeflateScript
  /** `Sec-WebSocket-Key`. Drawn from the seed unless given. */
  readonly key?: LineText
  /** `Sec-WebSocket-Accept`: `wrong` or `missing`. Right unless given. */
  readonly accept?: 'right' | 'wrong' | 'missing'
  /** The status of the response. 101 unless given. With any other status there is no WebSocket, and no side can send. */
  readonly status?: ResponseStatus
  /** Header fields of the request, which replace those that are made. */
  readonly requestHeaders?: HeaderOverrides
  /** Header fields of the response, which replace those that are made. */
  readonly responseHeaders?: HeaderOverrides
}

/**
 * @title an HTTP status, 100 to 599
 * @minimum 100
 * @maximum 599
 * @asType integer
 */
export type ResponseStatus = number

/** Header fields by name, in any case. Null leaves one out, a list gives several with this name. */
export interface HeaderOverrides {
  readonly [name: string]: LineText | null | readonly LineText[]
}

/** Parameters of permessage-deflate as both sides agree on them (RFC 7692 §7.1). */
export interface DeflateScript {
  readonly serverNoContextTakeover?: boolean
  readonly clientNoContextTakeover?: boolean
  readonly serverMaxWindowBits?: WindowBits
  readonly clientMaxWindowBits?: WindowBits
}

/** What happens next. One field says it: `text`, `json`, `binary`, `ping`, `pong`, `close`, `frame`, `bytes`, `end` or `wait`. */
export type Step =
  | TextStep
  | JsonStep
  | BinaryStep
  | PingStep
  | PongStep
  | CloseStep
  | FrameStep
  | BytesStep
  | EndStep
  | WaitStep

/** What every step that sends bytes has. */
export interface Sending {
  readonly from: ScriptSide
  /** Seconds from the packet before to the first packet of this step. The interval of the connection unless given. */
  readonly after?: Seconds
  /** How the bytes travel. */
  readonly packets?: PacketsScript
}

/** How a frame is masked and its length written. */
export interface FrameForm extends Sending {
  /** A key; true: it is drawn; false: there is none. Unless given, the client masks and the server does not (RFC 6455 §5.1). */
  readonly mask?: MaskingKey | boolean
  /** How many bits encode the length. The fewest that can hold it unless given. */
  readonly lengthBits?: 7 | 16 | 64
}

/** How a message is sent. */
export interface MessageForm extends FrameForm {
  /** How many frames make the message. 1 unless given. */
  readonly fragments?: Count
  /** Whether it is compressed. Unless given, it is if the handshake agreed on permessage-deflate. */
  readonly compress?: boolean
}

/** A text message. */
export interface TextStep extends MessageForm {
  readonly text: string
}

/** A text message: a value as JSON. */
export interface JsonStep extends MessageForm {
  readonly json: unknown
}

/** A binary message. */
export interface BinaryStep extends MessageForm {
  readonly binary: Hex
}

/** A ping, with its payload. */
export interface PingStep extends FrameForm {
  readonly ping: string
}

/** A pong, with its payload. */
export interface PongStep extends FrameForm {
  readonly pong: string
}

/** A close frame: its code, or null for one without a body. */
export interface CloseStep extends FrameForm {
  readonly close: Port | null
  readonly reason?: string
}

/** A single frame. Its fields may have any value, legal or not. */
export interface FrameStep extends FrameForm {
  readonly frame: FrameScript
}

/** The fields of a frame (RFC 6455 §5.2) and its payload: `text` or `hex`, or neither if it is empty. */
export interface FrameScript {
  readonly opcode: OpcodeName | OpcodeNumber
  /** True unless given. */
  readonly fin?: boolean
  readonly rsv1?: boolean
  readonly rsv2?: boolean
  readonly rsv3?: boolean
  /** Payload as UTF-8 text. */
  readonly text?: string
  /** Payload as bytes. */
  readonly hex?: Hex
  /** The length that the header announces, if it differs from that of the payload. */
  readonly payloadLength?: AnnouncedLength
}

/** @title one of continuation, text, binary, close, ping, pong */
export type OpcodeName = 'continuation' | 'text' | 'binary' | 'close' | 'ping' | 'pong'

/**
 * @title an opcode, 0 to 15
 * @minimum 0
 * @maximum 15
 * @asType integer
 */
export type OpcodeNumber = number

/** A length. As text if it is past 2^53-1. */
export type AnnouncedLength = LengthNumber | LengthText

/**
 * @title a whole number of bytes
 * @minimum 0
 * @maximum 9007199254740991
 * @asType integer
 */
export type LengthNumber = number

/**
 * @title a length in decimal digits, in quotation marks
 * @pattern ^\d{1,20}$
 */
export type LengthText = string

/** Bytes instead of frames. */
export interface BytesStep extends Sending {
  readonly bytes: Hex
}

/** The end of a direction: a FIN, or a reset of the connection. */
export interface EndStep {
  readonly from: ScriptSide
  readonly after?: Seconds
  readonly end: 'fin' | 'reset'
}

/** Nothing happens for this number of seconds. */
export interface WaitStep {
  readonly wait: Seconds
}

/** How the bytes of a step travel. Its segments are counted from 1. */
export interface PacketsScript {
  /** Payload bytes of each segment. As for the connection unless given. */
  readonly segmentSize?: SegmentSize
  /** True if the bytes go into the packets of the next step of the same side, which then describes these packets. */
  readonly join?: boolean
  /** How many bytes of the segment before it each segment repeats. */
  readonly overlap?: Count
  /** The order in which the segments were captured, as in [2, 1, 3]. */
  readonly order?: readonly Count[]
  /** Segments that were captured twice. */
  readonly retransmitted?: readonly Count[]
  /** Segments that arrived, but that the capture missed. */
  readonly lost?: readonly Count[]
  /** How many bytes of each packet are kept. */
  readonly snapLength?: Count
}
