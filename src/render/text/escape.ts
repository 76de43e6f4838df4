// The only door from captured text to a screen. Text or bytes go in, however hostile. Text comes out that a terminal shows as it
// is: characters that would move the cursor, change colours, or reorder or hide their neighbours are spelled out, and wide text
// is cut. Short printable ASCII, which is most text, takes a loop over bytes instead of a string: a view of each payload costs
// 0.1 µs more.
import { toHex } from '../../base/bytes.ts'
import { UNSHOWN } from '../../base/unseen-characters.ts'
import { graphemes, graphemeWidth, isNarrow, isSimple, plainLength } from './width.ts'

/** What is spelled out. */
const DANGEROUS = new RegExp(`[${UNSHOWN}]`, 'u')
const MARK = /^\p{M}/u

/**
 * Code points that are shown of one grapheme. A real one has fewer. The rest is spelled out: a flood of accents stays on its
 * line.
 */
const LONGEST_GRAPHEME = 8
const ELLIPSIS = Buffer.from('…')
const ascii = Buffer.alloc(512)
/** Most columns, if the caller names no width. */
const WIDEST = 4096
/** How many UTF-16 units are looked at for each column: a grapheme of 8 code points outside the BMP. */
const UNITS_PER_COLUMN = 16

/**
 * The text, safe for a terminal, in at most `columns` columns. `…` takes the place of what is cut. A backslash in the text stays
 * single.
 */
export function escapeText(text: string, columns = WIDEST): string {
  return escapeStart(text, columns, false)
}

/** UTF-8 bytes as text, safe for a terminal, in at most `columns` columns. Bytes that are not UTF-8 show as U+FFFD. */
export function escapeUtf8(bytes: Uint8Array, columns: number): string {
  if (columns < 1) return ''
  // Short ASCII goes through the same memory every time.
  if (Math.min(bytes.length, columns) < ascii.length - ELLIPSIS.length) {
    const end = copyPrintable(bytes, columns, ascii, 0)
    if (end >= 0) return ascii.toString('utf8', 0, end)
  }
  const most = Math.min(WIDEST, columns) * UNITS_PER_COLUMN + 1
  const end = bytes.length <= most ? bytes.length : characterStart(bytes, most)
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, end).toString('utf8')
  return escapeStart(text, columns, end < bytes.length)
}

/**
 * Writes printable ASCII to `target` from `at` on, which has room for two bytes more than columns. `…` takes the place of what
 * does not fit. Returns where it ends, or a negative number if a byte within the columns is not printable ASCII.
 */
export function copyPrintable(bytes: Uint8Array, columns: number, target: Uint8Array, at: number): number {
  const isCut = bytes.length > columns
  if (columns < 1) return -1
  const end = isCut ? columns + 1 : bytes.length
  for (let i = 0; i < end; i++) {
    const byte = bytes[i]!
    if (byte < 0x20 || byte > 0x7e) return -1
    target[at + i] = byte
  }
  if (!isCut) return at + end
  const cutAt = at + columns - 1
  for (let i = 0; i < ELLIPSIS.length; i++) target[cutAt + i] = ELLIPSIS[i]!
  return cutAt + ELLIPSIS.length
}

/** Bytes as hex, in at most `columns` columns. Their printable characters follow if all of them fit. */
export function escapeBytes(bytes: Uint8Array, columns: number): string {
  if (bytes.length === 0 || columns < 1) return ''
  const fits = bytes.length * 3 - 1 <= columns
  if (!fits) {
    const shown = Math.max(0, Math.floor((columns - 1) / 3))
    return shown === 0 ? '…' : `${toHex(bytes, ' ', 0, shown)} …`
  }
  const hex = toHex(bytes, ' ')
  return hex.length + 2 + bytes.length <= columns ? `${hex}  ${printable(bytes)}` : hex
}

/** The bytes as ASCII, with a middle dot for each byte that is not printable. */
export function printable(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '·'
  return text
}

/** `more`: the text goes on after what is given, so that `…` is added in any case. */
function escapeStart(text: string, columns: number, more: boolean): string {
  if (columns < 1) return ''
  // Each unit takes a column or more: what comes later is out of sight.
  const ahead = text.slice(0, columns + 1)
  if (!more && (plainLength(ahead) === ahead.length || isNarrow(ahead)))
    return ahead.length <= columns ? ahead : `${ahead.slice(0, columns - 1)}…`
  const line = new Line(columns)
  if (isSimple(ahead)) {
    for (let i = 0; i < ahead.length && !line.full; i++) addCharacter(line, ahead[i]!)
    return line.end(more)
  }
  const most = Math.min(WIDEST, columns) * UNITS_PER_COLUMN
  const looked = text.length <= most ? text : wholeCharacters(text.slice(0, most))
  for (const grapheme of graphemes(looked)) {
    if (line.full) break
    addGrapheme(line, grapheme)
  }
  return line.end(more || looked.length < text.length)
}

/** A text that grows piece by piece until a width is reached. */
class Line {
  /** True after a piece did not fit: no more pieces are taken. */
  full = false
  readonly #columns: number
  #text = ''
  #width = 0
  /** The text, as long as it leaves a column for `…`. */
  #leavingRoom = ''

  constructor(columns: number) {
    this.#columns = columns
  }

  add(piece: string, width: number): void {
    if (this.full || this.#width + width > this.#columns) {
      this.full = true
      return
    }
    this.#text += piece
    this.#width += width
    if (this.#width < this.#columns) this.#leavingRoom = this.#text
  }

  end(more: boolean): string {
    return this.full || more ? `${this.#leavingRoom}…` : this.#text
  }
}

function addCharacter(line: Line, character: string): void {
  const code = character.charCodeAt(0)
  if (code < 0x20 || (code >= 0x7f && code < 0xa0)) addSpelledOut(line, character)
  else line.add(character, graphemeWidth(character))
}

function addGrapheme(line: Line, grapheme: string): void {
  let cluster = ''
  let count = 0
  for (const character of grapheme) {
    if (line.full) return
    // A mark without a base would sit on the character before it.
    const baseless = cluster === '' && MARK.test(character)
    if (!baseless && count < LONGEST_GRAPHEME && !DANGEROUS.test(character)) {
      cluster += character
      count += 1
      continue
    }
    if (cluster !== '') line.add(cluster, graphemeWidth(cluster))
    cluster = ''
    count = 0
    addSpelledOut(line, character)
  }
  if (cluster !== '') line.add(cluster, graphemeWidth(cluster))
}

function addSpelledOut(line: Line, character: string): void {
  const spelled = spellOut(character)
  line.add(spelled, spelled.length)
}

function spellOut(character: string): string {
  if (character === '\n') return '\\n'
  if (character === '\r') return '\\r'
  if (character === '\t') return '\\t'
  const codePoint = character.codePointAt(0)!
  return codePoint < 0x80 ? `\\x${codePoint.toString(16).padStart(2, '0')}` : `\\u{${codePoint.toString(16)}}`
}

/** The text without half a surrogate pair at its end. */
function wholeCharacters(text: string): string {
  const last = text.charCodeAt(text.length - 1)
  return last >= 0xd800 && last < 0xdc00 ? text.slice(0, -1) : text
}

/** Where the character with the byte at `at` starts. */
function characterStart(bytes: Uint8Array, at: number): number {
  let start = at
  while (start > at - 3 && (bytes[start]! & 0xc0) === 0x80) start -= 1
  return start
}
