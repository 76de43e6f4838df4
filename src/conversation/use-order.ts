// Items in the order of use, as a doubly linked list through the items themselves. It stands alone because it knows nothing of conversations.
// A Set that deletes and adds would do, but with every packet of another connection it makes garbage: small frames took 5 % longer.

/** An item's neighbours, kept for the list. */
export interface Linked<Item> {
  older: Item | undefined
  newer: Item | undefined
}

export class UseOrder<Item extends Linked<Item>> {
  size = 0
  /** The item that was used last. */
  newest: Item | undefined
  /** The item that is idle longest. */
  oldest: Item | undefined

  /** Puts an item at the newer end, whether it was in the list or not. */
  use(item: Item): void {
    if (item === this.newest) return
    this.remove(item)
    item.older = this.newest
    if (this.newest === undefined) this.oldest = item
    else this.newest.newer = item
    this.newest = item
    this.size++
  }

  /** Takes an item out, if it is in the list. */
  remove(item: Item): void {
    const { older, newer } = item
    if (older === undefined && newer === undefined && this.newest !== item) return
    if (older === undefined) this.oldest = newer
    else older.newer = newer
    if (newer === undefined) this.newest = older
    else newer.older = older
    item.older = undefined
    item.newer = undefined
    this.size--
  }
}
