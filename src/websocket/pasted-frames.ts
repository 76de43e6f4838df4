// Frames given as bytes, without a capture around them: as people paste them into the walkthrough and the page.
import type { AnalysisEvent, Deflate } from '../base/events.ts'
import { Budget, limitsWith } from '../base/limits.ts'
import type { Side } from '../base/stream.ts'
import { WebSocketConnection } from './connection.ts'
import { decodeHeader } from './header.ts'
import type { MakeInflater } from './inflater.ts'

/** Without a handshake the widest window is assumed, kept from message to message (RFC 7692 §7.1). */
const ASSUMED = { contextTakeover: true, windowBits: 15 }

/** Where a frame is in the bytes, and who sent it. */
export interface PastedFrame {
  readonly start: number
  /** Where its bytes end: those of the frame, or all that there are. */
  readonly end: number
  readonly from: Side
}

/** What differs from the assumptions. */
export interface PastedOptions {
  /** Who sent all of it. Default: the MASK bit of each frame tells. */
  readonly from?: Side | undefined
  /** permessage-deflate as agreed on; null for none. */
  readonly deflate?: Deflate | null
}

/**
 * Where the frames in `bytes` start and end, one after the other, of both sides in any mixture. The MASK bit of a frame tells who
 * sent it (RFC 6455 §5.1), unless `from` says so for all. The last one may be cut.
 */
export function* cutFrames(bytes: Uint8Array, from?: Side): Generator<PastedFrame> {
  for (let start = 0; start < bytes.length; ) {
    const header = decodeHeader(bytes, start, bytes.length)
    const masked = ((bytes[start + 1] ?? 0) & 0x80) !== 0
    const end =
      header === undefined
        ? bytes.length
        : Math.min(bytes.length, start + header.headerLength + Number(header.payloadLength))
    yield { start, end, from: from ?? (masked ? 'client' : 'server') }
    start = end
  }
}

/** The events of such frames, and then of the end of both directions. */
export function readPastedFrames(
  bytes: Uint8Array,
  makeInflater: MakeInflater,
  { from, deflate = { client: ASSUMED, server: ASSUMED } }: PastedOptions = {},
): AnalysisEvent[] {
  const events: AnalysisEvent[] = []
  const limits = limitsWith()
  const connection = new WebSocketConnection({
    connection: 1,
    deflate,
    midstream: false,
    limits,
    budget: new Budget(limits.waitingTotal),
    makeInflater,
    emit: (event) => events.push(event),
  })
  const drain = (): void => {
    while (connection.next());
  }
  for (const { start, end, from: side } of cutFrames(bytes, from)) {
    const place = { packet: 1, released: 1, time: undefined, segmentStart: true }
    connection.push(side, { kind: 'chunk', bytes, start, end, ...place })
    drain()
  }
  for (const side of ['client', 'server'] as const) {
    connection.push(side, { kind: 'end', reason: 'capture', released: 1, time: undefined })
    drain()
  }
  connection.end()
  return events
}
