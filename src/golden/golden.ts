// What a golden file holds: a capture without what changes by chance. It has no packet numbers, times, keys, ports or segments.
// Of a handshake it keeps what both sides agreed on, and only the headers that the rules name: headers hold secrets (Cookie,
// Authorization) and change by chance (User-Agent, trace numbers).
import type { ClosedHow } from '../base/events.ts'
import type { FindingCode, Severity } from '../base/findings.ts'
import type { Side } from '../base/stream.ts'

/** The version of the format that this framewalk reads and writes. */
export const GOLDEN_SCHEMA = 1

/** `messages`: what was said. `frames`: also how it was framed, for tests of a WebSocket implementation. */
export type Level = 'messages' | 'frames'

/** A list that is an array, or makes its items anew whenever they are asked for. */
export interface List<T> extends Iterable<T> {
  readonly length: number
  /** The item at `index`, as of an array: -1 is the last. Undefined if there is none. */
  at(index: number): T | undefined
}

/** A capture, or a golden file, in the form in which they are compared. */
export interface Golden {
  readonly level: Level
  readonly rules: Rules
  readonly connections: List<GoldenConnection>
  /** Those that belong to no connection. */
  readonly findings: readonly GoldenFinding[]
}

/** What is not compared. The rules are in the golden file itself, so that a check needs no options. */
export interface Rules {
  /** JSONPath (RFC 9535) of values in JSON messages that are left out: `$.timestamp`. It is still compared that they exist. */
  readonly ignore: readonly string[]
  /** Replacements in texts, in the names, strings and numbers of JSON messages, in targets and in close reasons. */
  readonly replace: readonly Replacement[]
  /** True if it is chance which side spoke first. Then only the order within each side is compared. */
  readonly unordered: boolean
  /** Names of further handshake headers that are compared: `Origin`. By default there are none. */
  readonly headers: readonly string[]
  /** The golden file that they are of, to name them. Undefined if they are of none. */
  readonly file?: string
}

/**
 * A regular expression, and what replaces each match. It has the syntax of RE2: no look-around, no back-references, linear time.
 */
export interface Replacement {
  readonly pattern: string
  readonly with: string
}

/** No rules: everything is compared. */
export const NO_RULES: Rules = { ignore: [], replace: [], unordered: false, headers: [] }

export interface GoldenConnection {
  /** Null if no head of the handshake was captured. */
  readonly handshake: GoldenHandshake | null
  readonly messages: List<GoldenMessage>
  /** Undefined unless the level is `frames`. */
  readonly frames: List<GoldenFrame> | undefined
  readonly findings: readonly GoldenFinding[]
  readonly closed: GoldenClosed
  /** Its number in the capture, or in the golden file. */
  readonly number: number
}

export interface GoldenHandshake {
  /** The path with its query, as it was sent. Null if the request was not captured. */
  readonly target: string | null
  /** The name in the Host header, without its port. Null for an address and for localhost, which belong to the test bed. */
  readonly host: string | null
  /** What the client asked for: the values of Sec-WebSocket-Protocol and Sec-WebSocket-Extensions, or null. */
  readonly offered: { readonly subprotocols: string | null; readonly extensions: string | null }
  readonly subprotocol: string | null
  /** As accepted, each with its parameters: `permessage-deflate; server_max_window_bits=12`. */
  readonly extensions: readonly string[]
  /** Those that the rules name: `["request Origin", "https://example.org"]`. */
  readonly headers: ReadonlyArray<readonly [name: string, value: string]>
}

/** One message: text or bytes. It has `text` or `bytes`, or neither if no byte of it is sure. */
export interface GoldenMessage {
  readonly from: Side
  readonly text: string | undefined
  readonly bytes: GoldenBytes | undefined
  /** The bytes came as a text message, and are not UTF-8. */
  readonly invalidText: boolean
  readonly incomplete: boolean
  /** Where it was in the capture. Undefined in a golden file. */
  readonly place: Place | undefined
}

/** All bytes as hex digits. If there are many: their length, and their start and SHA-256 as hex digits. */
export interface GoldenBytes {
  readonly length: number
  readonly hex: string
  /** Undefined if `hex` has all of them. */
  readonly sha256: string | undefined
}

/** Where something was in the capture. The reader of a difference sees it. It is never compared. */
export interface Place {
  /** Frame numbers within the connection. */
  readonly frames: readonly number[]
  readonly firstPacket: number | undefined
  readonly lastPacket: number | undefined
}

/** One frame: its header without the masking key. */
export interface GoldenFrame {
  readonly from: Side
  readonly opcode: string
  readonly fin: boolean
  /** The reserved bits that are set: `[1]`. */
  readonly rsv: readonly number[]
  readonly masked: boolean
  /** As announced. Undefined if it depends on a value that the rules leave out. */
  readonly length: number | string | undefined
  /** How many bits encode the length, if fewer would do. */
  readonly lengthForm: number | undefined
  readonly place: Place | undefined
}

/** The findings of one code and one side. */
export interface GoldenFinding {
  readonly code: FindingCode
  readonly severity: Severity
  readonly from: Side | undefined
  /** How many. Undefined for faults of the capture itself, which come once a packet. */
  readonly count: number | undefined
  /** Of the first one. Undefined in a golden file. */
  readonly place: Place | undefined
  /** The sentence of the first one. Undefined in a golden file. */
  readonly message: string | undefined
}

export interface GoldenClosed {
  readonly how: ClosedHow
  readonly code: number | null
  readonly reason: string | null
  /** Who closed it. */
  readonly by: Side | null
}
