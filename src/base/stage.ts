// The one shape of a stage.

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
 * A stage from which records are pulled one at a time, where a little input can become a lot of output (a chunk of a file holds
 * thousands of packets; a compressed message inflates a thousandfold): the reader's pace holds the decoder back.
 */
export interface PulledStage<Input> extends Stage<Input> {
  /** Handles one more record (a packet, a frame) of what was pushed; false where nothing is left to handle. */
  next(): boolean
}
