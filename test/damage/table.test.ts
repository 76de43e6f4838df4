// The manual's table of damages is what both tools say today; if tshark is missing, or is another version, its column is left out.
// `npm run readme` writes the table anew, given tshark.
import { readFileSync, writeFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { skipBecause } from '../support/drivers/requirements.ts'
import { tsharkVersion } from '../support/oracles/tshark.ts'
import { damageTable } from './table.ts'

const MANUAL = new URL('README.md', import.meta.url)

it('the manual shows the table of damages as it comes out', async () => {
  const table = await damageTable()
  const lines = readFileSync(MANUAL, 'utf8').split('\n')
  const start = lines.findIndex((line) => line.startsWith('| damage | framewalk'))
  if (process.env['UPDATE'] === '1' && tsharkVersion() !== undefined) {
    const length = lines.slice(start).findIndex((line) => !line.startsWith('|'))
    lines.splice(start, length, ...table)
    writeFileSync(MANUAL, lines.join('\n'))
  }
  const listed = lines.slice(start, start + table.length)
  const isSameTshark = columns(listed[0]!)[4] === columns(table[0]!)[4]
  const compared =
    !isSameTshark && skipBecause(`the manual's ${columns(listed[0]!)[4]?.trim()} is not installed`) ? 4 : 5
  const rows = (shown: readonly string[]) => shown.map((line) => columns(line).slice(0, compared))
  expect(rows(listed)).toEqual(rows(table))
})

function columns(row: string): string[] {
  return row.split('|')
}
