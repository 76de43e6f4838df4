// In: the cursor at a fragment of an IP packet. Out, once all are there: the cursor at the whole payload (RFC 791 §3.2, RFC 8200 §4.5).
// Time, number and bytes of what waits are bounded; what is given up is counted among the skipped packets.

import { makeFinding, type Report } from '../base/findings.ts'
import type { Budget, Limits } from '../base/limits.ts'
import type { Time } from '../base/stream.ts'
import type { Packet } from '../capture/packet.ts'
import type { Cursor } from './cursor.ts'
import { Datagram } from './datagram.ts'
import type { Skipped } from './skipped.ts'

/**
 * For so many seconds a fragment of a datagram that is already whole counts as a second copy: captures on several interfaces hold each packet
 * twice. Left in, such copies would wait for nothing and then spoil the datagram that uses the identification next.
 */
const LATE_COPY_SECONDS = 1

/**
 * The part of the bytes held back (`waitingTotal`) that fragments may take. Few connections need any: a flood of fragments must not take what
 * the others wait with. By default 12 MiB; Linux allows 4 (net.ipv4.ipfrag_high_thresh).
 */
const SHARE = 1 / 8

/** What became of a fragment: it made the datagram whole, it waits for others, or it is of no use and the cursor says why. */
export type Joined = 'whole' | 'waiting' | 'refused'

/** IP datagrams that wait for the rest of their fragments. */
export class Fragments {
  readonly #limits: Limits
  readonly #share: Budget
  readonly #report: Report
  readonly #skipped: Skipped
  /** By `keyOf`, oldest first. */
  readonly #waiting = new Map<string, Datagram>()
  /** Keys of datagrams that went on whole, with the moment they did; oldest first. */
  readonly #finished = new Map<string, number>()
  #limitReported = false

  constructor(limits: Limits, budget: Budget, report: Report, skipped: Skipped) {
    this.#limits = limits
    this.#share = budget.share(Math.floor(limits.waitingTotal * SHARE))
    this.#report = report
    this.#skipped = skipped
  }

  /** Takes the fragment at the cursor. Where it completes its datagram the cursor stands at the whole payload afterwards. */
  join(cursor: Cursor, packet: Packet): Joined {
    const length = cursor.wireEnd - cursor.at
    const end = cursor.fragmentOffset + length
    // RFC 6946: a fragment header on a whole packet concerns no other fragment.
    if (end === length && !cursor.moreFragments) return 'whole'
    if (length === 0 || end > 65535 || (cursor.moreFragments && length % 8 !== 0)) {
      cursor.malformed(`IPv${cursor.family} fragment`)
      return 'refused'
    }
    const now = packet.time === undefined ? Number.NaN : secondsOf(packet.time)
    this.#expire(now)
    const key = keyOf(cursor)
    if (this.#finished.has(key)) {
      cursor.skip(`duplicate IPv${cursor.family} fragment`)
      return 'refused'
    }
    const datagram = this.#waiting.get(key) ?? this.#open(key, cursor.family, now, packet)
    datagram.packets += cursor.packets
    while (!datagram.add(cursor, this.#share)) {
      this.#reportLimit('fragmentBytes', this.#share.limit, packet)
      if (this.#giveUpOldest() === datagram) return 'waiting'
    }
    if (!datagram.isWhole) return 'waiting'
    this.#waiting.delete(key)
    datagram.release(this.#share)
    if (packet.time !== undefined) this.#finished.set(key, now)
    datagram.moveTo(cursor)
    return 'whole'
  }

  /** The capture is over: what still waits is counted. */
  end(): void {
    while (this.#giveUpOldest() !== undefined);
  }

  #open(key: string, family: 4 | 6, now: number, packet: Packet): Datagram {
    if (this.#waiting.size >= this.#limits.fragments) {
      this.#reportLimit('fragments', this.#limits.fragments, packet)
      this.#giveUpOldest()
    }
    const datagram = new Datagram(family, now)
    this.#waiting.set(key, datagram)
    return datagram
  }

  /** Without times nothing expires: every comparison with NaN is false, and the limit on their number does it alone. */
  #expire(now: number): void {
    for (const datagram of this.#waiting.values()) {
      if (!(now - datagram.started > this.#limits.fragmentSeconds)) break
      this.#giveUpOldest()
    }
    for (const [key, moment] of this.#finished) {
      if (now - moment <= LATE_COPY_SECONDS && this.#finished.size <= this.#limits.fragments) break
      this.#finished.delete(key)
    }
  }

  #giveUpOldest(): Datagram | undefined {
    for (const [key, datagram] of this.#waiting) {
      this.#waiting.delete(key)
      datagram.release(this.#share)
      this.#skipped.add(datagram.reasonToGiveUp, datagram.packets)
      return datagram
    }
    return undefined
  }

  #reportLimit(what: 'fragments' | 'fragmentBytes', limit: number, packet: Packet): void {
    if (this.#limitReported) return
    this.#limitReported = true
    const place = { firstPacket: packet.number, lastPacket: packet.number }
    this.#report(makeFinding('limit-reached', { what, limit }, place, packet.time))
  }
}

/** RFC 791 §3.2: source, destination, protocol and identification name a datagram; RFC 8200 §4.5 leaves the protocol out. */
function keyOf({ family, addresses, protocol, identification }: Cursor): string {
  if (family === 4) return `${addresses[3]},${addresses[7]},${protocol},${identification}`
  return `${addresses.join()},${identification}`
}

function secondsOf(time: Time): number {
  return time.seconds + time.nanoseconds / 1e9
}
