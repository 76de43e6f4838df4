// The shapes of a stage.
import type { StreamItem } from './stream.ts'

/**
 * A stage takes plain records and hands plain records to the stage after it, which it was given when it was made. It does no I/O,
 * keeps no clock, and never throws on captured bytes.
 */
export interface Stage<Input> {
  /** Takes one record. What comes of it is handed on before the call returns. */
  push(input: Input): void
  /** Nothing more comes: hands on what was held back. Called once, last. */
  end(): void
}

/**
 * A stage that reads both directions of one connection, and from which what comes of them is pulled: push an item, call `next` until it
 * says false, push again; `end` comes last. `From`: how it tells the directions apart.
 */
export interface ConnectionStage<From> {
  /** Takes the next item of a direction. Its bytes must stay valid until `next` has returned false. */
  push(from: From, item: StreamItem): void
  /** Decodes one more frame; false if nothing is left of what was pushed. */
  next(): boolean
  /** Both directions have ended, or the connection was dropped: hands on what was held back. */
  end(): void
}
