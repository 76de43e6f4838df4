// All packets of a capture that is being made: their bytes one after the other in memory that grows, so that a million small ones take little
// more than their bytes. It also bounds them: a script of a few bytes can ask for any number of packets.
import { NO_BYTES } from '../base/bytes.ts'
import { ScriptError, type ScriptPath } from './script-error.ts'

/** A packet of the capture. */
export interface SentPacket {
  /** Nanoseconds after the start of the capture. */
  readonly at: number
  /** The bytes of it that are kept. */
  readonly bytes: Uint8Array
  readonly originalLength: number
}

/** Most bytes of all packets, each with what the file says of it. A script for more is refused. */
const MOST_BYTES = 64 * 1024 * 1024
/** What the file says of a packet, and what is kept of it here. */
const PACKET_OVERHEAD = 40
/** The shortest packet that a step sends. */
const SHORTEST = 14 + 20 + 20

export class SentPackets {
  #bytes: Uint8Array = NO_BYTES
  #length = 0
  readonly #at: number[] = []
  readonly #start: number[] = []
  readonly #originalLength: number[] = []

  /** Adds a packet. `path`: the place in the script that asks for it. Throws ScriptError if the capture gets too large. */
  add(at: number, packet: Uint8Array, kept: number, path: ScriptPath): void {
    this.#checkRoom(kept + PACKET_OVERHEAD, path)
    const end = this.#length + kept
    if (end > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(end, 2 * this.#bytes.length, 4096))
      grown.set(this.#bytes.subarray(0, this.#length))
      this.#bytes = grown
    }
    this.#bytes.set(packet.subarray(0, kept), this.#length)
    this.#at.push(at)
    this.#start.push(this.#length)
    this.#originalLength.push(packet.length)
    this.#length = end
  }

  /** Throws ScriptError if `count` packets more cannot fit. */
  checkRoomFor(count: number, path: ScriptPath): void {
    this.#checkRoom(count * (SHORTEST + PACKET_OVERHEAD), path)
  }

  /** The packets in the order of their times; of those with the same time, in the order in which they were added. */
  *inOrder(): Generator<SentPacket> {
    const at = this.#at
    const order = Uint32Array.from(at, (_, index) => index).sort((a, b) => at[a]! - at[b]! || a - b)
    for (const index of order) {
      const bytes = this.#bytes.subarray(this.#start[index]!, this.#start[index + 1] ?? this.#length)
      yield { at: at[index]!, bytes, originalLength: this.#originalLength[index]! }
    }
  }

  #checkRoom(bytes: number, path: ScriptPath): void {
    if (this.#length + this.#at.length * PACKET_OVERHEAD + bytes <= MOST_BYTES) return
    throw new ScriptError(
      path,
      `with this, the packets have more than ${MOST_BYTES} bytes; make several captures`,
    )
  }
}
