// Every sentence that the page and the walkthrough say, by topic, in each language. A topic is an object of strings and of functions
// that put values into a sentence; in every language it has the type of its English, so that a missing entry does not compile.
import { type Catalogue, english } from './en/catalogue.ts'
import type { Language } from './language.ts'
import { chinese } from './zh/catalogue.ts'

export type { Catalogue } from './en/catalogue.ts'

/** The catalogue of each language. */
export const CATALOGUES: Readonly<Record<Language, Catalogue>> = { en: english, zh: chinese }
