// Lists of numbers: `129, 5, 72`, Java's signed `-127, 5`, and what stands in the braces and brackets of programs.
import { type PastedFault, placeOf, type Reading, shorten, whole } from './reading.ts'

/** A number of C, Go, Java, Kotlin, Python or Rust, or a character of C, with a cast before it or a type after it. */
const ELEMENT =
  /(\(\s*(?:s?byte|char|u?int8_t)\s*\)\s*)?(?:(-?)(?:0x([0-9a-f]+)|0b([01_]+)|(\d+))(?:u8|i8|u|\.toU?Byte\(\))?(?![\w.])|'([ -&(-[\]-~])')/iy
const MORE = /\.\.\.\s+(\d+)\s+more\s+items?/y

/**
 * Reads decimal numbers without anything around them, if they can be nothing else: there is a minus, or a number of three digits, or a
 * single digit between commas. Undefined if they may be hex.
 */
export function readSureDecimals(text: string): Reading | undefined {
  if (!/^[\s\d,;-]+$/.test(text)) return undefined
  const numbers = text.split(/[\s,;]+/).filter((number) => number !== '')
  if (!numbers.every((number) => /^(?:0|-?[1-9]\d{0,9})$/.test(number))) return undefined
  const isSure = numbers.some((number) => /^-|^\d{3}$/.test(number)) && numbers.length > 1
  const isLikely = /[,;]/.test(text) && numbers.some((number) => number.length === 1)
  if (!isSure && !isLikely) return undefined
  // `100 0104` has a group that is longer than any byte: digits of hex.
  if (!isLikely && numbers.some((number) => number.replace('-', '').length > 3)) return undefined
  const reading = readDecimals(text)
  if ('fault' in reading || isSure) return reading
  return { ...reading, notes: [{ what: 'read-as', form: 'decimal' }] }
}

/** Reads decimal numbers. */
export function readDecimals(text: string): Reading {
  return readList(text, 0, text.length)
}

/**
 * Reads the list in `[start, end)`: decimal numbers, 0x, 0b and characters, as C reads them. `isBare`: nothing around it says that it is
 * a program's list, so that two digits without 0x beside some with it may be hex.
 */
export function readList(text: string, start: number, end: number, isBare = false): Reading {
  const numbers: { value: number; at: number; found: string }[] = []
  let hasMinus = false
  let decimal: { at: number; found: string } | undefined
  let hasPrefix = false
  let hasCast = false
  for (let at = skip(text, start, end); at < end; at = skip(text, at, end)) {
    MORE.lastIndex = at
    const more = MORE.exec(text)
    if (more !== null) return { fault: { what: 'more', at: placeOf(text, at), count: Number(more[1]) } }
    ELEMENT.lastIndex = at
    const match = ELEMENT.exec(text)
    if (match === null || ELEMENT.lastIndex > end) return { fault: element(text, at, end) }
    const [found, cast, minus, hex, bits, digits, character] = match
    const value =
      character !== undefined
        ? character.charCodeAt(0)
        : hex !== undefined
          ? Number.parseInt(hex, 16)
          : bits !== undefined
            ? Number.parseInt(bits.replaceAll('_', ''), 2)
            : Number(digits)
    if (minus === '-') hasMinus = true
    if (cast !== undefined) hasCast = true
    if (hex !== undefined) hasPrefix = true
    else if (digits !== undefined && digits.length > 1) {
      // In C, 010 is 8; in JavaScript and Java it may be 10.
      if (digits.startsWith('0')) return { fault: element(text, at, end) }
      decimal ??= { at, found }
    }
    numbers.push({ value: minus === '-' ? -value : value, at, found })
    at = ELEMENT.lastIndex
  }
  if (isBare && hasPrefix && decimal !== undefined)
    return { fault: { what: 'mixed', at: placeOf(text, decimal.at), number: decimal.found } }
  const least = hasMinus ? -128 : 0
  // Java's bytes have a sign, but (byte) 0x81 is one of them.
  const most = hasMinus && !hasPrefix && !hasCast ? 127 : 255
  const wrong = numbers.find(({ value }) => value < least || value > most)
  if (wrong !== undefined) {
    const number = shorten(wrong.found)
    return { fault: { what: 'range', at: placeOf(text, wrong.at), number, least, most } }
  }
  if (numbers.length === 0) return { fault: { what: 'nothing' } }
  return whole(Uint8Array.from(numbers, ({ value }) => value & 0xff))
}

function element(text: string, at: number, end: number): PastedFault {
  const found = /^[^\s,;]*/.exec(text.slice(at, Math.min(end, at + 40)))![0]
  return { what: 'element', at: placeOf(text, at), found: shorten(found === '' ? text[at]! : found) }
}

/** The next place that is neither white space, a comma, nor a comment of C. */
function skip(text: string, start: number, end: number): number {
  let at = start
  while (at < end) {
    if (/[\s,;]/.test(text[at]!)) at++
    else if (text.startsWith('/*', at)) {
      const close = text.indexOf('*/', at + 2)
      at = close < 0 ? end : close + 2
    } else if (text.startsWith('//', at)) {
      const close = text.indexOf('\n', at)
      at = close < 0 ? end : close
    } else break
  }
  return at
}
