// Two goldens in, their differences out, in the order of the connections and their messages.
import { createHash } from 'node:crypto'
import { alignmentEffort } from './align.ts'
import { Changes } from './changes.ts'
import { type ConnectionPair, connectionPairs, type PairingFacts } from './connection-pairing.ts'
import { type Difference, type FindingFacts, makeDifference, type OnBothSides } from './difference.ts'
import type { Effort } from './effort.ts'
import type { Golden, GoldenConnection, GoldenFinding, GoldenFrame, GoldenMessage } from './golden.ts'
import { messageChanges } from './message-changes.ts'
import { MessageNumbers, type NumberedConnection, numbered } from './message-numbers.ts'
import { changedPairs } from './pairing.ts'
import { type CompiledRules, compileRules } from './rules.ts'
import { compareSequences, type Kind } from './sequences.ts'
import { wordsOf } from './words.ts'
import { frameJson, handshakeJson, messageJson } from './write.ts'

/**
 * What is different in `actual`. The rules of both are applied to both. Frames are compared only if both have them. The order of
 * connections is not compared: connections that are open at the same time have no order.
 */
export function compareGoldens(expected: Golden, actual: Golden): Difference[] {
  const rules = compileRules(expected.rules, actual.rules)
  const [left, right] = [rules.apply(expected), rules.apply(actual)]
  const both = numberedConnections(left, right)
  const pairs = pairsOf(both)
  const partners = new Map(pairs.map(({ pair, isFound }) => [pair[0], { at: pair[1], isFound }]))
  const paired = new Set(pairs.map(({ pair }) => pair[1]))
  const effort = alignmentEffort(itemCount(left) + itemCount(right))
  return [
    ...both.left.flatMap((connection, i) => {
      const partner = partners.get(i)
      return partner === undefined
        ? [connectionDifference('missing', { expected: connection.connection })]
        : compareConnections(connection, both.right[partner.at]!, rules, effort, partner.isFound)
    }),
    ...right.connections
      .filter((_, j) => !paired.has(j))
      .map((connection) => connectionDifference('added', { actual: connection })),
    ...compareFindings(left.findings, right.findings, {}),
  ]
}

/** `actual`, with the connections that `expected` has too in its order: an update changes no more than it must. */
export function inOrderOf(expected: Golden, actual: Golden): Golden {
  const order = pairsOf(numberedConnections(expected, actual)).map(({ pair }) => pair[1])
  const known = new Set(order)
  const others = actual.connections.filter((_, j) => !known.has(j))
  return { ...actual, connections: [...order.map((j) => actual.connections[j]!), ...others] }
}

/** The connections of both sides: equal messages have equal numbers. */
interface BothConnections {
  readonly numbers: MessageNumbers
  readonly left: readonly NumberedConnection[]
  readonly right: readonly NumberedConnection[]
}

function numberedConnections(left: Golden, right: Golden): BothConnections {
  const numbers = new MessageNumbers()
  const all = ({ connections }: Golden): NumberedConnection[] =>
    connections.map((connection) => numbered(connection, numbers))
  return { numbers, left: all(left), right: all(right) }
}

function itemCount({ connections }: Golden): number {
  return connections.reduce((sum, { messages, frames }) => sum + messages.length + (frames?.length ?? 0), 0)
}

function pairsOf({ numbers, left, right }: BothConnections): ConnectionPair[] {
  if (left.length === 1 && right.length === 1) return [{ pair: [0, 0], isFound: true }]
  const factsOf = (connection: NumberedConnection): PairingFacts => pairingFacts(connection, numbers)
  return connectionPairs(left.map(factsOf), right.map(factsOf))
}

function pairingFacts(
  { connection, messages, frames }: NumberedConnection,
  numbers: MessageNumbers,
): PairingFacts {
  const { handshake, findings, closed } = connection
  const rest = [
    handshake,
    messages.length,
    findings.map(({ code, from, count }) => [code, from, count]),
    closed,
  ]
  const hash = createHash('sha256').update(JSON.stringify(rest)).update(messages)
  if (frames !== undefined) hash.update(frames)
  const target = numbers.of('target', `${handshake?.target}`)
  return {
    key: hash.digest('hex'),
    tokens: [target, ...messages],
    words: () => wordsOf(connection, target),
  }
}

function compareConnections(
  { connection: expected, ...left }: NumberedConnection,
  { connection: actual, ...right }: NumberedConnection,
  { unordered }: CompiledRules,
  effort: Effort,
  isFound: boolean,
): Difference[] {
  const connection = { expected: expected.number, actual: actual.number }
  const changed = (subject: 'handshake' | 'closed', from: unknown, to: unknown): Difference[] => {
    const { listed: changes, further } = new Changes().addValues(from, to, subject)
    if (changes.length === 0) return []
    return [
      makeDifference('changed', subject, {
        connection,
        changes,
        ...(further > 0 && { furtherChanges: further }),
        ...(!isFound && { approximate: true }),
      }),
    ]
  }
  const handshakes = [expected.handshake, actual.handshake].map(
    (handshake) => handshake && handshakeJson(handshake),
  )
  return [
    ...changed('handshake', handshakes[0], handshakes[1]),
    ...compareSequences(
      { items: expected.messages, keys: left.messages },
      { items: actual.messages, keys: right.messages },
      MESSAGES,
      connection,
      { withInterleaving: !unordered, effort, isFound },
    ),
    ...(left.frames && right.frames
      ? compareSequences(
          { items: expected.frames!, keys: left.frames },
          { items: actual.frames!, keys: right.frames },
          FRAMES,
          connection,
          { withInterleaving: false, effort, isFound },
        )
      : []),
    ...compareFindings(expected.findings, actual.findings, connection),
    ...changed('closed', expected.closed, actual.closed),
  ]
}

const MESSAGES: Kind<GoldenMessage> = {
  subject: 'message',
  json: messageJson,
  changes: messageChanges,
  changedPairs,
}

const FRAMES: Kind<GoldenFrame> = {
  subject: 'frame',
  json: frameJson,
  changes: (expected, actual) => new Changes().addMembers(frameJson(expected), frameJson(actual)),
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
