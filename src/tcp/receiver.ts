// What reads the streams of tcp/. tcp/ knows only this interface, not what implements it.
import type { Endpoint } from '../base/events.ts'
import type { Direction, StreamItem, Time } from '../base/stream.ts'

/** A TCP connection, as known when its first packet is seen. */
export interface TcpConnection {
  /** Index 0 opened the connection: it sent the first packet seen or, if that is a SYN-ACK, received it. Index 1 is its peer. */
  readonly endpoints: readonly [Endpoint, Endpoint]
  /**
   * True if a SYN or a SYN-ACK was captured before the first item. A SYN tells where its stream begins; a SYN-ACK tells it of
   * both.
   */
  readonly sawSyn: boolean
  readonly firstPacket: number
  /** Time of `firstPacket`; undefined if the file has none. */
  readonly time: Time | undefined
}

/** Reads both streams of one connection. An `OpenReceiver` makes it. tcp/ drops it after both directions have ended. */
export interface StreamReceiver {
  /** True once it wants nothing more: its connection is not put together any more, and counts as ended. */
  readonly isDone?: boolean
  /** The next item of a direction, in the order of the stream. */
  push(direction: Direction, item: StreamItem): void
  /**
   * A later copy of some bytes differs from the first copy, which wins. `length` counts from the first byte that differs to the
   * last one; `offset` is the stream offset of the first one.
   */
  conflict(direction: Direction, offset: number, length: number, packet: number, time: Time | undefined): void
}

/** Called once for each TCP connection that carries anything, before its first item. */
export type OpenReceiver = (connection: TcpConnection) => StreamReceiver
