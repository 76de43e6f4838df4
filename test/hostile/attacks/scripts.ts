// Hostile scripts: short ones that ask for a capture without end, long ones, deep ones, and ones whose fault comes last.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Attack } from '../attack.ts'

const client = (step: object) => ({ from: 'client', ...step })
const script = (steps: readonly object[], connection: object = {}) =>
  JSON.stringify({ connections: [{ steps, ...connection }] })

/** `make`: the text of a script of so many units. */
function encoding(kind: string, units: number, quick: number, make: (units: number) => string): Attack {
  return {
    kind: `${kind}: encode`,
    units,
    quick,
    prepare(folder, count) {
      writeFileSync(join(folder, 'hostile.script.json'), make(count))
      return { words: ['encode', 'hostile.script.json', '-o', 'capture.pcap'], statuses: [0, 2] }
    },
  }
}

export const SCRIPT_ATTACKS: readonly Attack[] = [
  encoding('a script of many steps', 400_000, 10_000, (units) =>
    script(Array.from({ length: units }, () => client({ text: 'x' }))),
  ),
  encoding('a script of many connections', 2_000_000, 2500, (units) =>
    JSON.stringify({ connections: Array.from({ length: units }, () => ({})) }),
  ),
  encoding('a text in segments of one byte', 4_000_000, 100_000, (units) =>
    script([client({ text: 'x'.repeat(units) })], { segmentSize: 1 }),
  ),
  encoding('segments that each repeat the one before', 1_000_000, 20_000, (units) =>
    script([client({ text: 'x'.repeat(units), packets: { segmentSize: 1400, overlap: 1399 } })]),
  ),
  encoding('a short message in many fragments', 1_000_000_000, 100_000, (units) =>
    script([client({ text: 'x', fragments: units })]),
  ),
  encoding('short messages in a thousand fragments each', 20_000, 100, (units) =>
    script(Array.from({ length: units }, () => client({ text: 'x', fragments: 1000 }))),
  ),
  encoding('a message of hex digits', 6_000_000, 1_000_000, (units) =>
    script([client({ binary: 'ab'.repeat(units / 2) })]),
  ),
  encoding('a script with JSON in JSON', 400_000, 100_000, (units) =>
    script([client({ json: 0 })]).replace('"json":0', `"json":${'['.repeat(units)}${']'.repeat(units)}`),
  ),
  encoding('a script with its fault at the end', 2_000_000, 50_000, (units) =>
    script([...Array.from({ length: units }, () => client({ text: 'x' })), client({ texts: 'x' })]),
  ),
  encoding('a script with a fault of JSON at the end', 2_000_000, 50_000, (units) =>
    script(Array.from({ length: units }, () => client({ text: 'x' }))).replace(/.$/, ''),
  ),
]
