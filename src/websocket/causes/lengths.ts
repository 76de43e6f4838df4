// Lengths that a small stack writes wrongly: its bytes in the wrong order, too few or too many of them, characters instead of bytes.
import { concat, viewOf } from '../../base/bytes.ts'
import { Opcode } from '../../base/events.ts'
import { decodeHeader } from '../header.ts'
import { unmask } from '../mask.ts'
import { contentEvidence, SAMPLE } from '../plausibility.ts'
import { utf8Fault } from '../utf8.ts'
import { type Cause, type Evidence, readFrames, type WireBytes } from './wire.ts'

/** Lengths of a length field that a stack may write by mistake, in bytes. */
const WIDTHS = [2, 4, 8] as const
/** Bytes of the marks that announce a longer length: 126 a 16-bit one, 127 a 64-bit one (RFC 6455 §5.2). */
const RIGHT_WIDTHS = { 126: 2, 127: 8 } as const

/** A length with its bytes swapped, or with too few or too many of them: read so, the frame ends where a segment does. */
export function misreadLength(evidence: Evidence, wire: WireBytes): Cause | undefined {
  const { frame, segments } = evidence
  const bytes = wire.from(0)
  const mark = (bytes[1] ?? 0) & 0x7f
  if (mark !== 126 && mark !== 127) return undefined
  const boundaries = wire.boundaries(segments)
  for (const width of WIDTHS) {
    for (const littleEndian of [true, false]) {
      if (width === RIGHT_WIDTHS[mark] && !littleEndian) continue
      const meant = readLength(bytes, width, littleEndian)
      const payloadAt = 2 + width + (frame.masked ? 4 : 0)
      const end = payloadAt + meant
      if (!(meant > 0) || end > wire.length || !boundaries.has(end)) continue
      const maskingKey = frame.masked
        ? new DataView(bytes.buffer, bytes.byteOffset).getUint32(2 + width)
        : undefined
      const header = { ...frame, maskingKey }
      const seen = Math.min(end, payloadAt + SAMPLE, bytes.length)
      if (contentEvidence(header, bytes, payloadAt, seen, seen === end) < 0) continue
      if (end < wire.length && !readFrames(wire.from(end), end, boundaries, evidence).isUnbroken) continue
      const announced = String(frame.payloadLength)
      const values = { what: 'length', announced, meant, bytes: width, littleEndian } as const
      return { code: 'out-of-step', values }
    }
  }
  return undefined
}

function readLength(bytes: Uint8Array, width: 2 | 4 | 8, littleEndian: boolean): number {
  if (bytes.length < 2 + width) return 0
  const view = new DataView(bytes.buffer, bytes.byteOffset)
  if (width === 2) return view.getUint16(2, littleEndian)
  return width === 4 ? view.getUint32(2, littleEndian) : Number(view.getBigUint64(2, littleEndian))
}

/** A text announces as many bytes as it has characters: the rest of it stands behind its frame, where the next should begin. */
export function countedCharacters(evidence: Evidence, wire: WireBytes): Cause | undefined {
  const { frame, previous, utf8Fault: fault } = evidence
  const bytes = wire.from(0)
  const end = frame.headerLength + frame.payload.length
  const isCutInside = fault !== undefined && fault.offset === frame.payload.length && end <= bytes.length
  return isCutInside
    ? continuedText(evidence, wire, bytes.subarray(0, end), bytes.subarray(end), end)
    : continuedText(evidence, wire, previous, bytes, 0)
}

/** `following` are the bytes behind the frame; they stand at the offset `at`, in which the boundaries count. */
function continuedText(
  evidence: Evidence,
  wire: WireBytes,
  frame: Uint8Array,
  following: Uint8Array,
  at: number,
): Cause | undefined {
  const header = decodeHeader(frame)
  if (header === undefined || header.opcode !== Opcode.text || !header.fin || header.rsv1) return undefined
  const announced = Number(header.payloadLength)
  if (announced !== frame.length - header.headerLength) return undefined
  const masked = concat([
    viewOf(frame, header.headerLength, frame.length),
    following.subarray(0, 2 * announced),
  ])
  const text = unmask(masked, 0, masked.length, header.maskingKey ?? 0, 0)
  const boundaries = wire.boundaries(evidence.segments)
  for (const length of lengthsOfCharacters(text, announced)) {
    const over = length - announced
    if (over <= 0 || utf8Fault(text.subarray(0, length)) !== undefined) continue
    const isFollowed =
      boundaries.has(at + over) ||
      readFrames(following.subarray(over), at + over, boundaries, evidence).tiledTo > 0
    if (isFollowed) return { code: 'out-of-step', values: { what: 'characters', announced, length } }
  }
  return undefined
}

/** How many bytes the first `count` characters take: as Unicode counts them, and as UTF-16 does, where the longest count twice. */
function lengthsOfCharacters(text: Uint8Array, count: number): readonly number[] {
  const lengths: number[] = []
  for (const ofLongest of [1, 2]) {
    let [characters, at] = [0, 0]
    while (characters < count && at < text.length) {
      const first = text[at]!
      at += first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4
      characters += first >= 0xf0 ? ofLongest : 1
    }
    if (characters === count && at <= text.length) lengths.push(at)
  }
  return lengths
}
