// The pings of one side that wait for their pongs (RFC 6455 §5.5.2, §5.5.3).
import { copy } from '../bytes.ts'
import type { FrameEvent } from '../events.ts'
import type { Budget } from '../limits.ts'
import type { Time } from '../stream.ts'

/** A ping that waits for its pong. */
export interface Ping {
  readonly frame: number
  readonly firstPacket: number
  readonly lastPacket: number
  readonly time: Time | undefined
  readonly payload: Uint8Array
}

/** More pings than anyone leaves unanswered. Beyond it the oldest is forgotten. */
const MOST_PINGS = 64
/** What a ping is reckoned at in the budget, beside its payload. */
const PING_COST = 192

export class Heartbeat {
  /** Pings not answered so far, the oldest first. */
  waiting: Ping[] = []
  readonly #budget: Budget
  /** True where pings may wait that nobody saw. */
  #unseen: boolean

  /** `midstream`: frames came before that nobody saw. */
  constructor(budget: Budget, midstream: boolean) {
    this.#budget = budget
    this.#unseen = midstream
  }

  /** This side sent a ping. */
  ping(frame: FrameEvent): void {
    const { payload, firstPacket, lastPacket, time } = frame
    if (frame.cutBy !== undefined || payload.length > 125 || !this.#budget.take(PING_COST + payload.length)) {
      this.#unseen = true
      return
    }
    this.waiting.push({ frame: frame.frame, firstPacket, lastPacket, time, payload: copy(payload) })
    if (this.waiting.length <= MOST_PINGS) return
    this.#drop(1)
    this.#unseen = true
  }

  /** The other side sent a pong, which answers its ping and all earlier ones. True where pings wait and none has its payload. */
  pong(frame: FrameEvent): boolean {
    const { waiting } = this
    if (frame.cutBy !== undefined) {
      this.forget()
      return false
    }
    let at = waiting.length - 1
    while (at >= 0 && !same(waiting[at]!.payload, frame.payload)) at--
    if (at < 0) return waiting.length > 0 && frame.payload.length > 0 && !this.#unseen
    this.#drop(at + 1)
    this.#unseen = false
    return false
  }

  /** Frames of this side were lost: pings, perhaps. */
  losePings(): void {
    this.#unseen = true
  }

  /** Frames of the other side were lost: pongs, perhaps. */
  forget(): void {
    this.#drop(this.waiting.length)
  }

  #drop(count: number): void {
    for (const ping of this.waiting.splice(0, count)) this.#budget.give(PING_COST + ping.payload.length)
  }
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i])
}
