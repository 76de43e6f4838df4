// npm run bench:check: what `framewalk check` costs on a capture of 100 000 messages that differs from its golden file in ten of
// them.
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { writeCapture } from '../../src/index.ts'
import { measure, medianCost } from './processes.ts'

const COUNT = 100_000
const DIFFERENCES = 10
const RUNS = 5
const MAIN = resolve(import.meta.dirname, '../../dist/cli/main.js')

const folder = mkdtempSync(join(tmpdir(), 'framewalk-check-'))
try {
  const at = (name: string): string => join(folder, name)
  const check = (words: string): ReturnType<typeof measure> =>
    // A check that finds differences ends with 1, which is not a failure here.
    measure(
      ['sh', '-c', `"${process.execPath}" "${MAIN}" check ${words} || [ $? -eq 1 ]`],
      at('output'),
      folder,
    )

  writeFileSync(
    at('before.pcap'),
    ticks(() => 1),
  )
  writeFileSync(
    at('after.pcap'),
    ticks((n) => (n % (COUNT / DIFFERENCES) === 7 ? 2 : 1)),
  )
  check(`--update "${at('before.pcap')}"`)
  copyFileSync(at('before.golden.json'), at('after.golden.json'))
  const costs = Array.from({ length: RUNS }, () => check(`"${at('after.pcap')}"`))
  if (!readFileSync(at('output'), 'utf8').includes(`: ${DIFFERENCES} differences from after.golden.json`))
    throw new Error('the check did not find the differences')
  const { wall, cpu, peak } = medianCost(costs)
  console.log(
    `${COUNT} messages, ${DIFFERENCES} differences: ${wall.toFixed(1)} s, ${cpu.toFixed(1)} s of the processor, ${peak.toFixed(0)} MiB (median of ${RUNS})`,
  )
} finally {
  rmSync(folder, { recursive: true })
}

/** A capture of as many messages as COUNT, each with its number and a price. */
function ticks(price: (n: number) => number): Uint8Array {
  const steps = Array.from({ length: COUNT }, (_, n) => ({
    from: n % 2 === 0 ? ('client' as const) : ('server' as const),
    json: { n, type: 'tick', price: price(n) },
  }))
  return writeCapture({ connections: [{ steps }] })
}
