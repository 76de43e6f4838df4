// JSON that a person wrote. In: its text. Out: its value, or the first thing that is wrong with it, with its place.
import { type ParseErrorCode, printParseErrorCode, visit } from 'jsonc-parser'

/** Nobody writes deeper JSON by hand, and code that walks it recursively would run out of stack. */
const DEEPEST = 250

/** Names and indexes from a document down to a place in it. */
type Path = ReadonlyArray<string | number>

/** Thrown for text that is not JSON or nests too deep. The message says what is wrong at `offset`. */
export class JsonFault extends Error {
  override readonly name = 'JsonFault'
  /** Position in the text, in UTF-16 units. */
  readonly offset: number

  constructor(offset: number, message: string) {
    super(message)
    this.offset = offset
  }
}

/** The value of a JSON document. Throws JsonFault if the text is not JSON or nests deeper than 250 levels. */
export function parseDocument(text: string): unknown {
  const tooDeep = offsetOfDepth(text, DEEPEST + 1)
  if (tooDeep !== undefined) throw new JsonFault(tooDeep, `nests deeper than ${DEEPEST} levels`)
  try {
    return JSON.parse(text)
  } catch (error) {
    const first = firstFault(text)
    if (first === undefined) throw error
    throw new JsonFault(first.offset, words(printParseErrorCode(first.code)))
  }
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

function firstFault(text: string): { readonly code: ParseErrorCode; readonly offset: number } | undefined {
  let first: { readonly code: ParseErrorCode; readonly offset: number } | undefined
  const onError = (code: ParseErrorCode, offset: number) => {
    first ??= { code, offset }
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
