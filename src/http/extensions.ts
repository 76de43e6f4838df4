// The grammar of `Sec-WebSocket-Extensions` (RFC 6455 §9.1). In: header values. Out: the extensions, and the first text that is
// not one.
import type { Extension } from '../base/events.ts'

/** What the header says. */
export interface ExtensionList {
  /** Those that could be read, in order. */
  readonly extensions: readonly Extension[]
  /** The first piece of text that breaks the grammar, as it was sent; undefined if all of it is right. */
  readonly malformed: string | undefined
}

/** The most extensions and parameters read of one head; a longer list is malformed. The longest seen in the wild has 8. */
const MOST_PARTS = 128
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/

/** Reads the values of all lines of the header, which are one list (RFC 6455 §9.1). */
export function parseExtensions(values: readonly string[]): ExtensionList {
  const extensions: Extension[] = []
  let malformed: string | undefined
  let parts = 0
  for (const element of split(values.join(','), ',')) {
    // RFC 9110 §5.6.1: empty elements of a list are ignored.
    if (element.trim() === '') continue
    const [name = '', ...params] = split(element, ';')
    parts += 1 + params.length
    if (parts > MOST_PARTS) return { extensions, malformed: malformed ?? element.trim() }
    const extension = { name: name.trim(), params: params.map(parseParam) }
    const fault = TOKEN.test(extension.name)
      ? params.find((_, i) => extension.params[i] === undefined)
      : element
    if (fault === undefined)
      extensions.push({ name: extension.name, params: extension.params.filter(isDefined) })
    else malformed ??= fault.trim()
  }
  return { extensions, malformed }
}

function isDefined<T>(value: T | undefined): value is T {
  return value !== undefined
}

/** `token [ "=" ( token | quoted-string ) ]`; what a quoted string says must be a token too. */
function parseParam(text: string): [string, string | null] | undefined {
  const equals = text.indexOf('=')
  const name = (equals === -1 ? text : text.slice(0, equals)).trim()
  if (!TOKEN.test(name)) return undefined
  if (equals === -1) return [name, null]
  const value = text.slice(equals + 1).trim()
  const isQuoted = value.length >= 2 && value.startsWith('"') && value.endsWith('"')
  const said = isQuoted ? value.slice(1, -1).replace(/\\(.)/g, '$1') : value
  return TOKEN.test(said) ? [name, said] : undefined
}

/** Cuts at a separator, but not inside a quoted string. */
function split(text: string, separator: string): string[] {
  const parts: string[] = []
  let from = 0
  let quoted = false
  for (let at = 0; at < text.length; at++) {
    const character = text[at]
    if (quoted && character === '\\') at++
    else if (character === '"') quoted = !quoted
    else if (character === separator && !quoted) {
      parts.push(text.slice(from, at))
      from = at + 1
    }
  }
  parts.push(text.slice(from))
  return parts
}
