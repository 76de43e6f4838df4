// One difference between two goldens, as data. Every reporter makes its own text of it.
import type { Side } from '../base/stream.ts'
import type { Place } from './golden.ts'

/** `missing`: expected, but not there. `added`: there, but not expected. `moved`: there, but in another order. */
export type DifferenceKind = 'missing' | 'added' | 'changed' | 'moved'

/** What differs. */
export type Subject = 'connection' | 'handshake' | 'message' | 'frame' | 'finding' | 'closed'

export interface Difference {
  readonly kind: DifferenceKind
  readonly subject: Subject
  /** The number of the connection on each side that has it. Absent if it belongs to no connection. */
  readonly connection: OnBothSides<number>
  /** Who sent it, or whose fault it is. */
  readonly from: Side | undefined
  /** 1-based number of the message or frame in its connection, on each side that has it. */
  readonly number: OnBothSides<number>
  /** Frames and packets, on each side that is a capture. */
  readonly place: OnBothSides<Place>
  /** The missing or added thing, as the golden file has it. */
  readonly value: OnBothSides<unknown>
  /** For `changed`: what exactly changed. */
  readonly changes: readonly Change[]
  /** How many more changes there are, if there are too many to list. */
  readonly furtherChanges?: number
  /** True if there was too much to compare: things were paired in order, and there may be fewer differences than are named. */
  readonly approximate?: true
}

/** What a difference says of a finding. */
export interface FindingFacts {
  readonly code: string
  readonly severity: string
  readonly count?: number
  /** The sentence of the first one, if it is of a capture. */
  readonly message?: string
}

/** Something on the expected and on the actual side. */
export interface OnBothSides<T> {
  readonly expected?: T | undefined
  readonly actual?: T | undefined
}

/** A value that differs. Undefined: it is not there. */
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
