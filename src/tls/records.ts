// The record layer of one direction (RFC 8446 §5.1). In: stream items, cut anywhere. Out: records, pulled one by one. After a
// hole that hid a header, every place that looks like a header is offered: only the caller can tell, by the tag, whether it is
// one.
import { NO_BYTES } from '../base/bytes.ts'
import type { Budget } from '../base/limits.ts'
import type { Chunk, Gap, GapReason, Time } from '../base/stream.ts'

/** RFC 8446 §5.1. */
export const ContentType = { changeCipherSpec: 20, alert: 21, handshake: 22, applicationData: 23 } as const

/** Bytes of a record's header: type, version, length. */
export const HEADER_LENGTH = 5
/** In bytes. RFC 5246 §6.2.3: a protected fragment may have 2048 bytes more than the longest content, 2^14. */
const LONGEST_FRAGMENT = 2 ** 14 + 2048
/** Memory for a whole record is taken only once an eighth of it is there: a header alone may promise anything. */
const MOST_AHEAD = 8
/** Bytes charged for remembering where a chunk began. */
const MARK_COST = 32

/** A record; its bytes are valid until `peek`, `keep` or `push` is called next. */
export interface TlsRecord {
  readonly type: number
  /** Header and fragment are `bytes[start … end)`. */
  readonly bytes: Uint8Array
  readonly start: number
  readonly end: number
  /** The packet that holds its first byte. */
  readonly packet: number
  /** The packet whose arrival completed it; `time` is that packet's. */
  readonly released: number
  readonly time: Time | undefined
}

/** Records that are lost. */
export interface LostRecords {
  /** The content type, if exactly one record is lost and its header was captured. */
  readonly type: number | undefined
  /** Bytes of these records, headers and captured parts included. */
  readonly bytes: number
  readonly reason: GapReason
  readonly released: number
  readonly time: Time | undefined
}

/**
 * `record`: at a place that is certain. `candidate`: looks like a record, after a loss. `lost`: one record is lost, and the place
 * of the next is certain.
 */
export type Reading =
  | { readonly kind: 'record'; readonly record: TlsRecord }
  | { readonly kind: 'candidate'; readonly record: TlsRecord; readonly lost: LostRecords }
  | { readonly kind: 'lost'; readonly lost: LostRecords }

/** Whether the five bytes from `at` on, which must be there, may be a record header. */
export function looksLikeRecord(bytes: Uint8Array, at: number): boolean {
  const type = bytes[at]!
  const length = (bytes[at + 3]! << 8) | bytes[at + 4]!
  return (
    type >= ContentType.changeCipherSpec &&
    type <= ContentType.applicationData &&
    bytes[at + 1] === 3 &&
    bytes[at + 2]! <= 4 &&
    length <= LONGEST_FRAGMENT
  )
}

/** The record's fragment, which is its content if the record is not protected. */
export function contentOf({ bytes, start, end }: TlsRecord): Uint8Array {
  return bytes.subarray(start + HEADER_LENGTH, end)
}

/** RFC 5246 §7.1: a ChangeCipherSpec is one byte, 1. */
export function isChangeCipherSpec(record: TlsRecord): boolean {
  const content = contentOf(record)
  return record.type === ContentType.changeCipherSpec && content.length === 1 && content[0] === 1
}

/** Push an item, then `peek` and `advance` (or `reject`) until `peek` returns undefined, then push again. */
export class RecordReader {
  readonly #budget: Budget
  /** The bytes at hand are `#bytes[#at … #end)`: the chunk's, or those in `#own`. */
  #bytes = NO_BYTES
  #at = 0
  #end = 0
  /** Memory for bytes that wait for the rest of their record, paid for from the budget; empty while none wait. */
  #own = NO_BYTES
  /** Where chunks begin in `#own`, and the packets that they came in. */
  #marks: { at: number; readonly packet: number }[] = []
  #packet = 0
  #released = 0
  #time: Time | undefined
  /** Bytes of a lost record that are still to come. */
  #toSkip = 0
  /** A record that was lost; the place of the next one is known. */
  #lostRecord: LostRecords | undefined
  /** True while the place of the next record is not known: `#lostBytes` bytes were lost before `#at`. */
  #isSearching = false
  #lostBytes = 0
  #lostReason: GapReason = 'undecrypted'

  constructor(budget: Budget) {
    this.#budget = budget
  }

  /** Takes the next item. Called only after `peek` has answered undefined. */
  push(item: Chunk | Gap): void {
    this.#released = item.released
    this.#time = item.time
    if (item.kind === 'gap') this.#pushGap(item)
    else if (this.#at < this.#end) this.#append(item)
    else {
      this.#letGo()
      this.#bytes = item.bytes
      this.#at = item.start
      this.#end = item.end
      this.#packet = item.packet
    }
  }

  /**
   * What comes next; undefined if more must be pushed. The same again until `advance` or `reject` is called. `isLast`: nothing
   * more comes, so a candidate without its rest is skipped.
   */
  peek(isLast = false): Reading | undefined {
    if (this.#lostRecord !== undefined) return { kind: 'lost', lost: this.#lostRecord }
    const skipped = Math.min(this.#toSkip, this.#end - this.#at)
    this.#toSkip -= skipped
    this.#at += skipped
    if (!this.#isSearching && this.#end - this.#at >= HEADER_LENGTH) {
      const length = HEADER_LENGTH + this.#fragmentLength
      if (!looksLikeRecord(this.#bytes, this.#at)) this.#search(0, 'undecrypted')
      else if (length <= this.#end - this.#at) return { kind: 'record', record: this.#record(length) }
    }
    const candidate = this.#isSearching ? this.#peekCandidate(isLast) : undefined
    if (candidate === undefined) this.keep()
    return candidate
  }

  /** The reading was taken: what follows it comes next, at a place that is certain. */
  advance(reading: Reading): void {
    if (reading.kind !== 'lost') this.#at = reading.record.end
    this.#lostRecord = undefined
    this.#isSearching = false
    this.#lostBytes = 0
  }

  /** The candidate is not a record: the search goes on one byte later. */
  reject(): void {
    this.#at++
    this.#lostBytes++
  }

  /** Copies what is not read yet, so that the chunk need not stay valid. */
  keep(): void {
    if (this.#at === this.#end) this.#letGo()
    else if (this.#own.length === 0) {
      const rest = { bytes: this.#bytes, start: this.#at, end: this.#end, packet: this.#packet }
      this.#at = this.#end = 0
      this.#append(rest)
    } else if (this.#at > 0) this.#compact()
  }

  /** Nothing more comes: returns what is left of a record or a search, if anything. Gives back what was taken from the budget. */
  finish(): LostRecords | undefined {
    const bytes = this.#lostBytes + this.#end - this.#at
    const lost = bytes === 0 ? undefined : this.#lost(bytes, this.#isSearching ? this.#lostReason : 'end')
    this.release()
    return lost
  }

  /** Gives back what was taken from the budget. */
  release(): void {
    this.#letGo()
    this.#lostBytes = 0
  }

  get #fragmentLength(): number {
    return (this.#bytes[this.#at + 3]! << 8) | this.#bytes[this.#at + 4]!
  }

  #record(length: number): TlsRecord {
    const start = this.#at
    return {
      type: this.#bytes[start]!,
      bytes: this.#bytes,
      start,
      end: start + length,
      packet: this.#marks.findLast(({ at }) => at <= start)?.packet ?? this.#packet,
      released: this.#released,
      time: this.#time,
    }
  }

  #lost(bytes: number, reason: GapReason, type?: number): LostRecords {
    return { type, bytes, reason, released: this.#released, time: this.#time }
  }

  #search(lostBytes: number, reason: GapReason): void {
    if (!this.#isSearching) this.#lostReason = reason
    this.#isSearching = true
    this.#lostBytes += lostBytes
  }

  #peekCandidate(isLast: boolean): Reading | undefined {
    for (; this.#end - this.#at >= HEADER_LENGTH; this.reject()) {
      if (!looksLikeRecord(this.#bytes, this.#at)) continue
      const length = HEADER_LENGTH + this.#fragmentLength
      if (length <= this.#end - this.#at) {
        const lost = this.#lost(this.#lostBytes, this.#lostReason)
        return { kind: 'candidate', record: this.#record(length), lost }
      }
      if (!isLast) return undefined
    }
    return undefined
  }

  #pushGap({ length, reason }: Gap): void {
    if (this.#toSkip >= length) {
      this.#toSkip -= length
      return
    }
    const available = this.#end - this.#at
    const hasHeader = !this.#isSearching && available >= HEADER_LENGTH
    const whole = hasHeader ? HEADER_LENGTH + this.#fragmentLength : 0
    if (whole >= available + length) {
      this.#lostRecord = this.#lost(whole, reason, this.#bytes[this.#at]!)
      this.#toSkip = whole - available - length
    } else {
      this.#search(available + length - this.#toSkip, reason)
      this.#toSkip = 0
    }
    this.#letGo()
  }

  /** Puts the chunk after the bytes that wait. */
  #append({ bytes, start, end, packet }: Pick<Chunk, 'bytes' | 'start' | 'end' | 'packet'>): void {
    const waiting = this.#end - this.#at
    const length = waiting + end - start
    const isPlaced = !this.#isSearching && waiting >= HEADER_LENGTH
    const whole = isPlaced ? HEADER_LENGTH + this.#fragmentLength : 0
    const isMarked = whole <= length
    const wanted = whole <= MOST_AHEAD * length ? whole : 2 * this.#own.length
    const capacity = this.#own.length >= this.#at + length ? 0 : Math.max(length, wanted)
    if (!this.#budget.take(capacity + (isMarked ? MARK_COST : 0))) {
      this.#search(length, 'limit')
      this.#letGo()
      return
    }
    if (isMarked) this.#marks.push({ at: this.#end, packet })
    if (capacity > 0) {
      const grown = new Uint8Array(capacity)
      grown.set(this.#bytes.subarray(0, this.#end))
      this.#budget.give(this.#own.length)
      this.#own = grown
    }
    this.#own.set(bytes.subarray(start, end), this.#end)
    this.#bytes = this.#own
    this.#end = this.#at + length
  }

  /** Moves the bytes that wait to the front of `#own`, so that it does not grow. */
  #compact(): void {
    const by = this.#at
    this.#own.copyWithin(0, by, this.#end)
    this.#at = 0
    this.#end -= by
    const first = this.#marks.findLastIndex(({ at }) => at <= by)
    this.#budget.give(this.#marks.splice(0, first).length * MARK_COST)
    for (const mark of this.#marks) mark.at = Math.max(0, mark.at - by)
  }

  #letGo(): void {
    if (this.#own.length > 0) this.#budget.give(this.#own.length + this.#marks.length * MARK_COST)
    this.#own = NO_BYTES
    this.#bytes = NO_BYTES
    this.#marks = []
    this.#at = this.#end = 0
  }
}
