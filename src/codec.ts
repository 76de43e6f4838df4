// The frame codec on its own (`framewalk/websocket`): bytes into frames, frames into bytes, and what each field of a frame means
// (RFC 6455 §5.2). Free of Node; runs in browsers as it is.
import { type CloseBody, OPCODE_NAMES, Opcode } from './base/events.ts'
import { fields as english } from './language/en/fields.ts'
import { fieldMeaning } from './language/field-meaning.ts'
import { readCloseBody } from './websocket/close.ts'
import { type FrameField, fieldsOf } from './websocket/fields.ts'
import { decodeHeader, type Header } from './websocket/header.ts'
import { maskInto } from './websocket/mask.ts'

export type { CloseBody } from './base/events.ts'
export { encodeFrame, type FrameFields, type LengthForm } from './websocket/encode.ts'
export type { FieldName } from './websocket/fields.ts'
export type { Header } from './websocket/header.ts'

/** A whole frame, legal or not. `encodeFrame` makes its bytes again where its length is encoded in the fewest bits. */
export interface Frame extends Readonly<Header> {
  /** Of its first byte in the bytes that were decoded. */
  readonly offset: number
  /** `continuation text binary close ping pong`, or `reserved-3` … `reserved-15`. */
  readonly opcodeName: string
  readonly payloadLength: number
  /** Unmasked; still compressed where RSV1 says so (RFC 7692). Memory of its own. */
  readonly payload: Uint8Array
  /** On a close frame with a body. */
  readonly close?: CloseBody
}

/** One field of a frame, with the value it has there. */
export interface Field extends Omit<FrameField, 'sentenceKey'> {
  /** What the field is for, and what it says here: English. */
  readonly meaning: string
}

/** What bytes of one direction hold. */
export interface DecodedFrames {
  readonly frames: readonly Frame[]
  /** The bytes behind the last whole frame, a view: the beginning of the next one, or none. */
  readonly remainder: Uint8Array
}

/**
 * The frames that stand behind one another in `bytes`, of which the first byte starts a frame. To go on, put the `remainder` before the
 * bytes that come next. Judges nothing: every frame is decoded, however illegal.
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

/** The fields of a frame in the order of the wire: their names, places, bits and values, and what each of them says. */
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
