// Bytes into frames for the inspector, by the decoder and the rules of the command line.
import { concat, NO_BYTES } from '../../base/bytes.ts'
import type { AnalysisEvent, FrameEvent, MessageEvent } from '../../base/events.ts'
import { OPCODE_NAMES } from '../../base/events.ts'
import type { FindingEvent } from '../../base/findings.ts'
import type { Side } from '../../base/stream.ts'
import { cutFrames, type PastedOptions, readPastedFrames } from '../../websocket/pasted-frames.ts'
import { makeInflater } from '../inflater.ts'
import type { InspectedFrame, InspectedMessage } from '../inspector/inspected-frame.ts'

/** The widest window of deflate. */
const WINDOW = 32 * 1024

/** A frame with all that is known of it. */
export interface DecodedFrame {
  readonly event: FrameEvent
  readonly inspected: InspectedFrame
  /** The message that it completes, or is the last frame of. */
  readonly message: MessageEvent | undefined
  readonly findings: readonly FindingEvent[]
}

/** What bytes hold. */
export interface Decoded {
  readonly frames: readonly DecodedFrame[]
  /** Findings that belong to no frame in particular. */
  readonly otherFindings: readonly FindingEvent[]
  readonly events: readonly AnalysisEvent[]
}

/** Decodes frames that follow one another, of both sides in any mixture. */
export function decode(bytes: Uint8Array, options: PastedOptions = {}): Decoded {
  const events = readPastedFrames(bytes, makeInflater, options)
  const frames = events.filter((event) => event.type === 'frame')
  const messages = events.filter((event) => event.type === 'message')
  const findings = events.filter((event) => event.type === 'finding')
  const windows = windowsOf(messages)
  const cuts = [...cutFrames(bytes, options.from)]
  return {
    events,
    frames: frames.map((event, i) => {
      const { start, end } = cuts[i]!
      const message = messages.find(({ frames: numbers }) => numbers.includes(event.frame))
      const own = findings.filter(({ frame }) => frame === event.frame)
      return {
        event,
        message: message?.frames.at(-1) === event.frame ? message : undefined,
        findings: own,
        inspected: {
          bytes: bytes.subarray(start, end),
          from: event.from,
          holes: [],
          announcedLength: event.headerLength + Number(event.payloadLength),
          message: message && inspectedMessage(message, event, frames, windows),
          findings: own,
          segments: [],
        },
      }
    }),
    otherFindings: findings.filter(({ frame }) => frame === undefined),
  }
}

function inspectedMessage(
  message: MessageEvent,
  frame: FrameEvent,
  frames: readonly FrameEvent[],
  windows: ReadonlyMap<number, Uint8Array>,
): InspectedMessage {
  const payloads = frames.filter(({ frame: number }) => message.frames.includes(number))
  const before = payloads.filter(({ frame: number }) => number < frame.frame)
  return {
    opcodeName: OPCODE_NAMES[message.opcode] === 'text' ? 'text' : 'binary',
    frames: message.frames,
    compressed: message.compressed,
    wirePayload: concat(payloads.map(({ payload }) => payload)),
    payloadAt: before.reduce((sum, { payload }) => sum + payload.length, 0),
    window: windows.get(message.message),
    data: message.data,
    incomplete: message.incomplete,
  }
}

/** For each compressed message, what the earlier compressed messages of the same side said. */
function windowsOf(messages: readonly MessageEvent[]): Map<number, Uint8Array> {
  const windows = new Map<number, Uint8Array>()
  const said: Record<Side, Uint8Array> = { client: NO_BYTES, server: NO_BYTES }
  for (const { message, from, compressed, data } of messages) {
    if (!compressed) continue
    if (said[from].length > 0) windows.set(message, said[from])
    said[from] = concat([said[from], data ?? NO_BYTES]).slice(-WINDOW)
  }
  return windows
}
