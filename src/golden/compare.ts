// Two goldens in, their differences out, in the order of the connections and their messages.
import { alignmentEffort } from './align.ts'
import { Changes } from './changes.ts'
import { type ConnectionPair, connectionPairs, type PairingFacts } from './connection-pairing.ts'
import { type Difference, type FindingFacts, makeDifference, type OnBothSides } from './difference.ts'
import type { Effort } from './effort.ts'
import type { Golden, GoldenConnection, GoldenFinding, GoldenFrame, GoldenMessage } from './golden.ts'
import { messageChanges } from './message-changes.ts'
import { MessageNumbers, type NumberedConnections, numbered } from './message-numbers.ts'
import { MadeList } from './packed-connections.ts'
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
  const partners = new Map(pairs.map((one) => [one.pair[0], one]))
  const paired = new Set(pairs.map(({ pair }) => pair[1]))
  const effort = alignmentEffort(both.left.items + both.right.items)
  const differences: Difference[] = []
  const add = (some: readonly Difference[]): void => {
    for (const difference of some) differences.push(difference)
  }
  for (let i = 0; i < left.connections.length; i++) {
    const partner = partners.get(i)
    if (partner === undefined) add([connectionDifference('missing', { expected: left.connections.at(i)! })])
    else if (!partner.isEqual)
      add(compareConnections(both, i, partner.pair[1], rules, effort, partner.isFound))
  }
  for (let j = 0; j < right.connections.length; j++)
    if (!paired.has(j)) add([connectionDifference('added', { actual: right.connections.at(j)! })])
  add(compareFindings(left.findings, right.findings, {}))
  return differences
}

/** `actual`, with the connections that `expected` has too in its order: an update changes no more than it must. */
export function inOrderOf(expected: Golden, actual: Golden): Golden {
  const order = pairsOf(numberedConnections(expected, actual)).map(({ pair }) => pair[1])
  const known = new Set(order)
  const { connections } = actual
  for (let j = 0; j < connections.length; j++) if (!known.has(j)) order.push(j)
  return { ...actual, connections: new MadeList(order.length, (i) => connections.at(order[i]!)!) }
}

/** The connections of both sides: equal messages have equal numbers. */
interface BothConnections {
  readonly left: NumberedConnections
  readonly right: NumberedConnections
}

function numberedConnections(left: Golden, right: Golden): BothConnections {
  const numbers = new MessageNumbers()
  const all = ({ connections, level }: Golden): NumberedConnections =>
    numbered(connections, level === 'frames', numbers)
  return { left: all(left), right: all(right) }
}

function pairsOf({ left, right }: BothConnections): ConnectionPair[] {
  if (left.connections.length === 1 && right.connections.length === 1)
    return [{ pair: [0, 0], isEqual: false, isFound: true }]
  return connectionPairs(pairingFacts(left), pairingFacts(right))
}

function pairingFacts(side: NumberedConnections): PairingFacts[] {
  return side.facts.map(({ key, target }, at) => ({
    key,
    *tokens() {
      yield target
      yield* side.messages(at)
    },
    words: () => wordsOf(side.connections.at(at)!, target),
  }))
}

function compareConnections(
  both: BothConnections,
  i: number,
  j: number,
  { unordered }: CompiledRules,
  effort: Effort,
  isFound: boolean,
): Difference[] {
  const expected = both.left.connections.at(i)!
  const actual = both.right.connections.at(j)!
  const frames = { left: both.left.frames(i), right: both.right.frames(j) }
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
      { items: expected.messages, keys: both.left.messages(i) },
      { items: actual.messages, keys: both.right.messages(j) },
      MESSAGES,
      connection,
      { withInterleaving: !unordered, effort, isFound },
    ),
    ...(frames.left && frames.right
      ? compareSequences(
          { items: expected.frames!, keys: frames.left },
          { items: actual.frames!, keys: frames.right },
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
