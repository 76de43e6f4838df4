// The pings of one side that wait for their pongs (RFC 6455 §5.5.2, §5.5.3). The two directions of a connection are not read in
// the order in which they were sent: bytes that waited after a hole are read later than the other side's answer to them. So
// verdicts go by packet numbers.
import { areEqual, copy, NO_BYTES, toLatin1 } from '../base/bytes.ts'
import type { FrameEvent } from '../base/events.ts'
import type { Budget } from '../base/limits.ts'
import type { Time } from '../base/stream.ts'

/** A ping that waits for its pong, or a pong that waits for its ping. */
export interface Ping {
  readonly frame: number
  readonly firstPacket: number
  readonly lastPacket: number
  readonly time: Time | undefined
  readonly payload: Uint8Array
}

/**
 * A pong whose payload matches no ping that waited. `last` is the last of those pings; undefined if none waited, or if the pong
 * may answer a ping that was not captured.
 */
export interface UnmatchedPong {
  readonly pong: Ping
  readonly last: Ping | undefined
}

/** Pings that wait at most: more than any endpoint leaves unanswered. Past this, the oldest is forgotten. */
const MOST_PINGS = 64
/**
 * Bytes that a ping or a pong costs in the budget, besides its payload: an object, an array with memory of its own and a number in
 * the map (measured); and for each payload byte.
 */
const PING_COST = 576
const BYTE_COST = 2
/** Pongs held back at most, until it is certain that their pings do not come. */
const MOST_UNMATCHED = 4
/** Packets by which a ping may be recorded after its pong: each network queue hands over its packets in its own time. */
const LATE_PACKETS = 32

/** The pings of one side, and the other side's pongs. */
export class Heartbeat {
  /** Pings not answered so far, the oldest first. */
  waiting: Ping[] = []
  /** How many pings waited and do so no more: the first of `waiting` has this number. */
  #answered = 0
  /**
   * The number of the last waiting ping with each payload, by its bytes as characters. Pongs that differ from every ping in the
   * last byte alone would take 64 comparisons each.
   */
  readonly #numbers = new Map<string, number>()
  readonly #budget: Budget
  /** True if pings may wait that were not captured. */
  #unseen: boolean
  #unmatched: UnmatchedPong[] = []
  /** Pongs with a payload, while this side has sent no ping. */
  #unasked: Ping[] = []
  #hasPinged = false
  /** Packet of the last pong that matched no ping. */
  #lastUnmatched = 0
  /** Pings of packets before this one were answered, or their answers may be lost. */
  #settledBefore = 0

  /** `midstream`: earlier frames were not captured. */
  constructor(budget: Budget, midstream: boolean) {
    this.#budget = budget
    this.#unseen = midstream
  }

  /** This side sent a ping. `isDue`: whether a pong is due. */
  ping(frame: FrameEvent, isDue: boolean): void {
    this.#hasPinged = true
    this.#forgetUnasked()
    if (!isDue) return
    const answered = this.#dropUnmatched(({ pong }) => areEqual(pong.payload, frame.payload))
    if (answered.length > 0 || frame.firstPacket < this.#settledBefore) {
      this.#answer(this.waiting.length)
      return
    }
    const ping = frame.cutBy === undefined ? this.#keep(frame) : undefined
    if (ping === undefined) {
      this.#unseen = true
      return
    }
    this.#numbers.set(toLatin1(ping.payload), this.#answered + this.waiting.length)
    this.waiting.push(ping)
    if (this.waiting.length <= MOST_PINGS) return
    this.#answer(1)
    this.#unseen = true
  }

  /**
   * The other side sent a pong. Returns the pings that it answers: the last one with its payload, and all earlier ones; undefined
   * if no waiting ping has its payload.
   */
  pong(frame: FrameEvent): readonly Ping[] | undefined {
    const { waiting } = this
    if (frame.cutBy !== undefined) {
      this.forget(frame.lastPacket)
      return undefined
    }
    this.#settledBefore = Math.max(this.#settledBefore, frame.firstPacket)
    const number = waiting.length === 0 ? undefined : this.#numbers.get(toLatin1(frame.payload))
    if (number !== undefined) {
      this.#unseen = false
      return this.#answer(number - this.#answered + 1)
    }
    const isUnsolicited = frame.payload.length > 0 && !this.#unseen
    this.#remember(frame, isUnsolicited ? waiting.at(-1) : undefined)
    if (isUnsolicited && !this.#hasPinged) this.#keepUnasked(frame)
    // It may answer a ping that was not captured, and so all earlier ones.
    if (this.#unseen) this.#answer(waiting.length)
    return undefined
  }

  /**
   * This side has been read up to a packet (Infinity at its end). Returns the pongs before it whose pings will not come any more.
   */
  unmatchedBefore(packet: number): readonly UnmatchedPong[] {
    // Called for each chunk: to create a closure each time would be half of the cost.
    if (this.#unmatched.length === 0) return NO_PONGS
    return this.#dropUnmatched(({ pong }) => pong.lastPacket + LATE_PACKETS < packet)
  }

  /** The other side's pongs with a payload, the first few, if this side has never sent a ping. */
  get unasked(): readonly Ping[] {
    return this.#unasked
  }

  /** Frames of this side were lost, perhaps pings. */
  losePings(): void {
    this.#unseen = true
    this.#forgetUnasked()
    this.#unmatched = this.#unmatched.map(({ pong }) => ({ pong, last: undefined }))
    // An earlier pong may answer one of them, and so all pings before that.
    this.#answer(this.waiting.findLastIndex(({ lastPacket }) => lastPacket < this.#lastUnmatched) + 1)
  }

  /** Frames of the other side were lost before a packet, perhaps pongs. */
  forget(packet: number): void {
    this.#settledBefore = Math.max(this.#settledBefore, packet)
    this.#answer(this.waiting.length)
  }

  /** The other side sent a close frame: it owes no pong for later pings (RFC 6455 §5.5.2). */
  excuse(packet: number): void {
    const due = this.waiting.findIndex(({ firstPacket }) => firstPacket > packet)
    if (due < 0) return
    this.#give(this.waiting.splice(due))
    this.#numbers.clear()
    for (const [at, { payload }] of this.waiting.entries())
      this.#numbers.set(toLatin1(payload), this.#answered + at)
  }

  /** Gives back what is held. */
  release(): void {
    this.#answer(this.waiting.length)
    this.#dropUnmatched(() => true)
    this.#forgetUnasked()
  }

  #keepUnasked(frame: FrameEvent): void {
    const pong = this.#unasked.length < MOST_UNMATCHED ? this.#keep(frame) : undefined
    if (pong !== undefined) this.#unasked.push(pong)
  }

  #forgetUnasked(): void {
    this.#give(this.#unasked)
    this.#unasked = []
  }

  #remember(frame: FrameEvent, last: Ping | undefined): void {
    this.#lastUnmatched = frame.firstPacket
    if (this.#unmatched.length === MOST_UNMATCHED) this.#giveOne(this.#unmatched.shift()!.pong)
    const pong = this.#keep(frame)
    if (pong !== undefined) this.#unmatched.push({ pong, last })
  }

  #keep(frame: FrameEvent): Ping | undefined {
    const { frame: number, firstPacket, lastPacket, time, payload } = frame
    if (payload.length > 125 || !this.#budget.take(costOf(payload))) return undefined
    const kept = payload.length === 0 ? NO_BYTES : copy(payload)
    return { frame: number, firstPacket, lastPacket, time, payload: kept }
  }

  /** The first `count` pings wait no longer. */
  #answer(count: number): readonly Ping[] {
    if (count === 0) return NO_PINGS
    const answered = this.waiting.splice(0, count)
    if (this.waiting.length === 0) this.#numbers.clear()
    else {
      for (const [at, { payload }] of answered.entries()) {
        const key = toLatin1(payload)
        if (this.#numbers.get(key) === this.#answered + at) this.#numbers.delete(key)
      }
    }
    this.#answered += answered.length
    this.#give(answered)
    return answered
  }

  #give(pings: readonly Ping[]): void {
    for (const ping of pings) this.#giveOne(ping)
  }

  #giveOne({ payload }: Ping): void {
    this.#budget.give(costOf(payload))
  }

  /** Removes the pongs that meet a condition, and returns them. */
  #dropUnmatched(condition: (unmatched: UnmatchedPong) => boolean): readonly UnmatchedPong[] {
    if (this.#unmatched.length === 0) return NO_PONGS
    const dropped = this.#unmatched.filter(condition)
    this.#unmatched = this.#unmatched.filter((each) => !dropped.includes(each))
    this.#give(dropped.map(({ pong }) => pong))
    return dropped
  }
}

const NO_PONGS: readonly UnmatchedPong[] = []
const NO_PINGS: readonly Ping[] = []

function costOf(payload: Uint8Array): number {
  return PING_COST + BYTE_COST * payload.length
}
