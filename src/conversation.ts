// One TCP connection: http/ until the 101 (or recognition in mid-stream, or --decode-as), websocket/ after it. The one place where the
// two meet; websocket/ never learns that HTTP exists.
import type { ConnectionEvent, Emit, Head } from './events.ts'
import { type FindingCode, type FindingPlace, makeFinding } from './findings.ts'
import { HttpExchanges, type Upgrade } from './http/exchanges.ts'
import { handshakeUrl, judgeHandshake } from './http/handshake.ts'
import type { HeldItem } from './http/held-items.ts'
import type { Budget, Limits } from './limits.ts'
import type { Direction, Gap, Side, StreamItem, Time } from './stream.ts'
import type { StreamReceiver, TcpConnection } from './tcp/receiver.ts'
import { WebSocketConnection } from './websocket/connection.ts'
import type { MakeInflater } from './websocket/inflater.ts'
import { Recognition, type Verdict } from './websocket/recognition.ts'

/** What all conversations of a capture share. */
export interface ConversationContext {
  readonly limits: Limits
  readonly budget: Budget
  readonly makeInflater: MakeInflater
  readonly decodeAs: readonly number[]
  readonly emit: Emit
  /** Numbers a connection, once it is certain that it is WebSocket. */
  readonly nextNumber: () => number
  /** Queues an item until `Conversation.handle` may take it. */
  readonly queue: (conversation: Conversation, direction: Direction, item: StreamItem) => void
}

/** A conflict seen before it was known whether the connection is WebSocket. */
interface Conflict {
  readonly direction: Direction
  readonly offset: number
  readonly length: number
  readonly packet: number
  readonly time: Time | undefined
}

/** Conflicts remembered before the handshake; more say nothing new. */
const EARLY_CONFLICTS = 4
/** Both directions, as bits. */
const BOTH = 3

export class Conversation implements StreamReceiver {
  /** Its neighbours in the list of those that decode frames, in the order of use. */
  older: Conversation | undefined = undefined
  newer: Conversation | undefined = undefined
  readonly #context: ConversationContext
  readonly #tcp: TcpConnection
  #http: HttpExchanges | undefined
  #recognition: Recognition | undefined
  #webSocket: WebSocketConnection | undefined
  /** Items that came before it was known that this is WebSocket: decoded before any later one. */
  #held: HeldItem[] = []
  #number = 0
  #client: Direction = 0
  /** The directions that have ended, as bits. */
  #ended = 0
  #isGivenUp = false
  /** Of the item taken last. */
  #lastPacket = 0
  #lastTime: Time | undefined
  #conflicts: Conflict[] | undefined

  constructor(context: ConversationContext, tcp: TcpConnection) {
    this.#context = context
    this.#tcp = tcp
    this.#http = new HttpExchanges({
      sawSyn: tcp.sawSyn,
      limits: context.limits,
      budget: context.budget,
      report: context.emit,
    })
  }

  /** Whether it holds the state of a decoder of frames: it is WebSocket, or may be. */
  get isDecoding(): boolean {
    if (this.#isGivenUp) return false
    return this.#webSocket !== undefined || this.#recognition?.verdict.is === 'undecided'
  }

  push(direction: Direction, item: StreamItem): void {
    if (this.#isGivenUp) return
    if (this.#webSocket !== undefined || this.#http !== undefined) this.#context.queue(this, direction, item)
  }

  conflict(
    direction: Direction,
    offset: number,
    length: number,
    packet: number,
    time: Time | undefined,
  ): void {
    const conflict = { direction, offset, length, packet, time }
    if (this.#webSocket !== undefined) {
      this.#reportConflict(conflict)
    } else if (this.#http !== undefined) {
      this.#conflicts ??= []
      if (this.#conflicts.length < EARLY_CONFLICTS) this.#conflicts.push(conflict)
    }
  }

  /** Takes a queued item. Called only when `next` has nothing left. */
  handle(direction: Direction, item: StreamItem): void {
    this.#lastPacket = item.released
    this.#lastTime = item.time
    if (this.#webSocket !== undefined) this.#handleWebSocket(direction, item)
    else if (this.#http !== undefined) this.#handleHttp(this.#http, direction, item)
  }

  /** Decodes one more frame, or takes one more of the items held back; false where nothing is left to decode. */
  next(): boolean {
    const webSocket = this.#webSocket
    if (webSocket === undefined) return false
    if (webSocket.next()) return true
    const held = this.#held.shift()
    if (held === undefined) return false
    this.#handleWebSocket(held.direction, held.item)
    return true
  }

  /** Both directions have ended and everything was decoded. Called after the last `next`. */
  finish(): void {
    if (this.#ended !== BOTH) return
    this.#webSocket?.end()
    this.#webSocket = undefined
    this.#ignore()
  }

  /** A limit drops this connection: what it holds comes out, and nothing more is taken. */
  giveUp(): void {
    this.#isGivenUp = true
    if (this.#webSocket === undefined) {
      this.#ignore()
      return
    }
    for (const direction of [0, 1] as const) {
      if ((this.#ended & (1 << direction)) !== 0) continue
      const end = { kind: 'end', reason: 'limit', released: this.#lastPacket, time: this.#lastTime } as const
      this.#context.queue(this, direction, end)
    }
  }

  #handleWebSocket(direction: Direction, item: StreamItem): void {
    const from = this.#sideOf(direction)
    if (item.kind === 'gap') this.#reportGap(from, item)
    else if (item.kind === 'end') this.#ended |= 1 << direction
    this.#webSocket!.push(from, item)
  }

  #handleHttp(http: HttpExchanges, direction: Direction, item: StreamItem): void {
    http.push(direction, item)
    if (http.state === 'upgraded') this.#open(http, http.upgrade!)
    else if (http.state === 'http') this.#endRecognition()
    else this.#lookForWebSocket(http, direction, item)
    if (this.#http === undefined || item.kind !== 'end') return
    this.#ended |= 1 << direction
    if (this.#ended === BOTH) this.#ignore()
  }

  /** No handshake so far: forced by the port, recognised from the bytes, or never to be WebSocket. */
  #lookForWebSocket(http: HttpExchanges, direction: Direction, item: StreamItem): void {
    const { decodeAs } = this.#context
    if (http.readingHead) return
    const forced = this.#tcp.endpoints.findIndex((endpoint) => decodeAs.includes(endpoint.port))
    if (forced >= 0 && http.held.some(({ item }) => item.kind === 'chunk')) {
      this.#open(http, undefined, forced === 0 ? 1 : 0)
    } else if (this.#tcp.sawSyn || http.otherProtocol !== undefined) {
      if (http.state === 'not-http' && forced < 0) this.#ignore()
    } else {
      const verdict = this.#recognize(http, direction, item)
      if (verdict.is === 'websocket') this.#open(http, undefined, verdict.clientDirection)
      else if (verdict.is === 'other' && http.state === 'not-http') this.#ignore()
      else if (verdict.is === 'other') http.dropHeld()
    }
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

  #open(http: HttpExchanges, upgrade: Upgrade | undefined, clientDirection: Direction = 0): void {
    const { limits, budget, makeInflater, emit, nextNumber } = this.#context
    this.#client = upgrade?.clientDirection ?? clientDirection
    this.#number = nextNumber()
    const handshake = upgrade === undefined ? undefined : judgeHandshake(upgrade)
    const first = http.held[0]?.item
    const lastHead = upgrade?.response ?? upgrade?.request
    const client = this.#tcp.endpoints[this.#client]
    const server = this.#tcp.endpoints[this.#client === 0 ? 1 : 0]
    const event: ConnectionEvent = {
      type: 'connection',
      connection: this.#number,
      client,
      server,
      transport: 'tcp',
      midstream: upgrade === undefined,
      url: upgrade === undefined ? null : handshakeUrl(upgrade, server, false),
      subprotocol: handshake?.subprotocol ?? null,
      extensions: handshake?.extensions ?? [],
      deflate: handshake?.deflate ?? null,
      request: upgrade?.request ?? null,
      response: upgrade?.response ?? null,
      acceptCorrect: handshake?.acceptCorrect,
      proxyProtocol: upgrade?.proxyProtocol,
      time: lastHead?.time ?? (first === undefined ? this.#tcp.time : first.time),
    }
    emit(event)
    this.#reportHandshake(event, first)
    for (const finding of handshake?.findings ?? []) {
      const head = finding.from === 'client' ? event.request : event.response
      this.#report(finding.code, finding.message, { from: finding.from, ...placeOf(head) }, head?.time)
    }
    for (const conflict of this.#conflicts ?? []) this.#reportConflict(conflict)
    this.#conflicts = undefined
    this.#http = undefined
    this.#endRecognition()
    this.#webSocket = new WebSocketConnection({
      connection: this.#number,
      deflate: event.deflate,
      midstream: event.midstream && !this.#tcp.sawSyn,
      extensionsKnown: upgrade?.response != null && !upgrade.responseCut,
      limits,
      budget,
      makeInflater,
      emit,
    })
    this.#ended = 0
    this.#held = [...http.held]
    http.release()
  }

  #reportHandshake(event: ConnectionEvent, first: StreamItem | undefined): void {
    const missing = event.midstream
      ? 'no handshake was captured; the connection was recognised as WebSocket in mid-stream'
      : event.request === null
        ? "the handshake's request was not captured"
        : event.response === null
          ? "the handshake's response was not captured"
          : undefined
    if (missing === undefined) return
    const packet = event.request?.firstPacket ?? event.response?.firstPacket ?? firstPacketOf(first)
    this.#report('midstream', `${missing}.`, { firstPacket: packet, lastPacket: packet }, event.time)
  }

  #reportGap(from: Side, gap: Gap): void {
    const bytes = gap.length === 1 ? '1 byte' : `${gap.length} bytes`
    const place = { from, firstPacket: gap.released, lastPacket: gap.released }
    if (gap.reason === 'snapped') {
      this.#report(
        'truncated-packet',
        `The snapshot length cut ${bytes} of the ${from} from packet ${gap.released}.`,
        place,
        gap.time,
      )
    } else {
      this.#report('gap', `${bytes} of the ${from} are missing: ${GAP_REASONS[gap.reason]}.`, place, gap.time)
    }
  }

  #reportConflict({ direction, offset, length, packet, time }: Conflict): void {
    this.#report(
      'retransmission-conflict',
      `Packet ${packet} sends ${length} ${length === 1 ? 'byte' : 'bytes'} again with other content, from byte ${offset} of the stream on; the first copy is used.`,
      { from: this.#sideOf(direction), firstPacket: packet, lastPacket: packet },
      time,
    )
  }

  #report(code: FindingCode, message: string, place: FindingPlace, time: Time | undefined): void {
    this.#context.emit(makeFinding(code, message, { ...place, connection: this.#number }, time))
  }

  #sideOf(direction: Direction): Side {
    return direction === this.#client ? 'client' : 'server'
  }

  /** Never WebSocket, or over: lets go of everything. */
  #ignore(): void {
    this.#endRecognition()
    this.#http?.release()
    this.#http = undefined
    this.#conflicts = undefined
  }
}

const GAP_REASONS: Readonly<Record<Exclude<Gap['reason'], 'snapped'>, string>> = {
  acknowledged: 'the other side acknowledged them, and no packet of the capture holds them',
  waited: 'too much waited behind the hole',
  end: 'the connection or the capture ended before they came',
  limit: 'a limit made framewalk drop them',
}

function placeOf(head: Head | null): FindingPlace {
  return head === null ? {} : { firstPacket: head.firstPacket, lastPacket: head.lastPacket }
}

function firstPacketOf(item: StreamItem | undefined): number | undefined {
  return item?.kind === 'chunk' ? item.packet : item?.released
}
