// The index of a report (page-data.ts): entries in, JSON in blocks out. It holds the block at hand only, and counts what has no
// room.
import { Budget } from '../base/limits.ts'
import type { TakeBlock } from './columns.ts'
import type { IndexEntry } from './page-data.ts'

/** Characters of a block, about. */
const INDEX_BLOCK = 256 * 1024

/**
 * Takes entries and fills blocks. One half of the limit is for connections and findings. The other is for what is told of them in
 * detail: their heads, and where the bytes of their frames came from. So no detail takes the place of a connection.
 */
export class IndexBlocks {
  /** Blocks handed on. */
  count = 0
  /** True once something had no room. */
  isFull = false
  readonly #entries: Budget
  readonly #details: Budget
  readonly #block: TakeBlock
  #parts: string[] = []
  #length = 0

  /** `limit`: bytes of all entries and details. */
  constructor(limit: number, block: TakeBlock) {
    this.#entries = new Budget(Math.ceil(limit / 2))
    this.#details = new Budget(Math.floor(limit / 2))
    this.#block = block
  }

  /**
   * Adds an entry. `details`: bytes of it that were taken by `takeDetails`; `reserved`: bytes that are kept free for another
   * (`addReserved`). Returns false, and adds nothing, if there is no room.
   */
  add(entry: IndexEntry, details = 0, reserved = 0): boolean {
    const json = JSON.stringify(entry)
    if (!this.#take(this.#entries, Buffer.byteLength(json) - details + reserved)) {
      this.#details.give(details)
      return false
    }
    this.#push(json)
    return true
  }

  /** Adds an entry for which `reserved` bytes were kept free, and gives back what it does not need of them. */
  addReserved(entry: IndexEntry, reserved: number): void {
    const json = JSON.stringify(entry)
    this.#entries.give(reserved - Buffer.byteLength(json))
    this.#push(json)
  }

  /** Adds an entry, if there is one, that is a detail, with `bytes` that are kept elsewhere. Returns false as `add` does. */
  addDetails(entry: IndexEntry | undefined, bytes: number): boolean {
    const json = entry && JSON.stringify(entry)
    if (!this.takeDetails(bytes + (json === undefined ? 0 : Buffer.byteLength(json)))) return false
    if (json !== undefined) this.#push(json)
    return true
  }

  /** Takes room for details. Returns false, and takes nothing, if there is none. */
  takeDetails(bytes: number): boolean {
    return this.#take(this.#details, bytes)
  }

  /** Hands on what is left. */
  end(): void {
    if (this.#parts.length > 0) this.#handOn()
  }

  #take(budget: Budget, bytes: number): boolean {
    const isTaken = budget.take(bytes)
    if (!isTaken) this.isFull = true
    return isTaken
  }

  #push(json: string): void {
    this.#parts.push(json)
    this.#length += json.length
    if (this.#length >= INDEX_BLOCK) this.#handOn()
  }

  #handOn(): void {
    this.#block(Buffer.from(`[${this.#parts.join(',')}]`), this.count++)
    this.#parts = []
    this.#length = 0
  }
}
