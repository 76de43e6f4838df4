// Finite state entropy: the tables that decode literals' weights and sequences (RFC 8878 §4.1).
import { ZstdFault } from './zstd-fault.ts'

/** A decoding table: what each state stands for, and how the next state is made of it. */
export interface FseTable {
  /** The table has 2^log states. */
  readonly log: number
  readonly symbols: Uint8Array
  /** How many bits are read for the next state, and what they are added to. */
  readonly bits: Uint8Array
  readonly bases: Uint16Array
}

/** A table that is described in the data, and where its description ends. */
export interface DescribedTable {
  readonly table: FseTable
  readonly end: number
}

/** RFC 8878 §4.1.1. `most`: the largest symbol; `mostLog`: of the table. At least four bytes follow `bytes[… end)`. */
export function readFseTable(
  bytes: Uint8Array,
  start: number,
  end: number,
  most: number,
  mostLog: number,
): DescribedTable {
  let place = 8 * start
  const peek = (count: number): number => {
    const at = place >> 3
    const word = bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16)
    return (word >>> (place & 7)) & ((1 << count) - 1)
  }
  if (start >= end) throw new ZstdFault('table')
  const log = peek(4) + 5
  place += 4
  if (log > mostLog) throw new ZstdFault('table')
  const counts: number[] = []
  let remaining = 1 << log
  while (remaining > 0) {
    if (place >= 8 * end) throw new ZstdFault('table')
    if (counts.length > most) throw new ZstdFault('table')
    const width = 32 - Math.clz32(remaining + 1)
    const low = (1 << (width - 1)) - 1
    const threshold = (1 << width) - 2 - remaining
    let value = peek(width)
    if ((value & low) < threshold) {
      place += width - 1
      value &= low
    } else {
      place += width
      if (value > low) value -= threshold
    }
    // A count of -1 is "less than one": it takes one state.
    const count = value - 1
    remaining -= Math.abs(count)
    counts.push(count)
    if (count !== 0) continue
    for (let repeat = 3; repeat === 3; ) {
      repeat = peek(2)
      place += 2
      if (place > 8 * end || counts.length + repeat > most + 1) throw new ZstdFault('table')
      for (let i = 0; i < repeat; i++) counts.push(0)
    }
  }
  const after = (place + 7) >> 3
  if (remaining < 0 || after > end) throw new ZstdFault('table')
  return { table: fseTable(counts, log), end: after }
}

/** RFC 8878 §4.1.1: spreads the symbols over the states. `counts` add up to 2^log, each -1 as one. */
export function fseTable(counts: readonly number[], log: number): FseTable {
  const size = 1 << log
  const symbols = new Uint8Array(size)
  const next = new Uint16Array(counts.length)
  let high = size
  counts.forEach((count, symbol) => {
    if (count === -1) symbols[--high] = symbol
    next[symbol] = Math.abs(count)
  })
  const step = (size >> 1) + (size >> 3) + 3
  let at = 0
  counts.forEach((count, symbol) => {
    for (let i = 0; i < count; i++) {
      symbols[at] = symbol
      do at = (at + step) & (size - 1)
      while (at >= high)
    }
  })
  const bits = new Uint8Array(size)
  const bases = new Uint16Array(size)
  for (let state = 0; state < size; state++) {
    const count = next[symbols[state]!]!++
    const width = log - (31 - Math.clz32(count))
    bits[state] = width
    bases[state] = (count << width) - size
  }
  return { log, symbols, bits, bases }
}

/** A table of one state, which reads no bits (RFC 8878 §3.1.1.3.2.1, RLE_Mode). */
export function singleTable(symbol: number): FseTable {
  return { log: 0, symbols: Uint8Array.of(symbol), bits: new Uint8Array(1), bases: new Uint16Array(1) }
}
