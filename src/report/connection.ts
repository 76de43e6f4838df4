// One connection of a report while it is open: its totals, its pings, and the rows of frames whose message is not yet complete.
import { type ClosedEvent, type FrameEvent, type MessageEvent, Opcode } from '../base/events.ts'
import { shortened } from '../base/shortened.ts'
import { otherSide, type Time } from '../base/stream.ts'
import type { ClosedRecord } from '../records/records.ts'
import { toRecord } from '../records/to-record.ts'
import type { ConnectionTotals, PingTotals, SentTotals } from './page-data.ts'

/** Characters that are kept of a close reason. A legal one has at most 123 bytes (RFC 6455 §5.5.1). */
const LONGEST_REASON = 123

/** Counts what a connection sends. Times are nanoseconds, NaN if unknown. */
export class OpenConnection {
  findings = 0
  readonly #sent = { client: noTotals(), server: noTotals() }
  readonly #pings = { client: new PingTimes(), server: new PingTimes() }
  readonly #rows = { client: new WaitingRows(), server: new WaitingRows() }

  /** `nanoseconds`: spells a moment as `time` is spelled. */
  frame(event: FrameEvent, time: number, nanoseconds: (time: Time | undefined) => number): void {
    const totals = this.#sent[event.from]
    totals.frames++
    totals.bytes += event.headerLength + event.capturedLength
    if (event.opcode === Opcode.ping) this.#pings[event.from].ping()
    if (event.answers === undefined) return
    const answered = this.#pings[otherSide(event.from)]
    for (const ping of event.answers) answered.answer(time - nanoseconds(ping.time))
  }

  /** Remembers the row of a frame until its message asks for it. */
  keepRow(event: FrameEvent, row: number): void {
    if (event.opcode <= Opcode.binary) this.#rows[event.from].keep(event.frame, row)
  }

  message(event: MessageEvent): void {
    const totals = this.#sent[event.from]
    totals.messages++
    if (event.compressed && !event.incomplete) {
      totals.compressedBytes += event.wireLength
      totals.inflatedBytes += event.length
    }
  }

  /** The rows of the frames of a message, if they are in the report. */
  takeRows({ from, frames }: MessageEvent): number[] {
    return this.#rows[from].take(frames)
  }

  /** The totals in its end. */
  closed(event: ClosedEvent, endTime: number): ConnectionTotals {
    const { type: _, ...closed } = toRecord(event) as ClosedRecord
    return {
      closed: {
        ...closed,
        breaksRule: event.breaksRule,
        reason: closed.reason === null ? null : shortened(closed.reason, LONGEST_REASON),
      },
      endTime: Number.isNaN(endTime) ? null : endTime,
      sent: this.#sent,
      pings: { client: this.#pings.client.totals, server: this.#pings.server.totals },
      findings: this.findings,
    }
  }
}

/** Rows of one side's frames whose message is not yet complete, in order. Two lists of numbers have a fifth of a Map's memory. */
class WaitingRows {
  readonly #frames: number[] = []
  readonly #rows: number[] = []

  keep(frame: number, row: number): void {
    this.#frames.push(frame)
    this.#rows.push(row)
  }

  /** The rows of some frames, in order. Earlier frames, which have no message then, wait no longer. */
  take(frames: readonly number[]): number[] {
    const taken: number[] = []
    let at = 0
    for (const frame of frames) {
      while (at < this.#frames.length && this.#frames[at]! < frame) at++
      if (this.#frames[at] === frame) taken.push(this.#rows[at++]!)
    }
    this.#frames.splice(0, at)
    this.#rows.splice(0, at)
    return taken
  }
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] }

function noTotals(): Mutable<SentTotals> {
  return { frames: 0, messages: 0, bytes: 0, compressedBytes: 0, inflatedBytes: 0 }
}

/** How long the pings of one side waited for their pongs (RFC 6455 §5.5.3). Times are numbers in one unit, NaN if unknown. */
class PingTimes {
  #sent = 0
  #answered = 0
  #timed = 0
  #sum = 0
  #shortest = Infinity
  #longest = 0

  /** This side sent a ping. */
  ping(): void {
    this.#sent++
  }

  /** A ping was answered after it had waited so long. */
  answer(waited: number): void {
    this.#answered++
    if (!(waited >= 0)) return
    this.#timed++
    this.#sum += waited
    this.#shortest = Math.min(this.#shortest, waited)
    this.#longest = Math.max(this.#longest, waited)
  }

  get totals(): PingTotals {
    const timed = this.#timed > 0
    return {
      sent: this.#sent,
      answered: this.#answered,
      shortest: timed ? this.#shortest : null,
      mean: timed ? this.#sum / this.#timed : null,
      longest: timed ? this.#longest : null,
    }
  }
}
