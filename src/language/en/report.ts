// The report's words, in English.

export const report = {
  title: 'Report',
}
