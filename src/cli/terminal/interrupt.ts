// What must not be left behind when the user interrupts the command, or it is told to end.
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** Has `putAway` called before such a signal ends the process; returns what undoes that. */
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
