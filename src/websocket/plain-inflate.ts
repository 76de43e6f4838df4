// Inflates one message (RFC 1951) in plain code, up to its first fault: for data that may well be faulty. At a fault zlib throws
// its stream away together with the output, which takes 100 µs each time, and needs further streams to find the last bytes. It is
// for a single message only: zlib is ten times as fast. Platform neutral.
import { concat, NO_BYTES } from '../base/bytes.ts'
import type { InflateReason } from '../base/finding-values.ts'

/** What comes out of a message. */
export interface PlainInflated {
  /** The output before the fault, or the first `maxLength` bytes and perhaps some more. */
  readonly bytes: Uint8Array
  /** What is wrong with it, in zlib's words; undefined if nothing is. */
  readonly fault: InflateReason | undefined
}

/** The fault of a message that refers to bytes before the window. */
export const TOO_FAR_BACK = 'invalid distance too far back'

/** RFC 7692 §7.2.2: what the sender removed from the end of the message, and a byte that must be left over. */
const TAIL = Uint8Array.of(0x00, 0x00, 0xff, 0xff, 0x00)
const TAIL_LENGTH = 4
const FIRST_CAPACITY = 4096
/** RFC 1951 §3.2.7: the order in which the lengths of the code length codes are sent. */
const LENGTH_ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]
/** §3.2.5: for the length symbols from 257 on, the shortest length, and the number of extra bits. */
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
const END_OF_BLOCK = 256
const MOST_LITERALS = 286
const MOST_DISTANCES = 30
const LONGEST_CODE = 15

/** A Huffman code (§3.2.2): how many codes there are of each length, and the symbols in the order of their codes. */
interface Code {
  readonly counts: Uint16Array
  readonly symbols: Uint16Array
}

/**
 * The code of these lengths; undefined if they are no code. As in zlib, an incomplete one is a code if it is empty or has a single
 * code of one bit, except for the code of the code lengths (`isOfLengths`).
 */
function codeOf(lengths: Uint8Array, isOfLengths = false): Code | undefined {
  const counts = new Uint16Array(LONGEST_CODE + 1)
  for (const length of lengths) counts[length]!++
  let left = 1
  for (let length = 1; length <= LONGEST_CODE; length++) {
    left = left * 2 - counts[length]!
    if (left < 0) return undefined
  }
  const used = lengths.length - counts[0]!
  counts[0] = 0
  if (left > 0 && used > 0 && (isOfLengths || used > 1 || counts[1] !== 1)) return undefined
  const offsets = new Uint16Array(LONGEST_CODE + 2)
  for (let length = 1; length <= LONGEST_CODE; length++)
    offsets[length + 1] = offsets[length]! + counts[length]!
  const symbols = new Uint16Array(used)
  for (const [symbol, length] of lengths.entries()) if (length > 0) symbols[offsets[length]!++] = symbol
  return { counts, symbols }
}

const fixedLengths = Uint8Array.from({ length: 288 }, (_, symbol) =>
  symbol < 144 ? 8 : symbol < 256 ? 9 : symbol < 280 ? 7 : 8,
)
/** §3.2.6. */
const FIXED_LITERALS = codeOf(fixedLengths)!
const FIXED_DISTANCES = codeOf(new Uint8Array(32).fill(5))!

/**
 * Inflates `payload`, as on the wire. `window`: the output before it, in order; `windowBits`: how far back the message may refer
 * (RFC 7692 §7.1.2.1). Stops after `maxLength` bytes.
 */
export function inflatePlainly(
  payload: Uint8Array,
  window: readonly Uint8Array[],
  windowBits: number,
  maxLength: number,
): PlainInflated {
  return new PlainInflation(payload, window, 1 << windowBits, maxLength).run()
}

/** Thrown within this file where reading stops. */
class Stop {
  /** Undefined if enough has come out. */
  readonly fault: InflateReason | undefined
  constructor(fault: InflateReason | undefined) {
    this.fault = fault
  }
}

class PlainInflation {
  readonly #payload: Uint8Array
  readonly #reach: number
  readonly #maxLength: number
  /** The window, then the output. */
  #bytes = NO_BYTES
  #start = 0
  #length = 0
  /** Where the output ends that needs nothing of the tail, once more has come out. */
  #lengthBeforeTail: number | undefined
  /** The next byte of the payload, or of the tail after it; bits that were read and not used. */
  #at = 0
  #bits = 0
  #bitCount = 0

  constructor(payload: Uint8Array, window: readonly Uint8Array[], reach: number, maxLength: number) {
    this.#payload = payload
    this.#reach = reach
    this.#maxLength = maxLength
    if (window.length > 0) this.#bytes = concat(window)
    this.#start = this.#length = this.#bytes.length
  }

  run(): PlainInflated {
    let fault: InflateReason | undefined
    try {
      while (this.#block());
      if (this.#lengthBeforeTail !== undefined) fault = 'endsInsideBlock'
    } catch (stop) {
      if (!(stop instanceof Stop)) throw stop
      fault = stop.fault
    }
    return { bytes: this.#bytes.subarray(this.#start, this.#lengthBeforeTail ?? this.#length), fault }
  }

  /** Reads a block; false if the message ends after it. */
  #block(): boolean {
    const isFinal = this.#take(1) === 1
    const type = this.#take(2)
    if (type === 0) this.#stored()
    else if (type === 1) this.#compressed(FIXED_LITERALS, FIXED_DISTANCES)
    else if (type === 2) this.#dynamic()
    else throw new Stop('invalid block type')
    const { length } = this.#payload
    if (this.#at > length) {
      if (this.#at !== length + TAIL_LENGTH) throw new Stop('endsInsideBlock')
      return false
    }
    if (!isFinal) return true
    // RFC 7692 §7.2.3.4: the next block begins at a byte; the last one is empty, and its header is one byte.
    this.#bits = this.#bitCount = 0
    return this.#at < length - 1 || (this.#at === length - 1 && this.#payload[this.#at] !== 0)
  }

  #stored(): void {
    this.#bits = this.#bitCount = 0
    const length = this.#take(16)
    if (length !== (this.#take(16) ^ 0xffff)) throw new Stop('invalid stored block lengths')
    const inPayload = Math.max(0, Math.min(length, this.#payload.length - this.#at))
    this.#append(this.#payload.subarray(this.#at, this.#at + inPayload))
    this.#at += inPayload
    if (inPayload < length) throw new Stop('endsInsideBlock')
  }

  /** §3.2.7. */
  #dynamic(): void {
    const literals = this.#take(5) + 257
    const distances = this.#take(5) + 1
    const codes = this.#take(4) + 4
    if (literals > MOST_LITERALS || distances > MOST_DISTANCES)
      throw new Stop('too many length or distance symbols')
    const lengths = new Uint8Array(LENGTH_ORDER.length)
    for (let i = 0; i < codes; i++) lengths[LENGTH_ORDER[i]!] = this.#take(3)
    const code = codeOf(lengths, true)
    if (code === undefined) throw new Stop('invalid code lengths set')
    const both = new Uint8Array(literals + distances)
    for (let at = 0; at < both.length; ) {
      // zlib reads an empty code as zeros of one bit each.
      const symbol = code.symbols.length === 0 ? this.#take(1) * 0 : this.#symbol(code, '')
      if (symbol < 16) {
        both[at++] = symbol
        continue
      }
      const repeated = symbol === 16 ? both[at - 1]! : 0
      const count = symbol === 16 ? 3 + this.#take(2) : symbol === 17 ? 3 + this.#take(3) : 11 + this.#take(7)
      if ((symbol === 16 && at === 0) || at + count > both.length) throw new Stop('invalid bit length repeat')
      both.fill(repeated, at, at + count)
      at += count
    }
    if (both[END_OF_BLOCK] === 0) throw new Stop('invalid code -- missing end-of-block')
    const literalCode = codeOf(both.subarray(0, literals))
    if (literalCode === undefined) throw new Stop('invalid literal/lengths set')
    const distanceCode = codeOf(both.subarray(literals))
    if (distanceCode === undefined) throw new Stop('invalid distances set')
    this.#compressed(literalCode, distanceCode)
  }

  #compressed(literals: Code, distances: Code): void {
    for (;;) {
      const symbol = this.#symbol(literals, 'invalid literal/length code')
      if (symbol === END_OF_BLOCK) return
      if (symbol < END_OF_BLOCK) {
        this.#checkPlace()
        this.#reserve(1)
        this.#bytes[this.#length++] = symbol
        continue
      }
      const at = symbol - END_OF_BLOCK - 1
      if (at >= LENGTHS.length) throw new Stop('invalid literal/length code')
      const length = LENGTHS[at]! + this.#take(LENGTH_BITS[at]!)
      const distanceAt = this.#symbol(distances, 'invalid distance code')
      if (distanceAt >= DISTANCES.length) throw new Stop('invalid distance code')
      const distance = DISTANCES[distanceAt]! + this.#take(DISTANCE_BITS[distanceAt]!)
      if (distance > this.#length || distance > this.#reach) throw new Stop(TOO_FAR_BACK)
      this.#checkPlace()
      this.#repeat(distance, length)
    }
  }

  /** What comes out only because of the tail is not of the message: it ends inside a block. */
  #checkPlace(): void {
    if (this.#at > this.#payload.length) this.#lengthBeforeTail ??= this.#length
  }

  #repeat(distance: number, length: number): void {
    this.#reserve(length)
    const bytes = this.#bytes
    const from = this.#length - distance
    if (distance >= length) bytes.copyWithin(this.#length, from, from + length)
    else if (distance === 1) bytes.fill(bytes[from]!, this.#length, this.#length + length)
    else for (let i = 0; i < length; i++) bytes[this.#length + i] = bytes[from + i]!
    this.#length += length
  }

  #append(bytes: Uint8Array): void {
    this.#reserve(bytes.length)
    this.#bytes.set(bytes, this.#length)
    this.#length += bytes.length
  }

  #reserve(length: number): void {
    const needed = this.#length + length
    if (needed > this.#bytes.length) {
      const most = this.#start + this.#maxLength + 1
      const grown = new Uint8Array(Math.max(needed, Math.min(2 * needed, most), FIRST_CAPACITY))
      grown.set(this.#bytes.subarray(0, this.#length))
      this.#bytes = grown
    }
    if (this.#length - this.#start > this.#maxLength) throw new Stop(undefined)
  }

  /** The next symbol of a code, whose bits come with the highest first (§3.1.1). `fault`: what is wrong if it is none. */
  #symbol({ counts, symbols }: Code, fault: InflateReason): number {
    if (symbols.length < 2) {
      const isSymbol = this.#take(1) === 0 && symbols.length === 1
      if (!isSymbol) throw new Stop(fault)
      return symbols[0]!
    }
    let bits = this.#bits
    let bitCount = this.#bitCount
    let code = 0
    let first = 0
    let index = 0
    for (let length = 1; length <= LONGEST_CODE; length++) {
      if (bitCount === 0) {
        bits = this.#byte()
        bitCount = 8
      }
      code |= bits & 1
      bits >>>= 1
      bitCount--
      const count = counts[length]!
      if (code - count < first) {
        this.#bits = bits
        this.#bitCount = bitCount
        return symbols[index + code - first]!
      }
      index += count
      first = (first + count) << 1
      code <<= 1
    }
    throw new Stop(fault)
  }

  /** The next byte of the payload, or of the tail. */
  #byte(): number {
    const { length } = this.#payload
    const byte = this.#at < length ? this.#payload[this.#at] : TAIL[this.#at - length]
    if (byte === undefined) throw new Stop('endsInsideBlock')
    this.#at++
    return byte
  }

  /** The next bits as a number, the lowest first. */
  #take(count: number): number {
    while (this.#bitCount < count) {
      this.#bits |= this.#byte() << this.#bitCount
      this.#bitCount += 8
    }
    const taken = this.#bits & ((1 << count) - 1)
    this.#bits >>>= count
    this.#bitCount -= count
    return taken
  }
}
