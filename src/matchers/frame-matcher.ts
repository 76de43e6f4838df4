// toDecodeAs: compares the bytes of frames, unmasked and inflated, with what they should say.
import { toHex, wordToHex } from '../base/bytes.ts'
import { type FrameEvent, type MessageEvent, OPCODE_NAMES } from '../base/events.ts'
import { spelled } from '../base/option-check.ts'
import { eventsOfFrames } from '../conversation/frame-bytes.ts'
import { nodePlatform } from '../platform/node/platform.ts'
import { type Asymmetric, hintOf, type MatcherContext, type MatcherResult } from './context.ts'
import {
  ANY_VALUE,
  BYTES,
  checkFields,
  type FieldValues,
  isAsymmetric,
  TRUE_OR_FALSE,
} from './expected-fields.ts'
import { shown } from './shown.ts'

/** The name of an opcode, as frames have it. */
export type FrameOpcode =
  | 'continuation'
  | 'text'
  | 'binary'
  | 'close'
  | 'ping'
  | 'pong'
  | `reserved-${3 | 4 | 5 | 6 | 7 | 11 | 12 | 13 | 14 | 15}`

/** An expected frame: only the named fields are compared. Each value may be an asymmetric matcher. */
export interface ExpectedFrame {
  /** `continuation text binary close ping pong`, `reserved-3` … `reserved-15`, or the number. */
  readonly opcode?: FrameOpcode | number | Asymmetric
  readonly fin?: boolean
  readonly rsv1?: boolean
  readonly rsv2?: boolean
  readonly rsv3?: boolean
  readonly masked?: boolean
  /** Eight hex digits. Null if the frame is not masked. */
  readonly maskingKey?: string | null | Asymmetric
  /** On the wire, in bytes. */
  readonly payloadLength?: number | Asymmetric
  /** The payload as UTF-8, inflated if the frame is a whole compressed message. */
  readonly text?: string | Asymmetric
  /** The text as JSON. */
  readonly json?: unknown
  /** The bytes of the payload, inflated likewise. */
  readonly data?: Uint8Array | Asymmetric
  /** The code and reason of a close frame. */
  readonly close?: { readonly code: number; readonly reason: string } | Asymmetric
}

const OPCODE: FieldValues = {
  takes: (value) =>
    typeof value === 'number' ? OPCODE_NAMES[value] !== undefined : OPCODE_NAMES.includes(value as string),
  words: `0 to 15, or one of ${OPCODE_NAMES.join(', ')}`,
}

const FIELDS: Readonly<Record<keyof ExpectedFrame, FieldValues>> = {
  opcode: OPCODE,
  fin: TRUE_OR_FALSE,
  rsv1: TRUE_OR_FALSE,
  rsv2: TRUE_OR_FALSE,
  rsv3: TRUE_OR_FALSE,
  masked: TRUE_OR_FALSE,
  maskingKey: ANY_VALUE,
  payloadLength: ANY_VALUE,
  text: ANY_VALUE,
  json: ANY_VALUE,
  data: BYTES,
  close: ANY_VALUE,
}

/** Passes if the bytes are one frame that says what is expected, or, for a list, these frames one after the other. */
export function toDecodeAs(
  this: MatcherContext,
  received: Uint8Array,
  expected: ExpectedFrame | readonly ExpectedFrame[],
): MatcherResult {
  if (!(received instanceof Uint8Array))
    throw new TypeError(
      `toDecodeAs: expects the bytes of a frame, a Uint8Array, and got ${spelled(received)}`,
    )
  const all = (Array.isArray(expected) ? expected : [expected]) as readonly ExpectedFrame[]
  for (const frame of all) checkFields('toDecodeAs', frame, FIELDS)
  const events = eventsOfFrames(received, nodePlatform)
  const frames = events.filter((event) => event.type === 'frame')
  const decoded = frames.map((frame) => projected(frame, events, all[frame.frame - 1]))
  const leftOver = received.length - frames.reduce((sum, frame) => sum + lengthOf(frame), 0)
  const isWhole = leftOver === 0 && frames.every((frame) => frame.cutBy === undefined)
  const pass = isWhole && this.equals(decoded, [...all], this.customTesters)
  const actual = Array.isArray(expected) || decoded.length !== 1 ? decoded : decoded[0]
  return {
    pass,
    message: () =>
      [
        hintOf(this, 'toDecodeAs', 'bytes', 'frame'),
        '',
        `Received: ${toHex(received.subarray(0, SHOWN), ' ')}${received.length > SHOWN ? ' …' : ''}`,
        ...(isWhole ? [] : [cutNote(frames, leftOver)]),
      ].join('\n'),
    actual: shown(actual),
    expected: shown(expected),
  }
}

/** How many bytes a message shows. */
const SHOWN = 48

function cutNote(frames: readonly FrameEvent[], leftOver: number): string {
  const cut = frames.find((frame) => frame.cutBy !== undefined)
  if (cut === undefined) return `${leftOver} bytes at the end are the beginning of a frame's header.`
  return `Frame ${cut.frame} announces ${cut.payloadLength} payload bytes, and ${cut.capturedLength} are there.`
}

function lengthOf(frame: FrameEvent): number {
  return frame.headerLength + frame.capturedLength
}

/** The fields of a frame that the expected one names. Without an expected one, what the frame says. */
function projected(
  frame: FrameEvent,
  events: ReturnType<typeof eventsOfFrames>,
  expected: ExpectedFrame | undefined,
): Record<string, unknown> {
  const message = events.find(
    (event): event is MessageEvent => event.type === 'message' && event.frames.at(-1) === frame.frame,
  )
  const isWholeMessage = message !== undefined && message.frames.length === 1 && !message.incomplete
  const data = isWholeMessage ? message.data : frame.payload
  const text = utf8Text(data)
  const name = OPCODE_NAMES[frame.opcode]
  const fields: Record<keyof ExpectedFrame, unknown> = {
    opcode: typeof expected?.opcode === 'number' ? frame.opcode : name,
    fin: frame.fin,
    rsv1: frame.rsv1,
    rsv2: frame.rsv2,
    rsv3: frame.rsv3,
    masked: frame.masked,
    maskingKey: frame.maskingKey === undefined ? null : wordToHex(frame.maskingKey),
    payloadLength: Number(frame.payloadLength),
    text,
    json: jsonOf(text),
    data,
    close: frame.close,
  }
  const isNamed = (field: string): boolean =>
    expected === undefined
      ? ['opcode', text === undefined ? 'data' : 'text'].includes(field)
      : isAsymmetric(expected) || field in expected
  return Object.fromEntries(Object.entries(fields).filter(([field]) => isNamed(field)))
}

function utf8Text(data: Uint8Array | undefined): string | undefined {
  try {
    return data && new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(data)
  } catch {
    return undefined
  }
}

function jsonOf(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text)
  } catch {
    return undefined
  }
}
