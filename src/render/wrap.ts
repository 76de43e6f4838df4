// Breaks sentences into lines. Text goes in that is escaped already.
import { escapeText } from './escape.ts'
import { displayWidth } from './width.ts'

/** The sentence in lines of at most `columns` columns; a word too long for a line is cut. At least one line. */
export function wrap(text: string, columns: number): string[] {
  const lines: string[] = []
  let line = ''
  let width = 0
  for (const whole of text.split(' ')) {
    const word = escapeText(whole, columns)
    const wordWidth = displayWidth(word)
    if (line !== '' && width + 1 + wordWidth > columns) {
      lines.push(line)
      line = ''
      width = 0
    }
    const space = line === '' ? '' : ' '
    line += space + word
    width += space.length + wordWidth
  }
  lines.push(line)
  return lines
}
