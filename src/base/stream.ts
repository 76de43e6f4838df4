// What flows out of tcp/ (and later tls/) into http/ and websocket/: one direction of a connection as bytes in order,
// each traceable to the packets that brought it, and the holes between them. Platform neutral.

/** A moment as capture files hold it. Exact to the nanosecond, which one JavaScript number would not be. */
export interface Time {
  /** Seconds since 1970-01-01T00:00:00Z; whole; may be negative. */
  readonly seconds: number
  /** 0 … 999 999 999, to be added to the seconds. */
  readonly nanoseconds: number
}

/** Who sent it. */
export type Side = 'client' | 'server'

/** Direction of a TCP connection: 0 is what the side that opened it sends (the sender of the SYN, or where none was
 * captured the sender of the first packet seen), 1 is the answer. Who is client and who is server is found in http/. */
export type Direction = 0 | 1

/** The other direction of the connection. */
export function opposite(direction: Direction): Direction {
  return direction === 0 ? 1 : 0
}

/** The other side of the connection. */
export function otherSide(side: Side): Side {
  return side === 'client' ? 'server' : 'client'
}

/** Both directions as bits, `1 << direction` each. */
export const BOTH_DIRECTIONS = 3

/** Bytes in order. Valid until more of the capture is read: whoever keeps the bytes longer copies them. */
export interface Chunk {
  readonly kind: 'chunk'
  /** The bytes are `bytes[start … end)`; a view on what was read, never to be written to. */
  readonly bytes: Uint8Array
  readonly start: number
  readonly end: number
  /** Number of the packet that carried these bytes. */
  readonly packet: number
  /** Number of the packet whose arrival let them through: `packet` itself, or a later one that filled the hole before them. */
  readonly released: number
  /** Time of the packet `released`; undefined where the file has none. */
  readonly time: Time | undefined
  /** True where `start` is the first payload byte of a TCP segment: senders start frames there more often than elsewhere. */
  readonly segmentStart: boolean
}

/** Why bytes are missing: the other side acknowledged bytes that no packet of the capture holds; too much waited behind the hole;
 * the capture (or the connection) ended; the packet that held them was cut by the snapshot length; a limit made framewalk drop them; they
 * could not be decrypted and verified. */
export type GapReason = 'acknowledged' | 'waited' | 'end' | 'snapped' | 'limit' | 'undecrypted'

/** Bytes that the capture never saw. */
export interface Gap {
  readonly kind: 'gap'
  /** How many bytes are missing: at least 1. */
  readonly length: number
  /** True where `length` is a guess: where a frame ends behind the hole cannot be told from it. */
  readonly isEstimate?: true
  readonly reason: GapReason
  /** The packet whose arrival made the hole certain. */
  readonly released: number
  readonly time: Time | undefined
}

/** How a direction ended: the peer's FIN, a reset (of either side), the end of the capture, or a limit (the connection was dropped). */
export type EndReason = 'fin' | 'reset' | 'capture' | 'limit'

/** Nothing more comes in this direction. Exactly one, the last item of its direction. */
export interface StreamEnd {
  readonly kind: 'end'
  readonly reason: EndReason
  /** The packet that ended it; for `capture` and `limit` the last packet seen on the connection. */
  readonly released: number
  readonly time: Time | undefined
}

export type StreamItem = Chunk | Gap | StreamEnd
