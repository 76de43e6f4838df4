// Feeds the command every hostile capture and prints what it costs: CPU seconds and peak memory of its process.
// Usage: npm run hostile [-- word of the kinds to run …]
import { MAIN } from '../support/drivers/requirements.ts'
import { HOSTILE_CAPTURES } from './captures.ts'
import { measureCli } from './measure.ts'

const words = process.argv.slice(2)
const MB = 1e6

console.log('| hostile capture | MB | seconds | × for 4 × | peak MB: table | peak MB: NDJSON | MB out |')
console.log('|---|---:|---:|---:|---:|---:|---:|')
for (const { kind, units, pieces } of HOSTILE_CAPTURES) {
  if (words.length > 0 && !words.some((word) => kind.includes(word))) continue
  const small = await measureCli([MAIN], ['-'], pieces(Math.ceil(units / 4)))
  const table = await measureCli([MAIN], ['-'], pieces(units))
  const ndjson = await measureCli([MAIN], ['-', '--format', 'ndjson'], pieces(units))
  const figures = [
    (table.bytesIn / MB).toFixed(0),
    table.seconds.toFixed(1),
    (table.seconds / small.seconds).toFixed(1),
    (table.peak / MB).toFixed(0),
    (ndjson.peak / MB).toFixed(0),
    `${(table.bytesOut / MB).toFixed(0)} / ${(ndjson.bytesOut / MB).toFixed(0)}`,
  ]
  console.log(`| ${kind} | ${figures.join(' | ')} |`)
  for (const run of [small, table, ndjson]) {
    if (run.status !== 0 && run.status !== 3)
      console.log(`  status ${run.status}: ${run.stderr.slice(0, 500)}`)
  }
}
