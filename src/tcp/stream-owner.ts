// What the reassembly of a direction needs of the connection that it belongs to.
import type { Budget, Limits } from '../base/limits.ts'
import type { Direction, StreamItem, Time } from '../base/stream.ts'
import type { RecentBytes } from './recent-bytes.ts'

/** What a stream needs of the connection it belongs to. */
export interface StreamOwner {
  readonly limits: Limits
  readonly budget: Budget
  readonly recent: RecentBytes
  /** Packets of the connection so far, both directions. */
  readonly packets: number
  receive(direction: Direction, item: StreamItem): void
  conflict(direction: Direction, offset: number, length: number, packet: number, time: Time | undefined): void
  /** No more bytes may wait: a hole is taken for a gap. */
  waitingLimitReached(packet: number, time: Time | undefined): void
}
