// Lets every attack meet the command and prints what it costs: CPU seconds and peak memory of its process, at N units and at 4N.
// Usage: npm run hostile [-- [--against DIR] [--quick] [--ceiling SECONDS] [words of the attacks to run …]]
// DIR is the dist/ of another build, an older one: it runs in turns with this one, and its figures come first.
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { MAIN } from '../support/drivers/requirements.ts'
import type { Attack } from './attack.ts'
import { ATTACKS } from './attacks/all.ts'
import { growthFaultsOf, rateOf, runFaultsOf, speedFaultsOf } from './judge.ts'
import { CEILING, type Measured, measureAttack, startOf } from './measure.ts'

const MB = 1e6

const { values, positionals } = parseArgs({
  options: { against: { type: 'string' }, quick: { type: 'boolean' }, ceiling: { type: 'string' } },
  allowPositionals: true,
})
const builds = [...(values.against === undefined ? [] : [join(resolve(values.against), 'cli/main.js')]), MAIN]
const ceiling = Number(values.ceiling ?? CEILING)
const start = await startOf(MAIN)

const figures = ['s at N', 's at 4N', 'MB/s', 'peak MB', 'exit']
const columns = [
  'attack',
  'MB at N',
  'MB at 4N',
  ...(builds.length === 1
    ? figures
    : ['before: ', 'after: '].flatMap((when) => figures.map((each) => when + each))),
]
console.log(`| ${columns.join(' | ')} |`)
console.log(`|---|${'---:|'.repeat(columns.length - 1)}`)
const faults: string[] = []
let worst = 0
for (const attack of ATTACKS) {
  if (positionals.length > 0 && !positionals.some((word) => attack.kind.includes(word))) continue
  await tell(attack)
}
console.log(
  `\nThe most memory: ${(worst / MB).toFixed(0)} MB. ${faults.length === 0 ? 'No faults.' : 'Faults:'}`,
)
for (const fault of faults) console.log(`- ${fault}`)
if (faults.length > 0) process.exitCode = 1

async function tell(attack: Attack): Promise<void> {
  const most = values.quick ? attack.quick * 4 : attack.units
  const once: Measured[] = []
  const fourTimes: Measured[] = []
  for (const main of builds) once.push(await measureAttack(attack, Math.ceil(most / 4), main, ceiling))
  for (const main of builds) fourTimes.push(await measureAttack(attack, most, main, ceiling))
  const cells = builds.flatMap((_, i) => figuresOf(once[i]!, fourTimes[i]!))
  const sizes = [once, fourTimes].map((runs) => megabytes(runs.at(-1)!.bytesIn))
  console.log(`| ${[attack.kind, ...sizes, ...cells].join(' | ')} |`)
  judge(attack.kind, once.at(-1)!, fourTimes.at(-1)!)
}

function figuresOf(once: Measured, fourTimes: Measured): string[] {
  const rate = rateOf(once, fourTimes)
  return [
    once.seconds.toFixed(1),
    fourTimes.seconds.toFixed(1),
    rate === undefined ? '' : rate.toFixed(rate < 10 ? 1 : 0),
    (Math.max(once.peak, fourTimes.peak) / MB).toFixed(0),
    once.status === fourTimes.status ? String(once.status) : `${once.status}, ${fourTimes.status}`,
  ]
}

/** Of the build that is tested. */
function judge(kind: string, once: Measured, fourTimes: Measured): void {
  worst = Math.max(worst, once.peak, fourTimes.peak)
  const found = [
    ...runFaultsOf(once),
    ...runFaultsOf(fourTimes),
    ...growthFaultsOf(once, fourTimes, start),
    ...speedFaultsOf(once, fourTimes),
  ]
  for (const fault of new Set(found)) faults.push(`${kind}: ${fault}`)
}

function megabytes(bytes: number): string {
  return (bytes / MB).toFixed(bytes < 10 * MB ? 2 : 0)
}
