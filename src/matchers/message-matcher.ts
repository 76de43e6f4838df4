// toHaveMessages: compares the messages of a capture, or of one connection, with the expected ones.
import type { Side } from '../base/stream.ts'
import type { Message } from '../records/message.ts'
import type { Capture, Connection } from '../records/model.ts'
import { type Asymmetric, hintOf, type MatcherContext, type MatcherResult } from './context.ts'
import { alignedIndexes, settled } from './message-alignment.ts'
import { shown } from './shown.ts'
import { connectionsOf } from './subject.ts'

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
  /** Whether bytes of it are missing. */
  readonly incomplete?: boolean
  /** Whether it was compressed on the wire. */
  readonly compressed?: boolean
  /** How many frames it has. */
  readonly fragments?: number | Asymmetric
}

/** Passes if these are all the messages, in their order. */
export function toHaveMessages(
  this: MatcherContext,
  received: Capture | Connection,
  expected: readonly ExpectedMessage[],
): MatcherResult {
  if (!Array.isArray(expected)) throw new TypeError('toHaveMessages: expected a list of messages')
  const messages = connectionsOf(received, 'toHaveMessages').flatMap((connection) => connection.messages)
  const actual = messages.map((message, i) => projected(message, expected[i]))
  const pass = this.equals(actual, [...expected], this.customTesters)
  const counts =
    messages.length === expected.length
      ? `${messages.length} messages, not all as expected`
      : `${messages.length} messages, and ${expected.length} were expected`
  return {
    pass,
    message: () =>
      [
        hintOf(this, 'toHaveMessages', 'capture', 'messages'),
        '',
        pass ? 'The capture has exactly these messages.' : `The capture has ${counts}.`,
      ].join('\n'),
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
  const isNamed = (name: string): boolean =>
    expected === undefined || 'asymmetricMatch' in expected
      ? ['from', contentOf(message)].includes(name)
      : Object.hasOwn(expected, name)
  return Object.fromEntries(
    Object.entries(fields)
      .filter(([name]) => isNamed(name))
      .map(([name, value]) => [name, value()]),
  )
}

function contentOf({ text, json }: Message): keyof ExpectedMessage {
  if (text === undefined) return 'data'
  return typeof json === 'object' && json !== null ? 'json' : 'text'
}
