// A difference of a message or a frame. There may be a million of them, and what is in them may be large. So a difference only knows
// where its items are, and what is shown of them is made anew whenever it is asked for.
import type { Side } from '../base/stream.ts'
import type { Changes } from './changes.ts'
import type { Change, Difference, DifferenceKind, OnBothSides } from './difference.ts'
import type { List, Place } from './golden.ts'

/** What is compared: a message, or a frame. */
export interface Item {
  readonly from: Side
  readonly place: Place | undefined
}

/** What a difference says of its items. */
export interface ItemKind<T> {
  readonly subject: 'message' | 'frame'
  readonly json: (item: T) => unknown
  readonly changes: (expected: T, actual: T) => Changes
}

/** A message or a frame: its 1-based number in its connection, and what the connection has. */
export interface NumberedItem<T> {
  readonly number: number
  readonly items: List<T>
}

/** A difference whose values are made when they are asked for. */
export class ItemDifference<T extends Item> implements Difference {
  readonly kind: DifferenceKind
  readonly connection: OnBothSides<number>
  readonly approximate?: true
  readonly #items: ItemKind<T>
  readonly #expected: NumberedItem<T> | undefined
  readonly #actual: NumberedItem<T> | undefined

  /** `expected` or `actual` is there, or both. */
  constructor(
    kind: DifferenceKind,
    items: ItemKind<T>,
    connection: OnBothSides<number>,
    expected: NumberedItem<T> | undefined,
    actual: NumberedItem<T> | undefined,
    isApproximate: boolean,
  ) {
    this.kind = kind
    this.connection = connection
    this.#items = items
    this.#expected = expected
    this.#actual = actual
    if (isApproximate) this.approximate = true
  }

  get subject(): 'message' | 'frame' {
    return this.#items.subject
  }

  get from(): Side {
    return itemOf(this.#expected ?? this.#actual)!.from
  }

  get number(): OnBothSides<number> {
    return { expected: this.#expected?.number, actual: this.#actual?.number }
  }

  get place(): OnBothSides<Place> {
    return { expected: itemOf(this.#expected)?.place, actual: itemOf(this.#actual)?.place }
  }

  get value(): OnBothSides<unknown> {
    const [expected, actual] = [itemOf(this.#expected), itemOf(this.#actual)]
    return { expected: expected && this.#items.json(expected), actual: actual && this.#items.json(actual) }
  }

  get changes(): readonly Change[] {
    return this.#changes()?.listed ?? []
  }

  get furtherChanges(): number {
    return this.#changes()?.further ?? 0
  }

  /** The fields as a record. */
  toJSON(): Difference {
    const { kind, subject, connection, from, number, place, value, approximate } = this
    const changes = this.#changes()
    return {
      kind,
      subject,
      connection,
      from,
      number,
      place,
      value,
      changes: changes?.listed ?? [],
      ...(changes !== undefined && changes.further > 0 && { furtherChanges: changes.further }),
      ...(approximate && { approximate }),
    }
  }

  #changes(): Changes | undefined {
    if (this.kind !== 'changed') return undefined
    return this.#items.changes(itemOf(this.#expected)!, itemOf(this.#actual)!)
  }
}

function itemOf<T>(numbered: NumberedItem<T> | undefined): T | undefined {
  return numbered?.items.at(numbered.number - 1)
}
