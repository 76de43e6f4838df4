// The dynamic table of HPACK: RFC 7541 §2.3.2, §4. Pays for its entries from the budget.
import type { Budget } from '../base/limits.ts'

export type HeaderField = readonly [name: string, value: string]

/** §4.1: what an entry counts beside its strings. */
export const ENTRY_OVERHEAD = 32
/** §6.5.2 of RFC 9113: what a table may hold before anyone says otherwise. */
const INITIAL_SIZE = 4096
/** Browsers ask for 64 KiB. An encoder that uses more than this is not followed. */
const LARGEST_SIZE = 1024 * 1024

export class DynamicTable {
  readonly #budget: Budget
  /** Oldest first, behind those that are gone. */
  #entries: HeaderField[] = []
  #gone = 0
  #size = 0
  #maximum = INITIAL_SIZE

  constructor(budget: Budget) {
    this.#budget = budget
  }

  /** Entries in it. */
  get length(): number {
    return this.#entries.length - this.#gone
  }

  /** §4.1: of all its entries. */
  get size(): number {
    return this.#size
  }

  /** The entry at `index`, 0 for the newest; undefined where there is none. */
  at(index: number): HeaderField | undefined {
    return index < this.length ? this.#entries[this.#entries.length - 1 - index] : undefined
  }

  /** Adds an entry and drops those for which there is no room any more (§4.4); false where the budget has none. */
  add(field: HeaderField): boolean {
    const size = sizeOf(field)
    this.#shrinkTo(Math.max(0, this.#maximum - size))
    if (size > this.#maximum) return true
    if (!this.#budget.take(size)) return false
    this.#entries.push(field)
    this.#size += size
    return true
  }

  /** §4.3; false for more than framewalk follows. */
  resize(maximum: number): boolean {
    if (maximum > LARGEST_SIZE) return false
    this.#maximum = maximum
    this.#shrinkTo(maximum)
    return true
  }

  /** What it holds, and how much it may hold, is not known any more: an encoder that uses more room than this would lose its entries. */
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
      this.#budget.give(freed)
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
