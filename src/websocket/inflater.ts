// What websocket/ needs of an inflate library. conversation/inflater-pool.ts has one; a page brings its own. Platform neutral.
import type { InflateReason } from '../base/finding-values.ts'

/** What became of one message's compressed bytes. */
export interface Inflated {
  /**
   * What came out; if `status` is not `done`, the bytes before the fault or up to the limit. New memory, which the caller may
   * keep.
   */
  readonly bytes: Uint8Array
  readonly status: 'done' | 'limit' | 'error' | 'dropped'
  /** Why: what is wrong with the data if `status` is `error`; which limit it was if `status` is `dropped`, or `limit` and not the length. */
  readonly reason: InflateReason | undefined
}

/**
 * Inflates the messages of one direction in order; keeps the window from message to message (RFC 7692 §7.2.3). `dropped`: a limit
 * made the inflater give up its window while it was idle; nothing was inflated.
 */
export interface Inflater {
  /**
   * Inflates one message: `payload` as on the wire; the `00 00 ff ff` of RFC 7692 §7.2.2 is added here. A block with BFINAL set
   * ends the deflate stream but not the window (§7.2.3.4). Stops at `maxLength` bytes of output. Data that ends inside a block is
   * an `error`, with what came out of it. After an `error` the window is set aside; after `limit` and `dropped` it is gone.
   */
  inflate(payload: Uint8Array, maxLength: number): Inflated
  /**
   * Takes note of a message that was sent uncompressed, for `recall`. False if there is no room: then none is noted until a message was
   * inflated.
   */
  passBy(message: Uint8Array): boolean
  /** Begins with an empty window, as before each message of a side without context takeover. `recall` knows what was in it. */
  setAside(): void
  /**
   * Inflates a message over the window that it should not need: what came out of all messages since `reset`, as far as it is still
   * known, and behind it what was passed by since the last of them. If `done`, and `isRight` says so of what comes out, it is the window
   * from then on. Otherwise nothing changes, and the status is not `done`.
   */
  recall(payload: Uint8Array, maxLength: number, isRight: (bytes: Uint8Array) => boolean): Inflated
  /** Forgets everything. */
  reset(): void
  /** Frees the native memory. */
  close(): void
}

/** Makes the inflater of one direction. `windowBits`: 8 … 15. */
export type MakeInflater = (windowBits: number) => Inflater
