// The options of framewalk check and framewalk diff.
import type { Argv } from 'yargs'
import { readingOptions } from './options.ts'

const LEVEL = {
  choices: ['messages', 'frames'] as const,
  requiresArg: true,
  describe: 'compare what was said, or also how it was framed',
} as const

const ALLOW_EMPTY = {
  type: 'boolean',
  describe: 'accept a capture without a WebSocket connection',
} as const

/** Bytes that each side of a comparison may take, unless `--limit-compared` says otherwise. */
export const MOST_COMPARED = 128 * 2 ** 20

const LIMIT_COMPARED = {
  type: 'number',
  requiresArg: true,
  group: 'Limits:',
  describe: `bytes that each side of a comparison may take [${MOST_COMPARED}]`,
} as const

/** What check takes. */
export function checkOptions(yargs: Argv) {
  return readingOptions(
    yargs
      .positional('captures', {
        type: 'string',
        array: true,
        describe: 'captures, or folders with captures',
      })
      .option('update', { type: 'boolean', describe: 'write the golden files anew; their rules stay' })
      .option('level', LEVEL)
      .option('conform', { type: 'boolean', describe: 'fail on any violation of the RFCs' })
      .option('allow', {
        type: 'string',
        requiresArg: true,
        describe:
          'violations that do not count with --conform, and TLS that may stay encrypted (CODE, or several with commas)',
      })
      .option('allow-empty', ALLOW_EMPTY)
      .option('limit-compared', LIMIT_COMPARED)
      .option('reporter', {
        choices: ['text', 'junit', 'github', 'json'] as const,
        default: 'text',
        requiresArg: true,
        describe: 'the form of the report',
      }),
  )
}

/** What diff takes. */
export function diffOptions(yargs: Argv) {
  return readingOptions(
    yargs
      .positional('captures', {
        type: 'string',
        array: true,
        describe: 'two captures or golden files: before, and after',
      })
      .option('level', LEVEL)
      .option('allow', {
        type: 'string',
        requiresArg: true,
        describe: 'TLS that may stay encrypted (CODE, or several with commas)',
      })
      .option('allow-empty', ALLOW_EMPTY)
      .option('limit-compared', LIMIT_COMPARED)
      .option('reporter', {
        choices: ['text', 'json'] as const,
        default: 'text',
        requiresArg: true,
        describe: 'the form of the report',
      }),
  )
}
