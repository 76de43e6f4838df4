// Both directions of one WebSocket connection: stream items in; frames, messages, findings and at last the closing out, in the order in
// which they happened (RFC 6455 §5, §7).
import {
  type CloseBody,
  type ClosedEvent,
  type ClosedHow,
  type Deflate,
  type DeflateSide,
  type Emit,
  type MessageEvent,
  Opcode,
} from '../base/events.ts'
import type { Carrier } from '../base/finding-values.ts'
import type { Budget, Limits } from '../base/limits.ts'
import type { Side, StreamEnd, StreamItem, Time } from '../base/stream.ts'
import { readCloseBody } from './close.ts'
import type { DecodedFrame } from './decoded.ts'
import type { MakeInflater } from './inflater.ts'
import { type JoinedMessage, surePayload } from './messages.ts'
import { Rules } from './rules.ts'
import { Sender } from './side.ts'
import { utf8Fault } from './utf8.ts'

export interface WebSocketConnectionOptions {
  /** Its number in the events. */
  readonly connection: number
  /** permessage-deflate as agreed on in the handshake; null where it was not. */
  readonly deflate: Deflate | null
  /** True where neither direction starts at a known frame boundary. */
  readonly midstream: boolean
  /** True where nobody knows where the server's first frame starts: the response before it was not captured. Unless given, as `midstream`. */
  readonly serverMidstream?: boolean | undefined
  /** False where the response was not captured: then RSV1 is taken for compression where it inflates. Unless given, the opposite of `midstream`. */
  readonly extensionsKnown?: boolean
  /** Unless given, a TCP connection. */
  readonly carrier?: Carrier
  readonly limits: Limits
  readonly budget: Budget
  readonly makeInflater: MakeInflater
  /** Whether frames say which packets brought which of their bytes. */
  readonly traceSegments?: boolean | undefined
  readonly emit: Emit
}

/** Where the response was not captured: the widest window, kept from message to message, explains whatever was sent. */
const ANY_DEFLATE: DeflateSide = { contextTakeover: true, windowBits: 15 }

/** Reads both directions. Push an item, then call `next` until it returns false, then push again; `end` comes last. */
export class WebSocketConnection {
  readonly #options: WebSocketConnectionOptions
  readonly #client: Sender
  readonly #server: Sender
  readonly #rules: Rules
  /** Who sent the item at hand. */
  #active: Sender
  #frames = 0
  #messages = 0
  /** By packets: what waited behind a hole comes later than it was sent. */
  #firstClose:
    | { readonly from: Side; readonly packet: number; readonly body: CloseBody | undefined }
    | undefined
  #lastClose: { readonly released: number; readonly time: Time | undefined } | undefined
  /** Who ended TCP first, by FIN or RST. */
  #firstEnd: { readonly from: Side; readonly packet: number } | undefined
  /** Of the item seen last. */
  #lastPacket = 0
  #lastTime: Time | undefined

  constructor(options: WebSocketConnectionOptions) {
    const { deflate, midstream, connection, limits, emit, extensionsKnown = !midstream } = options
    const unknown = extensionsKnown ? null : ANY_DEFLATE
    this.#options = options
    this.#client = new Sender(options, 'client', deflate?.client ?? unknown, midstream)
    this.#server = new Sender(
      options,
      'server',
      deflate?.server ?? unknown,
      options.serverMidstream ?? midstream,
    )
    this.#active = this.#client
    const agreed = deflate !== null ? 'agreed' : extensionsKnown ? 'none' : 'unknown'
    this.#rules = new Rules(connection, agreed, limits, emit, options.carrier ?? 'tcp')
  }

  /** Takes the next item of a direction; its bytes must stay valid until `next` has returned false. */
  push(from: Side, item: StreamItem): void {
    const sender = from === 'client' ? this.#client : this.#server
    this.#active = sender
    this.#lastPacket = item.released
    this.#lastTime = item.time
    if (item.kind === 'chunk') {
      sender.hasSent = true
      this.#judgePongs(sender, item.packet)
    } else if (item.kind === 'gap') {
      sender.hasSent = true
      this.#loseHeartbeats(sender, item.released)
    } else {
      sender.end = item
      const isFirst = this.#firstEnd === undefined || item.released < this.#firstEnd.packet
      if (isFirst && (item.reason === 'fin' || item.reason === 'reset'))
        this.#firstEnd = { from, packet: item.released }
    }
    sender.decoder.push(item)
  }

  /** How far a direction has been read: where in its stream the next item starts. */
  offsetOf(from: Side): number {
    return (from === 'client' ? this.#client : this.#server).decoder.offset
  }

  /** Decodes one more frame, and hands it on with its findings, and with the message that it completes; false once nothing is left. */
  next(): boolean {
    const sender = this.#active
    const { decoder } = sender
    const decoded = decoder.next()
    if (decoded === undefined) return false
    if (decoded.type === 'frame') {
      this.#takeFrame(sender, decoded)
    } else if (decoded.type === 'resynchronized') {
      if (decoded.offset > 0) this.#rules.reportResynchronized(decoded, sender.from)
      this.#loseFrames(sender, decoded.packet)
    } else {
      this.#rules.reportRemainder(decoded, sender.from)
      this.#loseFrames(sender, decoded.packet)
    }
    return decoder.hasMore
  }

  /** Both directions have ended, or the connection was dropped: hands on what is unfinished, the last findings, and the closing. */
  end(): void {
    for (const sender of [this.#client, this.#server]) this.#finish(sender)
    const closed = this.#closing()
    if (closed.how === 'clean' || this.#firstEnd !== undefined) {
      for (const sender of [this.#client, this.#server]) {
        if (this.#otherOf(sender).isUncertain(this.#options.midstream)) continue
        this.#rules.judgeUnanswered(sender.heartbeat.waiting, sender.from)
      }
    }
    if (closed.how === 'tcp-fin' || closed.how === 'tcp-reset') {
      const uncertain = [this.#client, this.#server].some((sender) =>
        sender.isUncertain(this.#options.midstream),
      )
      if (!uncertain) this.#rules.judgeNoClose(closed.how, closed.initiator, closed.lastPacket, closed.time)
    }
    this.#client.close()
    this.#server.close()
    this.#options.emit(closed)
  }

  #takeFrame(sender: Sender, frame: DecodedFrame): void {
    frame.frame = ++this.#frames
    if (frame.opcode === Opcode.close) {
      frame.close = readCloseBody(surePayload(frame), frame.cutBy === undefined)
    }
    this.#options.emit(frame)
    this.#rules.judgeFrame(frame, sender.closedBy)
    if (frame.opcode >= Opcode.close) this.#takeControl(sender, frame)
    else this.#takeData(sender, frame)
  }

  #takeControl(sender: Sender, frame: DecodedFrame): void {
    const other = this.#otherOf(sender)
    if (frame.opcode === Opcode.close) {
      if (sender.closedBy === undefined) this.#takeFirstClose(sender, frame)
    } else if (frame.opcode === Opcode.ping) {
      // RFC 6455 §5.5.2: a pong is due, "unless it already received a Close frame"; after its own none is to be expected.
      if (other.closedBy === undefined) sender.heartbeat.ping(frame)
    } else if (frame.opcode === Opcode.pong) {
      other.heartbeat.pong(frame)
    }
  }

  #takeFirstClose(sender: Sender, { frame, firstPacket, lastPacket, time, close }: DecodedFrame): void {
    sender.closedBy = frame
    this.#otherOf(sender).heartbeat.excuse(firstPacket)
    if (this.#firstClose === undefined || firstPacket < this.#firstClose.packet) {
      this.#firstClose = { from: sender.from, packet: firstPacket, body: close }
    }
    if (this.#lastClose === undefined || lastPacket > this.#lastClose.released) {
      this.#lastClose = { released: lastPacket, time }
    }
  }

  /** `sender` has been read up to a packet: pongs before it, to which no ping of it belongs, were not asked for. */
  #judgePongs(sender: Sender, packet: number): void {
    const { from } = this.#otherOf(sender)
    for (const { pong, last } of sender.heartbeat.unmatchedBefore(packet)) {
      if (last !== undefined) this.#rules.judgePong(pong, last, from)
    }
  }

  #takeData(sender: Sender, frame: DecodedFrame): void {
    const { messages } = sender
    const order = messages.orderOf(frame)
    if (order !== 'in-order') {
      this.#rules.judgeOrder(frame, order, messages.openedBy)
      if (order === 'expected-continuation') this.#takeMessage(sender, messages.abandon())
    }
    this.#takeMessage(sender, messages.add(frame))
  }

  /** Hands a message on: inflated, and where it is text and something is missing, cut back to whole characters. */
  #takeMessage(sender: Sender, joined: JoinedMessage | undefined): void {
    if (joined === undefined) return
    const { opcode, payload } = joined
    let inflated = joined.rsv1 ? sender.inflation?.inflate(payload, joined.whole) : undefined
    let notCompressed = false
    if (inflated !== undefined && this.#rules.deflate === 'unknown') {
      if (inflated.fault === 'error') {
        notCompressed = true
        inflated = undefined
      } else if (joined.whole) {
        this.#rules.deflate = 'agreed'
      } else {
        inflated = { ...inflated, bytes: payload.subarray(0, 0) }
      }
    }
    let data = inflated?.bytes ?? payload
    const incomplete = !(inflated?.whole ?? joined.whole)
    let isText = false
    if (opcode === Opcode.text) {
      const fault = utf8Fault(data)
      isText = fault === undefined || (incomplete && fault.offset === data.length)
      if (fault !== undefined && isText) data = data.subarray(0, fault.validLength)
    }
    const isNothing = incomplete && data.length === 0
    const message: MessageEvent = {
      type: 'message',
      connection: this.#options.connection,
      message: ++this.#messages,
      from: sender.from,
      firstPacket: joined.firstPacket,
      lastPacket: joined.lastPacket,
      time: joined.time,
      opcode,
      frames: joined.frames,
      compressed: inflated !== undefined,
      wireLength: joined.wireLength,
      length: data.length,
      data: isNothing ? undefined : data,
      isText: isText && !isNothing,
      incomplete,
      withoutContext: inflated?.withoutContext ?? false,
    }
    this.#options.emit(message)
    if (notCompressed) this.#rules.judgeNotCompressed(message)
    this.#rules.judgeMessage(message, joined, inflated)
  }

  /** Frames of a direction were lost before a packet. */
  #loseFrames(sender: Sender, packet: number): void {
    this.#loseHeartbeats(sender, packet)
    this.#takeMessage(sender, sender.messages.lose())
    sender.inflation?.loseContext()
  }

  #loseHeartbeats(sender: Sender, packet: number): void {
    sender.heartbeat.losePings()
    this.#otherOf(sender).heartbeat.forget(packet)
  }

  /** Reads what is left of a direction. A dropped connection has no end of its own. */
  #finish(sender: Sender): void {
    if (sender.end === undefined) {
      this.push(sender.from, {
        kind: 'end',
        reason: 'limit',
        released: this.#lastPacket,
        time: this.#lastTime,
      })
    }
    this.#active = sender
    while (this.next());
    this.#takeMessage(sender, sender.messages.abandon())
    this.#judgePongs(sender, Infinity)
  }

  #closing(): ClosedEvent {
    const closes = [this.#client, this.#server].filter(({ closedBy }) => closedBy !== undefined).length
    const ends = [this.#client.end!, this.#server.end!].filter(
      ({ reason }) => reason === 'fin' || reason === 'reset',
    )
    const tcp = ends.some(({ reason }) => reason === 'reset')
      ? 'tcp-reset'
      : ends.length > 0
        ? 'tcp-fin'
        : 'open'
    const how: ClosedHow = closes === 2 ? 'clean' : closes === 1 ? 'close-frame-only' : tcp
    const lastEnd = ends.reduce<StreamEnd | undefined>(
      (a, b) => (a === undefined || b.released > a.released ? b : a),
      undefined,
    )
    const last = this.#lastClose ?? lastEnd ?? { released: this.#lastPacket, time: this.#lastTime }
    return {
      type: 'closed',
      connection: this.#options.connection,
      how,
      code: this.#firstClose?.body?.code ?? null,
      reason: this.#firstClose?.body?.reason ?? null,
      initiator: this.#firstClose?.from ?? this.#firstEnd?.from ?? null,
      time: last.time,
      lastPacket: last.released,
    }
  }

  #otherOf(sender: Sender): Sender {
    return sender === this.#client ? this.#server : this.#client
  }
}
