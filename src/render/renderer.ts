// What every output has in common. A renderer takes events and prints; it decides nothing.
import type { AnalysisEvent } from '../base/events.ts'

/** Where a renderer puts its output. `written` is called after the output is written: its memory may then be used again. */
export type Write = (output: string | Uint8Array, written?: () => void) => void

/** Prints the events of captures, in a bounded memory. */
export interface Renderer {
  /** Takes an event, and prints it now or a little later. Copies the bytes that it keeps of the event. */
  event(event: AnalysisEvent): void
  /** Prints what is held back: called after each batch of input, so that a live capture is seen at once. */
  flush(): void
  /** Prints what is held back. Called once, after the last event. */
  end(): void
}

/** How tables are to look. */
export interface TableOptions {
  /** Columns of the terminal: at least 40. */
  readonly width: number
  readonly color: boolean
  /** How many findings of one code are printed. Further ones are counted. */
  readonly findingsPerCode: number
  /** Whether findings that follow from another one are printed too. By default they are counted. */
  readonly all?: boolean
}
