// What a test expects of a message or frame, as it was written. A field that does not exist, or a value that it never has, is
// refused: negated, such an expectation would always hold.
import { spelled } from '../base/option-check.ts'
import type { Asymmetric } from './context.ts'

/** Which values a field may have, and that in words. Any value may be an asymmetric matcher, or undefined. */
export interface FieldValues {
  readonly takes: (value: unknown) => boolean
  readonly words: string
}

/** For a field that takes any value. */
export const ANY_VALUE: FieldValues = { takes: () => true, words: 'anything' }

export const TRUE_OR_FALSE: FieldValues = {
  takes: (value) => typeof value === 'boolean',
  words: 'true or false',
}

export const BYTES: FieldValues = { takes: (value) => value instanceof Uint8Array, words: 'a Uint8Array' }

export const SIDE: FieldValues = oneOf(['client', 'server'])

/** For a field that is one of these texts. */
export function oneOf(names: readonly string[]): FieldValues {
  return { takes: (value) => names.includes(value as string), words: `one of ${names.join(', ')}` }
}

/** Throws TypeError if `expected` is not an object, or has a field or a value that does not exist. */
export function checkFields(
  matcher: string,
  expected: unknown,
  fields: Readonly<Record<string, FieldValues>>,
): void {
  if (typeof expected !== 'object' || expected === null)
    throw new TypeError(
      `${matcher}: expected an object with some of ${names(fields)}, got ${spelled(expected)}`,
    )
  if (isAsymmetric(expected)) return
  for (const [name, value] of Object.entries(expected)) {
    const values = Object.hasOwn(fields, name) ? fields[name] : undefined
    if (values === undefined)
      throw new TypeError(`${matcher}: field ${name}: no such field; the fields are ${names(fields)}`)
    if (value !== undefined && !isAsymmetric(value) && !values.takes(value))
      throw new TypeError(`${matcher}: ${name}: expected ${values.words}, got ${spelled(value)}`)
  }
}

/** Whether a value is a matcher such as `expect.anything()`. */
export function isAsymmetric(value: unknown): value is Asymmetric {
  return typeof value === 'object' && value !== null && 'asymmetricMatch' in value
}

function names(fields: Readonly<Record<string, unknown>>): string {
  return Object.keys(fields).join(', ')
}
