// What tcp/ hands its streams to: whoever wants to read a connection. tcp/ knows nothing of what is behind it.
import type { Endpoint } from '../base/events.ts'
import type { Direction, StreamItem, Time } from '../base/stream.ts'

/** A TCP connection, as known when its first packet is seen. */
export interface TcpConnection {
  /** Index 0 opened it (or, where no SYN or SYN-ACK was captured, sent the first packet seen); index 1 is its peer. */
  readonly endpoints: readonly [Endpoint, Endpoint]
  /** True where a SYN or a SYN-ACK was captured, so that the streams are known from their first byte. */
  readonly sawSyn: boolean
  readonly firstPacket: number
  readonly time: Time | undefined
}

/** Reads both streams of one connection. Made by the function that tcp/ is given; dropped after both directions have ended. */
export interface StreamReceiver {
  /** True once it wants nothing more: its connection is not put together any longer, and goes first where there are too many. */
  readonly isDone?: boolean
  /** The next item of a direction, in the order of the stream. */
  push(direction: Direction, item: StreamItem): void
  /** A later copy of `length` bytes differs from the first, which wins. `offset` is that of the first differing byte in its direction's stream. */
  conflict(direction: Direction, offset: number, length: number, packet: number, time: Time | undefined): void
}

/** Called once for each TCP connection that carries anything, before its first item. */
export type OpenReceiver = (connection: TcpConnection) => StreamReceiver
