// Speaks one TCP connection (RFC 9293): the bytes of both sides in, packets out, with sequence numbers, acknowledgments and
// times, and with what the network and the capture do to them.
import { NO_BYTES } from '../base/bytes.ts'
import { otherSide, type Side } from '../base/stream.ts'
import { TcpFlag } from '../network/segment.ts'
import { LARGEST_PAYLOAD, type PacketEnd, tcpPacket } from './packets.ts'
import type { PacketsScript } from './script.ts'
import { ScriptError, type ScriptPath } from './script-error.ts'
import type { SentPackets } from './sent-packets.ts'

/** One end of the connection. */
export interface Peer extends PacketEnd {
  /** The initial sequence number. */
  readonly sequence: number
}

export interface TcpConversationOptions {
  readonly client: Peer
  readonly server: Peer
  /** When the first packet is sent, and the time from one packet to the next. Both in nanoseconds. */
  readonly at: number
  readonly interval: number
  /** Payload bytes of a segment. */
  readonly segmentSize: number
  /** How many bytes of each packet are kept. */
  readonly snapLength: number
  /** Where the packets go. */
  readonly packets: SentPackets
  /** The place of the connection in the script. */
  readonly path: ScriptPath
}

/** The bytes of a step, cut into segments, which are counted from 1. */
interface Segments {
  readonly count: number
  at(number: number): { readonly sequence: number; readonly payload: Uint8Array }
}

export class TcpConversation {
  readonly #options: TcpConversationOptions
  /** The next sequence number of each side. */
  readonly #next: Record<Side, number>
  readonly #ended: Record<Side, boolean> = { client: false, server: false }
  #now: number
  #identification = 0

  constructor(options: TcpConversationOptions) {
    const { client, server, at, interval } = options
    this.#options = options
    this.#next = { client: client.sequence, server: server.sequence }
    this.#now = at - interval
  }

  /** The three-way handshake (RFC 9293 §3.5). `captured` is false if it happened before the capture began. */
  open(captured: boolean): void {
    if (captured) this.#control('client', TcpFlag.syn)
    this.#advance('client', 1)
    if (captured) this.#control('server', TcpFlag.syn | TcpFlag.ack)
    this.#advance('server', 1)
    if (captured) this.#control('client', TcpFlag.ack)
  }

  /** Sends bytes in segments, which the other side acknowledges. Throws ScriptError if `how` does not fit the segments. */
  send(from: Side, bytes: Uint8Array, how: PacketsScript, path: ScriptPath, after?: number): void {
    if (bytes.length === 0) return
    if (after !== undefined) this.wait(after)
    const segments = this.#segments(from, bytes, how, path)
    const lost = numbersOf(segments, how.lost, path, 'lost')
    const order = how.order ?? Array.from({ length: segments.count }, (_, i) => i + 1)
    numbersOf(segments, order, path, 'order')
    if (order.length !== segments.count || new Set(order).size !== order.length) {
      const all = `each of 1 to ${segments.count} once`
      throw new ScriptError(
        [...path, 'packets', 'order'],
        `the bytes make ${segments.count} segments; give ${all}`,
      )
    }
    const again = [...numbersOf(segments, how.retransmitted, path, 'retransmitted')]
    this.#advance(from, bytes.length)
    for (const number of [...order, ...again.map((number) => -number)]) {
      const { sequence, payload } = segments.at(Math.abs(number))
      const isLast = Math.abs(number) === segments.count
      const flags = TcpFlag.ack | (isLast ? TcpFlag.psh : 0)
      this.#packet(from, flags, sequence, payload, path, how.snapLength, number > 0 && lost.has(number))
    }
    if (!this.#ended[otherSide(from)]) this.#control(otherSide(from), TcpFlag.ack)
  }

  /** Ends a direction with a FIN, or the connection with a reset. */
  end(from: Side, how: 'fin' | 'reset', after?: number): void {
    if (after !== undefined) this.wait(after)
    this.#control(from, (how === 'fin' ? TcpFlag.fin : TcpFlag.rst) | TcpFlag.ack)
    this.#ended[from] = true
    this.#advance(from, 1)
    if (how === 'fin') this.#control(otherSide(from), TcpFlag.ack)
    else this.#ended[otherSide(from)] = true
  }

  /** True if the side can send nothing more. */
  hasEnded(side: Side): boolean {
    return this.#ended[side]
  }

  /** Makes the next packet come `nanoseconds` after the one before. */
  wait(nanoseconds: number): void {
    this.#now += nanoseconds - this.#options.interval
  }

  #segments(from: Side, bytes: Uint8Array, how: PacketsScript, path: ScriptPath): Segments {
    const { segmentSize = this.#options.segmentSize, overlap = 0 } = how
    if (segmentSize + overlap > LARGEST_PAYLOAD) {
      const most = `at most ${LARGEST_PAYLOAD - segmentSize}`
      throw new ScriptError([...path, 'packets', 'overlap'], `the segments get too long; give ${most}`)
    }
    const first = this.#next[from]
    const count = Math.ceil(bytes.length / segmentSize)
    this.#options.packets.checkRoomFor(count, path)
    return {
      count,
      at: (number) => {
        const start = Math.max(0, (number - 1) * segmentSize - overlap)
        return { sequence: (first + start) >>> 0, payload: bytes.subarray(start, number * segmentSize) }
      },
    }
  }

  #control(from: Side, flags: number): void {
    this.#packet(from, flags, this.#next[from], NO_BYTES, this.#options.path)
  }

  #packet(
    from: Side,
    flags: number,
    sequence: number,
    payload: Uint8Array,
    path: ScriptPath,
    snapLength = Infinity,
    isLost = false,
  ): void {
    const { interval, packets } = this.#options
    this.#now += interval
    this.#identification = (this.#identification + 1) & 0xffff
    if (isLost) return
    const to = otherSide(from)
    const bytes = tcpPacket(this.#options[from], this.#options[to], {
      sequence,
      acknowledgment: this.#next[to],
      flags,
      payload,
      identification: this.#identification,
    })
    const kept = Math.min(bytes.length, snapLength, this.#options.snapLength)
    packets.add(this.#now, bytes, kept, path)
  }

  #advance(side: Side, count: number): void {
    this.#next[side] = (this.#next[side] + count) >>> 0
  }
}

/** The segments that a script names. Each of them must be there. */
function numbersOf(
  segments: Segments,
  numbers: readonly number[] = [],
  path: ScriptPath,
  field: 'lost' | 'order' | 'retransmitted',
): ReadonlySet<number> {
  const beyond = numbers.findIndex((number) => number > segments.count)
  if (beyond >= 0) {
    const place = [...path, 'packets', field, beyond]
    throw new ScriptError(place, `there is no segment ${numbers[beyond]}; the bytes make ${segments.count}`)
  }
  return new Set(numbers)
}
