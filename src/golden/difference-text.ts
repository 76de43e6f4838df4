// Differences as text for a person: the place of each, and its two values one below the other. All captured text goes through
// escapeText.
import { count } from '../render/text/amount.ts'
import { escapeText } from '../render/text/escape.ts'
import { type Paint, paintWith } from '../render/text/style.ts'
import { wrap } from '../render/text/wrap.ts'
import type { Difference, FindingFacts, OnBothSides } from './difference.ts'
import type { Place } from './golden.ts'
import { valueLines } from './value-lines.ts'

/** How differences look. */
export interface Look {
  /** Columns. */
  readonly width: number
  readonly color: boolean
}

/** How many differences are shown, because a person reads the first ones. Further ones are counted. */
const SHOWN = 100
/** And of the changes of one difference. */
const SHOWN_CHANGES = 50

/** The differences as lines, each with its line end, indented by two columns. */
export function differencesText(differences: readonly Difference[], look: Look): string {
  const paint = paintWith(look.color)
  let text = ''
  let connection: number | undefined
  /** The connection of which it was said that its differences are approximate. */
  let approximate: number | undefined
  for (const difference of differences.slice(0, SHOWN)) {
    const { expected, actual } = difference.connection
    const number = actual ?? expected
    if (number !== connection && number !== undefined && difference.subject !== 'connection') {
      const both = expected !== undefined && actual !== undefined && expected !== actual
      text += `  ${paint('bold', `connection ${number}`)}${both ? ` (${expected} in what was expected)` : ''}\n`
    }
    connection = number
    if (difference.approximate && approximate !== number) {
      text += `    ${paint('yellow', APPROXIMATE)}\n`
      approximate = number
    }
    text += differenceText(difference, look.width, paint)
  }
  const more = differences.length - SHOWN
  return more > 0 ? `${text}  and ${count(more, 'more difference')}\n` : text
}

const APPROXIMATE = 'too much differs to find the fewest differences: what follows was paired in order'

/** The heading of a difference: `message 3 from client changed (frame 5, packet 12)`. Nothing in it is captured text. */
export function differenceTitle(difference: Difference): string {
  const { kind, subject, connection, from, number, place } = difference
  const ordinal = subject === 'connection' ? (connection.actual ?? connection.expected) : numberWords(number)
  const code = subject === 'finding' ? ` ${codeOf(difference.value)}` : ''
  const words = [subject + code, ordinal, from && `from ${from}`, KIND_WORDS[kind]]
  const where = placeWords(place.actual) || placeWords(place.expected)
  return `${words.filter((word) => word !== undefined && word !== '').join(' ')}${where === '' ? '' : ` (${where})`}`
}

const KIND_WORDS = { missing: 'is missing', added: 'was added', changed: 'changed', moved: 'moved' } as const

const KIND_STYLES = { missing: 'red', added: 'green', changed: 'yellow', moved: 'cyan' } as const

function differenceText(difference: Difference, width: number, paint: Paint): string {
  const { kind, subject, changes } = difference
  const room = width - INDENT.length - 2
  const value = changes.length > 0 && subject !== 'finding' ? {} : difference.value
  const shown = changes.slice(0, SHOWN_CHANGES)
  const more = changes.length - shown.length + (changes.length === 0 ? 0 : (difference.furtherChanges ?? 0))
  const lines = [
    ...shown.flatMap(({ path, expected, actual }) => [
      escapeText(path, room),
      ...valueLines(expected, actual, room, paint),
    ]),
    ...(more > 0 ? [`and ${count(more, 'more change')}`] : []),
    ...(subject === 'finding' ? findingLines(value.actual ?? value.expected, room) : []),
    ...(subject === 'finding' || changes.length > 0 ? [] : wholeLines(kind, value, room, paint)),
  ]
  const title = paint(KIND_STYLES[kind], differenceTitle(difference))
  return `    ${title}\n${lines.map((line) => `${INDENT}${line}\n`).join('')}`
}

const INDENT = '      '

/** The message, frame or connection that is missing, was added or moved. */
function wholeLines(
  kind: Difference['kind'],
  { expected, actual }: OnBothSides<unknown>,
  room: number,
  paint: Paint,
): string[] {
  if (kind !== 'moved') return valueLines(expected, actual, room, paint)
  return valueLines(undefined, actual, room, paintWith(false)).map(unsigned)
}

function findingLines(facts: unknown, room: number): string[] {
  const { severity, message } = facts as FindingFacts
  return wrap(escapeText(message === undefined ? severity : `${severity}: ${message}`), room)
}

/** Something that moved is neither lost nor new. */
function unsigned(line: string): string {
  return line.replace('+ ', '  ')
}

function numberWords({ expected, actual }: OnBothSides<number>): string {
  if (expected !== undefined && actual !== undefined && expected !== actual)
    return `${actual} (was ${expected})`
  return String(actual ?? expected ?? '')
}

function codeOf({ expected, actual }: OnBothSides<unknown>): string {
  return String(((actual ?? expected) as FindingFacts | undefined)?.code ?? '')
}

function placeWords(place: Place | undefined): string {
  if (place === undefined) return ''
  const { frames, firstPacket: first, lastPacket: last } = place
  return [rangeWords('frame', frames[0], frames.at(-1)), rangeWords('packet', first, last)]
    .filter((words) => words !== '')
    .join(', ')
}

function rangeWords(noun: string, first: number | undefined, last = first): string {
  if (first === undefined) return ''
  return first === last ? `${noun} ${first}` : `${noun}s ${first} to ${last}`
}
