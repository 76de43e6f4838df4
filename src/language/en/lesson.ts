// The lesson's words, in English.

export const lesson = {
  title: 'Lesson',
}
