// Drives a frame decoder for tests: stream items in, everything that comes of them out, with copies of the payloads.
import { Budget, type Limits, limitsWith } from '../../../src/base/limits.ts'
import type { Side, StreamItem } from '../../../src/base/stream.ts'
import type { Decoded, DecodedFrame } from '../../../src/websocket/decoded.ts'
import { FrameDecoder } from '../../../src/websocket/frames.ts'
import type { FirstByte } from '../../../src/websocket/tiled-frames.ts'

/** Options of the decoder. By default: the client's side, from its first byte, with RSV1 allowed. */
export interface DecodeOptions {
  readonly from?: Side
  readonly limits?: Partial<Limits>
  readonly budget?: Budget
  readonly rsv1Allowed?: boolean
  readonly midstream?: boolean
  readonly firstByte?: FirstByte
  readonly traceSegments?: boolean
}

/** Everything that comes of the items. Payloads are copies. */
export function decodeAll(items: Iterable<StreamItem>, options: DecodeOptions = {}): Decoded[] {
  const decoder = new FrameDecoder({
    connection: 1,
    from: options.from ?? 'client',
    limits: limitsWith(options.limits),
    budget: options.budget ?? new Budget(2 ** 26),
    rsv1Allowed: options.rsv1Allowed ?? true,
    midstream: options.midstream ?? false,
    firstByte: options.firstByte,
    traceSegments: options.traceSegments,
  })
  const decoded: Decoded[] = []
  for (const item of items) {
    decoder.push(item)
    for (let event = decoder.next(); event !== undefined; event = decoder.next()) {
      decoded.push(event.type === 'frame' ? { ...event, payload: event.payload.slice() } : event)
    }
  }
  return decoded
}

export function framesOf(decoded: readonly Decoded[]): DecodedFrame[] {
  return decoded.filter((event) => event.type === 'frame')
}
