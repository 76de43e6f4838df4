// Masks that went wrong (RFC 6455 §5.3): begun anew in the middle of a payload, or the client's bytes in the server's stream.
import { Opcode } from '../../base/events.ts'
import { maskInto } from '../mask.ts'
import { utf8Fault } from '../utf8.ts'
import type { Cause, Evidence } from './wire.ts'

/** Bytes that must be text once they are unmasked anew: each is so by chance in fewer than half of all cases. */
const FEWEST_TEXT = 16
/** Places, up to the one where the text ends, at which the mask may have begun anew. */
const BEFORE_FAULT = 4

/** A mask that begins anew inside the payload: from there on, it is text only if the key starts with its first byte. */
export function restartedMask({ frame, utf8Fault: fault, segments }: Evidence): Cause | undefined {
  const { payload, maskingKey, opcode, offset, headerLength } = frame
  if (fault === undefined || maskingKey === undefined || opcode !== Opcode.text) return undefined
  const starts = segments.map((segment) => segment.offset - offset - headerLength)
  const beforeFault = Array.from({ length: BEFORE_FAULT }, (_, i) => fault.offset - i)
  for (const at of [...starts, ...beforeFault]) {
    if (at <= 0 || at > fault.offset || at % 4 === 0 || payload.length - at < FEWEST_TEXT) continue
    const anew = new Uint8Array(payload.length)
    anew.set(payload.subarray(0, at))
    maskInto(anew, at, payload, at, payload.length, maskingKey, at)
    maskInto(anew, at, anew, at, payload.length, maskingKey, 0)
    if (utf8Fault(anew) === undefined && isPrintable(anew.subarray(at)))
      return { code: 'out-of-step', values: { what: 'maskRestart', at } }
  }
  return undefined
}

function isPrintable(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte >= 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0d)
}

/** A server's frame with the key that the client used last: somebody writes the client's bytes into the server's stream. */
export function copiedFrame({ frame, peerKey }: Evidence): Cause | undefined {
  const isCopy = frame.from === 'server' && peerKey.key !== undefined && peerKey.key !== 0
  return isCopy && frame.maskingKey === peerKey.key
    ? { code: 'out-of-step', values: { what: 'copy', frame: peerKey.frame } }
    : undefined
}
