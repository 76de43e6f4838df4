// A frame of the report in the form that inspector/inspected-frame.ts has: its bytes as on the wire, and what is known around it.
import { concat } from '../../base/bytes.ts'
import { FrameFlag, MessageFlag, type ReportFinding, SEGMENT_WORDS } from '../../report/page-data.ts'
import { encodeHeader } from '../../websocket/encode.ts'
import type { Header } from '../../websocket/header.ts'
import { maskInto } from '../../websocket/mask.ts'
import type { CarryingSegment, InspectedFrame, InspectedMessage } from '../inspector/inspected-frame.ts'
import type { ReportCapture } from './capture.ts'
import { dataOf, headerOf, messageOf, payloadOf, rowsOfMessage, sideOf } from './frame-content.ts'

/** The largest length that a header can announce. */
const LARGEST = 2n ** 64n - 1n

/** The frame in a row. Payload bytes that the report does not hold are missing at its end. */
export function inspectedFrame(capture: ReportCapture, row: number): InspectedFrame {
  const header = headerOf(capture, row)
  const { headerLength } = header
  const holes = capture.holes.get(row) ?? []
  const length = headerLength + Number(header.payloadLength)
  return {
    bytes: wireBytes(header, payloadOf(capture, row), holes),
    from: sideOf(capture, row),
    holes: holes.map(([start, end]) => [start + headerLength, end + headerLength]),
    announcedLength: length,
    message: inspectedMessage(capture, row),
    findings: findingsOf(capture, row),
    segments: segmentsOf(capture, row, length),
  }
}

/** The findings about the frame in a row. */
export function findingsOf(capture: ReportCapture, row: number): readonly ReportFinding[] {
  return capture.findingsOf.get(row) ?? NONE
}

const NONE: readonly ReportFinding[] = []

/** Header and payload, masked if it was; holes stay zeros. */
function wireBytes(
  header: Header,
  payload: Uint8Array,
  holes: ReadonlyArray<readonly [number, number]>,
): Uint8Array {
  const { payloadLength, maskingKey, headerLength } = header
  // A length past 2^53 was rounded.
  const announced = Number(payloadLength) < 2 ** 53 ? payloadLength : BigInt(payloadLength)
  const bytes = concat([
    encodeHeader({ ...header, payloadLength: announced > LARGEST ? LARGEST : announced }),
    payload,
  ])
  if (maskingKey === undefined) return bytes
  let at = 0
  const mask = (to: number): void => {
    if (to > at)
      maskInto(bytes, headerLength + at, bytes, headerLength + at, headerLength + to, maskingKey, at)
  }
  for (const [start, end] of holes) {
    mask(Math.min(start, payload.length))
    at = Math.min(end, payload.length)
  }
  mask(payload.length)
  return bytes
}

function segmentsOf({ frames, segments }: ReportCapture, row: number, length: number): CarryingSegment[] {
  if (frames.flags[row]! & FrameFlag.untraced) return []
  const at = frames.segmentsAt[row]!
  if (at === 0) return [{ packet: frames.firstPacket[row]!, start: 0, end: length }]
  return Array.from({ length: frames.segmentCount[row]! }, (_, i) => {
    const word = (at - 1 + i) * SEGMENT_WORDS
    return { packet: segments[word]!, start: segments[word + 1]!, end: segments[word + 2]! }
  })
}

function inspectedMessage(capture: ReportCapture, row: number): InspectedMessage | undefined {
  const message = messageOf(capture, row)
  if (message === undefined) return undefined
  const { frames } = capture
  const flags = capture.messages.flags[message]!
  const compressed = (flags & MessageFlag.compressed) !== 0
  const incomplete = (flags & MessageFlag.incomplete) !== 0
  const rows = rowsOfMessage(capture, message)
  const before = rows.slice(0, rows.indexOf(row))
  const isAtHand = rows.every((each) => frames.payloadKept[each] === frames.payloadLength[each])
  const data = dataOf(capture, message)
  return {
    opcodeName: flags & MessageFlag.binary ? 'binary' : 'text',
    frames: rows.map((each) => frames.frame[each]!),
    compressed,
    wirePayload: isAtHand ? concat(rows.map((each) => payloadOf(capture, each))) : undefined,
    payloadAt: before.reduce((sum, each) => sum + frames.payloadLength[each]!, 0),
    window: compressed ? windowBefore(capture, message) : undefined,
    data: incomplete && data.length === 0 ? undefined : data,
    incomplete: incomplete || data.length < capture.messages.length[message]!,
  }
}

/** What the sender's earlier messages left in the window; undefined if nothing is taken over, or not all of it is known. */
function windowBefore(capture: ReportCapture, message: number): Uint8Array | undefined {
  const { connection, flags } = capture.messages
  const number = connection[message]!
  const side = flags[message]! & MessageFlag.server ? 'server' : 'client'
  const deflate = capture.connections.get(number)?.deflate?.[side]
  if (deflate?.contextTakeover !== true) return undefined
  const size = 1 << deflate.windowBits
  const parts: Uint8Array[] = []
  let length = 0
  for (let before = message - 1; before >= 0 && length < size; before--) {
    const isOther = ((flags[before]! ^ flags[message]!) & MessageFlag.server) !== 0
    if (connection[before] !== number || isOther || !(flags[before]! & MessageFlag.compressed)) continue
    const data = dataOf(capture, before)
    if (data.length < capture.messages.length[before]! || flags[before]! & MessageFlag.incomplete)
      return undefined
    parts.unshift(data)
    length += data.length
  }
  const window = concat(parts)
  return window.length === 0 ? undefined : window.subarray(Math.max(0, window.length - size))
}
