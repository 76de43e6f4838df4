// What was sent in a good capture, stream by stream: the place of each frame among the bytes of its direction, and what a damaged
// copy of the capture still holds of those bytes.
import type { Side, Time } from '../../src/base/stream.ts'
import { TcpFlag } from '../../src/network/segment.ts'
import type { FrameRecord, MessageRecord } from '../../src/records/records.ts'
import type { Captured } from '../support/drivers/captured.ts'
import { type DamagedPacket, type Recorded, type RecordedSegment, segmentsOf, startOf } from './damage.ts'

/** A frame as it was sent, and the message that starts with it. */
export interface SentFrame {
  readonly record: FrameRecord<Uint8Array>
  /** Offsets in the WebSocket stream: of its first byte, of its payload, and after its last byte. */
  readonly start: number
  readonly payloadStart: number
  readonly end: number
}

/** A message as it was sent, with its frames. */
export interface SentMessage {
  readonly record: MessageRecord<Uint8Array>
  readonly frames: readonly SentFrame[]
}

/** One direction of a connection. Offsets count from the first byte after the handshake; those of the handshake are negative. */
export interface SentStream {
  readonly from: Side
  readonly flow: string
  readonly reverseFlow: string
  /** Sequence number of the byte at offset 0. */
  readonly base: number
  /** Offset of the first byte of the TCP stream: 0 or less. */
  readonly origin: number
  /** Offset of the first byte of the handshake's head. */
  readonly head: number
  readonly length: number
  readonly frames: readonly SentFrame[]
  readonly messages: readonly SentMessage[]
}

/** One connection of the good capture. */
export interface SentConnection {
  /** Its number there. */
  readonly number: number
  readonly client: string
  readonly server: string
  readonly streams: Readonly<Record<Side, SentStream>>
}

/** What was sent in a good capture, from framewalk's account of it and its packets. */
export function sentConnections(packets: readonly Recorded[], good: Captured): SentConnection[] {
  const segments = segmentsOf(packets)
  return good.connections.map((connection) => {
    const name = ({ address, port }: { address: string; port: number }) => `${address}:${port}`
    const client = name(connection.client)
    const server = name(connection.server)
    const stream = (from: Side): SentStream => {
      const [flow, reverseFlow] =
        from === 'client'
          ? [`${client}>${server}`, `${server}>${client}`]
          : [`${server}>${client}`, `${client}>${server}`]
      const head = from === 'client' ? connection.handshake.request : connection.handshake.response
      return sentStream(
        packets,
        segments,
        good,
        connection.connection,
        from,
        flow,
        reverseFlow,
        head!.startLine,
      )
    }
    return {
      number: connection.connection,
      client,
      server,
      streams: { client: stream('client'), server: stream('server') },
    }
  })
}

function sentStream(
  packets: readonly Recorded[],
  segments: readonly (RecordedSegment | undefined)[],
  good: Captured,
  connection: number,
  from: Side,
  flow: string,
  reverseFlow: string,
  startLine: string,
): SentStream {
  const all = segments.flatMap((segment, index) =>
    segment?.flow === flow ? [{ segment, packet: packets[index]! }] : [],
  )
  const own = all.filter(({ segment }) => sizeOf(segment) > 0)
  const [first] = all
  const firstSequence = first!.segment.sequence + ((first!.segment.flags & TcpFlag.syn) !== 0 ? 1 : 0)
  let length = 0
  for (const { segment } of own) length = Math.max(length, startOf(segment, firstSequence) + sizeOf(segment))
  const bytes = Buffer.alloc(length)
  for (const { segment, packet } of own) {
    bytes.set(packet.bytes.subarray(segment.start, segment.end), Math.max(0, startOf(segment, firstSequence)))
  }
  const head = bytes.lastIndexOf(startLine, undefined, 'latin1')
  const behindHead = bytes.indexOf('\r\n\r\n', head) + 4
  const frames = good.framesOf(connection, from).map((record) => {
    const payloadStart = record.offset + record.headerLength
    return { record, start: record.offset, payloadStart, end: payloadStart + Number(record.payloadLength) }
  })
  const byNumber = new Map(frames.map((frame) => [frame.record.frame, frame]))
  const messages = good.messagesOf(connection, from).map((record) => ({
    record,
    frames: record.frames.map((number) => byNumber.get(number)!),
  }))
  return {
    from,
    flow,
    reverseFlow,
    base: (firstSequence + behindHead) | 0,
    origin: -behindHead,
    head: head - behindHead,
    length: length - behindHead,
    frames,
    messages,
  }
}

/** What became of a byte. `late`: it comes so late that framewalk may have given it up. `doubtful`: a copy of it is wrong. */
export const Byte = { missing: 0, captured: 1, late: 2, doubtful: 3 } as const

/** What a damaged capture holds of a stream. */
export class Coverage {
  /** True if a SYN of the connection comes before its bytes. */
  knownStart = false
  /** The last offset that a packet of this direction tells of, whether its bytes were captured or not. */
  knownEnd = -Infinity
  /** The last offset that the other side acknowledged, which may count the FIN. */
  acknowledged = -Infinity
  readonly stream: SentStream
  readonly #bytes: Uint8Array
  /** Bytes that a packet held and the snapshot length cut: a later copy may come too late. */
  readonly #cut: Uint8Array

  constructor(
    stream: SentStream,
    packets: readonly DamagedPacket[],
    segments: readonly (RecordedSegment | undefined)[],
  ) {
    this.stream = stream
    this.#bytes = new Uint8Array(stream.length - stream.origin)
    this.#cut = new Uint8Array(stream.length - stream.origin)
    const acknowledgments: {
      readonly count: number
      readonly time: Time | undefined
      readonly offset: number
    }[] = []
    let count = 0
    let highest = -Infinity
    let isReset = false
    segments.forEach((segment, index) => {
      if (segment === undefined || (segment.flow !== stream.flow && segment.flow !== stream.reverseFlow))
        return
      const { time, flipped } = packets[index]!
      count++
      if ((segment.flags & TcpFlag.rst) !== 0) isReset = true
      if (segment.flow !== stream.flow) {
        if ((segment.flags & TcpFlag.ack) === 0) return
        if ((segment.flags & TcpFlag.syn) !== 0 && highest === -Infinity) this.knownStart = true
        const offset = (segment.acknowledgment - stream.base) | 0
        this.acknowledged = Math.max(this.acknowledged, offset)
        acknowledgments.push({ count, time, offset })
        return
      }
      if ((segment.flags & TcpFlag.syn) !== 0 && highest === -Infinity) this.knownStart = true
      const offset = startOf(segment, stream.base)
      const captured = offset + segment.end - segment.start
      const tells = sizeOf(segment) > 0 || (segment.flags & (TcpFlag.fin | TcpFlag.rst)) !== 0
      if (tells) this.knownEnd = Math.max(this.knownEnd, captured + segment.cut)
      const isLate = (at: number) =>
        isReset ||
        (!this.knownStart && at < highest) ||
        acknowledgments.some(
          (each) => each.offset > at && (count - each.count >= 24 || seconds(each.time, time) > 0.5),
        )
      const wrong = flipped === undefined ? undefined : offset + flipped - segment.start
      this.#take(offset, captured, captured > offset && isLate(offset), wrong)
      this.#cut.fill(
        1,
        Math.max(0, captured - stream.origin),
        Math.max(0, captured + segment.cut - stream.origin),
      )
      if (captured > offset) highest = Math.max(highest, captured)
    })
  }

  #take(start: number, end: number, late: boolean, wrong: number | undefined): void {
    const { origin, length } = this.stream
    for (let at = Math.max(start, origin); at < Math.min(end, length); at++) {
      const index = at - origin
      if (at === wrong) this.#bytes[index] = Byte.doubtful
      else if (this.#bytes[index] === Byte.missing)
        this.#bytes[index] = late || this.#cut[index] === 1 ? Byte.late : Byte.captured
    }
  }

  /** What became of the byte at an offset. */
  at(offset: number): number {
    return this.#bytes[offset - this.stream.origin] ?? Byte.missing
  }

  /** How many bytes of `[start, end)` are as asked. */
  count(start: number, end: number, what: number): number {
    let found = 0
    for (let at = start; at < Math.min(end, this.stream.length); at++) if (this.at(at) === what) found++
    return found
  }

  /** Whether every byte of `[start, end)` is surely there. */
  holds(start: number, end: number): boolean {
    return this.count(start, end, Byte.captured) === end - start
  }

  /** The first offset of a doubtful byte outside of payloads: from there on anything may be read. */
  get derailed(): number {
    const { origin, length, frames } = this.stream
    let frame = 0
    for (let at = origin; at < length; at++) {
      while (frame < frames.length && frames[frame]!.end <= at) frame++
      const isPayload = frame < frames.length && at >= frames[frame]!.payloadStart
      if (!isPayload && this.at(at) === Byte.doubtful) return at
    }
    return Infinity
  }

  /** Whether any byte is doubtful. */
  get isDoubtful(): boolean {
    return this.#bytes.includes(Byte.doubtful)
  }
}

function sizeOf({ start, end, cut }: RecordedSegment): number {
  return end - start + cut
}

function seconds(from: Time | undefined, to: Time | undefined): number {
  if (from === undefined || to === undefined) return 0
  return to.seconds - from.seconds + (to.nanoseconds - from.nanoseconds) / 1e9
}
