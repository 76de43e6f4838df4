// What must hold of any run of the command, whatever its input: its exit status, one line on standard error for each fault, nothing that
// steers a terminal, and no words of the runtime instead of its own.
import type { Run } from '../drivers/command.ts'
import { UNSAFE_ON_A_SCREEN } from '../drivers/rendering.ts'

/** What Node and V8 say, and a user cannot mend. */
const RUNTIME_WORDS =
  /\b(?:\w*Error|E[A-Z]{4,}): |Cannot (?:read|set|convert|destructure)|is not (?:a function|iterable|a constructor)|Maximum call stack|Invalid (?:array|string|typed array) length|\bundefined\b|\bNaN\b|\[object /

/** Throws if the run is not as it must be. `isPage`: standard output is a page or a capture, not a screen. */
export function checkRun({ status, stdout, stderr }: Run, statuses: readonly number[], isPage = false): void {
  const said = JSON.stringify(stderr.slice(0, 300))
  if (!statuses.includes(status)) throw new Error(`ended with ${status}, not ${statuses}: ${said}`)
  if (!/^(?:framewalk: [^\n]+\n)*$/.test(stderr))
    throw new Error(`standard error is not a line for each fault: ${said}`)
  if (RUNTIME_WORDS.test(stderr)) throw new Error(`standard error has the words of the runtime: ${said}`)
  if (status === 2 && stderr === '') throw new Error('the status is 2, and nothing says why')
  const unsafe = UNSAFE_ON_A_SCREEN.exec(isPage ? stderr : stdout + stderr)
  if (unsafe !== null) throw new Error(`a screen is shown ${JSON.stringify(unsafe[0])}`)
}
