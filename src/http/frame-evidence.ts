// Whether held bytes begin as a WebSocket frame does (RFC 6455 §5.2): the only evidence of an upgrade whose response was not
// captured.
import type { HeldItem } from '../base/held-items.ts'
import type { Side } from '../base/stream.ts'

const RSV2_AND_RSV3 = 0x30
const FIN = 0x80
const MASK = 0x80
const OPCODE = 0x0f
const CONTROL = 0x08
const LONGEST_CONTROL_PAYLOAD = 125

/** True if the first bytes from `packet` on that begin the held stream or a segment could begin a frame of that side. */
export function beginsLikeFrame(items: readonly HeldItem[], from: Side, packet: number): boolean {
  let first: number | undefined
  let isStart = true
  for (const { item } of items) {
    if (item.kind === 'end') break
    if (item.kind === 'gap') {
      first = undefined
      isStart = false
      continue
    }
    if (item.packet < packet) continue
    for (let at = item.start; at < item.end && at < item.start + 2; at++) {
      if (first !== undefined) return isFrameStart(first, item.bytes[at]!, from)
      if (isStart || item.segmentStart) first = item.bytes[at]!
    }
    isStart = false
  }
  return false
}

/**
 * The packet from which on a client's bytes are frames, if its request was cut or not captured. A client waits for the 101 before
 * it sends frames (RFC 6455 §4.1): what came before the response is the end of the request. If it begins like a frame, the
 * response was recorded late.
 */
export function framesFrom(items: readonly HeldItem[], response: number): number {
  for (const { item } of items) {
    if (item.kind !== 'chunk' || !item.segmentStart || item.end - item.start < 2) continue
    if (item.packet >= response) break
    if (isFrameStart(item.bytes[item.start]!, item.bytes[item.start + 1]!, 'client')) return item.packet
  }
  return response
}

function isFrameStart(first: number, second: number, from: Side): boolean {
  const opcode = first & OPCODE
  if ((first & RSV2_AND_RSV3) !== 0 || (opcode & ~CONTROL) > 2) return false
  if (((second & MASK) !== 0) !== (from === 'client')) return false
  return opcode < CONTROL || ((first & FIN) !== 0 && (second & ~MASK) <= LONGEST_CONTROL_PAYLOAD)
}
