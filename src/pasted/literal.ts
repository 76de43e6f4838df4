// Bytes as programs write and print them: arrays and lists in their brackets, byte strings, and the calls around them.
import { readBase64 } from './base64.ts'
import { readHexDigits } from './hex.ts'
import { readList } from './numbers.ts'
import { placeOf, type Reading, whole } from './reading.ts'
import { readEscaped, readStrings, type Strings, startsString } from './strings.ts'

/** `unsigned char frame[] =`, `const bytes: Uint8Array =`. Base64 that ends with `=` is not one. */
const ASSIGNMENT = /^\s*[A-Za-z_$][\w$\s*:<>[\],&.]{0,200}?(?::=|=)\s*(?=[[{("'`<&A-Za-z])/
/** What stands before the bytes, piece by piece: names of types and functions, and brackets. */
const OPENING =
  /\s*(?:(new|mut|return)\b|(Uint8ClampedArray|Uint8Array|Int8Array|Buffer\.from|bytearray|bytes\.fromhex|bytes|byteArrayOf|memoryview|vec!|s?byte\s*\[\d*\]|(?:\[\d*\]|\[\.\.\.\])(?:byte|uint8|u8|int8)|&(?=\s*\[))|\((\d+)\)(?=\s*\[)|(<<|[({[]))/y
/** The second line that xxd -i writes. */
const LENGTH = /;\s*unsigned (?:int|long) \w{1,200}_len = (\d+);\s*$/
const ENCODING = /,\s*(["'])(hex|base64|latin1|binary)\1\s*$/
/** Longest text between quotes that is looked at for digits of other bytes. */
const SPELLED = 4096

interface Wrapper {
  /** Where the bytes start. */
  readonly start: number
  /** Brackets that were opened, with their places. */
  readonly opened: readonly { readonly bracket: string; readonly at: number }[]
  /** True if there is a name of a type or a function, or an assignment. */
  readonly isNamed: boolean
  readonly isFromHex: boolean
  /** How many elements there are, by what Node or Go writes before them, or xxd after them. */
  readonly count: number | undefined
}

/** Reads bytes as programs write them. Undefined if the text is nothing of a program, or plain hex in quotes or brackets. */
export function readLiteral(pasted: string): Reading | undefined {
  const tail = pasted.slice(-300)
  const length = LENGTH.exec(tail)
  const text = length === null ? pasted : pasted.slice(0, pasted.length - tail.length + length.index)
  const wrapper = readWrapper(text, length === null ? undefined : Number(length[1]))
  const { opened, isNamed, count } = wrapper
  const end = closeBrackets(text, wrapper)
  if (typeof end !== 'number') return isHexInBrackets(text, wrapper.start) ? undefined : end
  const encoding = ENCODING.exec(text.slice(Math.max(0, end - 40), end))
  const until = encoding === null ? end : end - encoding[0].length
  if (startsString(text, wrapper.start)) {
    const strings = readStrings(text, wrapper.start, until)
    return fromStrings(text, strings, isNamed, wrapper.isFromHex ? 'hex' : encoding?.[2])
  }
  if (text[wrapper.start] === '\\' && opened.length === 0) return bytesOf(readEscaped(text))
  if (opened.length === 0) return readBare(text)
  if (!isNamed && isHexInBrackets(text, wrapper.start)) return undefined
  const reading = readList(text, wrapper.start, until)
  const found = 'parts' in reading ? reading.parts[0]!.length : undefined
  if (found !== undefined && count !== undefined && found !== count)
    return { fault: { what: 'count', said: count, found } }
  return reading
}

/** `length`: how many bytes the text says that there are. */
function readWrapper(text: string, length: number | undefined): Wrapper {
  const assignment = ASSIGNMENT.exec(text)
  const opened: { bracket: string; at: number }[] = []
  let isNamed = assignment !== null
  let isFromHex = false
  let count = length
  let at = assignment?.[0].length ?? 0
  // `[[[[…` is no list of bytes.
  while (opened.length < 8) {
    OPENING.lastIndex = at
    const match = OPENING.exec(text)
    if (match === null) break
    const [all, , name, said, bracket] = match
    if (name !== undefined) isNamed = true
    if (name === 'bytes.fromhex') isFromHex = true
    const written = said ?? /\[(\d+)\]/.exec(name ?? '')?.[1]
    if (written !== undefined) count = Number(written)
    at = OPENING.lastIndex
    if (bracket !== undefined) {
      // `(byte) 0x81` is the first element.
      if (bracket === '(' && /^\(\s*(?:s?byte|char|u?int8_t)\s*\)/.test(text.slice(at - 1, at + 20))) {
        at--
        break
      }
      opened.push({ bracket, at: at - bracket.length })
    } else if (all.trim() === '') break
  }
  while (/\s/.test(text[at] ?? '')) at++
  return { start: at, opened, isNamed, isFromHex, count }
}

/** Where the bytes end: before the brackets that close those before them. A fault if they are not closed. */
function closeBrackets(text: string, { opened, start }: Wrapper): number | Reading {
  let end = lastIndex(text, text.length)
  for (const { bracket, at } of opened) {
    const closing = { '<<': '>>', '(': ')', '{': '}', '[': ']' }[bracket]!
    if (!text.startsWith(closing, end - closing.length) || end - closing.length < start)
      return { fault: { what: 'unclosed', at: placeOf(text, at), opened: bracket } }
    end = lastIndex(text, end - closing.length)
  }
  return end
}

/** The end without the white space, commas and semicolons before it. */
function lastIndex(text: string, end: number): number {
  let at = end
  while (at > 0 && /[\s,;]/.test(text[at - 1]!)) at--
  return at
}

/** `[81 05]` is what Go's `% x` prints: two digits each, and some that no decimal number has. */
function isHexInBrackets(text: string, start: number): boolean {
  const digits = text.slice(start).replaceAll(/[\s,;)\]}>]+/g, ' ')
  if (!/^[\da-f ]+$/i.test(digits)) return false
  return /[a-f]/i.test(digits) || /(?:^| )0\d/.test(digits)
}

/** A list with 0x and nothing around it. Without comments and decimal numbers it is left to the reader of hex. */
function readBare(text: string): Reading | undefined {
  if (!/^\s*(?:-?\d|\/\*|\(|')/.test(text) || !/0x[\da-f]{1,2}(?:u8)?\s*[,;]/i.test(text)) return undefined
  return readList(text, 0, text.length, true)
}

function fromStrings(
  text: string,
  strings: Strings,
  isNamed: boolean,
  encoding: string | undefined,
): Reading | undefined {
  if ('fault' in strings) {
    // Apostrophes and quotes among hex digits are skipped, as ever.
    return isNamed || text.includes('\\') || /^\s*b/i.test(text) ? strings : undefined
  }
  const { spelled, hasEscape, isMarked, bytes } = strings
  if (!hasEscape && bytes.length > 0) {
    if (encoding === 'hex') return readHexDigits(spelledFrom(bytes))
    if (encoding === 'base64') return readBase64(spelledFrom(bytes))
    if (!isNamed && !isMarked) return undefined
    if (spelled.length < SPELLED) {
      if (/^(?:[0-9a-f]{2}[\s:,-]?){2,}$/i.test(spelled)) return { fault: { what: 'spelled', as: 'hex' } }
      if (spelled.length >= 8 && 'parts' in readBase64(spelled) && /^[\w+/]+={1,2}$/.test(spelled))
        return { fault: { what: 'spelled', as: 'base64' } }
    }
  }
  return bytesOf(strings)
}

/** Readers take text; of digits each byte is one character. */
function spelledFrom(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes)
}

function bytesOf(strings: Strings): Reading {
  if ('fault' in strings) return strings
  return strings.bytes.length === 0 ? { fault: { what: 'nothing' } } : whole(strings.bytes)
}
