// One difference between two goldens: data, from which every reporter makes its own text.
import type { Side } from '../base/stream.ts'
import type { Place } from './golden.ts'

/** `missing`: expected, and not there. `added`: there, and not expected. `moved`: there, and in another order. */
export type DifferenceKind = 'missing' | 'added' | 'changed' | 'moved'

/** What differs. */
export type Subject = 'connection' | 'handshake' | 'message' | 'frame' | 'finding' | 'closed'

export interface Difference {
  readonly kind: DifferenceKind
  readonly subject: Subject
  /** Of the connection's number, on each side where it is; absent for what belongs to no connection. */
  readonly connection: OnBothSides<number>
  /** Who sent it, or whose fault it is. */
  readonly from: Side | undefined
  /** 1-based number of the message or frame within its connection, on each side where it is. */
  readonly number: OnBothSides<number>
  /** Frames and packets, on each side that is a capture. */
  readonly place: OnBothSides<Place>
  /** What is missing or was added, as the golden file has it. */
  readonly value: OnBothSides<unknown>
  /** Of `changed`: what exactly. */
  readonly changes: readonly Change[]
}

/** What a difference says of a finding. */
export interface FindingFacts {
  readonly code: string
  readonly severity: string
  readonly count?: number
  /** The sentence of the first one, where it is of a capture. */
  readonly message?: string
}

/** Something of the expected and of the actual side. */
export interface OnBothSides<T> {
  readonly expected?: T | undefined
  readonly actual?: T | undefined
}

/** A value that is another one. Undefined stands for one that is not there. */
export interface Change {
  /** JSONPath within a JSON message (`$.price`), else a name: `text`, `closed.code`. */
  readonly path: string
  readonly expected: unknown
  readonly actual: unknown
}

/** A difference with what is known of it. */
export function makeDifference(
  kind: Difference['kind'],
  subject: Difference['subject'],
  fields: Partial<Omit<Difference, 'kind' | 'subject'>>,
): Difference {
  return {
    kind,
    subject,
    connection: {},
    from: undefined,
    number: {},
    place: {},
    value: {},
    changes: [],
    ...fields,
  }
}
