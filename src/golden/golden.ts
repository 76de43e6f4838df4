// What a golden file holds: a capture without what changes by chance. Types only; packet numbers, times, keys, ports and segmentation
// have no place here. Of a handshake it keeps what both sides agreed on, and no header but those that the rules name: headers hold
// secrets (Cookie, Authorization) and chance (User-Agent, trace numbers).
import type { ClosedHow } from '../base/events.ts'
import type { FindingCode, Severity } from '../base/findings.ts'
import type { Side } from '../base/stream.ts'

/** The version of the format that this framewalk reads and writes. */
export const GOLDEN_SCHEMA = 1

/** `messages`: what was said. `frames`: also how it was framed, for those who test a WebSocket implementation. */
export type Level = 'messages' | 'frames'

/** A capture, or a golden file, in the form in which two are compared. */
export interface Golden {
  readonly level: Level
  readonly rules: Rules
  readonly connections: readonly GoldenConnection[]
  /** Of no connection. */
  readonly findings: readonly GoldenFinding[]
}

/** What is not to be compared: stands in the golden file itself, so that a check needs no options. */
export interface Rules {
  /** JSONPath (RFC 9535) of values in JSON messages that are left out: `$.timestamp`. That they are there is still compared. */
  readonly ignore: readonly string[]
  /** What is replaced by a stand-in: in texts, in the names, strings and numbers of JSON messages, in targets and close reasons. */
  readonly replace: readonly Replacement[]
  /** True where it is chance which side spoke first: then only the order within each side is compared. */
  readonly unordered: boolean
  /** Names of handshake headers that are compared too: `Origin`. None by default. */
  readonly headers: readonly string[]
}

/** A regular expression (RE2's syntax: no look-around, no back-references; time linear in the text) and what stands in for each match. */
export interface Replacement {
  readonly pattern: string
  readonly with: string
}

/** No rules: everything is compared. */
export const NO_RULES: Rules = { ignore: [], replace: [], unordered: false, headers: [] }

export interface GoldenConnection {
  /** Null where no head of the handshake was captured. */
  readonly handshake: GoldenHandshake | null
  readonly messages: readonly GoldenMessage[]
  /** With level `frames`; else undefined. */
  readonly frames: readonly GoldenFrame[] | undefined
  readonly findings: readonly GoldenFinding[]
  readonly closed: GoldenClosed
  /** Its number in the capture, or in the golden file. */
  readonly number: number
}

export interface GoldenHandshake {
  /** The path with its query, as it was sent; null where the request was not captured. */
  readonly target: string | null
  /** The name of the Host header, without its port; null for an address and for localhost, which belong to the test bed. */
  readonly host: string | null
  /** What the client asked for: the values of Sec-WebSocket-Protocol and Sec-WebSocket-Extensions, or null. */
  readonly offered: { readonly subprotocols: string | null; readonly extensions: string | null }
  readonly subprotocol: string | null
  /** As accepted, each with its parameters: `permessage-deflate; server_max_window_bits=12`. */
  readonly extensions: readonly string[]
  /** Those that the rules name: `["request Origin", "https://example.org"]`. */
  readonly headers: ReadonlyArray<readonly [name: string, value: string]>
}

/** One message: text, or bytes. Exactly one of `text` and `bytes`, or neither where none are sure. */
export interface GoldenMessage {
  readonly from: Side
  readonly text: string | undefined
  readonly bytes: GoldenBytes | undefined
  /** The bytes came as a text message, and are no UTF-8. */
  readonly invalidText: boolean
  readonly incomplete: boolean
  /** Where it was in the capture; undefined in a golden file. */
  readonly place: Place | undefined
}

/** Bytes in full as hex digits, or of many their length, their start and their SHA-256, in hex digits. */
export interface GoldenBytes {
  readonly length: number
  readonly hex: string
  /** Undefined where `hex` is all of them. */
  readonly sha256: string | undefined
}

/** Where something was in the capture: for the reader of a difference, never compared. */
export interface Place {
  /** Frame numbers within the connection. */
  readonly frames: readonly number[]
  readonly firstPacket: number | undefined
  readonly lastPacket: number | undefined
}

/** One frame: all of its header but the masking key. */
export interface GoldenFrame {
  readonly from: Side
  readonly opcode: string
  readonly fin: boolean
  /** The reserved bits that are set: `[1]`. */
  readonly rsv: readonly number[]
  readonly masked: boolean
  /** As announced; undefined where it depends on a value that the rules leave out. */
  readonly length: number | string | undefined
  /** Bits of the length's encoding where it is not the shortest. */
  readonly lengthForm: number | undefined
  readonly place: Place | undefined
}

/** Findings of one code and one side. */
export interface GoldenFinding {
  readonly code: FindingCode
  readonly severity: Severity
  readonly from: Side | undefined
  /** How many; undefined for the capture's own faults, which come once a packet. */
  readonly count: number | undefined
  /** Of the first one; undefined in a golden file. */
  readonly place: Place | undefined
  /** The first one's sentence; undefined in a golden file. */
  readonly message: string | undefined
}

export interface GoldenClosed {
  readonly how: ClosedHow
  readonly code: number | null
  readonly reason: string | null
  /** Who closed it. */
  readonly by: Side | null
}
