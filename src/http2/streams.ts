// The streams of one HTTP/2 connection (RFC 9113 §5.1, §8.1; RFC 8441 §4, §5). In: heads, data, ends and resets of both
// directions. Out, queued: the WebSockets that extended CONNECT opens, those that are refused, and the bytes of each as stream
// items.
import type { Head } from '../base/events.ts'
import type { Budget } from '../base/limits.ts'
import { Queue } from '../base/queue.ts'
import {
  BOTH_DIRECTIONS,
  type Direction,
  type Gap,
  opposite,
  type StreamEnd,
  type StreamItem,
} from '../base/stream.ts'
import { asksForWebSocket, fieldValue, type Http2Head } from './heads.ts'
import { Losses, type Recognizer, STREAM_COST, StreamState } from './stream-state.ts'

/** A WebSocket on a stream. A head that was not captured is null. */
export interface Http2Upgrade {
  readonly stream: number
  readonly clientDirection: Direction
  readonly request: Head | null
  readonly response: Head | null
  /** Why header fields may be missing from the request, or from the response. */
  readonly requestMissing: Http2Head['missing']
  readonly responseMissing: Http2Head['missing']
}

/** What happens on the streams that are WebSocket, or were to be. */
export type Http2Event =
  | ({ readonly kind: 'open' } & Http2Upgrade)
  /**
   * Not answered with 2xx. `response` is null if the stream was reset instead; `errorCode` is then that of the reset
   * (RFC 9113 §7).
   */
  | {
      readonly kind: 'refused'
      readonly stream: number
      readonly request: Head
      readonly response: Head | null
      readonly errorCode: number
      readonly packet: number
      readonly time: Head['time']
    }
  /** What a WebSocket's stream holds next. */
  | {
      readonly kind: 'item'
      readonly stream: number
      readonly direction: Direction
      readonly item: StreamItem
    }
  /** Too many streams are tracked, or there is no room for a head: this WebSocket is skipped. */
  | { readonly kind: 'limit'; readonly stream: number; readonly packet: number; readonly time: Head['time'] }

export interface StreamsOptions {
  /** Streams tracked at a time. */
  readonly limit: number
  readonly budget: Budget
  readonly recognize: () => Recognizer
}

/** Follows the streams of one connection. Feed it, then call `next` until it returns undefined. */
export class Streams {
  /** The direction that opened the connection; undefined until that is known, if the capture began in mid-stream. */
  client: Direction | undefined
  /** No stream that the client opened has a higher number. */
  highest = 0
  /** True if responses may have been lost. */
  mayMissResponses = false
  readonly #options: StreamsOptions
  readonly #streams = new Map<number, StreamState>()
  /** Streams that one side has reset: the other side's direction goes on until it has been read up to the reset. */
  readonly #resetting = new Set<StreamState>()
  /**
   * No request up to this stream was lost: without a captured request, it is not WebSocket. Undefined if no request at all was
   * lost.
   */
  #sureUpTo: number | undefined
  /** What may be missing of all streams, in each direction. */
  readonly #losses: readonly [Losses, Losses] = [new Losses(), new Losses()]
  readonly #events = new Queue<Http2Event>()

  constructor(options: StreamsOptions) {
    this.#options = options
  }

  /** The next event; undefined if there is none so far. */
  next(): Http2Event | undefined {
    return this.#events.shift()
  }

  /**
   * A head of a direction. A second one of the same stream holds its trailers. Returns whether the head is kept: it is, or may be,
   * of a WebSocket.
   */
  head(direction: Direction, id: number, head: Http2Head): boolean {
    const isResponse = fieldValue(head.headers, ':status') !== undefined
    const isRequest = fieldValue(head.headers, ':method') !== undefined
    if (this.client === undefined && isRequest !== isResponse)
      this.client = isRequest ? direction : opposite(direction)
    if (this.client === undefined || id % 2 === 0) return false
    return direction === this.client ? this.#requestHead(id, head) : this.#responseHead(id, head)
  }

  /** Bytes of a stream, or a hole in them. */
  data(direction: Direction, id: number, item: Exclude<StreamItem, StreamEnd>): void {
    const stream = this.#streams.get(id) ?? this.#unannounced(id)
    if (stream === undefined || stream.phase === 'other' || stream.hasEnded(direction)) return
    // A client sends nothing before it has the answer, so the answer was lost.
    if (stream.phase === 'asked' && this.mayMissResponses && direction === this.client) this.#open(stream)
    this.#pass(stream, direction, item)
  }

  /** END_STREAM. */
  end(direction: Direction, id: number, released: number, time: Head['time']): void {
    const stream = this.#streams.get(id)
    if (stream !== undefined) this.#endOne(stream, direction, { kind: 'end', reason: 'fin', released, time })
  }

  /**
   * RST_STREAM ends its sender's direction. The other one may lag in the capture: it ends once it has been read up to the reset.
   */
  reset(direction: Direction, id: number, errorCode: number, released: number, time: Head['time']): void {
    const stream = this.#streams.get(id)
    if (stream === undefined) return
    if (stream.phase === 'asked') {
      if (direction !== this.client) this.#refuse(stream, null, errorCode, released, time)
      else stream.settle('other')
      return
    }
    const end = { kind: 'end', reason: 'reset', released, time } as const
    this.#endOne(stream, direction, end)
    if (stream.ended === BOTH_DIRECTIONS) return
    stream.reset[opposite(direction)] ??= end
    this.#resetting.add(stream)
  }

  /** A direction has been read up to a packet. It ends on streams that the other side reset before that packet. */
  reached(direction: Direction, packet: number): void {
    for (const stream of this.#resetting) {
      const reset = stream.reset[direction]
      if (reset !== undefined && reset.released < packet) this.#endOne(stream, direction, reset)
    }
  }

  /** Frames of any stream may be missing in a direction. */
  lose(direction: Direction, gap: Gap): void {
    if (direction !== this.client) this.mayMissResponses = true
    if (direction !== opposite(this.client ?? direction)) this.loseRequests()
    this.#losses[direction].add(gap)
  }

  /** Requests may have been lost from here on: a later stream without a captured request may be WebSocket. */
  loseRequests(): void {
    this.#sureUpTo ??= this.highest
  }

  /** The connection has ended in a direction. */
  endAll(direction: Direction, end: StreamEnd): void {
    for (const stream of [...this.#streams.values()])
      this.#endOne(stream, direction, stream.reset[direction] ?? end)
  }

  /** Gives back what it holds. */
  release(): void {
    for (const stream of this.#streams.values()) this.#remove(stream)
  }

  #requestHead(id: number, head: Http2Head): boolean {
    const isNew = id > this.highest
    if (isNew) this.highest = id
    const before = this.#streams.get(id)
    if (
      before === undefined ? !isNew && !this.#mayHaveMissed(id) : before.phase !== 'unknown' || before.request
    )
      return false
    const asks = asksForWebSocket(head)
    if (asks === 'no') {
      const known = before ?? (this.#mayHaveMissed(id) ? this.#track(id, head) : undefined)
      known?.settle('other')
      if (known !== undefined && !this.#mayHaveMissed(id)) this.#remove(known)
      return false
    }
    const stream = before ?? this.#track(id, head)
    if (stream === undefined) return false
    if (!stream.keepHead(head, 'request')) {
      this.#skip(stream, head)
      return false
    }
    if (asks === 'yes') {
      stream.phase = 'asked'
      if (stream.response !== undefined) this.#answer(stream, stream.response)
    }
    return true
  }

  #responseHead(id: number, head: Http2Head): boolean {
    const status = Number(fieldValue(head.headers, ':status') ?? 0)
    // Interim responses come before the final one (RFC 9110 §15.2).
    if (status >= 100 && status < 200) return false
    let stream = this.#streams.get(id)
    // Captures of several network queues hold packets out of order: a response may come before its request.
    if (stream === undefined && (id > this.highest || this.#mayHaveMissed(id))) stream = this.#track(id, head)
    if (stream === undefined || stream.response !== undefined) return false
    if (stream.phase === 'asked' && status !== 0) {
      this.#answer(stream, head)
      return true
    }
    if (stream.phase !== 'unknown') return false
    if (id <= this.highest && status !== 0 && !isSuccess(status)) {
      stream.settle('other')
      return false
    }
    if (stream.keepHead(head, 'response')) return true
    this.#skip(stream, head)
    return false
  }

  #answer(stream: StreamState, response: Http2Head): void {
    const status = Number(fieldValue(response.headers, ':status') ?? 0)
    stream.response = response
    if (isSuccess(status)) this.#open(stream)
    else this.#refuse(stream, response, 0, response.lastPacket, response.time)
  }

  #open(stream: StreamState, clientDirection = this.client!): void {
    const { request, response } = stream
    this.#events.push({
      kind: 'open',
      stream: stream.id,
      clientDirection,
      request: plainHead(request),
      response: plainHead(response),
      requestMissing: request?.missing,
      responseMissing: response?.missing,
    })
    stream.settle('open')
    for (const { direction, item } of stream.held.takeAll()) {
      this.#events.push({ kind: 'item', stream: stream.id, direction, item })
    }
    stream.request = undefined
  }

  #refuse(
    stream: StreamState,
    response: Head | null,
    errorCode: number,
    packet: number,
    time: Head['time'],
  ): void {
    const request = plainHead(stream.request)!
    this.#events.push({
      kind: 'refused',
      stream: stream.id,
      request,
      response: plainHead(response),
      errorCode,
      packet,
      time,
    })
    stream.settle('other')
    this.#forget(stream)
  }

  /** DATA of a stream whose request was not seen. */
  #unannounced(id: number): StreamState | undefined {
    return id % 2 === 1 && this.#mayHaveMissed(id) ? this.#track(id) : undefined
  }

  #pass(stream: StreamState, direction: Direction, item: StreamItem): void {
    const lost = stream.takeLoss(direction)
    if (lost !== undefined) this.#pass(stream, direction, lost)
    if (stream.phase === 'open') {
      this.#events.push({ kind: 'item', stream: stream.id, direction, item })
      return
    }
    stream.hold(direction, item)
    const isUnsure = stream.request !== undefined || this.#mayHaveMissed(stream.id)
    if (stream.phase === 'unknown' && isUnsure) this.#recognize(stream, direction, item)
  }

  #recognize(stream: StreamState, direction: Direction, item: StreamItem): void {
    stream.recognizer ??= this.#options.recognize()
    const verdict = stream.recognizer.push(direction, item)
    if (verdict.is === 'undecided') return
    const isWebSocket =
      verdict.is === 'websocket' && verdict.clientDirection === (this.client ?? verdict.clientDirection)
    if (!isWebSocket) stream.settle('other')
    else {
      this.client = verdict.clientDirection
      this.#open(stream)
    }
  }

  #endOne(stream: StreamState, direction: Direction, end: StreamEnd): void {
    if (stream.hasEnded(direction)) return
    if (stream.phase !== 'other') this.#pass(stream, direction, end)
    stream.ended |= 1 << direction
    if (stream.ended !== BOTH_DIRECTIONS) return
    stream.settle('other')
    this.#forget(stream)
  }

  #mayHaveMissed(id: number): boolean {
    return this.#sureUpTo !== undefined && id > this.#sureUpTo
  }

  /** Nothing more comes of it. If requests may be missing it stays on record: late DATA would look like a new stream. */
  #forget(stream: StreamState): void {
    this.#resetting.delete(stream)
    if (!this.#mayHaveMissed(stream.id)) this.#remove(stream)
  }

  #remove(stream: StreamState): void {
    this.#resetting.delete(stream)
    this.#streams.delete(stream.id)
    stream.release()
  }

  /** Follows a stream from here on; undefined if too many are followed. */
  #track(id: number, head?: Http2Head): StreamState | undefined {
    const { limit, budget } = this.#options
    const hasRoom = this.#streams.size < limit || this.#dropOne()
    if (!hasRoom || (!budget.take(STREAM_COST) && !(this.#dropOne() && budget.take(STREAM_COST)))) {
      if (head !== undefined && asksForWebSocket(head) === 'yes') this.#limitReached(id, head)
      return undefined
    }
    const stream = new StreamState(id, budget, this.#losses)
    this.#streams.set(id, stream)
    return stream
  }

  /** Follows one stream less, if there is one that is not sure to be WebSocket. */
  #dropOne(): boolean {
    for (const stream of this.#streams.values()) {
      if (stream.phase === 'open' || stream.phase === 'asked') continue
      this.#remove(stream)
      return true
    }
    return false
  }

  /** There is no room for a head: its stream is not read. */
  #skip(stream: StreamState, head: Http2Head): void {
    stream.settle('other')
    this.#limitReached(stream.id, head)
    this.#forget(stream)
  }

  #limitReached(stream: number, { lastPacket, time }: Http2Head): void {
    this.#events.push({ kind: 'limit', stream, packet: lastPacket, time })
  }
}

function isSuccess(status: number): boolean {
  return status >= 200 && status < 300
}

function plainHead(head: Head | null | undefined): Head | null {
  if (head == null) return null
  const { firstPacket, lastPacket, time, startLine, headers } = head
  return { firstPacket, lastPacket, time, startLine, headers }
}
