// The sequences of a compressed block (RFC 8878 §3.1.1.3.2). In: the block and its literals. Out: bytes at the end of the history.
import { BitReader } from './bit-reader.ts'
import { type FseTable, fseTable, readFseTable, singleTable } from './fse.ts'
import type { History } from './history.ts'
import type { Literals } from './literals.ts'
import { ZstdFault } from './zstd-fault.ts'

/** A kind of code: how many bits follow each code, its largest table, and the table that is used if none is given. */
interface CodeKind {
  readonly most: number
  readonly mostLog: number
  readonly usual: FseTable
}

/** Extra bits of the codes for the length of literals, from code 16 on; codes below have none (RFC 8878 §3.1.1.3.2.1.1). */
const LITERAL_BITS = bitsOf(16, [1, 1, 1, 1, 2, 2, 3, 3, 4, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16])
const LITERAL_BASES = basesOf(LITERAL_BITS, 0)
/** The same for the length of a match, from code 32 on. The shortest match has 3 bytes. */
const MATCH_BITS = bitsOf(32, [1, 1, 1, 1, 2, 2, 3, 3, 4, 4, 5, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16])
const MATCH_BASES = basesOf(MATCH_BITS, 3)

/** RFC 8878 §3.1.1.3.2.2. */
const LITERALS: CodeKind = {
  most: 35,
  mostLog: 9,
  usual: fseTable(
    [
      4, 3, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 3, 2, 1, 1, 1, 1, 1, -1, -1,
      -1, -1,
    ],
    6,
  ),
}
const OFFSETS: CodeKind = {
  most: 31,
  mostLog: 8,
  usual: fseTable(
    [1, 1, 1, 1, 1, 1, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1],
    5,
  ),
}
const MATCHES: CodeKind = {
  most: 52,
  mostLog: 9,
  usual: fseTable(
    [
      1, 4, 3, 2, 2, 2, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
      1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1, -1, -1,
    ],
    6,
  ),
}

/** No offset within the largest window has a larger code, so that its bits can be read at once. */
const LARGEST_OFFSET_CODE = 24

/** Decodes sequences, and keeps what later blocks of the frame use again. */
export class SequencesDecoder {
  #literals: FseTable | undefined
  #offsets: FseTable | undefined
  #matches: FseTable | undefined
  readonly #repeated: [number, number, number] = [1, 4, 8]

  /** A new frame begins. */
  reset(): void {
    this.#literals = undefined
    this.#offsets = undefined
    this.#matches = undefined
    this.#repeated.splice(0, 3, 1, 4, 8)
  }

  /** Writes what the block stands for. `most`: the most bytes of a block, for which the history has room. */
  decode(block: Uint8Array, end: number, literals: Literals, most: number, history: History): void {
    let at = literals.after
    if (at >= end) throw new ZstdFault('block')
    let count = block[at++]!
    if (count >= 128) {
      count =
        count === 255 ? block[at++]! + 0x7f00 + (block[at++]! << 8) : ((count - 128) << 8) | block[at++]!
    }
    const limit = history.end + most
    let used = literals.start
    if (count === 0) {
      if (at !== end) throw new ZstdFault('sequences')
    } else {
      used = this.#run(block, at, end, count, literals, limit, history)
    }
    append(literals, used, literals.end, limit, history)
  }

  /** Runs `count` sequences, and answers where the literals are that were not used. */
  #run(
    block: Uint8Array,
    start: number,
    end: number,
    count: number,
    literals: Literals,
    limit: number,
    history: History,
  ): number {
    const reader = this.#readTables(block, start, end)
    const [lengths, offsets, matches] = [this.#literals!, this.#offsets!, this.#matches!]
    const repeated = this.#repeated
    let lengthState = reader.read(lengths.log)
    let offsetState = reader.read(offsets.log)
    let matchState = reader.read(matches.log)
    let used = literals.start
    for (let i = 0; ; ) {
      const offsetCode = offsets.symbols[offsetState]!
      const matchCode = matches.symbols[matchState]!
      const lengthCode = lengths.symbols[lengthState]!
      if (offsetCode > LARGEST_OFFSET_CODE) throw new ZstdFault('sequences')
      const offset = (1 << offsetCode) + reader.read(offsetCode)
      const match = MATCH_BASES[matchCode]! + reader.read(MATCH_BITS[matchCode]!)
      const length = LITERAL_BASES[lengthCode]! + reader.read(LITERAL_BITS[lengthCode]!)
      const isLast = ++i === count
      if (!isLast) {
        lengthState = lengths.bases[lengthState]! + reader.read(lengths.bits[lengthState]!)
        matchState = matches.bases[matchState]! + reader.read(matches.bits[matchState]!)
        offsetState = offsets.bases[offsetState]! + reader.read(offsets.bits[offsetState]!)
      }
      if (reader.left < 0) throw new ZstdFault('sequences')
      append(literals, used, used + length, limit, history)
      used += length
      if (history.end + match > limit) throw new ZstdFault('length')
      history.repeat(distanceOf(offset, length === 0, repeated), match)
      if (isLast) break
    }
    if (reader.left !== 0) throw new ZstdFault('sequences')
    return used
  }

  /** RFC 8878 §3.1.1.3.2.1: two bits for each table say where it comes from. */
  #readTables(block: Uint8Array, start: number, end: number): BitReader {
    if (start >= end) throw new ZstdFault('block')
    const modes = block[start]!
    if ((modes & 3) !== 0) throw new ZstdFault('sequences')
    let at = start + 1
    const read = (
      mode: number,
      { most, mostLog, usual }: CodeKind,
      before: FseTable | undefined,
    ): FseTable => {
      if (mode === 0) return usual
      if (mode === 3) {
        if (before === undefined) throw new ZstdFault('table')
        return before
      }
      if (at >= end) throw new ZstdFault('block')
      if (mode === 1) {
        const symbol = block[at++]!
        if (symbol > most) throw new ZstdFault('table')
        return singleTable(symbol)
      }
      const { table, end: after } = readFseTable(block, at, end, most, mostLog)
      at = after
      return table
    }
    this.#literals = read(modes >> 6, LITERALS, this.#literals)
    this.#offsets = read((modes >> 4) & 3, OFFSETS, this.#offsets)
    this.#matches = read((modes >> 2) & 3, MATCHES, this.#matches)
    return new BitReader(block, at, end)
  }
}

/** RFC 8878 §3.1.1.5: small offsets name one of the last three distances. */
function distanceOf(offset: number, isWithoutLiterals: boolean, repeated: [number, number, number]): number {
  if (offset > 3) {
    repeated[2] = repeated[1]
    repeated[1] = repeated[0]
    repeated[0] = offset - 3
    return repeated[0]
  }
  const which = isWithoutLiterals ? offset : offset - 1
  if (which === 0) return repeated[0]
  const distance = which === 3 ? repeated[0] - 1 : repeated[which as 1 | 2]
  if (distance === 0) throw new ZstdFault('sequences')
  if (which > 1) repeated[2] = repeated[1]
  repeated[1] = repeated[0]
  repeated[0] = distance
  return distance
}

function append({ bytes, end }: Literals, from: number, to: number, limit: number, history: History): void {
  if (to > end) throw new ZstdFault('sequences')
  const length = to - from
  if (history.end + length > limit) throw new ZstdFault('length')
  if (length > 32) history.bytes.set(bytes.subarray(from, to), history.end)
  else for (let i = 0; i < length; i++) history.bytes[history.end + i] = bytes[from + i]!
  history.end += length
}

function bitsOf(without: number, rest: readonly number[]): Uint8Array {
  return Uint8Array.from([...new Array<number>(without).fill(0), ...rest])
}

/** Each code begins where the numbers of the code before it end. */
function basesOf(bits: Uint8Array, first: number): Uint32Array {
  let base = first
  return Uint32Array.from(bits, (width) => {
    const here = base
    base += 1 << width
    return here
  })
}
