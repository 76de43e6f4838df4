// The options of framewalk report and framewalk lesson, the commands that write a page.
import type { Argv } from 'yargs'
import { InputError } from '../base/input-error.ts'
import { REPORT_LIMITS, type ReportLimits } from '../report/page-data.ts'
import { languageOption } from './language-option.ts'
import { captureOptions } from './options.ts'

/** The options, and what each bounds. */
const BOUNDS = {
  'embed-frames': ['frames', 'frames in the page'],
  'embed-payload': ['payload', 'bytes of one payload, or of one inflated message, in the page'],
  'embed-bytes': ['bytes', 'bytes of all payloads and inflated messages in the page'],
} as const satisfies Record<string, readonly [keyof ReportLimits, string]>

/** What lesson takes, in addition to the options of every command that reads captures. */
export function lessonOptions(yargs: Argv) {
  return languageOption(captureOptions(yargs)).hide('format').hide('color').option('output', {
    alias: 'o',
    type: 'string',
    requiresArg: true,
    describe: 'the page to write, over what is there; - for standard output',
  })
}

/** What report takes: the same, and how much the page may hold. */
export function reportOptions(yargs: Argv) {
  lessonOptions(yargs)
  for (const [name, [limit, holds]] of Object.entries(BOUNDS)) {
    yargs.option(name, {
      type: 'number',
      requiresArg: true,
      group: 'Limits:',
      default: REPORT_LIMITS[limit],
      describe: `${holds}; the rest is left out, and the page says so`,
    })
  }
  return yargs
}

/** How much the page may hold. Throws InputError for a number that makes no sense. */
export function reportLimits(argv: Readonly<Record<string, unknown>>): ReportLimits {
  const limits = { ...REPORT_LIMITS } as Record<keyof ReportLimits, number>
  for (const [name, [limit]] of Object.entries(BOUNDS)) {
    const value = argv[name]
    if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0)
      throw new InputError(`--${name} takes one whole number`)
    limits[limit] = value
  }
  return limits
}
