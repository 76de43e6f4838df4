// A frame's bytes as they were on the wire, as lines of hex. It stands alone because only --hex asks for it.
import { toHex } from '../../base/bytes.ts'
import type { FrameEvent } from '../../base/events.ts'
import { encodeHeader } from '../../websocket/encode.ts'
import { unmask } from '../../websocket/mask.ts'
import { count } from '../text/amount.ts'

/** Lines shown of one frame. */
const MOST_LINES = 8
const INDENT = '  '

/**
 * Header, `|` and payload, masked as it was, in lines of at most `columns` columns. `??` is a byte that the capture never saw.
 */
export function frameBytes(frame: FrameEvent, columns: number): string[] {
  const perLine = Math.max(1, Math.floor((columns - INDENT.length + 1) / 3))
  const room = perLine * MOST_LINES
  const { payload, maskingKey, holes = [] } = frame
  const shown = Math.min(payload.length, room)
  const wire = maskingKey === undefined ? payload : unmask(payload, 0, shown, maskingKey, 0)
  const words = toHex(encodeHeader(frame), ' ').split(' ')
  if (payload.length > 0) words.push('|')
  for (let i = 0; i < shown; i++) {
    const missing = holes.some(([start, end]) => i >= start && i < end)
    words.push(missing ? '??' : toHex(wire, '', i, i + 1))
  }
  const lines: string[] = []
  for (let at = 0; at < Math.min(words.length, room); at += perLine) {
    lines.push(INDENT + words.slice(at, Math.min(at + perLine, room)).join(' '))
  }
  const more = payload.length - shown + Math.max(0, words.length - room)
  if (more > 0) lines.push(`${INDENT}… ${count(more, 'more byte')}`)
  return lines
}
