// The page's zlib for websocket/inflater.ts: pako, which is zlib itself in JavaScript. So the page says of every message what the
// command line says, down to the reason why it does not inflate. Also compresses, as a sender does (RFC 7692 §7.2.1).
import {
  Z_BLOCK,
  Z_DATA_ERROR,
  Z_DEFAULT_STRATEGY,
  Z_NO_FLUSH,
  Z_STREAM_END,
  Z_SYNC_FLUSH,
  ZStream,
  zlibDeflate,
  zlibDeflateInit2,
  zlibDeflateSetDictionary,
  zlibInflate,
  zlibInflateInit2,
  zlibInflateSetDictionary,
} from 'pako'
import { concat, copy, NO_BYTES } from '../base/bytes.ts'
import type { Inflated, Inflater, MakeInflater } from '../websocket/inflater.ts'

/** RFC 7692 §7.2.2, and a byte that must be left over: a message that ends inside a block would use it. */
const TAIL = Uint8Array.of(0x00, 0x00, 0xff, 0xff, 0x00)
/** Output is made in parts of this many bytes. */
const PART = 16 * 1024

/** Inflaters that open a new stream for each message. */
export const makeInflater: MakeInflater = (windowBits) => new WindowedInflater(windowBits)

/** Makes a stream for each message, and gives it the window that the earlier messages left. */
class WindowedInflater implements Inflater {
  readonly #windowBits: number
  #window: Uint8Array = NO_BYTES

  constructor(windowBits: number) {
    this.#windowBits = windowBits
  }

  inflate(payload: Uint8Array, maxLength: number): Inflated {
    let stream = new BlockStream(this.#windowBits, this.#window)
    const parts: Uint8Array[] = []
    let length = 0
    const write = (bytes: Uint8Array, flush: typeof Z_BLOCK | typeof Z_NO_FLUSH): number => {
      const used = stream.write(bytes, maxLength - length, flush)
      for (const part of stream.take()) {
        parts.push(part)
        length += part.length
      }
      return used
    }
    let at = 0
    while (at < payload.length && stream.fault === undefined && length <= maxLength) {
      if (stream.hasEnded)
        stream = new BlockStream(this.#windowBits, this.#after(concat([this.#window, ...parts])))
      const used = write(payload.subarray(at), Z_NO_FLUSH)
      at += used
      // The last byte is only the header of the empty block which the tail completes.
      if (used > 0 && at === payload.length - 1 && payload[at] === 0) break
    }
    const bytes = concat(parts)
    if (length > maxLength) return this.#failed(bytes.subarray(0, maxLength), 'limit', undefined)
    if (stream.fault === undefined && !stream.hasEnded) {
      const closing = concat([payload.subarray(at), TAIL])
      const used = write(closing, Z_BLOCK)
      const ended = used === 0 && stream.hasEnded
      if (stream.fault === undefined && !ended && (used !== closing.length - 1 || length > bytes.length))
        return this.#failed(bytes, 'error', 'endsInsideBlock')
    }
    if (stream.fault !== undefined) return this.#failed(bytes, 'error', stream.fault)
    this.#window = this.#after(concat([this.#window, bytes]))
    return { bytes, status: 'done', reason: undefined }
  }

  reset(): void {
    this.#window = NO_BYTES
  }

  close(): void {
    this.reset()
  }

  #after(bytes: Uint8Array): Uint8Array {
    return bytes.subarray(-(1 << this.#windowBits))
  }

  #failed(bytes: Uint8Array, status: Inflated['status'], reason: string | undefined): Inflated {
    this.reset()
    return { bytes, status, reason }
  }
}

/** A raw deflate stream. */
class BlockStream {
  /** The sentence of zlib, after it refused the data. */
  fault: string | undefined
  /** A block with BFINAL set was the last. */
  hasEnded = false
  readonly #stream = new ZStream()
  #parts: Uint8Array[] = []

  constructor(windowBits: number, window: Uint8Array) {
    zlibInflateInit2(this.#stream, -windowBits)
    if (window.length > 0) zlibInflateSetDictionary(this.#stream, window)
  }

  /**
   * Inflates up to the end of `bytes` (with Z_BLOCK: of a block), or past `maxLength` bytes of output. Returns how many bytes
   * were used.
   */
  write(bytes: Uint8Array, maxLength: number, flush: typeof Z_BLOCK | typeof Z_NO_FLUSH): number {
    const stream = this.#stream
    stream.input = bytes
    stream.next_in = 0
    stream.avail_in = bytes.length
    for (let length = 0; length <= maxLength; ) {
      stream.output = new Uint8Array(PART)
      stream.next_out = 0
      stream.avail_out = PART
      const status = zlibInflate(stream, flush)
      if (stream.next_out > 0) this.#parts.push(stream.output.subarray(0, stream.next_out))
      length += stream.next_out
      if (status === Z_DATA_ERROR) this.fault = stream.msg
      if (status === Z_STREAM_END) this.hasEnded = true
      if (status < 0 || status === Z_STREAM_END || stream.avail_out > 0) break
    }
    return stream.next_in
  }

  /** What came out since the last call. */
  take(): Uint8Array[] {
    const parts = this.#parts
    this.#parts = []
    return parts
  }
}

/** RFC 7692 §7.2.3.6: an empty message is one empty block. */
const EMPTY = Uint8Array.of(0)

/**
 * The payload for `message`, without the `00 00 ff ff` that the receiver puts back. `window`: the earlier messages, if they are
 * taken over.
 */
export function compress(message: Uint8Array, window: Uint8Array = NO_BYTES): Uint8Array {
  if (message.length === 0) return EMPTY
  const stream = new ZStream()
  zlibDeflateInit2(stream, 6, 8, -15, 8, Z_DEFAULT_STRATEGY)
  if (window.length > 0) zlibDeflateSetDictionary(stream, window)
  stream.input = message
  stream.avail_in = message.length
  const parts: Uint8Array[] = []
  do {
    stream.output = new Uint8Array(PART)
    stream.next_out = 0
    stream.avail_out = PART
    zlibDeflate(stream, Z_SYNC_FLUSH)
    parts.push(stream.output.subarray(0, stream.next_out))
  } while (stream.avail_out === 0)
  const bytes = concat(parts)
  return copy(bytes, 0, bytes.length - 4)
}
