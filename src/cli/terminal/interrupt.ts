// Cleans up before a signal ends the command.
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** Calls `putAway` before a signal ends the process. Returns a function that undoes this. */
export function beforeInterrupt(putAway: () => void): () => void {
  const interrupt = (signal: NodeJS.Signals): void => {
    undo()
    putAway()
    process.kill(process.pid, signal)
  }
  const undo = (): void => {
    for (const signal of SIGNALS) process.off(signal, interrupt)
  }
  for (const signal of SIGNALS) process.on(signal, interrupt)
  return undo
}
