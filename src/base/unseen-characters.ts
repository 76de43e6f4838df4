// Characters that a reader does not see, or that turn or hide the text around them: the one list for every output.

/**
 * DEL and the C1 controls; what Unicode lets a screen leave out (Default_Ignorable_Code_Point: soft hyphen, zero-width characters,
 * joiners, fillers, variation selectors, tags) and whatever reorders text; line and paragraph separators; interlinear annotation. The emoji
 * variation selector U+FE0F is not among them: it is part of everyday text and hides nothing. First and last of each range. ASCII's
 * controls are left to the outputs, which spell line ends each in their own way.
 */
export const UNSEEN_RANGES: ReadonlyArray<readonly [first: number, last: number]> = [
  [0x7f, 0x9f],
  [0xad, 0xad],
  [0x34f, 0x34f],
  [0x61c, 0x61c],
  [0x115f, 0x1160],
  [0x17b4, 0x17b5],
  [0x180b, 0x180f],
  [0x200b, 0x200f],
  [0x2028, 0x202e],
  [0x2060, 0x206f],
  [0x3164, 0x3164],
  [0xfe00, 0xfe0e],
  [0xfeff, 0xfeff],
  [0xffa0, 0xffa0],
  [0xfff0, 0xfffb],
  [0x1bca0, 0x1bca3],
  [0x1d173, 0x1d17a],
  [0xe0000, 0xe0fff],
]

/** The list as the inside of a character class, for a regular expression with the flag u. */
export const UNSEEN = UNSEEN_RANGES.map(([first, last]) => `${spelled(first)}-${spelled(last)}`).join('')

const ANY_UNSEEN = new RegExp(`[${UNSEEN}]`, 'u')
const ALL_UNSEEN = new RegExp(ANY_UNSEEN, 'gu')

/**
 * What a screen or a page is not given as it is, as the inside of such a class: the list, ASCII's controls, surrogates, and code points that
 * are private, unassigned or format characters.
 */
export const UNSHOWN = `\\p{C}${UNSEEN}`

/** Whether a code point is on the list. */
export function isUnseen(codePoint: number): boolean {
  return UNSEEN_RANGES.some(([first, last]) => codePoint >= first && codePoint <= last)
}

/** JSON, with each character of the list in its strings as `\uXXXX`, or two of them. It means what it meant. */
export function escapeUnseen(json: string): string {
  return ANY_UNSEEN.test(json) ? json.replace(ALL_UNSEEN, escapeUnits) : json
}

/** Each UTF-16 unit of the text as `\uXXXX`. */
export function escapeUnits(text: string): string {
  let escaped = ''
  for (let i = 0; i < text.length; i++) escaped += `\\u${text.charCodeAt(i).toString(16).padStart(4, '0')}`
  return escaped
}

function spelled(codePoint: number): string {
  return `\\u{${codePoint.toString(16)}}`
}
