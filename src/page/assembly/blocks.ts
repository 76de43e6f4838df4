// The frames of a message and the frames between them as blocks: which of them bring which bytes of the message, and what is
// missing.
import type { Side } from '../../base/stream.ts'
import type { InspectedMessage } from '../inspector/inspected-frame.ts'

/** A frame that takes part in a message, or came between its fragments. */
export interface AssemblyFrame {
  /** Its number within the connection. */
  readonly frame: number
  readonly from: Side
  readonly opcode: number
  readonly fin: boolean
  readonly rsv1: boolean
  readonly firstPacket: number
  readonly lastPacket: number
  /** Bytes, as announced. */
  readonly payloadLength: number
  /** Unmasked; undefined if it is not at hand. */
  readonly payload: Uint8Array | undefined
}

/** A frame in its place. */
export interface Block {
  readonly frame: AssemblyFrame
  /** Where its payload starts in the message as it was on the wire, from 0; undefined for a frame that came between. */
  readonly start: number | undefined
}

/** Why a message is not complete. */
export type Missing =
  | { readonly what: 'beginning' }
  | { readonly what: 'end' }
  | { readonly what: 'frames'; readonly count: number }
  | { readonly what: 'payload'; readonly frame: number }
  | { readonly what: 'bytes'; readonly frame: number; readonly count: number }
  | { readonly what: 'inflating' }
  | { readonly what: 'something' }

/** The frames in order, the fragments among them with their places. */
export function blocksOf(message: InspectedMessage, frames: readonly AssemblyFrame[]): Block[] {
  const fragments = new Set(message.frames)
  let at = 0
  return frames.map((frame) => {
    if (!fragments.has(frame.frame)) return { frame, start: undefined }
    const start = at
    at += frame.payloadLength
    return { frame, start }
  })
}

/** The range of joined bytes that a fragment brought. */
export interface Stretch {
  readonly frame: number
  /** Which of the fragments it is, from 0. */
  readonly index: number
  readonly start: number
  readonly end: number
}

/** The fragments that brought some of the bytes `[start, end)` of the message as it was on the wire. */
export function stretchesOf(blocks: readonly Block[], start: number, end: number): Stretch[] {
  const stretches: Stretch[] = []
  let index = 0
  for (const { frame, start: from } of blocks) {
    if (from === undefined) continue
    const to = from + frame.payloadLength
    if (from < end && to > start) {
      stretches.push({ frame: frame.frame, index, start: Math.max(start, from), end: Math.min(end, to) })
    }
    index += 1
  }
  return stretches
}

/** What is missing from a message; empty if it is complete. At most `most` of its frames are named. */
export function missingOf(message: InspectedMessage, blocks: readonly Block[], most: number): Missing[] {
  const fragments = blocks.filter(({ start }) => start !== undefined).map(({ frame }) => frame)
  const missing: Missing[] = []
  if (fragments[0]?.opcode === 0) missing.push({ what: 'beginning' })
  if (fragments.length < message.frames.length)
    missing.push({ what: 'frames', count: message.frames.length - fragments.length })
  for (const { frame, payload, payloadLength } of fragments) {
    if (missing.length >= most) break
    if (payload === undefined) {
      if (message.wirePayload === undefined && payloadLength > 0) missing.push({ what: 'payload', frame })
    } else if (payload.length < payloadLength) {
      missing.push({ what: 'bytes', frame, count: payloadLength - payload.length })
    }
  }
  if (fragments.at(-1)?.fin === false) missing.push({ what: 'end' })
  if (message.incomplete && missing.length === 0)
    missing.push({ what: message.compressed ? 'inflating' : 'something' })
  return missing
}
