// toHaveMessages: compares the messages of a capture, or of one connection, with the expected ones.

import { checkOptionNames, spelled } from '../base/option-check.ts'
import type { Side } from '../base/stream.ts'
import type { Message } from '../records/message.ts'
import type { Capture, Connection } from '../records/model.ts'
import {
  type Asymmetric,
  failedEitherWay,
  hintOf,
  type MatcherContext,
  type MatcherResult,
} from './context.ts'
import {
  ANY_VALUE,
  BYTES,
  checkFields,
  type FieldValues,
  isAsymmetric,
  oneOf,
  SIDE,
  TRUE_OR_FALSE,
} from './expected-fields.ts'
import { alignedIndexes, settled } from './message-alignment.ts'
import { shown } from './shown.ts'
import { connectionsOf, type EmptyOptions, emptyLine } from './subject.ts'

/** An expected message: only the named fields are compared. Each value may be an asymmetric matcher. */
export interface ExpectedMessage {
  /** The number of the connection, if the capture has several. */
  readonly connection?: unknown
  readonly from?: Side | Asymmetric
  readonly opcode?: 'text' | 'binary' | Asymmetric
  readonly text?: string | Asymmetric
  /** The text as JSON. */
  readonly json?: unknown
  /** The bytes. */
  readonly data?: Uint8Array | Asymmetric
  /** Whether bytes of it are missing. If its content is named and this is not, none are. */
  readonly incomplete?: boolean
  /** Whether it was compressed on the wire. */
  readonly compressed?: boolean
  /** How many frames it has. */
  readonly fragments?: number | Asymmetric
}

const FIELDS: Readonly<Record<keyof ExpectedMessage, FieldValues>> = {
  connection: ANY_VALUE,
  from: SIDE,
  opcode: oneOf(['text', 'binary']),
  text: ANY_VALUE,
  json: ANY_VALUE,
  data: BYTES,
  incomplete: TRUE_OR_FALSE,
  compressed: TRUE_OR_FALSE,
  fragments: ANY_VALUE,
}

/** Passes if these are all the messages, in their order. A capture without a connection fails, negated or not. */
export function toHaveMessages(
  this: MatcherContext,
  received: Capture | Connection,
  expected: readonly ExpectedMessage[],
  options: EmptyOptions = {},
): MatcherResult {
  if (!Array.isArray(expected))
    throw new TypeError(`toHaveMessages: expected a list of messages, got ${spelled(expected)}`)
  for (const message of expected) checkFields('toHaveMessages', message, FIELDS)
  checkOptionNames(options, ['allowEmpty'], 'toHaveMessages: ')
  const messages = connectionsOf(received, 'toHaveMessages').flatMap((connection) => connection.messages)
  const hint = hintOf(this, 'toHaveMessages', 'capture', 'messages')
  const empty = emptyLine(received, options)
  if (empty !== undefined) return failedEitherWay(this, hint, empty)
  const actual = messages.map((message, i) => projected(message, expected[i]))
  const pass = this.equals(actual, [...expected], this.customTesters)
  const counts =
    messages.length === expected.length
      ? `${messages.length} messages, not all as expected`
      : `${messages.length} messages, and ${expected.length} were expected`
  return {
    pass,
    message: () =>
      [hint, '', pass ? 'The capture has exactly these messages.' : `The capture has ${counts}.`].join('\n'),
    ...(pass ? { actual, expected } : comparison(this, messages, expected)),
  }
}

/**
 * Both lists as they are shown. Messages that fit are at the same place in both, and read the same: the difference is what does
 * not fit.
 */
function comparison(
  context: MatcherContext,
  messages: readonly Message[],
  expected: readonly ExpectedMessage[],
): Pick<MatcherResult, 'actual' | 'expected'> {
  const partners = alignedIndexes(messages.length, expected.length, (i, j) =>
    context.equals(projected(messages[i]!, expected[j]), expected[j], context.customTesters),
  )
  const actual = messages.map((message, i) => {
    const partner = partners.get(i)
    return projected(message, partner === undefined ? undefined : expected[partner])
  })
  const wanted: unknown[] = [...expected]
  for (const [i, j] of partners) wanted[j] = settled(wanted[j], actual[i])
  return { actual: shown(actual), expected: shown(wanted) }
}

/** The fields of a message that the expected one names. Without an expected one, what the message says. */
function projected(message: Message, expected: ExpectedMessage | undefined): Record<string, unknown> {
  const fields: Record<keyof ExpectedMessage, () => unknown> = {
    connection: () => message.connection,
    from: () => message.from,
    opcode: () => message.opcodeName,
    text: () => message.text,
    json: () => message.json,
    data: () => message.data,
    incomplete: () => message.incomplete,
    compressed: () => message.compressed,
    fragments: () => message.frames.length,
  }
  const isNamed = (name: string): boolean => {
    if (expected === undefined) return ['from', contentOf(message)].includes(name)
    // An asymmetric matcher may look at any field.
    if (isAsymmetric(expected) || Object.hasOwn(expected, name)) return true
    return (
      name === 'incomplete' && message.incomplete && CONTENT.some((each) => Object.hasOwn(expected, each))
    )
  }
  return Object.fromEntries(
    Object.entries(fields)
      .filter(([name]) => isNamed(name))
      .map(([name, value]) => [name, value()]),
  )
}

/** The fields that say what a message says. Of an incomplete message they are the beginning only. */
const CONTENT = ['text', 'json', 'data']

function contentOf({ text, json }: Message): keyof ExpectedMessage {
  if (text === undefined) return 'data'
  return typeof json === 'object' && json !== null ? 'json' : 'text'
}
