// The options that a program gives: one that does not exist is refused, for what it asks for would silently not happen.

/**
 * Throws TypeError unless `options` is an object that has no other names than `known`. `who` is put before the message: `toConform: `,
 * or nothing.
 */
export function checkOptionNames(options: unknown, known: readonly string[], who = ''): void {
  if (typeof options !== 'object' || options === null || Array.isArray(options))
    throw new TypeError(`${who}options: expected an object, got ${spelled(options)}`)
  const unknown = Object.keys(options).find((name) => !known.includes(name))
  if (unknown !== undefined)
    throw new TypeError(`${who}option ${unknown}: no such option; the options are ${known.join(', ')}`)
}

/** A value as an error message names it, on one line. */
export function spelled(value: unknown): string {
  if (typeof value === 'string')
    return JSON.stringify(value.length > LONGEST ? `${value.slice(0, LONGEST)}…` : value)
  if (typeof value === 'function') return 'a function'
  if (typeof value !== 'object' || value === null) return String(value)
  const kind = Object.prototype.toString.call(value).slice('[object '.length, -1)
  return kind === 'Array' ? 'a list' : kind === 'Object' ? 'an object' : `an object (${kind})`
}

/** How many characters of a text a message shows. */
const LONGEST = 60
