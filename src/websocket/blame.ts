// Whose fault came first, and what follows from it. An endpoint would have stopped there (RFC 6455 §7.1.7): what a side breaks later is
// told as a consequence, and where the cause can be proved, it is told before its first symptom.
import { NO_BYTES } from '../base/bytes.ts'
import type { Emit, FrameEvent } from '../base/events.ts'
import { type FindingCode, type FindingEvent, type FollowedFinding, makeFinding } from '../base/findings.ts'
import type { Side } from '../base/stream.ts'
import { type Cause, causeOf, type Evidence } from './causes.ts'
import type { Utf8Fault } from './utf8.ts'

/** The first fault of a side. */
interface FirstFault extends FollowedFinding {
  /** Whether the frames of the side are out of step from there on: then nothing that they show stands for itself. */
  readonly isOutOfStep: boolean
}

/** What is known of a side when a frame of it is judged, beside the frame. */
export type Knowledge = Omit<Evidence, 'frame' | 'utf8Fault'>

/** Findings of the end: both sides may be their cause. */
const OF_THE_END: readonly FindingCode[] = ['no-close-frame', 'unanswered-ping']
/** Findings of the capture that a fault of the sender may be behind. */
const OF_THE_SENDER: readonly FindingCode[] = ['incomplete-frame', 'inflate-context-lost']

/** The first fault of each side of a connection. */
export class Blame {
  /** The frame that is being judged; undefined in between, when its bytes may be gone. */
  frame: FrameEvent | undefined
  readonly #emit: Emit
  readonly #known: (from: Side) => Knowledge
  readonly #first: { client: FirstFault | undefined; server: FirstFault | undefined } = {
    client: undefined,
    server: undefined,
  }

  /** `known`: what is known of a side, and around its frame that was decoded last. */
  constructor(emit: Emit, known: (from: Side) => Knowledge) {
    this.#emit = emit
    this.#known = known
  }

  /** Whether a side has broken a rule so far, and an endpoint would have stopped there. */
  hasFault(from: Side): boolean {
    return this.#first[from] !== undefined
  }

  /** Hands a finding on: before it its cause, if it is the first of its side, and else what it follows. */
  report(finding: FindingEvent, utf8Fault?: Utf8Fault): void {
    const { from, code, frame } = finding
    if (from === undefined) {
      this.#emit(finding)
      return
    }
    const isFatal = finding.severity === 'violation' && finding.closeCode !== undefined
    if (this.#first[from] === undefined && (isFatal || code === 'incomplete-frame')) {
      const cause = namesCause(finding) ? undefined : this.#cause(finding, utf8Fault)
      if (cause !== undefined) this.#emit(cause)
      const isOutOfStep = cause !== undefined
      if (isOutOfStep) this.#first[from] = { code: cause.code, frame, isOutOfStep }
      else if (isFatal) {
        this.#first[from] = { code, frame, isOutOfStep }
        this.#emit(finding)
        return
      }
    }
    const first = this.#firstBefore(finding, from)
    this.#emit(
      first === undefined ? finding : { ...finding, follows: { code: first.code, frame: first.frame } },
    )
  }

  #firstBefore({ code, severity }: FindingEvent, from: Side): FirstFault | undefined {
    const { client, server } = this.#first
    if (OF_THE_END.includes(code)) return [client, server].find((first) => first?.isOutOfStep)
    const first = this.#first[from]
    if (first === undefined || severity === 'violation') return first
    const mayFollow = severity === 'warning' || OF_THE_SENDER.includes(code)
    return mayFollow && first.isOutOfStep ? first : undefined
  }

  #cause(finding: FindingEvent, utf8Fault: Utf8Fault | undefined): FindingEvent | undefined {
    const { frame } = this
    if (frame === undefined) return undefined
    const { connection, from, firstPacket, lastPacket, time } = finding
    const known = this.#known(from!)
    const previous = frame.cutBy === undefined ? known.previous : NO_BYTES
    const cause = causeOf({ ...known, previous, frame, utf8Fault })
    if (cause === undefined) return undefined
    return findingOf(cause, from!, { connection, frame: frame.frame, from, firstPacket, lastPacket }, time)
  }
}

/** Whether a finding says itself what it comes from. */
function namesCause({ code, values }: FindingEvent): boolean {
  return code === 'window-exceeded' || (values.cause ?? values.inflatesTo ?? null) !== null
}

function findingOf(
  cause: Cause,
  from: Side,
  place: Parameters<typeof makeFinding>[2],
  time: FindingEvent['time'],
): FindingEvent {
  return cause.code === 'http-in-stream'
    ? makeFinding(cause.code, { ...cause.values, from }, place, time)
    : makeFinding(cause.code, { ...cause.values, from }, place, time)
}
