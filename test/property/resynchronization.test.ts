// How often resynchronization is right: random streams, random losses, and what is decoded of them held against what was sent.
import { expect, it } from 'vitest'
import {
  emptyTally,
  runMidstreamTrial,
  runTrial,
  type Tally,
} from '../support/drivers/resynchronization-trials.ts'

const TRIALS = Number(process.env.FRAMEWALK_TRIALS ?? 1500)
const SEED = Number(process.env.FRAMEWALK_SEED ?? 100_000)

it(`more than 99 % of the frames after a hole are recovered and none is invented, in ${TRIALS} trials from seed ${SEED} on`, () => {
  const all = emptyTally()
  const bySegmentation = { message: emptyTally(), mss: emptyTally(), coalesced: emptyTally() }
  for (let trial = 0; trial < TRIALS; trial++) {
    const one = emptyTally()
    const { segmentation } = runTrial(SEED + trial, one)
    for (const tally of [all, bySegmentation[segmentation]]) add(tally, one)
  }
  console.log(
    `resynchronization, ${all.trials} trials from seed ${SEED}: behind the first segment start that starts a frame ` +
      `${share(all.recovered, all.expected)} of ${all.expected} frames recovered (a segment a message ` +
      `${recovered(bySegmentation.message)}, full segments and a rest ${recovered(bySegmentation.mss)}, several messages ` +
      `in full segments ${recovered(bySegmentation.coalesced)}), of all whole frames behind a hole ` +
      `${share(all.wholeRecovered, all.whole)}, ${all.invented} invented`,
  )
  expect(all.inventedIn).toEqual([])
  expect(all.recovered / all.expected).toBeGreaterThan(0.99)
  expect(all.held).toBe(0)
}, 300_000)

it.each([
  { firstByte: undefined, least: 0.85 },
  { firstByte: 'likely', least: 0.94 },
  { firstByte: 'assumed', least: 0.97 },
] as const)(
  `frames are recovered in mid-stream and none is invented, in ${TRIALS} trials from seed ${SEED} on (first byte: $firstByte)`,
  ({ firstByte, least }) => {
    const all = emptyTally()
    for (let trial = 0; trial < TRIALS; trial++) runMidstreamTrial(SEED + trial, all, firstByte)
    console.log(
      `mid-stream, ${all.trials} trials from seed ${SEED}, first byte ${firstByte ?? 'like any'}: from the first segment start that starts a frame ` +
        `${share(all.recovered, all.expected)} of ${all.expected} frames recovered, of all whole frames ` +
        `${share(all.wholeRecovered, all.whole)}, ${all.invented} invented`,
    )
    expect(all.inventedIn).toEqual([])
    expect(all.recovered / all.expected).toBeGreaterThan(least)
    expect(all.held).toBe(0)
  },
  300_000,
)

function add(to: Tally, { inventedIn, ...counts }: Tally): void {
  to.inventedIn.push(...inventedIn)
  for (const [name, count] of Object.entries(counts)) to[name as keyof typeof counts] += count
}

function recovered({ recovered, expected }: Tally): string {
  return share(recovered, expected)
}

function share(part: number, whole: number): string {
  return `${((100 * part) / whole).toFixed(2)} %`
}
