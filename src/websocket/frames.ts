// One direction of a WebSocket connection: stream items in, frames out, however illegal (RFC 6455 §5.2). A hole inside a payload
// leaves a hole in that frame; a hole that hides a header makes the decoder look for the next sure frame (resynchronization.ts).
import { NO_BYTES, viewOf } from '../base/bytes.ts'
import type { Budget, Limits } from '../base/limits.ts'
import { Queue } from '../base/queue.ts'
import { type Gap, type Side, type StreamEnd, type StreamItem, type Time, turnOf } from '../base/stream.ts'
import type { SegmentPlace, Surroundings } from './causes.ts'
import type { Decoded, DecodedFrame, Remainder } from './decoded.ts'
import { FrameHistory } from './frame-history.ts'
import { emptyHeader, LONGEST_HEADER, readHeader } from './header.ts'
import { unmask } from './mask.ts'
import { PayloadAssembly } from './payload.ts'
import { Resynchronization } from './resynchronization.ts'
import { SegmentPattern } from './segment-pattern.ts'
import { SegmentTrace } from './segment-trace.ts'
import type { FirstByte } from './tiled-frames.ts'

/** Whose frames they are, and what is known of them before the first byte. */
export interface FrameDecoderOptions {
  readonly connection: number
  readonly from: Side
  readonly limits: Limits
  readonly budget: Budget
  /** True if permessage-deflate was agreed on, or if that is unknown. Matters only for resynchronisation. */
  readonly rsv1Allowed: boolean
  /** True if the first byte need not start a frame: resynchronise first. */
  readonly midstream: boolean
  /** In mid-stream: whether a frame may start with the first captured byte. Undefined: no more likely than elsewhere. */
  readonly firstByte?: FirstByte | undefined
  /** Whether frames say which packets brought which of their bytes. */
  readonly traceSegments?: boolean | undefined
  /** True if `from` is a guess: what looks like masked frames may be a recording in the payloads of a server. */
  readonly sideIsGuess?: boolean
}

const HEADER = 0
const PAYLOAD = 1
const SEARCH = 2

/** Starts of segments that are remembered within one frame, at least. */
const SEGMENTS_KEPT = 256

/** Frames of one direction, pulled one at a time: push an item, then call `next` until it returns undefined, then push again. */
export class FrameDecoder {
  /** True if something was lost since the last whole frame, perhaps other frames. */
  hasLost = false
  readonly #options: FrameDecoderOptions
  readonly #segments = new SegmentPattern()
  readonly #trace: SegmentTrace | undefined
  readonly #header = emptyHeader()
  #state: typeof HEADER | typeof PAYLOAD | typeof SEARCH = HEADER

  /** The chunk at hand, and how far it is read. */
  #bytes = NO_BYTES
  #start = 0
  #at = 0
  #end = 0
  #packet = 0
  #released = 0
  #time: Time | undefined = undefined
  /** Where in the stream `#at` is. */
  #offset = 0
  /** The gap or the end at hand. */
  #stop: Gap | StreamEnd | undefined = undefined
  /** Items that a search went through and that are decoded again, and the bytes of the budget that they hold. */
  readonly #replay = new Queue<StreamItem>()
  #replayHeld = 0
  #isReplaying = false
  #search: Resynchronization | undefined = undefined

  /** First bytes of a header that goes on in the next chunk. */
  #headerBytes: Uint8Array | undefined = undefined
  #headerSeen = 0
  /** Of the frame at hand. */
  #frameOffset = 0
  #firstPacket = 0
  /** Payload bytes still to come; Infinity for a length past 2^53-1, which no stream reaches. */
  #remaining = 0
  #payload: PayloadAssembly | undefined = undefined
  /** Where segments start within it, once there are several. */
  #starts: SegmentPlace[] | undefined = undefined
  /** Where the frame before it starts. */
  #previousOffset = 0
  readonly #history: FrameHistory

  constructor(options: FrameDecoderOptions) {
    this.#options = options
    this.#history = new FrameHistory(options.from === 'client', options.sideIsGuess === true)
    this.#trace = options.traceSegments ? new SegmentTrace() : undefined
    if (options.midstream) this.#startSearch(options.firstByte)
  }

  /** Whether it looks for the next frame: what it is given yields none until the search is over. */
  get isSearching(): boolean {
    return this.#state === SEARCH
  }

  /** Whether it holds bytes back that may still turn out to be frames. */
  get isHolding(): boolean {
    return this.#search?.hasBytes === true
  }

  /** The turn (`turnOf`) of what `next` reads next, if `hasMore`. */
  get nextTurn(): number {
    if (this.#at < this.#end) return this.#released
    const item = this.#stop ?? this.#replay.first
    return item === undefined ? 0 : turnOf(item)
  }

  /**
   * Whether `next` may find more in what was pushed. Most chunks hold one frame, and to call `next` once more after it takes as
   * long as to decode it.
   */
  get hasMore(): boolean {
    return this.#at < this.#end || this.#stop !== undefined || this.#isReplaying
  }

  /**
   * Takes the next item of the stream. Its bytes must stay valid until `hasMore` is false after a frame, or `next` has returned
   * undefined.
   */
  push(item: StreamItem): void {
    if (item.kind === 'chunk') {
      this.#bytes = item.bytes
      this.#start = this.#at = item.start
      this.#end = item.end
      this.#packet = item.packet
      this.#released = item.released
      this.#time = item.time
      if (this.#state === SEARCH) this.#search!.push(item)
      else if (item.segmentStart) this.#segments.start(item.end - item.start)
      else this.#segments.grow(item.end - item.start)
      if (this.#state === PAYLOAD && item.segmentStart) this.#addStart()
      if (this.#trace !== undefined && this.#state !== SEARCH)
        this.#trace.add(item.packet, this.#offset, item.end - item.start)
    } else {
      this.#stop = item
    }
  }

  /** The next frame, or what was found in its place; undefined if more has to be pushed first. */
  next(): Decoded | undefined {
    for (;;) {
      let decoded: Decoded | undefined
      if (this.#at < this.#end) {
        decoded =
          this.#state === HEADER
            ? this.#readHeader()
            : this.#state === PAYLOAD
              ? this.#readPayload()
              : this.#passOver()
      } else if (this.#stop !== undefined) {
        const stop = this.#stop
        this.#stop = undefined
        decoded = stop.kind === 'gap' ? this.#gap(stop) : this.#streamEnd(stop)
      } else {
        const item = this.#replay.shift()
        if (item === undefined) return this.#endReplay()
        this.push(item)
      }
      if (decoded !== undefined) return decoded
    }
  }

  /** What is around the frame that `next` returned last, until the next item is pushed. */
  get surroundings(): Surroundings {
    const offset = this.#offset
    const chunkOffset = offset - this.#at + this.#start
    return {
      rest: viewOf(this.#bytes, this.#at, this.#end),
      previous:
        this.#previousOffset >= chunkOffset
          ? viewOf(
              this.#bytes,
              this.#start + this.#previousOffset - chunkOffset,
              this.#start + this.#frameOffset - chunkOffset,
            )
          : NO_BYTES,
      segments: this.#starts?.filter((place) => place.offset > this.#frameOffset) ?? [],
    }
  }

  #addStart(): void {
    this.#starts ??= []
    if (this.#starts.length === 2 * SEGMENTS_KEPT) this.#starts.splice(0, SEGMENTS_KEPT)
    this.#starts.push({ offset: this.#offset, packet: this.#packet })
  }

  #readHeader(): DecodedFrame | undefined {
    if (this.#headerSeen > 0) return this.#continueHeader()
    const header = this.#header
    const bytes = this.#bytes
    const at = this.#at
    const end = this.#end
    this.#previousOffset = this.#frameOffset
    this.#frameOffset = this.#offset
    this.#firstPacket = this.#packet
    if (!readHeader(header, bytes, at, end)) {
      this.#headerBytes ??= new Uint8Array(LONGEST_HEADER)
      this.#headerBytes.set(bytes.subarray(at, end))
      this.#headerSeen = end - at
      this.#advance(end - at)
      return undefined
    }
    const { headerLength, payloadLength } = header
    const payloadAt = at + headerLength
    if (!(payloadLength <= end - payloadAt)) {
      this.#advance(headerLength)
      return this.#startPayload()
    }
    const length = payloadLength as number
    this.#advance(headerLength + length)
    const keptTo = payloadAt + Math.min(length, this.#options.limits.messageSize)
    const payload =
      header.maskingKey !== undefined
        ? unmask(bytes, payloadAt, keptTo, header.maskingKey, 0)
        : length === 0
          ? NO_BYTES
          : viewOf(bytes, payloadAt, keptTo)
    return this.#frame(payload, length, undefined, undefined, this.#released, this.#time)
  }

  #continueHeader(): DecodedFrame | undefined {
    const headerBytes = this.#headerBytes!
    const seen = this.#headerSeen
    const more = Math.min(LONGEST_HEADER - seen, this.#end - this.#at)
    for (let i = 0; i < more; i++) headerBytes[seen + i] = this.#bytes[this.#at + i]!
    if (!readHeader(this.#header, headerBytes, 0, seen + more)) {
      this.#headerSeen = seen + more
      this.#advance(more)
      return undefined
    }
    this.#headerSeen = 0
    this.#advance(this.#header.headerLength - seen)
    return this.#startPayload()
  }

  #startPayload(): DecodedFrame | undefined {
    const { payloadLength } = this.#header
    if (payloadLength === 0) return this.#frame(NO_BYTES, 0, undefined, undefined, this.#released, this.#time)
    this.#remaining = typeof payloadLength === 'number' ? payloadLength : Infinity
    this.#payload ??= new PayloadAssembly(this.#options.budget, this.#options.limits.messageSize)
    this.#payload.start(this.#remaining)
    this.#starts = undefined
    this.#state = PAYLOAD
    return undefined
  }

  #readPayload(): DecodedFrame | undefined {
    const length = Math.min(this.#remaining, this.#end - this.#at)
    this.#payload!.add(this.#bytes, this.#at, this.#at + length)
    this.#remaining -= length
    this.#advance(length)
    if (this.#remaining > 0) return undefined
    return this.#finishPayload(
      this.#payload!.holes === undefined ? undefined : 'gap',
      this.#released,
      this.#time,
    )
  }

  #finishPayload(cutBy: DecodedFrame['cutBy'], packet: number, time: Time | undefined): DecodedFrame {
    const payload = this.#payload!
    const { captured, holes } = payload
    this.#state = HEADER
    return this.#frame(payload.finish(this.#header.maskingKey), captured, holes, cutBy, packet, time)
  }

  /** A hole in a payload, or over headers. */
  #gap(gap: Gap): Decoded | undefined {
    this.#offset += gap.length
    this.hasLost = true
    if (this.#state === SEARCH) {
      this.#search!.push(gap)
      return this.#checkSearch(gap.released, gap.time)
    }
    if (gap.reason === 'snapped') this.#segments.grow(gap.length)
    else this.#segments.miss(gap.length)
    let hidden = gap.length
    let cut: Decoded | undefined
    if (this.#state === PAYLOAD) {
      const lost = Math.min(gap.length, this.#remaining)
      this.#payload!.addHole(lost)
      this.#remaining -= lost
      hidden -= lost
      if (this.#remaining === 0 || gap.isEstimate === true)
        cut = this.#finishPayload('gap', gap.released, gap.time)
    } else {
      cut = this.#cutHeader('gap', this.#offset - gap.length, gap.released, gap.time)
    }
    if (hidden > 0 || gap.isEstimate === true) this.#startSearch()
    return cut
  }

  #streamEnd(end: StreamEnd): Decoded | undefined {
    if (this.#state === SEARCH) {
      this.#search!.push(end)
      return this.#checkSearch(end.released, end.time)
    }
    if (this.#state === PAYLOAD) return this.#finishPayload(end.reason, end.released, end.time)
    return this.#cutHeader(end.reason, this.#offset, end.released, end.time)
  }

  /** What is left of a header whose next byte, at `offset` of the stream, does not come. */
  #cutHeader(
    cutBy: Remainder['cutBy'],
    offset: number,
    packet: number,
    time: Time | undefined,
  ): Remainder | undefined {
    const length = this.#headerSeen
    if (length === 0) return undefined
    this.#headerSeen = 0
    return { type: 'remainder', what: 'header', offset: offset - length, length, cutBy, packet, time }
  }

  #startSearch(firstByte?: FirstByte): void {
    const { limits, budget, rsv1Allowed } = this.#options
    this.#state = SEARCH
    this.#search = new Resynchronization({
      history: this.#history,
      rsv1Allowed,
      firstByte,
      offset: this.#offset,
      segments: this.#segments,
      windowLimit: limits.waitingPerStream,
      budget,
    })
  }

  /** The search has taken the chunk. */
  #passOver(): Decoded | undefined {
    this.#advance(this.#end - this.#at)
    return this.#checkSearch(this.#released, this.#time)
  }

  /** The search's result, if there is one; if it found a frame, decoding starts again there. */
  #checkSearch(packet: number, time: Time | undefined): Decoded | undefined {
    const result = this.#search!.result
    if (result === undefined) return undefined
    this.#search = undefined
    this.#state = HEADER
    if (result.found === undefined) {
      const { offset, passedOver: length } = result
      if (length === 0) return undefined
      return { type: 'remainder', what: 'unsynchronized', offset, length, cutBy: 'gap', packet, time }
    }
    const { offset, confidence, firstByte, items, held } = result.found
    this.#replay.putBefore(items)
    this.#replayHeld += held
    this.#isReplaying = true
    this.#offset = offset
    const { passedOver } = result
    const first = items[0]
    const from = firstByte !== undefined && first?.kind === 'chunk' ? first : { packet, time }
    return {
      type: 'resynchronized',
      firstByte,
      passedOver,
      offset,
      confidence,
      packet: from.packet,
      time: from.time,
    }
  }

  /** The items of the search have been decoded: gives back what they held. */
  #endReplay(): undefined {
    if (!this.#isReplaying) return
    this.#isReplaying = false
    this.#options.budget.give(this.#replayHeld)
    this.#replayHeld = 0
  }

  #advance(length: number): void {
    this.#at += length
    this.#offset += length
  }

  #frame(
    payload: Uint8Array,
    capturedLength: number,
    holes: DecodedFrame['holes'],
    cutBy: DecodedFrame['cutBy'],
    lastPacket: number,
    time: Time | undefined,
  ): DecodedFrame {
    const header = this.#header
    const { connection, from } = this.#options
    const { payloadLength, headerLength } = header
    this.#history.add(header)
    if (cutBy === undefined) this.hasLost = false
    return {
      type: 'frame',
      connection,
      frame: 0,
      from,
      firstPacket: this.#firstPacket,
      lastPacket,
      time,
      offset: this.#frameOffset,
      fin: header.fin,
      rsv1: header.rsv1,
      rsv2: header.rsv2,
      rsv3: header.rsv3,
      opcode: header.opcode,
      masked: header.masked,
      maskingKey: header.maskingKey,
      headerLength,
      payloadLength,
      capturedLength,
      holes,
      payload,
      close: undefined,
      part: undefined,
      message: undefined,
      answers: undefined,
      cutBy,
      segments: this.#trace?.take(this.#frameOffset, this.#offset),
    }
  }
}
