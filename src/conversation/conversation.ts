// One TCP connection. http/ reads it until the 101 (or until recognition in mid-stream, or --decode-as), then a WebSocket reader;
// http2/ reads HTTP/2. This is the one place where http/ and websocket/ meet: websocket/ never learns that HTTP exists.
import type { HeldItem } from '../base/held-items.ts'
import { Queue } from '../base/queue.ts'
import { BOTH_DIRECTIONS, type Direction, opposite, type StreamItem, type Time } from '../base/stream.ts'
import { HttpExchanges, type Upgrade } from '../http/exchanges.ts'
import { handshakeUrl } from '../http/handshake.ts'
import { areFrames } from '../http2/frame-header.ts'
import type { StreamReceiver, TcpConnection } from '../tcp/receiver.ts'
import type { TlsConnection } from '../tls/connection.ts'
import type { TlsContext } from '../tls/context.ts'
import { Recognition, type Verdict } from '../websocket/recognition.ts'
import { Http2Conversation } from './http2.ts'
import { openTls } from './tls.ts'
import type { Linked } from './use-order.ts'
import { type Conflict, type WebSocketContext, WebSocketConversation } from './websocket.ts'

/** What all conversations of a capture share. */
export interface ConversationContext extends WebSocketContext {
  readonly decodeAs: readonly number[]
  readonly tls: TlsContext
  /** Queues an item until `Conversation.handle` may take it. */
  readonly queue: (conversation: Conversation, direction: Direction, item: StreamItem) => void
  /** Has `Conversation.retry` called once there are more secrets, or there will be none. */
  readonly waitForSecrets: (conversation: Conversation) => void
}

/** Conflicts remembered before the handshake; more say nothing new. */
const EARLY_CONFLICTS = 4

/** Finds out what a TCP connection speaks, and hands its items to the reader of that. */
export class Conversation implements StreamReceiver, Linked<Conversation> {
  older: Conversation | undefined = undefined
  newer: Conversation | undefined = undefined
  /** `decoding`, as the scheduler has counted it. */
  counted = 0
  readonly #context: ConversationContext
  readonly #tcp: TcpConnection
  /** Decrypts the items, if they are TLS. */
  #tls: TlsConnection | undefined
  #http: HttpExchanges | undefined
  #recognition: Recognition | undefined
  /** Reads the items, once it is known what they are. */
  #reader: WebSocketConversation | Http2Conversation | undefined
  /** Items that came before that: decoded before any later one. */
  readonly #held = new Queue<HeldItem>()
  /** The directions that have ended, as bits. */
  #ended = 0
  #isGivenUp = false
  /** Of the item taken last. */
  lastPacket = 0
  lastTime: Time | undefined
  #conflicts: Conflict[] | undefined

  constructor(context: ConversationContext, tcp: TcpConnection) {
    this.#context = context
    this.#tcp = tcp
    this.#http = new HttpExchanges({
      sawSyn: tcp.sawSyn,
      limits: context.limits,
      budget: context.budget,
      report: context.emit,
      acceptFor: context.acceptFor,
    })
  }

  /** How many WebSockets it holds the state of a frame decoder for. Something that may be WebSocket is one. */
  get decoding(): number {
    if (this.#isGivenUp) return 0
    return this.#reader?.decoding ?? Number(this.#recognition?.verdict.is === 'undecided')
  }

  /** Never WebSocket, over, or given up: takes nothing more. */
  get isDone(): boolean {
    return this.#isGivenUp || (this.#reader === undefined && this.#http === undefined)
  }

  push(direction: Direction, item: StreamItem): void {
    if (this.#isGivenUp) return
    if (this.#reader !== undefined || this.#http !== undefined) this.#context.queue(this, direction, item)
  }

  conflict(
    direction: Direction,
    offset: number,
    length: number,
    packet: number,
    time: Time | undefined,
  ): void {
    const conflict = { direction, offset, length, packet, time }
    if (this.#reader !== undefined) {
      this.#reader.conflict(conflict)
    } else if (this.#http !== undefined) {
      this.#conflicts ??= []
      if (this.#conflicts.length < EARLY_CONFLICTS) this.#conflicts.push(conflict)
    }
  }

  /** Takes a queued item. Called only when `next` has nothing left. */
  handle(direction: Direction, item: StreamItem): void {
    this.lastPacket = item.released
    this.lastTime = item.time
    if (this.#tls !== undefined) this.#handleTls(this.#tls, direction, item)
    else if (this.#reader !== undefined) this.#handOver(this.#reader, direction, item)
    else if (this.#http !== undefined) this.#handleHttp(this.#http, direction, item)
  }

  /** There may be secrets now for what is held back. Called when `handle` may be called. */
  retry(): void {
    this.#tls?.retry()
    this.#waitForSecrets()
  }

  /** Decodes one more frame, or takes one more of the items held back; false once nothing is left to decode. */
  next(): boolean {
    const reader = this.#reader
    if (reader === undefined) return false
    if (reader.next()) return true
    const held = this.#held.shift()
    if (held === undefined) return false
    this.#handOver(reader, held.direction, held.item)
    return true
  }

  /** Both directions have ended and everything was decoded. Called after the last `next`. */
  finish(): void {
    if (this.#ended !== BOTH_DIRECTIONS) return
    this.#reader?.end()
    this.#reader = undefined
    this.#ignore()
  }

  /** A limit drops this connection: what it holds comes out, and nothing more is taken. */
  giveUp(): void {
    this.#isGivenUp = true
    if (this.#reader === undefined) {
      this.#ignore()
      return
    }
    for (const direction of [0, 1] as const) {
      if ((this.#ended & (1 << direction)) !== 0) continue
      const end = { kind: 'end', reason: 'limit', released: this.lastPacket, time: this.lastTime } as const
      this.#context.queue(this, direction, end)
    }
  }

  #handleTls(tls: TlsConnection, direction: Direction, item: StreamItem): void {
    tls.push(direction, item)
    this.#waitForSecrets()
    if (tls.isGivenUp && this.#reader === undefined) this.#ignore()
  }

  /** One TLS item may hold several items: they are held, so that frames are decoded one at a time. */
  #handleDecrypted(direction: Direction, item: StreamItem): void {
    if (this.#reader !== undefined) this.#held.push({ direction, item, arrival: 0 })
    else if (this.#http !== undefined) this.#handleHttp(this.#http, direction, item)
  }

  #waitForSecrets(): void {
    if (this.#tls?.isWaitingForSecrets) this.#context.waitForSecrets(this)
  }

  #handOver(reader: WebSocketConversation | Http2Conversation, direction: Direction, item: StreamItem): void {
    if (item.kind === 'end') this.#ended |= 1 << direction
    reader.push(direction, item)
  }

  #handleHttp(http: HttpExchanges, direction: Direction, item: StreamItem): void {
    if (this.#goesOnAsHttp2(http, item)) {
      this.#startHttp2(http, [...http.held, { direction, item, arrival: 0 }])
      return
    }
    http.push(direction, item)
    if (http.otherProtocol === 'HTTP/2') this.#startHttp2(http, http.held)
    else if (http.otherProtocol === 'TLS' && this.#tls === undefined) this.#startTls(http)
    else if (http.state === 'upgraded') this.#open(http, http.upgrade!)
    else if (http.state === 'http') this.#endRecognition()
    else this.#lookForWebSocket(http, direction, item)
    if (this.#http !== http || item.kind !== 'end') return
    this.#ended |= 1 << direction
    if (this.#ended === BOTH_DIRECTIONS) this.#ignore()
  }

  /** The items held so far are TLS records, and HTTP is inside them. */
  #startTls(http: HttpExchanges): void {
    const { tls, emit, limits, budget, acceptFor } = this.#context
    const { held, proxyProtocol } = http
    this.#endRecognition()
    http.release()
    this.#http = new HttpExchanges({
      sawSyn: true,
      proxyProtocol,
      limits,
      budget,
      report: emit,
      acceptFor,
    })
    const deliver = this.#handleDecrypted.bind(this)
    this.#tls = openTls(tls, this.#tcp, emit, deliver, () => this.#reader?.number ?? 0)
    this.#ended = 0
    for (const { direction, item } of held) this.handle(direction, item)
  }

  /** If its preface was not captured, HTTP/2 shows by whole frames that fill a segment. */
  #goesOnAsHttp2(http: HttpExchanges, item: StreamItem): boolean {
    if (item.kind !== 'chunk' || !item.segmentStart || http.state !== 'undecided') return false
    if (this.#startsAtStart && this.#tls?.parameters?.alpn !== 'h2') return false
    return !http.readingHead && areFrames(item.bytes, item.start, item.end)
  }

  #startHttp2(http: HttpExchanges, held: readonly HeldItem[]): void {
    const tls = this.#tls
    const { http2Client: client, proxyProtocol } = http
    const { endpoints, time } = this.#tcp
    const isEncrypted = tls !== undefined
    const carrier = { endpoints, client, isEncrypted, proxyProtocol, time, tls: () => tls?.parameters }
    this.#begin(new Http2Conversation(this.#context, carrier), http, held)
  }

  /** No handshake so far: the port forces WebSocket, the bytes show it, or it is never to be one. */
  #lookForWebSocket(http: HttpExchanges, direction: Direction, item: StreamItem): void {
    const { decodeAs } = this.#context
    if (http.readingHead) return
    const forced = this.#tcp.endpoints.findIndex((endpoint) => decodeAs.includes(endpoint.port))
    if (forced >= 0 && http.held.some(({ item }) => item.kind === 'chunk')) {
      this.#open(http, undefined, opposite(forced as Direction), true)
    } else if ((this.#startsAtStart && !http.lostItsStart) || http.otherProtocol !== undefined) {
      if (http.state === 'not-http' && forced < 0) this.#ignore()
    } else {
      const verdict = this.#recognize(http, direction, item)
      if (verdict.is === 'websocket') this.#open(http, undefined, verdict.clientDirection)
      // http/ holds nothing more back in this state: what came later would be missing from the frames.
      else if (http.state === 'not-http') this.#ignore()
      else if (verdict.is === 'other') http.dropHeld()
    }
  }

  /** Whether the streams are known from their first byte. */
  get #startsAtStart(): boolean {
    return this.#tcp.sawSyn || this.#tls !== undefined
  }

  /** What the items since the last sign of HTTP say; this item is the latest of them. */
  #recognize(http: HttpExchanges, direction: Direction, item: StreamItem): Verdict {
    if (this.#recognition !== undefined) return this.#recognition.push(direction, item)
    this.#recognition = new Recognition(this.#context)
    for (const held of http.held) this.#recognition.push(held.direction, held.item)
    return this.#recognition.verdict
  }

  #endRecognition(): void {
    this.#recognition?.release()
    this.#recognition = undefined
  }

  #open(
    http: HttpExchanges,
    upgrade: Upgrade | undefined,
    clientDirection: Direction = 0,
    isAssumed = false,
  ): void {
    const { endpoints } = this.#tcp
    const { held } = http
    const first = held[0]?.item
    const client = upgrade?.clientDirection ?? clientDirection
    const isEncrypted = this.#tls !== undefined
    const reader = new WebSocketConversation(this.#context, {
      endpoints,
      clientDirection: client,
      transport: isEncrypted ? 'tls' : 'tcp',
      url: upgrade === undefined ? null : handshakeUrl(upgrade, endpoints[opposite(client)], isEncrypted),
      tls: this.#tls?.parameters,
      http2Stream: undefined,
      upgrade,
      isFromStart: this.#startsAtStart && !http.lostItsStart,
      isAssumed,
      firstPacket: first?.kind === 'chunk' ? first.packet : first?.released,
      time: this.#tcp.time,
    })
    for (const conflict of this.#conflicts ?? []) reader.conflict(conflict)
    this.#begin(reader, http, held)
  }

  /** From here on, the reader reads: first what was held. */
  #begin(
    reader: WebSocketConversation | Http2Conversation,
    http: HttpExchanges,
    held: readonly HeldItem[],
  ): void {
    this.#reader = reader
    this.#conflicts = undefined
    this.#http = undefined
    this.#endRecognition()
    this.#ended = 0
    this.#held.putBefore(held)
    http.release()
  }

  /** Never WebSocket, or over: releases everything. */
  #ignore(): void {
    this.#endRecognition()
    this.#http?.release()
    this.#http = undefined
    this.#conflicts = undefined
    const tls = this.#tls
    this.#tls = undefined
    tls?.release()
  }
}
