// Picks the frames that were asked for from all events, each with its findings and the message that it completes.
import { copy } from '../base/bytes.ts'
import type { AnalysisEvent, FrameEvent, MessageEvent } from '../base/events.ts'
import type { FindingEvent } from '../base/findings.ts'
import type { WalkSubject } from '../render/walkthrough/walkthrough.ts'
import { type Selection, selects } from './select.ts'

/** If nothing was asked for, the first frame is walked through. */
const FIRST = new Set([1])

interface Gathered extends WalkSubject {
  readonly findings: FindingEvent[]
  message: MessageEvent | undefined
}

export class WalkSubjects {
  /** How many frames were found so far. */
  found = 0
  readonly #selection: Selection
  readonly #source: WalkSubject['source']
  /** How many there can be. Undefined if the selection does not say. */
  readonly #wanted: number | undefined
  #gathered: Gathered[] = []
  #current: Gathered | undefined
  readonly #frames = new Map<number, number>()

  constructor(selection: Selection, source: WalkSubject['source']) {
    const first = source === 'capture' && selection.frames === undefined && selection.opcodes === undefined
    this.#selection = {
      ...selection,
      connections: selection.connections ?? (source === 'capture' ? FIRST : undefined),
      frames: first && selection.from === undefined ? FIRST : selection.frames,
    }
    this.#source = source
    const { connections, frames } = this.#selection
    this.#wanted =
      source === 'bytes' ? undefined : frames === undefined ? 1 : (connections?.size ?? 1) * frames.size
  }

  /** True after everything that was asked for was found. */
  get complete(): boolean {
    return this.#wanted !== undefined && this.found >= this.#wanted
  }

  /** Why nothing was found: it says which frames there are. */
  get absence(): string {
    if (this.#frames.size === 0) return 'there is no WebSocket frame in it'
    const counts = [...this.#frames]
      .slice(0, 5)
      .map(([connection, frames]) => `connection ${connection} has ${frames}`)
    return `no such frame: ${counts.join(', ')}${this.#frames.size > 5 ? ', …' : ''}`
  }

  event(event: AnalysisEvent): void {
    if (event.type === 'frame') this.#frame(event)
    else if (event.type === 'finding') this.#finding(event)
    else if (event.type === 'message') this.#message(event)
  }

  /** The frames found since the last call. All events of a frame are in one batch. */
  take(): WalkSubject[] {
    const gathered = this.#gathered
    this.#gathered = []
    this.#current = undefined
    return gathered
  }

  #frame(frame: FrameEvent): void {
    this.#frames.set(frame.connection, Math.max(frame.frame, this.#frames.get(frame.connection) ?? 0))
    this.#current = undefined
    if (this.complete || !selects(this.#selection, frame)) return
    this.found++
    this.#current = {
      frame: { ...frame, payload: copy(frame.payload) },
      findings: [],
      message: undefined,
      source: this.#source,
    }
    this.#gathered.push(this.#current)
  }

  #finding(finding: FindingEvent): void {
    const current = this.#current
    if (current === undefined || current.frame.connection !== finding.connection) return
    if (current.frame.frame === finding.frame) current.findings.push(finding)
  }

  #message(message: MessageEvent): void {
    const current = this.#current
    if (current === undefined || current.frame.connection !== message.connection) return
    if (message.frames.at(-1) !== current.frame.frame) return
    current.message = message.data === undefined ? message : { ...message, data: copy(message.data) }
  }
}
