// A value as JSON, piece by piece: a report of a million differences, or of one text of 16 MB, is never one string.
import { quoteJson } from '../render/text/json-text.ts'

/** UTF-16 units of a piece, about. */
const PIECE = 64 * 1024

/** What surrounds a value that is being written. */
interface Frame {
  readonly entries: Iterator<readonly [name: string | undefined, value: unknown]>
  readonly close: string
  isFirst: boolean
}

/**
 * The JSON of a value, as JSON.stringify makes it, safe on a terminal. An iterable that is not an array becomes a list too, and is
 * asked for one value at a time.
 */
export function* jsonPieces(value: unknown): Generator<string> {
  let piece = ''
  const around: Frame[] = []
  /** Writes what can be written at once. What is in it follows. */
  const open = (given: unknown): void => {
    const inner = hasJson(given) ? given.toJSON() : given
    if (typeof inner !== 'object' || inner === null) {
      piece += JSON.stringify(inner) ?? 'null'
      return
    }
    const isList = Symbol.iterator in inner
    piece += isList ? '[' : '{'
    const entries = isList ? itemsOf(inner as Iterable<unknown>) : membersOf(inner)
    around.push({ entries, close: isList ? ']' : '}', isFirst: true })
  }
  if (typeof value === 'string') yield* quotedPieces(value)
  else open(value)
  for (let frame = around.at(-1); frame !== undefined; frame = around.at(-1)) {
    const { done, value: entry } = frame.entries.next()
    if (done) {
      piece += frame.close
      around.pop()
    } else {
      const [name, member] = entry
      piece += `${frame.isFirst ? '' : ','}${name === undefined ? '' : `${quoteJson(name)}:`}`
      frame.isFirst = false
      if (typeof member !== 'string') open(member)
      else if (member.length <= PIECE) piece += quoteJson(member)
      else {
        yield piece
        piece = ''
        yield* quotedPieces(member)
      }
    }
    if (piece.length < PIECE) continue
    yield piece
    piece = ''
  }
  yield piece
}

/** The start of the JSON of a value: as many units as were asked for, or a few more; all of it if there are fewer. */
export function jsonStart(value: unknown, units: number): string {
  if (typeof value === 'string') return quoteJson(value.slice(0, units))
  let start = ''
  for (const piece of jsonPieces(value)) {
    start += piece
    if (start.length >= units) break
  }
  return start
}

function* quotedPieces(text: string): Generator<string> {
  yield '"'
  for (let at = 0; at < text.length; ) {
    const end = Math.min(text.length, at + PIECE)
    const last = text.charCodeAt(end - 1)
    // Both halves of a surrogate pair go together.
    const until = end < text.length && last >= 0xd800 && last < 0xdc00 ? end - 1 : end
    yield quoteJson(text.slice(at, until)).slice(1, -1)
    at = until
  }
  yield '"'
}

function* itemsOf(list: Iterable<unknown>): Generator<readonly [undefined, unknown]> {
  for (const item of list) yield [undefined, item]
}

function* membersOf(object: object): Generator<readonly [string, unknown]> {
  for (const name of Object.keys(object)) {
    const member = (object as Record<string, unknown>)[name]
    if (member !== undefined) yield [name, member]
  }
}

function hasJson(value: unknown): value is { toJSON(): unknown } {
  return (
    typeof value === 'object' && value !== null && 'toJSON' in value && typeof value.toJSON === 'function'
  )
}
