// A row of a table that waits to be printed: its cells as bytes, with their widths and styles. Cells go in from left to right,
// and may be replaced. The plain version is an object with a string for each cell. It takes three times as long, and the garbage
// collector a third of that. Here the bytes of a row are used again for later rows. (`private`, not `#`: see output-bytes.ts.)
import type { Time } from '../../base/stream.ts'
import { shortNumber } from './amount.ts'
import { writeSecondsBetween } from './elapsed.ts'
import { copyPrintable, escapeUtf8 } from './escape.ts'
import {
  copyFew,
  dataViewOf,
  LARGEST_NUMBER,
  Literal,
  SLACK,
  writeHex,
  writeNumber,
  writeText,
} from './spelled-bytes.ts'
import type { Style } from './style.ts'
import { displayWidth } from './width.ts'

const FIRST_CAPACITY = 256
/** Most digits of a number, or of a word in hex. */
const LONGEST_NUMBER = 8
const LONGEST_TIME = 32

/** A cell that many rows have. Its text is already escaped. */
export class Cell extends Literal {
  /** Columns that it takes. */
  readonly width: number
  readonly style: Style | undefined

  constructor(text: string, style?: Style) {
    super(text)
    this.width = displayWidth(text)
    this.style = style
  }
}

export class Row {
  /** Lines over the full width below it. */
  below: readonly string[] = NONE_BELOW
  /** UTF-8 of the cells. The bytes of a replaced cell stay, and are not printed. */
  bytes: Buffer<ArrayBuffer> = Buffer.allocUnsafeSlow(FIRST_CAPACITY)
  /** The same, as words. Readers may read a word past the last cell. */
  view = dataViewOf(this.bytes)
  private at = 0
  private readonly starts: number[] = []
  private readonly ends: number[] = []
  private readonly widths: number[] = []
  private readonly styles: (Style | undefined)[] = []
  /** Cells so far: the place of the next one. */
  private count = 0

  /** Takes all cells out. */
  clear(): void {
    this.at = 0
    this.count = 0
    this.below = NONE_BELOW
  }

  /** Where the cell at a place lies in `bytes`. */
  start(place: number): number {
    return this.starts[place]!
  }

  end(place: number): number {
    return this.ends[place]!
  }

  /** Columns that the cell at a place takes. */
  width(place: number): number {
    return this.widths[place]!
  }

  style(place: number): Style | undefined {
    return this.styles[place]
  }

  /** A ready cell. */
  cell({ view, length, width, style }: Cell): void {
    this.reserve(length)
    this.add(copyFew(this.view, this.at, view, 0, length), width, style)
  }

  /** A whole number from 0 on. */
  number(number: number, style?: Style): void {
    if (number > LARGEST_NUMBER) {
      this.ascii(String(number), style)
      return
    }
    this.reserve(LONGEST_NUMBER)
    const end = writeNumber(this.view, this.at, number)
    this.add(end, end - this.at, style)
  }

  /** A whole number from 0 on, in at most eight columns. */
  shortNumber(number: number | bigint): void {
    if (number <= LARGEST_NUMBER) this.number(Number(number))
    else this.ascii(shortNumber(number, LONGEST_NUMBER))
  }

  /** A 32-bit word in hex. */
  hexWord(word: number, style?: Style): void {
    this.reserve(LONGEST_NUMBER)
    this.add(writeHex(this.bytes, this.at, word, LONGEST_NUMBER), LONGEST_NUMBER, style)
  }

  /** The time between two moments in seconds, in at most `columns` columns. */
  seconds(start: Time | undefined, end: Time | undefined, columns: number): void {
    this.reserve(LONGEST_TIME)
    const to = writeSecondsBetween(this.bytes, this.view, this.at, start, end, columns)
    this.add(to, to - this.at, undefined)
  }

  /** Printable ASCII, which is as wide as it is long. */
  ascii(text: string, style?: Style): void {
    this.reserve(text.length)
    this.add(writeText(this.bytes, this.at, text), text.length, style)
  }

  /** A text that is escaped. */
  text(text: string, style?: Style): void {
    this.reserve(text.length * 3)
    this.add(writeText(this.bytes, this.at, text), displayWidth(text), style)
  }

  /** A note in ASCII, and after it captured UTF-8 in at most `columns` columns. */
  utf8(captured: Uint8Array, columns: number, note: string): void {
    this.reserve(note.length + Math.min(captured.length, columns))
    const end = copyPrintable(captured, columns, this.bytes, writeText(this.bytes, this.at, note))
    if (end < 0) this.text(note + escapeUtf8(captured, columns))
    else this.add(end, note.length + Math.min(captured.length, columns), undefined)
  }

  /** Puts what `write` adds in place of an earlier cell. */
  replace(place: number, write: (row: Row) => void): void {
    const { count } = this
    this.count = place
    write(this)
    this.count = count
  }

  restyle(place: number, style: Style): void {
    this.styles[place] = style
  }

  private reserve(length: number): void {
    const needed = this.at + length + SLACK
    if (needed > this.bytes.length) this.grow(needed)
  }

  private grow(needed: number): void {
    const grown = Buffer.allocUnsafeSlow(needed * 2)
    grown.set(this.bytes.subarray(0, this.at))
    this.bytes = grown
    this.view = dataViewOf(grown)
  }

  /** The bytes up to `end` are the next cell. */
  private add(end: number, width: number, style: Style | undefined): void {
    const place = this.count++
    this.starts[place] = this.at
    this.ends[place] = end
    this.widths[place] = width
    this.styles[place] = style
    this.at = end
  }
}

const NONE_BELOW: readonly string[] = []
