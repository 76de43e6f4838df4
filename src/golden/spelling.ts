// How a JSON message was spelled. The golden file shows its value, and a word for the spelling if that is not JSON.stringify's.
// From value and word the text comes back as it was, to the byte.
import { escapeUnits } from '../base/unseen-characters.ts'

/**
 * A known way to spell JSON. `compact` is that of JSON.stringify, `spaced` and `spaced ascii` are Python's, `indented` has two
 * spaces.
 */
export type Spelling = (typeof SPELLINGS)[number]['name']

const NOT_ASCII = /[\x7f-\uffff]/g

const SPELLINGS = [
  { name: 'compact', spell: (value: unknown) => JSON.stringify(value) },
  { name: 'spaced', spell: (value: unknown) => spaced(value) },
  { name: 'spaced ascii', spell: (value: unknown) => ascii(spaced(value)) },
  { name: 'ascii', spell: (value: unknown) => ascii(JSON.stringify(value)) },
  { name: 'indented', spell: (value: unknown) => JSON.stringify(value, undefined, 2) },
] as const satisfies ReadonlyArray<{ name: string; spell: (value: unknown) => string }>

/** The spelling that makes `text` of `value`. Undefined if there is no such spelling (`1.0`, `1e3`, other white space). */
export function spellingOf(text: string, value: object): Spelling | undefined {
  return SPELLINGS.find(({ spell }) => spell(value) === text)?.name
}

/** The text of a value. Undefined if there is no such spelling. */
export function spell(value: unknown, spelling: string): string | undefined {
  return SPELLINGS.find(({ name }) => name === spelling)?.spell(value)
}

/** The names of all spellings, for a message to the user. */
export const SPELLING_NAMES: readonly string[] = SPELLINGS.map(({ name }) => name)

function spaced(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(spaced).join(', ')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const members = Object.entries(value).map(([name, member]) => `${JSON.stringify(name)}: ${spaced(member)}`)
  return `{${members.join(', ')}}`
}

function ascii(json: string): string {
  return json.replace(NOT_ASCII, escapeUnits)
}
