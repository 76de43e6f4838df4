// What flows out of tcp/ and tls/ into http/, http2/ and websocket/: one direction of a connection as bytes in order, with the
// packets that brought them, and the gaps between them. Platform neutral.

/** A moment, as capture files hold it. Exact to the nanosecond, which one JavaScript number would not be. */
export interface Time {
  /** Seconds since 1970-01-01T00:00:00Z; whole; may be negative. */
  readonly seconds: number
  /** 0 … 999 999 999, to be added to the seconds. */
  readonly nanoseconds: number
}

/** The side of a WebSocket connection that sent something. */
export type Side = 'client' | 'server'

/**
 * Direction of a TCP connection. 0 is what the side sends that opened it: the sender of the first packet seen or, if that is a
 * SYN-ACK, its receiver. 1 is what the other side sends. http/ finds out which side is the client.
 */
export type Direction = 0 | 1

/** The other direction of the connection. */
export function opposite(direction: Direction): Direction {
  return direction === 0 ? 1 : 0
}

/** The other side of the connection. */
export function otherSide(side: Side): Side {
  return side === 'client' ? 'server' : 'client'
}

/** Both directions as bits: each is `1 << direction`. */
export const BOTH_DIRECTIONS = 3

/** Bytes in order. Valid until more of the capture is read: copy the bytes to keep them longer. */
export interface Chunk {
  readonly kind: 'chunk'
  /** The bytes are `bytes[start … end)`, a view of what was read. Never write to it. */
  readonly bytes: Uint8Array
  readonly start: number
  readonly end: number
  /** Number of the packet that carried these bytes. */
  readonly packet: number
  /** Number of the packet whose arrival let them through: `packet` itself, or a later one that filled the hole before them. */
  readonly released: number
  /** Time of the packet `released`; undefined if the file has none. */
  readonly time: Time | undefined
  /** True if `start` is the first payload byte of a TCP segment: senders start frames there more often than elsewhere. */
  readonly segmentStart: boolean
}

/**
 * Why bytes are missing. `acknowledged`: the other side acknowledged them, but no packet of the capture holds them. `waited`: too
 * much waited after the hole. `end`: the capture or the connection ended. `snapped`: the snapshot length cut them from their
 * packet. `limit`: a limit made framewalk drop them. `undecrypted`: they could not be decrypted and verified.
 */
export type GapReason = 'acknowledged' | 'waited' | 'end' | 'snapped' | 'limit' | 'undecrypted'

/** Bytes that are missing from a stream. */
export interface Gap {
  readonly kind: 'gap'
  /** How many bytes are missing: at least 1. */
  readonly length: number
  /** True if `length` is a guess. Then it does not tell where a frame ends that reaches past the hole. */
  readonly isEstimate?: true
  readonly reason: GapReason
  /** The packet whose arrival made the hole certain; `time` is that packet's. */
  readonly released: number
  readonly time: Time | undefined
}

/**
 * How a direction ended: the FIN of its sender, a reset by either side, the end of the capture, or a limit (the connection was
 * dropped).
 */
export type EndReason = 'fin' | 'reset' | 'capture' | 'limit'

/** Nothing more comes in this direction. Each direction has exactly one, as its last item. */
export interface StreamEnd {
  readonly kind: 'end'
  readonly reason: EndReason
  /** The packet that ended it; for `capture` and `limit`, the last packet seen on the connection. */
  readonly released: number
  readonly time: Time | undefined
}

/** What one direction of a connection consists of. */
export type StreamItem = Chunk | Gap | StreamEnd

/**
 * When it is an item's turn, if the items of both directions go in the order of their packets: bytes with the packet that let them
 * through, a gap with what follows it, and an end after all that its packet brought.
 */
export function turnOf(item: StreamItem): number {
  if (item.kind === 'gap') return 0
  return item.kind === 'end' ? item.released + 0.5 : item.released
}
