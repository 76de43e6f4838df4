// What a sentence about a finding may tell: the finding as its record has it, and the frame it is about where that is at hand.
import type { FindingCode } from '../base/findings.ts'
import type { Side } from '../base/stream.ts'

/** A finding, of an event or of a record. */
export interface Found {
  readonly code: FindingCode
  /** Its English sentence with the values. */
  readonly message: string
}

/** The frame that a finding is about. */
export interface FaultyFrame {
  readonly from: Side
  readonly fin: boolean
  readonly rsv1: boolean
  readonly rsv2: boolean
  readonly rsv3: boolean
  readonly opcode: number
  /** One big-endian word; undefined where the frame is not masked. */
  readonly maskingKey: number | undefined
  readonly masked: boolean
  readonly headerLength: number
  readonly payloadLength: number | bigint
  /** Payload bytes that are there; undefined where nobody counted. */
  readonly capturedLength?: number | undefined
  readonly close?: { readonly code: number } | undefined
}
