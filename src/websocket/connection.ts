// Both directions of one WebSocket connection (RFC 6455 §5, §7). In: stream items. Out: frames, messages and findings in the
// order of completion, and at last the closing.
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
import type { ConnectionStage } from '../base/stage.ts'
import type { Side, StreamEnd, StreamItem, Time } from '../base/stream.ts'
import { readCloseBody } from './close.ts'
import type { Decoded, DecodedFrame } from './decoded.ts'
import type { MakeInflater } from './inflater.ts'
import { type JoinedMessage, surePayload } from './messages.ts'
import { Rules } from './rules.ts'
import { SideState } from './side.ts'
import { SideOrder } from './side-order.ts'
import type { FirstByte } from './tiled-frames.ts'
import { utf8Fault } from './utf8.ts'

/** What is known of a connection before its first frame, and what it works with. */
export interface WebSocketConnectionOptions {
  /** Its number in the events. */
  readonly connection: number
  /** permessage-deflate as agreed on in the handshake; null if it was not agreed on. */
  readonly deflate: Deflate | null
  /** True if neither direction starts at a known frame boundary. */
  readonly midstream: boolean
  /**
   * True if the start of the server's first frame is unknown, because the response before it was not captured. Default:
   * `midstream`.
   */
  readonly serverMidstream?: boolean | undefined
  /** Where no handshake was captured: what speaks for a frame at the first captured byte of a side. Default: nothing. */
  readonly firstByte?: FirstByte | undefined
  /**
   * False if the response was not captured: then RSV1 counts as compression if the message inflates. Default: the opposite of
   * `midstream`.
   */
  readonly extensionsKnown?: boolean
  /** Default: a TCP connection. */
  readonly carrier?: Carrier
  readonly limits: Limits
  readonly budget: Budget
  readonly makeInflater: MakeInflater
  /** Whether frames say which packets brought which of their bytes. */
  readonly traceSegments?: boolean | undefined
  readonly emit: Emit
}

/** For a response that was not captured: the widest window, kept from message to message, can read whatever was sent. */
const ANY_DEFLATE: DeflateSide = { contextTakeover: true, windowBits: 15 }

/** A close frame that an endpoint takes has no more bytes (RFC 6455 §5.5). */
const LONGEST_CLOSE = 125

/**
 * Reads both sides. For each item: `push` it, then call `next` until it returns false. Call `end` once, at last. Frames come out
 * in the order of the packets that complete them, unless a side looks for its next frame for long.
 */
export class WebSocketConnection implements ConnectionStage<Side> {
  readonly #options: WebSocketConnectionOptions
  readonly #client: SideState
  readonly #server: SideState
  readonly #rules: Rules
  readonly #order: SideOrder<SideState>
  /** Who sent the item at hand. */
  #active: SideState
  #frames = 0
  #messages = 0
  /** The first by packet number: bytes that waited after a hole are read later than they were sent. */
  #firstClose:
    | { readonly from: Side; readonly packet: number; readonly body: CloseBody | undefined }
    | undefined
  /** What a close frame longer than any may be has drawn from the budget. */
  #closePaid = 0
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
    this.#client = new SideState(options, 'client', deflate?.client ?? unknown, midstream)
    this.#server = new SideState(
      options,
      'server',
      deflate?.server ?? unknown,
      options.serverMidstream ?? midstream,
    )
    this.#order = new SideOrder(this.#client, this.#server, options.budget)
    this.#active = this.#client
    const agreed = deflate !== null ? 'agreed' : extensionsKnown ? 'none' : 'unknown'
    const around = (from: Side) => (from === 'client' ? this.#client : this.#server).decoder.surroundings
    this.#rules = new Rules(connection, agreed, limits, emit, options.carrier ?? 'tcp', around)
  }

  push(from: Side, item: StreamItem): void {
    const side = from === 'client' ? this.#client : this.#server
    this.#lastPacket = item.released
    this.#lastTime = item.time
    if (item.kind === 'chunk') side.offset += item.end - item.start
    else if (item.kind === 'gap') side.offset += item.length
    if (!this.#order.mustWait(side, item)) this.#take(side, item)
  }

  #take(side: SideState, item: StreamItem): void {
    this.#active = side
    if (item.kind === 'chunk') {
      side.hasSent = true
      this.#judgePongs(side, item.packet)
    } else if (item.kind === 'gap') {
      side.hasSent = true
      this.#loseHeartbeats(side, item.released)
    } else {
      side.end = item
      const isFirst = this.#firstEnd === undefined || item.released < this.#firstEnd.packet
      if (isFirst && (item.reason === 'fin' || item.reason === 'reset'))
        this.#firstEnd = { from: side.from, packet: item.released }
    }
    side.decoder.push(item)
  }

  /** How far a direction has been read: where in its stream the next item starts. */
  offsetOf(from: Side): number {
    return (from === 'client' ? this.#client : this.#server).offset
  }

  /**
   * Decodes one more frame, and hands it on with its findings and with the message that it completes; false once nothing is left.
   */
  next(): boolean {
    let decoded: Decoded | undefined
    do {
      if (this.#order.isActive && !this.#takeNext()) return false
      decoded = this.#active.decoder.next()
    } while (decoded === undefined && this.#order.isActive)
    if (decoded === undefined) return false
    const side = this.#active
    if (decoded.type === 'frame') {
      this.#takeFrame(side, decoded)
    } else if (decoded.type === 'resynchronized') {
      this.#order.isActive = true
      if (decoded.firstByte === 'assumed') this.#rules.reportAssumed(decoded)
      else if (decoded.offset > 0) this.#rules.reportResynchronized(decoded, side.from)
      // Nothing is known to be lost before the first byte.
      if (decoded.firstByte === undefined) this.#loseFrames(side, decoded.packet)
    } else {
      this.#rules.reportRemainder(decoded, side.from)
      this.#loseFrames(side, decoded.packet)
    }
    return side.decoder.hasMore || this.#order.isActive
  }

  /** Turns to the side whose packets come next; false if nothing is left, or must wait. */
  #takeNext(): boolean {
    const next = this.#order.next()
    if (next === undefined) return false
    if (next.item === undefined) this.#active = next.side
    else this.#take(next.side, next.item)
    return true
  }

  /**
   * Both directions have ended, or the connection was dropped: hands on what is unfinished, the last findings, and the closing.
   */
  end(): void {
    this.#order.giveUp()
    while (this.next());
    for (const side of [this.#client, this.#server]) this.#finish(side)
    const closed = this.#closing()
    if (closed.how === 'clean' || this.#firstEnd !== undefined) {
      for (const side of [this.#client, this.#server]) {
        const other = this.#otherOf(side)
        if (!side.isUncertain(this.#options.midstream))
          for (const pong of side.heartbeat.unasked) this.#rules.judgePong(pong, undefined, other.from)
        if (!other.isUncertain(this.#options.midstream))
          this.#rules.judgeUnanswered(side.heartbeat.waiting, side.from)
      }
    }
    if (closed.how === 'tcp-fin' || closed.how === 'tcp-reset') {
      const uncertain = [this.#client, this.#server].some((side) => side.isUncertain(this.#options.midstream))
      if (!uncertain) this.#rules.judgeNoClose(closed.how, closed.initiator, closed.lastPacket, closed.time)
    }
    this.#client.close()
    this.#server.close()
    this.#options.emit(closed)
    this.#options.budget.give(this.#closePaid)
  }

  #takeFrame(side: SideState, frame: DecodedFrame): void {
    frame.frame = ++this.#frames
    if (frame.opcode === Opcode.close) {
      frame.close = readCloseBody(surePayload(frame), frame.cutBy === undefined)
    }
    if (frame.opcode < Opcode.close) side.messages.place(frame, this.#messages)
    else if (frame.opcode === Opcode.pong)
      frame.answers = this.#otherOf(side)
        .heartbeat.pong(frame)
        ?.map(({ frame, time }) => ({ frame, time }))
    this.#options.emit(frame)
    this.#rules.judgeFrame(frame, side.closedBy)
    if (frame.opcode >= Opcode.close) this.#takeControl(side, frame)
    else this.#takeData(side, frame)
    this.#rules.endFrame()
  }

  #takeControl(side: SideState, frame: DecodedFrame): void {
    const other = this.#otherOf(side)
    if (frame.opcode === Opcode.close) {
      if (side.closedBy === undefined) this.#takeFirstClose(side, frame)
    } else if (frame.opcode === Opcode.ping) {
      // RFC 6455 §5.5.2: a pong is due, "unless it already received a Close frame". After the other side's own close frame, no
      // pong is expected.
      side.heartbeat.ping(frame, other.closedBy === undefined)
    }
  }

  #takeFirstClose(side: SideState, frame: DecodedFrame): void {
    const { firstPacket, lastPacket, time } = frame
    side.closedBy = frame.frame
    this.#otherOf(side).heartbeat.excuse(firstPacket)
    if (this.#firstClose === undefined || firstPacket < this.#firstClose.packet) {
      this.#firstClose = { from: side.from, packet: firstPacket, body: this.#closeBody(frame) }
    }
    if (this.#lastClose === undefined || lastPacket > this.#lastClose.released) {
      this.#lastClose = { released: lastPacket, time }
    }
  }

  /** The body of a close frame, kept until the end. Of one that is too long, the beginning if there is no room for more. */
  #closeBody(frame: DecodedFrame): CloseBody | undefined {
    const { budget } = this.#options
    const { payload, close } = frame
    budget.give(this.#closePaid)
    this.#closePaid = 0
    if (close === undefined || payload.length <= LONGEST_CLOSE) return close
    // Text has up to two bytes for one of the payload's.
    const cost = 2 * payload.length
    if (budget.take(cost)) {
      this.#closePaid = cost
      return close
    }
    this.#rules.reportLimit('waitingTotal', frame)
    return readCloseBody(surePayload(frame).subarray(0, LONGEST_CLOSE), false)
  }

  /** `side` has been read up to `packet`: pongs before it that match no ping of `side` were not asked for. */
  #judgePongs(side: SideState, packet: number): void {
    const { from } = this.#otherOf(side)
    for (const { pong, last } of side.heartbeat.unmatchedBefore(packet)) {
      if (last !== undefined) this.#rules.judgePong(pong, last, from)
    }
  }

  #takeData(side: SideState, frame: DecodedFrame): void {
    const { messages } = side
    const order = messages.orderOf(frame)
    if (order !== 'in-order') {
      this.#rules.judgeOrder(frame, order, messages.openedBy)
      if (order === 'expected-continuation') this.#takeMessage(side, messages.abandon())
    }
    this.#takeMessage(side, messages.add(frame))
  }

  /** Inflates a message and hands it on. Incomplete text is cut back to whole characters. */
  #takeMessage(side: SideState, joined: JoinedMessage | undefined): void {
    if (joined === undefined) return
    const { opcode, payload } = joined
    let inflated = joined.rsv1 ? side.inflation?.inflate(joined) : undefined
    let notCompressed = false
    if (inflated !== undefined && this.#rules.deflate === 'unknown') {
      if (inflated.fault === 'error' && inflated.cause === undefined) {
        notCompressed = true
        inflated = undefined
      } else if (joined.whole) {
        this.#rules.deflate = 'agreed'
      } else {
        inflated = { ...inflated, bytes: payload.subarray(0, 0) }
      }
    }
    if (!joined.rsv1 && joined.whole) side.inflation?.passBy(payload, joined.frames)
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
      from: side.from,
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
  #loseFrames(side: SideState, packet: number): void {
    this.#loseHeartbeats(side, packet)
    this.#takeMessage(side, side.messages.lose())
    side.inflation?.loseContext()
  }

  #loseHeartbeats(side: SideState, packet: number): void {
    side.heartbeat.losePings()
    this.#otherOf(side).heartbeat.forget(packet)
  }

  /** Reads what is left of a direction. A dropped connection has no end of its own, so one is made. */
  #finish(side: SideState): void {
    if (side.end === undefined) {
      this.push(side.from, {
        kind: 'end',
        reason: 'limit',
        released: this.#lastPacket,
        time: this.#lastTime,
      })
    }
    this.#active = side
    while (this.next());
    this.#takeMessage(side, side.messages.abandon())
    this.#judgePongs(side, Infinity)
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
      breaksRule: this.#rules.closingBreaksRule,
      initiator: this.#firstClose?.from ?? this.#firstEnd?.from ?? null,
      time: last.time,
      lastPacket: last.released,
    }
  }

  #otherOf(side: SideState): SideState {
    return side === this.#client ? this.#server : this.#client
  }
}
