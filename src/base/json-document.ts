// JSON that a person wrote. In: its text. Out: its value, or the first thing that is wrong with it, with its place.
import { type ParseErrorCode, printParseErrorCode, visit } from 'jsonc-parser'

/** Nobody writes deeper JSON by hand, and code that walks it recursively would run out of stack. */
const DEEPEST = 250

/** Names and indexes from a document down to a place in it. */
type Path = ReadonlyArray<string | number>

/** Thrown for text that is not JSON, nests too deep or has a name twice in one object. The message says what is wrong at `offset`. */
export class JsonFault extends Error {
  override readonly name = 'JsonFault'
  /** Position in the text, in UTF-16 units. */
  readonly offset: number

  constructor(offset: number, message: string) {
    super(message)
    this.offset = offset
  }
}

/**
 * The value of a JSON document. Throws JsonFault if the text is not JSON, nests deeper than 250 levels, or has a name twice in one
 * object: a reader would see two values, and only the last one would count (RFC 8259 §4).
 */
export function parseDocument(text: string): unknown {
  const tooDeep = offsetOfDepth(text, DEEPEST + 1)
  if (tooDeep !== undefined) throw new JsonFault(tooDeep, `not JSON: nests deeper than ${DEEPEST} levels`)
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    const first = firstFault(text) ?? { reason: 'invalid symbol', offset: offsetOfForeignSpace(text) }
    throw new JsonFault(first.offset, `not JSON: ${first.reason}`)
  }
  // Counting is fast, and finds nearly every document without fault.
  if (namesIn(value) !== colonsOf(text)) refuseNamesTwice(text)
  return value
}

/** How many names a value has, at all levels. */
function namesIn(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0
  let count = 0
  if (Array.isArray(value)) for (const item of value) count += namesIn(item)
  else for (const name of Object.keys(value)) count += 1 + namesIn((value as Record<string, unknown>)[name])
  return count
}

/** How many colons a text has outside of strings: one for each name. */
function colonsOf(text: string): number {
  let count = 0
  let inString = false
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (unit === 0x22) inString = !inString
    else if (unit === 0x5c) i += 1
    else if (unit === 0x3a && !inString) count += 1
  }
  return count
}

function refuseNamesTwice(text: string): void {
  const names: Set<string>[] = []
  visit(text, {
    onObjectBegin: () => {
      names.push(new Set())
    },
    onObjectEnd: () => {
      names.pop()
    },
    onObjectProperty: (name, offset) => {
      const known = names.at(-1)!
      if (known.has(name)) throw new JsonFault(offset, `${JSON.stringify(name)} comes twice in one object`)
      known.add(name)
    },
  })
}

/**
 * Where in JSON text the value at `path` starts; for a path that ends with a name, where the name starts. 0 if there is no such value. A tree of
 * all values would take a hundred times the memory of the text.
 */
export function offsetOf(text: string, path: Path): number {
  const last = path.at(-1)
  let found = 0
  let depth = 0
  const value = (offset: number, at: () => Path) => {
    if (typeof last === 'number' && depth === path.length && isSame(at(), path)) found = offset
  }
  const begin = (offset: number, _length: number, _line: number, _column: number, at: () => Path) => {
    value(offset, at)
    depth++
  }
  const end = () => {
    depth--
  }
  visit(text, {
    onObjectBegin: begin,
    onArrayBegin: begin,
    onObjectEnd: end,
    onArrayEnd: end,
    onObjectProperty(name, offset, _length, _line, _column, at) {
      if (name === last && depth === path.length && isSame(at(), path.slice(0, -1))) found = offset
    },
    onLiteralValue: (_value, offset, _length, _line, _column, at) => value(offset, at),
  })
  return found
}

/** Line and column of an offset, from 1: `9:37`. */
export function placeIn(text: string, offset: number): string {
  const before = text.slice(0, offset).split('\n')
  return `${before.length}:${before.at(-1)!.length + 1}`
}

/** The offset at which brackets outside of strings first nest `depth` deep; undefined if they never do. */
export function offsetOfDepth(text: string, depth: number): number | undefined {
  let open = 0
  let inString = false
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (inString) {
      if (unit === 0x5c) i += 1
      else if (unit === 0x22) inString = false
    } else if (unit === 0x22) inString = true
    else if (unit === 0x7b || unit === 0x5b) {
      open += 1
      if (open === depth) return i
    } else if (unit === 0x7d || unit === 0x5d) open -= 1
  }
  return undefined
}

/** jsonc-parser takes every blank of Unicode for white space, JSON only four (RFC 8259 §2). */
function offsetOfForeignSpace(text: string): number {
  let at = 0
  for (const [string] of text.matchAll(/"(?:[^"\\]|\\.)*"|[^"]+/gsu)) {
    const foreign = string.startsWith('"') ? -1 : string.search(/[^\S \t\r\n]|\uFEFF/u)
    if (foreign >= 0) return at + foreign
    at += string.length
  }
  return 0
}

interface Fault {
  readonly reason: string
  readonly offset: number
}

function firstFault(text: string): Fault | undefined {
  let first: Fault | undefined
  const onError = (code: ParseErrorCode, offset: number) => {
    first ??= { reason: words(printParseErrorCode(code)), offset }
  }
  visit(text, { onError }, { disallowComments: true, allowTrailingComma: false })
  return first
}

function isSame(one: Path, other: Path): boolean {
  return one.length === other.length && one.every((step, i) => step === other[i])
}

/** Makes `comma expected` of `CommaExpected`. */
function words(code: string): string {
  return code.replaceAll(/(?<=[a-z])[A-Z]/g, (letter) => ` ${letter}`).toLowerCase()
}
