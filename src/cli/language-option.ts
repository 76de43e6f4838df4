// --lang: the language of what is meant to be read as a text. What the environment says (LANG) is not asked: the same command prints the
// same on every machine.
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
