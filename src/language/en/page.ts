// What report and lesson share, in English.

export const page = {
  /** Names the choice between the languages. */
  language: 'Language',
}
