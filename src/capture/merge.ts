// Several capture files as one capture. In: the chunks of each file. Out: their packets, one at a time, in the order of time and
// with consecutive numbers. Does no I/O of its own: it asks a file that it was given for the next chunk when it needs one.
import type { CaptureFile } from '../base/events.ts'
import { makeFinding, type Report } from '../base/findings.ts'
import { Heap } from '../base/heap.ts'
import { InputError } from '../base/input-error.ts'
import { Budget, LIMITS } from '../base/limits.ts'
import { PayloadMemory } from '../base/payload-memory.ts'
import { type Damage, LARGEST_READ } from './damage.ts'
import type { Packet } from './packet.ts'
import type { TakeSecrets } from './pcapng.ts'
import type { CapturePlatform } from './reader.ts'
import { type CaptureSource, SourceFile } from './source-file.ts'

/** A file that is cut off or damaged. */
export type DamagedFile = Damage & { readonly name: string }

/**
 * Keeps what a Decryption Secrets Block holds (pcapng §4.7). Returns the limit that it reached, in bytes, if there is no room for
 * all of it.
 */
export type KeepSecrets = (type: number, bytes: Uint8Array) => number | undefined

/**
 * Parts of the budget: what waiting files may take of it, so that there is room left for connections; and what they may take in
 * addition, so that a capture which fills the budget does not stop the others.
 */
const SHARED_PART = 3 / 4
const RESERVED_PART = 1 / 8
/** Chunks of a file that is read again. The more files wait for one another, the shorter they are. */
const LONGEST_CHUNK = 256 * 1024
const SHORTEST_CHUNK = 8 * 1024

/**
 * Reads capture files as one: call `fill` until it returns false, and after each `fill` call `next` until it returns undefined.
 * At the end call `close`.
 *
 * Each file is expected to be in the order of time, as captures are; a file that is not keeps its own order. A packet without a
 * time gets the place of the packet before it in its file. When times are equal, the file that was named first goes first.
 *
 * A file is let go once its first packet is known, and read again when that packet's turn comes. From then on it holds the bytes
 * around its next packet, and the decoder's state if it is compressed. If the budget has no room for what the waiting files hold, the one whose
 * turn comes last is let go again: a plain file goes on where it was. A compressed file or a stream cannot, so too many of them are an
 * error.
 */
export class CaptureFiles {
  /** Bytes read so far, of all files, before unpacking. What was read twice counts twice. */
  bytesRead = 0
  readonly #files: readonly SourceFile[]
  /** What waiting files hold is drawn from the one, and if that is used up by others, from the other. */
  readonly #shared: Budget
  readonly #reserve: Budget
  /** Files of which no packet is known: `fill` reads on in them. */
  #unknown: readonly SourceFile[]
  /** Files whose next packet is known and not at its turn. */
  readonly #waiting = new Heap<SourceFile>((a, b) => a.isEarlierThan(b))
  /** How many of the waiting files hold memory. */
  #holding = 0
  /** The file whose packet was handed out last. It goes on until another file is earlier. */
  #leader: SourceFile | undefined
  /** The earliest of the waiting files. */
  #rival: SourceFile | undefined
  #packets = 0
  readonly #closing: Promise<void>[] = []

  /**
   * `report` gets `truncated-capture` for each damaged file. `keepSecrets` gets the secrets in the files, each before the packets
   * that follow it. `limit`: the most bytes that files hold while others are at their turn.
   */
  constructor(
    platform: CapturePlatform,
    sources: readonly CaptureSource[],
    report: Report,
    budget: Budget = new Budget(LIMITS.waitingTotal.value),
    keepSecrets: KeepSecrets = () => undefined,
  ) {
    this.#shared = budget.share(budget.limit * SHARED_PART)
    this.#reserve = new Budget(budget.limit * RESERVED_PART)
    const memory = new PayloadMemory(LARGEST_READ)
    this.#files = sources.map(
      (source, index) =>
        new SourceFile(
          platform,
          source,
          index,
          report,
          reportingOnce(keepSecrets, source.name, report),
          memory,
        ),
    )
    this.#unknown = this.#files
  }

  /** The files with their formats; undefined until the first `fill` is done. */
  get files(): readonly CaptureFile[] | undefined {
    const files = this.#files.flatMap(({ name, format, compression }) =>
      format === undefined ? [] : [{ name, format, compression }],
    )
    return files.length === this.#files.length ? files : undefined
  }

  /** The files found damaged so far. */
  get damaged(): readonly DamagedFile[] {
    return this.#files.flatMap(({ name, damage }) => (damage === undefined ? [] : [{ name, ...damage }]))
  }

  /**
   * Reads one more chunk of each file that needs bytes; until a file's header is decoded, as many chunks as that takes. Returns
   * false when all files are over. Throws InputError if an input cannot be read or is not a capture; the first call checks every
   * file.
   */
  async fill(): Promise<boolean> {
    await this.#closeAll()
    if (this.#leader?.needsBytes) await this.#read(this.#leader)
    const unknown: SourceFile[] = []
    for (const file of this.#unknown) {
      await this.#read(file)
      if (file.needsBytes) unknown.push(file)
      else if (file.pending !== undefined) this.#expect(file)
      await this.#closeAll()
    }
    this.#unknown = unknown
    if (unknown.length > 1 && unknown.reduce((sum, { held }) => sum + held, 0) > this.#shared.limit)
      throw this.#tooMuch()
    return this.#leader !== undefined || this.#waiting.size > 0 || unknown.length > 0
  }

  /** The next packet of all files; undefined if `fill` must read first, or all files are over. Throws InputError as `fill` does. */
  next(): Packet | undefined {
    const leader = this.#leader
    if (leader !== undefined && leader.pull() !== undefined) {
      if (this.#rival === undefined || !this.#rival.isEarlierThan(leader)) return this.#handOut(leader)
    }
    if (leader?.needsBytes || this.#unknown.length > 0) return undefined
    const file = this.#chooseLeader()
    return file?.pending && this.#handOut(file)
  }

  /** Closes all files, whether they were read to their end or not. */
  async close(): Promise<void> {
    await this.#closeAll()
    for (const file of this.#files) {
      this.#pay(file, 0)
      await file.close()
    }
  }

  async #closeAll(): Promise<void> {
    await Promise.all(this.#closing.splice(0))
  }

  #handOut(file: SourceFile): Packet {
    const packet = file.pending!
    file.pending = undefined
    packet.number = ++this.#packets
    return packet
  }

  /** Lets the leader wait if it goes on, and the file with the earliest packet lead; undefined if all are over. */
  #chooseLeader(): SourceFile | undefined {
    const before = this.#leader
    if (before?.pending !== undefined) this.#wait(before)
    else if (before !== undefined) this.#closing.push(before.close())
    const file = this.#waiting.shift()
    this.#leader = file
    this.#rival = this.#waiting.first
    if (file === undefined) return undefined
    file.hasBegun = true
    this.#pay(file, 0)
    return file
  }

  /** A file on a disk is read up to its first packet at once: half of it would have to be held until its turn. */
  async #read(file: SourceFile): Promise<void> {
    const share = this.#shared.limit / 2 / (this.#holding + 1)
    const chunkLength = 2 ** Math.floor(Math.log2(Math.min(LONGEST_CHUNK, Math.max(SHORTEST_CHUNK, share))))
    do this.bytesRead += await file.read(chunkLength)
    while (file.needsBytes && (file.format === undefined || file.canBeReadAgain))
    if (file.isOver) await file.close()
  }

  /** Its first packet is known, and not at its turn yet. */
  #expect(file: SourceFile): void {
    if (this.#files.length > 1 && file.canBeLetGo) this.#letGo(file)
    if (this.#files.length > 1) this.#wait(file)
    else this.#waiting.push(file)
  }

  #wait(file: SourceFile): void {
    this.#waiting.push(file)
    while (!this.#pay(file, file.held)) {
      const last = this.#lastToLetGo()
      if (last === undefined) throw this.#tooMuch()
      this.#letGo(last)
      if (last === file) return
    }
  }

  /** Of the waiting files that hold something that they can do without, the one whose turn comes last. */
  #lastToLetGo(): SourceFile | undefined {
    let last: SourceFile | undefined
    for (const file of this.#waiting.items) {
      if (file.canBeLetGo && (last === undefined || last.isEarlierThan(file))) last = file
    }
    return last
  }

  #letGo(file: SourceFile): void {
    this.#closing.push(file.letGo())
    this.#pay(file, file.held)
  }

  /** Pays for what a file holds, in place of what was paid before. False, and nothing is paid, if there is no room. */
  #pay(file: SourceFile, bytes: number): boolean {
    if (file.paidBy !== undefined) {
      file.paidBy.give(file.paid)
      file.paidBy = undefined
      this.#holding--
    }
    if (bytes === 0) return true
    file.paidBy = [this.#shared, this.#reserve].find((budget) => budget.take(bytes))
    if (file.paidBy === undefined) return false
    file.paid = bytes
    this.#holding++
    return true
  }

  #tooMuch(): InputError {
    return new InputError(
      'the captures hold too much while they wait for one another; unpack compressed files first, merge some of them with mergecap, or raise --limit-waiting-total',
    )
  }
}

/** Passes secrets on, and reports the first of a file for which there was no room. */
function reportingOnce(keepSecrets: KeepSecrets, file: string, report: Report): TakeSecrets {
  let hasReported = false
  return (type, bytes) => {
    const limit = keepSecrets(type, bytes)
    if (limit === undefined || hasReported) return
    hasReported = true
    report(makeFinding('limit-reached', { what: 'secrets', file, limit }))
  }
}
