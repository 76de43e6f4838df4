// Whether a connection whose handshake was not captured is WebSocket, and who is its client: the stream items of both directions
// in, a verdict out. A client masks and a server does not (RFC 6455 §5.1), so each direction is read both ways until one reading
// holds.
import { NO_BYTES } from '../base/bytes.ts'
import { Opcode } from '../base/events.ts'
import type { Budget, Limits } from '../base/limits.ts'
import { type Chunk, type Direction, opposite, type Side, type StreamItem } from '../base/stream.ts'
import type { DecodedFrame } from './decoded.ts'
import { FrameDecoder } from './frames.ts'
import { inflateAlone, TOO_FAR_BACK } from './inflate-alone.ts'
import {
  contentEvidence,
  type Fragmentation,
  fragmentationAfter,
  hasPlausibleBits,
  isLawful,
} from './plausibility.ts'
import { TiledFrames } from './tiled-frames.ts'

/** `rsv1Seen`: messages are compressed, as far as can be told. `undecided`: later items may tell. */
export type Verdict =
  | { readonly is: 'websocket'; readonly clientDirection: Direction; readonly rsv1Seen: boolean }
  | { readonly is: 'other' }
  | { readonly is: 'undecided' }

/** What a recognition works with. */
export interface RecognitionOptions {
  readonly limits: Limits
  readonly budget: Budget
}

/**
 * `FOUND_BITS` count once, when other frames confirm the first one that the search found; `FRAME_BITS` count for each plausible
 * frame from there on.
 */
const FOUND_BITS = 30
const FRAME_BITS = 6
/** Bits that masked frames need: if the other direction agrees, if it was not captured, and whatever it says. */
const ASKED = { withAnswer: 30, alone: 42, inAnyCase: 60 }
/** Bits that frames without masks need. They are a weak sign: many length-prefixed protocols look like them for a while. */
const ASKED_OF_SERVER = 90
/** Bits that agree with a side that is sure, from the first captured byte on: one frame that fills its segment. */
const AGREEING = 12
/** Evidence of a payload that confirms a masked frame by itself: 20 characters of text. */
const CONFIRMING = 5
/** After this many bytes of a direction, a reading that has found nothing is not expected to find anything. */
const PATIENCE = 64 * 1024
/** This many segments of another protocol settle the matter. */
const FOREIGN_SEGMENTS = 3
/** Compressed messages that are inflated at most, in each reading. */
const MOST_INFLATED = 8

/** The verdict on one connection. */
export class Recognition {
  verdict: Verdict = { is: 'undecided' }
  readonly #directions: readonly [DirectionReadings, DirectionReadings]

  constructor(options: RecognitionOptions) {
    this.#directions = [new DirectionReadings(options), new DirectionReadings(options)]
  }

  /** Takes the next item of a direction. What it holds back is drawn from the budget, and given back with the verdict. */
  push(direction: Direction, item: StreamItem): Verdict {
    if (this.verdict.is !== 'undecided') return this.verdict
    this.#directions[direction].push(item)
    this.verdict = this.#judge()
    if (this.verdict.is !== 'undecided') this.release()
    return this.verdict
  }

  /** Gives back what is held. */
  release(): void {
    for (const readings of this.#directions) readings.release()
  }

  #judge(): Verdict {
    const client = this.#clientDirection()
    if (client !== undefined) {
      const rsv1Seen =
        this.#directions[client].client.rsv1Seen || this.#directions[opposite(client)].server.rsv1Seen
      return { is: 'websocket', clientDirection: client, rsv1Seen }
    }
    const isOver = this.#directions.every((readings) => readings.isOver)
    const isForeign = this.#directions.some((readings) => readings.isForeign)
    return isOver || isForeign ? { is: 'other' } : { is: 'undecided' }
  }

  #clientDirection(): Direction | undefined {
    for (const direction of [0, 1] as const) {
      const own = this.#directions[direction]
      const other = this.#directions[opposite(direction)]
      const masked = own.client.bits
      const answered = other.server.bits
      if (masked >= ASKED.inAnyCase || (masked >= ASKED.withAnswer && other.server.agrees)) return direction
      if (masked >= ASKED.alone && other.bytes === 0) return direction
      if (answered >= ASKED_OF_SERVER && (own.client.agrees || own.bytes === 0)) return direction
      // Nothing more comes: a direction that is too short to show frames does not speak against the other.
      if (masked >= ASKED.withAnswer && other.ended && !other.isForeign) return direction
    }
    return undefined
  }
}

/** One direction, read as a client's and as a server's. */
class DirectionReadings {
  readonly client: Reading
  readonly server: Reading
  bytes = 0
  ended = false
  #foreign = 0

  constructor(options: RecognitionOptions) {
    this.client = new Reading('client', options)
    this.server = new Reading('server', options)
  }

  push(item: StreamItem): void {
    if (item.kind === 'end') this.ended = true
    if (item.kind === 'chunk') {
      this.bytes += item.end - item.start
      if (item.segmentStart && isForeign(item)) this.#foreign++
    }
    this.client.push(item)
    this.server.push(item)
  }

  /** Whether later bytes cannot change its readings. */
  get isOver(): boolean {
    return this.ended || (this.bytes > PATIENCE && this.client.bits === 0 && this.server.bits === 0)
  }

  /** Whether it is some other protocol. */
  get isForeign(): boolean {
    return this.#foreign >= FOREIGN_SEGMENTS && this.client.bits === 0 && this.server.bits === 0
  }

  release(): void {
    this.client.release()
    this.server.release()
  }
}

/** One direction, read as the frames of one side. */
class Reading {
  /** Evidence for it; 0 if there is none, or if something speaks against it. */
  bits = 0
  rsv1Seen = false
  #decoder: FrameDecoder | undefined
  readonly #tiled: TiledFrames
  #fragmentation: Fragmentation = 'unknown'
  #inflated = 0
  /** Whether something spoke against it. */
  #isRefuted = false
  /** Whether the first frame that the search found counts: not until others confirm it. */
  #found: 'no' | 'unconfirmed' | 'confirmed' = 'no'
  /** The masking key of the last frame; how many keys shared a byte with the key before, and how many did not. */
  #key: number | undefined
  #similar = 0
  #different = 0

  constructor(side: Side, { limits, budget }: RecognitionOptions) {
    this.#tiled = new TiledFrames(side === 'client', true)
    this.#decoder = new FrameDecoder({
      connection: 0,
      from: side,
      limits: { ...limits, waitingPerStream: Math.min(limits.waitingPerStream, PATIENCE) },
      budget,
      rsv1Allowed: true,
      midstream: true,
      sideIsGuess: true,
    })
  }

  /** Whether it agrees with another direction that is sure. */
  get agrees(): boolean {
    return this.bits > 0 || (!this.#isRefuted && this.#tiled.evidence >= AGREEING)
  }

  push(item: StreamItem): void {
    const decoder = this.#decoder
    if (decoder === undefined) return
    this.#tiled.push(item)
    decoder.push(item)
    for (let decoded = decoder.next(); decoded !== undefined; decoded = decoder.next()) {
      if (decoded.type === 'resynchronized') {
        if (this.#found === 'no') this.#found = 'unconfirmed'
        this.#fragmentation = 'unknown'
      } else if (decoded.type === 'frame' && decoded.cutBy === undefined && !this.#weigh(decoded)) {
        this.bits = 0
        this.#isRefuted = true
        this.release()
        return
      }
    }
    if (item.kind === 'end') this.#decoder = undefined
  }

  release(): void {
    const decoder = this.#decoder
    this.#decoder = undefined
    if (decoder === undefined) return
    // What it has been given comes before the end.
    while (decoder.next() !== undefined);
    decoder.push({ kind: 'end', reason: 'limit', released: 0, time: undefined })
    while (decoder.next() !== undefined);
  }

  /** Whether a frame is one that a sender would send. */
  #weigh(frame: DecodedFrame): boolean {
    if (!hasPlausibleBits(frame) || !isLawful(frame, this.#fragmentation)) return false
    this.#fragmentation = fragmentationAfter(frame, this.#fragmentation)
    // The payload is unmasked already.
    const { payload, masked } = frame
    const content = contentEvidence({ ...frame, maskingKey: undefined }, payload, 0, payload.length, true)
    if (content < 0 || (frame.rsv1 && !this.#inflates(frame))) return false
    // An unfinished fragment without a mask begins like any 16-bit number, for example a length in front of every message.
    if (!frame.fin && (!masked || payload.length === 0)) return true
    const hasRandomKeys = this.#weighKey(frame.maskingKey)
    this.bits +=
      (hasRandomKeys === false ? 0 : FRAME_BITS) + (masked && hasRandomKeys !== false ? content : content / 2)
    const confirms = !masked || content >= CONFIRMING || hasRandomKeys
    if (this.#found === 'unconfirmed' && confirms) {
      this.#found = 'confirmed'
      this.bits += FOUND_BITS
    }
    return true
  }

  /**
   * Whether the keys so far are random (RFC 6455 §5.3): in other protocols, parts of these bytes repeat. Undefined for the first
   * key, and for a frame without one. By chance, one key in sixty shares a byte with the key before.
   */
  #weighKey(key: number | undefined): boolean | undefined {
    const last = this.#key
    this.#key = key
    if (key === undefined || last === undefined) return undefined
    const isSimilar = haveByteInCommon(last, key)
    if (isSimilar) this.#similar++
    else this.#different++
    return !isSimilar && this.#different > 2 * this.#similar
  }

  /** Whether a compressed frame inflates, or refers to what an earlier message left in the window, which was not captured. */
  #inflates(frame: DecodedFrame): boolean {
    this.rsv1Seen = true
    const mayInflate = () => this.#inflated++ < MOST_INFLATED
    if (!frame.fin || !mayInflate()) return true
    const { bytes, status, reason } = inflateAlone(frame.payload, NO_BYTES, 15, PATIENCE, mayInflate)
    if (status === 'error') return reason === TOO_FAR_BACK
    if (frame.opcode === Opcode.text) this.bits += Math.min(12, bytes.length)
    return true
  }
}

function haveByteInCommon(one: number, other: number): boolean {
  for (let byte = 0xff; byte !== 0; byte <<= 8) if (((one ^ other) & byte) === 0) return true
  return false
}

/** Whether a segment begins as no frame does, but as another protocol does that is often found beside WebSocket. */
function isForeign({ bytes, start, end }: Chunk): boolean {
  if (end - start < 5) return false
  const first = bytes[start]!
  const second = bytes[start + 1]!
  // A TLS record (RFC 8446 §5.1): its type, then version 3.x.
  if (first >= 20 && first <= 24 && second === 3 && bytes[start + 2]! <= 4) return true
  return FOREIGN_STARTS.some((text) => text.every((byte, i) => bytes[start + i] === byte))
}

const FOREIGN_STARTS: ReadonlyArray<readonly number[]> = [
  'SSH-',
  'PRI *',
  'HTTP/',
  '$-1\r\n',
  '+OK\r\n',
  'EHLO',
].map((text) => Array.from(text, (character) => character.charCodeAt(0)))
