// Puts away what is unfinished before the process ends: by a signal, or because something calls process.exit.
import { setImmediate } from 'node:timers'

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

const unfinished = new Set<() => void>()
let isListening = false

/** Calls `putAway` before the process ends early. Returns a function that undoes this: the work is finished. */
export function beforeInterrupt(putAway: () => void): () => void {
  unfinished.add(putAway)
  if (!isListening) listen()
  return () => {
    unfinished.delete(putAway)
    // Later: a signal that arrived during a synchronous write is delivered in the next turn, and would be lost without a listener.
    setImmediate(setImmediate, () => {
      if (unfinished.size === 0) stop()
    })
  }
}

function listen(): void {
  isListening = true
  for (const signal of SIGNALS) process.on(signal, interrupt)
  process.on('exit', putAllAway)
}

function stop(): void {
  isListening = false
  for (const signal of SIGNALS) process.off(signal, interrupt)
  process.off('exit', putAllAway)
}

function interrupt(signal: NodeJS.Signals): void {
  stop()
  putAllAway()
  // If the program around this one listens as well, it decides.
  if (process.listenerCount(signal) === 0) process.kill(process.pid, signal)
}

function putAllAway(): void {
  for (const putAway of unfinished) putAway()
  unfinished.clear()
}
