// Frames given as bytes, inflated by Node's zlib.
import type { WalkEvent } from '../../base/events.ts'
import { Budget, limitsWith } from '../../base/limits.ts'
import type { Side } from '../../base/stream.ts'
import { readPastedFrames } from '../../websocket/pasted-frames.ts'
import { makeInflaterPool } from './inflate.ts'

/**
 * The events of frames that stand behind one another in `bytes`, of both sides in any mixture: who sent a frame is told by its MASK bit
 * (RFC 6455 §5.1), unless `from` says it for all.
 */
export function walkBytes(bytes: Uint8Array, from?: Side): WalkEvent[] {
  const limits = limitsWith()
  return readPastedFrames(bytes, makeInflaterPool(limits, new Budget(limits.waitingTotal)), { from })
}
