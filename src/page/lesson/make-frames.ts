// A message to its frames, as a sender makes them.
import { concat } from '../../base/bytes.ts'
import { Opcode } from '../../base/events.ts'
import { encodeFrame } from '../../websocket/encode.ts'
import { compress } from '../inflater.ts'

/** What is to be sent. */
export interface Sending {
  /** Of RFC 6455: 1, 2, 8, 9 or 10. */
  readonly opcode: number
  readonly payload: Uint8Array
  /** Draws the key of each frame; undefined for frames that are not masked. */
  readonly key?: (() => number) | undefined
  /** Frames that a message is cut into. */
  readonly fragments?: number
  /** Messages only. */
  readonly compressed?: boolean
  /** What the compression takes over from earlier messages. */
  readonly window?: Uint8Array
}

/** The frames of a message, or the one of a control frame. A payload of n bytes is cut into n + 1 frames at most. */
export function makeFrames(sending: Sending): Uint8Array[] {
  const { opcode, key, compressed = false, window } = sending
  const isMessage = opcode < Opcode.close
  const payload = compressed && isMessage ? compress(sending.payload, window) : sending.payload
  const count = isMessage ? Math.max(1, Math.min(sending.fragments ?? 1, payload.length + 1)) : 1
  return Array.from({ length: count }, (_, i) =>
    encodeFrame({
      fin: i === count - 1,
      rsv1: compressed && isMessage && i === 0,
      opcode: i === 0 ? opcode : Opcode.continuation,
      maskingKey: key?.(),
      payload: payload.subarray(
        Math.floor((payload.length * i) / count),
        Math.floor((payload.length * (i + 1)) / count),
      ),
    }),
  )
}

/** The body of a close frame (RFC 6455 §5.5.1). */
export function closeBody(code: number, reason = ''): Uint8Array {
  return concat([Uint8Array.of(code >> 8, code & 0xff), new TextEncoder().encode(reason)])
}
