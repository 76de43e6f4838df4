// A short run of the fuzzer (npm run fuzz for a long one), and that what it finds is made small.
import { expect, it } from 'vitest'
import type { Random } from '../support/builders/websocket-traffic.ts'
import { fuzz } from './fuzzer.ts'
import { RecordingRandom, ReplayedRandom, shrink } from './shrinking.ts'
import { FUZZ_TARGETS } from './targets.ts'

const SECONDS = Number(process.env.FRAMEWALK_FUZZ_SECONDS ?? 12)
const SEED = Number(process.env.FRAMEWALK_SEED ?? 20_261_125)

it(`finds nothing in ${SECONDS} seconds from seed ${SEED} on`, {
  timeout: SECONDS * 1000 + 600_000,
}, async () => {
  const { failure, byTarget } = await fuzz({ seconds: SECONDS, seed: SEED })
  if (failure !== undefined) {
    const { name, seed, target, error, drawn } = failure
    const shrunk = await shrink(target, drawn, 60)
    const again = `npm run fuzz -- --only "${name}"`
    throw new Error(`${again} --seed ${seed}, or --numbers ${shrunk?.numbers.join()}: ${shrunk?.error}`, {
      cause: error,
    })
  }
  expect([...byTarget.keys()]).toEqual(FUZZ_TARGETS.map(([name]) => name))
  expect(Math.min(...byTarget.values())).toBeGreaterThan(0)
})

it('makes what it finds small, and says what to run', async () => {
  const target = (random: Random) => {
    const words = Array.from({ length: random.below(300) }, () => random.bytes(random.below(40)))
    const found = words.findIndex((word) => word.length > 7 && word[5]! > 200)
    if (found >= 0) throw new Error(`the word at ${found} of ${words.length}`)
  }
  const random = new RecordingRandom(1)
  expect(() => target(random)).toThrow('the word at')
  expect(random.drawn.length).toBeGreaterThan(1000)
  const shrunk = await shrink(target, random.drawn, 200)
  expect(shrunk).toEqual({
    numbers: [1, 8, 0, 0, 0, 0, 0, 201],
    error: 'Error: the word at 0 of 1',
  })
  expect(() => target(new ReplayedRandom(shrunk!.numbers))).toThrow('the word at 0 of 1')
  expect(await shrink(target, [0], 200)).toBeUndefined()
})
