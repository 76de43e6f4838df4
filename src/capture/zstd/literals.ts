// The literals of a compressed block (RFC 8878 §3.1.1.3.1). In: the block. Out: the literals, and where they end in it.
import { decodeHuffman, type HuffmanTable, readHuffmanTable } from './huffman.ts'
import { ZstdFault } from './zstd-fault.ts'

const RAW = 0
const RLE = 1
const TREELESS = 3

/** Where the literals of a block are: `bytes[start … end)`; and where the block goes on. */
export interface Literals {
  readonly bytes: Uint8Array
  readonly start: number
  readonly end: number
  readonly after: number
}

/** Decodes literals, and keeps the Huffman tree for blocks that use it again. */
export class LiteralsDecoder {
  #tree: HuffmanTable | undefined
  readonly #memory: Uint8Array

  /** `most`: the most bytes of a block. */
  constructor(most: number) {
    this.#memory = new Uint8Array(most)
  }

  /** A new frame begins. */
  reset(): void {
    this.#tree = undefined
  }

  /** `end`: of the block. */
  decode(block: Uint8Array, start: number, end: number): Literals {
    if (start >= end) throw new ZstdFault('block')
    const first = block[start]!
    const type = first & 3
    const format = (first >> 2) & 3
    return type === RAW || type === RLE
      ? this.#plain(block, start, end, type, format)
      : this.#compressed(block, start, end, type, format)
  }

  #plain(block: Uint8Array, start: number, end: number, type: number, format: number): Literals {
    const width = format === 1 ? 2 : format === 3 ? 3 : 1
    const length = little(block, start, width) >> (width === 1 ? 3 : 4)
    const at = start + width
    const after = at + (type === RAW ? length : 1)
    if (after > end || length > this.#memory.length) throw new ZstdFault('literals')
    if (type === RAW) return { bytes: block, start: at, end: after, after }
    this.#memory.fill(block[at]!, 0, length)
    return { bytes: this.#memory, start: 0, end: length, after }
  }

  #compressed(block: Uint8Array, start: number, end: number, type: number, format: number): Literals {
    const width = format < 2 ? 3 : format + 2
    const bits = format < 2 ? 10 : format === 2 ? 14 : 18
    // The two lengths do not fit 32 bits together.
    const header = Math.floor(little(block, start, width) / 16)
    const length = header % 2 ** bits
    const after = start + width + Math.floor(header / 2 ** bits)
    if (after > end || length > this.#memory.length) throw new ZstdFault('literals')
    let at = start + width
    if (type !== TREELESS) {
      const { table, end: treeEnd } = readHuffmanTable(block, at, after)
      this.#tree = table
      at = treeEnd
    }
    if (this.#tree === undefined) throw new ZstdFault('literals')
    const output = this.#memory.subarray(0, length)
    if (format === 0) decodeHuffman(this.#tree, block, at, after, output)
    else decodeFour(this.#tree, block, at, after, output)
    return { bytes: this.#memory, start: 0, end: length, after }
  }
}

/** RFC 8878 §3.1.1.3.1.6: the lengths of three streams, then four streams. */
function decodeFour(
  tree: HuffmanTable,
  block: Uint8Array,
  start: number,
  end: number,
  output: Uint8Array,
): void {
  const part = (output.length + 3) >> 2
  if (start + 6 > end || 3 * part > output.length) throw new ZstdFault('literals')
  let at = start + 6
  for (let stream = 0; stream < 4; stream++) {
    const after = stream === 3 ? end : at + little(block, start + 2 * stream, 2)
    if (after > end) throw new ZstdFault('literals')
    const last = stream === 3 ? output.length : (stream + 1) * part
    decodeHuffman(tree, block, at, after, output.subarray(stream * part, last))
    at = after
  }
}

/** A little-endian number of 1 … 5 bytes. */
function little(bytes: Uint8Array, at: number, width: number): number {
  let value = 0
  for (let i = width - 1; i >= 0; i--) value = value * 256 + bytes[at + i]!
  return value
}
