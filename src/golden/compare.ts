// Two goldens in, their differences out, in the order of the connections and their messages.
import { createHash } from 'node:crypto'
import type { Pair } from './align.ts'
import { valueChanges } from './changes.ts'
import {
  type Change,
  type Difference,
  type FindingFacts,
  makeDifference,
  type OnBothSides,
} from './difference.ts'
import type { Golden, GoldenConnection, GoldenFinding, GoldenFrame, GoldenMessage, Rules } from './golden.ts'
import { messageChanges } from './message-changes.ts'
import { changedPairs, connectionPairs, type PairingFacts } from './pairing.ts'
import { combineRules, compileRules } from './rules.ts'
import { compareSequences, type Kind } from './sequences.ts'
import { frameJson, handshakeJson, messageJson } from './write.ts'

/**
 * What is different in `actual`. The rules of both are applied to both. Frames are compared only if both have them. The order of
 * connections is not compared: connections that are open at the same time have no order.
 */
export function compareGoldens(expected: Golden, actual: Golden): Difference[] {
  const rules = combineRules(expected.rules, actual.rules)
  const compiled = compileRules(rules)
  const left = compiled.apply(expected)
  const right = compiled.apply(actual)
  const partners = new Map(pairsOf(left, right))
  const paired = new Set(partners.values())
  return [
    ...left.connections.flatMap((connection, i) => {
      const partner = partners.get(i)
      return partner === undefined
        ? [connectionDifference('missing', { expected: connection })]
        : compareConnections(connection, right.connections[partner]!, rules)
    }),
    ...right.connections
      .filter((_, j) => !paired.has(j))
      .map((connection) => connectionDifference('added', { actual: connection })),
    ...compareFindings(left.findings, right.findings, {}),
  ]
}

/** `actual`, with the connections that `expected` has too in its order: an update changes no more than it must. */
export function inOrderOf(expected: Golden, actual: Golden): Golden {
  const pairs = pairsOf(expected, actual)
  const known = pairs.map(([, j]) => actual.connections[j]!)
  const others = actual.connections.filter((connection) => !known.includes(connection))
  return { ...actual, connections: [...known, ...others] }
}

function pairsOf(expected: Golden, actual: Golden): Pair[] {
  if (expected.connections.length === 1 && actual.connections.length === 1) return [[0, 0]]
  return connectionPairs(expected.connections.map(pairingFacts), actual.connections.map(pairingFacts))
}

function pairingFacts(connection: GoldenConnection): PairingFacts {
  const hash = createHash('sha256')
  const messages = new Set<string>()
  for (const message of connection.messages) {
    const key = messageKey(message)
    messages.add(key)
    hash.update(`${key}\0`)
  }
  const rest = [
    connection.handshake,
    connection.frames?.map(frameKey),
    connection.findings.map(({ code, from, count }) => [code, from, count]),
    connection.closed,
  ]
  return {
    key: hash.update(JSON.stringify(rest)).digest('hex'),
    target: connection.handshake?.target,
    messages,
  }
}

function compareConnections(
  expected: GoldenConnection,
  actual: GoldenConnection,
  rules: Rules,
): Difference[] {
  const connection = { expected: expected.number, actual: actual.number }
  const changed = (subject: 'handshake' | 'closed', changes: readonly Change[]): Difference[] =>
    changes.length === 0 ? [] : [makeDifference('changed', subject, { connection, changes })]
  const handshakes = [expected.handshake, actual.handshake].map(
    (handshake) => handshake && handshakeJson(handshake),
  )
  return [
    ...changed('handshake', valueChanges(handshakes[0], handshakes[1], 'handshake')),
    ...compareSequences(expected.messages, actual.messages, MESSAGES, connection, !rules.unordered),
    ...(expected.frames && actual.frames
      ? compareSequences(expected.frames, actual.frames, FRAMES, connection, false)
      : []),
    ...compareFindings(expected.findings, actual.findings, connection),
    ...changed('closed', valueChanges(expected.closed, actual.closed, 'closed')),
  ]
}

const MESSAGES: Kind<GoldenMessage> = {
  subject: 'message',
  key: messageKey,
  json: messageJson,
  changes: messageChanges,
  changedPairs,
}

const FRAMES: Kind<GoldenFrame> = {
  subject: 'frame',
  key: frameKey,
  json: frameJson,
  changes: (expected, actual) =>
    valueChanges(frameJson(expected), frameJson(actual), '').map((change) => ({
      ...change,
      path: change.path.slice(1),
    })),
  changedPairs: (expected, actual) =>
    Array.from({ length: Math.min(expected.length, actual.length) }, (_, i) => [i, i]),
}

function compareFindings(
  expected: readonly GoldenFinding[],
  actual: readonly GoldenFinding[],
  connection: OnBothSides<number>,
): Difference[] {
  const key = ({ code, from }: GoldenFinding): string => `${code} ${from}`
  const left = new Map(expected.map((finding) => [key(finding), finding]))
  const right = new Map(actual.map((finding) => [key(finding), finding]))
  return [...new Set([...left.keys(), ...right.keys()])].flatMap((name) => {
    const before = left.get(name)
    const after = right.get(name)
    if (before && after && before.count === after.count) return []
    return [
      makeDifference(before ? (after ? 'changed' : 'missing') : 'added', 'finding', {
        connection,
        from: (before ?? after)!.from,
        place: { expected: before?.place, actual: after?.place },
        value: { expected: before && findingFacts(before), actual: after && findingFacts(after) },
        changes: before && after ? [{ path: 'count', expected: before.count, actual: after.count }] : [],
      }),
    ]
  })
}

function findingFacts({ code, severity, count, message }: GoldenFinding): FindingFacts {
  return { code, severity, ...(count !== undefined && { count }), ...(message !== undefined && { message }) }
}

function connectionDifference(
  kind: 'missing' | 'added',
  { expected, actual }: OnBothSides<GoldenConnection>,
): Difference {
  const facts = (connection: GoldenConnection | undefined) =>
    connection && {
      target: connection.handshake?.target ?? null,
      messages: connection.messages.length,
    }
  return makeDifference(kind, 'connection', {
    connection: { expected: expected?.number, actual: actual?.number },
    value: { expected: facts(expected), actual: facts(actual) },
  })
}

function messageKey({ from, text, bytes, invalidText, incomplete }: GoldenMessage): string {
  const content = text === undefined ? `${bytes?.length}:${bytes?.hex}:${bytes?.sha256}` : `=${text}`
  return `${from}${invalidText ? '!' : ''}${incomplete ? '?' : ''}${content}`
}

function frameKey({ from, opcode, fin, rsv, masked, length, lengthForm }: GoldenFrame): string {
  return `${from} ${opcode} ${fin} ${rsv} ${masked} ${length} ${lengthForm}`
}
