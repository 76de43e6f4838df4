// Compares one direction of a connection, as framewalk reports it from a damaged capture, with what was sent in it.
import type { FrameRecord, MessageRecord } from '../../src/records/records.ts'
import { bytesOf } from '../support/drivers/captured.ts'
import { type RecordedSegment, startOf } from './damage.ts'
import { Byte, type Coverage, type SentFrame, type SentMessage } from './sent-streams.ts'
import type { DamageTally } from './tally.ts'

/** What framewalk tells of the direction, and what the damaged capture holds. */
export interface ToldSide {
  readonly coverage: Coverage
  readonly frames: readonly FrameRecord<Uint8Array>[]
  readonly messages: readonly MessageRecord<Uint8Array>[]
  /** The segments of the damaged capture's packets. */
  readonly segments: readonly (RecordedSegment | undefined)[]
  /** True if the handshake is captured, from its SYN on. */
  readonly hasHandshake: boolean
  readonly isMidstream: boolean
  /** True if framewalk knows that messages are compressed. */
  readonly knowsDeflate: boolean
  readonly fault: (sentence: string) => void
  readonly tally: DamageTally
}

/** Judges a direction. Returns the offset of each frame among the bytes sent, by its number. */
export function judgeSide(side: ToldSide): ReadonlyMap<number, number> {
  const { coverage, tally } = side
  const { stream, derailed } = coverage
  const shift = side.hasHandshake ? 0 : shiftOf(side)
  const sentAt = new Map(stream.frames.map((frame) => [frame.start, frame]))
  const found = new Map<number, SentFrame>()
  const offsets = new Map<number, number>()
  for (const frame of side.frames) {
    const start = frame.offset + shift
    offsets.set(frame.frame, start)
    tally.reported++
    // After a header with a flipped bit, anything may be read.
    if (start + frame.headerLength > derailed) continue
    const sent = sentAt.get(start)
    if (sent === undefined || !hasSameHeader(sent.record, frame)) {
      tally.invented++
      side.fault(`frame ${frame.frame} at ${start} was never sent`)
      continue
    }
    found.set(frame.frame, sent)
    judgePayload(side, frame, sent)
  }
  judgeFound(side, new Set(found.values()))
  judgeMessages(side, found)
  return offsets
}

/**
 * Without a handshake, offsets count from the first byte captured. Returns its distance from the first byte sent, as most frames
 * show it.
 */
function shiftOf({ frames, segments, coverage }: ToldSide): number {
  const { stream } = coverage
  const votes = new Map<number, number>()
  for (const frame of frames) {
    const segment = segments[frame.packet.first - 1]
    if (segment === undefined) continue
    const start = startOf(segment, stream.base)
    const end = start + segment.end - segment.start
    for (const sent of stream.frames) {
      if (sent.start < start || sent.start >= end || !hasSameHeader(sent.record, frame)) continue
      const shift = sent.start - frame.offset
      votes.set(shift, (votes.get(shift) ?? 0) + 1)
    }
  }
  let best = 0
  for (const [shift, count] of votes) if (count > (votes.get(best) ?? 0)) best = shift
  return best
}

/** A payload holds the bytes that were sent and captured, and holes for those that were not captured. */
function judgePayload({ coverage, fault }: ToldSide, frame: FrameRecord<Uint8Array>, sent: SentFrame): void {
  const { payload, holes = [], capturedLength } = frame
  const isHole = new Uint8Array(payload.length)
  for (const [start, end] of holes) isHole.fill(1, start, end)
  let captured = 0
  let late = 0
  const reach = Math.min(Number(sent.record.payloadLength), coverage.stream.length - sent.payloadStart)
  for (let at = 0; at < reach; at++) {
    const byte = coverage.at(sent.payloadStart + at)
    if (byte === Byte.captured || byte === Byte.doubtful) captured++
    if (byte === Byte.late) late++
    if (at >= payload.length) continue
    const isWrong =
      isHole[at] === 1
        ? byte === Byte.captured || payload[at] !== 0
        : byte === Byte.missing || (byte === Byte.captured && payload[at] !== sent.record.payload[at])
    if (!isWrong) continue
    fault(`frame ${frame.frame} at ${sent.start}: payload byte ${at} is not what was sent and captured`)
    return
  }
  if (capturedLength < captured || capturedLength > captured + late)
    fault(`frame ${frame.frame} at ${sent.start}: ${captured} bytes were captured, it says ${capturedLength}`)
}

/** Every frame is found unless a hidden header lies between it and the last sure one. */
function judgeFound(side: ToldSide, found: ReadonlySet<SentFrame>): void {
  const { coverage, tally, hasHandshake, isMidstream, fault } = side
  const { stream, derailed } = coverage
  const starts = new Set(
    side.segments.flatMap((segment) =>
      segment?.flow === stream.flow && segment.end > segment.start ? [startOf(segment, stream.base)] : [],
    ),
  )
  let isSure = hasHandshake
  let phase: 'before' | 'hidden' | 'behind' = hasHandshake ? 'before' : 'hidden'
  for (const frame of stream.frames) {
    if (frame.start >= derailed) return
    const isFound = found.has(frame)
    if (!isFound && !coverage.holds(frame.start, frame.payloadStart)) {
      isSure = false
      phase = 'hidden'
      continue
    }
    if (isSure) tally.sure++
    if (isSure && !isFound) fault(`the frame at ${frame.start} is captured and was not found`)
    if (isFound) isSure = true
    if (phase === 'hidden' && starts.has(frame.start)) phase = 'behind'
    if (phase !== 'behind' || coverage.isDoubtful || !coverage.holds(frame.start, frame.end)) continue
    tally[isMidstream ? 'midstream' : 'behind']++
    if (isFound) tally[isMidstream ? 'midstreamFound' : 'behindFound']++
  }
}

/** What a message says was sent: all of it if the message is complete, or else its beginning. */
function judgeMessages(side: ToldSide, found: ReadonlyMap<number, SentFrame>): void {
  const { coverage, tally, fault } = side
  const sentByFirst = new Map(coverage.stream.messages.map((message) => [message.frames[0], message]))
  const complete = new Set<SentMessage>()
  for (const message of side.messages) {
    const first = found.get(message.frames[0]!)
    if (first === undefined) continue
    const sent = sentByFirst.get(first)
    if (sent === undefined) {
      fault(`message ${message.message} starts with the frame at ${first.start}, and none does`)
      continue
    }
    if (!message.incomplete) complete.add(sent)
    if (message.withoutContext) tally.withoutContext++
    if (sent.record.incomplete || isDoubtful(coverage, sent, message.compressed)) continue
    const bytes = bytesOf(message) ?? new Uint8Array(0)
    const truth = bytesOf(sent.record) ?? new Uint8Array(0)
    const isPart = Buffer.compare(bytes, truth.subarray(0, bytes.length)) === 0
    if (isPart && (message.incomplete || bytes.length === truth.length)) continue
    const extent = `${message.incomplete ? 'incomplete' : 'complete'}, ${bytes.length} of ${truth.length} bytes`
    fault(`message ${message.message} at ${first.start} says other than was sent (${extent})`)
  }
  judgeComplete(side, new Set(found.values()), complete)
}

/** Every message that is captured as a whole is complete, unless it may need what was lost before it. */
function judgeComplete(
  side: ToldSide,
  found: ReadonlySet<SentFrame>,
  complete: ReadonlySet<SentMessage>,
): void {
  const { coverage, tally, knowsDeflate, fault } = side
  for (const message of coverage.stream.messages) {
    const [first] = message.frames
    const { end } = message.frames.at(-1)!
    if (message.record.incomplete || coverage.isDoubtful) continue
    if (!coverage.holds(first!.start, end) || !message.frames.every((frame) => found.has(frame))) continue
    const isComplete = complete.has(message)
    tally[message.record.compressed ? 'compressed' : 'plain']++
    if (isComplete) tally[message.record.compressed ? 'compressedComplete' : 'plainComplete']++
    // A lost message cannot be told from a lost control frame.
    const hasWindow = side.hasHandshake && coverage.holds(0, end) && knowsDeflate
    if (!isComplete && (!message.record.compressed || hasWindow))
      fault(`the message at ${first!.start} is captured and not complete`)
  }
}

/** Whether a flipped bit may have changed what a message says; of a compressed one, a flip in any message before may. */
function isDoubtful(coverage: Coverage, { frames }: SentMessage, isCompressed: boolean): boolean {
  const { end } = frames.at(-1)!
  if (isCompressed) return coverage.isDoubtful
  return coverage.derailed < end || coverage.count(frames[0]!.start, end, Byte.doubtful) > 0
}

function hasSameHeader(a: FrameRecord<Uint8Array>, b: FrameRecord<Uint8Array>): boolean {
  return (
    a.fin === b.fin &&
    a.rsv1 === b.rsv1 &&
    a.rsv2 === b.rsv2 &&
    a.rsv3 === b.rsv3 &&
    a.opcode === b.opcode &&
    a.masked === b.masked &&
    a.maskingKey === b.maskingKey &&
    a.headerLength === b.headerLength &&
    a.payloadLength === b.payloadLength
  )
}
