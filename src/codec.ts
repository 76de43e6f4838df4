// The frame codec on its own (`framewalk/websocket`): bytes to frames, frames to bytes, and what each field of a frame means
// (RFC 6455 §5.2). It uses nothing of Node and runs in browsers as it is.
import { type CloseBody, OPCODE_NAMES, Opcode } from './base/events.ts'
import { fields as english } from './language/en/fields.ts'
import { fieldMeaning } from './language/field-meaning.ts'
import { readCloseBody } from './websocket/close.ts'
import { type FrameField, fieldsOf } from './websocket/fields.ts'
import { decodeHeader, type Header } from './websocket/header.ts'
import { maskInto } from './websocket/mask.ts'

export type { CloseBody } from './base/events.ts'
export { encodeFrame, type FrameFields } from './websocket/encode.ts'
export type { FieldName } from './websocket/fields.ts'
export type { Header, LengthForm } from './websocket/header.ts'

/** A whole frame, legal or not. `encodeFrame` makes the same bytes again if its length is encoded in as few bytes as possible. */
export interface Frame extends Readonly<Header> {
  /** Position of its first byte in the bytes that were decoded. */
  readonly offset: number
  /** `continuation text binary close ping pong`, or `reserved-3` … `reserved-15`. */
  readonly opcodeName: string
  readonly payloadLength: number
  /** Unmasked, but still compressed if RSV1 says so (RFC 7692). In memory of its own. */
  readonly payload: Uint8Array
  /** Set on a close frame with a body of two bytes or more. */
  readonly close?: CloseBody
}

/** One field of a frame, with its value. */
export interface Field extends Omit<FrameField, 'sentenceKey'> {
  /** What the field is for, and what its value means, in English. */
  readonly meaning: string
}

/** The frames in the bytes of one direction. */
export interface DecodedFrames {
  readonly frames: readonly Frame[]
  /** The bytes after the last whole frame, a view: the beginning of the next frame, or nothing. */
  readonly remainder: Uint8Array
}

/**
 * The frames in `bytes`, whose first byte must start a frame. To go on, put the `remainder` before the bytes that come next.
 * Judges nothing: every frame is decoded, however illegal.
 *
 * Throws TypeError for anything but a Uint8Array.
 */
export function decodeFrames(bytes: Uint8Array): DecodedFrames {
  if (!(bytes instanceof Uint8Array)) throw new TypeError(`expected a Uint8Array, got ${typeof bytes}`)
  const frames: Frame[] = []
  let offset = 0
  for (;;) {
    const header = decodeHeader(bytes, offset)
    const payloadAt = offset + (header?.headerLength ?? 0)
    if (header === undefined || header.payloadLength > bytes.length - payloadAt) break
    const payloadLength = Number(header.payloadLength)
    frames.push(frameOf(header, offset, payloadLength, bytes.subarray(payloadAt, payloadAt + payloadLength)))
    offset = payloadAt + payloadLength
  }
  return { frames, remainder: bytes.subarray(offset) }
}

/** The fields of a frame in the order of the wire: their names, places, bits and values, and what each of them means. */
export function explainFrame(frame: Header): Field[] {
  return fieldsOf(frame).map(({ sentenceKey, ...field }) => ({
    ...field,
    meaning: fieldMeaning(english, { ...field, sentenceKey }),
  }))
}

function frameOf(header: Header, offset: number, payloadLength: number, wire: Uint8Array): Frame {
  const payload = new Uint8Array(wire)
  if (header.maskingKey !== undefined) maskInto(payload, 0, payload, 0, payloadLength, header.maskingKey, 0)
  const close = header.opcode === Opcode.close ? readCloseBody(payload) : undefined
  const opcodeName = OPCODE_NAMES[header.opcode]!
  return { ...header, offset, opcodeName, payloadLength, payload, ...(close === undefined ? {} : { close }) }
}
