// What examples and exercises are made of: frames of the class's own capture, or, if none of them fits, frames made here.
import type { LessonCapture, LessonFrame } from '../../report/page-data.ts'
import { decodeHeader, type Header } from '../../websocket/header.ts'
import { unmask } from '../../websocket/mask.ts'
import type { PastedOptions } from '../../websocket/pasted-frames.ts'
import type { InspectedFrame, InspectedMessage } from '../inspector/inspected-frame.ts'
import { decode } from './decode.ts'
import { oneOf } from './random.ts'

/** A whole frame. */
export interface Example {
  readonly header: Header
  /** Unmasked. */
  readonly payload: Uint8Array
  readonly inspected: InspectedFrame
  /** Where in the capture it is; undefined for one that was made. */
  readonly place: { readonly name: string; readonly connection: number; readonly frame: number } | undefined
}

/** Where examples come from. */
export class Material {
  readonly capture: LessonCapture | undefined
  readonly #examples: readonly Example[]

  constructor(capture: LessonCapture | undefined) {
    this.capture = capture
    this.#examples = (capture?.frames ?? []).map((frame) => captured(capture!.name, frame))
  }

  /** A frame of the capture that fits and has no fault, chosen at random; if there is none, one that is made. */
  example(fits: (example: Example) => boolean, make: () => Uint8Array, options: PastedOptions = {}): Example {
    const fitting = this.#examples.filter(
      (example) => example.inspected.findings.length === 0 && fits(example),
    )
    return fitting.length > 0 ? oneOf(fitting) : exampleOf(make(), options)
  }

  /** All frames of the capture that fit. */
  all(fits: (example: Example) => boolean): Example[] {
    return this.#examples.filter(fits)
  }
}

/** The first frame in bytes that were made. */
function exampleOf(bytes: Uint8Array, options: PastedOptions = {}): Example {
  const { inspected, event } = decode(bytes, options).frames[0]!
  return { header: decodeHeader(inspected.bytes)!, payload: event.payload, inspected, place: undefined }
}

function captured(
  name: string,
  { connection, frame, from, bytes: encoded, message, findings }: LessonFrame,
): Example {
  const bytes = bytesOf(encoded)
  const header = decodeHeader(bytes)!
  const { headerLength, maskingKey } = header
  const payload = bytes.subarray(headerLength)
  const inspected = {
    bytes,
    from,
    holes: [],
    announcedLength: headerLength + Number(header.payloadLength),
    message: message && inspectedMessage(message, payload.length),
    findings,
    segments: [],
  }
  return {
    header,
    payload: maskingKey === undefined ? payload : unmask(payload, 0, payload.length, maskingKey, 0),
    inspected,
    place: { name, connection, frame },
  }
}

/** The frame is the last of its message. */
function inspectedMessage(
  { opcodeName, frames, compressed, incomplete, ...encoded }: NonNullable<LessonFrame['message']>,
  payloadLength: number,
): InspectedMessage {
  const wirePayload = bytesOf(encoded.wirePayload)
  return {
    opcodeName,
    frames,
    compressed,
    incomplete,
    wirePayload,
    payloadAt: Math.max(0, wirePayload.length - payloadLength),
    window: encoded.window === undefined ? undefined : bytesOf(encoded.window),
    data: encoded.data === undefined ? undefined : bytesOf(encoded.data),
  }
}

function bytesOf(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
}
