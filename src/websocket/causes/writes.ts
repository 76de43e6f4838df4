// A write that was cut short, or that another one came in between: the payload then holds frames that are not its own.
import { type Cause, type Evidence, readFrames, type WireBytes } from './wire.ts'

/** Bits that the frames inside a payload must have, beside those for choosing among the places where they may begin. */
const ENOUGH = 20
/** Bits for text that stops being UTF-8 where the frames begin, and how many bytes later it may do so. */
const FAULT_BITS = 8
const FAULT_WITHIN = 4
/** Places that are looked at. */
const MOST_PLACES = 512

/** A write that was cut short: the next frames begin a segment inside the payload. Or one that another write came in between. */
export function brokenWrite(evidence: Evidence, wire: WireBytes): Cause | undefined {
  const { frame, segments } = evidence
  const payloadAt = frame.offset + frame.headerLength
  const end = frame.headerLength + Number(frame.payloadLength)
  const boundaries = wire.boundaries(segments)
  const inside = segments.filter(({ offset }) => offset > payloadAt && offset < frame.offset + end)
  const places = inside.slice(-MOST_PLACES)
  for (const { offset, packet } of places) {
    const at = offset - frame.offset
    const bytes = wire.from(at)
    const run = readFrames(bytes, at, boundaries, evidence)
    const bits = run.bits + (stopsBeingText(evidence, offset - payloadAt) ? FAULT_BITS : 0)
    if (bits < ENOUGH + Math.log2(places.length)) continue
    const sent = offset - payloadAt
    const announced = Number(frame.payloadLength)
    if (run.isUnbroken) return { code: 'out-of-step', values: { what: 'cutWrite', announced, sent, packet } }
    // Behind the other write the payload goes on, and so it ends later by the length of that write.
    const goesOn = run.tiledTo > 0 && run.tiledTo < bytes.length && endsAt(evidence, wire, end + run.tiledTo)
    if (goesOn) {
      const values = { what: 'interleaved', announced, sent, length: run.tiledTo, packet } as const
      return { code: 'out-of-step', values }
    }
  }
  return undefined
}

function endsAt(evidence: Evidence, wire: WireBytes, end: number): boolean {
  if (end > wire.length) return false
  const boundaries = wire.boundaries(evidence.segments)
  return boundaries.has(end) || readFrames(wire.from(end), end, boundaries, evidence).tiledTo > 0
}

function stopsBeingText({ utf8Fault }: Evidence, at: number): boolean {
  return utf8Fault !== undefined && utf8Fault.offset >= at && utf8Fault.offset < at + FAULT_WITHIN
}
