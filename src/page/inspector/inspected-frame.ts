// What the inspector is given: one frame, and what is known around it.
import type { FindingText } from '../../base/findings.ts'
import type { Side } from '../../base/stream.ts'
import type { FindingRecord } from '../../records/records.ts'

/** One frame, and what is known around it. */
export interface InspectedFrame {
  /** As on the wire, header and payload (masked if MASK is 1); bytes in holes are zero. */
  readonly bytes: Uint8Array
  readonly from: Side
  /** Ranges of `bytes` that the capture does not hold, in order. */
  readonly holes: ReadonlyArray<readonly [start: number, end: number]>
  /** Length of the whole frame as announced, header and payload; longer than `bytes` if the frame is cut. */
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
  /** The payloads of all its frames joined, unmasked; undefined if they are not at hand. */
  readonly wirePayload: Uint8Array | undefined
  /** Where in `wirePayload` this frame's payload starts. */
  readonly payloadAt: number
  /** What is taken over from earlier messages; undefined if nothing is, or if it is unknown. */
  readonly window: Uint8Array | undefined
  /** Inflated if it was compressed; undefined if nothing of it is sure, or the message is not complete yet. */
  readonly data: Uint8Array | undefined
  /** Whether bytes are missing, or could not be inflated. */
  readonly incomplete: boolean
}
