/** What the sentence about a field of a frame may tell of it. */
export interface FieldValue {
  /** The number that its bits make. */
  readonly value: number | bigint
  readonly bits: number
}
