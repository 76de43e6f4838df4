// The shape of a stage: records go in, records come out.
import type { StreamItem } from './stream.ts'

/**
 * A stage takes plain records and hands plain records to the next stage, which its constructor was given. It does no I/O, reads
 * no clock and never throws on captured bytes.
 */
export interface Stage<Input> {
  /** Takes one record. Its results are handed on before the call returns. */
  push(input: Input): void
  /** Nothing more comes: hands on what was held back. Called once, last. */
  end(): void
}

/**
 * A stage that reads both directions of one connection and hands on results only when asked: push an item, call `next` until it
 * returns false, then push again. Call `end` last. `From`: how the stage tells the directions apart.
 */
export interface ConnectionStage<From> {
  /** Takes the next item of a direction. Its bytes must stay valid until `next` has returned false. */
  push(from: From, item: StreamItem): void
  /** Decodes one more frame. Returns false if nothing is left of what was pushed. */
  next(): boolean
  /** Both directions have ended, or the connection was dropped: hands on what was held back. */
  end(): void
}
