// Hostile captures through the built command, in a process of its own: it ends, says what is wrong by its status at most, and stays under
// the memory that src/base/README.md promises; four times the capture takes no more than in proportion. npm run hostile does it with long ones.
import { expect, it } from 'vitest'
import { MAIN, skipWithoutBuild } from '../support/drivers/requirements.ts'
import { HOSTILE_CAPTURES } from './captures.ts'
import { measureCli } from './measure.ts'

/** The manual's bound (src/base/README.md), in bytes. */
const MOST_MEMORY = 400e6
/** Four times the work, and room for a machine that is busy; work that grows with the square would be sixteen times as much. */
const MOST_GROWTH = 9
/** CPU seconds in which nothing can be told from the start of a process. */
const NOISE = 0.8

it.skipIf(skipWithoutBuild()).each(HOSTILE_CAPTURES.map((each) => [each.kind, each] as const))(
  '%s',
  async (_, { quick, pieces }) => {
    const once = await measureCli([MAIN], ['-'], pieces(quick))
    const fourTimes = await measureCli([MAIN], ['-', '--format', 'ndjson'], pieces(quick * 4))
    for (const { status, stderr, peak, bytesOut } of [once, fourTimes]) {
      expect(stderr.replaceAll(/^framewalk: .*(?:damaged|cut off|truncated).*\n?/gm, '')).toBe('')
      expect([0, 3]).toContain(status)
      expect(bytesOut).toBeGreaterThan(0)
      expect(peak).toBeLessThan(MOST_MEMORY)
    }
    expect(fourTimes.seconds).toBeLessThan(Math.max(NOISE, once.seconds) * MOST_GROWTH)
  },
)
