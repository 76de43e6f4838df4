// Frames given as bytes, without a capture around them: their events.
import type { AnalysisEvent } from '../base/events.ts'
import { Budget, limitsWith } from '../base/limits.ts'
import type { Side } from '../base/stream.ts'
import type { Platform } from '../platform/platform.ts'
import { readPastedFrames } from '../websocket/pasted-frames.ts'
import { makeInflaterPool } from './inflater-pool.ts'

/**
 * The events of frames that follow one another in `bytes`, of both sides in any mixture. The MASK bit of a frame tells who sent
 * it (RFC 6455 §5.1), unless `from` says so for all.
 */
export function eventsOfFrames(bytes: Uint8Array, platform: Platform, from?: Side): AnalysisEvent[] {
  const limits = limitsWith()
  const makeInflater = makeInflaterPool(limits, new Budget(limits.waitingTotal), platform)
  return readPastedFrames(bytes, makeInflater, { from })
}
