// One of the capture files that are merged. In: its chunks, asked for when they are needed. Out: its packets, and the time of the
// next one. While other files are at their turn it can be let go: it then holds nothing, and is read again from the place where
// its next packet is.
import type { CaptureFile } from '../base/events.ts'
import type { Report } from '../base/findings.ts'
import type { Budget } from '../base/limits.ts'
import type { PayloadMemory } from '../base/payload-memory.ts'
import type { Damage } from './damage.ts'
import type { Packet } from './packet.ts'
import type { TakeSecrets } from './pcapng.ts'
import { type CapturePlatform, CaptureReader } from './reader.ts'

/** What the merge needs of an input. A chunk's memory may be used again for the next chunk. */
export interface CaptureSource {
  /** As it was given; `-` for standard input. */
  readonly name: string
  /** To be iterated once. */
  readonly chunks: AsyncIterable<Uint8Array>
  /**
   * The bytes from a position on, in chunks of at most `chunkLength`; may be iterated any number of times. Absent if the bytes come
   * only once, as those of a pipe do.
   */
  readonly chunksFrom?: ((position: number, chunkLength: number) => AsyncIterable<Uint8Array>) | undefined
}

/** A file, and the place of its next packet in the order of time. */
export class SourceFile {
  readonly name: string
  /** The next packet, decoded and not yet handed out. */
  pending: Packet | undefined
  /** True once no more packets will come. */
  isOver = false
  /** True once it was at its turn. */
  hasBegun = false
  /** Undefined until the file header is decoded. */
  format: CaptureFile['format'] | undefined
  compression: CaptureFile['compression']
  /** Where and how the file is damaged. */
  damage: Damage | undefined
  /** The budget that pays for what it holds while it waits, and how many bytes. */
  paidBy: Budget | undefined
  paid = 0
  readonly #source: CaptureSource
  readonly #index: number
  readonly #openReader: () => CaptureReader
  #reader: CaptureReader | undefined
  #chunks: AsyncIterator<Uint8Array> | undefined
  #longestChunk = 0
  /** Where to go on after it was let go; undefined if it never was. */
  #position: number | undefined
  /** True while it is read from its start a second time, up to its first packet. */
  #isReadAgain = false
  /** Time of the last packet decoded that has one; minus infinity, before all others, until there is one. */
  #seconds = Number.NEGATIVE_INFINITY
  #nanoseconds = 0

  /** `index`: its place among the files. The others as for `CaptureReader`. */
  constructor(
    platform: CapturePlatform,
    source: CaptureSource,
    index: number,
    report: Report,
    takeSecrets: TakeSecrets,
    memory: PayloadMemory,
  ) {
    this.name = source.name
    this.#source = source
    this.#index = index
    const takeOnce: TakeSecrets = (type, bytes) => {
      if (!this.#isReadAgain) takeSecrets(type, bytes)
    }
    this.#openReader = () => new CaptureReader(platform, source.name, report, takeOnce, memory)
  }

  /** True if more bytes are needed before it is known which packet comes next. */
  get needsBytes(): boolean {
    return this.pending === undefined && !this.isOver
  }

  /** False for a pipe, or whatever else comes only once. */
  get canBeReadAgain(): boolean {
    return this.#source.chunksFrom !== undefined
  }

  /** True if `letGo` would free memory. A compressed file cannot be read from its middle on. */
  get canBeLetGo(): boolean {
    if (!this.canBeReadAgain || this.pending === undefined) return false
    return this.hasBegun ? this.compression === undefined && this.#chunks !== undefined : true
  }

  /** Bytes of memory that it holds. */
  get held(): number {
    return (this.#reader?.held ?? 0) + (this.#chunks === undefined ? 0 : this.#longestChunk)
  }

  /**
   * Reads the next chunk and decodes its first packet. Returns how many bytes the chunk had. `chunkLength`: the most bytes of a
   * chunk, from now on, if it was let go.
   */
  async read(chunkLength: number): Promise<number> {
    this.#reader ??= this.#openReader()
    this.#chunks ??= this.#open(chunkLength)[Symbol.asyncIterator]()
    const { done, value } = await this.#chunks.next()
    if (done) {
      this.#chunks = undefined
      this.#reader.end()
    } else {
      this.#longestChunk = Math.max(this.#longestChunk, value.length)
      this.#reader.push(value)
    }
    this.pull()
    if (this.format === undefined) {
      this.format = this.#reader?.format
      this.compression = this.#reader?.compression
    }
    if (this.pending !== undefined) this.#isReadAgain = false
    return done ? 0 : value.length
  }

  /** The next packet, which stays pending; undefined if more bytes are needed, or the file is over. */
  pull(): Packet | undefined {
    if (this.pending !== undefined) return this.pending
    const packet = this.#reader?.next()
    if (packet === undefined) this.#noticeEnd()
    else if (packet.time !== undefined) {
      this.#seconds = packet.time.seconds
      this.#nanoseconds = packet.time.nanoseconds
    }
    this.pending = packet
    return packet
  }

  /** Whether its next packet comes before that of the other file. */
  isEarlierThan(other: SourceFile): boolean {
    if (this.#seconds !== other.#seconds) return this.#seconds < other.#seconds
    if (this.#nanoseconds !== other.#nanoseconds) return this.#nanoseconds < other.#nanoseconds
    return this.#index < other.#index
  }

  /** Holds nothing any more, until `read` is called at its turn. Only if `canBeLetGo`. */
  async letGo(): Promise<void> {
    this.pending = undefined
    if (this.hasBegun) this.#position = this.#reader!.takeBack()
    else {
      this.#position = 0
      this.#isReadAgain = true
      this.#reader!.forget()
      this.#reader = undefined
    }
    await this.#closeChunks()
  }

  /** Closes the file, whether it was read to its end or not. */
  async close(): Promise<void> {
    this.#reader?.close()
    this.#reader = undefined
    await this.#closeChunks()
  }

  #open(chunkLength: number): AsyncIterable<Uint8Array> {
    this.#longestChunk = 0
    if (this.#position === undefined) return this.#source.chunks
    return this.#source.chunksFrom!(this.#position, chunkLength)
  }

  #noticeEnd(): void {
    if (this.#reader?.isOver !== true) return
    this.isOver = true
    this.damage = this.#reader.damage
  }

  async #closeChunks(): Promise<void> {
    const chunks = this.#chunks
    this.#chunks = undefined
    await chunks?.return?.()
  }
}
