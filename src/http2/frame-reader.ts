// The frame layer of HTTP/2, one direction: RFC 9113 §4.1, §6. In: stream items, cut anywhere. Out, pulled one at a time: what
// the frames say, DATA piece by piece as it comes. Padding is skipped, and header blocks are put together. A hole inside a known
// frame is bridged; after any other hole, framewalk searches for the next frame (frame-search.ts).
import { fromLatin1, NO_BYTES } from '../base/bytes.ts'
import type { Budget } from '../base/limits.ts'
import type { Chunk, Gap, StreamEnd, StreamItem, Time } from '../base/stream.ts'
import { Flag, FRAME_HEADER_LENGTH, type FrameHeader, FrameType, readFrameHeader } from './frame-header.ts'
import { FrameSearch, type Plausible } from './frame-search.ts'
import { Block } from './header-block.ts'
import type { HeaderBlock, Http2Frame } from './http2-frame.ts'

export interface FrameReaderOptions {
  /**
   * What comes before the first frame: the client's preface, nothing, or something unknown because the capture began in
   * mid-stream.
   */
  readonly start: 'preface' | 'frame' | 'unknown'
  /** The most bytes of one header block, encoded. */
  readonly blockLimit: number
  readonly budget: Budget
  /** What is known of the frames to search for after a hole; may change. */
  readonly plausible: Plausible
}

/** §3.4. */
const PREFACE = fromLatin1('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n')

/** §6.5: the most bytes kept of a SETTINGS frame. A setting has 6 bytes, and there are a dozen of them. */
const CONTROL_LIMIT = 600

type State = 'preface' | 'header' | 'prefix' | 'body' | 'padding' | 'search'

/** Push an item, then call `next` until it returns undefined, then push again. */
export class FrameReader {
  readonly #options: FrameReaderOptions
  readonly #search: FrameSearch
  readonly #block: Block
  readonly #control: Block
  #state: State
  /** Items to be read after the one at hand. */
  #queue: StreamItem[] = []
  #item: StreamItem | undefined
  #at = 0
  /** The bytes so far of the preface, a frame header or a prefix. */
  #start: Uint8Array = NO_BYTES
  #startLength = 0
  /** The frame at hand, and the bytes of its body and its padding that are still to come. */
  #frame: FrameHeader = { length: 0, type: 0, flags: 0, stream: 0 }
  #body = 0
  #padding = 0
  /** The packets of the frame at hand. */
  #firstPacket = 0
  #released = 0
  #time: Time | undefined
  /** The HEADERS or PUSH_PROMISE that began the block at hand. */
  #opening: { readonly frame: FrameHeader; readonly firstPacket: number } | undefined
  /** A block that lies whole in the chunk at hand. */
  #view: { readonly bytes: Uint8Array; readonly start: number; readonly end: number } | undefined

  constructor(options: FrameReaderOptions) {
    this.#options = options
    this.#search = new FrameSearch(options.budget)
    this.#block = new Block(options.blockLimit, options.budget)
    this.#control = new Block(CONTROL_LIMIT, options.budget)
    this.#state = options.start === 'preface' ? 'preface' : options.start === 'frame' ? 'header' : 'search'
  }

  /** Takes the next item; its bytes must stay valid until `next` has returned undefined. */
  push(item: StreamItem): void {
    if (this.#item === undefined) this.#take(item)
    else this.#queue.push(item)
  }

  /** The next thing that the frames say; undefined if more has to be pushed first. */
  next(): Http2Frame | undefined {
    for (;;) {
      if (this.#state === 'body' && this.#body === 0) this.#state = 'padding'
      if (this.#state === 'padding' && this.#padding === 0) {
        const said = this.#finishFrame()
        if (said !== undefined) return said
        continue
      }
      const item = this.#item
      if (item === undefined) return undefined
      const said =
        item.kind === 'chunk'
          ? this.#readChunk(item)
          : item.kind === 'gap'
            ? this.#readGap(item)
            : this.#readEnd(item)
      if (said !== undefined) return said
    }
  }

  /** Gives back what it holds. */
  release(): void {
    this.#search.reset()
    this.#block.reset()
    this.#control.reset()
    this.#queue = []
    this.#item = undefined
  }

  #take(item: StreamItem | undefined): void {
    this.#item = item
    if (item?.kind === 'chunk') this.#at = item.start
  }

  #readChunk(chunk: Chunk): Http2Frame | undefined {
    if (this.#at === chunk.end) {
      this.#take(this.#queue.shift())
      return undefined
    }
    this.#released = chunk.released
    this.#time = chunk.time
    switch (this.#state) {
      case 'preface':
        this.#readPreface(chunk)
        return undefined
      case 'header':
        return this.#readHeader(chunk)
      case 'prefix':
        this.#readPrefix(chunk)
        return undefined
      case 'body':
        return this.#readBody(chunk)
      case 'padding': {
        const length = Math.min(chunk.end - this.#at, this.#padding)
        this.#at += length
        this.#padding -= length
        return undefined
      }
      default:
        this.#searchIn(chunk)
        return undefined
    }
  }

  #readPreface(chunk: Chunk): void {
    if (!this.#collect(chunk, PREFACE.length)) return
    const isPreface = PREFACE.every((byte, i) => this.#start[i] === byte)
    this.#startLength = 0
    this.#state = isPreface ? 'header' : 'search'
  }

  /** Collects bytes in `#start`; true once `length` of them are there. */
  #collect(chunk: Chunk, length: number): boolean {
    if (this.#start.length === 0) this.#start = new Uint8Array(PREFACE.length)
    const taken = Math.min(length - this.#startLength, chunk.end - this.#at)
    this.#start.set(chunk.bytes.subarray(this.#at, this.#at + taken), this.#startLength)
    this.#at += taken
    this.#startLength += taken
    return this.#startLength === length
  }

  #readHeader(chunk: Chunk): Http2Frame | undefined {
    if (this.#startLength === 0) this.#firstPacket = chunk.packet
    if (this.#startLength === 0 && this.#at + FRAME_HEADER_LENGTH <= chunk.end) {
      this.#frame = readFrameHeader(chunk.bytes, this.#at)
      this.#at += FRAME_HEADER_LENGTH
    } else {
      if (!this.#collect(chunk, FRAME_HEADER_LENGTH)) return undefined
      this.#frame = readFrameHeader(this.#start, 0)
      this.#startLength = 0
    }
    return this.#beginFrame()
  }

  #beginFrame(): Http2Frame | undefined {
    const { length, type, stream } = this.#frame
    this.#body = length
    this.#padding = 0
    this.#state = this.#prefixLength > 0 ? 'prefix' : 'body'
    if (this.#prefixLength > length) {
      this.#body = 0
      this.#padding = length
      this.#state = 'padding'
    }
    const opening = this.#opening
    // §6.10: nothing may come between the frames of one block.
    const isInterrupted =
      opening !== undefined && (type !== FrameType.continuation || stream !== opening.frame.stream)
    if (isInterrupted) this.#block.isWhole = false
    const interrupted = isInterrupted ? this.#finishBlock() : undefined
    if (type === FrameType.headers || type === FrameType.pushPromise) this.#open()
    return interrupted
  }

  #open(): void {
    this.#opening = { frame: this.#frame, firstPacket: this.#firstPacket }
    if (this.#state === 'padding') this.#block.isWhole = false
  }

  /** Bytes before the body: Pad Length, priority (§6.2), the promised stream (§6.6). */
  get #prefixLength(): number {
    const { type, flags } = this.#frame
    const padded = (flags & Flag.padded) !== 0 ? 1 : 0
    if (type === FrameType.data) return padded
    if (type === FrameType.headers) return padded + ((flags & Flag.priority) !== 0 ? 5 : 0)
    return type === FrameType.pushPromise ? padded + 4 : 0
  }

  #readPrefix(chunk: Chunk): void {
    const length = this.#prefixLength
    if (!this.#collect(chunk, length)) return
    this.#startLength = 0
    const rest = this.#frame.length - length
    const isPadded = (this.#frame.flags & Flag.padded) !== 0
    this.#padding = isPadded ? Math.min(this.#start[0]!, rest) : 0
    this.#body = rest - this.#padding
    this.#state = 'body'
  }

  #readBody(chunk: Chunk): Http2Frame | undefined {
    const start = this.#at
    const end = start + Math.min(chunk.end - start, this.#body)
    this.#at = end
    this.#body -= end - start
    const { type, flags, stream } = this.#frame
    if (type === FrameType.data) {
      const isStart = start === chunk.start ? chunk.segmentStart : false
      const opensFrame =
        this.#body + (end - start) + this.#padding + this.#prefixLength === this.#frame.length
      return { kind: 'data', stream, item: { ...chunk, start, end, segmentStart: isStart || opensFrame } }
    }
    if (type === FrameType.headers || type === FrameType.pushPromise || type === FrameType.continuation) {
      if (this.#opening === undefined) return undefined
      const liesHere = this.#block.length === 0 && this.#block.isWhole && chunk.end - end >= this.#padding
      const isAll = this.#body === 0 && (flags & Flag.endHeaders) !== 0
      if (liesHere && isAll && end - start <= this.#options.blockLimit)
        this.#view = { bytes: chunk.bytes, start, end }
      else this.#block.add(chunk.bytes, start, end)
    } else if (type === FrameType.settings || type === FrameType.rstStream) {
      this.#control.add(chunk.bytes, start, end)
    }
    return undefined
  }

  /** The frame is read to its end. */
  #finishFrame(): Http2Frame | undefined {
    const { type, flags, stream } = this.#frame
    this.#state = 'header'
    switch (type) {
      case FrameType.data:
        if ((flags & Flag.endStream) === 0) return undefined
        return { kind: 'stream-end', stream, released: this.#released, time: this.#time }
      case FrameType.headers:
      case FrameType.pushPromise:
      case FrameType.continuation:
        return (flags & Flag.endHeaders) !== 0 && this.#opening !== undefined
          ? this.#finishBlock()
          : undefined
      case FrameType.rstStream:
      case FrameType.settings:
        return this.#finishControl()
      default:
        return undefined
    }
  }

  #finishBlock(): HeaderBlock {
    const { frame, firstPacket } = this.#opening!
    const { bytes, start, end } = this.#view ?? {
      bytes: this.#block.bytes,
      start: 0,
      end: this.#block.length,
    }
    const { isWhole } = this.#block
    this.#opening = undefined
    this.#view = undefined
    this.#block.reset()
    return {
      kind: 'block',
      stream: frame.stream,
      isPromise: frame.type === FrameType.pushPromise,
      endsStream: frame.type === FrameType.headers && (frame.flags & Flag.endStream) !== 0,
      bytes,
      start,
      end,
      isWhole,
      firstPacket,
      lastPacket: this.#released,
      time: this.#time,
    }
  }

  #finishControl(): Http2Frame | undefined {
    const { type, stream } = this.#frame
    const { bytes } = this.#control
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    let said: Http2Frame
    if (type === FrameType.rstStream) {
      const errorCode = bytes.length < 4 ? 0 : view.getUint32(0)
      said = { kind: 'reset', stream, errorCode, released: this.#released, time: this.#time }
    } else {
      const values = new Map<number, number>()
      for (let at = 0; at + 6 <= bytes.length; at += 6) values.set(view.getUint16(at), view.getUint32(at + 2))
      said = { kind: 'settings', values }
    }
    this.#control.reset()
    return said
  }

  /** A hole inside a frame's body or padding is bridged; after any other, the place of the next frame is not known. */
  #readGap(gap: Gap): Http2Frame | undefined {
    this.#released = gap.released
    this.#time = gap.time
    const isInBody = this.#state === 'body'
    if (gap.isEstimate === true || (!isInBody && this.#state !== 'padding')) return this.#lose(gap)
    const length = Math.min(gap.length, isInBody ? this.#body : this.#padding)
    if (length === gap.length) this.#take(this.#queue.shift())
    else this.#item = { ...gap, length: gap.length - length }
    if (!isInBody) {
      this.#padding -= length
      return undefined
    }
    this.#body -= length
    const { type, stream } = this.#frame
    if (type === FrameType.data) return { kind: 'data', stream, item: { ...gap, length } }
    if (this.#opening !== undefined) this.#block.isWhole = false
    else if (type === FrameType.settings || type === FrameType.rstStream) this.#control.isWhole = false
    return undefined
  }

  #lose(gap: Gap): Http2Frame {
    this.#take(this.#queue.shift())
    this.#state = 'search'
    this.#startLength = 0
    this.#opening = undefined
    this.#view = undefined
    this.#block.reset()
    this.#control.reset()
    this.#search.reset()
    return { kind: 'lost', gap }
  }

  #searchIn(chunk: Chunk): void {
    const rest = this.#at === chunk.start ? chunk : { ...chunk, start: this.#at, segmentStart: false }
    const found = this.#search.push(rest, this.#options.plausible)
    if (found !== undefined) {
      this.#state = 'header'
      this.#queue = [...found, ...this.#queue]
    }
    this.#take(this.#queue.shift())
  }

  #readEnd(item: StreamEnd): Http2Frame {
    this.#take(this.#queue.shift())
    this.#search.reset()
    this.#block.reset()
    this.#control.reset()
    return { kind: 'end', item }
  }
}
