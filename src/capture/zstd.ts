// zstd (RFC 8878) around a capture. In: compressed bytes as they arrive. Out: unpacked bytes, block by block. Several frames are one
// stream, and frames that are to be skipped may lie between them.
import { copy } from '../base/bytes.ts'
import { uint16, uint32 } from './byte-order.ts'
import { ByteQueue } from './byte-queue.ts'
import type { Damage } from './damage.ts'
import type { Unpacker } from './unpacker.ts'
import { PADDING } from './zstd/bit-reader.ts'
import { Checksum } from './zstd/checksum.ts'
import { History } from './zstd/history.ts'
import { LiteralsDecoder } from './zstd/literals.ts'
import { SequencesDecoder } from './zstd/sequences.ts'
import { ZstdFault } from './zstd/zstd-fault.ts'

/** In the order of the bytes. */
const MAGIC = 0x28b5_2ffd
/** 16 magic numbers mark frames that are to be skipped: the first byte is 50 … 5f. */
const SKIPPABLE = 0x502a_4d18

/** Also the most bytes that a block unpacks to (RFC 8878 §3.1.1.2.4). */
const LARGEST_BLOCK = 128 * 1024

/**
 * How far back a frame may reach. RFC 8878 §3.1.1.1.2 recommends 8 MiB to every decoder, and `zstd` makes no more up to level 19,
 * unless `--long` or `--ultra` asks for it.
 */
export const LARGEST_WINDOW = 8 * 1024 * 1024

/**
 * A block of four bytes may unpack to 128 KiB. So that a small file does not keep framewalk busy for hours, it may unpack to this
 * many bytes, and to so many more for each of its own: deflate makes no more of a byte.
 */
const ALWAYS_ALLOWED = 16 * 1024 * 1024
const LARGEST_RATIO = 1032

/** Kinds of blocks (RFC 8878 §3.1.1.2.2). */
const RAW = 0
const RLE = 1
const COMPRESSED = 2

interface Frame {
  /** The most bytes of a block. */
  readonly block: number
  readonly hasChecksum: boolean
  /** What the frame says that it unpacks to. */
  readonly length: number | undefined
}

/** Whether a file that starts with these four bytes, read as one big-endian word, is zstd. */
export function isZstdMagic(magic: number): boolean {
  return magic === MAGIC || isSkippable(magic)
}

const isSkippable = (magic: number): boolean => (magic & 0xf0ff_ffff) === SKIPPABLE

/** Unpacks one zstd file. */
export class ZstdDecoder implements Unpacker {
  readonly compression = 'zstd'
  damage: Damage | undefined
  readonly #packed = new ByteQueue()
  readonly #history = new History()
  readonly #literals = new LiteralsDecoder(LARGEST_BLOCK)
  readonly #sequences = new SequencesDecoder()
  readonly #checksum = new Checksum()
  readonly #block = new Uint8Array(LARGEST_BLOCK + PADDING)
  #frame: Frame | undefined
  /** Unpacked bytes of the frame, and of all frames. */
  #frameLength = 0
  #unpacked = 0
  /** Bytes that are to be skipped. */
  #skip = 0
  #isLastBlock = false
  #isEnded = false
  #isOver = false

  get held(): number {
    return 2 * LARGEST_BLOCK + this.#packed.held + this.#history.bytes.length
  }

  push(chunk: Uint8Array): void {
    this.#packed.recycle()
    this.#packed.push(chunk)
  }

  end(): void {
    this.#isEnded = true
  }

  close(): void {
    this.#isOver = true
    this.#history.close()
    this.#packed.restart(0)
  }

  next(): Uint8Array | undefined {
    while (!this.#isOver) {
      const offset = this.#packed.offset
      try {
        const step = this.#step()
        if (step === 'needsBytes') {
          if (!this.#isEnded) return undefined
          this.#finish()
        } else if (step.length > 0) return step
      } catch (error) {
        if (!(error instanceof ZstdFault)) throw error
        this.#isOver = true
        this.damage ??= { what: 'zstdDamaged', offset, reason: error.reason }
      }
    }
    return undefined
  }

  /** The end of the input: right between two frames, and nowhere else. */
  #finish(): void {
    this.#isOver = true
    const isBetween = this.#frame === undefined && this.#skip === 0 && this.#packed.isEmpty
    if (isBetween) return
    while (this.#packed.skip(Number.MAX_SAFE_INTEGER) > 0);
    this.damage = { what: 'zstdCut', offset: this.#packed.offset }
  }

  /** Reads the next part of the file. Answers what it unpacks to, which may be nothing. */
  #step(): Uint8Array | 'needsBytes' {
    if (this.#skip > 0) return this.#skipBytes()
    if (this.#frame === undefined) return this.#startFrame()
    return this.#isLastBlock ? this.#endFrame(this.#frame) : this.#readBlock(this.#frame)
  }

  #skipBytes(): Uint8Array | 'needsBytes' {
    if (!this.#packed.has(1)) return 'needsBytes'
    this.#skip -= this.#packed.skip(this.#skip)
    return NOTHING
  }

  /** RFC 8878 §3.1.1.1, §3.1.2. */
  #startFrame(): Uint8Array | 'needsBytes' {
    const packed = this.#packed
    if (!packed.has(5)) return packed.isEmpty || !this.#isEnded ? 'needsBytes' : this.#checkMagic()
    const magic = uint32(packed.bytes, packed.at, false)
    if (isSkippable(magic)) {
      if (!packed.has(8)) return 'needsBytes'
      this.#skip = 8 + uint32(packed.bytes, packed.at + 4, true)
      return NOTHING
    }
    this.#checkMagic()
    const descriptor = packed.bytes[packed.at + 4]!
    const isSingle = (descriptor & 0x20) !== 0
    const idLength = [0, 1, 2, 4][descriptor & 3]!
    const sizeLength = [isSingle ? 1 : 0, 2, 4, 8][descriptor >> 6]!
    const headerLength = 5 + (isSingle ? 0 : 1) + idLength + sizeLength
    if (!packed.has(headerLength)) return 'needsBytes'
    if ((descriptor & 0x08) !== 0) throw new ZstdFault('frame')
    const { bytes, at } = packed
    const sizeAt = at + headerLength - sizeLength
    for (let i = sizeAt - idLength; i < sizeAt; i++) if (bytes[i] !== 0) throw new ZstdFault('dictionary')
    const length = lengthAt(bytes, sizeAt, sizeLength)
    const window = isSingle ? length! : windowOf(bytes[at + 5]!)
    if (window > LARGEST_WINDOW) return this.#refuse(window)
    this.#frame = {
      block: Math.min(window, LARGEST_BLOCK),
      hasChecksum: (descriptor & 0x04) !== 0,
      length,
    }
    packed.skip(headerLength)
    this.#history.begin(window, this.#frame.block)
    this.#literals.reset()
    this.#sequences.reset()
    this.#checksum.reset()
    this.#frameLength = 0
    this.#isLastBlock = false
    return NOTHING
  }

  /** Something else may follow a frame. Then that is damaged, however short it is. */
  #checkMagic(): 'needsBytes' {
    const { bytes, at, end } = this.#packed
    for (let i = 0; i < 4 && at + i < end; i++) {
      const isMagic = bytes[at + i] === ((MAGIC >>> (24 - 8 * i)) & 0xff)
      const isOther = (bytes[at + i]! & (i === 0 ? 0xf0 : 0xff)) === ((SKIPPABLE >>> (24 - 8 * i)) & 0xff)
      if (!isMagic && !isOther) throw new ZstdFault('frame')
    }
    return 'needsBytes'
  }

  #refuse(window: number): Uint8Array {
    this.damage = { what: 'zstdWindow', offset: this.#packed.offset, window, most: LARGEST_WINDOW }
    this.#isOver = true
    return NOTHING
  }

  /** RFC 8878 §3.1.1.2. */
  #readBlock(frame: Frame): Uint8Array | 'needsBytes' {
    const packed = this.#packed
    if (!packed.has(3)) return 'needsBytes'
    const header = packed.bytes[packed.at]! | (uint16(packed.bytes, packed.at + 1, true) << 8)
    const kind = (header >> 1) & 3
    const size = header >> 3
    if (size > frame.block) throw new ZstdFault('block')
    const length = kind === RLE ? 1 : size
    if (!packed.has(3 + length)) return 'needsBytes'
    const start = packed.at + 3
    const history = this.#history
    history.reserve(frame.block)
    const before = history.end
    if (kind === RAW) {
      history.bytes.set(packed.bytes.subarray(start, start + size), before)
      history.end += size
    } else if (kind === RLE) {
      history.bytes.fill(packed.bytes[start]!, before, before + size)
      history.end += size
    } else if (kind === COMPRESSED) {
      this.#block.set(packed.bytes.subarray(start, start + size))
      const literals = this.#literals.decode(this.#block, 0, size)
      this.#sequences.decode(this.#block, size, literals, frame.block, history)
    } else throw new ZstdFault('block')
    packed.skip(3 + length)
    this.#isLastBlock = (header & 1) !== 0
    return this.#take(before, frame)
  }

  /** Hands on what a block unpacked to. */
  #take(start: number, frame: Frame): Uint8Array {
    const { bytes, end } = this.#history
    const length = end - start
    this.#frameLength += length
    this.#unpacked += length
    if (frame.length !== undefined && this.#frameLength > frame.length) throw new ZstdFault('length')
    if (this.#unpacked > ALWAYS_ALLOWED + LARGEST_RATIO * this.#packed.offset) throw new ZstdFault('ratio')
    if (frame.hasChecksum) this.#checksum.add(bytes, start, end)
    return copy(bytes, start, end)
  }

  #endFrame(frame: Frame): Uint8Array | 'needsBytes' {
    const packed = this.#packed
    if (frame.hasChecksum && !packed.has(4)) return 'needsBytes'
    if (frame.length !== undefined && this.#frameLength < frame.length) throw new ZstdFault('length')
    if (frame.hasChecksum) {
      if (uint32(packed.bytes, packed.at, true) !== this.#checksum.low) throw new ZstdFault('checksum')
      packed.skip(4)
    }
    this.#frame = undefined
    return NOTHING
  }
}

const NOTHING = new Uint8Array(0)

/** RFC 8878 §3.1.1.1.2: an exponent and eighths. */
function windowOf(descriptor: number): number {
  const base = 2 ** (10 + (descriptor >> 3))
  return base + (base / 8) * (descriptor & 7)
}

/** RFC 8878 §3.1.1.1.4. */
function lengthAt(bytes: Uint8Array, at: number, width: number): number | undefined {
  if (width === 0) return undefined
  if (width === 1) return bytes[at]!
  if (width === 2) return uint16(bytes, at, true) + 256
  const low = uint32(bytes, at, true)
  return width === 4 ? low : low + uint32(bytes, at + 4, true) * 2 ** 32
}
