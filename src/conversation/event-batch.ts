// Gathers events between two reads of the consumer, and counts them for the summary.
import type { AnalysisEvent, Head, SummaryEvent } from '../base/events.ts'
import type { PayloadMemory } from '../base/payload-memory.ts'

/** A consumer is handed its events once so many have gathered, or so many bytes are held by them. Of more events so many outlive a collection of young
 * objects that the young generation grows: compressed messages take 99 MiB with 512 events, 89 with 192, and 5 % less time. */
const BATCH_EVENTS = 192
const BATCH_BYTES = 1024 * 1024
/** What a header is reckoned at beside its characters: two strings and a pair. */
const HEADER_COST = 128

/** What of the summary can be counted from the events that pass. */
export type Tally = Pick<SummaryEvent, 'connections' | 'frames' | 'messages' | 'findings'>

/** Events in the order in which they happened. */
export class EventBatch {
  #events: AnalysisEvent[] = []
  #bytes = 0
  #connections = 0
  #frames = 0
  #messages = 0
  readonly #findings = new Map<string, number>()
  readonly #memory: PayloadMemory

  /** `memory`: of the payloads that the events hold. */
  constructor(memory: PayloadMemory) {
    this.#memory = memory
  }

  /** Takes an event; its views stay valid until the next packet is read. */
  readonly push = (event: AnalysisEvent): void => {
    this.#events.push(event)
    switch (event.type) {
      case 'frame':
        this.#frames++
        this.#bytes += event.payload.length
        break
      case 'message':
        this.#messages++
        if (event.data !== undefined) this.#bytes += event.data.length
        break
      case 'finding':
        this.#findings.set(event.code, (this.#findings.get(event.code) ?? 0) + 1)
        break
      case 'connection':
        this.#connections++
        this.#bytes += sizeOf(event.request) + sizeOf(event.response)
    }
  }

  /** True once the consumer should have its events before more are made. */
  get full(): boolean {
    return this.#events.length >= BATCH_EVENTS || this.#bytes >= BATCH_BYTES
  }

  /** The events gathered since the last call. */
  take(): AnalysisEvent[] {
    const taken = this.#events
    this.#memory.turn()
    this.#events = []
    this.#bytes = 0
    return taken
  }

  /** Counted over all events that ever passed. */
  get tally(): Tally {
    return {
      connections: this.#connections,
      frames: this.#frames,
      messages: this.#messages,
      findings: Object.fromEntries([...this.#findings].sort(([a], [b]) => (a < b ? -1 : 1))),
    }
  }
}

/** A head is up to a megabyte long, and its headers may be hundreds of thousands. */
function sizeOf(head: Head | null): number {
  if (head === null) return 0
  let size = head.startLine.length
  for (const [name, value] of head.headers) size += HEADER_COST + name.length + value.length
  return size
}
