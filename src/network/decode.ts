// In: packets. Out: TCP segments. Reads the link layer, then IP (fragments put together), then tunnels and IP again, then TCP. A
// packet without TCP is counted under its reason. Each header says what follows it, and a loop follows that (headers.ts). Every
// header is checked against the captured end.
import { NO_BYTES } from '../base/bytes.ts'
import { type FindingCode, type FindingValues, makeFinding, type Report } from '../base/findings.ts'
import type { Budget, Limits } from '../base/limits.ts'
import type { Stage } from '../base/stage.ts'
import type { Packet } from '../capture/packet.ts'
import { Cursor } from './cursor.ts'
import { Fragments } from './fragments.ts'
import { canReadLink, readHeader } from './headers.ts'
import { readSubframe } from './ieee80211.ts'
import { readExtensions } from './ipv6.ts'
import { nameLinkType } from './link-types.ts'
import { ipProtocol, linkType, Next } from './next.ts'
import { IpProtocol } from './protocols.ts'
import type { Segment } from './segment.ts'
import { Skipped } from './skipped.ts'
import { readTcp } from './tcp-header.ts'
import { QUIC, readUdp } from './udp.ts'
import { type TunnelPort, type TunnelPorts, tunnelPorts } from './udp-tunnels.ts'

const TCP = ipProtocol(IpProtocol.tcp)
const UDP = ipProtocol(IpProtocol.udp)

/** The most link types that are told apart. Real captures mix a handful. */
const MOST_LINK_TYPES = 256

/** The most findings of this stage: a hostile capture could have one for each of thousands of link types inside others. */
const MOST_FINDINGS = 512

/** How packets are read. */
export interface NetworkReading {
  readonly limits: Limits
  /** UDP ports that tunnels use beside their own. */
  readonly tunnelPorts?: readonly TunnelPort[] | undefined
}

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
  readonly #tunnelPorts: TunnelPorts
  readonly #linkTypes = new Map<number, string>()
  #lastLinkType = -1
  /** Keys of the findings that were reported: each unsupported link type and each kind of damage is reported once. */
  readonly #reported = new Set<string>()

  /** Fragments that wait draw from `budget`. `next` gets the segments, always in the same object. */
  constructor(reading: NetworkReading, budget: Budget, report: Report, next: Stage<Segment>) {
    this.#tunnelPorts = tunnelPorts(reading.tunnelPorts)
    this.#report = report
    this.#next = next
    this.#fragments = new Fragments(reading.limits, budget, report, this.#skipped)
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
    if (!this.#walk(packet, linkType(packet.linkType))) this.#skip(packet)
    if (cursor.overlong) this.#reportOverlong(packet)
  }

  /** Counts the fragments that still wait. Does not end the next stage. */
  end(): void {
    this.#fragments.end()
  }

  /**
   * Walks from header to header, `next` being the first. True if a segment was handed on or a fragment waits. If false, the cursor
   * says why. The loop ends, since every header moves the cursor or counts in `ipHeaders`.
   */
  #walk(packet: Packet, first: Next): boolean {
    const cursor = this.#cursor
    for (let next = first; ; ) {
      switch (next) {
        case Next.nothing:
          return false
        case TCP:
          return this.#pushSegment(packet)
        case UDP:
          cursor.tunnelled = true
          next = readUdp(cursor, this.#tunnelPorts)
          break
        case Next.fragment: {
          const joined = this.#fragments.join(cursor, packet)
          if (joined !== 'whole') return joined === 'waiting'
          next = readExtensions(cursor)
          break
        }
        case Next.aggregate:
          return this.#pushSubframes(packet)
        default:
          next = readHeader(cursor, next)
      }
    }
  }

  #pushSegment(packet: Packet): boolean {
    if (!readTcp(this.#cursor, this.#segment)) return false
    this.#segment.packet = packet.number
    this.#segment.time = packet.time
    this.#next.push(this.#segment)
    return true
  }

  /** Reads the MSDUs that 802.11 packed into one frame. True if any of them holds a segment or a fragment. */
  #pushSubframes(packet: Packet): boolean {
    const cursor = this.#cursor
    const { bytes, end, wireEnd, tunnelled, ipHeaders } = cursor
    let next: number | undefined = cursor.at
    let isUsed = false
    do {
      cursor.begin(bytes, next, end, wireEnd - next)
      cursor.tunnelled = tunnelled
      cursor.ipHeaders = ipHeaders
      next = readSubframe(cursor)
      if (next !== undefined && this.#walk(packet, Next.llc)) isUsed = true
    } while (next !== undefined && next < end)
    return isUsed
  }

  #skip(packet: Packet): void {
    const { reason, reasonKind, linkType, packets } = this.#cursor
    this.#skipped.add(reason, packets)
    if (reasonKind === 'unsupported') this.#reportLink(linkType, packet)
    if (reason === QUIC) this.#reportOnce('quic-not-read', reason, {}, packet)
    if (reasonKind === 'closed') this.#reportOnce('tunnel-not-read', reason, { tunnel: reason }, packet)
    if (reasonKind !== 'malformed' && reasonKind !== 'truncated') return
    const code = reasonKind === 'malformed' ? 'malformed-packet' : 'truncated-packet'
    this.#reportOnce(code, reason, { what: 'header', reason }, packet)
  }

  #reportOverlong(packet: Packet): void {
    this.#reportOnce('malformed-packet', 'overlong', { what: 'overlong' }, packet)
  }

  #meetLinkType(packet: Packet): void {
    const type = packet.linkType
    this.#lastLinkType = type
    if (this.#linkTypes.has(type) || this.#linkTypes.size >= MOST_LINK_TYPES) return
    this.#linkTypes.set(type, nameLinkType(type))
    if (!canReadLink(type)) this.#reportLink(type, packet)
  }

  /** A link type that nothing reads: of the packet, or of what another header announces. */
  #reportLink(linkType: number, packet: Packet): void {
    const name = nameLinkType(linkType)
    this.#reportOnce('unsupported-link-type', `link type ${name}`, { linkType, name }, packet)
  }

  /** Reports the first packet with this key. The summary counts the others. */
  #reportOnce<Code extends FindingCode>(
    code: Code,
    key: string,
    values: FindingValues<Code>,
    packet: Packet,
  ): void {
    if (this.#reported.has(key) || this.#reported.size >= MOST_FINDINGS) return
    this.#reported.add(key)
    const place = { firstPacket: packet.number, lastPacket: packet.number }
    this.#report(makeFinding(code, values, place, packet.time))
  }
}
