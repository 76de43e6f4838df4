// JSON as captured text: whether a text is JSON, how deep it is, and the text with some values replaced while all around them
// keeps its spelling. The text may be anything. Nothing throws.
import { visit } from 'jsonc-parser'

/** Deeper JSON is treated as text, so that no recursion runs out of stack. */
export const DEEPEST_JSON = 100
/** JSON of more values is treated as text, because its values take many times the memory of the text. */
export const MOST_VALUES = 500_000

/** The object or array that a text spells. Undefined for anything else: a bare `111` or `"hello"` is a text. */
export function parseJson(text: string): object | undefined {
  if (!/^[\s]*[[{]/.test(text) || isTooMuch(text)) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Whether brackets outside of strings nest too deep, or hold too many values. */
function isTooMuch(text: string): boolean {
  let open = 0
  let values = 0
  for (let i = 0; i < text.length; i++) {
    switch (text.charCodeAt(i)) {
      case 0x22:
        i = endOfString(text, i)
        break
      case 0x5b:
      case 0x7b:
        open += 1
        values += 1
        if (open > DEEPEST_JSON || values > MOST_VALUES) return true
        break
      case 0x5d:
      case 0x7d:
        open -= 1
        break
      case 0x2c:
        values += 1
    }
  }
  return values > MOST_VALUES
}

/** The place of the quote that ends the string that starts at `start`, or the end of the text. */
function endOfString(text: string, start: number): number {
  for (let i = start + 1; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (unit === 0x22) return i
    if (unit === 0x5c) i += 1
  }
  return text.length
}

/** The JSON text of `root` with each selected value replaced by the JSON text `standIn`. */
export function replaceValues(text: string, root: object, selection: Selection, standIn: string): string {
  const edits = new Edits(text)
  /** The objects and arrays around this place, and the name or index in each. */
  const around: { readonly value: unknown; key: Key }[] = []
  /** Where the replaced value around this place starts, and how deep in it we are. */
  let start: number | undefined
  let depth = 0
  const isSelected = (): boolean => {
    const parent = around.at(-1)
    return parent === undefined ? selection.isWhole : selection.has(parent.value, parent.key)
  }
  const open = (offset: number, key: Key): void => {
    if (start === undefined && isSelected()) {
      start = offset
      depth = around.length
    }
    const parent = around.at(-1)
    around.push({ value: parent === undefined ? root : childOf(parent.value, parent.key), key })
  }
  const close = (offset: number, length: number): void => {
    around.pop()
    if (start === undefined || depth < around.length) return
    edits.replace(start, offset + length, standIn)
    start = undefined
  }
  visit(text, {
    onObjectBegin: (offset) => open(offset, ''),
    onArrayBegin: (offset) => open(offset, 0),
    onObjectProperty: (name) => {
      around.at(-1)!.key = name
    },
    onSeparator: (character) => {
      const parent = around.at(-1)!
      if (character === ',' && typeof parent.key === 'number') parent.key += 1
    },
    onObjectEnd: close,
    onArrayEnd: close,
    onLiteralValue: (_value, offset, length) => {
      if (start === undefined && isSelected()) edits.replace(offset, offset + length, standIn)
    },
  })
  return edits.end()
}

/** The value with the name or index `key` in an object or array. Undefined if there is none: the text may have a name twice. */
function childOf(container: unknown, key: Key): unknown {
  if (typeof container !== 'object' || container === null) return undefined
  if (Array.isArray(container) !== (typeof key === 'number') || !Object.hasOwn(container, key))
    return undefined
  return (container as Record<Key, unknown>)[key]
}

/** A member's name, or an item's index. */
export type Key = string | number

/** Values of a JSON value, each known by the object or array that it is in, and by its name or index there. */
export class Selection {
  /** True if the whole value is selected. */
  isWhole = false
  readonly #keys = new Map<unknown, Set<Key>>()

  /** True if nothing is selected. */
  get isEmpty(): boolean {
    return !this.isWhole && this.#keys.size === 0
  }

  /** Selects a value. */
  add(container: object, key: Key): void {
    const keys = this.#keys.get(container)
    if (keys === undefined) this.#keys.set(container, new Set([key]))
    else keys.add(key)
  }

  /** Whether a value is selected. */
  has(container: unknown, key: Key): boolean {
    return this.#keys.get(container)?.has(key) === true
  }
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
  readonly #pieces: string[] = []
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  replace(start: number, end: number, by: string): void {
    this.#pieces.push(this.#text.slice(this.#at, start), by)
    this.#at = end
  }

  end(): string {
    return this.#pieces.length === 0 ? this.#text : this.#pieces.join('') + this.#text.slice(this.#at)
  }
}

function isNumber(text: string): boolean {
  return /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/.test(text)
}
