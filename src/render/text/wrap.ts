// Breaks sentences into lines: at spaces, and between Chinese or Japanese characters, which have no spaces. The text must already
// be escaped. No library does this: by UAX #14 a line also breaks at hyphens and slashes, which would tear names apart.
import { escapeText } from './escape.ts'
import { displayWidth, graphemes, isNarrow } from './width.ts'

/** Characters of scripts that are written without spaces, and the punctuation between them. */
const IDEOGRAPHIC =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\u3000-\u303f\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65]/u
/** Closing brackets and quotes, commas, stops and dashes stay with the character before them. */
const STARTS_NO_LINE = /^[\p{Pe}\p{Pf}\p{Po}\p{Pd}\p{Lm}]/u
/** Opening brackets and quotes stay with the character after them. */
const ENDS_NO_LINE = /[\p{Ps}\p{Pi}]$/u

/** The sentence in lines of at most `columns` columns, at least one. A piece that is too long for a line is cut. */
export function wrap(text: string, columns: number): string[] {
  const narrow = wrapNarrow(text, columns)
  if (narrow !== undefined) return narrow
  if (displayWidth(text) <= columns) return [text]
  const lines: string[] = []
  let line = ''
  let width = 0
  for (const word of text.split(' ')) {
    let space = line === '' ? '' : ' '
    for (const whole of piecesOf(word)) {
      const piece = escapeText(whole, columns)
      const pieceWidth = displayWidth(piece)
      if (line !== '' && width + space.length + pieceWidth > columns) {
        lines.push(line)
        line = ''
        width = 0
        space = ''
      }
      line += space + piece
      width += space.length + pieceWidth
      space = ''
    }
  }
  lines.push(line)
  return lines
}

/**
 * The same for narrow text, whose lines are slices of it, in a tenth of the time. Undefined for other text, and if a word is
 * cut.
 */
function wrapNarrow(text: string, columns: number): string[] | undefined {
  if (!isNarrow(text)) return undefined
  if (text.length <= columns) return [text]
  const lines: string[] = []
  let start = 0
  let end = 0
  for (let at = 0; at <= text.length; at = end + 1) {
    const space = text.indexOf(' ', at)
    const to = space < 0 ? text.length : space
    if (to - at > columns) return undefined
    const isFull = end > start && to - start > columns
    if (isFull) lines.push(text.slice(start, end))
    if (isFull || end === start) start = at
    end = to
  }
  lines.push(text.slice(start, end))
  return lines
}

/** The text after `lead`, and its further lines below the first. `lead` has no colours. */
export function hang(lead: string, text: string, columns: number): string[] {
  const indent = displayWidth(lead)
  return wrap(text, columns - indent).map((line, i) => (i === 0 ? lead : ' '.repeat(indent)) + line)
}

/** A word, cut wherever a line may end inside it. */
function piecesOf(word: string): readonly string[] {
  if (!IDEOGRAPHIC.test(word)) return [word]
  const pieces: string[] = []
  let piece = ''
  let last = ''
  for (const grapheme of graphemes(word)) {
    if (piece !== '' && mayBreak(last, grapheme)) {
      pieces.push(piece)
      piece = ''
    }
    piece += grapheme
    last = grapheme
  }
  pieces.push(piece)
  return pieces
}

function mayBreak(before: string, after: string): boolean {
  if (STARTS_NO_LINE.test(after) || ENDS_NO_LINE.test(before)) return false
  return IDEOGRAPHIC.test(before) || IDEOGRAPHIC.test(after)
}
