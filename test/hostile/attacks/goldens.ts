// Hostile golden files: rules that visit values over and over, patterns that take long, and captures whose messages are hard to align.
import { createWriteStream, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { Opcode } from '../../../src/base/events.ts'
import { writeCapture } from '../../../src/encode/capture.ts'
import type { Step } from '../../../src/encode/script.ts'
import type { Rules } from '../../../src/golden/golden.ts'
import { encodeFrame } from '../../../src/websocket/encode.ts'
import { anchorChain } from '../../support/builders/anchor-chain.ts'
import { utf8 } from '../../support/builders/packet-builder.ts'
import type { Attack } from '../attack.ts'
import { text, upgrade, written } from '../captures.ts'
import { Talk } from '../tape.ts'

const CAPTURE = 'capture.pcap'
const OTHER = 'other.pcap'

const writeTexts = (folder: string, name: string, texts: readonly string[]): void => {
  const steps = texts.map((text): Step => ({ from: 'client', text }))
  writeFileSync(join(folder, name), writeCapture({ connections: [{ steps }] }))
}

/** A capture is checked against a golden file with these rules. */
function checking(
  kind: string,
  [units, quick]: readonly [number, number],
  text: string,
  rules: Partial<Rules>,
): Attack {
  return {
    kind: `${kind}: check`,
    units,
    quick,
    prepare(folder, count) {
      writeTexts(folder, CAPTURE, Array(count).fill(text))
      const golden = { schema: 1, level: 'messages', rules, connections: [] }
      writeFileSync(join(folder, 'capture.golden.json'), JSON.stringify(golden))
      return { words: ['check', CAPTURE], statuses: [1, 2] }
    },
  }
}

/** The messages of two captures are compared. */
function comparing(
  kind: string,
  [units, quick]: readonly [number, number],
  sides: (count: number) => readonly [readonly string[], readonly string[]],
): Attack {
  return {
    kind: `${kind}: diff`,
    units,
    quick,
    prepare(folder, count) {
      const [before, after] = sides(count)
      writeTexts(folder, CAPTURE, before)
      writeTexts(folder, OTHER, after)
      return { words: ['diff', CAPTURE, OTHER], statuses: [1] }
    },
  }
}

/** A capture of so many connections, which each ask and answer once. `word`: is in each question. */
async function writeConnections(folder: string, name: string, count: number, word: string): Promise<void> {
  const pieces = written((tape, unit) => {
    const talk = upgrade(new Talk(tape, unit))
    talk.says('client', masked(`{"id":${unit},"ask":"${word}"}`))
    talk.says('server', text(utf8(`{"id":${unit},"answer":${unit % 7}}`))).close()
  })
  await pipeline(Readable.from(pieces(count), { objectMode: true }), createWriteStream(join(folder, name)))
}

const masked = (words: string) =>
  encodeFrame({ fin: true, opcode: Opcode.text, payload: utf8(words), maskingKey: 0x12345678 })

/** Small connections, all of which fit into what is compared by default. */
function connecting(
  kind: string,
  words: readonly string[],
  statuses: readonly number[],
  first?: readonly string[],
): Attack {
  return {
    kind: `small connections: ${kind}`,
    units: 80_000,
    quick: 1000,
    async prepare(folder, count) {
      await writeConnections(folder, CAPTURE, count, 'how')
      await writeConnections(folder, OTHER, count, 'why')
      return { words, statuses, ...(first && { first }) }
    },
  }
}

const LISTS = JSON.stringify(Array(10).fill(Array(10).fill([1, 2])))

export const GOLDEN_ATTACKS: readonly Attack[] = [
  connecting('check --update', ['check', '--update', CAPTURE], [0]),
  connecting('check', ['check', CAPTURE], [0], ['check', '--update', CAPTURE]),
  connecting('diff of which every message differs', ['diff', CAPTURE, OTHER], [1]),
  checking('a path that meets its values over and over', [20_000, 200], LISTS, {
    ignore: [`$${'[*,*]'.repeat(20)}`, `$${'..[*]'.repeat(40)}`],
  }),
  checking('filters within filters', [20_000, 200], LISTS, {
    ignore: ['$..[?count($..[?count($..*) > 1]) > 1]'],
  }),
  checking('a hundred paths', [10_000, 100], LISTS, {
    ignore: Array.from({ length: 100 }, (_, i) => `$..id${i}`),
  }),
  checking('a hundred large patterns', [400, 40], 'a'.repeat(10_000), {
    replace: Array.from({ length: 100 }, (_, i) => ({ pattern: `(a?){200}b${i}`, with: 'x' })),
  }),
  checking('a pattern that makes texts longer', [400, 40], 'a'.repeat(10_000), {
    replace: [{ pattern: 'a', with: 'b'.repeat(1000) }],
  }),
  comparing('messages of which each anchor makes the next', [20_000, 500], anchorChain),
  comparing('messages in the opposite order', [100_000, 2000], (count) => {
    const texts = Array.from({ length: count }, (_, i) => `${i}`)
    return [texts, texts.toReversed()]
  }),
  comparing('messages of two kinds in disorder', [100_000, 2000], (count) => {
    const texts = (factor: number) => Array.from({ length: count }, (_, i) => `${((i * factor) >> 7) & 1}`)
    return [texts(7919), texts(6007)]
  }),
  {
    kind: 'a golden file of names in names: check',
    units: 2_000_000,
    quick: 20_000,
    prepare(folder, count) {
      writeTexts(folder, CAPTURE, ['x'])
      writeFileSync(join(folder, 'capture.golden.json'), '{"a":'.repeat(count))
      return { words: ['check', CAPTURE], statuses: [2] }
    },
  },
]
