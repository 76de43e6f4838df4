// In which script a language is written, as its tag says (BCP 47). Two tests tell by it what was left untranslated.
import { LANGUAGE_TAGS, type Language } from '../../../src/language/language.ts'

/** Matches a character of the language's script; undefined for Latin letters, which every text may hold. */
export function scriptOf(language: Language): RegExp | undefined {
  const script = new Intl.Locale(LANGUAGE_TAGS[language]).maximize().script!
  if (script === 'Latn') return undefined
  return new RegExp(`\\p{Script=${/^Han[st]$/.test(script) ? 'Hani' : script}}`, 'u')
}
