// Trials of damage: good captures, read once; damages drawn by fast-check, so that failures shrink; what framewalk makes of the
// result.
import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import fc from 'fast-check'
import type { WalkOptions } from '../../src/index.ts'
import { randomCapture, SERVER_PORT } from '../support/builders/random-conversations.ts'
import { type Captured, readAll } from '../support/drivers/captured.ts'
import { fixtureNames, fixturePath } from '../support/drivers/fixtures.ts'
import { captureOf, type Damage, damage, type Recorded, readRecorded } from './damage.ts'
import { type GoodCapture, judgeDamaged } from './judgement.ts'
import { sentConnections } from './sent-streams.ts'
import type { DamageTally } from './tally.ts'

/** Multiplies the runs of each property: `FRAMEWALK_RUNS=100`. */
const RUNS = Number(process.env.FRAMEWALK_RUNS ?? 1)
/** The seed that the properties start from: `FRAMEWALK_SEED=1`. */
export const SEED = Number(process.env.FRAMEWALK_SEED ?? 20_261_124)

/** A capture to be damaged. */
export interface Subject extends GoodCapture {
  readonly name: string
  readonly packets: readonly Recorded[]
  /** The ports of its servers. */
  readonly ports: readonly number[]
}

/** What a property is tried with. */
export function trials(runs: number): fc.Parameters<unknown> {
  return { numRuns: Math.round(runs * RUNS), seed: SEED }
}

/** Reads packets as framewalk does. */
export async function readPackets(
  packets: readonly Recorded[],
  options: WalkOptions = {},
): Promise<Captured> {
  return readAll(captureOf(packets), options)
}

/** The subject that these packets make. */
export async function subjectOf(
  name: string,
  packets: readonly Recorded[],
  ports: readonly number[],
): Promise<Subject> {
  const captured = await readPackets(packets)
  return { name, packets, ports, captured, sent: sentConnections(packets, captured) }
}

/** The fixtures in the clear: inside TLS or HTTP/2, the bytes of WebSocket are not in the packets as they are. */
export async function clearFixtures(): Promise<string[]> {
  const subjects = await Promise.all(fixtureNames.map(fixtureSubject))
  const clear = subjects.filter(({ captured }) => {
    const { connections } = captured
    return connections.length > 0 && connections.every(({ transport }) => transport === 'tcp')
  })
  return clear.map(({ name }) => name)
}

const fixtures = new Map<string, Promise<Subject>>()

/** A capture of fixtures/. */
export function fixtureSubject(name: string): Promise<Subject> {
  const known = fixtures.get(name)
  if (known !== undefined) return known
  const file = readFileSync(fixturePath(name))
  const packets = readRecorded(file[0] === 0x1f ? gunzipSync(file) : file)
  const subject = readPackets(packets).then((captured) => {
    const ports = [...new Set(captured.connections.map(({ server }) => server.port))]
    return { name, packets, ports, captured, sent: sentConnections(packets, captured) }
  })
  fixtures.set(name, subject)
  return subject
}

/** A random capture, by the numbers that it is made from. */
export function randomSubject(seed: number, connections: number, messages: number): Promise<Subject> {
  const { packets } = randomCapture(seed, connections, messages)
  return subjectOf(`seed ${seed}`, packets, [SERVER_PORT])
}

/** What is wrong with framewalk's account of a subject with these damages. */
export async function faultsOf(
  subject: Subject,
  damages: readonly Damage[],
  tally: DamageTally,
): Promise<readonly string[]> {
  const ported = damages.map((each) => (each.kind === 'one-sided' ? { ...each, ports: subject.ports } : each))
  const packets = damage(subject.packets, ported)
  if (packets.length === 0) return []
  return judgeDamaged(subject, packets, await readPackets(packets), tally)
}

/** 0 … 1, evenly: most doubles are close to zero. */
const at = fc.integer({ min: 0, max: 9999 }).map((part) => part / 9999)
const record = <Kind extends Damage['kind'], Rest extends object>(
  kind: Kind,
  rest: { [K in keyof Rest]: fc.Arbitrary<Rest[K]> },
) => fc.record({ kind: fc.constant(kind), ...rest }) as fc.Arbitrary<{ kind: Kind } & Rest>

/** Damages by their kind. */
const DAMAGES: Record<Damage['kind'], fc.Arbitrary<Damage>> = {
  drop: record('drop', { at, count: fc.integer({ min: 1, max: 4 }) }),
  duplicate: record('duplicate', { at, by: fc.integer({ min: 0, max: 12 }) }),
  move: record('move', { at, by: fc.integer({ min: 1, max: 6 }) }),
  cut: record('cut', {
    at,
    bytes: fc.oneof(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 1400 })),
  }),
  snap: record('snap', { length: fc.constantFrom(54, 60, 68, 96, 128, 256, 600, 1000) }),
  flip: record('flip', { at, where: at, bit: fc.integer({ min: 0, max: 7 }) }),
  late: record('late', { count: fc.integer({ min: 0, max: 40 }) }),
  early: record('early', { count: fc.integer({ min: 0, max: 20 }) }),
  'one-sided': record('one-sided', {
    keep: fc.constantFrom('to' as const, 'from' as const),
    ports: fc.constant([]),
  }),
}

/** Up to `most` damages of some kinds. */
export function damagesOf(kinds: readonly Damage['kind'][], most = 6): fc.Arbitrary<Damage[]> {
  return fc.array(fc.oneof(...kinds.map((kind) => DAMAGES[kind])), { minLength: 1, maxLength: most })
}

/** The numbers of a random capture. */
export const randomNumbers = fc.tuple(
  fc.integer({ min: 0, max: 2 ** 31 - 1 }),
  fc.integer({ min: 1, max: 3 }),
  fc.integer({ min: 1, max: 40 }),
)
