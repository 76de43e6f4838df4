// Frames given as bytes, without a capture around them: as people paste them into the walkthrough.
import type { WalkEvent } from './events.ts'
import { makeInflaterPool } from './inflate.ts'
import { Budget, limitsWith } from './limits.ts'
import type { Side } from './stream.ts'
import { WebSocketConnection } from './websocket/connection.ts'
import { decodeHeader } from './websocket/header.ts'

/** Without a handshake the widest window is assumed, kept from message to message (RFC 7692 §7.1). */
const ASSUMED = { contextTakeover: true, windowBits: 15 }

/**
 * The events of frames that stand behind one another in `bytes`, of both sides in any mixture: who sent a frame is told by its MASK bit
 * (RFC 6455 §5.1), unless `from` says it for all.
 */
export function walkBytes(bytes: Uint8Array, from?: Side): WalkEvent[] {
  const events: WalkEvent[] = []
  const limits = limitsWith()
  const budget = new Budget(limits.waitingTotal)
  const connection = new WebSocketConnection({
    connection: 1,
    deflate: { client: ASSUMED, server: ASSUMED },
    midstream: false,
    limits,
    budget,
    makeInflater: makeInflaterPool(limits, budget),
    emit: (event) => events.push(event),
  })
  const drain = (): void => {
    while (connection.next());
  }
  for (let start = 0; start < bytes.length; ) {
    const header = decodeHeader(bytes, start, bytes.length)
    const masked = ((bytes[start + 1] ?? 0) & 0x80) !== 0
    const end =
      header === undefined
        ? bytes.length
        : Math.min(bytes.length, start + header.headerLength + Number(header.payloadLength))
    const place = { packet: 1, released: 1, time: undefined, segmentStart: true }
    connection.push(from ?? (masked ? 'client' : 'server'), { kind: 'chunk', bytes, start, end, ...place })
    drain()
    start = end
  }
  for (const side of ['client', 'server'] as const) {
    connection.push(side, { kind: 'end', reason: 'capture', released: 1, time: undefined })
    drain()
  }
  connection.end()
  return events
}
