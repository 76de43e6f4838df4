// Rows in, tables out: by connection, in pages. Each has the head of the connection, its rows, the findings, and how the
// connection ended. A bounded number of rows is held back, so that the frames of connections that talk at the same time come in
// groups, not in turns.
import type { TableOptions, Write } from '../renderer.ts'
import { Grid } from '../text/grid.ts'
import { OutputBytes } from '../text/output-bytes.ts'
import { Row } from '../text/row.ts'
import { type Paint, paintWith } from '../text/style.ts'
import { type ColumnPlan, type Layout, layOut } from './layout.ts'

/** Most rows under one head. */
const PAGE = 40
/** Most rows and lines that are held, over all connections. */
const MOST_HELD = 200

interface Section {
  head: string
  rows: Row[]
  lines: string[]
}

/** A table for each connection, printed page by page. */
export class TablePages {
  readonly #options: TableOptions
  readonly #plans: readonly ColumnPlan[]
  readonly #output: OutputBytes
  readonly #paint: Paint
  readonly #needed: number[]
  /** Place of the flexible one among the plans. */
  readonly #flexible: number
  #layout: Layout
  #grid: Grid
  /** What is held back, by connection, in the order of printing. 0: what belongs to no connection. */
  #sections = new Map<number, Section>()
  #held = 0
  /** Printed, to be used again. */
  readonly #free: Row[] = []
  readonly #belowRow = new Row()
  /** The connection printed last. */
  #current: number | undefined
  /** Rows under the head of the table that is being printed; undefined between tables. */
  #rowsUnderHead: number | undefined

  constructor(options: TableOptions, plans: readonly ColumnPlan[], write: Write) {
    this.#options = options
    this.#plans = plans
    this.#output = new OutputBytes(write)
    this.#paint = paintWith(options.color)
    this.#needed = plans.map(() => 0)
    this.#flexible = plans.findIndex(({ flexible }) => flexible === true)
    this.#layout = layOut(plans, options.width, this.#needed)
    this.#grid = new Grid(this.#layout.columns, this.#layout.padding, this.#paint)
  }

  /** How many columns the flexible cell of a row may take. */
  get flexibleWidth(): number {
    return this.#layout.columns[this.#layout.flexible]!.width
  }

  /** How many columns a line over the full width has. */
  get spanWidth(): number {
    return this.#grid.span
  }

  /** A connection's head. */
  head(connection: number, text: string): void {
    this.#makeRoom()
    this.#section(connection).head += text
    this.#held += 1
  }

  /** A new, empty row of a connection. Its cells may be replaced until it is printed. */
  row(connection: number): Row {
    this.#makeRoom()
    const section = this.#section(connection)
    if (section.rows.length >= PAGE) this.#printOne(connection, section)
    const row = this.#free.pop() ?? new Row()
    row.clear()
    section.rows.push(row)
    this.#held += 1
    return row
  }

  /** Text below the rows of a connection, with its line end. */
  line(connection: number, text: string): void {
    if (text === '') return
    this.#section(connection).lines.push(text)
    this.#held += 1
  }

  /** Prints what is held back. */
  flush(): void {
    for (const [connection, section] of this.#sections) this.#print(connection, section)
    // A new Map, not clear(): the old table of a cleared Map points to its new one, so that what was printed survives minor
    // collections.
    this.#sections = new Map()
    this.#held = 0
    this.#output.flush()
  }

  /** Prints what is held back, ends the table, and prints the last lines. */
  end(last: string): void {
    this.flush()
    this.#endTable()
    this.#output.text(last === '' || this.#current === undefined ? last : `\n${last}`)
    this.#output.flush()
  }

  #section(connection: number): Section {
    let section = this.#sections.get(connection)
    if (section === undefined) {
      section = { head: '', rows: [], lines: [] }
      this.#sections.set(connection, section)
    }
    return section
  }

  /** Called before something new comes, never between a frame and what belongs to it. */
  #makeRoom(): void {
    if (this.#held >= MOST_HELD) this.flush()
  }

  #printOne(connection: number, section: Section): void {
    this.#print(connection, section)
    this.#held -= section.rows.length + section.lines.length
    section.head = ''
    section.rows = []
    section.lines = []
  }

  #print(connection: number, { head, rows, lines }: Section): void {
    if (head === '' && rows.length === 0 && lines.length === 0) return
    if (head !== '' || connection !== this.#current) {
      this.#endTable()
      if (this.#current !== undefined) this.#output.text('\n')
      if (head !== '') this.#output.text(head)
      else if (connection > 0)
        this.#output.text(`${this.#paint('bold', `connection ${connection}, continued`)}\n`)
      this.#current = connection
    }
    if (rows.length > 0) this.#printRows(rows)
    if (lines.length === 0) return
    this.#endTable()
    for (const line of lines) this.#output.text(line)
  }

  #printRows(rows: readonly Row[]): void {
    this.#fit(rows)
    const grid = this.#grid
    const output = this.#output
    const { shown } = this.#layout
    for (const row of rows) {
      if (this.#rowsUnderHead === undefined) output.literal(grid.head)
      else if (this.#rowsUnderHead >= PAGE) output.literal(grid.headAgain)
      if (this.#rowsUnderHead === undefined || this.#rowsUnderHead >= PAGE) this.#rowsUnderHead = 0
      this.#rowsUnderHead += 1
      grid.row(row, shown, output)
      for (const text of row.below) this.#printBelow(text)
      this.#free.push(row)
    }
  }

  #printBelow(text: string): void {
    this.#belowRow.clear()
    this.#belowRow.text(text, 'dim')
    this.#grid.spanning(this.#belowRow, this.#output)
  }

  /** Widens the columns if the rows need it. Then a new table starts. */
  #fit(rows: readonly Row[]): void {
    let grown = false
    for (const row of rows) {
      for (let place = 0; place < this.#plans.length; place++) {
        const width = row.width(place)
        if (width <= this.#needed[place]! || place === this.#flexible) continue
        this.#needed[place] = width
        grown = true
      }
    }
    if (!grown) return
    const layout = layOut(this.#plans, this.#options.width, this.#needed)
    if (layout.columns.every(({ width }, i) => width === this.#layout.columns[i]!.width)) return
    this.#endTable()
    this.#layout = layout
    this.#grid = new Grid(layout.columns, layout.padding, this.#paint)
  }

  #endTable(): void {
    if (this.#rowsUnderHead === undefined) return
    this.#output.literal(this.#grid.foot)
    this.#rowsUnderHead = undefined
  }
}
