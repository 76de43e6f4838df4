// Decides when a hole is certain. An acknowledgment by the other side proves that the hole's bytes arrived, so no retransmission
// will bring them. But packets are recorded slightly out of order (each processor and each interface has its own queue), so an
// acknowledgment may be in the capture before the bytes that it acknowledges. Hence the rule: if something waits after a hole,
// the hole becomes a gap once its acknowledgment is 32 packets of the connection or 1 second of capture time old.
import type { Time } from '../base/stream.ts'

/**
 * An acknowledgment may be recorded this many packets of the connection too early: half of what a Linux queue hands over at once.
 */
const ACKNOWLEDGMENT_PACKETS = 32
/** The first bytes of a stream without a SYN may be recorded this many packets of the connection too late. */
const START_PACKETS = 4
/** Seconds of capture time after which waiting ends in any case. */
const SECONDS = 1

/** The policy of one stream. It exists only while something waits. */
export class GapPolicy {
  /** Holes that end at or before this offset are certain. */
  certain = Number.NEGATIVE_INFINITY
  #since: number
  #sinceTime: Time | undefined
  /** Offset up to which an acknowledgment reaches that is not old enough yet. `#since` and `#sinceTime` say when it came. */
  #acknowledged: number | undefined

  constructor(packets: number, time: Time | undefined) {
    this.#since = packets
    this.#sinceTime = time
  }

  /** Whether a stream without a SYN may start at the earliest of its bytes seen. `packets`: those of the connection so far. */
  startIsCertain(packets: number, time: Time | undefined): boolean {
    return this.#hasWaited(START_PACKETS, packets, time)
  }

  /**
   * Notes how far the other side has acknowledged, if that covers the first hole, which ends at `holeEnd`. Moves `certain` once
   * it is old.
   */
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
