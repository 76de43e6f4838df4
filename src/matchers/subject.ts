// What the matchers get: a capture, or one of its connections.
import type { Capture, Connection } from '../records/model.ts'
import type { FindingRecord } from '../records/records.ts'

/** The connections of what was received. Throws TypeError if it is neither a capture nor a connection. */
export function connectionsOf(received: Capture | Connection, matcher: string): readonly Connection[] {
  if (isObject(received)) {
    if ('connections' in received && Array.isArray(received.connections)) return received.connections
    if ('messages' in received && Array.isArray(received.messages)) return [received as Connection]
  }
  const hint = received instanceof Promise ? ', and got a promise: await it first' : ''
  throw new TypeError(
    `${matcher}: expects a capture as readCapture gives it, or one of its connections${hint}`,
  )
}

/** All findings of what was received. Throws TypeError if it is neither a capture nor a connection. */
export function findingsOf(received: Capture | Connection, matcher: string): FindingRecord[] {
  const connections = connectionsOf(received, matcher)
  const ofNone = 'connections' in received ? received.findings : []
  return [...ofNone, ...connections.flatMap((connection) => connection.findings)]
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}
