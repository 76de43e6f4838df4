// The body of a close frame (RFC 6455 §5.5.1) and its status codes (§7.4).
import type { CloseBody } from '../base/events.ts'
import type { CloseCodeFault } from '../base/finding-values.ts'
import { utf8Fault } from './utf8.ts'

const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

/**
 * The body of a close frame; undefined if it does not hold a complete status code. If the body is not `whole`, the reason ends
 * with its last complete character.
 */
export function readCloseBody(body: Uint8Array, whole = true): CloseBody | undefined {
  if (body.length < 2) return undefined
  let reason = body.subarray(2)
  const fault = whole ? undefined : utf8Fault(reason)
  if (fault?.offset === reason.length) reason = reason.subarray(0, fault.validLength)
  return { code: body[0]! * 256 + body[1]!, reason: decoder.decode(reason) }
}

/**
 * Reserved, or for internal use by an endpoint: never sent in a frame (RFC 6455 §7.4.1, IANA's WebSocket Close Code Number
 * Registry).
 */
const NEVER_SENT: ReadonlySet<number> = new Set([1004, 1005, 1006, 1015])

/**
 * Why a status code must not be in a close frame; undefined if it may be: 1000 … 1014 as registered, 3000 … 3999 for libraries
 * and frameworks, 4000 … 4999 for private use (RFC 6455 §7.4.2).
 */
export function closeCodeFault(code: number): CloseCodeFault | undefined {
  if (NEVER_SENT.has(code)) return code === 1004 ? 'reserved' : 'neverSent'
  if (code < 1000) return 'tooLow'
  if (code <= 1014) return undefined
  if (code < 3000) return 'unregistered'
  return code < 5000 ? undefined : 'tooHigh'
}
