// Inflates one message with a stream of its own: pako, which is zlib itself in JavaScript, so that it says of every message what
// zlib says, and has the output up to the last byte before a fault. For messages that come one after the other, a stream that goes
// on is faster. Platform neutral.
import {
  Z_BLOCK,
  Z_DATA_ERROR,
  Z_NO_FLUSH,
  Z_STREAM_END,
  ZStream,
  zlibInflate,
  zlibInflateInit2,
  zlibInflateResetKeep,
  zlibInflateSetDictionary,
} from 'pako'
import { concat } from '../base/bytes.ts'
import type { Inflated } from './inflater.ts'

/** The reason why a message does not inflate that refers to bytes before the window. */
export const TOO_FAR_BACK = 'invalid distance too far back'

/** RFC 7692 §7.2.2, and a byte that must be left over: a message that ends inside a block would use it. */
const TAIL = Uint8Array.of(0x00, 0x00, 0xff, 0xff, 0x00)
/** Output is made in parts of this many bytes. */
const PART = 16 * 1024

/**
 * Inflates a message as an `Inflater` does. `window`: the output before it, as far back as the message may refer; `windowBits`: 8
 * to 15 (RFC 7692 §7.1.2.1). `mayGoOn` is asked after each block with BFINAL set that is not the end, because going on takes as long
 * as many kilobytes; if it may not, the limit is `inflateRatio`.
 */
export function inflateAlone(
  payload: Uint8Array,
  window: Uint8Array,
  windowBits: number,
  maxLength: number,
  mayGoOn: () => boolean = () => true,
): Inflated {
  const stream = new BlockStream(windowBits, window, maxLength)
  let at = 0
  while (at < payload.length && stream.fault === undefined && stream.length <= maxLength) {
    if (stream.hasEnded) {
      if (!mayGoOn()) return { bytes: stream.bytes(), status: 'limit', reason: 'inflateRatio' }
      stream.goOn()
    }
    const used = stream.write(payload.subarray(at), Z_NO_FLUSH)
    at += used
    // The last byte is only the header of the empty block which the tail completes.
    if (used > 0 && at === payload.length - 1 && payload[at] === 0) break
  }
  const bytes = stream.bytes()
  if (bytes.length > maxLength)
    return { bytes: bytes.subarray(0, maxLength), status: 'limit', reason: undefined }
  if (stream.fault === undefined && !stream.hasEnded) {
    const used = stream.write(TAIL, Z_BLOCK)
    const ended = used === 0 && stream.hasEnded
    if (stream.fault === undefined && !ended && (used !== TAIL.length - 1 || stream.length > bytes.length))
      return { bytes, status: 'error', reason: 'endsInsideBlock' }
  }
  if (stream.fault !== undefined) return { bytes, status: 'error', reason: stream.fault }
  return { bytes, status: 'done', reason: undefined }
}

/** A raw deflate stream. */
class BlockStream {
  /** Bytes that came out. */
  length = 0
  /** The sentence of zlib, after it refused the data. */
  fault: string | undefined
  /** A block with BFINAL set was the last. */
  hasEnded = false
  readonly #maxLength: number
  readonly #stream = new ZStream()
  readonly #parts: Uint8Array[] = []

  /** Of `before`, what fits into the window. `maxLength`: it stops after more output. */
  constructor(windowBits: number, before: Uint8Array, maxLength: number) {
    this.#maxLength = maxLength
    zlibInflateInit2(this.#stream, -windowBits)
    if (before.length > 0) zlibInflateSetDictionary(this.#stream, before.subarray(-(1 << windowBits)))
  }

  /** Begins a new deflate stream with the same window (RFC 7692 §7.2.3.4). */
  goOn(): void {
    this.hasEnded = false
    zlibInflateResetKeep(this.#stream)
  }

  /** Inflates up to the end of `bytes` (with Z_BLOCK: of a block). Returns how many bytes were used. */
  write(bytes: Uint8Array, flush: typeof Z_BLOCK | typeof Z_NO_FLUSH): number {
    const stream = this.#stream
    stream.input = bytes
    stream.next_in = 0
    stream.avail_in = bytes.length
    while (this.length <= this.#maxLength) {
      if (stream.avail_out === 0) this.#addPart()
      const before = stream.next_out
      const status = zlibInflate(stream, flush)
      this.length += stream.next_out - before
      if (status === Z_DATA_ERROR) this.fault = stream.msg
      if (status === Z_STREAM_END) this.hasEnded = true
      if (status < 0 || status === Z_STREAM_END || stream.avail_out > 0) break
    }
    return stream.next_in
  }

  /** What came out so far, in new memory. */
  bytes(): Uint8Array {
    const last = this.#parts.length - 1
    const used = this.#stream.next_out
    return concat(this.#parts.map((part, i) => (i === last ? part.subarray(0, used) : part)))
  }

  #addPart(): void {
    const part = new Uint8Array(PART)
    this.#parts.push(part)
    this.#stream.output = part
    this.#stream.next_out = 0
    this.#stream.avail_out = PART
  }
}
