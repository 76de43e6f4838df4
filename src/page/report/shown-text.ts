// The page's door for captured text: characters that would not be seen, or would turn the text around them, are shown as code points.

/** Controls (line ends and tabs too, where they would break a line), zero-width and bidirectional characters, lone surrogates. */
const UNSEEN =
  /[\0-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\uffff]|\p{Cs}/gu

/** Line ends and tabs stay. */
export function shownText(text: string): string {
  return text.replaceAll(UNSEEN, spelledOut)
}

/** On one line. */
export function shownLine(text: string): string {
  return shownText(text).replaceAll('\n', '↵').replaceAll('\t', '⇥')
}

function spelledOut(character: string): string {
  // What no UTF-8 stands for is shown as it always is.
  if (character === '\ufffd') return character
  return `⟨U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}⟩`
}
