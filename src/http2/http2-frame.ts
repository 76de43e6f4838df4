// What the frames of one direction say (RFC 9113 §6): the output of frame-reader.ts.
import type { Chunk, Gap, StreamEnd, Time } from '../base/stream.ts'

/**
 * The fields of HEADERS or PUSH_PROMISE with its CONTINUATION frames, still encoded: `bytes[start … end)`, valid until the next
 * pull.
 */
export interface HeaderBlock {
  readonly kind: 'block'
  readonly stream: number
  /** True for PUSH_PROMISE: the fields are those of a request that the server makes up. */
  readonly isPromise: boolean
  readonly endsStream: boolean
  readonly bytes: Uint8Array
  readonly start: number
  readonly end: number
  /** False if bytes are missing after these. */
  readonly isWhole: boolean
  readonly firstPacket: number
  readonly lastPacket: number
  readonly time: Time | undefined
}

/** What a frame, or a piece of one, says. */
export type Http2Frame =
  | HeaderBlock
  /** Bytes of a stream, or a hole in them. */
  | { readonly kind: 'data'; readonly stream: number; readonly item: Chunk | Gap }
  /** END_STREAM of a DATA frame. */
  | {
      readonly kind: 'stream-end'
      readonly stream: number
      readonly released: number
      readonly time: Time | undefined
    }
  | {
      readonly kind: 'reset'
      readonly stream: number
      readonly errorCode: number
      readonly released: number
      readonly time: Time | undefined
    }
  | { readonly kind: 'settings'; readonly values: ReadonlyMap<number, number> }
  /** Frames may be missing here. */
  | { readonly kind: 'lost'; readonly gap: Gap }
  | { readonly kind: 'end'; readonly item: StreamEnd }
