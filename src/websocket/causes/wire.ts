// What is at hand when a side breaks a rule for the first time: the frame as it was on the wire, what follows it, and where segments start.
import type { FrameEvent } from '../../base/events.ts'
import type { HttpInStream, OutOfStep } from '../../base/finding-values.ts'
import { encodeHeader } from '../encode.ts'
import { emptyHeader, type Header, lengthFormOf, readHeader } from '../header.ts'
import { maskInto } from '../mask.ts'
import {
  contentEvidence,
  type Fragmentation,
  fragmentationAfter,
  hasPlausibleBits,
  isLawful,
  SAMPLE,
} from '../plausibility.ts'
import type { Utf8Fault } from '../utf8.ts'

/** A cause, as the finding that names it. */
export type Cause =
  | { readonly code: 'http-in-stream'; readonly values: HttpInStream }
  | { readonly code: 'out-of-step'; readonly values: OutOfStep }

/** Where a TCP segment starts, and the packet that brought it. */
export interface SegmentPlace {
  /** In the direction's WebSocket byte stream. */
  readonly offset: number
  readonly packet: number
}

/** What is known around the frame that was decoded last. */
export interface Surroundings {
  /** What the same chunk holds behind the frame; empty if the frame was cut. */
  readonly rest: Uint8Array
  /** What the same chunk holds before the frame, from the start of the last frame before it on; empty if that began in another chunk. */
  readonly previous: Uint8Array
  /** Where the segments start that the frame runs over, but for the first; the last ones if there are many. */
  readonly segments: readonly SegmentPlace[]
}

/** What a cause is looked for in. */
export interface Evidence extends Surroundings {
  /** The frame that breaks the rule, or that completes the message that does. Its payload has no hole. */
  readonly frame: FrameEvent
  /** Where the text of that one frame stops being UTF-8; undefined if that is not what is wrong. */
  readonly utf8Fault: Utf8Fault | undefined
  /** Whether RSV1 may mean compression. */
  readonly rsv1Allowed: boolean
  /** The masking key of the last masked frame of the other side, and its number. */
  readonly peerKey: { readonly key: number | undefined; readonly frame: number }
}

/** Bytes of the stream that are copied to be looked at. */
const MOST_BYTES = 65_536
/** Frames of a chain that are looked at. */
const MOST_FRAMES = 32
/** Bits for a header that is lawful and masked as its side masks: of 256 first bytes nine are, and one of two bits. */
const HEADER_BITS = 5.8
/** Bits for a frame that ends where a segment ends, by the length that announces it: in its seven bits, or in more. */
const TILE_BITS = { 7: 6, 16: 12, 64: 24 } as const

/** The bytes of a frame and of what follows it, as on the wire. Offsets count from the frame's first byte. */
export class WireBytes {
  /** How many are known. */
  readonly length: number
  readonly #header: Uint8Array
  readonly #frame: FrameEvent
  readonly #rest: Uint8Array

  constructor(frame: FrameEvent, rest: Uint8Array) {
    this.#header = encodeHeader(frame)
    this.#frame = frame
    const isAll = frame.payload.length === Number(frame.payloadLength)
    this.#rest = isAll ? rest : rest.subarray(0, 0)
    this.length = frame.headerLength + frame.payload.length + this.#rest.length
  }

  /** A copy of the bytes from an offset on, at most 64 KiB. */
  from(offset: number): Uint8Array {
    const { headerLength, payload, maskingKey = 0 } = this.#frame
    const bytes = new Uint8Array(Math.max(0, Math.min(this.length - offset, MOST_BYTES)))
    const payloadEnd = headerLength + payload.length
    bytes.set(this.#header.subarray(Math.min(offset, headerLength), offset + bytes.length))
    const start = Math.max(offset, headerLength)
    const end = Math.min(offset + bytes.length, payloadEnd)
    if (start < end) {
      const phase = start - headerLength
      maskInto(bytes, start - offset, payload, phase, end - headerLength, maskingKey, phase)
    }
    const restAt = Math.max(offset, payloadEnd)
    if (restAt < offset + bytes.length)
      bytes.set(this.#rest.subarray(restAt - payloadEnd, offset + bytes.length - payloadEnd), restAt - offset)
    return bytes
  }

  /** Where segments start, and where the known bytes end. */
  boundaries(segments: readonly SegmentPlace[]): ReadonlySet<number> {
    return new Set([...segments.map(({ offset }) => offset - this.#frame.offset), this.length])
  }
}

/** Frames that stand one behind the other. */
export interface FrameRun {
  readonly frames: number
  /** How surely they are frames: each bit halves the chance that other bytes look like them. */
  readonly bits: number
  /** Where the last whole frame that ends at a boundary ends; 0 if none does. */
  readonly tiledTo: number
  /** Whether there is nothing but lawful frames to the end of what is known. */
  readonly isUnbroken: boolean
}

/** Reads lawful frames of a side from the first of the bytes on. `at`: the offset of that byte, in which the boundaries count. */
export function readFrames(
  bytes: Uint8Array,
  at: number,
  boundaries: ReadonlySet<number>,
  { frame, rsv1Allowed }: Pick<Evidence, 'frame' | 'rsv1Allowed'>,
): FrameRun {
  const header = emptyHeader()
  let fragmentation: Fragmentation = 'unknown'
  let [position, frames, bits, tiledTo] = [0, 0, 0, 0]
  while (frames < MOST_FRAMES && position < bytes.length) {
    if (!readHeader(header, bytes, position, bytes.length)) break
    if (!isOfSide(header, frame, rsv1Allowed) || !isLawful(header, fragmentation))
      return { frames, bits, tiledTo, isUnbroken: false }
    const payloadAt = position + header.headerLength
    const end = payloadAt + Number(header.payloadLength)
    const seen = Math.min(end, bytes.length, payloadAt + SAMPLE)
    const content = contentEvidence(header, bytes, payloadAt, seen, seen === end)
    if (content < 0) return { frames, bits, tiledTo, isUnbroken: false }
    frames++
    bits += HEADER_BITS + content
    if (boundaries.has(at + end)) {
      bits += TILE_BITS[lengthFormOf(header)]
      tiledTo = end
    }
    fragmentation = fragmentationAfter(header, fragmentation)
    position = end
  }
  return { frames, bits, tiledTo, isUnbroken: frames > 0 }
}

function isOfSide(header: Header, { from }: FrameEvent, rsv1Allowed: boolean): boolean {
  return header.masked === (from === 'client') && hasPlausibleBits(header) && (rsv1Allowed || !header.rsv1)
}
