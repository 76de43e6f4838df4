// Whose fault it is: every verdict on frames, messages and the end of a connection, as a finding with a sentence (RFC 6455 §5 and
// §7, RFC 7692 §6 and §7). Everything was decoded and handed on before it is judged, however illegal.
import { wordToHex } from '../base/bytes.ts'
import { type Emit, type FrameEvent, type MessageEvent, OPCODE_NAMES, Opcode } from '../base/events.ts'
import { type FindingCode, type FindingPlace, makeFinding } from '../base/findings.ts'
import type { Limits } from '../base/limits.ts'
import type { Side, Time } from '../base/stream.ts'
import { closeCodeFault } from './close.ts'
import type { Remainder, Resynchronized } from './decoded.ts'
import type { InflatedMessage } from './deflate.ts'
import type { Ping } from './heartbeat.ts'
import type { FragmentOrder, JoinedMessage } from './messages.ts'
import { utf8Fault } from './utf8.ts'
import {
  type Carrier,
  capitalize,
  countBytes,
  describeCut,
  nameCut,
  nameFrame,
  placeUtf8Fault,
  quoteBytes,
} from './wording.ts'

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
  /** The number of a frame; of a message, the numbers of its frames. */
  readonly frame?: number
  readonly frames?: readonly number[]
}

/** The verdicts on one connection. */
export class Rules {
  /** Whether RSV1 can mean compression: permessage-deflate was agreed on, was not, or that is unknown. */
  deflate: 'agreed' | 'none' | 'unknown'
  readonly #connection: number
  readonly #limits: Limits
  readonly #emit: Emit
  readonly #carrier: Carrier
  readonly #usedKey: UsedKey = { key: undefined, frame: 0, reported: false }

  constructor(
    connection: number,
    deflate: 'agreed' | 'none' | 'unknown',
    limits: Limits,
    emit: Emit,
    carrier: Carrier,
  ) {
    this.#connection = connection
    this.deflate = deflate
    this.#limits = limits
    this.#emit = emit
    this.#carrier = carrier
  }

  /** `closedBy`: the number of the close frame that the same side sent before. */
  judgeFrame(frame: FrameEvent, closedBy: number | undefined): void {
    const { opcode } = frame
    if (opcode > Opcode.pong || (opcode > Opcode.binary && opcode < Opcode.close)) {
      const kind = opcode < Opcode.close ? 'data' : 'control'
      this.#report('reserved-opcode', `Opcode ${opcode} is reserved for further ${kind} frames.`, frame)
    }
    if (frame.rsv1 || frame.rsv2 || frame.rsv3) this.#judgeReservedBits(frame)
    if (frame.from === 'client') {
      if (frame.maskingKey === undefined) {
        this.#report(
          'unmasked-client-frame',
          `The client sent ${nameFrame(frame)}, and without a mask.`,
          frame,
        )
      } else {
        this.#judgeKey(frame, frame.maskingKey)
      }
    } else if (frame.maskingKey !== undefined) {
      const message = `The server sent ${nameFrame(frame)}, masked with key ${wordToHex(frame.maskingKey)}.`
      this.#report('masked-server-frame', message, frame)
    }
    this.#judgeLength(frame)
    if (opcode >= Opcode.close) this.#judgeControl(frame)
    else if (closedBy !== undefined) {
      const message = `The ${frame.from} sent ${nameFrame(frame)} after its own close frame (frame ${closedBy}).`
      this.#report('data-after-close', message, frame)
    }
    if (frame.cutBy !== undefined)
      this.#report('incomplete-frame', describeCut(frame, frame.cutBy, this.#carrier), frame)
    if (frame.payload.length < frame.capturedLength) {
      this.#reportLimit(
        frame.payload.length < this.#limits.messageSize ? 'waitingTotal' : 'messageSize',
        frame,
      )
    }
  }

  /** `openedBy`: the number of the frame that started the open message. */
  judgeOrder(frame: FrameEvent, order: FragmentOrder, openedBy: number | undefined): void {
    if (order === 'unexpected-continuation') {
      this.#report(order, `${capitalize(nameFrame(frame))} came while no fragmented message was open.`, frame)
    } else if (order === 'expected-continuation') {
      const message = `${capitalize(nameFrame(frame))} came before the last fragment of the message that frame ${openedBy} had started.`
      this.#report(order, message, frame)
    }
  }

  /** A message that was just handed on. `joined`: as its frames brought it. `inflated`: undefined if it was not compressed. */
  judgeMessage(message: MessageEvent, joined: JoinedMessage, inflated: InflatedMessage | undefined): void {
    if (joined.cutByLimit !== undefined) this.#reportLimit(joined.cutByLimit, message)
    if (inflated?.fault === 'error') {
      this.#report('inflate-error', `The compressed message does not inflate: ${inflated.reason}.`, message)
    } else if (inflated?.fault === 'context') {
      const known =
        message.length === 0
          ? 'No byte of the message is sure'
          : `Only the first ${countBytes(message.length)} of the message are sure`
      const why = inflated.reason ?? 'it refers back to bytes before it that are lost'
      this.#report('inflate-context-lost', `${known}: ${why}.`, message)
    } else if (inflated?.fault === 'limit') {
      const limit = this.#limits.inflateSize
      const sentence = `The message's ${countBytes(message.wireLength)} inflate to more than ${countBytes(limit)} (limit inflateSize); it ends there.`
      this.#report('limit-reached', sentence, message)
    }
    // On a message that is not compressed the meaning of RSV1 is unknown; it was judged on the frame.
    if (message.opcode !== Opcode.text || (joined.rsv1 && !message.compressed)) return
    if (message.data !== undefined && !message.isText) {
      const where = placeUtf8Fault(message.data, utf8Fault(message.data)!)
      this.#report('invalid-utf8', `The text message is not UTF-8: ${where}.`, message)
    }
  }

  /** RSV1 of a message that turned out not to be compressed, on a connection whose extensions are unknown. */
  judgeNotCompressed(message: MessageEvent): void {
    const sentence = `RSV1 is set on a ${OPCODE_NAMES[message.opcode]} message that does not inflate; no extension is known that gives it a meaning.`
    this.#report('rsv-without-extension', sentence, message, message.frames[0])
  }

  /** A pong whose payload matches no ping that waited; `last` is the last of those pings. */
  judgePong(pong: Ping, last: Ping, from: Side): void {
    const sentence = `The pong's payload ${quoteBytes(pong.payload)} is that of no ping that waits for its answer; the last one, frame ${last.frame}, has ${quoteBytes(last.payload)}.`
    this.#report('unsolicited-pong-payload', sentence, { ...pong, from })
  }

  /** Pings without an answer when the connection was closed. */
  judgeUnanswered(pings: readonly Ping[], from: Side): void {
    const other = from === 'client' ? 'server' : 'client'
    for (const ping of pings) {
      const sentence = `The ${other} had not answered the ${from}'s ping with payload ${quoteBytes(ping.payload)} when the connection was closed.`
      this.#report('unanswered-ping', sentence, { ...ping, from })
    }
  }

  /** TCP ended, and neither side had sent a close frame. */
  judgeNoClose(
    by: 'tcp-fin' | 'tcp-reset',
    initiator: Side | null,
    packet: number,
    time: Time | undefined,
  ): void {
    const isTcp = this.#carrier === 'TCP connection'
    const end =
      by === 'tcp-fin'
        ? `The ${initiator} ended the ${this.#carrier}${isTcp ? ' (FIN)' : ''}`
        : `The ${this.#carrier} was reset${isTcp ? ' (RST)' : ''}`
    this.#report('no-close-frame', `${end}, and neither side had sent a close frame.`, {
      from: initiator ?? undefined,
      firstPacket: packet,
      lastPacket: packet,
      time,
    })
  }

  /** Frames are sure again after a hole, or from some offset of a stream that was captured from the middle. */
  reportResynchronized({ passedOver, offset, confidence, packet, time }: Resynchronized, from: Side): void {
    const passed =
      passedOver === 0 ? 'no byte was' : passedOver === 1 ? '1 byte was' : `${passedOver} bytes were`
    const sentence = `Frames of the ${from} are sure from byte ${offset} of its stream on (confidence ${confidence.toFixed(3)}); ${passed} passed over.`
    this.#report('resynchronized', sentence, { from, firstPacket: packet, lastPacket: packet, time })
  }

  /** Bytes that belong to no frame. */
  reportRemainder({ what, offset, length, cutBy, packet, time }: Remainder, from: Side): void {
    const sentence =
      what === 'header'
        ? `${nameCut(cutBy, from, this.#carrier)} after ${countBytes(length)} of a frame's header, at byte ${offset} of the ${from}'s stream.`
        : `${capitalize(countBytes(length))} from byte ${offset} of the ${from}'s stream on belong to no frame that is sure.`
    this.#report('incomplete-frame', sentence, { from, firstPacket: packet, lastPacket: packet, time })
  }

  #judgeReservedBits(frame: FrameEvent): void {
    const { opcode, rsv1, rsv2, rsv3 } = frame
    const alone = rsv1 && this.deflate === 'none'
    const set = [alone ? 'RSV1' : '', rsv2 ? 'RSV2' : '', rsv3 ? 'RSV3' : ''].filter((bit) => bit !== '')
    if (set.length > 0) {
      const sentence = `${set.join(' and ')} ${set.length > 1 ? 'are' : 'is'} set on ${nameFrame(frame)}, and no extension gives ${set.length > 1 ? 'them' : 'it'} a meaning.`
      this.#report('rsv-without-extension', sentence, frame)
    }
    if (!rsv1 || alone) return
    if (opcode >= Opcode.close) {
      this.#report(
        'rsv1-on-control',
        `RSV1 is set on ${nameFrame(frame)}; control frames are never compressed.`,
        frame,
      )
    } else if (opcode === Opcode.continuation) {
      const sentence = `RSV1 is set on ${nameFrame(frame)}; a compressed message has it on its first frame only.`
      this.#report('rsv1-on-continuation', sentence, frame)
    }
  }

  /** RFC 6455 §10.3: keys must be unpredictable. By chance, a key comes twice in a row once in 4 294 967 296 frames. */
  #judgeKey(frame: FrameEvent, key: number): void {
    if (frame.payloadLength === 0) return
    const used = this.#usedKey
    if (key === 0) {
      this.#report(
        'zero-masking-key',
        `The masking key is 00000000: ${nameFrame(frame)} goes out as it is.`,
        frame,
      )
    } else if (key === used.key) {
      if (!used.reported) {
        const sentence = `The masking key ${wordToHex(key)} is that of the client's frame ${used.frame} before; every frame needs a new, unpredictable one.`
        this.#report('repeated-masking-key', sentence, frame)
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
      const fewer = payloadLength < 126 ? 7 : 16
      const sentence = `The length ${payloadLength} is encoded in ${lengthBytes * 8} bits, where ${fewer} are enough.`
      this.#report('non-minimal-length', sentence, frame)
    } else if (payloadLength >= 2 ** 63) {
      const sentence = `The length ${payloadLength} has the most significant of its 64 bits set, which must be 0.`
      this.#report('length-high-bit', sentence, frame)
    }
  }

  #judgeControl(frame: FrameEvent): void {
    if (frame.payloadLength > 125) {
      const sentence = `${capitalize(nameFrame(frame))}: control frames hold 125 at most.`
      this.#report('control-frame-too-long', sentence, frame)
    }
    if (!frame.fin) {
      this.#report(
        'fragmented-control-frame',
        `FIN is 0 on ${nameFrame(frame)}; control frames must not be fragmented.`,
        frame,
      )
    }
    if (frame.opcode !== Opcode.close) return
    if (frame.payloadLength === 1) {
      const sentence =
        'The body of the close frame is 1 byte long; it is empty, or starts with a status code of 2 bytes.'
      this.#report('close-body-too-short', sentence, frame)
    }
    if (frame.close === undefined) return
    const codeFault = closeCodeFault(frame.close.code)
    if (codeFault !== undefined) {
      this.#report('invalid-close-code', `The close code ${frame.close.code} ${codeFault}.`, frame)
    }
    if (frame.cutBy !== undefined || frame.payload.length < frame.capturedLength) return
    const reason = frame.payload.subarray(2)
    const fault = utf8Fault(reason)
    if (fault === undefined) return
    this.#report(
      'invalid-close-reason',
      `The close reason is not UTF-8: ${placeUtf8Fault(reason, fault)}.`,
      frame,
    )
  }

  #reportLimit(limit: 'messageSize' | 'waitingTotal', place: FrameEvent | MessageEvent): void {
    const what = place.type === 'frame' ? nameFrame(place) : `the message of ${countBytes(place.wireLength)}`
    const sentence =
      limit === 'messageSize'
        ? `Of ${what}, the first ${countBytes(this.#limits.messageSize)} are kept (limit messageSize).`
        : `The rest of ${what} was not kept: too much was held back over all connections (limit waitingTotal).`
    this.#report('limit-reached', sentence, place)
  }

  #report(code: FindingCode, sentence: string, at: Place, frame = at.frame ?? at.frames?.at(-1)): void {
    const { from, firstPacket, lastPacket, time } = at
    const place: FindingPlace = { connection: this.#connection, frame, from, firstPacket, lastPacket }
    this.#emit(makeFinding(code, sentence, place, time))
  }
}
