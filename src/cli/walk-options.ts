// The options of framewalk walk.
import type { Argv } from 'yargs'
import { InputError } from '../base/input-error.ts'
import { languageOption } from './language-option.ts'
import { captureOptions } from './options.ts'

/** How many rows of the masking table are shown by default. */
export const DEFAULT_ROWS = 32

/** What walk takes, in addition to the options of every command that reads captures. */
export function walkOptions(yargs: Argv) {
  return languageOption(captureOptions(yargs)).hide('format').hide('opcode').option('rows', {
    type: 'number',
    default: DEFAULT_ROWS,
    requiresArg: true,
    describe: 'rows of the masking table',
  })
}

/** How many rows were asked for. Throws InputError for a number that makes no sense. */
export function rowsOf(argv: Readonly<Record<string, unknown>>): number {
  const rows = Number(argv['rows'] ?? DEFAULT_ROWS)
  if (!Number.isSafeInteger(rows) || rows < 1)
    throw new InputError('--rows takes one whole number of at least 1')
  return rows
}
