// Whose fault it is: every verdict on frames, messages and the end of a connection, as findings with their values. What is judged was
// decoded and handed on before, however illegal. RFC 6455 §5 and §7, RFC 7692 §6 and §7.
import { toHex, wordToHex } from '../base/bytes.ts'
import { type Emit, type FrameEvent, type MessageEvent, Opcode } from '../base/events.ts'
import type {
  Carrier,
  IncompleteFrame,
  LimitedPart,
  NamedFrame,
  ReservedBit,
  ShownPayload,
  Utf8Place,
} from '../base/finding-values.ts'
import {
  FINDINGS,
  type FindingCode,
  type FindingPlace,
  type FindingValues,
  makeFinding,
} from '../base/findings.ts'
import type { Limits } from '../base/limits.ts'
import type { Side, Time } from '../base/stream.ts'
import { Blame } from './blame.ts'
import { inflatesTo } from './causes/windows.ts'
import type { Surroundings } from './causes.ts'
import { closeCodeFault } from './close.ts'
import type { Remainder, Resynchronized } from './decoded.ts'
import type { InflatedMessage } from './deflate.ts'
import type { Ping } from './heartbeat.ts'
import type { FragmentOrder, JoinedMessage } from './messages.ts'
import { type Utf8Fault, utf8Fault } from './utf8.ts'

/** Holes of a frame's payload that are named one by one. */
const MOST_HOLES = 4
/** Bytes of a ping or pong that are shown. */
const SHOWN_PAYLOAD = 16

/** A masking key as it was last used. */
interface UsedKey {
  key: number | undefined
  frame: number
  /** True if a finding already says that this key is used again. */
  reported: boolean
}

/** Where the subject of a finding is. */
interface Place {
  readonly from: Side | undefined
  readonly firstPacket: number
  readonly lastPacket: number
  readonly time: Time | undefined
  readonly opcode?: number
  /** The number of a frame; of a message, the numbers of its frames. */
  readonly frame?: number
  readonly frames?: readonly number[]
}

/** The verdicts on one connection. */
export class Rules {
  /** Whether RSV1 can mean compression: permessage-deflate was agreed on, was not, or that is unknown. */
  deflate: 'agreed' | 'none' | 'unknown'
  /** Whether a close frame, or data after one, broke a rule so far. */
  closingBreaksRule = false
  readonly #connection: number
  readonly #limits: Limits
  readonly #carrier: Carrier
  #hasAssumed = false
  readonly #usedKey: UsedKey = { key: undefined, frame: 0, reported: false }
  readonly #blame: Blame

  /** `around`: what is around the frame of a side that was decoded last. */
  constructor(
    connection: number,
    deflate: 'agreed' | 'none' | 'unknown',
    limits: Limits,
    emit: Emit,
    carrier: Carrier,
    around: (from: Side) => Surroundings,
  ) {
    this.#connection = connection
    this.deflate = deflate
    this.#limits = limits
    this.#carrier = carrier
    this.#blame = new Blame(emit, (from) => ({
      ...around(from),
      rsv1Allowed: this.deflate !== 'none',
      peerKey: this.#usedKey,
    }))
  }

  /** `closedBy`: the number of the close frame that the same side sent before. */
  judgeFrame(frame: FrameEvent, closedBy: number | undefined): void {
    const { opcode } = frame
    this.#blame.frame = frame
    if (opcode > Opcode.pong || (opcode > Opcode.binary && opcode < Opcode.close)) {
      this.#report('reserved-opcode', { opcode }, frame)
    }
    if (frame.rsv1 || frame.rsv2 || frame.rsv3) this.#judgeReservedBits(frame)
    if (frame.from === 'client') {
      if (frame.maskingKey === undefined) {
        this.#report('unmasked-client-frame', named(frame), frame)
      } else {
        this.#judgeKey(frame, frame.maskingKey)
      }
    } else if (frame.maskingKey !== undefined) {
      const values = { ...named(frame), maskingKey: wordToHex(frame.maskingKey) }
      this.#report('masked-server-frame', values, frame)
    }
    this.#judgeLength(frame)
    if (opcode >= Opcode.close) this.#judgeControl(frame)
    else if (closedBy !== undefined) {
      this.#report('data-after-close', { ...named(frame), from: frame.from, closedBy }, frame)
    }
    if (frame.cutBy !== undefined)
      this.#report('incomplete-frame', cutFrame(frame, frame.cutBy, this.#carrier), frame)
    if (frame.payload.length < frame.capturedLength) {
      this.reportLimit(
        frame.payload.length < this.#limits.messageSize ? 'waitingTotal' : 'messageSize',
        frame,
      )
    }
  }

  /** `openedBy`: the number of the frame that started the open message. */
  judgeOrder(frame: FrameEvent, order: FragmentOrder, openedBy: number | undefined): void {
    if (order === 'unexpected-continuation') {
      this.#report(order, named(frame), frame)
    } else if (order === 'expected-continuation') {
      this.#report(order, { ...named(frame), from: frame.from, openedBy: openedBy! }, frame)
    }
  }

  /** A message that was just handed on. `joined`: as its frames brought it. `inflated`: undefined if it was not compressed. */
  judgeMessage(message: MessageEvent, joined: JoinedMessage, inflated: InflatedMessage | undefined): void {
    if (joined.cutByLimit !== undefined) this.reportLimit(joined.cutByLimit, message)
    if (inflated?.exceeded !== undefined) this.#report('window-exceeded', inflated.exceeded, message)
    if (inflated?.fault === 'error') {
      const { reason, cause = null } = inflated
      this.#report('inflate-error', { reason: reason!, cause }, message)
    } else if (inflated?.fault === 'context') {
      const values = { length: message.length, reason: inflated.reason ?? null }
      this.#report('inflate-context-lost', values, message, undefined, { ofPeer: inflated.lostBySender })
    } else if (inflated?.fault === 'limit') {
      const what = inflated.reason === 'inflateRatio' ? 'inflateRatio' : 'inflateSize'
      const { wireLength } = message
      this.#report('limit-reached', { what, wireLength, limit: this.#limits[what] }, message)
    }
    // On a message that is not compressed the meaning of RSV1 is unknown; it was judged on the frame.
    if (message.opcode !== Opcode.text || (joined.rsv1 && !message.compressed)) return
    if (message.data !== undefined && !message.isText) {
      const fault = utf8Fault(message.data)!
      const isOfFrame = message.frames.length === 1 && !message.compressed
      const place = utf8Place(message.data, fault)
      this.#report('invalid-utf8', place, message, undefined, isOfFrame ? { utf8Fault: fault } : {})
    }
  }

  /** The frame that was judged last, its message included, is done with: its bytes may go. */
  endFrame(): void {
    this.#blame.frame = undefined
  }

  /** RSV1 of a message that turned out not to be compressed, on a connection whose extensions are unknown. */
  judgeNotCompressed(message: MessageEvent): void {
    const values = { what: 'message', bits: ['RSV1'], opcode: message.opcode } as const
    this.#report('rsv-without-extension', values, message, message.frames[0])
  }

  /** A pong whose payload matches no ping that waited; `last` is the last of those pings. */
  judgePong(pong: Ping, last: Ping | undefined, from: Side): void {
    const ping = last === undefined ? null : { frame: last.frame, ...shownPayload(last) }
    this.#report('unsolicited-pong-payload', { from, ...shownPayload(pong), ping }, { ...pong, from })
  }

  /** Pings without an answer when the connection was closed. */
  judgeUnanswered(pings: readonly Ping[], from: Side): void {
    for (const ping of pings)
      this.#report('unanswered-ping', { from, ...shownPayload(ping) }, { ...ping, from })
  }

  /** TCP ended, and neither side had sent a close frame. */
  judgeNoClose(
    by: 'tcp-fin' | 'tcp-reset',
    initiator: Side | null,
    packet: number,
    time: Time | undefined,
  ): void {
    const how = by === 'tcp-fin' ? 'fin' : 'reset'
    this.#report(
      'no-close-frame',
      { by: how, from: initiator, carrier: this.#carrier },
      {
        from: initiator ?? undefined,
        firstPacket: packet,
        lastPacket: packet,
        time,
      },
    )
  }

  /** Frames are sure again after a hole, or from some offset of a stream that was captured from the middle. */
  reportResynchronized({ passedOver, offset, confidence, packet, time }: Resynchronized, from: Side): void {
    const place = { from, firstPacket: packet, lastPacket: packet, time }
    this.#report('resynchronized', { from, offset, confidence, passedOver }, place)
  }

  /** The first captured segment of a side is taken for the start of a frame because the user says so. Reported once. */
  reportAssumed({ packet, time }: Resynchronized): void {
    if (this.#hasAssumed) return
    this.#hasAssumed = true
    const place = { from: undefined, firstPacket: packet, lastPacket: packet, time }
    this.#report('frames-assumed', {}, place)
  }

  /** Bytes that belong to no frame. */
  reportRemainder({ what, offset, length, cutBy, packet, time }: Remainder, from: Side): void {
    const values =
      what === 'header'
        ? { what, from, length, offset, cutBy, carrier: this.#carrier }
        : { what, from, length, offset }
    this.#report('incomplete-frame', values, { from, firstPacket: packet, lastPacket: packet, time })
  }

  #judgeReservedBits(frame: FrameEvent): void {
    const { opcode, rsv1, rsv2, rsv3 } = frame
    const alone = rsv1 && this.deflate === 'none'
    const bits: ReservedBit[] = []
    if (alone) bits.push('RSV1')
    if (rsv2) bits.push('RSV2')
    if (rsv3) bits.push('RSV3')
    if (bits.length > 0) {
      const tried = alone && isWholeMessage(frame) && !this.#blame.hasFault(frame.from)
      const inflates = tried ? (inflatesTo(frame.payload, opcode) ?? null) : null
      const values = { what: 'frame', bits, inflatesTo: inflates, ...named(frame) } as const
      this.#report('rsv-without-extension', values, frame)
    }
    if (!rsv1 || alone) return
    if (opcode >= Opcode.close) {
      this.#report('rsv1-on-control', named(frame), frame)
    } else if (opcode === Opcode.continuation) {
      this.#report('rsv1-on-continuation', named(frame), frame)
    }
  }

  /** RFC 6455 §10.3: keys must be unpredictable. By chance, a key comes twice in a row once in 4 294 967 296 frames. */
  #judgeKey(frame: FrameEvent, key: number): void {
    if (frame.payloadLength === 0) return
    const used = this.#usedKey
    if (key === 0) {
      this.#report('zero-masking-key', named(frame), frame)
    } else if (key === used.key) {
      if (!used.reported) {
        this.#report('repeated-masking-key', { maskingKey: wordToHex(key), usedBy: used.frame }, frame)
      }
      used.reported = true
      used.frame = frame.frame
      return
    }
    used.key = key
    used.frame = frame.frame
    used.reported = false
  }

  #judgeLength(frame: FrameEvent): void {
    const { payloadLength, headerLength, masked } = frame
    const lengthBytes = headerLength - (masked ? 6 : 2)
    if (lengthBytes === 0) return
    if (payloadLength < (lengthBytes === 2 ? 126 : 65_536)) {
      const enough = payloadLength < 126 ? 7 : 16
      const values = { payloadLength: Number(payloadLength), bits: lengthBytes * 8, enough }
      this.#report('non-minimal-length', values, frame)
    } else if (payloadLength >= 2 ** 63) {
      this.#report('length-high-bit', { payloadLength: payloadLength.toString() }, frame)
    }
  }

  #judgeControl(frame: FrameEvent): void {
    if (frame.payloadLength > 125) {
      this.#report('control-frame-too-long', named(frame), frame)
    }
    if (!frame.fin) {
      this.#report('fragmented-control-frame', named(frame), frame)
    }
    if (frame.opcode !== Opcode.close) return
    if (frame.payloadLength === 1) {
      this.#report('close-body-too-short', {}, frame)
    }
    if (frame.close === undefined) return
    const codeFault = closeCodeFault(frame.close.code)
    if (codeFault !== undefined) {
      this.#report('invalid-close-code', { code: frame.close.code, fault: codeFault }, frame)
    }
    if (frame.cutBy !== undefined || frame.payload.length < frame.capturedLength) return
    const reason = frame.payload.subarray(2)
    const fault = utf8Fault(reason)
    if (fault === undefined) return
    this.#report('invalid-close-reason', utf8Place(reason, fault), frame)
  }

  /** A limit cut what is kept of a frame or a message. */
  reportLimit(limit: 'messageSize' | 'waitingTotal', place: FrameEvent | MessageEvent): void {
    const of: LimitedPart = place.type === 'frame' ? named(place) : { wireLength: place.wireLength }
    const values =
      limit === 'messageSize'
        ? ({ what: limit, of, limit: this.#limits.messageSize } as const)
        : ({ what: limit, of } as const)
    this.#report('limit-reached', values, place)
  }

  #report<Code extends FindingCode>(
    code: Code,
    values: FindingValues<Code>,
    at: Place,
    frame = at.frame ?? at.frames?.at(-1),
    {
      utf8Fault,
      ofPeer = false,
    }: { readonly utf8Fault?: Utf8Fault; readonly ofPeer?: boolean | undefined } = {},
  ): void {
    const { from, firstPacket, lastPacket, time } = at
    const place: FindingPlace = { connection: this.#connection, frame, from, firstPacket, lastPacket }
    const made = makeFinding(code, values, place, time)
    const finding = ofPeer ? { ...made, severity: FINDINGS['inflate-context-lost'].ofPeer! } : made
    if (finding.severity === 'violation' && (at.opcode === Opcode.close || code === 'data-after-close'))
      this.closingBreaksRule = true
    this.#blame.report(finding, utf8Fault)
  }
}

/** Whether a frame is a message, and all of it is there. */
function isWholeMessage({ opcode, fin, cutBy, payload, capturedLength }: FrameEvent): boolean {
  const isData = opcode === Opcode.text || opcode === Opcode.binary
  return isData && fin && cutBy === undefined && payload.length === capturedLength
}

function named({ opcode, payloadLength }: FrameEvent): NamedFrame {
  return { opcode, payloadLength: typeof payloadLength === 'bigint' ? `${payloadLength}` : payloadLength }
}

function shownPayload({ payload }: Ping): ShownPayload {
  return {
    payload: toHex(payload, '', 0, Math.min(payload.length, SHOWN_PAYLOAD)),
    payloadLength: payload.length,
  }
}

function utf8Place(bytes: Uint8Array, { validLength, offset }: Utf8Fault): Utf8Place {
  if (offset === bytes.length) return { what: 'endsInside', start: validLength }
  const byte = toHex(bytes, '', offset, offset + 1)
  if (offset === validLength) return { what: 'cannotStart', offset, byte }
  return { what: 'cannotFollow', offset, byte, after: toHex(bytes, '', validLength, offset) }
}

/** What of a frame's payload is missing. */
function cutFrame(
  frame: FrameEvent,
  cutBy: NonNullable<FrameEvent['cutBy']>,
  carrier: Carrier,
): IncompleteFrame {
  const { from, capturedLength, holes = [] } = frame
  const shown = holes.slice(0, MOST_HOLES)
  const moreHoles = holes.length - shown.length
  return { what: 'frame', from, ...named(frame), capturedLength, cutBy, carrier, holes: shown, moreHoles }
}
