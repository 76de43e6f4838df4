// When a hole is certain. The other side's acknowledgment proves that a hole's bytes arrived, so no retransmission will bring them. But
// packets are recorded slightly out of order (each processor, each interface has its own queue), so the acknowledgment may stand in the
// capture before the bytes that it acknowledges. Hence the rule: a hole behind which something waits is a gap once its acknowledgment is
// so many packets of its connection, or so much capture time, old.
import type { Time } from '../base/stream.ts'

/** Packets of the connection by which an acknowledgment may be recorded too early: half of what a Linux queue hands over at once. */
const ACKNOWLEDGMENT_PACKETS = 32
/** Packets of the connection by which the first bytes of a stream without SYN may be recorded too late. */
const START_PACKETS = 4
/** Capture time after which nothing is waited for any longer, in seconds. */
const SECONDS = 1

/** Waits on behalf of one stream. Exists only while something waits. */
export class GapPolicy {
  /** Holes that end at or before this offset are certain. */
  certain = Number.NEGATIVE_INFINITY
  #since: number
  #sinceTime: Time | undefined
  /** An acknowledgment that is not old enough yet. */
  #acknowledged: number | undefined

  constructor(packets: number, time: Time | undefined) {
    this.#since = packets
    this.#sinceTime = time
  }

  /** Whether a stream without SYN may start at the earliest of its bytes seen. `packets`: of the connection so far. */
  startIsCertain(packets: number, time: Time | undefined): boolean {
    return this.#hasWaited(START_PACKETS, packets, time)
  }

  /** Takes note of how far the other side has acknowledged, where that covers the first hole, which ends at `holeEnd`. */
  acknowledge(acknowledged: number, holeEnd: number, packets: number, time: Time | undefined): void {
    if (this.#acknowledged === undefined) {
      if (acknowledged < holeEnd) return
      this.#acknowledged = acknowledged
      this.#since = packets
      this.#sinceTime = time
    } else if (this.#hasWaited(ACKNOWLEDGMENT_PACKETS, packets, time)) {
      this.certain = this.#acknowledged
      this.#acknowledged = undefined
    }
  }

  #hasWaited(count: number, packets: number, time: Time | undefined): boolean {
    if (packets - this.#since >= count) return true
    const since = this.#sinceTime
    if (since === undefined || time === undefined) return false
    return time.seconds - since.seconds + (time.nanoseconds - since.nanoseconds) / 1e9 >= SECONDS
  }
}
