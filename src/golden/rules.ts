// Applies the rules of a golden file: values that change are left out, and texts that change are replaced. In: the rules as they
// are written. Out: a Golden with the rules applied. Both sides of a comparison get the rules, so that a new rule in a golden
// file works before the file is updated. The rules may be made to take long: their work is bounded, and what is too much names the
// rule.
import { InputError } from '../base/input-error.ts'
import type { Side } from '../base/stream.ts'
import { Effort } from './effort.ts'
import type { Golden, GoldenConnection, GoldenFrame, GoldenMessage, List, Rules } from './golden.ts'
import { JsonPath } from './json-path.ts'
import { mapScalars, parseJson, replaceValues, Selection } from './json-text.ts'
import { ConnectionPacker, MadeList } from './packed-connections.ts'
import { Replacements } from './replacements.ts'

/** What replaces a value that a rule ignores. */
export const IGNORED = '<ignored>'

/** Rules that are ready to be applied. */
export interface CompiledRules {
  /** True if only the order within each side is compared. */
  readonly unordered: boolean
  /** A golden with the rules applied. Throws InputError if that takes too long, or if its texts grow too much. */
  apply(golden: Golden): Golden
}

/** Characters of a path. A person writes a rule. */
const LONGEST_PATH = 1000
/** Paths, and patterns. */
const MOST_RULES = 100
/** A step is a value that a path visits. Any messages may take so many, and so many more for each message and each character. */
const STEPS = 1_000_000
const STEPS_PER_MESSAGE = 200
const STEPS_PER_CHARACTER = 16
/** Characters by which the texts of a golden may grow. */
const MOST_GROWTH = 32 * 2 ** 20

/** The rules of all of these. Throws InputError for a path or a pattern that makes no sense. */
export function compileRules(...all: readonly Rules[]): CompiledRules {
  const ignore = placed(all, 'ignore', (path) => path)
  const replace = placed(all, 'replace', (rule) => JSON.stringify([rule.pattern, rule.with]))
  const paths = ignore.map(({ rule, place }) => ({ path: compilePath(rule, place), place }))
  const replacements = new Replacements(replace)
  return {
    unordered: all.some(({ unordered }) => unordered),
    apply: (golden) => {
      if (paths.length === 0 && replacements.isEmpty) return golden
      const work = replacements.workWith(MOST_GROWTH)
      const text = (original: string): string => replacements.apply(original, work)
      const messageText = messageRules(paths, replacements.isEmpty ? undefined : text)
      return {
        ...golden,
        connections: changedList(golden.connections, golden.level === 'frames', (connection) =>
          applyTo(connection, messageText, text),
        ),
      }
    },
  }
}

/** The list with its items changed. Only those that are other than before are kept, packed. */
function changedList(
  connections: List<GoldenConnection>,
  withFrames: boolean,
  change: (connection: GoldenConnection) => GoldenConnection,
): List<GoldenConnection> {
  const changedAt = new Map<number, number>()
  const packer = new ConnectionPacker(withFrames)
  let at = 0
  for (const connection of connections) {
    const changed = change(connection)
    if (changed !== connection) changedAt.set(at, packer.add(changed))
    at += 1
  }
  if (changedAt.size === 0) return connections
  const changed = packer.end()
  return new MadeList(at, (i) => {
    const other = changedAt.get(i)
    return other === undefined ? connections.at(i)! : changed.at(other)!
  })
}

/** A rule, and where it is written. */
interface Placed<Rule> {
  readonly rule: Rule
  readonly place: string
}

/** The rules of a kind, each once. */
function placed<Name extends 'ignore' | 'replace'>(
  all: readonly Rules[],
  name: Name,
  keyOf: (rule: Rules[Name][number]) => string,
): Placed<Rules[Name][number]>[] {
  const rules = new Map<string, Placed<Rules[Name][number]>>()
  for (const { file, [name]: some } of all) {
    const place = `${file === undefined ? '' : `${file}: `}rules.${name}`
    if (some.length > MOST_RULES)
      throw new InputError(`${place}: has ${some.length} rules, and ${MOST_RULES} are enough`)
    some.forEach((rule, i) => {
      if (!rules.has(keyOf(rule))) rules.set(keyOf(rule), { rule, place: `${place}[${i}]` })
    })
  }
  return [...rules.values()]
}

/** What the rules make of the text of a message. `replaced`: a text with its replacements, if there are any. */
function messageRules(
  paths: readonly { readonly path: JsonPath; readonly place: string }[],
  replaced: ((text: string) => string) | undefined,
): (text: string) => string {
  const effort = new Effort(STEPS)
  const growth = new Effort(MOST_GROWTH)
  return (original) => {
    effort.grant(STEPS_PER_MESSAGE + STEPS_PER_CHARACTER * original.length)
    const json = parseJson(original)
    if (json === undefined) return replaced?.(original) ?? original
    const selection = new Selection()
    for (const { path, place } of paths) {
      if (!path.select(json, selection, effort))
        throw new InputError(
          `${place}: ${JSON.stringify(path.text)} visits too many values; write a path that visits each value once`,
        )
    }
    const kept = selection.isEmpty ? original : replaceValues(original, json, selection, `"${IGNORED}"`)
    if (!growth.spend(Math.max(0, kept.length - original.length)))
      throw new InputError(
        `${paths[0]!.place}: the paths leave out too many values; leave out the lists that hold them`,
      )
    return replaced === undefined ? kept : mapScalars(kept, replaced)
  }
}

/** The connection itself if the rules change nothing in it. */
function applyTo(
  connection: GoldenConnection,
  messageText: (text: string) => string,
  text: (text: string) => string,
): GoldenConnection {
  const { handshake, closed } = connection
  const touched = new Map<number, string>()
  let at = 0
  for (const message of connection.messages) {
    if (message.text !== undefined) {
      const changed = messageText(message.text)
      if (changed !== message.text) touched.set(at, changed)
    }
    at += 1
  }
  const target = handshake?.target && text(handshake.target)
  const headers = handshake?.headers.map(([name, value]) => [name, text(value)] as const)
  const reason = closed.reason && text(closed.reason)
  const isSame =
    touched.size === 0 &&
    target === handshake?.target &&
    reason === closed.reason &&
    headers?.every(([, value], i) => value === handshake!.headers[i]![1]) !== false
  if (isSame) return connection
  return {
    ...connection,
    handshake: handshake && { ...handshake, target: target!, headers: headers! },
    messages: new MadeList(at, (i) => {
      const message = connection.messages.at(i)!
      const changed = touched.get(i)
      return changed === undefined ? message : { ...message, text: changed }
    }),
    frames: connection.frames && withoutLengths(connection.frames, connection.messages, touched),
    closed: { ...closed, reason },
  }
}

/**
 * Frames without the lengths that depend on a value that was left out: those of its message and, if that was compressed, those of
 * all later compressed messages of that side, because they refer to it. The n-th message of a side is its n-th run of data
 * frames.
 */
function withoutLengths(
  frames: List<GoldenFrame>,
  messages: List<GoldenMessage>,
  touched: ReadonlyMap<number, string>,
): GoldenFrame[] {
  const all = [...messages].map(({ from }, at) => ({ from, isTouched: touched.has(at) }))
  const sideOf = (side: Side) => ({
    messages: all.filter(({ from }) => from === side).values(),
    unsure: false,
    later: false,
  })
  const sides = { client: sideOf('client'), server: sideOf('server') }
  return Array.from(frames, (frame) => {
    const side = sides[frame.from]
    if (frame.opcode === 'text' || frame.opcode === 'binary') {
      const isTouched = side.messages.next().value?.isTouched === true
      const isCompressed = frame.rsv.includes(1)
      side.unsure = isTouched || (isCompressed && side.later)
      if (isTouched && isCompressed) side.later = true
    } else if (frame.opcode !== 'continuation') return frame
    return side.unsure ? { ...frame, length: undefined, lengthForm: undefined } : frame
  })
}

function compilePath(path: string, place: string): JsonPath {
  if (path.length > LONGEST_PATH)
    throw new InputError(`${place}: the path is longer than ${LONGEST_PATH} characters`)
  try {
    return new JsonPath(path)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new InputError(
      `${place}: ${JSON.stringify(path)} is not a JSONPath (${reason}); write one as in $.timestamp`,
    )
  }
}
