// One HTTP/2 connection (RFC 9113) as far as WebSocket is concerned (RFC 8441). In: the stream items of both directions, in the
// clear or decrypted. Out, pulled one at a time: the WebSockets on its streams, and their bytes.
import type { Budget, Limits } from '../base/limits.ts'
import type { Direction, StreamItem } from '../base/stream.ts'
import { FrameReader } from './frame-reader.ts'
import { HeaderDecoder } from './header-decoder.ts'
import { headOf } from './heads.ts'
import type { HeaderBlock, Http2Frame } from './http2-frame.ts'
import type { Recognizer } from './stream-state.ts'
import { type Http2Event, Streams } from './streams.ts'

export interface Http2ConnectionOptions {
  /** The direction that sends the preface; undefined if the capture began after it, so that what came before is not known. */
  readonly client: Direction | undefined
  readonly limits: Limits
  readonly budget: Budget
  /** For streams whose request was not captured, or cannot be decoded. */
  readonly recognize: () => Recognizer
}

/** §6.5.2. */
const Setting = { maxFrameSize: 5, enableConnectProtocol: 8 } as const
const SMALLEST_MAX_FRAME_SIZE = 16_384
/** After a hole, the number of a stream may be this much higher than the highest seen. */
const STREAMS_IN_HOLE = 20_000
const HIGHEST_STREAM = 2 ** 31 - 1
/**
 * HPACK makes a long field of one byte. So the fields of WebSockets' heads may have as many bytes as the connection has sent, 64
 * times over, and 64 KiB more. A browser that opens one WebSocket after the other with cookies of 2 KB stays below 40 times.
 */
const HEAD_BYTES_PER_BYTE = 64
const HEAD_BYTES_AT_START = 64 * 1024
/** Of each head, so much is kept in any case: a block that small is not made of much fewer bytes. */
const SMALL_HEAD = 1024

/** Push an item, then call `next` until it returns undefined, then push again. */
export class Http2Connection {
  /** Whether the server's SETTINGS allow extended CONNECT (RFC 8441 §3); undefined until they were seen. */
  allowsConnect: boolean | undefined
  readonly #readers: readonly [FrameReader, FrameReader]
  readonly #decoders: readonly [HeaderDecoder, HeaderDecoder]
  readonly #streams: Streams
  readonly #plausible: { longestFrame: number; highestStream: number }
  readonly #isFromStart: boolean
  #active: Direction = 0
  /** How many bytes of header fields may still be kept. */
  #headBytes = HEAD_BYTES_AT_START

  constructor({ client, limits, budget, recognize }: Http2ConnectionOptions) {
    this.#isFromStart = client !== undefined
    this.#streams = new Streams({ limit: limits.http2Streams, budget, recognize })
    this.#streams.client = client
    if (client === undefined) this.#streams.loseRequests()
    this.#streams.mayMissResponses = client === undefined
    this.#plausible = {
      longestFrame: SMALLEST_MAX_FRAME_SIZE,
      highestStream: client === undefined ? HIGHEST_STREAM : STREAMS_IN_HOLE,
    }
    const readerOf = (direction: Direction) =>
      new FrameReader({
        start: client === undefined ? 'unknown' : client === direction ? 'preface' : 'frame',
        blockLimit: limits.headSize,
        budget,
        plausible: this.#plausible,
      })
    this.#readers = [readerOf(0), readerOf(1)]
    this.#decoders = [new HeaderDecoder(limits.headSize, budget), new HeaderDecoder(limits.headSize, budget)]
    if (client === undefined) for (const decoder of this.#decoders) decoder.lose()
  }

  /** Takes the next item of a direction; its bytes must stay valid until `next` has returned undefined. */
  push(direction: Direction, item: StreamItem): void {
    this.#active = direction
    if (item.kind === 'chunk') {
      this.#headBytes += (item.end - item.start) * HEAD_BYTES_PER_BYTE
      this.#streams.reached(direction, item.packet)
    }
    this.#readers[direction].push(item)
  }

  /** What happens next on a stream that is WebSocket; undefined if more has to be pushed first. */
  next(): Http2Event | undefined {
    for (;;) {
      const event = this.#streams.next()
      if (event !== undefined) return event
      const frame = this.#readers[this.#active].next()
      if (frame === undefined) return undefined
      this.#take(this.#active, frame)
    }
  }

  /** Gives back what it holds. */
  release(): void {
    for (const reader of this.#readers) reader.release()
    for (const decoder of this.#decoders) decoder.release()
    this.#streams.release()
  }

  #take(direction: Direction, frame: Http2Frame): void {
    switch (frame.kind) {
      case 'data':
        this.#streams.data(direction, frame.stream, frame.item)
        return
      case 'stream-end':
        this.#streams.end(direction, frame.stream, frame.released, frame.time)
        return
      case 'block':
        this.#takeBlock(direction, frame)
        return
      case 'reset':
        this.#streams.reset(direction, frame.stream, frame.errorCode, frame.released, frame.time)
        return
      case 'settings':
        this.#takeSettings(direction, frame.values)
        return
      case 'lost':
        this.#decoders[direction].lose()
        this.#streams.lose(direction, frame.gap)
        return
      case 'end':
        this.#streams.endAll(direction, frame.item)
    }
  }

  /** Every block has to be decoded, even if nothing needs it: it changes the table for the next one (RFC 7541 §2.2). */
  #takeBlock(direction: Direction, block: HeaderBlock): void {
    const { stream, bytes, start, end, isWhole, isPromise, endsStream, lastPacket, time } = block
    const most = Math.max(this.#headBytes, SMALL_HEAD)
    const decoded = this.#decoders[direction].decode(bytes, start, end, isWhole, most)
    if (isPromise) return
    if (this.#streams.head(direction, stream, headOf(block, decoded))) this.#headBytes -= decoded.size
    if (this.#isFromStart) this.#plausible.highestStream = this.#streams.highest + STREAMS_IN_HOLE
    if (endsStream) this.#streams.end(direction, stream, lastPacket, time)
  }

  #takeSettings(direction: Direction, values: ReadonlyMap<number, number>): void {
    const longest = values.get(Setting.maxFrameSize) ?? 0
    if (longest > this.#plausible.longestFrame) this.#plausible.longestFrame = longest
    if (direction === (this.#streams.client ?? direction)) return
    const allows = values.get(Setting.enableConnectProtocol)
    if (allows !== undefined) this.allowsConnect = allows === 1
    else this.allowsConnect ??= false
  }
}
