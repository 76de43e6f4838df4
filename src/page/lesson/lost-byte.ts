// Puts a byte back into a frame that lost one: does it make a message?
import { concat } from '../../base/bytes.ts'
import { type DecodedFrame, decode } from './decode.ts'

/** What a frame says with a byte put back. */
export interface Saying {
  /** Undefined if it is not a text message. */
  readonly text: string | undefined
  /** The frame as it was decoded; undefined if there is none. */
  readonly frame: DecodedFrame | undefined
}

const decoder = new TextDecoder()
const HEADER = 2

/** The frame of a server with `value` before its payload byte `position`. */
export function withByte(frame: Uint8Array, position: number, value: number): Uint8Array {
  const at = HEADER + position
  return concat([frame.subarray(0, at), Uint8Array.of(value), frame.subarray(at)])
}

/** What the frame of a server says with `value` before its payload byte `position`. */
export function sayingOf(bytes: Uint8Array, position: number, value: number): Saying {
  const [frame] = decode(withByte(bytes, position, value), { from: 'server' }).frames
  const message = frame?.message
  const isText = message?.data !== undefined && message.isText && !message.incomplete
  return { text: isText ? decoder.decode(message.data) : undefined, frame }
}
