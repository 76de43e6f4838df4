// Raw deflate (RFC 1951) with minizlib.
import { constants, InflateRaw, type ZlibOptions } from 'minizlib'
import { concat, NO_BYTES } from '../../base/bytes.ts'
import type { BlockInflater } from '../platform.ts'

/** RFC 1951 §3.2.4: a stored block has five bytes before its content. */
const STORED_HEADER = 5
/** Bytes from which on a part is worth an array of its own. */
const LARGE = 4096
/** The stored block that fills a window. */
const filling = new Uint8Array(STORED_HEADER + 2 ** 15)

/** zlib stops at the end of a block if it is told to flush with Z_BLOCK. minizlib lets `flush` name a value, but no chunk with it. */
class StoppingInflate extends InflateRaw {
  #stopsIn: Uint8Array | undefined

  /** Inflates up to the end of a block. */
  writeBlock(bytes: Uint8Array): void {
    this.#stopsIn = bytes
    this.flush(constants.Z_BLOCK)
  }

  /** Called by `flush` with an empty chunk that is marked with the value. */
  override write(chunk: Parameters<InflateRaw['write']>[0]): boolean {
    const bytes = this.#stopsIn
    this.#stopsIn = undefined
    return super.write(bytes === undefined ? chunk : Object.assign(bytes as Buffer, chunk))
  }
}

/** Inflates with one persistent zlib stream. */
export class ZlibBlockInflater implements BlockInflater {
  fault: string | undefined
  length = 0
  /** Parts of at least `LARGE` bytes, and what was put together of smaller ones: joined once, by `gathered`. */
  #parts: Uint8Array[] = []
  /** The part that grows: a block may hold a single byte, and a small array costs a hundred bytes. */
  #last: Uint8Array = NO_BYTES
  #lastLength = 0
  #gathering = false
  readonly windowBits: number
  readonly #inflate: StoppingInflate

  constructor(windowBits: number) {
    this.windowBits = windowBits
    const options: ZlibOptions & { windowBits: number } = { windowBits }
    this.#inflate = new StoppingInflate(options)
    this.#inflate.on('data', (part: Uint8Array) => {
      if (this.#gathering) this.#gather(part)
    })
    this.#inflate.on('error', (error: unknown) => {
      this.fault = (error as Error).message.replace(/^zlib: /, '')
    })
  }

  start(): void {
    this.#parts = []
    this.#last = NO_BYTES
    this.#lastLength = 0
    this.length = 0
    this.#gathering = true
  }

  write(bytes: Uint8Array): number {
    this.#inflate.write(bytes as Buffer)
    return this.#inflate.handle?.bytesWritten ?? 0
  }

  writeBlock(bytes: Uint8Array): number {
    this.#inflate.writeBlock(bytes)
    return this.#inflate.handle?.bytesWritten ?? 0
  }

  get gathered(): Uint8Array {
    if (this.#parts.length > 0) {
      this.#endPart()
      this.#last = concat(this.#parts)
      this.#lastLength = this.length
      this.#parts = []
    }
    return this.#last.subarray(0, this.#lastLength)
  }

  /** One stored block (RFC 1951 §3.2.4), in one write: each write costs as much as 8 KiB of window. */
  prime(parts: readonly Uint8Array[]): void {
    let length = 0
    for (const part of parts) {
      filling.set(part, STORED_HEADER + length)
      length += part.length
    }
    if (length === 0) return
    filling.set([0, length & 0xff, length >> 8, ~length & 0xff, (~length >> 8) & 0xff])
    const gathering = this.#gathering
    this.#gathering = false
    this.write(filling.subarray(0, STORED_HEADER + length))
    this.#gathering = gathering
  }

  reset(): void {
    this.#inflate.reset()
  }

  close(): void {
    this.#inflate.close()
  }

  /** A part that comes alone is kept without a copy: most messages are one, and minizlib allocates each part anew. */
  #gather(part: Uint8Array): void {
    this.length += part.length
    if (part.length >= LARGE || this.#lastLength === 0) {
      this.#endPart()
      this.#last = new Uint8Array(part.buffer, part.byteOffset, part.length)
      this.#lastLength = part.length
      return
    }
    const length = this.#lastLength + part.length
    if (this.#last.length < length) {
      const grown = new Uint8Array(length * 2)
      grown.set(this.#last.subarray(0, this.#lastLength))
      this.#last = grown
    }
    this.#last.set(part, this.#lastLength)
    this.#lastLength = length
  }

  #endPart(): void {
    if (this.#lastLength > 0) this.#parts.push(this.#last.subarray(0, this.#lastLength))
    this.#last = NO_BYTES
    this.#lastLength = 0
  }
}
