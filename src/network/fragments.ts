// In: the cursor at a fragment of an IP packet. Out, once all fragments have come: the cursor at the whole payload (RFC 791 §3.2,
// RFC 8200 §4.5). There are limits on how long fragments wait, on the number of datagrams and on their bytes. Packets that are
// given up count as skipped.
import { makeFinding, type Report } from '../base/findings.ts'
import type { Budget, Limits } from '../base/limits.ts'
import type { Time } from '../base/stream.ts'
import type { Packet } from '../capture/packet.ts'
import type { Cursor } from './cursor.ts'
import { Datagram } from './datagram.ts'
import { FinishedDatagrams } from './finished-datagrams.ts'
import type { Skipped } from './skipped.ts'

/**
 * The part of the bytes held back (`waitingTotal`) that fragments may take. Few connections have fragments, and a flood of them
 * must not take what the other stages need. By default 8 MiB; Linux allows 4 (net.ipv4.ipfrag_high_thresh).
 */
const SHARE = 1 / 8

/** What became of a fragment: it made the datagram whole, it waits for others, or it was refused and the cursor says why. */
export type Joined = 'whole' | 'waiting' | 'refused'

/** IP datagrams that wait for the rest of their fragments. */
export class Fragments {
  readonly #limits: Limits
  readonly #share: Budget
  readonly #report: Report
  readonly #skipped: Skipped
  /** By `keyOf`, oldest first. */
  readonly #waiting = new Map<string, Datagram>()
  readonly #finished: FinishedDatagrams
  #limitReported = false

  constructor(limits: Limits, budget: Budget, report: Report, skipped: Skipped) {
    this.#limits = limits
    this.#share = budget.share(Math.floor(limits.waitingTotal * SHARE))
    this.#finished = new FinishedDatagrams(limits.fragments, this.#share)
    this.#report = report
    this.#skipped = skipped
  }

  /** Takes the fragment at the cursor. If it completes its datagram, the cursor is then at the whole payload. */
  join(cursor: Cursor, packet: Packet): Joined {
    const length = cursor.wireEnd - cursor.at
    const end = cursor.fragmentOffset + length
    // RFC 6946: a whole packet with a fragment header is not joined with any fragment.
    if (end === length && !cursor.moreFragments) return 'whole'
    if (length === 0 || end > 65535 || (cursor.moreFragments && length % 8 !== 0)) {
      cursor.malformed(`IPv${cursor.family} fragment`)
      return 'refused'
    }
    const now = packet.time === undefined ? Number.NaN : secondsOf(packet.time)
    this.#expire(now)
    const key = keyOf(cursor)
    const waiting = this.#waiting.get(key)
    // If another datagram with this key has begun, what comes belongs to it, also if it looks like a part of the one before.
    if (waiting === undefined && this.#finished.hasCopy(key, cursor)) {
      cursor.skip(`duplicate IPv${cursor.family} fragment`)
      return 'refused'
    }
    const datagram = waiting ?? this.#open(key, cursor.family, now, packet)
    datagram.packets += cursor.packets
    while (!datagram.add(cursor, this.#share)) {
      if (this.#finished.forgetOldest()) continue
      this.#reportLimit('fragmentBytes', this.#share.limit, packet)
      if (this.#giveUpOldest() === datagram) return 'waiting'
    }
    if (!datagram.isWhole) return 'waiting'
    this.#waiting.delete(key)
    datagram.release(this.#share)
    datagram.moveTo(cursor)
    if (packet.time !== undefined) this.#finished.keep(key, now, cursor)
    return 'whole'
  }

  /** The capture is over: counts what still waits as skipped. */
  end(): void {
    while (this.#giveUpOldest() !== undefined);
    while (this.#finished.forgetOldest());
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

  /** Without times nothing that waits expires, since every comparison with NaN is false. Then only the other limits apply. */
  #expire(now: number): void {
    for (const datagram of this.#waiting.values()) {
      if (!(now - datagram.started > this.#limits.fragmentSeconds)) break
      this.#giveUpOldest()
    }
    this.#finished.expire(now)
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

/** RFC 791 §3.2: source, destination, protocol and identification name a datagram. RFC 8200 §4.5 does not use the protocol. */
function keyOf({ family, addresses, protocol, identification }: Cursor): string {
  if (family === 4) return `${addresses[3]},${addresses[7]},${protocol},${identification}`
  return `${addresses.join()},${identification}`
}

function secondsOf(time: Time): number {
  return time.seconds + time.nanoseconds / 1e9
}
