// A capture as check and diff read it: what a golden file keeps of it, message by message, in a bounded memory.
import { getHeapStatistics } from 'node:v8'
import { InputError } from '../base/input-error.ts'
import { Allowance } from '../golden/allowance.ts'
import { violationsOf } from '../golden/conformance.ts'
import { type Golden, type Level, NO_RULES, type Rules } from '../golden/golden.ts'
import { ConnectionPacker } from '../golden/packed-connections.ts'
import { FindingGroups, goldenClosed, goldenFrame, goldenHandshake, goldenMessage } from '../golden/record.ts'
import { compileRules } from '../golden/rules.ts'
import { freeMemory } from '../platform/node/garbage.ts'
import type { FindingRecord, SummaryRecord } from '../records/records.ts'
import { toRecord } from '../records/to-record.ts'
import { MOST_COMPARED } from './check-options.ts'
import { eventsOf, openCaptures, type ReadingOptions } from './reading.ts'

/** How much of Node's memory for objects a capture may take, if Node was given little. */
const PART = 0.25

/** How much each side of a comparison may take. Throws InputError for an option that makes no sense. */
export function allowanceFrom(argv: Readonly<Record<string, unknown>>): Allowance {
  const limit = argv['limit-compared'] ?? MOST_COMPARED
  if (typeof limit !== 'number' || !Number.isSafeInteger(limit) || limit < 1)
    throw new InputError('--limit-compared takes one whole number of at least 1')
  const part = getHeapStatistics().heap_size_limit * PART
  return limit <= part
    ? new Allowance(limit, 'raise --limit-compared')
    : new Allowance(part, 'give Node more memory (NODE_OPTIONS=--max-old-space-size=…)')
}

/** How a capture is read to be compared. */
export interface ComparedOptions {
  readonly level: Level
  /** Those of the golden file. */
  readonly rules?: Rules | undefined
  readonly allowance: Allowance
  readonly reading: ReadingOptions
  /** Codes of violations that are not kept. Undefined: none is. */
  readonly allowed?: ReadonlySet<string> | undefined
}

/** What check and diff know of a capture. */
export interface ComparedCapture {
  readonly golden: Golden
  readonly summary: SummaryRecord
  /** The first finding of each code. */
  readonly findings: readonly FindingRecord[]
  /** In the order of the connections. */
  readonly violations: readonly FindingRecord[]
  /** How many. */
  readonly connections: number
}

/**
 * Reads a capture. `-` is standard input. Throws InputError if it cannot be read, is not a capture, or holds more than can be
 * compared; for a rule that makes no sense or takes too long. Throws RangeError for a limit that makes no sense.
 */
export async function readCompared(
  name: string,
  { level, rules = NO_RULES, allowance, reading, allowed }: ComparedOptions,
): Promise<ComparedCapture> {
  const packer = new ConnectionPacker(level === 'frames', allowance.spender(name))
  /** The place of each connection among those that are packed. */
  const places = new Map<number, number>()
  const groups = new Map<number | undefined, FindingGroups>([[undefined, new FindingGroups(level)]])
  const firsts = new Map<string, FindingRecord>()
  const violations: FindingRecord[] = []
  let summary: SummaryRecord | undefined
  for await (const batch of eventsOf(await openCaptures([name]), reading)) {
    for (const event of batch) {
      if (event.type === 'frame' && level !== 'frames') continue
      const record = toRecord(event)
      switch (record.type) {
        case 'connection':
          places.set(
            record.connection,
            packer.connection({ number: record.connection, handshake: goldenHandshake(record, rules) }),
          )
          break
        case 'frame':
          packer.frame(places.get(record.connection)!, goldenFrame(record))
          break
        case 'message':
          packer.message(places.get(record.connection)!, goldenMessage(record))
          break
        case 'closed':
          packer.closed(places.get(record.connection)!, goldenClosed(record))
          break
        case 'finding': {
          if (!firsts.has(record.code)) firsts.set(record.code, record)
          if (allowed !== undefined) violations.push(...violationsOf([record], allowed))
          const place = record.connection === undefined ? undefined : places.get(record.connection)
          const group = groups.get(place) ?? new FindingGroups(level)
          groups.set(place, group)
          group.add(record)
          break
        }
        case 'summary':
          summary = record
      }
    }
  }
  // The decoders are over.
  freeMemory()
  for (const [place, group] of groups)
    if (place !== undefined) for (const finding of group.findings) packer.finding(place, finding)
  const golden = compileRules(rules).apply({
    level,
    rules,
    connections: packer.end(),
    findings: groups.get(undefined)!.findings,
  })
  return {
    golden,
    // A walk that ends without throwing has summed up.
    summary: summary!,
    findings: [...firsts.values()],
    violations: violations.sort(byConnection),
    connections: places.size,
  }
}

/** Those of no connection come last. */
function byConnection(a: FindingRecord, b: FindingRecord): number {
  const [left, right] = [a, b].map(({ connection }) => connection ?? Number.POSITIVE_INFINITY)
  return left === right ? 0 : left! - right!
}
