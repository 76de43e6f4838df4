// One WebSocket from its handshake on, whatever carries it. In: both heads, as far as they were captured, and the stream items
// after them. Out: the connection event with its findings, then frames.
import type { ConnectionEvent, Emit, Endpoint, Head } from '../base/events.ts'
import { type FindingCode, type FindingPlace, type FindingValues, makeFinding } from '../base/findings.ts'
import type { Budget, Limits } from '../base/limits.ts'
import type { ConnectionStage } from '../base/stage.ts'
import {
  BOTH_DIRECTIONS,
  type Direction,
  type Gap,
  opposite,
  type Side,
  type StreamItem,
  type Time,
} from '../base/stream.ts'
import type { AcceptFor } from '../http/accept.ts'
import type { Upgrade } from '../http/exchanges.ts'
import { judgeHandshake } from '../http/handshake.ts'
import { WebSocketConnection } from '../websocket/connection.ts'
import type { MakeInflater } from '../websocket/inflater.ts'

/** What the conversations of a capture share. */
export interface WebSocketContext {
  readonly limits: Limits
  readonly budget: Budget
  readonly makeInflater: MakeInflater
  readonly acceptFor: AcceptFor
  readonly traceSegments: boolean
  readonly emit: Emit
  /** Numbers a connection, once it is certain that it is WebSocket. */
  readonly nextNumber: () => number
}

/** What a WebSocket begins with. */
export interface WebSocketStart extends Pick<ConnectionEvent, 'transport' | 'url' | 'tls' | 'http2Stream'> {
  readonly endpoints: readonly [Endpoint, Endpoint]
  readonly clientDirection: Direction
  /** Undefined if no head was captured. */
  readonly upgrade: Upgrade | undefined
  /** Whether the streams are known from their first byte, although no head was captured. */
  readonly isFromStart: boolean
  /** Whether only the user says that it is WebSocket. */
  readonly isAssumed: boolean
  /** The packet of the first byte, and the time of the first captured packet, if no head was captured. */
  readonly firstPacket: number | undefined
  readonly time: Time | undefined
}

/** Bytes that a packet sent again with other content. */
export interface Conflict {
  readonly direction: Direction
  readonly offset: number
  readonly length: number
  readonly packet: number
  readonly time: Time | undefined
}

/** Emits the connection event, and then reads both directions. */
export class WebSocketConversation implements ConnectionStage<Direction> {
  readonly number: number
  readonly decoding = 1
  readonly #emit: Emit
  readonly #client: Direction
  readonly #webSocket: WebSocketConnection
  /** The directions that have ended, as bits. */
  #ended = 0

  constructor(context: WebSocketContext, start: WebSocketStart) {
    const { upgrade, clientDirection, endpoints, transport, url, tls, http2Stream } = start
    this.#emit = context.emit
    this.#client = clientDirection
    this.number = context.nextNumber()
    const isHttp2 = http2Stream !== undefined
    const handshake = upgrade === undefined ? undefined : judgeHandshake(upgrade, context.acceptFor, isHttp2)
    const event: ConnectionEvent = {
      type: 'connection',
      connection: this.number,
      client: endpoints[clientDirection],
      server: endpoints[opposite(clientDirection)],
      transport,
      midstream: upgrade === undefined,
      url,
      subprotocol: handshake?.subprotocol ?? null,
      extensions: handshake?.extensions ?? [],
      deflate: handshake?.deflate ?? null,
      request: upgrade?.request ?? null,
      response: upgrade?.response ?? null,
      acceptCorrect: handshake?.acceptCorrect,
      proxyProtocol: upgrade?.proxyProtocol,
      tls,
      http2Stream,
      time: (upgrade?.response ?? upgrade?.request)?.time ?? start.time,
    }
    context.emit(event)
    this.#reportHandshake(event, start.firstPacket)
    for (const finding of handshake?.findings ?? []) {
      const head = finding.from === 'client' ? event.request : event.response
      this.#report(finding.code, finding.values, { from: finding.from, ...placeOf(head) }, head?.time)
    }
    // Field by field: spreading the context takes five times as long.
    this.#webSocket = new WebSocketConnection({
      limits: context.limits,
      budget: context.budget,
      makeInflater: context.makeInflater,
      traceSegments: context.traceSegments,
      emit: context.emit,
      carrier: isHttp2 ? 'http2' : 'tcp',
      connection: this.number,
      deflate: event.deflate,
      midstream: event.midstream && !start.isFromStart,
      firstByte: start.isAssumed ? 'assumed' : 'likely',
      serverMidstream: upgrade?.response === null ? true : undefined,
      extensionsKnown: upgrade?.response != null && !upgrade.responseCut,
    })
  }

  /** Whether both directions have ended. */
  get isOver(): boolean {
    return this.#ended === BOTH_DIRECTIONS
  }

  push(direction: Direction, item: StreamItem): void {
    const from = this.#sideOf(direction)
    if (item.kind === 'gap') this.#reportGap(from, item)
    else if (item.kind === 'end') this.#ended |= 1 << direction
    this.#webSocket.push(from, item)
  }

  next(): boolean {
    return this.#webSocket.next()
  }

  end(): void {
    this.#webSocket.end()
  }

  conflict({ direction, offset, length, packet, time }: Conflict): void {
    const place = { from: this.#sideOf(direction), firstPacket: packet, lastPacket: packet }
    this.#report('retransmission-conflict', { what: 'stream', packet, length, offset }, place, time)
  }

  #reportHandshake(event: ConnectionEvent, firstPacket: number | undefined): void {
    const missing = event.midstream
      ? 'handshake'
      : event.request === null
        ? 'request'
        : event.response === null
          ? 'response'
          : undefined
    if (missing === undefined) return
    const packet = event.request?.firstPacket ?? event.response?.firstPacket ?? firstPacket
    this.#report('midstream', { missing }, { firstPacket: packet, lastPacket: packet }, event.time)
  }

  #reportGap(from: Side, gap: Gap): void {
    const { length, isEstimate = false, reason, released, time } = gap
    const place = { from, firstPacket: released, lastPacket: released }
    const missing = { from, length, isEstimate, offset: this.#webSocket.offsetOf(from) }
    if (reason === 'snapped')
      this.#report('truncated-packet', { what: 'stream', packet: released, ...missing }, place, time)
    else this.#report('gap', { ...missing, reason }, place, time)
  }

  #report<Code extends FindingCode>(
    code: Code,
    values: FindingValues<Code>,
    place: FindingPlace,
    time: Time | undefined,
  ): void {
    this.#emit(makeFinding(code, values, { ...place, connection: this.number }, time))
  }

  #sideOf(direction: Direction): Side {
    return direction === this.#client ? 'client' : 'server'
  }
}

function placeOf(head: Head | null): FindingPlace {
  return head === null ? {} : { firstPacket: head.firstPacket, lastPacket: head.lastPacket }
}
