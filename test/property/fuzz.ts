// Runs the fuzzer: npm run fuzz -- --seconds 60 --seed N. Prints the seed, and where a property does not hold what was run and why.
import { parseArgs } from 'node:util'
import { fuzz } from '../support/fuzzer.ts'

const { values } = parseArgs({
  options: { seconds: { type: 'string', default: '60' }, seed: { type: 'string' }, only: { type: 'string' } },
})
const seed = Number(values.seed ?? Date.now() % 2 ** 31)
console.log(`seed ${seed}`)
const { executions, seconds, byTarget, slowest, peak } = await fuzz({
  seconds: Number(values.seconds),
  seed,
  only: values.only,
})
for (const [name, count] of byTarget) console.log(`${String(count).padStart(9)}  ${name}`)
console.log(
  `${executions} executions, ${Math.round(executions / seconds)} a second; the slowest took ${Math.round(slowest.milliseconds)} ms (${slowest.name}); peak memory ${Math.round(peak / 1e6)} MB`,
)
