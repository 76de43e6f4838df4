// What every output has in common. A renderer takes events and prints; it decides nothing.
import type { AnalysisEvent } from '../base/events.ts'

/** Where a renderer puts its output. `written` is called once the output's memory may be used again; never, where nobody can tell. */
export type Write = (output: string | Uint8Array, written?: () => void) => void

/** Prints the events of a walk, in a bounded memory. */
export interface Renderer {
  /** Takes an event; prints it now or a little later. Copies what it keeps of the event's bytes. */
  event(event: AnalysisEvent): void
  /** Prints what is held back: called after each batch of input, so that a live capture is seen at once. */
  flush(): void
  /** Nothing more comes: prints what is held back. Called once, last. */
  end(): void
}

/** How tables are to look. */
export interface TableOptions {
  /** Columns of the terminal: at least 40. */
  readonly width: number
  readonly color: boolean
  /** Findings of one code that are printed; further ones are counted. */
  readonly findingsPerCode: number
}
