// One HTTP/2 connection that carries WebSockets: each stream that extended CONNECT opens (RFC 8441) is a WebSocket of its own.
// The one place where http2/ and websocket/ meet.
import type { ConnectionEvent, Endpoint, Head } from '../base/events.ts'
import { type FindingPlace, makeFinding } from '../base/findings.ts'
import { shortened } from '../base/shortened.ts'
import type { ConnectionStage } from '../base/stage.ts'
import { type Direction, opposite, type StreamItem, type Time } from '../base/stream.ts'
import { hostOf } from '../http/handshake.ts'
import { Http2Connection } from '../http2/connection.ts'
import { fieldValue } from '../http2/heads.ts'
import type { Http2Event, Http2Upgrade } from '../http2/streams.ts'
import { Recognition } from '../websocket/recognition.ts'
import { type Conflict, type WebSocketContext, WebSocketConversation } from './websocket.ts'

/** What carries an HTTP/2 connection. */
export interface Http2Carrier {
  readonly endpoints: readonly [Endpoint, Endpoint]
  /** Who sends the preface; undefined if the capture began after it. */
  readonly client: Direction | undefined
  /** Asked again for each WebSocket: with TLS, the protocol that was chosen may come late. */
  readonly tls: () => ConnectionEvent['tls']
  readonly isEncrypted: boolean
  readonly proxyProtocol: ConnectionEvent['proxyProtocol']
  /** Of its first captured packet. */
  readonly time: Time | undefined
}

type Refusal = Extract<Http2Event, { kind: 'refused' }>

/** Reads an HTTP/2 connection, and the WebSockets on its streams. */
export class Http2Conversation implements ConnectionStage<Direction> {
  /** It has no number of its own; each of its streams has one. */
  readonly number = 0
  readonly #context: WebSocketContext
  readonly #carrier: Http2Carrier
  readonly #connection: Http2Connection
  readonly #webSockets = new Map<number, WebSocketConversation>()
  /** The stream whose last item may still hold frames. */
  #active: { readonly stream: number; readonly webSocket: WebSocketConversation } | undefined
  #hasOpened = false
  /** Of the item taken last. */
  #packet = 0

  constructor(context: WebSocketContext, carrier: Http2Carrier) {
    this.#context = context
    this.#carrier = carrier
    const recognize = () => new Recognition(context)
    this.#connection = new Http2Connection({ ...context, client: carrier.client, recognize })
  }

  /** How many WebSockets are on it. Without any it counts as one: its tables take as much memory. */
  get decoding(): number {
    return Math.max(1, this.#webSockets.size)
  }

  push(direction: Direction, item: StreamItem): void {
    this.#packet = item.released
    this.#connection.push(direction, item)
  }

  /** Decodes one more frame of a WebSocket, or goes one step on to the next frame; false if nothing is left. */
  next(): boolean {
    if (this.#active !== undefined) {
      const { stream, webSocket } = this.#active
      if (webSocket.next()) return true
      this.#active = undefined
      if (webSocket.isOver) {
        webSocket.end()
        this.#webSockets.delete(stream)
      }
    }
    const event = this.#connection.next()
    if (event === undefined) return false
    this.#take(event)
    return true
  }

  end(): void {
    for (const webSocket of this.#webSockets.values()) webSocket.end()
    this.#webSockets.clear()
    this.#connection.release()
  }

  /** It is not known which stream's bytes differ: the finding names the connection only. */
  conflict({ packet, time }: Conflict): void {
    if (!this.#hasOpened) return
    const place = { firstPacket: packet, lastPacket: packet }
    this.#context.emit(makeFinding('retransmission-conflict', { what: 'http2', packet }, place, time))
  }

  #take(event: Http2Event): void {
    switch (event.kind) {
      case 'open':
        this.#webSockets.set(event.stream, this.#open(event))
        return
      case 'item': {
        const webSocket = this.#webSockets.get(event.stream)
        if (webSocket === undefined) return
        webSocket.push(event.direction, event.item)
        this.#active = { stream: event.stream, webSocket }
        return
      }
      case 'refused':
        this.#reportRefusal(event)
        return
      case 'limit': {
        const values = { what: 'http2Streams', stream: event.stream } as const
        const place = { firstPacket: event.packet, lastPacket: event.packet }
        this.#context.emit(makeFinding('limit-reached', values, place, event.time))
      }
    }
  }

  #open(opened: Http2Upgrade): WebSocketConversation {
    const { request, response, clientDirection, stream } = opened
    const { endpoints, isEncrypted, proxyProtocol, tls } = this.#carrier
    const heads = {
      clientDirection,
      request,
      response,
      requestCut: opened.requestMissing !== undefined,
      responseCut: opened.responseMissing !== undefined,
      proxyProtocol,
    }
    this.#hasOpened = true
    const webSocket = new WebSocketConversation(this.#context, {
      endpoints,
      clientDirection,
      transport: isEncrypted ? 'h2+tls' : 'h2',
      url: urlOf(request, endpoints[opposite(clientDirection)], isEncrypted),
      tls: tls(),
      http2Stream: stream,
      upgrade: request === null && response === null ? undefined : heads,
      isFromStart: false,
      isAssumed: false,
      firstPacket: this.#packet,
      time: this.#carrier.time,
    })
    this.#reportMissing(webSocket.number, 'client', request, opened.requestMissing)
    this.#reportMissing(webSocket.number, 'server', response, opened.responseMissing)
    return webSocket
  }

  #reportMissing(
    connection: number,
    from: 'client' | 'server',
    head: Head | null,
    missing: Http2Upgrade['requestMissing'],
  ): void {
    if (head === null || missing === undefined) return
    const place: FindingPlace = {
      connection,
      from,
      firstPacket: head.firstPacket,
      lastPacket: head.lastPacket,
    }
    this.#context.emit(
      missing === 'limit'
        ? makeFinding('limit-reached', { what: 'http2HeadSize', from }, place, head.time)
        : makeFinding('hpack-state-lost', { from, reason: missing }, place, head.time),
    )
  }

  #reportRefusal({ stream, request, response, errorCode, packet, time }: Refusal): void {
    const allowsConnect = this.#connection.allowsConnect !== false
    const asked = { request: shortened(request.startLine), stream, allowsConnect }
    const values =
      response === null
        ? ({ what: 'http2Reset', ...asked, error: ERROR_CODES[errorCode] ?? errorCode } as const)
        : ({ what: 'http2Response', ...asked, response: shortened(response.startLine) } as const)
    const place = {
      from: 'server',
      firstPacket: response?.firstPacket ?? packet,
      lastPacket: packet,
    } as const
    this.#context.emit(makeFinding('upgrade-refused', values, place, time))
  }
}

/** RFC 9113 §7. */
const ERROR_CODES: readonly string[] = [
  'NO_ERROR',
  'PROTOCOL_ERROR',
  'INTERNAL_ERROR',
  'FLOW_CONTROL_ERROR',
  'SETTINGS_TIMEOUT',
  'STREAM_CLOSED',
  'FRAME_SIZE_ERROR',
  'REFUSED_STREAM',
  'CANCEL',
  'COMPRESSION_ERROR',
  'CONNECT_ERROR',
  'ENHANCE_YOUR_CALM',
  'INADEQUATE_SECURITY',
  'HTTP_1_1_REQUIRED',
]

/** RFC 8441 §4, §5: `:scheme` is https for wss; null if the request's path is not known. */
function urlOf(request: Head | null, server: Endpoint, isEncrypted: boolean): string | null {
  const headers = request?.headers ?? []
  const path = fieldValue(headers, ':path')
  if (path === undefined) return null
  const scheme = fieldValue(headers, ':scheme') ?? (isEncrypted ? 'https' : 'http')
  const host = fieldValue(headers, ':authority') || fieldValue(headers, 'host') || hostOf(server)
  return `${scheme === 'https' || scheme === 'wss' ? 'wss' : 'ws'}://${host}${path}`
}
