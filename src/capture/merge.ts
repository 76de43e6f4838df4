// Several capture files as one capture. In: the chunks of each file. Out: their packets, one at a time, in the order of time and
// with consecutive numbers. Does no I/O of its own: it asks a file that it was given for the next chunk when it needs one.
import type { CaptureFile } from '../base/events.ts'
import type { Report } from '../base/findings.ts'
import type { Damage } from './damage.ts'
import type { Packet } from './packet.ts'
import type { TakeSecrets } from './pcapng.ts'
import { type CapturePlatform, CaptureReader } from './reader.ts'

/** What the merge needs of an input. A chunk's memory may be used again for the next chunk. */
export interface CaptureSource {
  /** As it was given; `-` for standard input. */
  readonly name: string
  readonly chunks: AsyncIterable<Uint8Array>
}

/** A file that is cut off or damaged. */
export type DamagedFile = Damage & { readonly name: string }

/**
 * Reads capture files as one: call `fill` until it returns false, and after each `fill` call `next` until it returns undefined.
 * At the end call `close`.
 *
 * Each file is expected to be in the order of time, as captures are; a file that is not keeps its own order. A packet without a
 * time gets the place of the packet before it in its file. When times are equal, the file that was named first goes first.
 */
export class CaptureFiles {
  /** Bytes read so far, of all files, before unpacking. */
  bytesRead = 0
  readonly #files: readonly OpenFile[]
  /** The file whose packet was handed out last. It goes on until another file is earlier. */
  #leader: OpenFile | undefined
  /** The earliest of the other files. */
  #rival: OpenFile | undefined
  #packets = 0

  /**
   * `report` gets `truncated-capture` for each damaged file. `takeSecrets` gets the secrets in the files, each before the packets
   * that follow it.
   */
  constructor(
    platform: CapturePlatform,
    sources: readonly CaptureSource[],
    report: Report,
    takeSecrets: TakeSecrets = () => {},
  ) {
    this.#files = sources.map(
      (source, index) =>
        new OpenFile(source, index, new CaptureReader(platform, source.name, report, takeSecrets)),
    )
  }

  /** The files with their formats; undefined until the first `fill` is done. */
  get files(): readonly CaptureFile[] | undefined {
    const files = this.#files.flatMap(({ name, reader: { format, compression } }) =>
      format === undefined ? [] : [{ name, format, compression }],
    )
    return files.length === this.#files.length ? files : undefined
  }

  /** The files found damaged so far. */
  get damaged(): readonly DamagedFile[] {
    return this.#files.flatMap(({ name, reader: { damage } }) =>
      damage === undefined ? [] : [{ name, ...damage }],
    )
  }

  /**
   * Reads one more chunk of each file without a decoded packet; until a file's header is decoded, as many chunks as that takes.
   * Returns false when all files are over. Throws InputError if an input cannot be read or is not a capture; the first call
   * checks every file.
   */
  async fill(): Promise<boolean> {
    let isAnyLeft = false
    for (const file of this.#files) {
      while (file.needsBytes) {
        this.bytesRead += await file.read()
        if (file.reader.format !== undefined) break
      }
      if (file.pending !== undefined || !file.reader.isOver) isAnyLeft = true
      else await file.close()
    }
    return isAnyLeft
  }

  /** The next packet of all files; undefined if `fill` must read first, or all files are over. */
  next(): Packet | undefined {
    const leader = this.#leader
    if (leader !== undefined && leader.pull() !== undefined) {
      if (this.#rival === undefined || !this.#rival.isEarlierThan(leader)) return this.#handOut(leader)
    }
    this.#leader = this.#chooseLeader()
    return this.#leader && this.#handOut(this.#leader)
  }

  /** Closes all files, whether they were read to their end or not. */
  async close(): Promise<void> {
    for (const file of this.#files) await file.close()
  }

  #handOut(file: OpenFile): Packet {
    const packet = file.pending!
    file.pending = undefined
    packet.number = ++this.#packets
    return packet
  }

  /** The file with the earliest packet; undefined if a file needs bytes before that is known, or if all are over. */
  #chooseLeader(): OpenFile | undefined {
    let first: OpenFile | undefined
    let second: OpenFile | undefined
    for (const file of this.#files) {
      if (file.pull() === undefined) {
        if (!file.reader.isOver) return undefined
      } else if (first === undefined || file.isEarlierThan(first)) {
        second = first
        first = file
      } else if (second === undefined || file.isEarlierThan(second)) second = file
    }
    this.#rival = second
    return first
  }
}

/** A file being read, and the place of its next packet in the order of time. */
class OpenFile {
  readonly name: string
  readonly reader: CaptureReader
  /** The next packet, decoded and not yet handed out. */
  pending: Packet | undefined
  readonly #chunks: AsyncIterator<Uint8Array>
  readonly #index: number
  /** Time of the last packet decoded that has one; minus infinity, before all others, until there is one. */
  #seconds = Number.NEGATIVE_INFINITY
  #nanoseconds = 0
  #isClosed = false

  constructor(source: CaptureSource, index: number, reader: CaptureReader) {
    this.name = source.name
    this.reader = reader
    this.#chunks = source.chunks[Symbol.asyncIterator]()
    this.#index = index
  }

  get needsBytes(): boolean {
    return this.pending === undefined && !this.reader.isOver
  }

  /** Reads the next chunk and decodes its first packet. Returns how many bytes the chunk had. */
  async read(): Promise<number> {
    const { done, value } = await this.#chunks.next()
    if (done) {
      this.#isClosed = true
      this.reader.end()
    } else this.reader.push(value)
    this.pull()
    return done ? 0 : value.length
  }

  /** The next packet, which stays pending; undefined if more bytes are needed, or the file is over. */
  pull(): Packet | undefined {
    if (this.pending === undefined) {
      const packet = this.reader.next()
      if (packet?.time !== undefined) {
        this.#seconds = packet.time.seconds
        this.#nanoseconds = packet.time.nanoseconds
      }
      this.pending = packet
    }
    return this.pending
  }

  isEarlierThan(other: OpenFile): boolean {
    if (this.#seconds !== other.#seconds) return this.#seconds < other.#seconds
    if (this.#nanoseconds !== other.#nanoseconds) return this.#nanoseconds < other.#nanoseconds
    return this.#index < other.#index
  }

  async close(): Promise<void> {
    if (this.#isClosed) return
    this.#isClosed = true
    await this.#chunks.return?.()
  }
}
