// Looks up header fields in a head. Names are compared without case (RFC 9110 §5.1); several lines with one name are one list
// (§5.3).
import type { Head } from '../base/events.ts'

/** The headers of a head: of a `Head`, or of one whose packets are not known yet. */
export type HeaderFields = Pick<Head, 'headers'>

/** The index of the next line named `name` (given in lower case), from line `from` on; -1 if there is none. */
export function lineNamed({ headers }: HeaderFields, name: string, from = 0): number {
  for (let i = from; i < headers.length; i++) {
    if (isSameName(headers[i]![0], name)) return i
  }
  return -1
}

/** The value of the first line named `name` (given in lower case). */
export function headerValue(head: HeaderFields, name: string): string | undefined {
  const line = lineNamed(head, name)
  return line === -1 ? undefined : head.headers[line]![1]
}

/** The values of all lines named `name` (given in lower case), in the order of the wire. */
export function headerValues(head: HeaderFields, name: string): readonly string[] {
  const first = lineNamed(head, name)
  if (first === -1) return NONE
  // The list is not begun empty: a `push` to an empty one makes room for sixteen more.
  const values = [head.headers[first]![1]]
  for (let i = lineNamed(head, name, first + 1); i !== -1; i = lineNamed(head, name, i + 1))
    values.push(head.headers[i]![1])
  return values
}

/** The elements of a comma-separated list (RFC 9110 §5.6.1), empty ones left out, case kept. */
export function listElements(head: HeaderFields, name: string): readonly string[] {
  return elementsOf(headerValues(head, name))
}

/** The elements of the list that these values form, likewise. */
export function elementsOf(values: readonly string[]): readonly string[] {
  const [value] = values
  if (value === undefined || (values.length === 1 && isElement(value))) return values
  return values
    .flatMap((each) => each.split(',').map((element) => element.trim()))
    .filter((element) => element !== '')
}

/** Whether a comma-separated list holds the token (given in lower case), compared without case. */
export function hasToken(head: HeaderFields, name: string, token: string): boolean {
  if (lineNamed(head, name) === -1) return false
  return listElements(head, name).some((element) => element.toLowerCase() === token)
}

/**
 * Compares a field's name with one in lower case, ignoring case. Character by character: the name is a part of the head's text,
 * and lowering the case of such a part takes a call of the runtime.
 */
function isSameName(field: string, name: string): boolean {
  const { length } = name
  if (field.length !== length) return false
  for (let i = 0; i < length; i++) {
    const character = field.charCodeAt(i)
    const isUpperCase = character >= 0x41 && character <= 0x5a
    if ((isUpperCase ? character | 0x20 : character) !== name.charCodeAt(i)) return false
  }
  return true
}

/** Whether the text of a list is one element and nothing else. */
function isElement(value: string): boolean {
  return value !== '' && !value.includes(',') && value.trim().length === value.length
}

/** Shared, because most heads have no line with the name that is asked for. */
const NONE: readonly string[] = []
