// A queue, first in, first out.

/** A queue of items that are not undefined. Taking an item does not move the others. */
export class Queue<Item> {
  #items: (Item | undefined)[] = []
  /** How many of `#items` were taken. */
  #taken = 0

  get length(): number {
    return this.#items.length - this.#taken
  }

  /** The item that goes next; undefined if there is none. */
  get first(): Item | undefined {
    return this.#items[this.#taken]
  }

  /** The item that came last; undefined if there is none. */
  get last(): Item | undefined {
    return this.#items.at(-1)
  }

  /** All items, oldest first. */
  get items(): readonly Item[] {
    if (this.#taken > 0) {
      this.#items = this.#items.slice(this.#taken)
      this.#taken = 0
    }
    return this.#items as Item[]
  }

  push(item: Item): void {
    this.#items.push(item)
  }

  /** Takes the first item; undefined if there is none. */
  shift(): Item | undefined {
    // Asked for each packet: to read past the end of an array takes V8 longer than to compare.
    if (this.#taken === this.#items.length) return undefined
    const item = this.#items[this.#taken] as Item
    // The queue must not keep alive what was taken.
    this.#items[this.#taken++] = undefined
    if (this.#taken === this.#items.length) {
      this.#items = []
      this.#taken = 0
    }
    return item
  }

  /** Puts items before those that are in the queue. */
  putBefore(items: readonly Item[]): void {
    this.#items = this.length === 0 ? [...items] : [...items, ...this.items]
    this.#taken = 0
  }

  /** Takes out an item, wherever it is; looks from the end. */
  remove(item: Item): void {
    const at = this.#items.lastIndexOf(item)
    if (at >= this.#taken) this.#items.splice(at, 1)
  }

  /** Takes all items. */
  takeAll(): Item[] {
    const items = this.items as Item[]
    this.#items = []
    return items
  }
}
