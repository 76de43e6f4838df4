import Table from 'cli-table3'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Column, frameWidth, Grid } from '../../src/render/text/grid.ts'
import { OutputBytes } from '../../src/render/text/output-bytes.ts'
import { Row } from '../../src/render/text/row.ts'
import { paintWith, type Style } from '../../src/render/text/style.ts'
import { displayWidth } from '../../src/render/text/width.ts'

const text = fc.stringMatching(/^[\x21-\x7e一-龥가-힣→·]{0,6}$/)
const columns: fc.Arbitrary<Column[]> = fc.array(
  fc.record({
    title: fc.stringMatching(/^[a-zA-Z]{1,8}$/),
    align: fc.constantFrom('left', 'right', 'center'),
    width: fc.integer({ min: 12, max: 20 }),
  }),
  { minLength: 1, maxLength: 6 },
)
const tables = columns.chain((columns) =>
  fc.record({
    columns: fc.constant(columns),
    padding: fc.constantFrom(0 as const, 1 as const),
    rows: fc.array(fc.array(text, { minLength: columns.length, maxLength: columns.length }), {
      minLength: 1,
      maxLength: 5,
    }),
  }),
)

/** What is printed by a function. */
function printed(print: (output: OutputBytes) => void): string {
  let text = ''
  const output = new OutputBytes((bytes) => {
    text += bytes.toString()
  })
  print(output)
  output.flush()
  return text
}

function rowWith(texts: readonly string[], style?: Style): Row {
  const row = new Row()
  for (const text of texts) row.text(text, style)
  return row
}

function printedRow(grid: Grid, row: Row): string {
  return printed((output) => grid.row(row, [...grid.columns.keys()], output))
}

describe('a grid', () => {
  it('a grid prints what cli-table3 prints of the same cells', () => {
    fc.assert(
      fc.property(tables, ({ columns, padding, rows }) => {
        const table = new Table({
          head: columns.map(({ title }) => title),
          colWidths: columns.map(({ width }) => width + 2 * padding),
          colAligns: columns.map(({ align }) => align),
          style: { head: [], border: [], compact: true, 'padding-left': padding, 'padding-right': padding },
        })
        table.push(...rows)
        const grid = new Grid(columns, padding, paintWith(false))
        const drawn =
          grid.head.text + rows.map((texts) => printedRow(grid, rowWith(texts))).join('') + grid.foot.text
        expect(drawn).toBe(`${table.toString()}\n`)
      }),
      { numRuns: 50 },
    )
  })

  it('a grid cuts what is wider than its column, so that every line is as wide as the frame says', () => {
    const columns = [3, 8, 1].map((width): Column => ({ title: 'x', align: 'left', width }))
    const grid = new Grid(columns, 1, paintWith(false))
    const lines = [
      printedRow(grid, rowWith(['abcdef', '服务器服务器', '…'])),
      printed((output) => grid.spanning(rowWith(['x'.repeat(100)]), output)),
      ...grid.head.text.trimEnd().split('\n'),
    ]
    for (const line of lines) expect(displayWidth(line.trimEnd())).toBe(12 + frameWidth(3, 1))
    expect(lines[0]).toBe('│ ab… │ 服务器…  │ … │\n')
  })

  it('a grid colours cells, titles and borders without changing a letter', () => {
    const columns: Column[] = [{ title: 'name', align: 'right', width: 6 }]
    const plainGrid = new Grid(columns, 1, paintWith(false))
    const colored = new Grid(columns, 1, paintWith(true))
    const row = rowWith(['a'], 'red')
    expect(printedRow(colored, row)).toContain('\x1b[31m')
    const bare = (text: string) => text.replace(/\x1b\[\d+m/g, '')
    expect(bare(colored.head.text + printedRow(colored, row) + colored.foot.text)).toBe(
      plainGrid.head.text + printedRow(plainGrid, row) + plainGrid.foot.text,
    )
  })

  it('a grid prints a cell that is longer than a batch of output, and rows that are used again with other cells', () => {
    const long = '服'.repeat(30_000)
    const grid = new Grid([{ title: 'x', align: 'left', width: 60_001 }], 0, paintWith(false))
    const row = rowWith([long])
    expect(printedRow(grid, row)).toBe(`│${long} │\n`)
    row.clear()
    row.text('first')
    row.replace(0, (row) => row.text('second'))
    expect(printedRow(grid, row).replace(/ +/, ' ')).toBe('│second │\n')
  })
})
