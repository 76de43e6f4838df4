// What a frame decoder returns: frames, and what it found in their place. Types only.
import type { AnsweredPing, CloseBody, FrameEvent, MessagePart } from '../base/events.ts'
import type { EndReason, Time } from '../base/stream.ts'
import type { FirstByte } from './tiled-frames.ts'

/**
 * A frame as decoded. `frame` is 0, and `close`, `part`, `message` and `answers` are undefined, until websocket/connection.ts
 * sets them.
 */
export interface DecodedFrame extends FrameEvent {
  frame: number
  close: CloseBody | undefined
  part: MessagePart | undefined
  message: number | undefined
  answers: readonly AnsweredPing[] | undefined
}

/** After a hole that hid a header, a frame was found that is sure. The frames follow. */
export interface Resynchronized {
  readonly type: 'resynchronized'
  /** If frames keep to the segments from the first captured byte on: what stands behind that byte. */
  readonly firstByte: FirstByte | undefined
  /** Captured bytes that were skipped. */
  readonly passedOver: number
  /** Where the frame starts in its direction's WebSocket byte stream; bytes in gaps count. */
  readonly offset: number
  /** 0 … 1: how sure it is that a frame starts there. */
  readonly confidence: number
  /** The packet whose arrival made it sure, or the packet of the first captured byte if it starts there; and its time. */
  readonly packet: number
  readonly time: Time | undefined
}

/** Bytes that belong to no frame. */
export interface Remainder {
  readonly type: 'remainder'
  /**
   * `header`: part of a header that was never completed. `unsynchronized`: after a hole, or at the start of the capture, and no
   * frame in them was sure.
   */
  readonly what: 'header' | 'unsynchronized'
  /** Where they start in their direction's WebSocket byte stream. */
  readonly offset: number
  /** How many of them the capture holds. */
  readonly length: number
  readonly cutBy: 'gap' | EndReason
  /** The packet whose arrival settled it, and its time. */
  readonly packet: number
  readonly time: Time | undefined
}

/** What `FrameDecoder.next` returns. */
export type Decoded = DecodedFrame | Resynchronized | Remainder
