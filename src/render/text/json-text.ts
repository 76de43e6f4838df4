// How text is spelled in JSON, safe on a terminal. This is the plain version; json-writer.ts spells frames and messages, byte by
// byte.
import { escapeUnseen, UNSEEN } from '../../base/unseen-characters.ts'

/** What needs an escape or a closer look: what a terminal should not get, what JSON itself escapes, and lone surrogates. */
const SPECIAL = new RegExp(`["\\\\\\0-\\x1f\\p{Cs}${UNSEEN}]`, 'u')

/** The text as a JSON string, with its quotes. Lone surrogates are escaped (ECMA-262, QuoteJSONString). */
export function quoteJson(text: string): string {
  return SPECIAL.test(text) ? escapeUnseen(JSON.stringify(text)) : `"${text}"`
}

/** A whole JSON document on one line. */
export function compactJson(value: unknown): string {
  return escapeUnseen(JSON.stringify(value))
}

/** A whole JSON document, indented. */
export function stringifyJson(value: unknown): string {
  return escapeUnseen(JSON.stringify(value, undefined, 2))
}
