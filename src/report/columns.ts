// The blocks of a report as they fill: tables of typed columns, and lists of words (page-data.ts). A full block is handed on, so
// that no more than one is held.
import { endianness } from 'node:os'
import type { ColumnType, Table, Words } from './page-data.ts'

const ARRAYS = { uint8: Uint8Array, uint32: Uint32Array, float64: Float64Array } as const
/** A block of frames then has 1.4 MB. */
const ROWS_PER_BLOCK = 16 * 1024
const WORDS_PER_BLOCK = 64 * 1024

type Column = Uint8Array | Uint32Array | Float64Array

/** Takes a full block, as a view, and its number from 0 on. */
export type TakeBlock = (bytes: Uint8Array, index: number) => void

/** Columns of numbers, by name. */
export class TableBlocks<Columns extends { readonly [Name in keyof Columns]: Column }> {
  rows = 0
  /** Of the block at hand. */
  readonly columns: Columns
  readonly #types: ReadonlyArray<readonly [name: keyof Columns & string, type: ColumnType]>
  readonly #block: TakeBlock

  constructor(types: { readonly [Name in keyof Columns]: ColumnType }, block: TakeBlock) {
    this.#types = Object.entries(types) as [keyof Columns & string, ColumnType][]
    this.#block = block
    this.columns = Object.fromEntries(
      this.#types.map(([name, type]) => [name, new ARRAYS[type](ROWS_PER_BLOCK)]),
    ) as unknown as Columns
  }

  /** Adds a row of zeros, with the number `rows` - 1, and returns its place in `columns`. */
  add(): number {
    const place = this.rows % ROWS_PER_BLOCK
    if (place === 0 && this.rows > 0) this.#handOn(ROWS_PER_BLOCK)
    this.rows++
    return place
  }

  /** Hands on what is left. */
  end(): void {
    if (this.rows > 0) this.#handOn(((this.rows - 1) % ROWS_PER_BLOCK) + 1)
  }

  /** Tells the page how to read the blocks. */
  get description(): Table {
    return { rows: this.rows, rowsPerBlock: ROWS_PER_BLOCK, columns: this.#types }
  }

  #handOn(rows: number): void {
    const parts = this.#types.map(([name]) => this.columns[name].subarray(0, rows))
    const bytes = new Uint8Array(parts.reduce((at, part) => aligned(at) + part.byteLength, 0))
    let at = 0
    for (const part of parts) {
      at = aligned(at)
      const copied = bytes.subarray(at, at + part.byteLength)
      copied.set(new Uint8Array(part.buffer, part.byteOffset, part.byteLength))
      if (endianness() === 'BE') swap(copied, part.BYTES_PER_ELEMENT)
      at += part.byteLength
      part.fill(0)
    }
    this.#block(bytes, Math.floor((this.rows - 1) / ROWS_PER_BLOCK))
  }
}

/** A list of 32-bit words. */
export class WordBlocks {
  length = 0
  readonly #words = new Uint32Array(WORDS_PER_BLOCK)
  readonly #block: TakeBlock

  constructor(block: TakeBlock) {
    this.#block = block
  }

  push(word: number): void {
    const place = this.length % WORDS_PER_BLOCK
    if (place === 0 && this.length > 0) this.#handOn(WORDS_PER_BLOCK)
    this.#words[place] = word
    this.length++
  }

  /** Hands on what is left. */
  end(): void {
    if (this.length > 0) this.#handOn(((this.length - 1) % WORDS_PER_BLOCK) + 1)
  }

  /** Tells the page how to read the blocks. */
  get description(): Words {
    return { length: this.length, perBlock: WORDS_PER_BLOCK }
  }

  #handOn(length: number): void {
    const bytes = new Uint8Array(this.#words.slice(0, length).buffer)
    if (endianness() === 'BE') swap(bytes, 4)
    this.#block(bytes, Math.floor((this.length - 1) / WORDS_PER_BLOCK))
  }
}

function aligned(at: number): number {
  return (at + 7) & ~7
}

function swap(bytes: Uint8Array, width: number): void {
  for (let at = 0; at < bytes.length; at += width) bytes.subarray(at, at + width).reverse()
}
