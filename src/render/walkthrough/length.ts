// How a frame's payload length is written, and why so (RFC 6455 §5.2).
import type { FrameEvent } from '../../base/events.ts'
import type { Catalogue } from '../../language/catalogue.ts'

/** The sentences about the length of a frame, as a paragraph. */
export function lengthLesson(frame: FrameEvent, { walk }: Catalogue): string {
  const { headerLength, payloadLength, capturedLength } = frame
  const coded = headerLength - (frame.masked ? 4 : 0)
  const form = coded === 2 ? walk.lengthItself : coded === 4 ? walk.lengthIn2Bytes : walk.lengthIn8Bytes
  const whole = walk.wholeLength(headerLength, payloadLength, BigInt(headerLength) + BigInt(payloadLength))
  const missing = BigInt(payloadLength) - BigInt(capturedLength)
  return walk.paragraph([
    form(sum(coded === 10 ? payloadLength : Number(payloadLength))),
    whole,
    ...(missing > 0n ? [walk.missing(payloadLength, capturedLength, missing)] : []),
  ])
}

/** `0x18 = 1 × 16 + 8 = 24`: hexadecimal digits count sixteens, not tens. */
function sum(value: number | bigint): string {
  const hex = `0x${value.toString(16).padStart(2, '0')}`
  if (typeof value === 'bigint' || value > 0xff) return `${hex} = ${value}`
  return value < 0x10 ? `${hex} = ${value}` : `${hex} = ${value >> 4} × 16 + ${value & 15} = ${value}`
}
