// Which bits of a frame a finding is about.
import { FINDINGS, type FieldName, type FindingText, type FindingValues } from '../../base/findings.ts'
import { utf8Fault } from '../../websocket/utf8.ts'
import { fieldSpot, payloadSpot, type ReadFrame, unmaskedPayload } from '../inspector/read-frame.ts'
import type { Spot } from '../inspector/spot.ts'

/** The bits that a finding is about, in the order of the wire; none where it is about no bit that is at hand. */
export function offendingSpots(finding: FindingText, read: ReadFrame): Spot[] {
  const { code } = finding
  const names = code === 'rsv-without-extension' ? reservedBits(finding) : FINDINGS[code].fields
  const spots = read.fields.filter(({ name }) => names.includes(name)).map(fieldSpot)
  if (spots.length > 0) return spots
  switch (code) {
    case 'length-high-bit':
      return read.header?.headerLength === undefined ? [] : [{ start: 16, end: 17 }]
    case 'invalid-close-code':
      return [payloadSpot(read, 0, Math.min(2, read.payloadLength))]
    case 'invalid-close-reason':
      return badText(read, 2)
    case 'invalid-utf8':
      return isWholeMessage(read) ? badText(read, 0) : []
    default:
      return []
  }
}

/** RSV bits that nothing gives a meaning. Only of `rsv-without-extension`. */
export function reservedBits({ values }: FindingText): readonly FieldName[] {
  return (values as FindingValues<'rsv-without-extension'>).bits
}

/** Whether the frame's payload is the text of its message as it is. */
export function isWholeMessage({ frame, header }: ReadFrame): boolean {
  return frame.message === undefined
    ? header?.fin === true && !header.rsv1
    : frame.message.frames.length === 1 && !frame.message.compressed
}

/** What makes the payload no UTF-8, from the byte `from` on. */
function badText(read: ReadFrame, from: number): Spot[] {
  const range = badCharacter(unmaskedPayload(read, from, read.payloadLength))
  return range === undefined ? [] : [payloadSpot(read, from + range[0], from + range[1])]
}

/** The bytes of the first character that is none: those that begin it, and the one that cannot go on. */
export function badCharacter(bytes: Uint8Array): readonly [start: number, end: number] | undefined {
  const fault = utf8Fault(bytes)
  return fault && [fault.validLength, Math.min(bytes.length, fault.offset + 1)]
}
