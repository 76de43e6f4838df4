// The blocks of a report while they grow: tables of typed columns, row by row, and a list of words (page-data.ts).
import { endianness } from 'node:os'
import type { ColumnType, Table } from './page-data.ts'

const ARRAYS = { uint8: Uint8Array, uint32: Uint32Array, float64: Float64Array } as const
const FIRST_ROWS = 1024

type Column = Uint8Array | Uint32Array | Float64Array

/** Columns of numbers, by name. */
export class GrowingTable<Columns extends { readonly [Name in keyof Columns]: Column }> {
  rows = 0
  /** Other arrays after `add` if there was no room. */
  readonly columns: Columns
  readonly #types: ReadonlyArray<readonly [name: keyof Columns & string, type: ColumnType]>
  #capacity = FIRST_ROWS

  constructor(types: { readonly [Name in keyof Columns]: ColumnType }) {
    this.#types = Object.entries(types) as [keyof Columns & string, ColumnType][]
    this.columns = Object.fromEntries(
      this.#types.map(([name, type]) => [name, new ARRAYS[type](FIRST_ROWS)]),
    ) as unknown as Columns
  }

  /** Adds a row of zeros and returns its number. */
  add(): number {
    if (this.rows === this.#capacity) this.#grow()
    return this.rows++
  }

  /** Tells the page how to read `bytes`. */
  get description(): Table {
    return { rows: this.rows, columns: this.#types }
  }

  /** The columns one after the other, little-endian. Each starts at a multiple of 8 bytes. */
  bytes(): Uint8Array {
    const parts = this.#types.map(([name]) => this.columns[name].subarray(0, this.rows))
    const bytes = new Uint8Array(parts.reduce((at, part) => aligned(at) + part.byteLength, 0))
    let at = 0
    for (const part of parts) {
      at = aligned(at)
      const copied = bytes.subarray(at, at + part.byteLength)
      copied.set(new Uint8Array(part.buffer, part.byteOffset, part.byteLength))
      if (endianness() === 'BE') swap(copied, part.BYTES_PER_ELEMENT)
      at += part.byteLength
    }
    return bytes
  }

  #grow(): void {
    this.#capacity *= 2
    const columns = this.columns as Record<string, Column>
    for (const [name, type] of this.#types) {
      const grown = new ARRAYS[type](this.#capacity)
      grown.set(columns[name]!)
      columns[name] = grown
    }
  }
}

/** A list of 32-bit words. */
export class WordList {
  length = 0
  #words = new Uint32Array(1024)

  push(...words: readonly number[]): void {
    if (this.length + words.length > this.#words.length) {
      const grown = new Uint32Array(this.#words.length * 2)
      grown.set(this.#words)
      this.#words = grown
    }
    for (const word of words) this.#words[this.length++] = word
  }

  /** Little-endian. */
  bytes(): Uint8Array {
    const bytes = new Uint8Array(this.#words.slice(0, this.length).buffer)
    if (endianness() === 'BE') Buffer.from(bytes.buffer).swap32()
    return bytes
  }
}

function aligned(at: number): number {
  return (at + 7) & ~7
}

function swap(bytes: Uint8Array, width: number): void {
  for (let at = 0; at < bytes.length; at += width) bytes.subarray(at, at + width).reverse()
}
