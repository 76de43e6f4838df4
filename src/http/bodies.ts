// The body of one HTTP message, skipped without a copy. In: a head, then bytes. Out: how long the body is (RFC 9112 §6.3), and
// where it ends if it comes in chunks (§7.1).
import { elementsOf, headerValues, listElements } from './header-values.ts'
import type { ParsedHead } from './heads.ts'

/**
 * How far a body reaches: `none`; a number of bytes; chunks; until the connection closes; `unknown` if the head contradicts
 * itself.
 */
export type BodyLength = 'none' | number | 'chunked' | 'until-close' | 'unknown'

/** The length of the body that follows a head. `answersHead`: it is the response to a HEAD request. */
export function bodyLength(head: ParsedHead, answersHead: boolean): BodyLength {
  const status = head.status
  if (status !== undefined && (answersHead || status < 200 || status === 204 || status === 304)) return 'none'
  const codings = listElements(head, 'transfer-encoding')
  if (codings.length > 0) {
    if (codings.at(-1)!.toLowerCase() === 'chunked') return 'chunked'
    return status === undefined ? 'unknown' : 'until-close'
  }
  const values = headerValues(head, 'content-length')
  if (values.length > 0) {
    const lengths = elementsOf(values)
    const [length] = lengths
    if (length === undefined || !/^\d+$/.test(length)) return 'unknown'
    if (lengths.length > 1 && lengths.some((other) => other !== length)) return 'unknown'
    return Number(length) || 'none'
  }
  return status === undefined ? 'none' : 'until-close'
}

type Part = 'size' | 'size-line' | 'data' | 'data-end' | 'trailer-start' | 'trailer-line' | 'done' | 'failed'

const LF = 0x0a
const CR = 0x0d

/** Counts through one body. Holds numbers only, whatever the body holds. */
export class Body {
  readonly #chunked: boolean
  #part: Part
  /** Data bytes still to come: of the body, or of the chunk. */
  #remaining: number
  #digits = 0

  constructor(length: number | 'chunked' | 'until-close') {
    this.#chunked = length === 'chunked'
    this.#part = this.#chunked ? 'size' : 'data'
    this.#remaining = typeof length === 'number' ? length : this.#chunked ? 0 : Number.POSITIVE_INFINITY
  }

  get done(): boolean {
    return this.#part === 'done'
  }

  /** True once the chunks break the grammar: where the body ends is not known any more. */
  get failed(): boolean {
    return this.#part === 'failed'
  }

  /** Skips the body's bytes in `bytes[start … end)`; returns the position after them. */
  read(bytes: Uint8Array, start: number, end: number): number {
    let at = start
    while (at < end && this.#part !== 'done' && this.#part !== 'failed') {
      if (this.#part === 'data') {
        const length = Math.min(end - at, this.#remaining)
        at += length
        this.#pass(length)
      } else if (this.#part === 'size-line' || this.#part === 'trailer-line') {
        const length = bytes.subarray(at, end).indexOf(LF) + 1
        if (length === 0) return end
        at += length
        this.#lineEnded()
      } else {
        this.#readByte(bytes[at]!)
        at++
      }
    }
    return at
  }

  /** Skips bytes that were not captured. False, and nothing is skipped, if they may reach past the data that is known to come. */
  skip(length: number): boolean {
    if (this.#part !== 'data' || length > this.#remaining) return false
    this.#pass(length)
    return true
  }

  #pass(length: number): void {
    this.#remaining -= length
    if (this.#remaining === 0) this.#part = this.#chunked ? 'data-end' : 'done'
  }

  #readByte(byte: number): void {
    if (this.#part === 'size') this.#readSize(byte)
    else if (byte === LF) this.#lineEnded()
    else if (byte !== CR) this.#part = this.#part === 'trailer-start' ? 'trailer-line' : 'failed'
  }

  #readSize(byte: number): void {
    const digit = hexDigit(byte)
    if (digit !== undefined && this.#digits < MOST_DIGITS) {
      this.#remaining = this.#remaining * 16 + digit
      this.#digits++
    } else if (digit !== undefined || this.#digits === 0) this.#part = 'failed'
    else if (byte === LF) this.#lineEnded()
    else this.#part = 'size-line'
  }

  #lineEnded(): void {
    if (this.#part === 'data-end') {
      this.#part = 'size'
      this.#digits = 0
    } else if (this.#part === 'trailer-start') this.#part = 'done'
    else if (this.#part === 'trailer-line') this.#part = 'trailer-start'
    else this.#part = this.#remaining === 0 ? 'trailer-start' : 'data'
  }
}

/**
 * Hex digits of a chunk size: more than a length needs that a number holds exactly. Without a bound, a row of zeros would never
 * end.
 */
const MOST_DIGITS = 32

function hexDigit(byte: number): number | undefined {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30
  const letter = byte | 0x20
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : undefined
}
