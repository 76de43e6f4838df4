// An inspected frame, read: its header, its fields, and where its payload is.
import { Opcode } from '../../base/events.ts'
import { type FrameField, fieldsOf } from '../../websocket/fields.ts'
import { decodeHeader, type Header } from '../../websocket/header.ts'
import { maskInto } from '../../websocket/mask.ts'
import type { InspectedFrame } from './inspected-frame.ts'
import type { Spot } from './spot.ts'

/** A frame with what its header says. */
export interface ReadFrame {
  readonly frame: InspectedFrame
  /** Undefined if not even the header is whole. */
  readonly header: Header | undefined
  /** Those that the frame has; empty if the header is not whole. */
  readonly fields: readonly FrameField[]
  /** Where the payload starts, in bytes; the number of bytes if the header is not whole. */
  readonly payloadAt: number
  /** Payload bytes at hand, holes included. */
  readonly payloadLength: number
}

/** Reads a frame, however illegal. */
export function readFrame(frame: InspectedFrame): ReadFrame {
  const header = decodeHeader(frame.bytes)
  const payloadAt = header?.headerLength ?? frame.bytes.length
  const payloadLength = Math.min(frame.bytes.length - payloadAt, Number(header?.payloadLength ?? 0))
  return { frame, header, fields: header === undefined ? [] : fieldsOf(header), payloadAt, payloadLength }
}

/** The payload bytes `[start, end)`, unmasked. New memory. */
export function unmaskedPayload(
  { frame, header, payloadAt }: ReadFrame,
  start: number,
  end: number,
): Uint8Array {
  const payload = frame.bytes.slice(payloadAt + start, payloadAt + end)
  const key = header?.maskingKey
  if (key !== undefined) maskInto(payload, 0, payload, 0, payload.length, key, start)
  return payload
}

/** Whether the payload is compressed: its bytes are not text, masked or not. A control frame's never is. */
export function isCompressed({ frame, header }: ReadFrame): boolean {
  return frame.message?.compressed ?? (header?.rsv1 === true && header.opcode < Opcode.close)
}

/** The four bytes of the masking key; undefined if the frame is not masked. */
export function keyBytes({ frame, header, payloadAt }: ReadFrame): Uint8Array | undefined {
  return header?.masked === true ? frame.bytes.subarray(payloadAt - 4, payloadAt) : undefined
}

/** Whether the capture does not hold a byte. */
export function isMissing({ holes }: InspectedFrame, at: number): boolean {
  return holes.some(([start, end]) => at >= start && at < end)
}

/** The bits of a payload byte. */
export function payloadSpot({ payloadAt }: ReadFrame, start: number, end = start + 1): Spot {
  return { start: (payloadAt + start) * 8, end: (payloadAt + end) * 8 }
}

/** A field's bits. */
export function fieldSpot(field: FrameField): Spot {
  return { start: field.firstBit, end: field.firstBit + field.bits }
}

/** The field that a bit belongs to. */
export function fieldAt(fields: readonly FrameField[], bit: number): FrameField | undefined {
  return fields.find((field) => bit >= field.firstBit && bit < field.firstBit + field.bits)
}

/** The class of a field's colour, one of the eight in the stylesheet. */
export function fieldColour(field: FrameField | undefined): string {
  return field === undefined ? '' : `field-${FIELD_COLOURS[field.name]}`
}

const FIELD_COLOURS: Readonly<Record<FrameField['name'], number>> = {
  FIN: 1,
  RSV1: 2,
  RSV2: 2,
  RSV3: 2,
  Opcode: 3,
  MASK: 4,
  'Payload length': 5,
  'Extended payload length': 5,
  'Masking key': 6,
  'Payload data': 7,
}
