// One side of a WebSocket connection: the decoders of its direction, and what is remembered of it.
import type { DeflateSide } from '../base/events.ts'
import type { Budget, Limits } from '../base/limits.ts'
import type { Side, StreamEnd } from '../base/stream.ts'
import { MessageInflation } from './deflate.ts'
import { FrameDecoder } from './frames.ts'
import { Heartbeat } from './heartbeat.ts'
import type { MakeInflater } from './inflater.ts'
import { MessageAssembly } from './messages.ts'
import type { FirstByte } from './tiled-frames.ts'

/** What both sides of a connection are made with. */
export interface SideOptions {
  readonly connection: number
  readonly limits: Limits
  readonly budget: Budget
  readonly makeInflater: MakeInflater
  /** Where no handshake was captured: what speaks for a frame at the first captured byte of a side. */
  readonly firstByte?: FirstByte | undefined
  readonly traceSegments?: boolean | undefined
}

/** The state of one side. */
export class SideState {
  readonly from: Side
  readonly decoder: FrameDecoder
  readonly messages: MessageAssembly
  readonly inflation: MessageInflation | undefined
  readonly heartbeat: Heartbeat
  /** Number of its first close frame. */
  closedBy: number | undefined
  /** Where in its stream the next item starts. */
  offset = 0
  /** True once a byte of it was captured. */
  hasSent = false
  /** How its direction ended. */
  end: StreamEnd | undefined

  /** `deflate`: how it compresses; null if it does not. `midstream`: its first byte need not start a frame. */
  constructor(
    { connection, limits, budget, makeInflater, firstByte, traceSegments }: SideOptions,
    from: Side,
    deflate: DeflateSide | null,
    midstream: boolean,
  ) {
    this.from = from
    this.decoder = new FrameDecoder({
      connection,
      from,
      limits,
      budget,
      rsv1Allowed: deflate !== null,
      midstream,
      firstByte,
      traceSegments,
    })
    this.messages = new MessageAssembly(limits, budget, midstream, deflate !== null)
    this.heartbeat = new Heartbeat(budget, midstream)
    if (deflate !== null)
      this.inflation = new MessageInflation(deflate, makeInflater, limits.inflateSize, midstream)
  }

  /**
   * Whether it may have sent something after its last frame that the capture does not hold: nothing of it was captured, or
   * something was lost.
   */
  isUncertain(midstream: boolean): boolean {
    if (this.hasSent) return this.decoder.hasLost
    return midstream || this.end === undefined || this.end.reason === 'capture' || this.end.reason === 'limit'
  }

  /** Releases everything that is held. */
  close(): void {
    this.messages.abandon()
    this.heartbeat.release()
    this.inflation?.close()
  }
}
