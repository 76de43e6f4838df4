// The only way from captured text to the page: as a text node. Characters that would not be seen, or that would turn the text
// around them, are spelled out.
import { UNSHOWN } from '../base/unseen-characters.ts'

const UNSEEN = new RegExp(`[${UNSHOWN}]`, 'gu')
/** Accents that would pile up over the lines around them: those after the eighth are left out. */
const PILE = /(\p{M}{8})\p{M}+/gu

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true })

/** Captured text, as it may be shown. `lines`: line ends and tabs stay as they are. */
export function shownText(text: string, lines: 'lines' | 'one line' = 'one line'): string {
  const seen = text.replaceAll(UNSEEN, (character) =>
    lines === 'lines' && (character === '\n' || character === '\t') ? character : spelledOut(character),
  )
  return seen.replaceAll(PILE, '$1…')
}

/** UTF-8 bytes as text that may be shown; bytes that are not UTF-8 become U+FFFD. */
export function shownUtf8(bytes: Uint8Array, lines: 'lines' | 'one line' = 'one line'): string {
  return shownText(utf8.decode(bytes), lines)
}

function spelledOut(character: string): string {
  return `⟨U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}⟩`
}
