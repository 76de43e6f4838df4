// The languages in which framewalk speaks to people. Records, findings' sentences in them, and messages on standard error are English.
// Platform neutral.

export const LANGUAGES = ['en', 'zh'] as const

/** English, or Simplified Chinese. */
export type Language = (typeof LANGUAGES)[number]
