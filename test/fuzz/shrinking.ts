// Makes what the fuzzer found small: records the numbers that an execution drew, and lets fast-check look for fewer and smaller
// numbers with which the same property does not hold.
import fc from 'fast-check'
import { Random } from '../support/builders/websocket-traffic.ts'

/** Draws numbers from a seed and records them. */
export class RecordingRandom extends Random {
  readonly drawn: number[] = []

  override below(limit: number): number {
    const number = super.below(limit)
    this.drawn.push(number)
    return number
  }
}

/** Draws the recorded numbers, each modulo the limit that is asked for, and zeros after them. */
export class ReplayedRandom extends Random {
  readonly #numbers: readonly number[]
  #at = 0

  constructor(numbers: readonly number[]) {
    super(0)
    this.#numbers = numbers
  }

  override below(limit: number): number {
    return (this.#numbers[this.#at++] ?? 0) % limit
  }
}

/** A failure made small: the numbers to draw, and the sentence about what does not hold then. */
export interface Shrunk {
  readonly numbers: readonly number[]
  readonly error: string
}

/**
 * Fewer and smaller numbers with which `target` fails as it does with `numbers`, found in the given seconds; undefined if
 * `numbers` do not fail.
 */
export async function shrink(
  target: (random: Random) => void | Promise<void>,
  numbers: readonly number[],
  seconds: number,
): Promise<Shrunk | undefined> {
  const run = async (reversed: readonly number[]): Promise<string | undefined> => {
    try {
      await target(new ReplayedRandom(reversed.toReversed()))
      return undefined
    } catch (error) {
      return String(error)
    }
  }
  const first = numbers.toReversed()
  const error = await run(first)
  if (error === undefined) return undefined
  const kind = kindOf(error)
  // fast-check drops the front of an array first: here that must be what was drawn last.
  const { counterexample } = await fc.check(
    fc.asyncProperty(
      fc.array(fc.nat({ max: 0xffffffff }), { maxLength: numbers.length, size: 'max' }),
      async (reversed) => {
        const found = await run(reversed)
        return found === undefined || kindOf(found) !== kind
      },
    ),
    { examples: [[first]], numRuns: 1, interruptAfterTimeLimit: seconds * 1000 },
  )
  const smallest = counterexample?.[0] ?? first
  return { numbers: smallest.toReversed(), error: (await run(smallest)) ?? error }
}

/** What two failures of the same fault have in common: all except numbers and quoted text. */
function kindOf(error: string): string {
  return error.replaceAll(/"(?:[^"\\]|\\.)*"|\d+/g, '#').slice(0, 120)
}
