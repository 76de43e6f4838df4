// How text is spelled in JSON, safe on a terminal. This is the plain version; json-writer.ts spells frames and messages, byte by
// byte.

/** What JSON allows in a string, and a terminal should not get: DEL, C1 controls, bidirectional controls, U+2028 and U+2029. */
export const UNSAFE = /[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/
const ALL_UNSAFE = new RegExp(UNSAFE, 'g')
/** What needs an escape or a closer look: the above, what JSON itself escapes, and surrogates. */
const SPECIAL = /["\\\0-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]/

/** The text as a JSON string, with its quotes. Lone surrogates are escaped (ECMA-262, QuoteJSONString). */
export function quoteJson(text: string): string {
  return SPECIAL.test(text) ? JSON.stringify(text).replace(ALL_UNSAFE, escapeUnits) : `"${text}"`
}

/** A whole JSON document on one line. */
export function compactJson(value: unknown): string {
  const json = JSON.stringify(value)
  return UNSAFE.test(json) ? json.replace(ALL_UNSAFE, escapeUnits) : json
}

/** A whole JSON document, indented. */
export function stringifyJson(value: unknown): string {
  return JSON.stringify(value, undefined, 2).replace(ALL_UNSAFE, escapeUnits)
}

/** Each UTF-16 unit of the text as `\uXXXX`. */
export function escapeUnits(text: string): string {
  let escaped = ''
  for (let i = 0; i < text.length; i++) escaped += `\\u${text.charCodeAt(i).toString(16).padStart(4, '0')}`
  return escaped
}
