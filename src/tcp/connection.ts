// One TCP connection: what its segments mean for its two streams (SYN, ACK, FIN, RST; RFC 9293 §3.10). In: the segments of both
// sides. Out: the items of both streams, for a receiver that is opened when the first item comes.
import type { Budget, Limits } from '../base/limits.ts'
import {
  type Direction,
  type EndReason,
  opposite,
  type StreamEnd,
  type StreamItem,
  type Time,
} from '../base/stream.ts'
import { type Segment, TcpFlag } from '../network/segment.ts'
import { EndedConnection, isOther } from './port-reuse.ts'
import { type StreamOwner, StreamReassembly } from './reassembly.ts'
import type { StreamReceiver } from './receiver.ts'
import type { RecentBytes } from './recent-bytes.ts'
import { ReleaseOrder } from './release-order.ts'
import { isNear } from './sequence.ts'

/** What the connections of a capture share. */
export interface ConnectionContext {
  readonly limits: Limits
  readonly budget: Budget
  readonly recent: RecentBytes
  /** Opens the receiver of a connection when its first item comes. */
  open(connection: Connection): StreamReceiver
  /** Too much waited after a hole of a connection. Called at most once for each connection. */
  waitingLimitReached(packet: number, time: Time | undefined): void
}

/** A TCP connection: two streams and their receiver. */
export class Connection implements StreamOwner {
  readonly #context: ConnectionContext
  /** Its slot in the table. */
  readonly slot: number
  /** True if the opener's endpoint is the higher one in the table's key. */
  readonly openerIsHigher: boolean
  readonly firstPacket: number
  readonly firstTime: Time | undefined
  /** True once a SYN or a SYN-ACK was seen. */
  sawSyn = false
  /** Packets so far, of both directions. */
  packets = 0
  #lastPacket: number
  #lastTime: Time | undefined
  /**
   * The streams of direction 0 and 1. Undefined while nothing is known of them: a port scan leaves a hundred thousand half-open
   * connections.
   */
  #forward: StreamReassembly | undefined = undefined
  #backward: StreamReassembly | undefined = undefined
  #receiver: StreamReceiver | undefined = undefined
  /** What waits for bytes of the other direction; undefined if nothing does. */
  #order: ReleaseOrder | undefined = undefined
  /** The end of a direction that carried nothing. It is kept until the other direction carries something. */
  #silentEnd: StreamEnd | undefined = undefined
  #silentDirection: Direction = 0
  #hasEnded = false
  #hasReachedLimit = false

  constructor(context: ConnectionContext, slot: number, openerIsHigher: boolean, segment: Segment) {
    this.#context = context
    this.slot = slot
    this.openerIsHigher = openerIsHigher
    this.firstPacket = this.#lastPacket = segment.packet
    this.firstTime = this.#lastTime = segment.time
  }

  get limits(): Limits {
    return this.#context.limits
  }

  get budget(): Budget {
    return this.#context.budget
  }

  get recent(): RecentBytes {
    return this.#context.recent
  }

  /** Whether both directions have ended. Late packets of an ended connection are skipped. */
  get hasEnded(): boolean {
    return this.#hasEnded
  }

  /** Takes a segment of this connection, which must not have ended. */
  push(segment: Segment, direction: Direction): void {
    const { flags, packet, time } = segment
    this.packets++
    this.#lastPacket = packet
    this.#lastTime = time
    if (this.letGoIfDone()) return
    let sequence = segment.sequence
    if ((flags & (TcpFlag.rst | TcpFlag.syn)) !== 0) {
      if ((flags & TcpFlag.rst) !== 0) {
        if (!this.#isReset(segment, direction)) return
        if ((flags & TcpFlag.ack) !== 0) {
          this.#streamOf(opposite(direction)).acknowledge(segment.acknowledgment)
        }
        this.finish('reset', direction, sequence)
        return
      }
      sequence++
      this.#synchronize(segment, direction, sequence)
    }
    if ((flags & TcpFlag.ack) !== 0) {
      this.#streamOf(opposite(direction)).acknowledge(segment.acknowledgment)
    }
    if (segment.start < segment.end || segment.cut > 0 || (flags & TcpFlag.fin) !== 0) {
      this.#streamOf(direction).take(segment, sequence)
    }
    this.#forward?.review(packet, time)
    this.#backward?.review(packet, time)
    if (this.#order !== undefined) this.#handOnInOrder()
    if (this.#forward?.hasEnded && this.#backward?.hasEnded) this.#end()
  }

  /** If the receiver wants nothing more, ends the connection, drops all that it holds, and returns true. */
  letGoIfDone(): boolean {
    if (!this.#receiver?.isDone) return false
    this.#forward?.abandon()
    this.#backward?.abandon()
    this.#forward = this.#backward = undefined
    this.#order?.clear()
    this.#order = undefined
    this.#end()
    return true
  }

  /** Whether a segment with this connection's addresses and ports belongs to a later connection. */
  isOther(segment: Segment, direction: Direction): boolean {
    return direction === 0
      ? isOther(segment, this, this.#forward, this.#backward)
      : isOther(segment, this, this.#backward, this.#forward)
  }

  /** What the table remembers of it after its end. */
  remains(): EndedConnection {
    return new EndedConnection(this.openerIsHigher, this.sawSyn, this.#forward, this.#backward)
  }

  /**
   * Nothing more comes: both streams end, and what is missing becomes gaps. `first`: the direction of the side that ended them.
   * `reset`: the sequence number of its RST.
   */
  finish(reason: EndReason, first: Direction = 0, reset?: number): void {
    if (this.#hasEnded) return
    this.#finishStream(first, reason, reset)
    this.#finishStream(opposite(first), reason)
    if (this.#order !== undefined) this.#handOnInOrder()
    this.#end()
  }

  receive(direction: Direction, item: StreamItem): void {
    const other = direction === 0 ? this.#backward : this.#forward
    if (this.#order === undefined && other?.waitsFrom === undefined) {
      this.#handOn(direction, item)
      return
    }
    this.#order ??= new ReleaseOrder(this.budget)
    if (this.#order.push(direction, item)) return
    this.#handOnBefore(Infinity)
    this.#handOn(direction, item)
  }

  /** Hands on what was held, as far as nothing waits that came before it. */
  #handOnInOrder(): void {
    const forward = this.#forward?.waitsFrom ?? Infinity
    const backward = this.#backward?.waitsFrom ?? Infinity
    this.#handOnBefore(Math.min(forward, backward))
  }

  #handOnBefore(packet: number): void {
    const order = this.#order
    if (order === undefined) return
    for (let next = order.shift(packet); next !== undefined; next = order.shift(packet))
      this.#handOn(next.direction, next.item)
    if (order.isEmpty) this.#order = undefined
  }

  #handOn(direction: Direction, item: StreamItem): void {
    if (this.#receiver === undefined && item.kind === 'end') {
      this.#silentEnd = item
      this.#silentDirection = direction
    } else {
      this.#receiverOf().push(direction, item)
    }
  }

  conflict(
    direction: Direction,
    offset: number,
    length: number,
    packet: number,
    time: Time | undefined,
  ): void {
    this.#receiverOf().conflict(direction, offset, length, packet, time)
  }

  waitingLimitReached(packet: number, time: Time | undefined): void {
    if (this.#hasReachedLimit) return
    this.#hasReachedLimit = true
    this.#context.waitingLimitReached(packet, time)
  }

  #receiverOf(): StreamReceiver {
    if (this.#receiver === undefined) {
      this.#receiver = this.#context.open(this)
      if (this.#silentEnd !== undefined) this.#receiver.push(this.#silentDirection, this.#silentEnd)
      this.#silentEnd = undefined
    }
    return this.#receiver
  }

  #streamOf(direction: Direction): StreamReassembly {
    if (direction === 0) {
      this.#forward ??= new StreamReassembly(this, 0)
      return this.#forward
    }
    this.#backward ??= new StreamReassembly(this, 1)
    return this.#backward
  }

  /** A SYN says where its stream begins. In a SYN-ACK, the acknowledgment says where the other stream begins. */
  #synchronize(segment: Segment, direction: Direction, sequence: number): void {
    const { flags, acknowledgment, packet, time } = segment
    this.sawSyn = true
    if ((flags & TcpFlag.ack) !== 0) this.#streamOf(opposite(direction)).begin(acknowledgment, packet, time)
    this.#streamOf(direction).begin(sequence, packet, time)
  }

  /**
   * A reset far from the expected sequence number is ignored, unless it answers a segment of the other side (RFC 9293 §3.10.7.1).
   */
  #isReset(segment: Segment, direction: Direction): boolean {
    const stream = direction === 0 ? this.#forward : this.#backward
    if (!stream?.isKnown || isNear(stream.expected, segment.sequence)) return true
    const other = direction === 0 ? this.#backward : this.#forward
    return (
      (segment.flags & TcpFlag.ack) !== 0 &&
      other?.isKnown === true &&
      isNear(other.expected, segment.acknowledgment)
    )
  }

  #finishStream(direction: Direction, reason: EndReason, reset?: number): void {
    const stream = direction === 0 ? this.#forward : this.#backward
    if (stream !== undefined) stream.finish(reason, this.#lastPacket, this.#lastTime, reset)
    else this.receive(direction, { kind: 'end', reason, released: this.#lastPacket, time: this.#lastTime })
  }

  #end(): void {
    this.#hasEnded = true
    this.#receiver = undefined
    this.#silentEnd = undefined
  }
}
