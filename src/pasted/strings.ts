// String literals of C, Go, JavaScript, Python and Rust, with their escapes: `b'\x81\x05hello'`, `"\x81" "\x05"`, `\x81\x05hello`.
import { type PastedFault, placeOf, shorten } from './reading.ts'

/** One literal's opening: what a language puts before it, and the quotes. */
const OPENING = /(?:b|B|rb|Rb|rB|RB|br|c|u8)?(?:"""|'''|"|'|`)/y
const ESCAPE =
  /\\(?:x([0-9a-f]{2})|([0-7]{1,3})|u\{([0-9a-f]{1,6})\}|u([0-9a-f]{4})|U([0-9a-f]{8})|([abefnrtv\\'"?])|(\r?\n))/iy

const CONTROL: Readonly<Record<string, number>> = {
  a: 0x07,
  b: 0x08,
  e: 0x1b,
  f: 0x0c,
  n: 0x0a,
  r: 0x0d,
  t: 0x09,
  v: 0x0b,
}

const encoder = new TextEncoder()

/** What literals hold. */
export type Strings =
  | {
      readonly bytes: Uint8Array
      /** True if a character was written as an escape. */
      readonly hasEscape: boolean
      /** True if a literal is marked as bytes: `b'…'`. */
      readonly isMarked: boolean
      /** What stood between the quotes, joined. */
      readonly spelled: string
    }
  | { readonly fault: PastedFault }

/** True if a literal starts at `at`. */
export function startsString(text: string, at: number): boolean {
  OPENING.lastIndex = at
  return OPENING.test(text)
}

/** Reads the literals in `[start, end)`, one after another. */
export function readStrings(text: string, start: number, end: number): Strings {
  const contents = new Contents()
  let isMarked = false
  for (let at = start; at < end; ) {
    OPENING.lastIndex = at
    const opening = OPENING.exec(text)?.[0]
    if (opening === undefined)
      return { fault: { what: 'element', at: placeOf(text, at), found: shorten(text.slice(at, end).trim()) } }
    const quotes = /["'`]+$/.exec(opening)![0]
    const mark = opening.slice(0, -quotes.length)
    if (/b/i.test(mark)) isMarked = true
    // Python's and Go's raw strings have no escapes.
    const isRaw = quotes === '`' || /r/i.test(mark)
    const closed = contents.read(text, at + opening.length, end, quotes, isRaw, /b/i.test(mark))
    if (typeof closed !== 'number') return { fault: closed }
    if (closed < 0) return { fault: { what: 'unclosed', at: placeOf(text, at), opened: opening } }
    at = skipJoint(text, closed, end)
  }
  return { ...contents.taken(), isMarked }
}

/** Reads text with escapes and without quotes. */
export function readEscaped(text: string): Strings {
  const contents = new Contents()
  const start = text.search(/\S/)
  const fault = contents.read(text, start, text.trimEnd().length, '', false, false)
  if (typeof fault !== 'number') return { fault }
  return { ...contents.taken(), isMarked: false }
}

/** The bytes of literals, as they are read. */
class Contents {
  readonly #bytes: number[] = []
  #hasEscape = false
  #spelled = ''

  taken(): { bytes: Uint8Array; hasEscape: boolean; spelled: string } {
    return { bytes: Uint8Array.from(this.#bytes), hasEscape: this.#hasEscape, spelled: this.#spelled }
  }

  /** Reads up to the quotes, or up to `end` if there are none. Returns the place after them; -1 if they are missing; or a fault. */
  read(
    text: string,
    start: number,
    end: number,
    quotes: string,
    isRaw: boolean,
    isBytes: boolean,
  ): number | PastedFault {
    for (let at = start; at < end; ) {
      if (quotes !== '' && text.startsWith(quotes, at)) return at + quotes.length
      if (text[at] === '\\' && !isRaw) {
        ESCAPE.lastIndex = at
        const match = ESCAPE.exec(text)
        const value = match === null ? undefined : escapedValue(match)
        const isUnicode = match !== null && (match[3] ?? match[4] ?? match[5]) !== undefined
        if (match === null || value === undefined || (isBytes && isUnicode))
          return { what: 'escape', at: placeOf(text, at), escape: text.slice(at, at + 4) }
        this.#hasEscape = true
        if (typeof value === 'number') this.#bytes.push(value)
        else if (value !== '') for (const byte of encoder.encode(value)) this.#bytes.push(byte)
        at = ESCAPE.lastIndex
        continue
      }
      const character = String.fromCodePoint(text.codePointAt(at)!)
      const isAscii = character <= '\x7f'
      // No line ends inside the quotes of one line; no language allows other characters in bytes.
      const isForeign = isBytes ? !isAscii : character === '\n' && quotes.length === 1 && !isRaw
      if (isForeign) {
        return { what: 'character', at: placeOf(text, at), character, within: undefined }
      }
      if (isAscii) this.#bytes.push(character.charCodeAt(0))
      else for (const byte of encoder.encode(character)) this.#bytes.push(byte)
      if (this.#spelled.length < 4096) this.#spelled += character
      at += character.length
    }
    return quotes === '' ? end : -1
  }
}

/** The place after what joins two literals: white space, `+`, commas, or C's and Python's backslash at the end of a line. */
function skipJoint(text: string, start: number, end: number): number {
  let at = start
  while (at < end && (/[\s+,]/.test(text[at]!) || /^\\\r?\n/.test(text.slice(at, at + 3)))) at++
  return at
}

/** The byte of an escape; text for a character of Unicode, or for the end of a line, which stands for nothing. */
function escapedValue(match: RegExpExecArray): number | string | undefined {
  const [, hex, octal, braced, short, long, letter] = match
  if (hex !== undefined) return Number.parseInt(hex, 16)
  if (octal !== undefined) {
    const value = Number.parseInt(octal, 8)
    return value > 255 ? undefined : value
  }
  const unicode = braced ?? short ?? long
  if (unicode !== undefined) {
    const code = Number.parseInt(unicode, 16)
    return code > 0x10ffff || (code >= 0xd800 && code < 0xe000) ? undefined : String.fromCodePoint(code)
  }
  if (letter === undefined) return ''
  return CONTROL[letter] ?? letter.charCodeAt(0)
}
