// The options of framewalk lesson.
import type { Argv } from 'yargs'
import { languageOption } from './language-option.ts'
import { captureOptions } from './options.ts'

/** What lesson takes besides the options of every command that reads captures. */
export function lessonOptions(yargs: Argv) {
  return languageOption(captureOptions(yargs)).hide('format').hide('color').option('output', {
    alias: 'o',
    type: 'string',
    requiresArg: true,
    describe: 'the page to write, over what is there; - for standard output',
  })
}
