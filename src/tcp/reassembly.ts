// One direction of a TCP connection, put together as a receiver would do it (RFC 9293 §3.10.7.4). In: the segments of one side in
// the order of the capture, and how far the other side has acknowledged them. Out: chunks in the order of the stream, gaps for
// what is certainly missing, and one end. The first copy of a byte wins.
import { copy } from '../base/bytes.ts'
import type { Budget, Limits } from '../base/limits.ts'
import type { Direction, EndReason, GapReason, StreamItem, Time } from '../base/stream.ts'
import { type Segment, TcpFlag } from '../network/segment.ts'
import { GapPolicy } from './gap-policy.ts'
import { compareBytes, type Difference, type RecentBytes } from './recent-bytes.ts'
import { FAR, isNear, offsetOf, sequenceDistance } from './sequence.ts'
import { WaitingRanges } from './waiting.ts'

/** What a stream needs of the connection it belongs to. */
export interface StreamOwner {
  readonly limits: Limits
  readonly budget: Budget
  readonly recent: RecentBytes
  /** Packets of the connection so far, both directions. */
  readonly packets: number
  /** Takes the next item of a direction. */
  receive(direction: Direction, item: StreamItem): void
  /** A later copy differs from the first, in at most `length` bytes. `offset`: stream offset of the first byte that differs. */
  conflict(direction: Direction, offset: number, length: number, packet: number, time: Time | undefined): void
  /** The limits let no more bytes wait: a hole becomes a gap. */
  waitingLimitReached(packet: number, time: Time | undefined): void
}

/**
 * `unknown`: no sequence number was seen. `acknowledged`: only acknowledgments of the other side were seen. `open`: bytes came
 * without a SYN before them; they wait, since the first packets may be out of order like any others. `running`: delivered up to
 * `#next`.
 */
const State = { unknown: 0, acknowledged: 1, open: 2, running: 3, ended: 4 } as const
type State = (typeof State)[keyof typeof State]

/** Reused for every segment that overlaps others. */
const difference: Difference = { first: 0, last: 0 }

/** Puts one direction together. */
export class StreamReassembly {
  readonly #owner: StreamOwner
  readonly #direction: Direction
  #state: State = State.unknown
  /**
   * Sequence number of the byte at offset 0, as a signed word. It stays when earlier bytes turn up in time: their offsets are
   * negative.
   */
  #first = 0
  /** Offset of the stream's first byte. */
  #origin = 0
  /** Everything before this offset was delivered. */
  #next = 0
  /** Offset up to which the other side has acknowledged. */
  #acknowledged: number | undefined = undefined
  /** Offset of the FIN, never before `#next`. Below: the packet that brought it, and its time. */
  #fin: number | undefined = undefined
  #finPacket = 0
  #finTime: Time | undefined = undefined
  /**
   * What cannot be delivered yet: bytes, or a FIN. Undefined if there is nothing. The gap policy is made and dropped together
   * with it.
   */
  #waiting: WaitingRanges | undefined = undefined
  #gapPolicy: GapPolicy | undefined = undefined
  /** Number of the last segment delivered, in the ring of recent bytes; 0 if there is none. */
  #recent = 0

  constructor(owner: StreamOwner, direction: Direction) {
    this.#owner = owner
    this.#direction = direction
  }

  /** Whether the end was handed on, or the stream was abandoned. */
  get hasEnded(): boolean {
    return this.#state === State.ended
  }

  /** Whether any sequence number of this stream was seen. */
  get isKnown(): boolean {
    return this.#state !== State.unknown
  }

  /** The packet of the first thing that waits, bytes or a FIN; undefined if nothing does. */
  get waitsFrom(): number | undefined {
    if (this.#waiting === undefined) return undefined
    return this.#waiting.first?.packet ?? (this.#fin === undefined ? undefined : this.#finPacket)
  }

  /** Sequence number of the stream's first byte, as a signed word. */
  get start(): number {
    return (this.#first + this.#origin) | 0
  }

  /** Sequence number of the byte that comes next, as a signed word. */
  get expected(): number {
    return (this.#first + this.#next) | 0
  }

  /** A SYN, or the acknowledgment in a SYN-ACK, says that the stream begins at `sequence`. */
  begin(sequence: number, packet: number, time: Time | undefined): void {
    if (this.#state >= State.running) return
    if (this.#state === State.unknown) this.#first = sequence | 0
    this.#start(sequenceDistance(this.#first, sequence), packet, time)
  }

  /** The other side acknowledges everything before `sequence`. */
  acknowledge(sequence: number): void {
    if (this.#state === State.unknown) {
      this.#state = State.acknowledged
      this.#first = sequence | 0
    }
    const offset = offsetOf(sequence, this.#first, this.#next)
    if (offset > (this.#acknowledged ?? Number.NEGATIVE_INFINITY) && offset - this.#next <= FAR) {
      this.#acknowledged = offset
    }
  }

  /** Takes the payload and the FIN of a segment. `sequence`: sequence number of its first payload byte. */
  take(segment: Segment, sequence: number): void {
    if (
      this.#state === State.running &&
      this.#waiting === undefined &&
      segment.cut === 0 &&
      sequenceDistance(this.#first + this.#next, sequence) === 0
    ) {
      const { bytes, start, end, packet, time } = segment
      if (start < end) this.#deliver(bytes, start, end, packet, packet, time, true)
      if ((segment.flags & TcpFlag.fin) !== 0) this.#end('fin', packet, time)
    } else if (this.#state !== State.ended) {
      this.#takeOutOfOrder(segment, sequence)
    }
  }

  /** Called after each packet of the connection: a hole that is certain by now becomes a gap. */
  review(packet: number, time: Time | undefined): void {
    if (this.#waiting === undefined) return
    const gapPolicy = this.#gapPolicy!
    const { packets } = this.#owner
    if (this.#state === State.open) {
      if (gapPolicy.startIsCertain(packets, time)) this.#start(this.#earliest(0), packet, time)
    } else if (this.#acknowledged !== undefined) {
      gapPolicy.acknowledge(this.#acknowledged, this.#holeEnd(), packets, time)
      this.#giveUpHoles(gapPolicy.certain, packet, time)
    }
  }

  /**
   * Nothing more comes: what is missing becomes gaps, what waits comes out, and the stream ends (with reason `fin` if a FIN was
   * seen). `reset`: the sequence number of this side's own RST. All bytes before it were sent.
   */
  finish(reason: EndReason, packet: number, time: Time | undefined, reset?: number): void {
    if (this.#state === State.open) this.#start(this.#earliest(0), packet, time)
    this.#giveUpHoles(Number.MAX_SAFE_INTEGER, packet, time)
    if (this.#state === State.ended) return
    const isSent = reset !== undefined && this.#state !== State.unknown && isNear(this.expected, reset)
    const sent = isSent ? offsetOf(reset, this.#first, this.#next) : this.#next
    const acknowledged = (this.#acknowledged ?? this.#next) - this.#next
    if (sent > this.#next && sent - this.#next > acknowledged) {
      this.#skip(sent - this.#next, 'end', packet, time)
    } else if (acknowledged > 1) {
      // Exactly one byte more would be the sequence number of a FIN that was not captured.
      this.#skip(acknowledged, 'acknowledged', packet, time)
    }
    this.#end(reason, packet, time)
  }

  /** Drops what waits. From now on the stream takes nothing. */
  abandon(): void {
    this.#state = State.ended
    this.#waiting?.clear()
    this.#waiting = this.#gapPolicy = undefined
  }

  #takeOutOfOrder(segment: Segment, sequence: number): void {
    const { packet, time } = segment
    if (
      this.#state === State.unknown ||
      (this.#state === State.acknowledged && !isNear(this.expected, sequence))
    ) {
      this.#first = sequence | 0
      this.#acknowledged = undefined
      this.#state = State.open
    }
    const offset = offsetOf(sequence, this.#first, this.#next)
    const capturedEnd = offset + segment.end - segment.start
    const end = capturedEnd + segment.cut
    const isFin = (segment.flags & TcpFlag.fin) !== 0
    // A keep-alive probe sends at most one byte, just before the byte that comes next (RFC 9293 §3.8.4).
    if (end - offset <= 1 && !isFin && offset === (this.#waiting?.last?.end ?? this.#next) - 1) return
    if (this.#state === State.acknowledged) this.#state = offset === 0 ? State.running : State.open
    if (isFin && this.#fin === undefined && (this.#state === State.open || end >= this.#next)) {
      this.#fin = end
      this.#finPacket = packet
      this.#finTime = time
    }
    const limit = this.#fin ?? Number.MAX_VALUE
    if (this.#state === State.open || (this.#fin ?? this.#next) > this.#next) this.#wait(time)

    difference.first = Number.MAX_VALUE
    difference.last = -Number.MAX_VALUE
    this.#place(segment, segment.bytes, offset, offset, Math.min(capturedEnd, limit))
    if (segment.cut > 0) this.#place(segment, undefined, offset, capturedEnd, Math.min(end, limit))
    this.#release(true, packet, time)
    if (difference.first <= difference.last) {
      const length = difference.last - difference.first + 1
      const at = difference.first - (this.#state === State.open ? this.#earliest(0) : this.#origin)
      this.#owner.conflict(this.#direction, at, length, packet, time)
    }
  }

  /**
   * Takes the part `[at, end)` of a segment that starts at `offset`. New bytes are delivered or wait; others are compared with
   * the first copy.
   */
  #place(segment: Segment, bytes: Uint8Array | undefined, offset: number, at: number, end: number): void {
    const { packet, time } = segment
    if (bytes !== undefined) this.#waiting?.forgetSnapped(at, end)
    while (at < end) {
      const index = segment.start + (at - offset)
      const isRunning = this.#state === State.running
      const follower = isRunning && at < this.#next ? undefined : this.#waiting?.endingAfter(at)
      let stop: number
      if (isRunning && at < this.#next) {
        stop = Math.min(end, this.#next)
        if (bytes !== undefined) this.#owner.recent.compare(this.#recent, at, stop, bytes, index, difference)
      } else if (follower !== undefined && follower.start <= at) {
        // Without bytes there is nothing to compare: only holes are of interest.
        stop = Math.min(end, bytes === undefined ? this.#waiting!.holeAfter(at, end) : follower.end)
        if (bytes !== undefined && follower.bytes !== undefined) {
          compareBytes(follower.bytes, at - follower.start, bytes, index, stop - at, at, difference)
        }
      } else {
        stop = follower === undefined ? end : Math.min(end, follower.start)
        if (isRunning && at === this.#next) {
          if (bytes === undefined) this.#skip(stop - at, 'snapped', packet, time)
          else this.#deliver(bytes, index, index + stop - at, packet, packet, time, at === offset)
        } else if (!this.#hold(segment, bytes, offset, at, stop)) {
          this.#makeRoom(at, packet, time)
          stop = at
        }
      }
      at = stop
    }
  }

  /** Keeps a copy of the part `[at, end)`, which comes after a hole; false if the limits forbid it. */
  #hold(segment: Segment, bytes: Uint8Array | undefined, offset: number, at: number, end: number): boolean {
    const waiting = this.#wait(segment.time)
    if (!waiting.pay(bytes === undefined ? 0 : end - at)) return false
    const index = segment.start + (at - offset)
    waiting.add({
      start: at,
      end,
      bytes: bytes === undefined ? undefined : copy(bytes, index, index + end - at),
      packet: segment.packet,
      time: segment.time,
      segmentStart: at === offset,
    })
    return true
  }

  #wait(time: Time | undefined): WaitingRanges {
    if (this.#waiting === undefined) {
      this.#waiting = new WaitingRanges(this.#owner.budget, this.#owner.limits.waitingPerStream)
      this.#gapPolicy = new GapPolicy(this.#owner.packets, time)
    }
    return this.#waiting
  }

  /**
   * Makes sure that the byte at `offset` finds room or need not wait: delivers what need not wait, or, if there is nothing, makes
   * the first hole a gap.
   */
  #makeRoom(offset: number, packet: number, time: Time | undefined): void {
    const earliest = this.#earliest(offset)
    if (this.#state === State.running && earliest === this.#next) {
      this.#release(true, packet, time)
      return
    }
    this.#owner.waitingLimitReached(packet, time)
    if (this.#state === State.open) {
      this.#start(earliest, packet, time)
    } else {
      this.#skip(earliest - this.#next, 'waited', packet, time)
      this.#release(false, packet, time)
    }
  }

  /** The stream's first byte is certain: it is the one at `offset`. */
  #start(offset: number, packet: number, time: Time | undefined): void {
    this.#state = State.running
    this.#origin = offset
    this.#next = offset
    if (this.#fin !== undefined && this.#fin < offset) this.#fin = undefined
    this.#release(false, packet, time)
  }

  /** The lower of `offset` and the offset of the first thing that waits. */
  #earliest(offset: number): number {
    return Math.min(offset, this.#holeEnd())
  }

  /** Where the first hole ends: at the first bytes that wait, or at the FIN. */
  #holeEnd(): number {
    return Math.min(this.#waiting?.first?.start ?? Number.MAX_VALUE, this.#fin ?? Number.MAX_VALUE)
  }

  /** Makes gaps of all holes that end at or before the offset `upTo`. */
  #giveUpHoles(upTo: number, packet: number, time: Time | undefined): void {
    while (this.#waiting !== undefined) {
      const end = this.#holeEnd()
      if (end > upTo) return
      const reason = (this.#acknowledged ?? -Number.MAX_VALUE) >= end ? 'acknowledged' : 'end'
      this.#skip(end - this.#next, reason, packet, time)
      this.#release(false, packet, time)
    }
  }

  /**
   * Delivers what waits without a hole before it, and the end if that is reached. `filled`: this packet filled the hole before
   * it.
   */
  #release(filled: boolean, packet: number, time: Time | undefined): void {
    if (this.#state !== State.running) return
    const waiting = this.#waiting
    let released = filled ? packet : 0
    let releasedTime = time
    for (let range = waiting?.first; range !== undefined; range = waiting!.first) {
      if (range.start > this.#next) break
      waiting!.remove(range)
      if (range.packet > released) {
        released = range.packet
        releasedTime = range.time
      }
      const { bytes, start } = range
      const skipped = this.#next - start
      const end = Math.min(range.end, this.#fin ?? range.end)
      if (end <= this.#next) continue
      if (bytes === undefined) {
        this.#skip(end - this.#next, 'snapped', range.packet, range.time)
      } else {
        const isStart = range.segmentStart && skipped === 0
        this.#deliver(bytes, skipped, end - start, range.packet, released, releasedTime, isStart)
      }
    }
    if (this.#fin === this.#next) {
      if (this.#finPacket >= released) this.#end('fin', this.#finPacket, this.#finTime)
      else this.#end('fin', released, releasedTime)
    } else if (waiting?.first === undefined && this.#fin === undefined)
      this.#waiting = this.#gapPolicy = undefined
  }

  #deliver(
    bytes: Uint8Array,
    start: number,
    end: number,
    packet: number,
    released: number,
    time: Time | undefined,
    segmentStart: boolean,
  ): void {
    this.#recent = this.#owner.recent.record(this.#recent, this.#next, bytes, start, end)
    this.#next += end - start
    this.#owner.receive(this.#direction, {
      kind: 'chunk',
      bytes,
      start,
      end,
      packet,
      released,
      time,
      segmentStart,
    })
  }

  #skip(length: number, reason: GapReason, released: number, time: Time | undefined): void {
    this.#next += length
    this.#owner.receive(this.#direction, { kind: 'gap', length, reason, released, time })
  }

  #end(reason: EndReason, released: number, time: Time | undefined): void {
    this.#state = State.ended
    this.#waiting?.clear()
    this.#waiting = this.#gapPolicy = undefined
    this.#owner.receive(this.#direction, { kind: 'end', reason, released, time })
  }
}
