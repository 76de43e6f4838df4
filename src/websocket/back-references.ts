// How far the back references of a compressed message reach (RFC 1951 §3.2.3, §3.2.5): inflate libraries do not tell. Reads the symbols
// and copies nothing, so its time grows with the compressed bytes alone. The data must be sound: it stops where it is not.
import { PrefixCode, SymbolReader } from './deflate-symbols.ts'

/** What the references of a message reach. Offsets and distances are in bytes of what it inflates to. */
export interface BackReferences {
  /** The longest distance; 0 if there is no reference. */
  readonly farthest: number
  /** How many references need more than the known bytes before the message. */
  readonly beyond: number
  /** Where the first of them copies to; undefined if there is none. */
  readonly firstBeyond: number | undefined
  /** Literals and lengths that have a code in a block and do not occur in it. A compressor makes none: they tell of damage. */
  readonly unused: number
}

/** RFC 1951 §3.2.5: the shortest length and the extra bits of the codes from 257 on; the shortest distance and the extra bits of each code. */
const LENGTHS = [
  3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195,
  227, 258,
]
const LENGTH_BITS = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0]
const DISTANCES = [
  1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097,
  6145, 8193, 12_289, 16_385, 24_577,
]
const DISTANCE_BITS = [
  0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13,
]
/** RFC 1951 §3.2.7: the order of the lengths of the code for code lengths. */
const LENGTH_ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]
const END_OF_BLOCK = 256
const SYMBOLS = 288

/** The codes of a block. */
interface Codes {
  readonly literals: PrefixCode
  readonly distances: PrefixCode
}

let fixed: Codes | undefined

/**
 * Reads a message as on the wire. `known`: bytes before the message that may be referred to. `onBeyond` gets what each reference
 * that needs more copies: where it starts and ends. Stops after `maxLength` bytes of output.
 */
export function backReferences(
  payload: Uint8Array,
  known: number,
  maxLength = Infinity,
  onBeyond?: (start: number, end: number) => void,
): BackReferences {
  const reader = new SymbolReader(payload)
  const occurs = new Uint8Array(SYMBOLS)
  let [length, farthest, beyond, unused] = [0, 0, 0, 0]
  let firstBeyond: number | undefined
  while (length <= maxLength) {
    const isLast = reader.bits(1)
    const type = reader.bits(2)
    if (isLast < 0 || type < 0 || type > 2) break
    if (type === 0) {
      const stored = reader.skipStored()
      if (stored < 0) break
      length += stored
    } else {
      const codes = type === 1 ? fixedCodes() : readCodes(reader)
      if (codes === undefined) break
      let symbol = reader.symbol(codes.literals)
      while (symbol >= 0 && symbol !== END_OF_BLOCK && length <= maxLength) {
        occurs[symbol] = 1
        if (symbol < END_OF_BLOCK) length++
        else {
          const run = extended(reader, symbol - END_OF_BLOCK - 1, LENGTHS, LENGTH_BITS)
          const distance = extended(reader, reader.symbol(codes.distances), DISTANCES, DISTANCE_BITS)
          if (run < 0 || distance < 0) return { farthest, beyond, firstBeyond, unused }
          if (distance > farthest) farthest = distance
          if (distance > known + length) {
            beyond++
            onBeyond?.(length, length + run)
            firstBeyond ??= length
          }
          length += run
        }
        symbol = reader.symbol(codes.literals)
      }
      if (symbol !== END_OF_BLOCK) break
      if (type === 2) {
        unused += codes.literals.coded - 1
        for (let i = 0; i < SYMBOLS; i++) unused -= occurs[i]!
      }
      occurs.fill(0)
    }
    // RFC 7692 §7.2.3.4: after a block with BFINAL set, the next one starts at a byte.
    if (isLast === 1) reader.align()
  }
  return { farthest, beyond, firstBeyond, unused }
}

function extended(
  reader: SymbolReader,
  code: number,
  bases: readonly number[],
  widths: readonly number[],
): number {
  const base = bases[code]
  if (base === undefined) return -1
  const extra = reader.bits(widths[code]!)
  return extra < 0 ? -1 : base + extra
}

/** RFC 1951 §3.2.6. */
function fixedCodes(): Codes {
  if (fixed !== undefined) return fixed
  const literals = new Uint8Array(288).fill(8, 0, 144).fill(9, 144, 256).fill(7, 256, 280).fill(8, 280)
  fixed = { literals: new PrefixCode(literals), distances: new PrefixCode(new Uint8Array(30).fill(5)) }
  return fixed
}

/** RFC 1951 §3.2.7; undefined if it is not sound. */
function readCodes(reader: SymbolReader): Codes | undefined {
  const literals = reader.bits(5) + 257
  const distances = reader.bits(5) + 1
  const count = reader.bits(4) + 4
  const lengths = new Uint8Array(320)
  for (let i = 0; i < count; i++) lengths[LENGTH_ORDER[i]!] = Math.max(0, reader.bits(3))
  const code = new PrefixCode(lengths.slice(0, 19))
  lengths.fill(0)
  const total = literals + distances
  for (let at = 0; at < total; ) {
    const symbol = reader.symbol(code)
    if (symbol < 0 || (symbol === 16 && at === 0)) return undefined
    if (symbol < 16) {
      lengths[at++] = symbol
      continue
    }
    const times =
      symbol === 16 ? 3 + reader.bits(2) : symbol === 17 ? 3 + reader.bits(3) : 11 + reader.bits(7)
    const end = at + times
    if (end > total) return undefined
    lengths.fill(symbol === 16 ? lengths[at - 1]! : 0, at, end)
    at = Math.max(end, at + 1)
  }
  return {
    literals: new PrefixCode(lengths.subarray(0, literals)),
    distances: new PrefixCode(lengths.subarray(literals, total)),
  }
}
