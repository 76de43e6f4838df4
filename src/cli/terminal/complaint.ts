// What ends a command, as one line on standard error.
import { InputError } from '../../base/input-error.ts'
import { isMachineFault, readingFault } from '../../platform/node/machine-faults.ts'
import { escapeText } from '../../render/text/escape.ts'
import type { Streams } from './streams.ts'

/** Writes the line. If the error is a fault of framewalk, FRAMEWALK_STACK shows where. */
export function complain(error: unknown, { stderr, env }: Pick<Streams, 'stderr' | 'env'>): void {
  stderr.write(`framewalk: ${escapeText(sentence(error))}\n`)
  if (!(error instanceof InputError) && (env['FRAMEWALK_STACK'] ?? '') !== '')
    stderr.write(`${error instanceof Error ? error.stack : error}\n`)
}

function sentence(error: unknown): string {
  if (error instanceof InputError) return error.message
  if (isMachineFault(error)) {
    if (error.syscall === 'uv_cwd') return 'the current folder is gone; change into one that is there'
    return readingFault(error.path ?? 'this machine', error).message
  }
  return 'this is a fault of framewalk, not of what you gave it; please report it as SECURITY.md says, with the command, its input, and the versions of framewalk and Node'
}
