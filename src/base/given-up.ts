// What a limit made a stage give up, to be reported once at the end.
import type { FindingPlace } from './findings.ts'
import type { Time } from './stream.ts'

export class GivenUp {
  count = 0
  /** Of the packet that made the last one be given up. */
  time: Time | undefined
  #firstPacket: number | undefined
  #lastPacket: number | undefined

  /** One more was given up because of this packet. */
  add(packet: number, time: Time | undefined): void {
    this.count++
    this.#firstPacket ??= packet
    this.#lastPacket = packet
    this.time = time
  }

  /** From the first packet that made one be given up to the last. */
  get place(): FindingPlace {
    return { firstPacket: this.#firstPacket, lastPacket: this.#lastPacket }
  }
}
