// Huffman-coded literals of zstd (RFC 8878 §4.2). In: the description of a tree, then streams. Out: bytes.
import { BitReader } from './bit-reader.ts'
import { readFseTable } from './fse.ts'
import { ZstdFault } from './zstd-fault.ts'

const LONGEST_CODE = 11
const MOST_WEIGHTS = 255
const WEIGHTS_LOG = 6

/** By the next `log` bits: the byte, and above it how many of those bits its code has. */
export interface HuffmanTable {
  readonly log: number
  readonly codes: Uint16Array
}

/** RFC 8878 §4.2.1: the weights of all bytes but the last, as they are or compressed. Answers also where they end. */
export function readHuffmanTable(
  bytes: Uint8Array,
  start: number,
  end: number,
): { table: HuffmanTable; end: number } {
  if (start >= end) throw new ZstdFault('table')
  const header = bytes[start]!
  const at = start + 1
  const length = header < 128 ? header : (header - 126) >> 1
  if (at + length > end) throw new ZstdFault('table')
  const weights =
    header < 128
      ? compressedWeights(bytes, at, at + length)
      : Array.from({ length: header - 127 }, (_, i) => {
          const pair = bytes[at + (i >> 1)]!
          return i % 2 === 0 ? pair >> 4 : pair & 0xf
        })
  return { table: tableOf(weights), end: at + length }
}

/** Two states take turns until the bits are used up (RFC 8878 §4.2.1.2). */
function compressedWeights(bytes: Uint8Array, start: number, end: number): number[] {
  const { table, end: at } = readFseTable(bytes, start, end, LONGEST_CODE + 1, WEIGHTS_LOG)
  const reader = new BitReader(bytes, at, end)
  const weights: number[] = []
  let state = reader.read(table.log)
  let other = reader.read(table.log)
  if (reader.left < 0) throw new ZstdFault('table')
  for (;;) {
    weights.push(table.symbols[state]!)
    if (weights.length > MOST_WEIGHTS) throw new ZstdFault('table')
    const next = table.bases[state]! + reader.read(table.bits[state]!)
    if (reader.left < 0) {
      weights.push(table.symbols[other]!)
      return weights
    }
    state = other
    other = next
  }
}

/** RFC 8878 §4.2.1.3: the last weight makes the sum a power of two. Codes of low weight, which are long, come first. */
function tableOf(weights: number[]): HuffmanTable {
  if (weights.length > MOST_WEIGHTS) throw new ZstdFault('table')
  const sum = weights.reduce((total, weight) => total + ((1 << weight) >> 1), 0)
  const log = 32 - Math.clz32(sum)
  if (sum === 0 || log > LONGEST_CODE || weights.some((weight) => weight > LONGEST_CODE))
    throw new ZstdFault('table')
  const left = (1 << log) - sum
  if ((left & (left - 1)) !== 0) throw new ZstdFault('table')
  weights.push(32 - Math.clz32(left))
  const codes = new Uint16Array(1 << log)
  let at = 0
  for (let weight = 1; weight <= log; weight++) {
    for (let symbol = weights.indexOf(weight); symbol !== -1; symbol = weights.indexOf(weight, symbol + 1)) {
      const after = at + (1 << (weight - 1))
      codes.fill(((log + 1 - weight) << 8) | symbol, at, after)
      at = after
    }
  }
  return { log, codes }
}

/** Decodes a stream into all of `output`, and must use up its bits (RFC 8878 §4.2.2). */
export function decodeHuffman(
  { log, codes }: HuffmanTable,
  bytes: Uint8Array,
  start: number,
  end: number,
  output: Uint8Array,
): void {
  const reader = new BitReader(bytes, start, end)
  const mask = (1 << log) - 1
  let left = reader.left
  let i = 0
  // Most of the stream, without a call for each byte.
  for (; i < output.length && left >= log; i++) {
    const place = left - log
    const at = start + (place >> 3)
    const word = bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16)
    const code = codes[(word >>> (place & 7)) & mask]!
    output[i] = code
    left -= code >> 8
  }
  for (; i < output.length; i++) {
    const code = codes[reader.peekAt(left - log, log)]!
    output[i] = code
    left -= code >> 8
  }
  if (left !== 0) throw new ZstdFault('literals')
}
