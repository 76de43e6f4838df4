// What the matchers get: a capture, or one of its connections; and what is said if nothing of it was read.
import { spelled } from '../base/option-check.ts'
import { type Acceptance, type Asking, undecryptedIn, unreadOf, unreadSentence } from '../golden/unread.ts'
import type { Capture, Connection } from '../records/model.ts'
import type { FindingRecord } from '../records/records.ts'
import { escapeText } from '../render/text/escape.ts'
import { unreadPackets } from '../render/text/unread-packets.ts'

/** An option of each matcher that takes a whole capture. */
export interface EmptyOptions {
  /** True accepts a capture without a connection. Without it, such a capture fails, negated or not: nothing in it was read. */
  readonly allowEmpty?: boolean
}

/** Whether this is a whole capture. */
export function isCapture(received: unknown): received is Capture {
  return has(received, 'connections', 'findings') && isObject(received['summary'])
}

/** The connections of what was received. Throws TypeError if it is neither a capture nor a connection. */
export function connectionsOf(received: Capture | Connection, matcher: string): readonly Connection[] {
  if (isCapture(received)) return received.connections
  if (has(received, 'messages', 'findings')) return [received as unknown as Connection]
  const cure = received instanceof Promise ? ': await it first' : ''
  throw new TypeError(
    `${matcher}: expects a capture as readCapture gives it, or one of its connections, and got ${received instanceof Promise ? 'a promise' : spelled(received)}${cure}`,
  )
}

/** All findings of what was received. Throws TypeError if it is neither a capture nor a connection. */
export function findingsOf(received: Capture | Connection, matcher: string): FindingRecord[] {
  const connections = connectionsOf(received, matcher)
  const ofNone = isCapture(received) ? received.findings : []
  return [...ofNone, ...connections.flatMap((connection) => connection.findings)]
}

function readParts(capture: Capture): Parameters<typeof unreadOf>[0] {
  const { connections, summary } = capture
  const ofConnections = connections.flatMap(({ findings }) => findings)
  return { findings: [...capture.findings, ...ofConnections], summary, connections: connections.length }
}

/** Why nothing may be concluded from what was received, as a line with the cure. Undefined if something may. */
export function unreadLine(received: Capture | Connection, accepted: Acceptance): string | undefined {
  const packets = isCapture(received) ? unreadPackets(received.summary) : undefined
  if (packets !== undefined) return `${nameOf(received)}: ${packets.fact}; ${packets.cure}`
  const unread = isCapture(received)
    ? unreadOf(readParts(received), accepted)
    : undecryptedIn(received.findings, accepted.allowed)
  return unread && `${nameOf(received)}: ${unreadSentence(unread, ASKING)}`
}

/** Why nothing may be concluded from a capture without a connection. Undefined if it has one, or none is needed. */
export function emptyLine(
  received: Capture | Connection,
  { allowEmpty = false }: EmptyOptions,
): string | undefined {
  if (allowEmpty || !isCapture(received) || received.connections.length > 0) return undefined
  const packets = unreadPackets(received.summary)
  if (packets !== undefined) return `${nameOf(received)}: ${packets.fact}; ${packets.cure}`
  const unread = unreadOf(readParts(received), { allowEmpty, allowed: new Set() })
  const asking = { ...ASKING, allow: () => ASKING.allowEmpty }
  return unread && `${nameOf(received)}: ${unreadSentence(unread, asking)}`
}

/** How a capture is called in a message, safe for a terminal. */
export function nameOf(received: Capture | Connection): string {
  if (!isCapture(received)) return `connection ${received.connection}`
  return received.files.length === 1 ? escapeText(received.files[0]!.name) : 'the capture'
}

const ASKING: Asking = {
  secrets: 'to readCapture as keyLog',
  allow: (code) => `{ allow: '${code}' }`,
  allowEmpty: '{ allowEmpty: true }',
}

function has(value: unknown, ...lists: readonly string[]): value is Record<string, unknown> {
  return isObject(value) && lists.every((name) => Array.isArray(value[name]))
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
