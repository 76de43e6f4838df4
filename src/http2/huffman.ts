// The Huffman code of header strings (RFC 7541 §5.2 and appendix B). In: encoded bytes. Out: the string.
import { toLatin1 } from '../base/bytes.ts'

/**
 * The length in bits of the code of each byte and, last, of EOS (appendix B). The code is canonical: among codes of one length,
 * the lower byte has the lower code.
 */
const LENGTHS: readonly number[] = [
  13, 23, 28, 28, 28, 28, 28, 28, 28, 24, 30, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 30, 28, 28, 28, 28,
  28, 28, 28, 28, 28, 6, 10, 10, 12, 13, 6, 8, 11, 10, 10, 8, 11, 8, 6, 6, 6, 5, 5, 5, 6, 6, 6, 6, 6, 6, 6, 7,
  8, 15, 6, 12, 10, 13, 6, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 8, 7, 8, 13, 19,
  13, 14, 6, 15, 5, 6, 5, 6, 5, 6, 6, 6, 5, 7, 7, 6, 6, 6, 5, 6, 7, 6, 5, 5, 6, 7, 7, 7, 7, 7, 15, 11, 14, 13,
  28, 20, 22, 20, 20, 22, 22, 22, 23, 22, 23, 23, 23, 23, 23, 24, 23, 24, 24, 22, 23, 24, 23, 23, 23, 23, 21,
  22, 23, 22, 23, 23, 24, 22, 21, 20, 22, 22, 23, 23, 21, 23, 22, 22, 24, 21, 22, 23, 23, 21, 21, 22, 21, 23,
  22, 23, 23, 20, 22, 22, 22, 23, 22, 22, 23, 26, 26, 20, 19, 22, 23, 22, 25, 26, 26, 26, 27, 27, 26, 24, 25,
  19, 21, 26, 27, 27, 26, 27, 24, 21, 21, 26, 26, 28, 27, 27, 27, 20, 24, 20, 21, 22, 21, 21, 23, 22, 22, 25,
  25, 24, 24, 26, 23, 26, 27, 26, 26, 27, 27, 27, 27, 27, 28, 27, 27, 27, 27, 27, 26, 30,
]
const EOS = 256
const LONGEST = 30
/** §5.2: "A padding strictly longer than 7 bits MUST be treated as a decoding error." */
const LONGEST_PADDING = 7

/**
 * For each length: the first value of that many bits that begins a longer code; and what to add to a code to find it in
 * `SYMBOLS`.
 */
const LIMITS = new Float64Array(LONGEST + 1)
const OFFSETS = new Float64Array(LONGEST + 1)
const SYMBOLS: readonly number[] = LENGTHS.map((_, symbol) => symbol).sort(
  (a, b) => LENGTHS[a]! - LENGTHS[b]! || a - b,
)
for (let length = 1, code = 0, place = 0; length <= LONGEST; length++) {
  code *= 2
  OFFSETS[length] = place - code
  while (LENGTHS[SYMBOLS[place] ?? EOS] === length && place < SYMBOLS.length) {
    code++
    place++
  }
  LIMITS[length] = code
}

/** The string in `bytes[start … end)`, one character a byte; undefined if the bytes break the code, or their padding is wrong. */
export function decodeHuffman(bytes: Uint8Array, start: number, end: number): string | undefined {
  // The shortest code has 5 bits.
  const decoded = new Uint8Array(Math.floor(((end - start) * 8) / 5))
  let length = 0
  let code = 0
  let bits = 0
  for (let at = start; at < end; at++) {
    const byte = bytes[at]!
    for (let bit = 7; bit >= 0; bit--) {
      code = code * 2 + ((byte >> bit) & 1)
      bits++
      if (code >= LIMITS[bits]!) continue
      const symbol = SYMBOLS[OFFSETS[bits]! + code]!
      if (symbol === EOS) return undefined
      decoded[length++] = symbol
      code = 0
      bits = 0
    }
    if (bits > LONGEST) return undefined
  }
  const isPadding = bits <= LONGEST_PADDING && code === 2 ** bits - 1
  return isPadding ? toLatin1(decoded, 0, length) : undefined
}
