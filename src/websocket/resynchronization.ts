// Finds the next frame after a hole that hid a header, or at the start of a capture that begins in mid-connection. In: stream
// items. Out: the next offset where a frame surely starts. Looks for a chain of plausible frames (plausibility.ts) and weighs the
// evidence (chain.ts); rather finds nothing than a frame that was never sent.
//
// What looks like frames may be the payload of the frame whose header is hidden. So two kinds of places count: where the sender
// started a new write (segment-pattern.ts), and any place beyond the reach of the longest frame known. Time is linear in the
// bytes.
import type { Budget } from '../base/limits.ts'
import type { Chunk, Gap, StreamEnd, StreamItem } from '../base/stream.ts'
import { Chain, type Run } from './chain.ts'
import type { FrameHistory } from './frame-history.ts'
import { emptyHeader, readHeader } from './header.ts'
import { isPlausible, plausibleFirstBytes } from './plausibility.ts'
import { SearchWindow } from './search-window.ts'
import type { SegmentPattern, SegmentStart } from './segment-pattern.ts'
import { type FirstByte, TiledFrames } from './tiled-frames.ts'

/** Evidence, and number of frames, that a chain needs if none of its frames is known to start a write. */
const ASKED_ANYWHERE = 48
const FRAMES_ANYWHERE = 4
/** Evidence that a chain from the start of a segment needs before one of its later frames may be the one to start from. */
const ASKED_ALONG = 20
/** From this evidence on, a chain whose last frame has not ended yet keeps others from starting within that frame. */
const ASKED_OF_RIVALS = 15
/**
 * How far the hidden frame is taken to reach: at least, until the sender starts a new write; and at most, or one long frame would
 * end all search.
 */
const SHORTEST_REACH = 64 * 1024
const LONGEST_REACH = 256 * 1024
/** Chains followed at a time. */
const MOST_CHAINS = 512
/** Captured bytes between two clearings. */
const CLEAR_EVERY = 16 * 1024
/** Bits that the start of a write is worth, unless segments are so short that every other byte starts one. */
const WRITE_BITS = 10
/** Bits that a plausible header is worth at most, and the counts that the estimate starts from. */
const RARITY_LIMIT = 6.5
const RARITY_PRIOR = { offsets: 256, plausible: 4, long: 4 / 128 }

const FIRST_BYTES = { plain: plausibleFirstBytes(false), rsv1: plausibleFirstBytes(true) }

/** Where a search starts, and what is known of the direction. */
export interface ResynchronizationOptions {
  /** The frames of this direction so far. */
  readonly history: FrameHistory
  readonly rsv1Allowed: boolean
  /** At the start of a capture: whether a frame may start with the first captured byte. Undefined: no more likely than elsewhere. */
  readonly firstByte?: FirstByte | undefined
  /** Where in the stream the search starts. */
  readonly offset: number
  /** How this direction was cut into segments so far; the search goes on adding to it. */
  readonly segments: SegmentPattern
  /** Bytes held back at most. */
  readonly windowLimit: number
  readonly budget: Budget
}

/** A frame that is sure, and the items to decode from there on. */
export interface FoundFrame {
  /** Where the frame starts in the stream. */
  readonly offset: number
  /** 0 … 1. */
  readonly confidence: number
  /** If the frames keep to the segments from the first captured byte on: what stands behind that byte. */
  readonly firstByte: FirstByte | undefined
  /** The items from there on, as far as they were pushed. */
  readonly items: StreamItem[]
  /** What they have drawn from the budget, to be given back once they are decoded. */
  readonly held: number
}

/** Where a frame starts: in the stream, and in the window. */
interface Place {
  readonly offset: number
  readonly position: number
}

/** How a search ended. */
export interface SearchResult {
  /** Where the search started in the stream. */
  readonly offset: number
  /** Captured bytes before the frame that was found; all of them if none was. */
  readonly passedOver: number
  readonly found: FoundFrame | undefined
}

/** One search. Push items until there is a `result`. */
export class Resynchronization {
  /** The result; undefined while more has to be pushed. */
  result: SearchResult | undefined = undefined
  readonly #options: ResynchronizationOptions
  readonly #window: SearchWindow
  readonly #header = emptyHeader()
  readonly #firstBytes: Uint8Array
  readonly #maskBit: number
  /** The frames from the first captured byte on, while they may be taken, and where that byte is. */
  #tiled: TiledFrames | undefined
  #first: Place = { offset: 0, position: 0 }
  /** Chains by where their next frame starts. */
  readonly #chains = new Map<number, Chain>()
  /** Segments that start from `#scanned` on, in order: their offset, and what their start is. */
  #starts: { readonly offset: number; readonly kind: SegmentStart }[] = []
  #passedStarts = 0
  /**
   * Offsets in the stream: from which a hidden frame may reach; up to which everything was looked at; and of the end of the bytes
   * at hand.
   */
  #hiddenFrom: number
  #scanned: number
  #end: number
  /** Where the sender first started a new write after the last gap: what is hidden ends there. */
  #writtenFrom = Infinity
  /** The bytes since the last gap. */
  #run: Run = { end: 0 }
  #sinceCleared = 0
  /** Offsets looked at, how many of them had a plausible header, and how many of those announced a long payload. */
  #offsetCount = RARITY_PRIOR.offsets
  #plausibleCount = RARITY_PRIOR.plausible
  #longCount = RARITY_PRIOR.long

  constructor(options: ResynchronizationOptions) {
    this.#options = options
    this.#window = new SearchWindow(options.budget)
    this.#firstBytes = options.rsv1Allowed ? FIRST_BYTES.rsv1 : FIRST_BYTES.plain
    this.#maskBit = options.history.masked ? 0x80 : 0
    if (options.firstByte !== undefined)
      this.#tiled = new TiledFrames(options.history.masked, options.rsv1Allowed)
    this.#hiddenFrom = options.offset
    this.#scanned = options.offset
    this.#end = options.offset
  }

  /** Whether bytes were captured since the search began. */
  get hasBytes(): boolean {
    return this.#window.end > 0
  }

  /** Takes the next item. Nothing may be pushed once there is a result. */
  push(item: StreamItem): void {
    if (item.kind === 'chunk') this.#chunk(item)
    else if (item.kind === 'gap') this.#gap(item)
    else this.#streamEnd(item)
  }

  #chunk(chunk: Chunk): void {
    const { segments, windowLimit } = this.#options
    const length = chunk.end - chunk.start
    if (!this.#window.append(chunk, this.#end)) {
      // The budget is used up: these bytes count as missing.
      this.#tiled = undefined
      this.#closeRun(this.#end + length)
      if (this.result?.found !== undefined) this.result.found.items.push({ ...chunk })
      else this.#window.skip(length)
      return
    }
    if (chunk.segmentStart) this.#startSegment(segments.start(length))
    else segments.grow(length)
    this.#takeTiled(chunk, this.#end, this.#window.end - length)
    if (this.result !== undefined) return
    this.#end += length
    this.#run.end = this.#window.end
    this.#scan(false)
    if (this.result !== undefined) return
    this.#sinceCleared += length
    if (this.#window.held > windowLimit) this.#clear(true)
    else if (this.#sinceCleared > Math.max(CLEAR_EVERY, this.#window.held / 2)) this.#clear(false)
  }

  /** Whether the frames keep to the segments from the first captured byte on. The item has been put into the window. */
  #takeTiled(item: StreamItem, offset: number, position: number): void {
    const tiled = this.#tiled
    const { firstByte } = this.#options
    if (tiled === undefined || firstByte === undefined) return
    if (!tiled.hasStarted) this.#first = { offset, position }
    tiled.push(item)
    const isOver = item.kind !== 'chunk' && tiled.isBroken
    if (tiled.isEnough(firstByte, isOver)) this.#acceptAt(this.#first, tiled.evidence, firstByte)
    else if (tiled.isBroken) this.#tiled = undefined
  }

  #startSegment(kind: SegmentStart): void {
    this.#starts.push({ offset: this.#end, kind })
    if (kind === 'write') this.#writtenFrom = Math.min(this.#writtenFrom, this.#end)
  }

  #gap(gap: Gap): void {
    const { segments } = this.#options
    this.#window.appendStop(gap, this.#end)
    if (gap.reason === 'snapped') segments.grow(gap.length)
    else segments.miss(gap.length)
    this.#takeTiled(gap, this.#end, this.#window.end)
    if (this.result !== undefined) return
    this.#closeRun(this.#end + gap.length)
  }

  #streamEnd(end: StreamEnd): void {
    this.#window.appendStop(end, this.#end)
    this.#takeTiled(end, this.#end, this.#window.end)
    if (this.result !== undefined) return
    this.#closeRun(Infinity)
    if (this.result !== undefined) return
    this.result = { offset: this.#options.offset, passedOver: this.#window.end, found: undefined }
    this.#window.release()
    this.#chains.clear()
  }

  /**
   * No more bytes follow those at hand, and the next ones start at `next`: settles the chains whose next frame starts before
   * that.
   */
  #closeRun(next: number): void {
    this.#scan(true)
    if (this.result !== undefined) return
    let best: Chain | undefined
    for (const [landing, chain] of this.#chains) {
      if (landing >= next && next !== Infinity) continue
      this.#chains.delete(landing)
      if (landing < this.#end || !chain.sample(this.#window.bytes, this.#window.base)) continue
      if (landing === this.#end) chain.land('unknown', this.#endBits, 0)
      if (chain.startEvidence(this.#rarity, true) === 0) continue
      if (best === undefined || chain.start!.offset < best.start!.offset) best = chain
    }
    if (best !== undefined) this.#accept(best)
    this.#run = { end: this.#window.end }
    this.#end = this.#scanned = this.#hiddenFrom = next
    this.#writtenFrom = Infinity
  }

  /** Looks at every offset whose header is complete. `closed`: what is missing of a header does not come. */
  #scan(closed: boolean): void {
    const { bytes, base, end } = this.#window
    const firstBytes = this.#firstBytes
    const maskBit = this.#maskBit
    const header = this.#header
    const runEnd = end - base
    /** The offset of `bytes[0]` in the stream, as if the run reached back that far. */
    const origin = this.#end - runEnd
    const from = this.#scanned - origin
    const last = runEnd - 1
    let at = from
    for (; at < last; at++) {
      if (firstBytes[bytes[at]!] === 0 || (bytes[at + 1]! & 0x80) !== maskBit) continue
      if (!readHeader(header, bytes, at, runEnd)) {
        if (closed) continue
        break
      }
      if (!isPlausible(header, 'unknown')) continue
      if (header.fin) {
        this.#plausibleCount++
        if (header.payloadLength > 125) this.#longCount++
      }
      this.#visit(origin + at, base + at)
      if (this.result !== undefined) return
    }
    this.#offsetCount += Math.max(0, at - from)
    this.#scanned = origin + Math.max(at, from)
  }

  /** A plausible header, at `offset` of the stream and `position` of the window. */
  #visit(offset: number, position: number): void {
    const header = this.#header
    const rarity = this.#rarity
    const kind = this.#segmentStartAt(offset)
    let chain = this.#chains.get(offset)
    if (chain !== undefined) {
      this.#chains.delete(offset)
      if (isPlausible(header, chain.fragmentation) && chain.sample(this.#window.bytes, this.#window.base)) {
        chain.land(kind ?? 'inside', this.#endBits, rarity)
        if (this.#isSureAt(offset, chain)) {
          if (!chain.hasSoundStart) chain.startHere(offset, position, 'continued', 0)
          this.#accept(chain)
          return
        }
        if (this.#isFarAlong(chain)) chain.startHere(offset, position, 'along', 0)
      } else {
        chain = undefined
      }
    }
    if (chain === undefined) {
      if (
        kind === undefined
          ? !header.fin || this.#chains.size >= MOST_CHAINS
          : this.#chains.size >= 2 * MOST_CHAINS
      )
        return
      chain = new Chain(kind !== undefined && !this.#options.history.mayHoldFrames)
    }
    if (
      kind !== undefined &&
      !chain.hasSoundStart &&
      (kind !== 'continued' || offset >= this.#reach(chain, offset))
    ) {
      chain.startHere(offset, position, kind, kind === 'write' ? this.#writeBits : 0)
    }
    chain.add(header, offset, position, this.#run)
    const rival = this.#chains.get(chain.landing)
    if (rival === undefined || chain.isBetterThan(rival, rarity)) this.#chains.set(chain.landing, chain)
    if (chain.startEvidence(rarity, false) > 0) this.#accept(chain)
  }

  /** Whether a chain from the start of a segment has enough evidence that the place it has reached is most likely a frame. */
  #isFarAlong(chain: Chain): boolean {
    if (!chain.isFromSegment || chain.hasSoundStart) return false
    return chain.evidence(this.#rarity, this.#lengthRarity) >= ASKED_ALONG
  }

  /** Whether the evidence is enough to start at `offset`, which the chain has reached, even if no segment starts there. */
  #isSureAt(offset: number, chain: Chain): boolean {
    const evidence = chain.evidence(this.#rarity, this.#lengthRarity)
    if (evidence < ASKED_ANYWHERE || chain.frames < FRAMES_ANYWHERE || offset < this.#reach(chain, offset))
      return false
    // Inside a frame of another chain, this chain may be its payload.
    const until = offset + this.#options.windowLimit
    for (const rival of this.#chains.values()) {
      const { landing } = rival
      if (landing > offset && landing < until && rival.claim(this.#rarity) >= ASKED_OF_RIVALS) return false
    }
    return true
  }

  #accept(chain: Chain): void {
    const evidence = Math.max(
      chain.startEvidence(this.#rarity, true),
      chain.evidence(this.#rarity, this.#lengthRarity),
    )
    // Some 2^16 places were tried before this one.
    this.#acceptAt(chain.start!, evidence - 16, undefined)
  }

  #acceptAt(start: Place, evidence: number, firstByte: FirstByte | undefined): void {
    const { offset, position } = start
    const items = this.#window.itemsFrom(offset, position)
    const confidence = 1 - 2 ** -Math.max(1, Math.min(40, evidence))
    const found = { offset, confidence, firstByte, items, held: this.#window.held }
    this.result = { offset: this.#options.offset, passedOver: position, found }
    this.#tiled = undefined
    this.#chains.clear()
  }

  /**
   * Forgets chains that came to nothing, and bytes that are not needed. `hard`: to make room, also forgets the starts in the
   * older half.
   */
  #clear(hard: boolean): void {
    const window = this.#window
    const middle = window.base + (window.end - window.base) / 2
    const scanned = window.end - (this.#end - this.#scanned)
    let needed = Math.min(scanned, window.end)
    for (const [landing, chain] of this.#chains) {
      if (landing < this.#scanned || !chain.sample(window.bytes, window.base)) {
        this.#chains.delete(landing)
        continue
      }
      if (chain.start === undefined) continue
      if (hard && chain.start.position <= middle) chain.start = undefined
      else needed = Math.min(needed, chain.start.position)
    }
    if (hard && this.#first.position <= middle) this.#tiled = undefined
    if (this.#tiled !== undefined) needed = Math.min(needed, this.#first.position)
    window.dropBefore(needed)
    this.#sinceCleared = 0
  }

  /** The kind of segment start at `offset`; undefined if no segment starts there. */
  #segmentStartAt(offset: number): SegmentStart | undefined {
    const starts = this.#starts
    while (this.#passedStarts < starts.length && starts[this.#passedStarts]!.offset < offset)
      this.#passedStarts++
    if (this.#passedStarts === starts.length) {
      this.#starts = []
      this.#passedStarts = 0
      return undefined
    }
    const { offset: at, kind } = starts[this.#passedStarts]!
    return at === offset ? kind : undefined
  }

  /**
   * The offset up to which the frames of `chain` may be payload of the hidden frame, if that is as long as the longest frame
   * known.
   */
  #reach(chain: Chain, offset: number): number {
    if (!this.#options.history.mayHoldFrames) return this.#hiddenFrom
    const longest = Math.max(this.#options.history.longest, chain.longest)
    const least = this.#writtenFrom < offset ? 0 : SHORTEST_REACH
    return this.#hiddenFrom + Math.min(LONGEST_REACH, Math.max(longest, least))
  }

  /** Bits that a plausible header is worth: the rarer they are in these bytes, the more. */
  get #rarity(): number {
    const rarity = Math.min(RARITY_LIMIT, Math.log2(this.#offsetCount / this.#plausibleCount))
    return rarity < 1.5 ? 0 : rarity
  }

  /** 0 … 1: how rare long lengths are among plausible headers, compared with random bytes. */
  get #lengthRarity(): number {
    return Math.min(1, Math.log2(this.#plausibleCount / this.#longCount) / 7)
  }

  /** Bits for a frame that ends exactly where a segment ends. */
  get #endBits(): number {
    return Math.min(12, Math.log2(this.#options.segments.mean))
  }

  get #writeBits(): number {
    return Math.min(WRITE_BITS, 2 * this.#endBits)
  }
}
