// The fuzzer: runs targets with random numbers until time is up or a property does not hold.
import { setFlagsFromString } from 'node:v8'
import { processorTime } from '../support/drivers/processor-time.ts'
import { RecordingRandom } from './shrinking.ts'
import { FUZZ_TARGETS, type FuzzTarget } from './targets.ts'

// As the command itself does (cli/main.ts): otherwise memory says more about the garbage collector than about the decoders.
setFlagsFromString('--heap-growing-percent=60')

/** Milliseconds of processor time: a run that takes longer hangs. */
export const LONGEST_MILLISECONDS = 20_000
/** Most memory of the process in bytes, the fuzzer's own included. */
const MOST_MEMORY = 600e6
/** Executions between two looks at the memory. */
const LOOK_EVERY = 64

/** How long to run, and from which seed. */
export interface FuzzOptions {
  readonly seconds: number
  readonly seed: number
  /** Only this target. */
  readonly only?: string | undefined
  /** Told the seed of each execution before it. */
  readonly watch?: ((seed: number) => void) | undefined
}

/** An execution in which a property does not hold. `--only TARGET --seed SEED` runs it first. */
export interface FuzzFailure {
  readonly name: string
  readonly target: FuzzTarget
  readonly seed: number
  readonly error: unknown
  /** The random numbers that it drew. */
  readonly drawn: readonly number[]
}

/** What ran, and the first failure. */
export interface FuzzResult {
  readonly executions: number
  readonly seconds: number
  readonly byTarget: ReadonlyMap<string, number>
  readonly slowest: { readonly name: string; readonly milliseconds: number }
  /** Largest resident set seen, in bytes. */
  readonly peak: number
  /** What ended it before its time. */
  readonly failure: FuzzFailure | undefined
}

/** The target with a name. Throws RangeError if there is none. */
export function fuzzTarget(name: string): FuzzTarget {
  const found = FUZZ_TARGETS.find(([each]) => each === name)
  if (found !== undefined) return found[2]
  throw new RangeError(`no target ${name}; there are ${FUZZ_TARGETS.map(([each]) => each).join(', ')}`)
}

/** Each execution has its own seed, one more than that of the execution before. */
export async function fuzz({ seconds, seed, only, watch }: FuzzOptions): Promise<FuzzResult> {
  const targets = only === undefined ? FUZZ_TARGETS : [[only, 1, fuzzTarget(only)] as const]
  const turns = targets.flatMap(([name, weight, target]) =>
    Array.from({ length: weight }, () => ({ name, target })),
  )
  const byTarget = new Map<string, number>(targets.map(([name]) => [name, 0]))
  let slowest = { name: '', milliseconds: 0 }
  let peak = 0
  let failure: FuzzFailure | undefined
  const started = performance.now()
  const end = started + seconds * 1000
  // Each target has its turn, however slow the machine.
  const isOver = () => performance.now() >= end && executions >= turns.length
  let executions = 0
  for (; failure === undefined && !isOver(); executions++) {
    const executionSeed = (seed + executions) >>> 0
    const { name, target } = turns[executions % turns.length]!
    watch?.(executionSeed)
    const random = new RecordingRandom(executionSeed)
    const fail = (error: unknown) => {
      failure = { name, target, seed: executionSeed, error, drawn: random.drawn }
    }
    const before = processorTime()
    await Promise.resolve(random).then(target).catch(fail)
    const milliseconds = processorTime() - before
    if (milliseconds > slowest.milliseconds)
      slowest = { name: `${name}, seed ${executionSeed}`, milliseconds }
    if (milliseconds > LONGEST_MILLISECONDS)
      fail(new Error(`took ${Math.round(milliseconds)} ms of processor time`))
    byTarget.set(name, byTarget.get(name)! + 1)
    if (executions % LOOK_EVERY > 0) continue
    // zlib's streams are freed when the event loop turns.
    await new Promise(setImmediate)
    peak = Math.max(peak, process.memoryUsage.rss())
    if (peak > MOST_MEMORY) fail(new Error(`${Math.round(peak / 1e6)} MB of memory behind it`))
  }
  return { executions, seconds: (performance.now() - started) / 1000, byTarget, slowest, peak, failure }
}
