// Raw deflate (RFC 1951) with minizlib.
import { constants, InflateRaw, type ZlibOptions } from 'minizlib'
import { NO_BYTES } from '../../base/bytes.ts'
import type { BlockInflater } from '../platform.ts'

/** RFC 1951 §3.2.4: a stored block has five bytes before its content. */
const STORED_HEADER = 5
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
  /** One buffer, not a list of parts: a block may hold a single byte, and a small array costs a hundred bytes. */
  #gathered: Uint8Array = NO_BYTES
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
    this.#gathered = NO_BYTES
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
    return this.#gathered.subarray(0, this.length)
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

  /** The first part is kept without a copy: most messages are a single part, and minizlib allocates each part anew. */
  #gather(part: Uint8Array): void {
    const { length } = this
    this.length += part.length
    if (length === 0) {
      this.#gathered = new Uint8Array(part.buffer, part.byteOffset, part.length)
      return
    }
    if (this.#gathered.length < this.length) {
      const grown = new Uint8Array(this.length * 2)
      grown.set(this.#gathered.subarray(0, length))
      this.#gathered = grown
    }
    this.#gathered.set(part, length)
  }
}
