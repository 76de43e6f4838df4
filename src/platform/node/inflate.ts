// Raw deflate (RFC 1951) with minizlib.
import { constants, InflateRaw, type ZlibOptions } from 'minizlib'
import { NO_BYTES } from '../../base/bytes.ts'
import type { BlockInflater } from '../platform.ts'

/** Inflates block by block: zlib stops at the end of each block when it is told to flush with Z_BLOCK. */
export class ZlibBlockInflater implements BlockInflater {
  fault: string | undefined
  length = 0
  /** One buffer, not a list of parts: a block may hold a single byte, and a small array costs a hundred bytes. */
  #gathered: Uint8Array = NO_BYTES
  #gathering = false
  readonly windowBits: number
  readonly #inflate: InflateRaw

  constructor(windowBits: number) {
    this.windowBits = windowBits
    const options: ZlibOptions & { windowBits: number } = { windowBits, flush: constants.Z_BLOCK }
    this.#inflate = new InflateRaw(options)
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

  get gathered(): Uint8Array {
    return this.#gathered.subarray(0, this.length)
  }

  /** Writes the bytes as a stored block (RFC 1951 §3.2.4), which fills the window. */
  prime(bytes: Uint8Array): void {
    const { length } = bytes
    const gathering = this.#gathering
    this.#gathering = false
    this.write(Uint8Array.of(0, length & 0xff, length >> 8, ~length & 0xff, (~length >> 8) & 0xff))
    this.write(bytes)
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
