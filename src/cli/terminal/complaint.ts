// A fault that the user can mend, as one line on standard error.
import { InputError } from '../../base/input-error.ts'
import { escapeText } from '../../render/text/escape.ts'
import type { Streams } from './streams.ts'

/** Writes the line. */
export function complain(error: unknown, { stderr }: Pick<Streams, 'stderr'>): void {
  stderr.write(`framewalk: ${escapeText(sentence(error))}\n`)
}

function sentence(error: unknown): string {
  if (error instanceof InputError || error instanceof RangeError || error instanceof TypeError)
    return error.message
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error)
}
