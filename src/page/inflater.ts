// The page's zlib for websocket/inflater.ts: pako, which is zlib itself in JavaScript. So the page says of every message what the
// command line says, down to the reason why it does not inflate. Also compresses, as a sender does (RFC 7692 §7.2.1).
import {
  Z_DEFAULT_STRATEGY,
  Z_SYNC_FLUSH,
  ZStream,
  zlibDeflate,
  zlibDeflateInit2,
  zlibDeflateSetDictionary,
} from 'pako'
import { concat, copy, NO_BYTES } from '../base/bytes.ts'
import { inflateAlone } from '../websocket/inflate-alone.ts'
import type { Inflated, Inflater, MakeInflater } from '../websocket/inflater.ts'

/** Compressed bytes are made in parts of this many bytes. */
const PART = 16 * 1024

/** Inflaters that open a new stream for each message. */
export const makeInflater: MakeInflater = (windowBits) => new WindowedInflater(windowBits)

/** Makes a stream for each message, and gives it the window that the earlier messages left. */
class WindowedInflater implements Inflater {
  readonly #windowBits: number
  /** What came out since `reset`, and how much of its end the next message may refer to. */
  #window: Uint8Array = NO_BYTES
  #live = 0
  #passed: Uint8Array = NO_BYTES

  constructor(windowBits: number) {
    this.#windowBits = windowBits
  }

  inflate(payload: Uint8Array, maxLength: number): Inflated {
    const live = this.#window.subarray(this.#window.length - this.#live)
    const inflated = inflateAlone(payload, live, this.#windowBits, maxLength)
    if (inflated.status === 'done') this.#remember(inflated.bytes)
    else if (inflated.status === 'error') this.setAside()
    else this.reset()
    return inflated
  }

  passBy(message: Uint8Array): boolean {
    this.#passed = this.#lastOf(this.#passed, message)
    return true
  }

  setAside(): void {
    this.#live = 0
  }

  recall(payload: Uint8Array, maxLength: number, isRight: (bytes: Uint8Array) => boolean): Inflated {
    const window = this.#lastOf(this.#window, this.#passed)
    const inflated = inflateAlone(payload, window, this.#windowBits, maxLength)
    if (inflated.status !== 'done') return inflated
    if (!isRight(inflated.bytes)) return { ...inflated, status: 'error' }
    this.reset()
    this.#remember(window)
    this.#remember(inflated.bytes)
    return inflated
  }

  reset(): void {
    this.#window = NO_BYTES
    this.#passed = NO_BYTES
    this.#live = 0
  }

  #remember(bytes: Uint8Array): void {
    this.#window = this.#lastOf(this.#window, bytes)
    this.#live = Math.min(this.#live + bytes.length, this.#window.length)
    this.#passed = NO_BYTES
  }

  #lastOf(before: Uint8Array, bytes: Uint8Array): Uint8Array {
    return concat([before, bytes]).subarray(-(1 << this.#windowBits))
  }

  close(): void {
    this.reset()
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
