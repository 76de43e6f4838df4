// Hostile files and the built command, in a process of its own: it ends as it should, says what is wrong in one line, and stays under the
// memory that src/base/README.md promises; four times the attack takes no more than in proportion. npm run hostile does it with large ones.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { MAIN, skipWithoutBuild } from '../support/drivers/requirements.ts'
import { CAPTURES, TESTED_ATTACKS } from './attacks/all.ts'
import { growthFaultsOf, runFaultsOf, speedFaultsOf } from './judge.ts'
import { type Measured, measureAttack, startOf } from './measure.ts'
import { meeting, READERS } from './readers.ts'

const isSkipped = skipWithoutBuild()
let start: number

beforeAll(async () => {
  if (!isSkipped) start = await startOf(MAIN)
})

describe.skipIf(isSkipped)('a hostile capture', () => {
  it.each(CAPTURES.map((capture) => [capture.kind, capture] as const))(
    'a hostile capture is read as a table, and four times as much as NDJSON: %s',
    async (_, capture) => {
      const [table, ndjson] = READERS.map((reader) => meeting(capture, reader))
      const once = await measureAttack(table!, capture.quick, MAIN)
      const fourTimes = await measureAttack(ndjson!, 4 * capture.quick, MAIN)
      expect(faultsOf(once, fourTimes)).toEqual([])
    },
  )
})

describe.skipIf(isSkipped)('an attack', () => {
  it.each(TESTED_ATTACKS.map((attack) => [attack.kind, attack] as const))(
    'an attack does no harm: %s',
    async (_, attack) => {
      const once = await measureAttack(attack, attack.quick, MAIN)
      const fourTimes = await measureAttack(attack, 4 * attack.quick, MAIN)
      expect(faultsOf(once, fourTimes)).toEqual([])
    },
  )
})

function faultsOf(once: Measured, fourTimes: Measured): string[] {
  return [...runFaultsOf(once), ...runFaultsOf(fourTimes), ...growthFaultsOf(once, fourTimes, start)]
}

describe('the judge of attacks', () => {
  const CRASH = 'process.abort()'
  const HANG = 'for (;;);'
  const STALL = 'setInterval(() => {}, 1000)'
  const TRACE = "throw new Error('oh')"
  const ERROR_NAME = "console.error('framewalk: a.pcap: Error: EACCES'); process.exitCode = 2"
  const GREEDY = 'console.log(Buffer.alloc(450e6, 1).length)'
  const SILENT = ''
  const WELL = "console.error('framewalk: a.pcap: is not a capture; name another file'); process.exitCode = 2"
  it.each([
    ['a crash', CRASH, /ended with SIGABRT/],
    ['an endless loop', HANG, /ended with SIG(?:XCPU|KILL)/],
    ['what waits for ever', STALL, /ended with SIGKILL/],
    ['a stack trace', TRACE, /said/],
    ['the words of the runtime', ERROR_NAME, /said/],
    ['too much memory', GREEDY, /^took \d+ MB$/],
    ['silence', SILENT, /^printed nothing at all$/],
    ['nothing, if all is well', WELL, /^$/],
  ])('the judge of attacks names %s', async (_, program, expected) => {
    const prepare = (folder: string) => {
      writeFileSync(join(folder, 'main.mjs'), program)
      return { words: [], statuses: [0, 2] }
    }
    const faults = runFaultsOf(await measureAttack({ prepare }, 1, './main.mjs', 1))
    expect(faults.join('\n')).toMatch(expected)
  })

  it('the judge of attacks names work that grows with the square of the attack', async () => {
    const taking = (seconds: number) => ({ seconds }) as Measured
    expect(growthFaultsOf(taking(1.1), taking(16.1), 0.1)).toHaveLength(1)
    expect(growthFaultsOf(taking(1.1), taking(5.1), 0.1)).toEqual([])
  })

  it('the judge of attacks names a capture that is read slowly, whatever a process pays once', () => {
    const reading = (bytesIn: number, seconds: number) => ({ bytesIn, seconds }) as Measured
    expect(speedFaultsOf(reading(1e6, 2), reading(4e6, 2.7))).toEqual(['is read at 4.3 MB/s'])
    expect(speedFaultsOf(reading(1e6, 2), reading(4e6, 2.55))).toEqual([])
    expect(speedFaultsOf(reading(1e5, 2), reading(4e5, 2.4))).toEqual([])
  })

  it('a file that a command names three times is read three times', async () => {
    const prepare = (folder: string) => {
      writeFileSync(join(folder, 'main.mjs'), '')
      writeFileSync(join(folder, 'a.pcap'), 'a'.repeat(1000))
      return { words: ['a.pcap', 'a.pcap', 'a.pcap'], statuses: [0] }
    }
    expect((await measureAttack({ prepare }, 1, './main.mjs', 1)).bytesIn).toBe(3000)
  })
})
