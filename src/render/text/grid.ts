// Draws tables of fixed column widths: titles and cells go in, lines of text come out. The plain version lets cli-table3 draw
// each row, which takes 200 µs a row. Here cli-table3 draws the table once, with one empty row, and rows are filled into that
// drawing: less than 1 µs each. (`private`, not `#`: see output-bytes.ts.)
import Table from 'cli-table3'
import { escapeText } from './escape.ts'
import type { OutputBytes } from './output-bytes.ts'
import { Row } from './row.ts'
import { Literal } from './spelled-bytes.ts'
import { type Paint, SEQUENCES, type Style } from './style.ts'
import { displayWidth } from './width.ts'

/** A column: its content may be as wide as `width`. */
export interface Column {
  /** ASCII; `\n` between two lines. */
  readonly title: string
  readonly align: 'left' | 'right' | 'center'
  readonly width: number
}

/** How many columns of a table its borders and padding take. */
export function frameWidth(columns: number, padding: 0 | 1): number {
  return columns + 1 + columns * 2 * padding
}

/** The lines of a table, all equally wide, each with its line end. */
export class Grid {
  readonly columns: readonly Column[]
  /** Top border, titles and the rule below them. */
  readonly head: Literal
  /** The titles between two rules, in the middle of a table. */
  readonly headAgain: Literal
  /** Bottom border. */
  readonly foot: Literal
  /** How many columns a text over the full width has. */
  readonly span: number
  /** The edges before the cells, and after the last one. */
  private readonly edges: readonly Literal[]
  private readonly last: Literal
  /** The sequences before and after a text of each style. Undefined without colours. */
  private readonly painted: Readonly<Record<Style, readonly [Literal, Literal]>> | undefined
  private readonly cut = new Row()

  /** Draws the grid. Titles must fit their columns. */
  constructor(columns: readonly Column[], padding: 0 | 1, paint: Paint) {
    const table = new Table({
      head: columns.map(({ title }) => title),
      colWidths: columns.map(({ width }) => width + 2 * padding),
      colAligns: columns.map(({ align }) => align),
      style: { head: [], border: [], 'padding-left': padding, 'padding-right': padding },
    })
    table.push(columns.map(() => ' '))
    const drawn = table.toString().split('\n')
    const [top = '', ...rest] = drawn
    const foot = rest.pop() ?? ''
    const body = rest.pop() ?? ''
    const rule = rest.pop() ?? ''
    const border = (line: string) => `${paint('dim', line)}\n`
    const borders = body.split(/ +/).map((edge) => paint('dim', edge))
    const titles = rest.map((line) => `${paintTitles(line, borders, paint)}\n`).join('')
    const space = ' '.repeat(padding)
    this.columns = columns
    this.head = new Literal(border(top) + titles + border(rule))
    this.headAgain = new Literal(border(rule) + titles + border(rule))
    this.foot = new Literal(border(foot))
    this.span = displayWidth(body) - 2 - 2 * padding
    this.edges = borders.slice(0, -1).map((edge, i) => new Literal((i === 0 ? '' : space) + edge + space))
    this.last = new Literal(`${space}${borders.at(-1)}\n`)
    this.painted = surroundings(paint)
  }

  /**
   * Prints one line: the cells of the row that `shown` names, one for each column. A cell that is wider than its column is cut.
   */
  row(row: Row, shown: readonly number[], output: OutputBytes): void {
    const { columns, edges } = this
    for (let i = 0; i < columns.length; i++) {
      const { width, align } = columns[i]!
      this.cell(edges[i]!, row, shown[i]!, width, align, output)
    }
    output.literal(this.last)
  }

  /** Prints a line over all columns: the first cell of a row. */
  spanning(row: Row, output: OutputBytes): void {
    this.cell(this.edges[0]!, row, 0, this.span, 'left', output)
    output.literal(this.last)
  }

  /** Prints the edge, and the cell at a place in exactly `width` columns. */
  private cell(
    edge: Literal,
    row: Row,
    place: number,
    width: number,
    align: Column['align'],
    output: OutputBytes,
  ): void {
    const start = row.start(place)
    const end = row.end(place)
    const style = row.style(place)
    const missing = width - row.width(place)
    if (missing < 0) {
      const { cut } = this
      cut.clear()
      cut.text(escapeText(row.bytes.toString('utf8', start, end), width), style)
      this.cell(edge, cut, 0, width, align, output)
      return
    }
    const before = align === 'left' ? 0 : align === 'right' ? missing : missing >> 1
    output.literal(edge, before)
    if (style === undefined || this.painted === undefined || start === end) {
      output.few(row.view, start, end, missing - before)
    } else {
      const [on, off] = this.painted[style]
      output.literal(on)
      output.few(row.view, start, end, 0)
      output.literal(off, missing - before)
    }
  }
}

function surroundings(paint: Paint): Grid['painted'] {
  if (paint('bold', '·') === '·') return undefined
  const surrounding = ([style, [on, off]]: [string, readonly [string, string]]) =>
    [style, [new Literal(on), new Literal(off)]] as const
  return Object.fromEntries(Object.entries(SEQUENCES).map(surrounding)) as Record<Style, [Literal, Literal]>
}

function paintTitles(line: string, borders: readonly string[], paint: Paint): string {
  const titles = line.split('│').slice(1, -1)
  return titles.map((title, i) => borders[i] + paint('bold', title)).join('') + borders.at(-1)
}
