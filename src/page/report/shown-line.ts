import { shownText } from '../captured-text.ts'

/** Captured text on one line. */
export function shownLine(text: string): string {
  return shownText(text).replaceAll('\n', '↵').replaceAll('\t', '⇥')
}
