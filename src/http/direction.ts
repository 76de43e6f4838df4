// One direction of a connection that speaks HTTP: heads, bodies between them, gaps, and what is held back meanwhile.
// In: stream items. Out, pulled one by one: what happened (a head, a PROXY preface, bytes that are not HTTP). README.md draws it.
import type { Budget, Limits } from '../base/limits.ts'
import type { Chunk, Direction, Gap, StreamItem, Time } from '../base/stream.ts'
import { Body, type BodyLength } from './bodies.ts'
import { HeadReader, type Message } from './head-reader.ts'
import { HeldHttpItems } from './held-items.ts'
import type { ProxyPreface } from './proxy-protocol.ts'

/**
 * What a direction reads. `head`: a head begins here, or is being read. `body`: a body. `search`: not known; a head may begin at
 * any segment start. `waiting`: what comes is held until the other direction has said something.
 */
type Place = 'head' | 'body' | 'search' | 'waiting'

/** What happened in a direction. */
export type HttpEvent =
  | { readonly kind: 'head'; readonly message: Message }
  | { readonly kind: 'proxy'; readonly preface: ProxyPreface }
  /** `none`: a head was due, and this is not one. Or HTTP/2 (of a client or a server), TLS, or a head over the limit. */
  | { readonly kind: 'none' | 'http2' | 'http2-server' | 'tls' | 'too-long' }
  /** A gap, or a body that contradicts itself: where the next head begins is not known any more. */
  | { readonly kind: 'lost' }

/** Take an item, then call `next` until it returns undefined; after a head, say with `goOn`, `wait` or `search` how to go on. */
export class HttpDirection {
  readonly number: Direction
  readonly held: HeldHttpItems
  place: Place
  /**
   * While searching: true if bytes are missing before here, after a gap or at the start of a capture that began in mid-stream: a
   * head may be missing too.
   */
  missing: boolean
  /** True if a gap made bytes missing since the last head. */
  gapped = false
  /** True while no message has been read since the start of the stream or tunnel. */
  fresh = true
  sawBytes = false
  ended = false
  /** True from the moment that what waited may be read until it is read. */
  resumed = false
  readonly #limits: Limits
  readonly #budget: Budget
  #reader: HeadReader | undefined
  #body: Body | undefined
  #waitBehindBody = false
  /** What is being read: the item, how far, its arrival, whether its bytes are a copy, and whether it is held already. */
  #item: StreamItem | undefined
  #at = 0
  #arrival = 0
  #owned = false
  #retained = false

  constructor(number: Direction, fromStart: boolean, limits: Limits, budget: Budget) {
    this.number = number
    this.place = fromStart ? 'head' : 'search'
    this.missing = !fromStart
    this.#limits = limits
    this.#budget = budget
    this.held = new HeldHttpItems(number, budget)
  }

  /** True while a head has begun and not ended. */
  get inHead(): boolean {
    return this.#reader?.begun ?? false
  }

  /** The packet of the item being read; 0 if there is none. */
  get packet(): number {
    const item = this.#item
    return item === undefined ? 0 : item.kind === 'chunk' ? item.packet : item.released
  }

  get time(): Time | undefined {
    return this.#item?.time
  }

  /** Whether bytes are held that came in a later packet than this. */
  sawBytesBehind(packet: number): boolean {
    return this.held.items.some(({ item }) => item.kind === 'chunk' && item.packet > packet)
  }

  /** Takes an item, to be read by `next`. `owned`: its bytes are a copy. */
  take(item: StreamItem, arrival: number, owned: boolean): void {
    this.#item = item
    this.#arrival = arrival
    this.#owned = owned
    this.#retained = false
    if (item.kind === 'chunk') {
      this.#at = item.start
      this.sawBytes = true
    }
  }

  /**
   * Reads on in the item that was taken. Undefined: all of it was read, or is held. `expected`: bits of `Expect`; `retain`: hold
   * what is not part of a message.
   */
  next(expected: number, retain: boolean): HttpEvent | undefined {
    const item = this.#item
    if (item === undefined) return undefined
    if (item.kind === 'chunk') return this.#nextOfChunk(item, expected, retain)
    if (item.kind === 'gap') return this.#nextOfGap(item, retain)
    this.#item = undefined
    this.ended = true
    this.held.keep(item, this.#arrival)
    return undefined
  }

  /** Goes on after a head, with its body. `wait`: what follows the body must wait. */
  goOn(length: BodyLength, wait = false): void {
    this.#waitBehindBody = wait
    if (this.place === 'waiting') this.resumed = true
    if (length === 'unknown') this.search()
    else if (length === 'none') this.#endBody()
    else {
      this.#body = new Body(length)
      this.place = 'body'
    }
  }

  /** What comes next must wait for the other direction. */
  wait(): void {
    this.place = 'waiting'
  }

  /** What waits is the next message after all. */
  stopWaiting(): void {
    this.#waitBehindBody = false
    if (this.place !== 'waiting') return
    this.place = 'head'
    this.resumed = true
  }

  /** Where the next head begins is not known any more. */
  search(): void {
    this.place = 'search'
    this.missing = false
    this.#reader?.reset()
  }

  /** A new conversation begins here (in a tunnel). */
  restart(): void {
    this.fresh = true
    this.stopWaiting()
  }

  /** Holds what is left of the item. */
  holdRest(): void {
    const item = this.#item
    if (item === undefined) return
    const isUsedUp = item.kind === 'chunk' && this.#at === item.end
    if (!this.#retained && !isUsedUp) this.#keep(item.kind === 'chunk' ? behind(item, this.#at) : item)
    this.#item = undefined
  }

  /** Gives back what was taken from the budget. */
  release(): void {
    this.#reader?.reset()
    this.held.takeAll()
  }

  #nextOfChunk(chunk: Chunk, expected: number, retain: boolean): HttpEvent | undefined {
    while (this.#at < chunk.end) {
      if (this.place === 'waiting') break
      if (this.place === 'body') {
        if (!this.#readBody(chunk)) return LOST
        continue
      }
      const from = this.#at
      const mayBegin = this.place !== 'search' || (chunk.segmentStart && from === chunk.start)
      const event = mayBegin || this.inHead ? this.#readHead(chunk, expected) : this.#passOver(chunk)
      if (event?.kind === 'head' || event?.kind === 'proxy') return event
      if (retain && !this.#retained) {
        this.#keep(behind(chunk, from))
        this.held.trim()
        this.#retained = true
      }
      if (event !== undefined) return event
    }
    if (this.#at < chunk.end) this.holdRest()
    this.#item = undefined
    return undefined
  }

  #passOver(chunk: Chunk): undefined {
    this.#at = chunk.end
  }

  /** False if the chunks of the body break the grammar. */
  #readBody(chunk: Chunk): boolean {
    const body = this.#body!
    this.#at = body.read(chunk.bytes, this.#at, chunk.end)
    if (body.failed) {
      this.search()
      return false
    }
    if (body.done) this.#endBody()
    return true
  }

  #endBody(): void {
    this.#body = undefined
    this.place = this.#waitBehindBody ? 'waiting' : 'head'
  }

  #readHead(chunk: Chunk, expected: number): HttpEvent | undefined {
    this.#reader ??= new HeadReader(this.#limits.headSize, this.#budget)
    const wasInHead = this.inHead
    const reading = this.#reader.read(chunk, this.#at, expected)
    switch (reading.kind) {
      case 'more':
        this.#at = chunk.end
        return undefined
      case 'head':
        this.#at = reading.behind
        this.#headRead()
        return reading
      case 'proxy':
        this.#at = reading.behind
        this.#forget()
        this.place = 'head'
        return reading
      default:
        if (this.place === 'head' || (reading.kind !== 'none' && reading.kind !== 'too-long'))
          return { kind: reading.kind }
        // While searching, what looked like a head is not one. If it began in an earlier chunk, this one may still begin a head.
        if (!wasInHead) this.#at = chunk.end
        return undefined
    }
  }

  #headRead(): void {
    this.#forget()
    this.fresh = false
    this.missing = false
    this.gapped = false
  }

  /** What was held so far belongs to the message that is now complete. */
  #forget(): void {
    this.held.takeAll()
    this.#retained = false
  }

  #nextOfGap(gap: Gap, retain: boolean): HttpEvent | undefined {
    if (this.place === 'waiting') {
      this.holdRest()
      return undefined
    }
    if (this.place === 'body' && gap.isEstimate !== true && this.#body!.skip(gap.length)) {
      if (this.#body!.done) this.#endBody()
      this.#item = undefined
      return undefined
    }
    const cut = this.inHead ? this.#reader!.cut() : undefined
    if (cut !== undefined) {
      this.#headRead()
      return { kind: 'head', message: cut }
    }
    if (this.place !== 'search' || !this.gapped) {
      this.search()
      this.missing = true
      this.gapped = true
      return LOST
    }
    if (retain) this.#keep(gap)
    this.#item = undefined
    return undefined
  }

  #keep(item: StreamItem): void {
    this.held.keep(item, this.#arrival, this.#owned)
  }
}

const LOST: HttpEvent = { kind: 'lost' }

function behind(chunk: Chunk, at: number): Chunk {
  return at === chunk.start ? chunk : { ...chunk, start: at, segmentStart: false }
}
