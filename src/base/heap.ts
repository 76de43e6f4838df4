// A priority queue: a binary heap in an array.

/** Items of which the one that goes first can be taken. Adding and taking one takes time that grows with the logarithm of their number. */
export class Heap<Item> {
  readonly #items: Item[] = []
  readonly #goesBefore: (a: Item, b: Item) => boolean

  /** `goesBefore`: a strict order. It must not change for items that are in the heap. */
  constructor(goesBefore: (a: Item, b: Item) => boolean) {
    this.#goesBefore = goesBefore
  }

  get size(): number {
    return this.#items.length
  }

  /** The item that goes first; undefined if there is none. */
  get first(): Item | undefined {
    return this.#items[0]
  }

  /** All items, in no order. */
  get items(): readonly Item[] {
    return this.#items
  }

  push(item: Item): void {
    const items = this.#items
    let at = items.length
    items.push(item)
    while (at > 0) {
      const parent = (at - 1) >> 1
      if (!this.#goesBefore(item, items[parent]!)) break
      items[at] = items[parent]!
      at = parent
    }
    items[at] = item
  }

  /** Takes the item that goes first; undefined if there is none. */
  shift(): Item | undefined {
    const items = this.#items
    const first = items[0]
    const item = items.pop()
    if (item === undefined || items.length === 0) return first
    let at = 0
    for (;;) {
      let child = 2 * at + 1
      if (child >= items.length) break
      if (child + 1 < items.length && this.#goesBefore(items[child + 1]!, items[child]!)) child++
      if (!this.#goesBefore(items[child]!, item)) break
      items[at] = items[child]!
      at = child
    }
    items[at] = item
    return first
  }
}
