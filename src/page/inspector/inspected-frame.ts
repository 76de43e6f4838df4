// What the inspector is given: one frame, and what is known around it.

import type { FindingText } from '../../base/findings.ts'
import type { Side } from '../../base/stream.ts'
import type { FindingRecord } from '../../records/records.ts'

/** One frame, and what is known around it. */
export interface InspectedFrame {
  /** As on the wire: header and payload, masked if MASK is 1. Bytes in holes are zero. */
  readonly bytes: Uint8Array
  readonly from: Side
  /** Ranges of `bytes` that the capture does not hold, in order. */
  readonly holes: ReadonlyArray<readonly [start: number, end: number]>
  /** Length of header and payload, as announced. If the frame is cut, more than `bytes` has. */
  readonly announcedLength: number
  /** The message that this frame completes or is part of; undefined for control frames. */
  readonly message: InspectedMessage | undefined
  /** What is wrong with it. */
  readonly findings: readonly (FindingText & Pick<FindingRecord, 'severity' | 'reference'>)[]
  /** The TCP segments that carried it, in order: ranges of `bytes`, with packet numbers. Empty if nothing is known of them. */
  readonly segments: readonly CarryingSegment[]
}

/** The part of a TCP segment that carried bytes of a frame. */
export interface CarryingSegment {
  readonly packet: number
  readonly start: number
  readonly end: number
}

/** A message: its fragments joined, and inflated if it was compressed. */
export interface InspectedMessage {
  readonly opcodeName: 'text' | 'binary'
  /** Numbers of its frames, in order. */
  readonly frames: readonly number[]
  readonly compressed: boolean
  /** The payloads of all its frames joined, unmasked. Undefined if they are not at hand. */
  readonly wirePayload: Uint8Array | undefined
  /** Where in `wirePayload` this frame's payload starts. */
  readonly payloadAt: number
  /** The window of the messages before. Undefined if no context is taken over, or it is not known. */
  readonly window: Uint8Array | undefined
  /** Inflated if it was compressed. Undefined if no byte of it is sure, or the message is not yet complete. */
  readonly data: Uint8Array | undefined
  /** Whether bytes are missing, or could not be inflated. */
  readonly incomplete: boolean
}
