// The dynamic table of HPACK: RFC 7541 §2.3.2, §4. Pays for its entries from the budget.
import type { Budget } from '../base/limits.ts'

/** One character a byte (ISO 8859-1). */
export type HeaderField = readonly [name: string, value: string]

/** §4.1: bytes that an entry counts in addition to its strings. */
export const ENTRY_OVERHEAD = 32
/** Bytes that the budget pays for an entry in addition: the memory of a pair of strings. */
const ENTRY_MEMORY = 96
/** RFC 9113 §6.5.2: the bytes that a table may hold until another size is set. */
const INITIAL_SIZE = 4096
/** Browsers ask for 64 KiB. An encoder that uses more than this is not followed. */
const LARGEST_SIZE = 1024 * 1024

/** The table of one direction, as its encoder has it. */
export class DynamicTable {
  readonly #budget: Budget
  /** Oldest first; the first `#gone` of them are no longer in the table. */
  #entries: HeaderField[] = []
  #gone = 0
  #size = 0
  #maximum = INITIAL_SIZE

  constructor(budget: Budget) {
    this.#budget = budget
  }

  /** How many entries it has. */
  get length(): number {
    return this.#entries.length - this.#gone
  }

  /** §4.1: the size of all its entries, in bytes. */
  get size(): number {
    return this.#size
  }

  /** The entry at `index`, 0 for the newest; undefined if there is none. */
  at(index: number): HeaderField | undefined {
    return index < this.length ? this.#entries[this.#entries.length - 1 - index] : undefined
  }

  /** Adds an entry, and drops the oldest ones to make room for it (§4.4). False if the budget has no room. */
  add(field: HeaderField): boolean {
    const size = sizeOf(field)
    this.#shrinkTo(Math.max(0, this.#maximum - size))
    if (size > this.#maximum) return true
    if (!this.#budget.take(size + ENTRY_MEMORY)) return false
    this.#entries.push(field)
    this.#size += size
    return true
  }

  /** Sets how many bytes the table may hold (§4.3). False, and nothing is changed, if they are more than framewalk follows. */
  resize(maximum: number): boolean {
    if (maximum > LARGEST_SIZE) return false
    this.#maximum = maximum
    this.#shrinkTo(maximum)
    return true
  }

  /**
   * Its entries and its maximum size are not known any more. From now on it may hold at least `UNKNOWN_SIZE`: too small a maximum
   * would drop entries that the encoder still uses.
   */
  forget(): void {
    this.#shrinkTo(0)
    this.#maximum = Math.max(this.#maximum, UNKNOWN_SIZE)
  }

  /** Gives back what it holds. */
  release(): void {
    this.#shrinkTo(0)
  }

  #shrinkTo(size: number): void {
    while (this.#size > size) {
      const freed = sizeOf(this.#entries[this.#gone++]!)
      this.#size -= freed
      this.#budget.give(freed + ENTRY_MEMORY)
    }
    if (this.#gone > 32 && this.#gone * 2 > this.#entries.length) {
      this.#entries = this.#entries.slice(this.#gone)
      this.#gone = 0
    }
  }
}

/** What an encoder may have been allowed before the capture began: 64 KiB, as browsers allow. */
const UNKNOWN_SIZE = 64 * 1024

function sizeOf([name, value]: HeaderField): number {
  return name.length + value.length + ENTRY_OVERHEAD
}
