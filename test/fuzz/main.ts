// Runs the fuzzer: npm run fuzz -- --seconds 60 [--seed N] [--only TARGET] [--numbers 1,2,3]. Prints the seed and what it ran. If
// a property does not hold, prints the execution, the smallest numbers with which it fails, and why, and ends with status 1.
import { parseArgs } from 'node:util'
import { Worker } from 'node:worker_threads'
import type { Random } from '../support/builders/websocket-traffic.ts'
import { type FuzzFailure, fuzz, fuzzTarget, LONGEST_MILLISECONDS } from './fuzzer.ts'
import { ReplayedRandom, shrink } from './shrinking.ts'

/** Time for making a failure small. */
const SHRINKING_SECONDS = 60

/** An endless loop can only be reported and ended from another thread: the current seed is in shared memory. */
const WATCHDOG = `const { seed, longest } = require('node:worker_threads').workerData
let last, since
setInterval(() => {
  if (last !== seed[0]) [last, since] = [seed[0], performance.now()]
  if (performance.now() - since < longest) return
  require('node:fs').writeSync(2, 'hangs: --seed ' + seed[0] + '\\n')
  process.kill(process.pid, 'SIGKILL')
}, 1000)`

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    seed: { type: 'string' },
    only: { type: 'string' },
    numbers: { type: 'string' },
  },
})
const running = new Uint32Array(new SharedArrayBuffer(4))
const watchdog = new Worker(WATCHDOG, {
  eval: true,
  workerData: { seed: running, longest: 10 * LONGEST_MILLISECONDS },
})
if (values.numbers === undefined) await run(Number(values.seconds), values.only)
else await fuzzTarget(values.only ?? '')(new ReplayedRandom(values.numbers.split(',').map(Number)))
await watchdog.terminate()

async function run(duration: number, only: string | undefined): Promise<void> {
  const seed = Number(values.seed ?? Date.now() % 2 ** 31)
  console.log(`seed ${seed}`)
  const watch = (execution: number) => {
    running[0] = execution
  }
  const result = await fuzz({ seconds: duration, seed, only, watch })
  const { executions, seconds, byTarget, slowest, peak, failure } = result
  if (failure !== undefined) await tell(failure)
  for (const [name, count] of byTarget) console.log(`${String(count).padStart(9)}  ${name}`)
  console.log(
    `${executions} executions, ${Math.round(executions / seconds)} a second; the slowest took ${Math.round(slowest.milliseconds)} ms of processor time (${slowest.name}); peak memory ${Math.round(peak / 1e6)} MB`,
  )
}

async function tell({ name, seed, target, error, drawn }: FuzzFailure): Promise<void> {
  process.exitCode = 1
  console.log(`does not hold: --only "${name}" --seed ${seed}`)
  console.log(error)
  // Each try is another execution to the watchdog.
  const watched = (random: Random) => {
    running[0]!++
    return target(random)
  }
  const shrunk = await shrink(watched, drawn, SHRINKING_SECONDS)
  if (shrunk === undefined) return console.log('and holds where it is run alone')
  console.log(`the same with fewer numbers: --only "${name}" --numbers ${shrunk.numbers.join() || '0'}`)
  console.log(shrunk.error)
}
