// gzip (RFC 1952) around a capture. In: compressed bytes as they arrive. Out: unpacked bytes, piece by piece. Several members, as
// a log rotation that appends leaves them, are one stream.
import { concat, NO_BYTES } from '../base/bytes.ts'
import type { Gunzip, Platform } from '../platform/platform.ts'
import type { Damage } from './damage.ts'
import type { Unpacker } from './unpacker.ts'

/**
 * Deflate makes at most 1032 bytes of one, so no slice unpacks to more than about 1 MiB. Smaller slices cost time (64: 3 times as
 * much).
 */
const LARGEST_SLICE = 1024
const SMALLEST_SLICE = 16
/** Bytes of memory that an open file takes: zlib's state, its window of 32 KiB, and a buffer for its output. */
const INFLATER_MEMORY = 56 * 1024
/** CRC-32 and length at the end of a member (RFC 1952 §2.3). */
const TRAILER_LENGTH = 8

/** Whether a file that starts with these four bytes, read as one big-endian word, is gzip (RFC 1952 §2.3.1). */
export function isGzipMagic(magic: number): boolean {
  return magic >>> 16 === 0x1f8b
}

/** Unpacks one gzip file. */
export class GzipDecoder implements Unpacker {
  readonly compression = 'gzip'
  damage: Damage | undefined
  readonly #gunzip: Gunzip
  #input: Uint8Array = NO_BYTES
  #at = 0
  readonly #unpacked: Uint8Array[] = []
  /** Compressed bytes unpacked so far. */
  #offset = 0
  #isEnded = false
  #isOver = false

  constructor({ openGunzip }: Pick<Platform, 'openGunzip'>) {
    this.#gunzip = openGunzip({
      piece: (bytes) => this.#unpacked.push(bytes),
      fault: (isCut, reason) => this.#fail(isCut, reason),
    })
  }

  push(chunk: Uint8Array): void {
    this.#input = concat([this.#input.subarray(this.#at), chunk])
    this.#at = 0
  }

  get held(): number {
    const unpacked = this.#unpacked.reduce((sum, { length }) => sum + length, 0)
    return INFLATER_MEMORY + this.#input.length + unpacked
  }

  close(): void {
    if (!this.#isOver) this.#finish()
  }

  end(): void {
    this.#isEnded = true
  }

  next(): Uint8Array | undefined {
    while (this.#unpacked.length === 0 && !this.#isOver) {
      const length = this.#nextSlice()
      if (length > 0) this.#unpack(length)
      else if (this.#isEnded) this.#finish()
      else return undefined
    }
    return this.#unpacked.shift()
  }

  /**
   * How many bytes to unpack at once. If a slice holds an error, all that it unpacks to is lost. So slices start small and stay
   * below an eighth of what came before, and the last eight bytes wait until more follow, so that a wrong checksum costs nothing.
   */
  #nextSlice(): number {
    const left = this.#input.length - this.#at
    const available = left > TRAILER_LENGTH ? left - TRAILER_LENGTH : this.#isEnded ? left : 0
    return Math.min(available, LARGEST_SLICE, Math.max(SMALLEST_SLICE, this.#offset >>> 3))
  }

  #unpack(length: number): void {
    this.#gunzip.write(this.#input.subarray(this.#at, this.#at + length))
    this.#at += length
    this.#offset += length
  }

  #finish(): void {
    this.#gunzip.end()
    this.#isOver = true
  }

  #fail(isCut: boolean, reason: string): void {
    this.#isOver = true
    const offset = this.#offset
    this.damage = isCut ? { what: 'gzipCut', offset } : { what: 'gzipDamaged', offset, reason }
  }
}
