// What must be noticed, and what must not: single random changes of what was said, and of what changes by chance.
import { describe, expect, it } from 'vitest'
import type { Side } from '../../src/base/stream.ts'
import { compareGoldens } from '../../src/golden/compare.ts'
import type { Difference } from '../../src/golden/difference.ts'
import type { Golden, Level } from '../../src/golden/golden.ts'
import { readGolden } from '../../src/golden/read.ts'
import { recordGolden } from '../../src/golden/record.ts'
import { writeGolden } from '../../src/golden/write.ts'
import { readCapture } from '../../src/index.ts'
import {
  type Chance,
  type Exchange,
  recordExchange,
  type Said,
  SOME_CHANCE,
} from '../support/builders/recorded-exchange.ts'
import { Random } from '../support/builders/websocket-traffic.ts'

const COUNT = 1000

const EXCHANGE: Exchange = {
  target: '/chat?room=7',
  messages: [
    { from: 'client', text: '{"type":"hello","name":"Ada","tags":["a","b"]}' },
    { from: 'server', text: '{"type": "welcome", "id": 12345678901234567890, "load": 1.0}' },
    { from: 'client', text: 'plain text, 带中文的' },
    { from: 'server', text: 'several\nlines\nof text' },
    { from: 'server', bytes: Uint8Array.from({ length: 40 }, (_, i) => i * 5) },
    { from: 'client', text: 'plain text, 带中文的' },
    { from: 'client', bytes: new Uint8Array(700).fill(9) },
    { from: 'server', text: '' },
    { from: 'server', text: '{"type":"tick","list":[1,2,3,{"deep":null}]}' },
    { from: 'client', text: 'bye' },
  ],
  close: { by: 'client', code: 1000, reason: 'work is done' },
}

const recorded = async (
  exchange: Exchange,
  chance = SOME_CHANCE,
  level: Level = 'messages',
): Promise<Golden> => recordGolden(await readCapture(recordExchange(exchange, chance)), level)

/** As a golden file says it. */
const throughFile = (golden: Golden): Golden => readGolden(writeGolden(golden), 'x.golden.json')

const words = (differences: readonly Difference[]): unknown[] =>
  differences.map(({ kind, subject, changes }) => [kind, subject, changes.map(({ path }) => path)])

describe('random single changes', () => {
  it(`none of ${COUNT} changes of what was said goes unnoticed`, async () => {
    const golden = throughFile(await recorded(EXCHANGE))
    const random = new Random(20_261)
    const unnoticed: string[] = []
    const kinds = new Map<string, number>()
    for (let i = 0; i < COUNT; i++) {
      const mutation = random.oneOf(MUTATIONS)
      const mutated = mutation(EXCHANGE, random)
      const differences = compareGoldens(golden, await recorded(mutated))
      if (differences.length === 0) unnoticed.push(`${mutation.name}: ${JSON.stringify(mutated)}`)
      kinds.set(mutation.name, (kinds.get(mutation.name) ?? 0) + 1)
    }
    expect(unnoticed).toEqual([])
    expect(kinds.size).toBe(MUTATIONS.length)
  })

  it(`none of ${COUNT} changes by chance is reported`, async () => {
    const golden = throughFile(await recorded(EXCHANGE))
    const random = new Random(7)
    const reported: unknown[] = []
    for (let i = 0; i < COUNT; i++) {
      const name = random.oneOf(Object.keys(CHANCES) as (keyof Chance)[])
      const chance = { ...SOME_CHANCE, [name]: CHANCES[name](random) }
      const differences = compareGoldens(golden, await recorded(EXCHANGE, chance))
      if (differences.length > 0) reported.push([name, chance[name], words(differences)])
    }
    expect(reported).toEqual([])
  })

  it('changes by chance below the frames are not reported with level frames', async () => {
    const golden = throughFile(await recorded(EXCHANGE, SOME_CHANCE, 'frames'))
    const random = new Random(8)
    const names = (Object.keys(CHANCES) as (keyof Chance)[]).filter(
      (name) => name !== 'fragmentSize' && name !== 'pingBefore',
    )
    for (const name of names) {
      const chance = { ...SOME_CHANCE, [name]: CHANCES[name](random) }
      expect(words(compareGoldens(golden, await recorded(EXCHANGE, chance, 'frames'))), name).toEqual([])
    }
  })

  it('each change of the framing is reported with level frames', async () => {
    const golden = throughFile(await recorded(EXCHANGE, SOME_CHANCE, 'frames'))
    for (const chance of [{ fragmentSize: 10 }, { pingBefore: 3 }]) {
      const differences = compareGoldens(
        golden,
        await recorded(EXCHANGE, { ...SOME_CHANCE, ...chance }, 'frames'),
      )
      expect(differences.length).toBeGreaterThan(0)
      expect(differences.every(({ subject }) => subject === 'frame')).toBe(true)
    }
  })
})

/** Each makes one change that a peer on the other side would notice. */
const MUTATIONS: ReadonlyArray<(exchange: Exchange, random: Random) => Exchange> = [
  function anotherByte(exchange, random) {
    const at = oneThat(exchange, random, (said) => bytesOf(said).length > 0)
    const bytes = bytesOf(exchange.messages[at]!).slice()
    bytes[random.below(bytes.length)]! ^= 1 + random.below(127)
    return replaced(exchange, at, [sameKind(exchange.messages[at]!, bytes)])
  },
  function anotherLength(exchange, random) {
    const at = random.below(exchange.messages.length)
    const bytes = bytesOf(exchange.messages[at]!)
    const cut =
      bytes.length === 0 || random.chance(50) ? Uint8Array.of(...bytes, 0x20) : bytes.subarray(0, -1)
    return replaced(exchange, at, [sameKind(exchange.messages[at]!, cut)])
  },
  function dropped(exchange, random) {
    return replaced(exchange, random.below(exchange.messages.length), [])
  },
  function saidTwice(exchange, random) {
    const at = random.below(exchange.messages.length)
    return replaced(exchange, at, [exchange.messages[at]!, exchange.messages[at]!])
  },
  function saidByTheOther(exchange, random) {
    const at = random.below(exchange.messages.length)
    const said = exchange.messages[at]!
    return replaced(exchange, at, [{ ...said, from: otherOf(said.from) }])
  },
  function ofTheOtherKind(exchange, random) {
    const at = random.below(exchange.messages.length)
    const said = exchange.messages[at]!
    const { from } = said
    const other: Said =
      'text' in said
        ? { from, bytes: bytesOf(said) }
        : { from, frame: { fin: true, opcode: 1, payload: bytesOf(said) } }
    return replaced(exchange, at, [other])
  },
  function swapped(exchange, random) {
    const at = oneThat(exchange, random, (said, i) => {
      const next = exchange.messages[i + 1]
      return next !== undefined && JSON.stringify(next) !== JSON.stringify(said)
    })
    const messages = [...exchange.messages]
    messages.splice(at, 2, messages[at + 1]!, messages[at]!)
    return { ...exchange, messages }
  },
  function inserted(exchange, random) {
    const at = random.below(exchange.messages.length)
    const said: Said = { from: random.oneOf(['client', 'server']), text: `new ${random.below(100)}` }
    return replaced(exchange, at, [said, exchange.messages[at]!])
  },
  function closedWithAnotherCode(exchange, random) {
    return { ...exchange, close: { ...exchange.close, code: 3000 + random.below(2000) } }
  },
  function closedForAnotherReason(exchange, random) {
    return { ...exchange, close: { ...exchange.close, reason: `reason ${random.below(1000)}` } }
  },
  function closedByTheOther(exchange) {
    return { ...exchange, close: { ...exchange.close, by: otherOf(exchange.close.by) } }
  },
  function anotherTarget(exchange, random) {
    return { ...exchange, target: `${exchange.target}&n=${random.below(100)}` }
  },
  function aViolation(exchange, random) {
    const at = random.below(exchange.messages.length)
    const said: Said = { from: 'client', frame: { fin: true, opcode: 11, payload: new Uint8Array(0) } }
    return replaced(exchange, at, [said, exchange.messages[at]!])
  },
]

const endpoint = (random: Random): Chance['client'] => ({
  address: `10.${random.below(256)}.${random.below(256)}.${1 + random.below(254)}`,
  port: 1024 + random.below(60_000),
})

const CHANCES: Readonly<Record<keyof Chance, (random: Random) => unknown>> = {
  client: endpoint,
  server: endpoint,
  host: (random) =>
    random.oneOf(['localhost', `127.0.0.1:${random.below(65_536)}`, '[::1]:80', '192.168.1.7']),
  sequences: (random) => ({
    client: random.below(2 ** 32),
    server: random.oneOf([random.below(2 ** 32), 2 ** 32 - 50]),
  }),
  seed: (random) => random.below(2 ** 32),
  nonce: (random) => random.bytes(16),
  seconds: (random) => random.below(2 ** 31),
  nanosecondsApart: (random) => random.below(2_000_000_000),
  segmentSize: (random) => 1 + random.below(600),
  fragmentSize: (random) => 1 + random.below(60),
  pingBefore: (random) => random.below(EXCHANGE.messages.length),
  date: (random) => new Date(random.below(2 ** 31) * 1000).toUTCString(),
  userAgent: (random) => `another ${random.below(1000)}`,
  sentAgain: (random) => 4 + random.below(16),
}

function oneThat(exchange: Exchange, random: Random, holds: (said: Said, i: number) => boolean): number {
  return random.oneOf([...exchange.messages.keys()].filter((i) => holds(exchange.messages[i]!, i)))
}

function replaced(exchange: Exchange, at: number, by: readonly Said[]): Exchange {
  return { ...exchange, messages: exchange.messages.toSpliced(at, 1, ...by) }
}

function bytesOf(said: Said): Uint8Array {
  if ('frame' in said) return said.frame.payload
  return 'text' in said ? new TextEncoder().encode(said.text) : said.bytes
}

/** With these bytes, which need not be UTF-8 in a text message. */
function sameKind(said: Said, bytes: Uint8Array): Said {
  return 'text' in said
    ? { from: said.from, frame: { fin: true, opcode: 1, payload: bytes } }
    : { from: said.from, bytes }
}

function otherOf(side: Side): Side {
  return side === 'client' ? 'server' : 'client'
}
