// Looks up header fields in a head. Names are compared without case (RFC 9110 §5.1); several lines of one name are one list (§5.3).
import type { Head } from '../events.ts'

/** What a head says of itself; a `Head`, or one whose packets are not known yet. */
export type HeaderFields = Pick<Head, 'headers'>

/** The values of all lines named `name` (given in lower case), in the order of the wire. */
export function headerValues(head: HeaderFields, name: string): string[] {
  const values: string[] = []
  for (const [field, value] of head.headers) {
    if (field.length === name.length && field.toLowerCase() === name) values.push(value)
  }
  return values
}

/** The elements of a comma-separated list (RFC 9110 §5.6.1), empty ones left out, case kept. */
export function listElements(head: HeaderFields, name: string): string[] {
  const elements: string[] = []
  for (const value of headerValues(head, name)) {
    for (const element of value.split(',')) {
      const trimmed = element.trim()
      if (trimmed !== '') elements.push(trimmed)
    }
  }
  return elements
}

/** Whether a comma-separated list holds the token (given in lower case), compared without case. */
export function hasToken(head: HeaderFields, name: string, token: string): boolean {
  return listElements(head, name).some((element) => element.toLowerCase() === token)
}
