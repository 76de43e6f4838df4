// The fuzzer: runs targets with random numbers until time is up, or a property does not hold.
import { setFlagsFromString } from 'node:v8'
import { FUZZ_TARGETS } from './fuzz-targets.ts'
import { Random } from './websocket-traffic.ts'

// As the command itself does (cli/main.ts): or else memory says more of the garbage collector than of the decoders.
setFlagsFromString('--heap-growing-percent=60')

/** Nothing takes so long: a run that does hangs. */
const LONGEST_MILLISECONDS = 20_000
/** The process's memory, the fuzzer's own included. */
const MOST_MEMORY = 800e6
/** Executions between two looks at the memory. */
const LOOK_EVERY = 64

export interface FuzzOptions {
  readonly seconds: number
  readonly seed: number
  /** Only this target. */
  readonly only?: string | undefined
}

export interface FuzzResult {
  readonly executions: number
  readonly seconds: number
  readonly byTarget: ReadonlyMap<string, number>
  readonly slowest: { readonly name: string; readonly milliseconds: number }
  /** Largest resident set seen, in bytes. */
  readonly peak: number
}

/** Throws, with the seed of the execution, where a property does not hold. Each execution has a seed of its own: `--only NAME --seed N` runs it first. */
export async function fuzz({ seconds, seed, only }: FuzzOptions): Promise<FuzzResult> {
  const targets = FUZZ_TARGETS.filter(([name]) => only === undefined || name === only)
  if (targets.length === 0)
    throw new RangeError(`no target ${only}; there are ${FUZZ_TARGETS.map(([name]) => name).join(', ')}`)
  const turns = targets.flatMap(([name, weight, target]) =>
    Array.from({ length: weight }, () => ({ name, target })),
  )
  const byTarget = new Map<string, number>(targets.map(([name]) => [name, 0]))
  let slowest = { name: '', milliseconds: 0 }
  let peak = 0
  const started = performance.now()
  const end = started + seconds * 1000
  let executions = 0
  for (let before = started; before < end; executions++) {
    const executionSeed = (seed + executions) >>> 0
    const { name, target } = turns[executions % turns.length]!
    try {
      await target(new Random(executionSeed))
    } catch (error) {
      throw new Error(`target "${name}", seed ${executionSeed}: ${String(error)}`, { cause: error })
    }
    const after = performance.now()
    if (after - before > slowest.milliseconds)
      slowest = { name: `${name}, seed ${executionSeed}`, milliseconds: after - before }
    if (after - before > LONGEST_MILLISECONDS)
      throw new Error(`target "${name}", seed ${executionSeed}: took ${after - before} ms`)
    before = after
    byTarget.set(name, byTarget.get(name)! + 1)
    if (executions % LOOK_EVERY > 0) continue
    // zlib's streams are freed when the event loop turns.
    await new Promise(setImmediate)
    peak = Math.max(peak, process.memoryUsage.rss())
    if (peak > MOST_MEMORY)
      throw new Error(`${peak} bytes of memory after target "${name}", seed ${executionSeed}`)
  }
  return { executions, seconds: (performance.now() - started) / 1000, byTarget, slowest, peak }
}
