// Reads one head, or one PROXY protocol preface. In: chunks, cut anywhere. Out: the head or the preface. Pays for what it keeps
// from the budget.
import { NO_BYTES } from '../base/bytes.ts'
import type { Head } from '../base/events.ts'
import type { Budget } from '../base/limits.ts'
import type { Chunk, Time } from '../base/stream.ts'
import { endOfHead, type ParsedHead, parseCutHead, parseHead, startOfLine } from './heads.ts'
import { type Opening, openingOf } from './openings.ts'
import { type ProxyPreface, readProxyPreface } from './proxy-protocol.ts'

/** A head with its packets. */
export interface Message extends ParsedHead {
  readonly firstPacket: number
  /** The packet whose arrival completed it, or its last part before a gap; `time` is that packet's. */
  readonly lastPacket: number
  readonly time: Time | undefined
  /** True if a gap swallowed its end: headers may be missing. */
  readonly cut: boolean
  /** The bytes that are charged for holding it. */
  readonly cost: number
}

/** The part of a message that its event has. */
export function headOf({ firstPacket, lastPacket, time, startLine, headers }: Message): Head {
  return { firstPacket, lastPacket, time, startLine, headers }
}

/**
 * What a chunk led to: `more` bytes are needed; a head or a preface, and the position after it; `none`, nothing that http/ reads;
 * a head over the limit.
 */
export type Reading =
  | { readonly kind: 'more' | 'none' | 'http2' | 'http2-server' | 'tls' | 'too-long' }
  | { readonly kind: 'head'; readonly message: Message; readonly behind: number }
  | { readonly kind: 'proxy'; readonly preface: ProxyPreface; readonly behind: number }

/**
 * Bytes charged for a line of a head, for two strings and a pair. A head of a megabyte may have hundreds of thousands of lines.
 */
const LINE_COST = 128
const FIRST_CAPACITY = 512
const LF = 0x0a
/** CR and LF: the search for an empty line resumes this far before the end of what was searched. */
const LINE_END_LENGTH = 2

/** Reads one message at a time. */
export class HeadReader {
  readonly #limit: number
  readonly #budget: Budget
  #bytes = NO_BYTES
  #length = 0
  #opening: Opening = 'more'
  /** Where the search for the end of the head resumes. */
  #searched = 0
  #startLineSeen = false
  #firstPacket = 0
  #lastReleased = 0
  #lastTime: Time | undefined

  constructor(limit: number, budget: Budget) {
    this.#limit = limit
    this.#budget = budget
  }

  /** True while a head or a preface has begun and not ended. */
  get begun(): boolean {
    return this.#length > 0
  }

  /**
   * Reads on at `chunk.bytes[at]`. `expected`: bits of `Expect`. Positions in the answer are positions in the chunk. After any
   * answer but `more`, the reader is as new.
   */
  read(chunk: Chunk, at: number, expected: number): Reading {
    if (this.#length === 0) this.#firstPacket = chunk.packet
    this.#lastReleased = chunk.released
    this.#lastTime = chunk.time
    const before = this.#length
    // A head that lies within one chunk, as most do, is read where it lies.
    let reading = before === 0 ? this.#examine(chunk.bytes, at, chunk.end, expected) : MORE
    let origin = at
    if (reading.kind === 'more') {
      if (!this.#append(chunk.bytes, at, chunk.end)) reading = { kind: 'too-long' }
      else if (before > 0) {
        reading = this.#examine(this.#bytes, 0, this.#length, expected)
        origin = at - before
      } else this.#searched -= at
    }
    if (reading.kind === 'more') return reading
    this.reset()
    return 'behind' in reading && before > 0 ? { ...reading, behind: reading.behind + origin } : reading
  }

  /** The sure part of a head that a gap cut off; undefined without a whole start line. The reader is then as new. */
  cut(): Message | undefined {
    const kind = this.#opening
    const isHead = this.#length > 0 && (kind === 'request' || kind === 'response')
    const head = isHead ? parseCutHead(kind, this.#bytes, 0, this.#length) : undefined
    const message = head && this.#message(head, this.#length, true)
    this.reset()
    return message
  }

  /** Forgets what has begun, and gives back what it cost. */
  reset(): void {
    this.#budget.give(this.#bytes.length)
    this.#bytes = NO_BYTES
    this.#length = 0
    this.#searched = 0
    this.#opening = 'more'
    this.#startLineSeen = false
  }

  #examine(bytes: Uint8Array, start: number, end: number, expected: number): Reading {
    if (this.#opening === 'more') {
      this.#opening = openingOf(bytes, start, end, expected)
      this.#searched = start
    }
    switch (this.#opening) {
      case 'request':
      case 'response':
        return this.#examineHead(this.#opening, bytes, start, end)
      case 'proxy': {
        const preface = readProxyPreface(bytes, start, end)
        if (preface === 'more') return MORE
        return preface === 'invalid' ? NONE : { kind: 'proxy', preface, behind: start + preface.length }
      }
      case 'http2':
      case 'http2-server':
      case 'tls':
        return { kind: this.#opening }
      default:
        return this.#opening === 'more' ? MORE : NONE
    }
  }

  #examineHead(kind: 'request' | 'response', bytes: Uint8Array, start: number, end: number): Reading {
    const line = startOfLine(bytes, start, end)
    const searched = Math.max(this.#searched, line)
    const behind = endOfHead(bytes, searched, end)
    if ((behind ?? end) - start > this.#limit) return TOO_LONG
    if (behind !== undefined) {
      if (hasTooManyLines(bytes, start, behind, this.#limit)) return TOO_LONG
      const head = parseHead(kind, bytes, start, behind)
      return head === undefined
        ? NONE
        : { kind: 'head', message: this.#message(head, behind - start, false), behind }
    }
    this.#searched = Math.max(line, end - LINE_END_LENGTH)
    return this.#startLineFails(kind, bytes, line, searched, end) ? NONE : MORE
  }

  /**
   * Redis and other protocols have commands that begin as a request does: the first line shows it, before a megabyte is
   * collected.
   */
  #startLineFails(
    kind: 'request' | 'response',
    bytes: Uint8Array,
    line: number,
    searched: number,
    end: number,
  ): boolean {
    if (this.#startLineSeen) return false
    const lineEnd = bytes.subarray(searched, end).indexOf(LF) + 1
    if (lineEnd === 0) return false
    this.#startLineSeen = true
    return parseCutHead(kind, bytes, line, searched + lineEnd) === undefined
  }

  #message(head: ParsedHead, length: number, cut: boolean): Message {
    // Field by field: spreading the head takes as long as parsing it (measured).
    return {
      kind: head.kind,
      startLine: head.startLine,
      method: head.method,
      status: head.status,
      headers: head.headers,
      firstPacket: this.#firstPacket,
      lastPacket: this.#lastReleased,
      time: this.#lastTime,
      cut,
      cost: length + LINE_COST * head.headers.length,
    }
  }

  /** False if the budget has no room for it. */
  #append(bytes: Uint8Array, start: number, end: number): boolean {
    const length = this.#length + end - start
    if (length > this.#bytes.length) {
      const capacity = Math.max(FIRST_CAPACITY, length, 2 * this.#bytes.length)
      if (!this.#budget.take(capacity)) return false
      const grown = new Uint8Array(capacity)
      grown.set(this.#bytes.subarray(0, this.#length))
      this.#budget.give(this.#bytes.length)
      this.#bytes = grown
    }
    this.#bytes.set(bytes.subarray(start, end), this.#length)
    this.#length = length
    return true
  }
}

function hasTooManyLines(bytes: Uint8Array, start: number, end: number, limit: number): boolean {
  // Even one line for each byte would be within the limit: so it is with nearly every head.
  if ((end - start) * (1 + LINE_COST) <= limit) return false
  let lines = 0
  for (let at = start; at < end; at++) if (bytes[at] === LF) lines++
  return end - start + LINE_COST * lines > limit
}

const MORE: Reading = { kind: 'more' }
const NONE: Reading = { kind: 'none' }
const TOO_LONG: Reading = { kind: 'too-long' }
