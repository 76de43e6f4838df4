// How many columns of a terminal a text takes. The text must already be escaped: it has no control characters. Most text is
// ASCII, whose width is its length; only the rest is split into graphemes.
import { eastAsianWidth } from 'get-east-asian-width'

/** Controls, ASCII, Latin, and the Chinese, Japanese and Korean characters of everyday text. None of them joins its neighbour. */
const SIMPLE =
  /^[\0-\x7f\x80-\xac\xae-\u02ff\u0391-\u03a1\u03a3-\u03c9\u0400-\u0481\u048a-\u052f\u2010-\u2027\u2190-\u2193\u2500-\u257f\u3000-\u3029\u3041-\u3096\u30a0-\u30ff\u4e00-\u9fff\uac00-\ud7a3\uff01-\uff60]*$/
const NARROW = /^[ -~\u2190-\u2193]*$/
const NO_COLUMN = /^(?:\p{Mn}|\p{Me}|[\u1160-\u11ff]|\p{Emoji_Modifier})$/u
const EMOJI_STYLE = '\ufe0f'

/** Made when it is first needed, because that takes 14 ms. */
let segmenter: Intl.Segmenter | undefined

/** Columns that the text takes. */
export function displayWidth(text: string): number {
  const plain = plainLength(text)
  // A text that was cut ends with an ellipsis.
  if (plain === text.length || (plain === text.length - 1 && text[plain] === '…')) return text.length
  let columns = 0
  for (const grapheme of isSimple(text) ? text : graphemes(text)) columns += graphemeWidth(grapheme)
  return columns
}

/** How many characters of printable ASCII the text starts with: one column each. A regular expression takes twice as long. */
export function plainLength(text: string): number {
  let at = 0
  while (at < text.length) {
    const unit = text.charCodeAt(at)
    if (unit < 0x20 || unit > 0x7e) break
    at++
  }
  return at
}

/** True if the text is printable ASCII and the arrows between a client and a server: nothing to escape, and one column each. */
export function isNarrow(text: string): boolean {
  return NARROW.test(text)
}

/** True if each UTF-16 unit of the text is a character of its own. */
export function isSimple(text: string): boolean {
  return SIMPLE.test(text)
}

/** The text, split into what a reader sees as single characters. */
export function* graphemes(text: string): Generator<string> {
  segmenter ??= new Intl.Segmenter('en', { granularity: 'grapheme' })
  for (const { segment } of segmenter.segment(text)) yield segment
}

/** Columns of one grapheme: those of its base, and those of each further character that takes room of its own. */
export function graphemeWidth(grapheme: string): number {
  if (grapheme.length === 1) return columnsOf(grapheme.charCodeAt(0))
  if (grapheme.includes(EMOJI_STYLE)) return 2
  let columns = 0
  for (const character of grapheme) {
    if (columns === 0 || !NO_COLUMN.test(character)) columns += columnsOf(character.codePointAt(0)!)
  }
  // Two regional indicators are one flag.
  return /^\p{RI}/u.test(grapheme) ? 2 : columns
}

function columnsOf(codePoint: number): number {
  return codePoint < 0x1100 ? 1 : eastAsianWidth(codePoint)
}
