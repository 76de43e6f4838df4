// The only way from captured text to the page: as a text node. Characters that would not be seen, or that would turn the text
// around them, are spelled out.

/**
 * Controls, format characters, surrogates, private and unassigned code points, line separators, and all that a screen may leave
 * out (zero-width characters, fillers, tags). The emoji variation selector stays.
 */
const UNSEEN = /(?!\ufe0f)[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu
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
