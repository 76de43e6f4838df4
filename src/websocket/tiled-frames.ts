// Whether the frames of a direction keep to its segments from the first captured byte on: where no handshake was captured, that is
// where a frame most likely starts. In: stream items. Out: the evidence that it does, in bits (see chain.ts). There is but one place
// to try, and so less evidence is asked for than of a place that a search has chosen among thousands.
import type { Chunk, Gap, StreamItem } from '../base/stream.ts'
import { FNV_BASIS, hash } from './hash.ts'
import { emptyHeader, LONGEST_HEADER, lengthFormOf, readHeader } from './header.ts'
import {
  contentEvidence,
  type Fragmentation,
  fragmentationAfter,
  hasPlausibleBits,
  isLawful,
  SAMPLE,
} from './plausibility.ts'
import { SMALLEST_FULL } from './segment-pattern.ts'

/**
 * What stands behind the first byte: `likely`, one side of the connection is surely WebSocket; `assumed`, the user says that it is.
 */
export type FirstByte = 'likely' | 'assumed'

/** Bits that are enough while more may come; and once nothing more can be seen. One frame that fills its segment has 12. */
const ASKED = {
  likely: { total: 18, finally: 18 },
  assumed: { total: 18, finally: 4 },
} as const satisfies Record<FirstByte, unknown>

/** Bits for the header of a whole message or a last fragment: at the start of a segment, and inside one. */
const HEADER_BITS = { atStart: 5, inside: 2 }
/** Bits for a frame that ends where its segment ends, by the form of its length. */
const END_BITS = { 7: 7, 16: 14, 64: 16 }
/** For an unfinished fragment, if there is no other evidence: in other protocols, a length in front of each message looks like it. */
const FRAGMENT_END_BITS = 4
/** Unfinished fragments in a row that are believed, until there is evidence enough. */
const MOST_FRAGMENTS = 8
/** Bits for text without a mask, at most. */
const TEXT_BITS = 6
/** First bytes of a payload that are compared with those of the frame before. */
const SIGNATURE = 8
/** Frames that are read at most: if they do not convince, more of them will not. */
const MOST_FRAMES = 64

/** Frames from the first captured byte on. Push items until `isBroken`. */
export class TiledFrames {
  /** The bits so far. A frame counts once its end has been seen. */
  evidence = 0
  /** True once something spoke against it, or its next frame is hidden: nothing counts from then on. */
  isBroken = false
  /** True once bytes came. */
  hasStarted = false
  readonly #masked: boolean
  readonly #rsv1Allowed: boolean
  readonly #header = emptyHeader()
  /** First bytes of a header that goes on in the next chunk. */
  readonly #headerBytes = new Uint8Array(LONGEST_HEADER)
  #headerSeen = 0
  /** Bytes until the frame at hand ends; undefined between frames. */
  #remaining: number | undefined = undefined
  #fragmentation: Fragmentation = 'unknown'
  #frames = 0
  #fragments = 0
  /** Bytes of the segment at hand, and whether the frame at hand began where it began. */
  #segment = 0
  #atStart = false
  /** What the frame at hand counts, before its end is seen. */
  #bits = 0
  #signature = 0
  /** Whether a frame has ended where a segment does. */
  #hasTiled = false
  #repeated = false

  constructor(masked: boolean, rsv1Allowed: boolean) {
    this.#masked = masked
    this.#rsv1Allowed = rsv1Allowed
  }

  /** Whether the evidence is enough. `atEnd`: nothing more can be seen. */
  isEnough(firstByte: FirstByte, atEnd: boolean): boolean {
    const asked = ASKED[firstByte]
    return this.#hasTiled && this.evidence >= (atEnd ? asked.finally : asked.total)
  }

  /** Takes the next item. Keeps no view of its bytes. */
  push(item: StreamItem): void {
    if (this.isBroken) return
    if (item.kind === 'chunk') this.#chunk(item)
    else if (this.hasStarted) {
      if (this.#remaining === 0) this.#endFrame(true)
      if (item.kind === 'gap' && this.#spans(item)) this.#remaining! -= item.length
      else this.isBroken = true
    }
  }

  #chunk({ bytes, start, end, segmentStart }: Chunk): void {
    if (this.#remaining === 0) this.#endFrame(segmentStart)
    if (!this.#mayGoOn(segmentStart)) {
      this.isBroken = true
      return
    }
    this.hasStarted = true
    this.#segment = segmentStart ? end - start : this.#segment + end - start
    let at = start
    while (at < end && !this.isBroken) {
      if (this.#remaining === undefined) at = this.#readHeader(bytes, at, end, segmentStart && at === start)
      else if (this.#remaining === 0) this.#endFrame(false)
      else {
        const length = Math.min(this.#remaining, end - at)
        this.#remaining -= length
        at += length
      }
    }
  }

  /**
   * Whether frames and segments agree where a chunk starts. As long as no frame has ended with its segment, none that begins inside
   * one may reach into the next: a recording of WebSocket within a payload has such frames.
   */
  #mayGoOn(isSegmentStart: boolean): boolean {
    if (!this.hasStarted) return isSegmentStart
    const isWithin = this.#remaining !== undefined || this.#headerSeen > 0
    return this.#hasTiled || !isSegmentStart || !isWithin || this.#atStart
  }

  /** Whether a gap lies within the frame at hand. */
  #spans({ length, isEstimate }: Gap): boolean {
    return isEstimate !== true && this.#remaining !== undefined && length <= this.#remaining
  }

  /** Reads the header at `at`, or as much of it as there is. Returns where it stopped. */
  #readHeader(bytes: Uint8Array, at: number, end: number, isSegmentStart: boolean): number {
    const header = this.#header
    const seen = this.#headerSeen
    const more = Math.min(LONGEST_HEADER - seen, end - at)
    this.#headerBytes.set(bytes.subarray(at, at + more), seen)
    if (seen === 0) this.#atStart = isSegmentStart
    if (!readHeader(header, this.#headerBytes, 0, seen + more)) {
      this.#headerSeen = seen + more
      return at + more
    }
    this.#headerSeen = 0
    const payloadAt = at + header.headerLength - seen
    const mayFollow = hasPlausibleBits(header) && isLawful(header, this.#fragmentation)
    const isOfThisSide = header.masked === this.#masked && (!header.rsv1 || this.#rsv1Allowed)
    this.#fragments = header.fin ? 0 : this.#fragments + 1
    const isTooLong = ++this.#frames > MOST_FRAMES || this.#fragments > MOST_FRAGMENTS
    if (!mayFollow || !isOfThisSide || isTooLong) {
      this.isBroken = true
      return payloadAt
    }
    this.#fragmentation = fragmentationAfter(header, this.#fragmentation)
    this.#remaining = Number(header.payloadLength)
    this.#bits = this.#weigh(bytes, payloadAt, end)
    return payloadAt
  }

  /** Bits for the header and the first bytes of the payload, which are at `bytes[at … end)`. */
  #weigh(bytes: Uint8Array, at: number, end: number): number {
    const header = this.#header
    const frameEnd = at + this.#remaining!
    const sampleEnd = Math.min(frameEnd, end, at + SAMPLE)
    const content = contentEvidence(header, bytes, at, sampleEnd, sampleEnd === frameEnd)
    if (content < 0) this.isBroken = true
    this.#repeated = this.#isRepeated(bytes, at, sampleEnd)
    // Zeros look like empty fragments, one after the other.
    if (this.#repeated && !header.fin && this.#remaining === 0) this.isBroken = true
    if (!header.fin || this.#repeated) return 0
    // Within a text no character begins like a frame, so text without a mask counts for more here than it does to a search.
    const text = header.masked ? content : Math.min(TEXT_BITS, 4 * content)
    return text + (this.#atStart ? HEADER_BITS.atStart : HEADER_BITS.inside)
  }

  /** Whether the frame begins as the one before it: more likely a pattern than a message. */
  #isRepeated(bytes: Uint8Array, at: number, end: number): boolean {
    const before = this.#signature
    const ofHeader = hash(FNV_BASIS, this.#headerBytes, 0, this.#header.headerLength)
    this.#signature = hash(ofHeader, bytes, at, Math.min(end, at + SIGNATURE))
    return this.#signature === before
  }

  /** The frame at hand has ended. `exact`: a segment ends there. */
  #endFrame(exact: boolean): void {
    const endBits = exact ? this.#endBits : 0
    this.evidence += this.#bits + endBits
    if (endBits > 0) this.#hasTiled = true
    this.#remaining = undefined
  }

  get #endBits(): number {
    const { fin, payloadLength } = this.#header
    if (!fin) return payloadLength === 0 || this.evidence > 0 ? 0 : FRAGMENT_END_BITS
    // A pattern may keep step with full segments, but not with the sender's pauses.
    if (this.#repeated && this.#segment >= SMALLEST_FULL) return 0
    return END_BITS[this.#repeated ? 7 : lengthFormOf(this.#header)]
  }
}
