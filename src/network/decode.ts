// In: packets. Out: TCP segments. Reads the link layer, then IP (fragments put together), then tunnels and IP again, then TCP. A
// packet without TCP is counted under its reason. Tunnels are followed in a loop of bounded depth. Every header is checked
// against the captured end.
import { NO_BYTES } from '../base/bytes.ts'
import { type FindingCode, type FindingValues, makeFinding, type Report } from '../base/findings.ts'
import type { Budget, Limits } from '../base/limits.ts'
import type { Stage } from '../base/stage.ts'
import type { Packet } from '../capture/packet.ts'
import { Cursor } from './cursor.ts'
import { Fragments } from './fragments.ts'
import { readSubframe } from './ieee80211.ts'
import { readIpv4 } from './ipv4.ts'
import { readExtensions, readIpv6 } from './ipv6.ts'
import { nameLinkType, readLink, readMsdu } from './link.ts'
import { IpProtocol } from './protocols.ts'
import type { Segment } from './segment.ts'
import { Skipped } from './skipped.ts'
import { readTcp } from './tcp-header.ts'
import { enterTunnel } from './tunnels.ts'

/** The most IP headers inside one another. Real traffic has three or four. */
const DEEPEST_NESTING = 16

/** The most link types that are told apart. Real captures mix a handful. */
const MOST_LINK_TYPES = 256

/** Turns packets into TCP segments. */
export class NetworkDecoder implements Stage<Packet> {
  /** Packets pushed, and their captured bytes. */
  packets = 0
  bytes = 0
  readonly #report: Report
  readonly #next: Stage<Segment>
  readonly #cursor = new Cursor()
  readonly #segment: Segment
  readonly #skipped = new Skipped()
  readonly #fragments: Fragments
  readonly #linkTypes = new Map<number, string>()
  #lastLinkType = -1
  /** Keys of the findings that were reported: each unsupported link type and each kind of damage is reported once. */
  readonly #reported = new Set<string>()

  /** Fragments that wait draw from `budget`. `next` gets the segments, always in the same object. */
  constructor(limits: Limits, budget: Budget, report: Report, next: Stage<Segment>) {
    this.#report = report
    this.#next = next
    this.#fragments = new Fragments(limits, budget, report, this.#skipped)
    this.#segment = {
      family: 4,
      addresses: this.#cursor.addresses,
      sourcePort: 0,
      destinationPort: 0,
      sequence: 0,
      acknowledgment: 0,
      flags: 0,
      window: 0,
      bytes: NO_BYTES,
      start: 0,
      end: 0,
      cut: 0,
      packet: 0,
      time: undefined,
    }
  }

  /** How many packets hold no TCP, or none that could be read, for each reason: a few English words. Complete after `end`. */
  get skipped(): ReadonlyMap<string, number> {
    return this.#skipped.counts
  }

  /** tcpdump's names of the link types (`EN10MB`), or `LINKTYPE_147`, in the order of their first packets. */
  get linkTypes(): readonly string[] {
    return [...new Set(this.#linkTypes.values())]
  }

  push(packet: Packet): void {
    const cursor = this.#cursor
    this.packets++
    this.bytes += packet.end - packet.start
    if (packet.linkType !== this.#lastLinkType) this.#meetLinkType(packet)
    cursor.begin(packet.bytes, packet.start, packet.end, packet.originalLength)
    if (!readLink(cursor, packet.linkType)) this.#skip(packet)
    else if (cursor.aggregated) this.#pushSubframes(packet)
    else if (!this.#walk(packet)) this.#skip(packet)
    if (cursor.overlong) this.#reportOverlong(packet)
  }

  /** Counts the fragments that still wait. Does not end the next stage. */
  end(): void {
    this.#fragments.end()
  }

  /** Walks from an IP header on. True if a segment was handed on or a fragment waits. If false, the cursor says why. */
  #walk(packet: Packet): boolean {
    const cursor = this.#cursor
    for (let depth = 0; depth < DEEPEST_NESTING; depth++) {
      if (!readIp(cursor)) return false
      while (cursor.fragmented) {
        const joined = this.#fragments.join(cursor, packet)
        if (joined !== 'whole') return joined === 'waiting'
        if (!readExtensions(cursor)) return false
      }
      if (cursor.protocol === IpProtocol.tcp) {
        if (!readTcp(cursor, this.#segment)) return false
        this.#segment.packet = packet.number
        this.#segment.time = packet.time
        this.#next.push(this.#segment)
        return true
      }
      if (!enterTunnel(cursor)) return false
    }
    return cursor.skip('tunnels nested too deep')
  }

  /**
   * Reads the MSDUs that 802.11 packed into one frame. The packet counts as skipped only if no MSDU holds a segment or a
   * fragment.
   */
  #pushSubframes(packet: Packet): void {
    const cursor = this.#cursor
    const { bytes, end, wireEnd } = cursor
    let next: number | undefined = cursor.at
    let isUsed = false
    do {
      cursor.begin(bytes, next, end, wireEnd - next)
      next = readSubframe(cursor)
      if (next !== undefined && readMsdu(cursor) && this.#walk(packet)) isUsed = true
    } while (next !== undefined && next < end)
    if (!isUsed) this.#skip(packet)
  }

  #skip(packet: Packet): void {
    const { reason, reasonKind, packets } = this.#cursor
    this.#skipped.add(reason, packets)
    if (reasonKind === 'unread') return
    const code = reasonKind === 'malformed' ? 'malformed-packet' : 'truncated-packet'
    this.#reportOnce(code, reason, { what: 'header', reason }, packet)
  }

  #reportOverlong(packet: Packet): void {
    this.#reportOnce('malformed-packet', 'overlong', { what: 'overlong' }, packet)
  }

  #meetLinkType(packet: Packet): void {
    const { linkType } = packet
    this.#lastLinkType = linkType
    if (this.#linkTypes.has(linkType) || this.#linkTypes.size >= MOST_LINK_TYPES) return
    const name = nameLinkType(linkType)
    this.#linkTypes.set(linkType, name ?? `LINKTYPE_${linkType}`)
    if (name !== undefined) return
    this.#reportOnce('unsupported-link-type', `link type ${linkType}`, { linkType }, packet)
  }

  /** Reports the first packet with this key. The summary counts the others. */
  #reportOnce<Code extends FindingCode>(
    code: Code,
    key: string,
    values: FindingValues<Code>,
    packet: Packet,
  ): void {
    if (this.#reported.has(key)) return
    this.#reported.add(key)
    const place = { firstPacket: packet.number, lastPacket: packet.number }
    this.#report(makeFinding(code, values, place, packet.time))
  }
}

/** The version field decides, not the header before it: cooked headers and tunnels are not always right about the version. */
function readIp(cursor: Cursor): boolean {
  if (!cursor.has(1, 'IP header')) return false
  const version = cursor.bytes[cursor.at]! >> 4
  if (version === 4) return readIpv4(cursor)
  return version === 6 ? readIpv6(cursor) : cursor.malformed('IP header')
}
