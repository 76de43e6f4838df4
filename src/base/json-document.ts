// JSON that a person wrote. In: its text. Out: its value, or the first thing that is wrong with it, with its place.
import { type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser'

/** Nobody writes deeper JSON by hand, and code that walks it recursively would run out of stack. */
const DEEPEST = 250

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
    const errors: ParseError[] = []
    parseTree(text, errors, { disallowComments: true, allowTrailingComma: false })
    const [first] = errors
    // JSON.parse refuses some text that jsonc-parser accepts.
    if (first === undefined) throw new JsonFault(text.length, (error as Error).message)
    throw new JsonFault(first.offset, words(printParseErrorCode(first.error)))
  }
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

/** Makes `comma expected` of `CommaExpected`. */
function words(code: string): string {
  return code.replaceAll(/(?<=[a-z])[A-Z]/g, (letter) => ` ${letter}`).toLowerCase()
}
