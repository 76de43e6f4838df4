// Damages captures: packets lost, doubled, out of order, cut by a snapshot length, with a bit flipped. The fate of every packet
// is known, so that framewalk's account of the damaged capture can be compared with the good one.
import { copy } from '../../src/base/bytes.ts'
import { Budget, limitsWith } from '../../src/base/limits.ts'
import type { Time } from '../../src/base/stream.ts'
import type { Packet } from '../../src/capture/packet.ts'
import { CaptureReader } from '../../src/capture/reader.ts'
import { formatAddress } from '../../src/network/addresses.ts'
import { NetworkDecoder } from '../../src/network/decode.ts'
import { TcpFlag } from '../../src/network/segment.ts'
import { nodePlatform } from '../../src/platform/node/platform.ts'
import { pcapFile } from '../support/builders/packet-builder.ts'

/** A packet as recorded; its bytes are its own. */
export interface Recorded {
  readonly bytes: Uint8Array
  readonly originalLength: number
  readonly time: Time | undefined
  readonly linkType: number
}

/** A TCP segment of a packet. */
export interface RecordedSegment {
  /** `10.0.0.1:40000>10.0.0.2:8765`. */
  readonly flow: string
  readonly sequence: number
  readonly acknowledgment: number
  readonly flags: number
  /** Where its captured payload lies in the packet's bytes. */
  readonly start: number
  readonly end: number
  /** Payload bytes that the snapshot length cut. */
  readonly cut: number
}

/** One thing done to a capture. `at` says to which packet: 0 the first, 1 the last. */
export type Damage =
  /** `count` packets from there on are lost. */
  | { readonly kind: 'drop'; readonly at: number; readonly count: number }
  /** The packet is there a second time, `by` places later. */
  | { readonly kind: 'duplicate'; readonly at: number; readonly by: number }
  /** The packet is moved `by` places later. */
  | { readonly kind: 'move'; readonly at: number; readonly by: number }
  /** The last `bytes` bytes of the packet are cut. */
  | { readonly kind: 'cut'; readonly at: number; readonly bytes: number }
  /** Only `length` bytes of every packet were captured. */
  | { readonly kind: 'snap'; readonly length: number }
  /** A bit of its TCP payload is flipped; `where` from 0, its first byte, to 1. */
  | { readonly kind: 'flip'; readonly at: number; readonly where: number; readonly bit: number }
  /** The capture starts `count` packets later, or ends `count` packets earlier. */
  | { readonly kind: 'late' | 'early'; readonly count: number }
  /** Packets to one of the ports, or from it, were not captured. */
  | { readonly kind: 'one-sided'; readonly keep: 'to' | 'from'; readonly ports: readonly number[] }

/** A packet of a damaged capture. */
export interface DamagedPacket extends Recorded {
  /** Its index in the good capture. */
  readonly origin: number
  /** Byte of the packet with a flipped bit. */
  readonly flipped: number | undefined
}

/** The offset of a segment's first byte from the byte with the sequence number `base`. */
export function startOf({ sequence, flags }: RecordedSegment, base: number): number {
  return (sequence + ((flags & TcpFlag.syn) !== 0 ? 1 : 0) - base) | 0
}

/** All packets of a capture file. */
export function readRecorded(file: Uint8Array): Recorded[] {
  const reader = new CaptureReader(nodePlatform, 'capture', () => {})
  const packets: Recorded[] = []
  const take = () => {
    for (let packet = reader.next(); packet !== undefined; packet = reader.next()) {
      const { bytes, start, end, originalLength, time, linkType } = packet
      packets.push({ bytes: copy(bytes, start, end), originalLength, time, linkType })
    }
  }
  reader.push(file)
  take()
  reader.end()
  take()
  return packets
}

/** The packets as a classic pcap file with nanoseconds. All have the link type of the first. */
export function captureOf(packets: readonly Recorded[]): Uint8Array {
  const file = packets.map(({ bytes, originalLength, time }) => ({
    bytes,
    originalLength,
    ...(time === undefined ? {} : { time }),
  }))
  return pcapFile(file, { nanoseconds: true, linkType: packets[0]?.linkType ?? 1 })
}

/** The segment of each packet; undefined if it has none. */
export function segmentsOf(packets: readonly Recorded[]): (RecordedSegment | undefined)[] {
  const limits = limitsWith()
  let found: RecordedSegment | undefined
  const packet: Packet = {
    number: 0,
    time: undefined,
    linkType: 0,
    bytes: new Uint8Array(0),
    start: 0,
    end: 0,
    originalLength: 0,
  }
  const network = new NetworkDecoder({ limits }, new Budget(limits.waitingTotal), () => {}, {
    push: ({ family, addresses, sourcePort, destinationPort, ...segment }) => {
      const source = `${formatAddress(family, addresses, 0)}:${sourcePort}`
      const destination = `${formatAddress(family, addresses, 4)}:${destinationPort}`
      const { sequence, acknowledgment, flags, start, end, cut } = segment
      found = { flow: `${source}>${destination}`, sequence, acknowledgment, flags, start, end, cut }
    },
    end: () => {},
  })
  return packets.map(({ bytes, originalLength, time, linkType }) => {
    found = undefined
    packet.number++
    Object.assign(packet, { bytes, end: bytes.length, originalLength, time, linkType })
    network.push(packet)
    return found
  })
}

/** What becomes of a capture. Moved packets take the time of their new place, so that the times still ascend. */
export function damage(packets: readonly Recorded[], damages: readonly Damage[]): DamagedPacket[] {
  const segments = segmentsOf(packets)
  let damaged: (DamagedPacket & { readonly place: number })[] = packets.map((packet, origin) => ({
    ...packet,
    origin,
    flipped: undefined,
    place: origin,
  }))
  const last = Math.max(0, packets.length - 1)
  for (const each of damages) {
    const origin = 'at' in each ? Math.round(each.at * last) : 0
    switch (each.kind) {
      case 'drop':
        damaged = damaged.filter((packet) => packet.origin < origin || packet.origin >= origin + each.count)
        break
      case 'late':
        damaged = damaged.filter((packet) => packet.origin >= each.count)
        break
      case 'early':
        damaged = damaged.filter((packet) => packet.origin <= last - each.count)
        break
      case 'one-sided':
        damaged = damaged.filter((packet) => isKept(segments[packet.origin], each))
        break
      case 'duplicate':
        damaged.push(
          ...damaged
            .filter((packet) => packet.origin === origin)
            .slice(0, 1)
            .map((packet) => ({ ...packet, place: packet.place + each.by + 0.5 })),
        )
        break
      case 'move':
        damaged = damaged.map((packet) =>
          packet.origin === origin ? { ...packet, place: packet.place + each.by + 0.5 } : packet,
        )
        break
      case 'cut':
        damaged = damaged.map((packet) =>
          packet.origin === origin ? cutTo(packet, packet.bytes.length - each.bytes) : packet,
        )
        break
      case 'snap':
        damaged = damaged.map((packet) => cutTo(packet, each.length))
        break
      case 'flip': {
        // Of several copies the last one, so that a copy may differ from the first.
        const index = damaged.findLastIndex((packet) => packet.origin === origin)
        const packet = damaged[index]
        if (packet !== undefined) damaged[index] = flip(packet, segments[origin], each)
      }
    }
  }
  const times = damaged.map(({ time }) => time).sort(byTime)
  return damaged
    .map((packet, index) => ({ packet, index }))
    .sort((a, b) => a.packet.place - b.packet.place || a.index - b.index)
    .map(({ packet }, index) => ({ ...packet, time: times[index] }))
}

function isKept(
  segment: RecordedSegment | undefined,
  { keep, ports }: Extract<Damage, { kind: 'one-sided' }>,
): boolean {
  const [source, destination] = segment?.flow.split('>').map(portOf) ?? []
  return segment === undefined || ports.includes((keep === 'to' ? destination : source) ?? 0)
}

/** The port of an endpoint such as `10.0.0.1:40000`. */
export function portOf(endpoint: string): number {
  return Number(endpoint.slice(endpoint.lastIndexOf(':') + 1))
}

function cutTo<P extends Recorded>(packet: P, length: number): P {
  return length >= packet.bytes.length
    ? packet
    : { ...packet, bytes: packet.bytes.slice(0, Math.max(0, length)) }
}

function flip<P extends DamagedPacket>(
  packet: P,
  segment: RecordedSegment | undefined,
  { where, bit }: Extract<Damage, { kind: 'flip' }>,
): P {
  if (segment === undefined || segment.start === segment.end) return packet
  const at = segment.start + Math.round(where * (segment.end - segment.start - 1))
  if (at >= packet.bytes.length || packet.flipped !== undefined) return packet
  const bytes = packet.bytes.slice()
  bytes[at]! ^= 1 << bit
  return { ...packet, bytes, flipped: at }
}

function byTime(a: Time | undefined, b: Time | undefined): number {
  if (a === undefined || b === undefined) return 0
  return a.seconds - b.seconds || a.nanoseconds - b.nanoseconds
}
