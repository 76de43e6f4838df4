// Makes TCP segments as network/ hands them on, runs them through `Connections`, and writes down what comes out.
import type { FindingEvent } from '../../../src/base/findings.ts'
import { Budget, type Limits, limitsWith } from '../../../src/base/limits.ts'
import type { Direction, EndReason, GapReason, StreamItem } from '../../../src/base/stream.ts'
import { type Segment, TcpFlag } from '../../../src/network/segment.ts'
import { Connections } from '../../../src/tcp/connections.ts'
import type { StreamReceiver, TcpConnection } from '../../../src/tcp/receiver.ts'

/** What a test says of a segment; everything has a default. */
export interface SegmentFields {
  /** Any number: it counts modulo 2^32. */
  seq?: number
  /** Sets the ACK flag. */
  ack?: number
  /** Letters of `F`, `S` and `R`. */
  flags?: string
  /** The payload: one byte a character, or its bytes. */
  data?: string | Uint8Array
  cut?: number
  /** True: from the server, 10.0.0.2 port 80, to the client, 10.0.0.1 port 1000. */
  back?: boolean
  sourcePort?: number
  destinationPort?: number
  family?: 4 | 6
  /** Eight words, the source's first. */
  addresses?: readonly number[]
  /** One more than the packet before it unless given. */
  packet?: number
  /** Capture time in seconds; none unless given. */
  at?: number
}

const CLIENT = [0, 0, 0, 0x0a000001]
const SERVER = [0, 0, 0, 0x0a000002]

/** A segment. Its bytes lie in the middle of a larger array, as in a packet. */
export function segment(fields: SegmentFields = {}): Segment {
  const { back = false, data = '', flags = '', at } = fields
  const payload = typeof data === 'string' ? Uint8Array.from(data, (letter) => letter.charCodeAt(0)) : data
  const bytes = new Uint8Array(payload.length + 7).fill(0xee)
  bytes.set(payload, 3)
  return {
    family: fields.family ?? 4,
    addresses: Int32Array.from(fields.addresses ?? (back ? [...SERVER, ...CLIENT] : [...CLIENT, ...SERVER])),
    sourcePort: fields.sourcePort ?? (back ? 80 : 1000),
    destinationPort: fields.destinationPort ?? (back ? 1000 : 80),
    sequence: (fields.seq ?? 0) >>> 0,
    acknowledgment: (fields.ack ?? 0) >>> 0,
    flags:
      (fields.ack === undefined ? 0 : TcpFlag.ack) |
      (flags.includes('F') ? TcpFlag.fin : 0) |
      (flags.includes('S') ? TcpFlag.syn : 0) |
      (flags.includes('R') ? TcpFlag.rst : 0),
    window: 65_535,
    bytes,
    start: 3,
    end: 3 + payload.length,
    cut: fields.cut ?? 0,
    packet: fields.packet ?? 0,
    time: at === undefined ? undefined : { seconds: Math.floor(at), nanoseconds: Math.round((at % 1) * 1e9) },
  }
}

/** One direction as a receiver hears it. */
export class HeardStream {
  /** What came, in order: a chunk's bytes as characters, `gap 5 end`, `end fin`. */
  readonly items: string[] = []
  /** The stream's bytes as characters, those of gaps as `?`. */
  text = ''
  /** For each item the packets that carried it and that let it through. */
  readonly packets: [carried: number | undefined, released: number][] = []
  /** Offsets at which a segment started. */
  readonly segmentStarts: number[] = []
  readonly gaps: [length: number, reason: GapReason][] = []
  /** `[offset, length, packet]` of the copies that differ. */
  readonly conflicts: [offset: number, length: number, packet: number][] = []
  end: EndReason | undefined

  push(item: StreamItem): void {
    if (this.end !== undefined) throw new Error(`${item.kind} after the end`)
    this.packets.push([item.kind === 'chunk' ? item.packet : undefined, item.released])
    if (item.kind === 'chunk') {
      if (item.start >= item.end) throw new Error('an empty chunk')
      const text = String.fromCharCode(...item.bytes.subarray(item.start, item.end))
      if (item.segmentStart) this.segmentStarts.push(this.text.length)
      this.items.push(text)
      this.text += text
    } else if (item.kind === 'gap') {
      if (item.length < 1) throw new Error(`a gap of ${item.length} bytes`)
      this.gaps.push([item.length, item.reason])
      this.items.push(`gap ${item.length} ${item.reason}`)
      this.text += item.length < 1e6 ? '?'.repeat(item.length) : '…'
    } else {
      this.end = item.reason
      this.items.push(`end ${item.reason}`)
    }
  }
}

/** A connection as it was handed on: what its opener sent, and what its peer sent. */
export class HeardConnection implements StreamReceiver {
  isDone = false
  readonly tcp: TcpConnection
  readonly streams: readonly [HeardStream, HeardStream] = [new HeardStream(), new HeardStream()]

  constructor(tcp: TcpConnection) {
    this.tcp = tcp
  }

  push(direction: Direction, item: StreamItem): void {
    this.streams[direction].push(item)
  }

  conflict(direction: Direction, offset: number, length: number, packet: number): void {
    this.streams[direction].conflicts.push([offset, length, packet])
  }
}

/** Runs segments through a new `Connections`. */
export class Listener {
  readonly connections: Connections
  readonly budget: Budget
  readonly heard: HeardConnection[] = []
  readonly findings: FindingEvent[] = []
  #packet = 0

  constructor(changed: Partial<Limits> = {}) {
    const limits = limitsWith(changed)
    this.budget = new Budget(limits.waitingTotal)
    this.connections = new Connections(
      limits,
      this.budget,
      (finding) => this.findings.push(finding),
      (tcp) => {
        const connection = new HeardConnection(tcp)
        this.heard.push(connection)
        return connection
      },
    )
  }

  push(...segments: readonly SegmentFields[]): this {
    for (const fields of segments) {
      this.#packet = fields.packet ?? this.#packet + 1
      const made = segment({ ...fields, packet: this.#packet })
      this.connections.push(made)
      made.bytes.fill(0xdd)
    }
    return this
  }

  end(): this {
    this.connections.end()
    return this
  }

  /** What the opener of connection n (counted from 0) sent; with `back`, what its peer sent. */
  stream(n = 0, back = false): HeardStream {
    return this.heard[n]!.streams[back ? 1 : 0]
  }
}
