// JSON that is too long to be one value in memory: the items of its lists are parsed one by one. In: its bytes, UTF-8. Out: parts of them,
// and their values. The bytes may be anything: what is not JSON is a fault with its place.
import { JsonFault, offsetOfDepth, parseDocument } from '../base/json-document.ts'

/** Values of one part. A message has fewer: what it has more of is written as text. */
const MOST_VALUES = 1_000_000
const DEEPEST = 250

const QUOTE = 0x22
const BACKSLASH = 0x5c
const COMMA = 0x2c

/** Bytes `start` to `end`, exclusive. */
export interface Part {
  readonly start: number
  readonly end: number
}

/** What is between the brackets of a list that is a member of an object. */
export interface ListPart extends Part {
  readonly name: string
}

/** Thrown for bytes that are not JSON, or hold too much. The message says what is wrong at `offset`, counted in bytes. */
export class PartFault extends Error {
  override readonly name = 'PartFault'
  readonly offset: number

  constructor(offset: number, message: string) {
    super(message)
    this.offset = offset
  }
}

/** The lists with these names that are members of the object in `part`. None if there is no object. */
export function listsIn(bytes: Uint8Array, part: Part, names: readonly string[]): ListPart[] {
  const lists: ListPart[] = []
  let depth = 0
  let key: Part | undefined
  let open: { readonly name: string; readonly start: number } | undefined
  for (let i = part.start; i < part.end; i++) {
    switch (bytes[i]) {
      case QUOTE: {
        const end = endOfString(bytes, i, part.end)
        if (depth === 1) key = { start: i + 1, end }
        i = end
        break
      }
      case 0x5b:
      case 0x7b:
        depth += 1
        if (depth === 2 && bytes[i] === 0x5b && key !== undefined) {
          const name = textOf(bytes, key)
          if (names.includes(name)) open = { name, start: i + 1 }
        }
        break
      case 0x5d:
      case 0x7d:
        depth -= 1
        if (depth !== 1 || open === undefined) break
        lists.push({ ...open, end: i })
        open = undefined
    }
  }
  if (open !== undefined) lists.push({ ...open, end: part.end })
  return lists
}

/** The items between the brackets of a list. */
export function* itemsIn(bytes: Uint8Array, { start, end }: Part): Generator<Part> {
  let depth = 0
  let from = start
  for (let i = start; i < end; i++) {
    switch (bytes[i]) {
      case QUOTE:
        i = endOfString(bytes, i, end)
        break
      case 0x5b:
      case 0x7b:
        depth += 1
        break
      case 0x5d:
      case 0x7d:
        depth -= 1
        break
      case COMMA:
        if (depth !== 0) break
        yield { start: from, end: i }
        from = i + 1
    }
  }
  if (from > start || textOf(bytes, { start, end: Math.min(end, start + 100) }).trim() !== '')
    yield { start: from, end }
}

/** The value of a part, of which some lists are left empty. Throws PartFault. */
export function valueIn(bytes: Uint8Array, part: Part, emptied: readonly ListPart[] = []): unknown {
  const kept: Part[] = []
  let start = part.start
  for (const list of emptied) {
    kept.push({ start, end: list.start })
    start = list.end
  }
  kept.push({ start, end: part.end })
  const texts = kept.map((one) => textOf(bytes, one))
  const text = texts.join('')
  if (hasTooMany(text) && offsetOfDepth(text, DEEPEST + 1) === undefined)
    throw new PartFault(part.start, `holds more than ${MOST_VALUES} values`)
  try {
    return parseDocument(text)
  } catch (error) {
    if (!(error instanceof JsonFault)) throw error
    let at = 0
    let left = error.offset
    while (at < kept.length - 1 && left >= texts[at]!.length) left -= texts[at++]!.length
    throw new PartFault(kept[at]!.start + Buffer.byteLength(texts[at]!.slice(0, left)), error.message)
  }
}

/** Line and column of a byte, from 1: `9:37`. */
export function placeOfByte(bytes: Uint8Array, offset: number): string {
  let line = 1
  let start = 0
  for (let at = bytes.indexOf(0x0a); at >= 0 && at < offset; at = bytes.indexOf(0x0a, at + 1)) {
    line += 1
    start = at + 1
  }
  return `${line}:${textOf(bytes, { start, end: offset }).length + 1}`
}

function hasTooMany(text: string): boolean {
  if (text.length < MOST_VALUES) return false
  let values = 0
  let inString = false
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (unit === BACKSLASH) i += 1
    else if (unit === QUOTE) inString = !inString
    else if (!inString && (unit === COMMA || unit === 0x5b || unit === 0x7b)) values += 1
  }
  return values > MOST_VALUES
}

/** The place of the quote that ends the string that starts at `start`, or `end`. */
function endOfString(bytes: Uint8Array, start: number, end: number): number {
  for (let i = start + 1; i < end; i++) {
    if (bytes[i] === QUOTE) return i
    if (bytes[i] === BACKSLASH) i += 1
  }
  return end
}

function textOf(bytes: Uint8Array, { start, end }: Part): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('utf8')
}
