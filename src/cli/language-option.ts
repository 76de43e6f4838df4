// --lang: the language of texts for people. The environment (LANG) does not count: the same command prints the same on every
// machine.
import type { Argv } from 'yargs'
import { LANGUAGES, type Language } from '../language/language.ts'

/** Lets a command take the option. */
export function languageOption<Arguments>(yargs: Argv<Arguments>) {
  return yargs.option('lang', {
    choices: LANGUAGES,
    default: 'en' as Language,
    requiresArg: true,
    describe: 'English, or Simplified Chinese',
  })
}

/** What was asked for. */
export function languageOf(argv: Readonly<Record<string, unknown>>): Language {
  return argv['lang'] as Language
}
