// Values as a test runner may print them: captured text reaches a terminal only through escapeText.
import { escapeText } from '../render/text/escape.ts'

/**
 * The value, with all texts and names in it made safe for a terminal. Asymmetric matchers, bytes and the like stay as they are.
 */
export function shown(value: unknown): unknown {
  if (typeof value === 'string') return shownText(value)
  if (Array.isArray(value)) return value.map(shown)
  if (typeof value !== 'object' || value === null || !isPlain(value)) return value
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [shownText(name), shown(part)]))
}

function shownText(text: string): string {
  return text
    .split('\n')
    .map((line) => escapeText(line, Number.MAX_SAFE_INTEGER))
    .join('\n')
}

function isPlain(value: object): boolean {
  const prototype = Object.getPrototypeOf(value)
  return (prototype === Object.prototype || prototype === null) && !('asymmetricMatch' in value)
}
