// Hostile captures and the built command, as attacks.test.ts has them: each is read as a table, and four times as much of it as NDJSON.
import { beforeAll, describe, expect, it } from 'vitest'
import { MAIN, skipWithoutBuild } from '../support/drivers/requirements.ts'
import { CAPTURES } from './attacks/all.ts'
import { faultsOf } from './judge.ts'
import { measureAttack, startOf } from './measure.ts'
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
      expect(faultsOf(once, fourTimes, start)).toEqual([])
    },
  )
})
