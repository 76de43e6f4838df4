// Applies the rules of a golden file: values that change are left out, and texts that change are replaced. In: the rules as they
// are written. Out: a Golden with the rules applied. Both sides of a comparison get the rules, so that a new rule in a golden
// file works before the file is updated.
import { JSONPathEnvironment, type JSONPathQuery, type JSONValue } from 'json-p3'
import { RE2JS } from 're2js'
import type { Golden, GoldenConnection, GoldenFrame, GoldenMessage, Rules } from './golden.ts'
import { DEEPEST_JSON, mapScalars, parseJson, replaceValues } from './json-text.ts'

/** What replaces a value that a rule ignores. */
export const IGNORED = '<ignored>'

/** A rule that makes no sense. `path` is its place in the golden file: `rules.ignore[2]`. */
export class RuleError extends Error {
  override readonly name = 'RuleError'
  readonly path: string

  constructor(path: string, message: string) {
    super(message)
    this.path = path
  }
}

/** Rules that are ready to be applied. */
export interface CompiledRules {
  /** A text with its replacements. */
  text(text: string): string
  /** A golden with the rules applied. */
  apply(golden: Golden): Golden
}

/** The rules of both. */
export function combineRules(a: Rules, b: Rules): Rules {
  const replace = new Map([...a.replace, ...b.replace].map((rule) => [JSON.stringify(rule), rule]))
  return {
    ignore: [...new Set([...a.ignore, ...b.ignore])],
    replace: [...replace.values()],
    unordered: a.unordered || b.unordered,
    headers: [...new Set([...a.headers, ...b.headers])],
  }
}

/** Longest pattern and path. A person writes a rule. */
const LONGEST_RULE = 1000
/** Each `..` visits all that the `..` before it found, so that more of them multiply the work. */
const MOST_DESCENTS = 2

/** Throws RuleError for a path or a pattern that makes no sense. */
export function compileRules(rules: Rules): CompiledRules {
  const queries = rules.ignore.map((path, i) => compilePath(path, `rules.ignore[${i}]`))
  const patterns = rules.replace.map((replacement, i) => ({
    pattern: compilePattern(replacement.pattern, replacement.with, `rules.replace[${i}]`),
    standIn: replacement.with,
  }))
  const text = (original: string): string => {
    let changed = original
    for (const { pattern, standIn } of patterns) changed = replaceAll(changed, pattern, standIn)
    return changed
  }
  const messageText = (original: string): string => {
    const json = parseJson(original)
    if (json === undefined) return text(original)
    const locations = queries
      .flatMap((query) => query.query(json as JSONValue).nodes)
      .filter(({ value }) => value !== IGNORED)
      .map(({ location }) => location)
    const kept = locations.length === 0 ? original : replaceValues(original, locations, `"${IGNORED}"`)
    return patterns.length === 0 ? kept : mapScalars(kept, text)
  }
  return {
    text,
    apply: (golden) => {
      if (queries.length === 0 && patterns.length === 0) return golden
      return {
        ...golden,
        connections: golden.connections.map((connection) => applyTo(connection, messageText, text)),
      }
    },
  }
}

function applyTo(
  connection: GoldenConnection,
  messageText: (text: string) => string,
  text: (text: string) => string,
): GoldenConnection {
  const { handshake, closed } = connection
  const touched = new Set<GoldenMessage>()
  const messages = connection.messages.map((message) => {
    if (message.text === undefined) return message
    const changed = messageText(message.text)
    if (changed === message.text) return message
    touched.add(message)
    return { ...message, text: changed }
  })
  return {
    ...connection,
    handshake: handshake && {
      ...handshake,
      target: handshake.target && text(handshake.target),
      headers: handshake.headers.map(([name, value]) => [name, text(value)] as const),
    },
    messages,
    frames: connection.frames && withoutLengths(connection.frames, connection.messages, touched),
    closed: { ...closed, reason: closed.reason && text(closed.reason) },
  }
}

/**
 * Frames without the lengths that depend on a value that was left out: those of its message and, if that was compressed, those of
 * all later compressed messages of that side, because they refer to it. The n-th message of a side is its n-th run of data
 * frames.
 */
function withoutLengths(
  frames: readonly GoldenFrame[],
  messages: readonly GoldenMessage[],
  touched: ReadonlySet<GoldenMessage>,
): GoldenFrame[] {
  const sides = {
    client: {
      messages: messages.filter(({ from }) => from === 'client').values(),
      unsure: false,
      later: false,
    },
    server: {
      messages: messages.filter(({ from }) => from === 'server').values(),
      unsure: false,
      later: false,
    },
  }
  return frames.map((frame) => {
    const side = sides[frame.from]
    if (frame.opcode === 'text' || frame.opcode === 'binary') {
      const message = side.messages.next().value
      const isTouched = message !== undefined && touched.has(message)
      const isCompressed = frame.rsv.includes(1)
      side.unsure = isTouched || (isCompressed && side.later)
      if (isTouched && isCompressed) side.later = true
    } else if (frame.opcode !== 'continuation') return frame
    return side.unsure ? { ...frame, length: undefined, lengthForm: undefined } : frame
  })
}

function compilePath(path: string, place: string): JSONPathQuery {
  if (path.length > LONGEST_RULE)
    throw new RuleError(place, `the path is longer than ${LONGEST_RULE} characters`)
  if (path.split('..').length - 1 > MOST_DESCENTS)
    throw new RuleError(
      place,
      `the path has more than ${MOST_DESCENTS} descents (..); name the members between them`,
    )
  try {
    return jsonPath.compile(path)
  } catch (error) {
    throw new RuleError(
      place,
      `${JSON.stringify(path)} is not a JSONPath (${messageOf(error)}); write one as in $.timestamp`,
    )
  }
}

/** Without expressions of JavaScript, and without regular expressions of unbounded time. */
const jsonPath = new JSONPathEnvironment({ maxRecursionDepth: DEEPEST_JSON + 10 })
jsonPath.functionRegister.delete('match')
jsonPath.functionRegister.delete('search')

function compilePattern(pattern: string, standIn: string, place: string): RE2JS {
  if (pattern.length > LONGEST_RULE)
    throw new RuleError(place, `the pattern is longer than ${LONGEST_RULE} characters`)
  let compiled: RE2JS
  try {
    compiled = RE2JS.compile(pattern)
  } catch (error) {
    throw new RuleError(
      place,
      `${JSON.stringify(pattern)} is not a regular expression in the syntax of RE2 (${messageOf(error)})`,
    )
  }
  if (replaceAll(standIn, compiled, standIn) !== standIn)
    throw new RuleError(
      place,
      `the pattern matches its own stand-in ${JSON.stringify(standIn)}, which would change with every update; choose one that it does not match`,
    )
  return compiled
}

/** The replacement as it is: its `$` and `\\` mean themselves. */
function replaceAll(text: string, pattern: RE2JS, standIn: string): string {
  return pattern.test(text) ? pattern.matcher(text).replaceAll(() => standIn) : text
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
