// A byte put back into a frame that lost one: does it make a message?
import { concat } from '../../bytes.ts'
import { decode } from './decode.ts'

/** What a repaired frame says. */
export interface Saying {
  /** Undefined where it is no text message. */
  readonly text: string | undefined
  /** Why not. */
  readonly reason: string | undefined
}

const decoder = new TextDecoder()
const HEADER = 2

/** The frame of a server with `value` before its payload byte `position`. */
export function repaired(frame: Uint8Array, position: number, value: number): Uint8Array {
  const at = HEADER + position
  return concat([frame.subarray(0, at), Uint8Array.of(value), frame.subarray(at)])
}

/** What the frame of a server says with `value` before its payload byte `position`. */
export function sayingOf(frame: Uint8Array, position: number, value: number): Saying {
  const { frames } = decode(repaired(frame, position, value), { from: 'server' })
  const message = frames[0]?.message
  if (message?.data !== undefined && message.isText && !message.incomplete)
    return { text: decoder.decode(message.data), reason: undefined }
  return { text: undefined, reason: frames[0]?.findings[0]?.message }
}
