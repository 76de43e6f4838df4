// A chain of plausible frames, each starting where the one before it ends, and the evidence that they are frames. Evidence is
// counted in bits: each bit halves the chance that other bytes look like this.
import { FNV_BASIS, hash } from './hash.ts'
import { emptyHeader, type Header, lengthFormOf } from './header.ts'
import type { Fragmentation } from './plausibility.ts'
import { contentEvidence, fragmentationAfter, SAMPLE } from './plausibility.ts'
import type { SegmentStart } from './segment-pattern.ts'

/** Bits for a 16-bit length: one length code in 128 announces it. */
const LENGTH_16_BITS = 7
/**
 * Bits for a 64-bit length: its length code and its leading zeros, which count for less because other data has many zeros too.
 */
const LENGTH_64_BITS = 24
/** Bytes of a frame, as on the wire, that are compared with those of the frame before. */
const SIGNATURE = 24

/** A segment after a hole often starts a frame: its claim is respected, but it is not evidence. */
const UNKNOWN_CLAIM = 8

/** `along`: no segment starts there, but the chain that reached it began at the start of a segment. */
type StartKind = SegmentStart | 'along'

/** Bits that the start's own frame needs if it ends inside a segment. */
const OWN_INSIDE = 20

/**
 * The bits that a start needs: `own` from its own frame, `total` from the chain from there on, `finally` from the chain if
 * nothing more of it can be seen.
 */
const ASKED = {
  write: { own: 14, total: 30, finally: 22 },
  unknown: { own: 9, total: 36, finally: 30 },
  continued: { own: 22, total: 36, finally: 36 },
  along: { own: 11, total: 36, finally: 30 },
} as const satisfies Record<StartKind, unknown>

/** A frame of the chain that starts where frames tend to start. */
interface Start {
  /** Where in the stream. */
  readonly offset: number
  /** At which position of the window. */
  readonly position: number
  readonly kind: StartKind
  /** Bits for the place alone. */
  readonly prior: number
  /** What the chain had before this frame. */
  readonly headers: number
  readonly extra: number
  /** Bits for this frame alone, including its start and its end; undefined until its end has been seen. */
  own: number | undefined
  /** Whether the frame ended where a segment ends. */
  exact: boolean
}

/** Captured bytes in one piece; `end` is a position of the window. */
export interface Run {
  end: number
}

/** One chain. Frames are added one by one, and their evidence is summed up. */
export class Chain {
  /** Whether it began at the start of a segment, in a direction whose payloads are not expected to hold frames. */
  readonly isFromSegment: boolean
  frames = 0
  /** Bytes of the longest frame. */
  longest = 0
  fragmentation: Fragmentation = 'unknown'
  start: Start | undefined = undefined
  /** Where in the stream the next frame starts. */
  landing = 0
  /** At which position of the window the last frame starts. */
  position = 0
  /**
   * The number of headers that count (each is worth the rarity of plausible headers), and further bits: for lengths, contents and
   * ends.
   */
  #headers = 0
  #extra = 0
  /** The part of `#extra` for lengths, and the part for text that is not masked. */
  #forms = 0
  #plainText = 0
  /** The last frame: its header, the bytes that hold it, its part in the two sums above, and what its payload says. */
  readonly #header = emptyHeader()
  #run: Run = { end: 0 }
  #headerCounts = 0
  #formBits = 0
  #content: number | undefined = undefined
  #signature = 0
  #repeated = false

  constructor(isFromSegment: boolean) {
    this.isFromSegment = isFromSegment
  }

  /** The next frame: its header is at `offset` of the stream and at `position` of the window, in `run`. */
  add(header: Header, offset: number, position: number, run: Run): void {
    const lengthForm = lengthFormOf(header)
    const length = header.headerLength + Number(header.payloadLength)
    Object.assign(this.#header, header)
    this.#run = run
    // The low bytes of an unfinished fragment are everywhere in binary data.
    this.#headerCounts = header.fin ? 1 : 0
    this.#formBits = lengthForm === 7 ? 0 : lengthForm === 16 ? LENGTH_16_BITS : LENGTH_64_BITS
    this.#headers += this.#headerCounts
    this.#extra += this.#formBits
    this.#forms += this.#formBits
    this.#content = undefined
    this.position = position
    this.landing = offset + length
    this.longest = Math.max(this.longest, length)
    this.fragmentation = fragmentationAfter(header, this.fragmentation)
    this.frames++
  }

  /** Marks the frame that is added next, at `offset` of the stream, as one to start from. */
  startHere(offset: number, position: number, kind: StartKind, prior: number): void {
    const headers = this.#headers
    this.start = { offset, position, kind, prior, headers, extra: this.#extra, own: undefined, exact: false }
  }

  /** Looks at the last frame's first bytes, once; `bytes[0]` is position `base`. False if they speak against the frame. */
  sample(bytes: Uint8Array, base: number): boolean {
    if (this.#content !== undefined) return true
    const { headerLength, payloadLength } = this.#header
    const start = this.position - base
    const frameEnd = start + headerLength + Number(payloadLength)
    const runEnd = this.#run.end - base
    this.#content = 0
    if (start < 0) return true
    const signature = hash(FNV_BASIS, bytes, start, Math.min(start + SIGNATURE, frameEnd, runEnd))
    this.#repeated = signature === this.#signature
    this.#signature = signature
    if (this.#repeated) {
      // Repeated bytes are more likely a pattern than a message: this frame does not count as evidence.
      this.#headers -= this.#headerCounts
      this.#extra -= this.#formBits
      this.#forms -= this.#formBits
      this.#headerCounts = this.#formBits = 0
    }
    const payloadAt = start + headerLength
    const end = Math.min(payloadAt + SAMPLE, frameEnd, runEnd)
    const content = contentEvidence(this.#header, bytes, payloadAt, end, end === frameEnd)
    if (content < 0) return false
    this.#content = this.#repeated ? 0 : content
    this.#extra += this.#content
    if (!this.#header.masked) this.#plainText += this.#content
    return true
  }

  /**
   * The last frame, already sampled, has ended. `where`: the kind of segment that starts there, which is worth `endBits`; or
   * `inside` a segment. `rarity`: bits for the header that follows.
   */
  land(where: SegmentStart | 'inside', endBits: number, rarity: number): void {
    const exact = where !== 'inside'
    // A pattern may keep step with full segments, but not with the sender's pauses.
    const counts = exact && (!this.#repeated || where === 'write')
    const bits = counts ? Math.min(endBits, this.#formBits > 0 ? endBits : LENGTH_16_BITS) : 0
    this.#extra += bits
    const { start } = this
    if (start === undefined || start.own !== undefined) return
    start.exact = exact
    start.own =
      start.prior +
      this.#headerCounts * rarity +
      this.#formBits +
      (this.#content ?? 0) +
      Math.max(rarity, bits)
  }

  /**
   * Bits of the whole chain, wherever it starts. Among all the places in the stream, some have text or a long length after them
   * by chance. So unmasked text does not count, and lengths count only as far as `lengthRarity` (0 … 1) allows.
   */
  evidence(rarity: number, lengthRarity: number): number {
    return this.#headers * rarity + this.#extra - this.#plainText - this.#forms * (1 - lengthRarity)
  }

  /** Bits for the chain and for its start, whether they are enough or not. */
  claim(rarity: number): number {
    const { start } = this
    const prior = start === undefined ? 0 : start.kind === 'unknown' ? UNKNOWN_CLAIM : start.prior
    return prior + this.evidence(rarity, 1)
  }

  /** Bits for its start, or 0 if they are not enough. `atEnd`: nothing more can be seen. */
  startEvidence(rarity: number, atEnd: boolean): number {
    const { start } = this
    if (start === undefined) return 0
    const asked = ASKED[start.kind]
    const total = start.prior + (this.#headers - start.headers) * rarity + (this.#extra - start.extra)
    const isSound =
      start.own === undefined ? total >= 2 * asked.own && start.kind === 'write' : this.hasSoundStart
    return isSound && total >= (atEnd ? asked.finally : asked.total) ? total : 0
  }

  /** Whether the start's own frame has the bits it needs. */
  get hasSoundStart(): boolean {
    const { start } = this
    if (start?.own === undefined) return false
    if (start.kind === 'write' || start.kind === 'along' || start.exact)
      return start.own >= ASKED[start.kind].own
    return this.isFromSegment && start.own >= OWN_INSIDE
  }

  /** Whether this chain is kept when two chains meet: the better start wins, then more evidence. */
  isBetterThan(other: Chain, rarity: number): boolean {
    const difference = startRank(this) - startRank(other)
    return difference !== 0 ? difference > 0 : this.evidence(rarity, 1) > other.evidence(rarity, 1)
  }
}

function startRank(chain: Chain): number {
  if (chain.start === undefined) return 0
  if (chain.hasSoundStart) return 3
  return chain.start.kind === 'write' ? 2 : 1
}
