// JSON as captured text: whether a text is JSON, how deep it is, and the text with some values replaced while all around them
// keeps its spelling. The text may be anything. Nothing throws.
import { visit } from 'jsonc-parser'
import { offsetOfDepth } from '../base/json-document.ts'

/** Deeper JSON is treated as text, so that no recursion runs out of stack. */
export const DEEPEST_JSON = 100

/** The object or array that a text spells. Undefined for anything else: a bare `111` or `"hello"` is a text. */
export function parseJson(text: string): object | undefined {
  if (!/^[\s]*[[{]/.test(text) || offsetOfDepth(text, DEEPEST_JSON + 1) !== undefined) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Where a value is: names and indexes from the root. */
export type Location = ReadonlyArray<string | number>

/** The text with the values at `locations` replaced by the JSON text `standIn`. */
export function replaceValues(text: string, locations: readonly Location[], standIn: string): string {
  const wanted = new Set(locations.map((location) => JSON.stringify(location)))
  const at = (location: Location): boolean => wanted.has(JSON.stringify(location))
  const edits = new Edits(text)
  /** Where the replaced value around this place starts, and how deep in it we are. */
  let start: number | undefined
  let depth = 0
  const open = (offset: number, location: Location): void => {
    depth += 1
    if (start === undefined && at(location)) {
      start = offset
      depth = 0
    }
  }
  const close = (offset: number, length: number): void => {
    if (start !== undefined && depth === 0) {
      edits.replace(start, offset + length, standIn)
      start = undefined
    } else depth -= 1
  }
  visit(text, {
    onObjectBegin: (offset, _length, _line, _character, path) => open(offset, path()),
    onArrayBegin: (offset, _length, _line, _character, path) => open(offset, path()),
    onObjectEnd: close,
    onArrayEnd: close,
    onLiteralValue: (_value, offset, length, _line, _character, path) => {
      if (start === undefined && at(path())) edits.replace(offset, offset + length, standIn)
    },
  })
  return edits.end()
}

/** The text with each name, string and number changed by `change`. A number that is not a number any more becomes a string. */
export function mapScalars(text: string, change: (scalar: string) => string): string {
  const edits = new Edits(text)
  const string = (value: string, offset: number, length: number): void => {
    const changed = change(value)
    if (changed !== value) edits.replace(offset, offset + length, JSON.stringify(changed))
  }
  visit(text, {
    onObjectProperty: string,
    onLiteralValue: (value: unknown, offset, length) => {
      if (typeof value === 'string') string(value, offset, length)
      if (typeof value !== 'number') return
      const spelled = text.slice(offset, offset + length)
      const changed = change(spelled)
      if (changed !== spelled)
        edits.replace(offset, offset + length, isNumber(changed) ? changed : JSON.stringify(changed))
    },
  })
  return edits.end()
}

/** A text whose pieces are replaced from left to right. */
class Edits {
  readonly #text: string
  #edited = ''
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  replace(start: number, end: number, by: string): void {
    this.#edited += this.#text.slice(this.#at, start) + by
    this.#at = end
  }

  end(): string {
    return this.#edited + this.#text.slice(this.#at)
  }
}

function isNumber(text: string): boolean {
  return /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/.test(text)
}
