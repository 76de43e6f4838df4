// The languages in which framewalk speaks to people. Records, findings' sentences in them, and messages on standard error are English.
// Platform neutral.

export const LANGUAGES = ['en', 'zh'] as const

/** English, or Simplified Chinese. */
export type Language = (typeof LANGUAGES)[number]

/** How HTML's `lang` attribute spells them (BCP 47). */
export const LANGUAGE_TAGS: Readonly<Record<Language, string>> = { en: 'en', zh: 'zh-Hans' }

/** Each language's name in itself. */
export const LANGUAGE_NAMES: Readonly<Record<Language, string>> = { en: 'English', zh: '中文' }
