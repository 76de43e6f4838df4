// Hostile files and the built command, in a process of its own: it ends as it should, says what is wrong in one line, and stays under the
// memory that src/base/README.md promises; four times the attack takes no more than in proportion. npm run hostile does it with large ones.
import { beforeAll, describe, expect, it } from 'vitest'
import { MAIN, skipWithoutBuild } from '../support/drivers/requirements.ts'
import { TESTED_ATTACKS } from './attacks/all.ts'
import { faultsOf } from './judge.ts'
import { measureAttack, startOf } from './measure.ts'

const isSkipped = skipWithoutBuild()
let start: number

beforeAll(async () => {
  if (!isSkipped) start = await startOf(MAIN)
})

describe.skipIf(isSkipped)('an attack', () => {
  it.each(TESTED_ATTACKS.map((attack) => [attack.kind, attack] as const))(
    'an attack does no harm: %s',
    async (_, attack) => {
      const once = await measureAttack(attack, attack.quick, MAIN)
      const fourTimes = await measureAttack(attack, 4 * attack.quick, MAIN)
      expect(faultsOf(once, fourTimes, start)).toEqual([])
    },
  )
})
