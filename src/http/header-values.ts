// Looks up header fields in a head. Names are compared without case (RFC 9110 §5.1); several lines of one name are one list (§5.3).
import type { Head } from '../events.ts'

/** What a head says of itself; a `Head`, or one whose packets are not known yet. */
export type HeaderFields = Pick<Head, 'headers'>

/** The values of all lines named `name` (given in lower case), in the order of the wire. */
export function headerValues({ headers }: HeaderFields, name: string): readonly string[] {
  let values: string[] | undefined
  for (let i = 0; i < headers.length; i++) {
    const [field, value] = headers[i]!
    if (field.length !== name.length || field.toLowerCase() !== name) continue
    values ??= []
    values.push(value)
  }
  return values ?? NONE
}

/** The elements of a comma-separated list (RFC 9110 §5.6.1), empty ones left out, case kept. */
export function listElements(head: HeaderFields, name: string): readonly string[] {
  const values = headerValues(head, name)
  if (values.length === 0) return NONE
  const elements: string[] = []
  for (const value of values) {
    for (let at = 0; at <= value.length; ) {
      const comma = value.indexOf(',', at)
      const end = comma === -1 ? value.length : comma
      const element = value.slice(at, end).trim()
      if (element !== '') elements.push(element)
      at = end + 1
    }
  }
  return elements
}

/** Whether a comma-separated list holds the token (given in lower case), compared without case. */
export function hasToken(head: HeaderFields, name: string, token: string): boolean {
  return listElements(head, name).some((element) => element.toLowerCase() === token)
}

/** Most heads have none of what is asked for. */
const NONE: readonly string[] = []
