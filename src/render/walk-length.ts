// How a frame's payload length is written, and why so (RFC 6455 §5.2).
import type { FrameEvent } from '../events.ts'

/** The sentences about the length of a frame. */
export function lengthLesson(frame: FrameEvent): string[] {
  const coded = frame.headerLength - (frame.masked ? 4 : 0)
  const length = frame.payloadLength
  const lines: string[] = []
  if (coded === 2) {
    lines.push(
      `The 7 bits after MASK hold the length itself: ${sum(Number(length))}.`,
      'Values up to 125 fit there; 126 and 127 are no lengths, they say that 2 or 8 more bytes follow.',
    )
  } else if (coded === 4) {
    lines.push(
      `The 7 bits after MASK are 126 (1111110): the length stands in the next 2 bytes, big-endian: ${sum(Number(length))}.`,
      'That form is for 126 to 65 535 bytes.',
    )
  } else {
    lines.push(
      `The 7 bits after MASK are 127 (1111111): the length stands in the next 8 bytes, big-endian: ${sum(length)}.`,
      'That form is for 65 536 bytes and more; the highest bit must be 0.',
    )
  }
  lines.push(
    `Header ${frame.headerLength} + payload ${length} = ${BigInt(frame.headerLength) + BigInt(length)} bytes in all.`,
  )
  if (BigInt(length) > BigInt(frame.capturedLength)) {
    lines.push(
      `The frame announces ${length} payload bytes and ${frame.capturedLength} are here: ${BigInt(length) - BigInt(frame.capturedLength)} missing.`,
    )
  }
  return [lines.join(' ')]
}

/** `0x18 = 1 × 16 + 8 = 24`: hexadecimal digits count sixteens, not tens. */
function sum(value: number | bigint): string {
  const hex = `0x${value.toString(16).padStart(2, '0')}`
  if (typeof value === 'bigint' || value > 0xff) return `${hex} = ${value}`
  return value < 0x10 ? `${hex} = ${value}` : `${hex} = ${value >> 4} × 16 + ${value & 15} = ${value}`
}
