// What the sentences of findings are made of: the values of each code, as plain JSON. Types only. Captured text is raw here: it is
// escaped when it is shown. The discriminating words (`what`, `fault`, `reason`) are never shown; each language has its own sentence for them.
import type { Side } from './stream.ts'

/** What JSON can say. */
export type JsonValue =
  | string
  | number
  | boolean
  | null
  | readonly JsonValue[]
  | { readonly [name: string]: JsonValue }

/** Values by name. */
export type JsonObject = { readonly [name: string]: JsonValue }

/** A code that says all there is to say. */
export type NoValues = Readonly<Record<string, never>>

/** A frame, as sentences name it. `payloadLength` is as announced; a decimal string past 2^53-1. */
export type NamedFrame = { readonly opcode: number; readonly payloadLength: number | string }

/** The payload of a ping or a pong: its first 16 bytes in hex, and how many bytes it has. */
export type ShownPayload = { readonly payload: string; readonly payloadLength: number }

/** What carries a WebSocket: over HTTP/2, END_STREAM and RST_STREAM stand for FIN and RST (RFC 8441 §5). */
export type Carrier = 'tcp' | 'http2'

/** Bits that nothing gives a meaning: of a frame, or of a message that turned out not to be compressed. */
export type ReservedBits =
  | ({
      readonly what: 'frame'
      readonly bits: readonly ReservedBit[]
      /** What the payload inflates to, if it is compressed; null if it is not, or that was not tried. */
      readonly inflatesTo: InflatesTo | null
    } & NamedFrame)
  | { readonly what: 'message'; readonly bits: readonly ReservedBit[]; readonly opcode: number }
export type ReservedBit = 'RSV1' | 'RSV2' | 'RSV3'

/** HTTP where a frame should begin: the first line of a head, at most 120 characters of it, or the size of a chunk in bytes. */
export type HttpInStream =
  | { readonly what: 'response' | 'request'; readonly line: string }
  | { readonly what: 'chunk'; readonly size: number }

/** Why frames are not where they should be. Lengths, offsets and `sent` are in bytes; an offset counts from the first byte of the payload. */
export type OutOfStep =
  | { readonly what: 'tls'; readonly type: number; readonly length: number }
  | { readonly what: 'text'; readonly text: string }
  | { readonly what: 'emptyLine'; readonly length: number }
  | { readonly what: 'cutWrite'; readonly announced: number; readonly sent: number; readonly packet: number }
  | {
      readonly what: 'interleaved'
      readonly announced: number
      readonly sent: number
      readonly length: number
      readonly packet: number
    }
  | { readonly what: 'characters'; readonly announced: number; readonly length: number }
  | {
      readonly what: 'length'
      readonly announced: string
      readonly meant: number
      readonly bytes: number
      readonly littleEndian: boolean
    }
  | { readonly what: 'maskRestart'; readonly at: number }
  | { readonly what: 'copy'; readonly frame: number }

/** Where bytes stop being UTF-8. `byte` and `after` are hex digits: the byte that cannot stand at `offset`, and those of the character before it. */
export type Utf8Place =
  | { readonly what: 'endsInside'; readonly start: number }
  | { readonly what: 'cannotStart'; readonly offset: number; readonly byte: string }
  | { readonly what: 'cannotFollow'; readonly offset: number; readonly byte: string; readonly after: string }

/** Why a status code may not stand in a close frame (RFC 6455 §7.4). */
export type CloseCodeFault = 'reserved' | 'neverSent' | 'tooLow' | 'unregistered' | 'tooHigh'

/** Why a message was not inflated: one of these words, or else what the inflate library says of the data, in its own words. */
export type InflateReason =
  | 'noBytes'
  | 'endsInsideBlock'
  | 'windowDropped'
  | 'notTried'
  | 'inflateRatio'
  | (string & {})

/**
 * Which window the sender compressed a message over, where it inflates over no other. `uncompressed`: over one that has messages in it that
 * were sent uncompressed, `messages` of them, from frame `frame` to frame `last`; `kept`: over that of the messages before, although
 * `no_context_takeover` was agreed on.
 */
export type InflateCause =
  | {
      readonly what: 'uncompressed'
      readonly frame: number
      readonly last: number
      readonly messages: number
    }
  | { readonly what: 'kept' }

/** What the payload of a frame inflates to: its length, and the first 64 bytes of its text; null if it is no text. `length` is null if it is longer than was tried. */
export type InflatesTo = { readonly length: number | null; readonly text: string | null }

/** What breaks RFC 7692 §7.1 in the parameters of permessage-deflate. */
export type ParameterFault =
  | { readonly what: 'several'; readonly count: number }
  | {
      readonly what: 'unknown' | 'repeated' | 'withoutValue' | 'askedFor' | 'notOffered'
      readonly parameter: string
    }
  | {
      readonly what: 'takesNoValue' | 'outOfRange' | 'leadingZero'
      readonly parameter: string
      readonly value: string
    }
  | {
      readonly what: 'tooLargeForRequest' | 'tooLargeForOffer'
      readonly parameter: string
      readonly bits: number
      readonly most: number
    }

/** A Sec-WebSocket-Extensions that cannot be read at `text`, or a faulty parameter in what it offers or answers. */
export type ExtensionFault =
  | { readonly what: 'unreadable'; readonly from: Side; readonly text: string }
  | ({ readonly from: Side; readonly in: 'offer' | 'answer' } & ParameterFault)

/** A 101 that did not come: over HTTP/1 a response, over HTTP/2 a response or a stream that was reset. `error` is the name of its code, or the number of one
 * without a name. */
export type Refusal =
  | { readonly what: 'response'; readonly request: string; readonly response: string }
  | ({
      readonly request: string
      readonly stream: number
      /** False if the server's SETTINGS do not allow extended CONNECT. */
      readonly allowsConnect: boolean
    } & (
      | { readonly what: 'http2Response'; readonly response: string }
      | { readonly what: 'http2Reset'; readonly error: string | number }
    ))

/** Where a capture file is cut off or damaged. */
export type CaptureDamage = { readonly file: string; readonly offset: number } & DamageFault

/** What is damaged there: gzip or zstd data (`zstdWindow`: its window is larger than the decoder's), a record of a pcap file (1-based), a block of a pcapng file. */
export type DamageFault =
  | { readonly what: 'gzipCut' }
  | { readonly what: 'gzipDamaged'; readonly reason: string }
  | { readonly what: 'zstdCut' }
  | { readonly what: 'zstdDamaged'; readonly reason: ZstdReason }
  | { readonly what: 'zstdWindow'; readonly window: number; readonly most: number }
  | ({ readonly what: 'record'; readonly record: number } & RecordFault)
  | ({ readonly what: 'block' } & BlockFault)
/**
 * Which part of zstd data makes no sense (RFC 8878). `length`: it unpacks to another length than it says; `ratio`: to more than any
 * capture does.
 */
export type ZstdReason =
  | 'frame'
  | 'dictionary'
  | 'block'
  | 'table'
  | 'literals'
  | 'sequences'
  | 'length'
  | 'checksum'
  | 'ratio'
export type RecordFault =
  | { readonly fault: 'cut' | 'headerCut' }
  | { readonly fault: 'tooLong'; readonly length: number; readonly most: number }
export type BlockFault =
  | { readonly fault: 'cut' | 'noByteOrder' }
  | { readonly fault: 'version'; readonly version: string }
  | { readonly fault: 'lengthsDiffer'; readonly leading: number; readonly trailing: number }
  | { readonly fault: 'interface'; readonly interface: number; readonly described: number }
  | { readonly fault: 'interfaces'; readonly most: number }
  | { readonly fault: 'noRoom'; readonly claimed: number; readonly room: number }
  | { readonly fault: 'noRoomForPacket'; readonly expected: number; readonly room: number }
  | { readonly fault: 'noRoomForSecrets'; readonly claimed: number; readonly room: number }
  | { readonly fault: 'tooShort'; readonly length: number; readonly fewest: number }
  | { readonly fault: 'tooLong'; readonly length: number; readonly most: number }

/** Bytes of a side that are missing, from `offset` of its stream on. */
export type MissingBytes = {
  readonly from: Side
  readonly length: number
  readonly isEstimate: boolean
  readonly offset: number
}

/** Bytes cut from a packet by the snapshot length: of a stream, or of a header, `reason` being its key in the summary's `skipped`. */
export type CutPacket =
  | ({ readonly what: 'stream'; readonly packet: number } & MissingBytes)
  | { readonly what: 'header'; readonly reason: string }

/** What cut a frame. */
export type CutBy = 'gap' | 'fin' | 'reset' | 'capture' | 'limit'

/** A frame of which a part is missing (`holes` are the first ranges of its payload, ends exclusive; `moreHoles` counts the others); or bytes that belong to
 * no whole frame. */
export type IncompleteFrame =
  | ({
      readonly what: 'frame'
      readonly from: Side
      readonly capturedLength: number
      readonly cutBy: CutBy
      readonly carrier: Carrier
      readonly holes: ReadonlyArray<readonly [start: number, end: number]>
      readonly moreHoles: number
    } & NamedFrame)
  | {
      readonly what: 'header'
      readonly from: Side
      readonly length: number
      readonly offset: number
      readonly cutBy: CutBy
      readonly carrier: Carrier
    }
  | { readonly what: 'unsynchronized'; readonly from: Side; readonly length: number; readonly offset: number }

/** What a limit left out. */
export type LimitReached =
  | { readonly what: 'messageSize'; readonly of: LimitedPart; readonly limit: number }
  | { readonly what: 'waitingTotal'; readonly of: LimitedPart }
  | { readonly what: 'inflateSize' | 'inflateRatio'; readonly wireLength: number; readonly limit: number }
  | { readonly what: 'waitingPerStream'; readonly limit: number; readonly total: number }
  | { readonly what: 'connections' | 'webSockets'; readonly limit: number; readonly givenUp: number }
  | { readonly what: 'fragments' | 'fragmentBytes' | 'headSize'; readonly limit: number }
  | { readonly what: 'request' }
  | { readonly what: 'http2Streams'; readonly stream: number }
  | { readonly what: 'http2HeadSize'; readonly from: Side }
  | ({ readonly what: 'tls' | 'tlsTrials' | 'tlsKeyUpdates' } & TlsPlace)
  | { readonly what: 'secrets'; readonly file: string; readonly limit: number }
  | { readonly what: 'findings'; readonly code: string; readonly limit: number }
/** A frame, or a message by its bytes on the wire. */
export type LimitedPart = NamedFrame | { readonly wireLength: number }

/** The endpoints of a TCP connection whose TLS hides whether it is a WebSocket; absent if the finding names its connection. */
export type TlsPlace = { readonly between?: readonly [TlsEndpoint, TlsEndpoint] }
export type TlsEndpoint = { readonly address: string; readonly port: number }

/** Why TLS is not decrypted: its start was not captured, only some secrets are there, none are that fit, or (`connections`) there are none at all. */
export type SecretsMissing =
  | ({ readonly what: 'handshake' | 'some' } & TlsPlace)
  | ({
      readonly what: 'all'
      /** Whether there is a key log; and why the RSA keys do not help, null if there are none. */
      readonly hasKeyLog: boolean
      readonly rsaKeys: 'doNotFit' | 'notUsed' | null
      readonly cipherSuite: string
    } & TlsPlace)
  | { readonly what: 'connections'; readonly count: number }
export type SuiteUnsupported =
  | ({ readonly what: 'renegotiated' } & TlsPlace)
  | ({
      readonly what: 'suite'
      readonly version: string
      readonly cipherSuite: string
      readonly isCompressed: boolean
    } & TlsPlace)
