// The README's table of damages is what both tools say today; if tshark is missing, or is another version, its column is left out.
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { skipBecause } from '../support/drivers/requirements.ts'
import { damageTable } from './table.ts'

const README = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')

it('the README shows the table of damages as it comes out', async () => {
  const shown = README.split('\n')
  const start = shown.findIndex((line) => line.startsWith('| damage | framewalk'))
  const table = await damageTable()
  const listed = shown.slice(start, start + table.length)
  const isSameTshark = columns(listed[0]!)[4] === columns(table[0]!)[4]
  const compared =
    !isSameTshark && skipBecause(`the README's ${columns(listed[0]!)[4]?.trim()} is not installed`) ? 4 : 5
  const rows = (lines: readonly string[]) => lines.map((line) => columns(line).slice(0, compared))
  expect(rows(listed)).toEqual(rows(table))
})

function columns(row: string): string[] {
  return row.split('|')
}
