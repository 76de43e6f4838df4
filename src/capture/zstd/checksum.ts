// XXH64 (https://github.com/Cyan4973/xxHash/blob/dev/doc/xxhash_spec.md), of which zstd keeps the lower half. Stands alone, to be read beside
// its specification. Numbers of 64 bits are two of 32: BigInt is ten times as slow.

type Wide = readonly [high: number, low: number]

const PRIME_1: Wide = [0x9e3779b1, 0x85ebca87]
const PRIME_2: Wide = [0xc2b2ae3d, 0x27d4eb4f]
const PRIME_3: Wide = [0x165667b1, 0x9e3779f9]
const PRIME_4: Wide = [0x85ebca77, 0xc2b2ae63]
const PRIME_5: Wide = [0x27d4eb2f, 0x165667c5]

const STRIPE = 32

/** The checksum of the bytes of a frame, in pieces. */
export class Checksum {
  /** The four accumulators, the high word of each first. */
  readonly #lanes = new Int32Array(8)
  readonly #rest = new Uint8Array(STRIPE)
  #restLength = 0
  #total = 0

  constructor() {
    this.reset()
  }

  /** Starts anew, with the seed 0. */
  reset(): void {
    this.#restLength = 0
    this.#total = 0
    for (const [lane, [high, low]] of [
      add(PRIME_1, PRIME_2),
      PRIME_2,
      [0, 0] as Wide,
      subtract([0, 0], PRIME_1),
    ].entries()) {
      this.#lanes[2 * lane] = high
      this.#lanes[2 * lane + 1] = low
    }
  }

  /** Adds `bytes[start … end)`. */
  add(bytes: Uint8Array, start: number, end: number): void {
    this.#total += end - start
    let at = start
    if (this.#restLength > 0) {
      const length = Math.min(STRIPE - this.#restLength, end - at)
      this.#rest.set(bytes.subarray(at, at + length), this.#restLength)
      this.#restLength += length
      at += length
      if (this.#restLength < STRIPE) return
      this.#stripes(this.#rest, 0, STRIPE)
    }
    const whole = at + Math.floor((end - at) / STRIPE) * STRIPE
    this.#stripes(bytes, at, whole)
    this.#rest.set(bytes.subarray(whole, end))
    this.#restLength = end - whole
  }

  /** The lower 32 bits. */
  get low(): number {
    const lane = (i: number): Wide => [this.#lanes[2 * i]!, this.#lanes[2 * i + 1]!]
    let hash: Wide = PRIME_5
    if (this.#total >= STRIPE) {
      hash = add(add(rotate(lane(0), 1), rotate(lane(1), 7)), add(rotate(lane(2), 12), rotate(lane(3), 18)))
      for (let i = 0; i < 4; i++) {
        const merged = xor(hash, round([0, 0], lane(i)))
        hash = add(multiply(merged, PRIME_1), PRIME_4)
      }
    }
    hash = add(hash, [Math.floor(this.#total / 2 ** 32), this.#total | 0])
    hash = this.#mixRest(hash)
    hash = multiply(xor(hash, shift(hash, 33)), PRIME_2)
    hash = multiply(xor(hash, shift(hash, 29)), PRIME_3)
    return (hash[1] ^ hash[0]) >>> 0
  }

  #mixRest(from: Wide): Wide {
    const rest = this.#rest
    let hash = from
    let at = 0
    for (; at + 8 <= this.#restLength; at += 8) {
      hash = xor(hash, round([0, 0], [word(rest, at + 4), word(rest, at)]))
      hash = add(multiply(rotate(hash, 27), PRIME_1), PRIME_4)
    }
    if (at + 4 <= this.#restLength) {
      hash = xor(hash, multiply([0, word(rest, at)], PRIME_1))
      hash = add(multiply(rotate(hash, 23), PRIME_2), PRIME_3)
      at += 4
    }
    for (; at < this.#restLength; at++) {
      hash = xor(hash, multiply([0, rest[at]!], PRIME_5))
      hash = multiply(rotate(hash, 11), PRIME_1)
    }
    return hash
  }

  /** The same as `round` for each lane, without an object for each number: all bytes of a capture come through here. */
  #stripes(bytes: Uint8Array, start: number, end: number): void {
    const lanes = this.#lanes
    for (let at = start; at < end; at += STRIPE) {
      for (let lane = 0; lane < 4; lane++) {
        const here = at + 8 * lane
        const low = word(bytes, here)
        const high = word(bytes, here + 4)
        // The lane and the input times PRIME_2.
        const productHigh =
          (highOf(low, PRIME_2[1]) + Math.imul(high, PRIME_2[1]) + Math.imul(low, PRIME_2[0])) | 0
        const sumLow = (lanes[2 * lane + 1]! >>> 0) + (Math.imul(low, PRIME_2[1]) >>> 0)
        const sumHigh = (lanes[2 * lane]! + productHigh + (sumLow > 0xffff_ffff ? 1 : 0)) | 0
        // Rotated by 31, times PRIME_1.
        const turnedLow = (sumLow << 31) | (sumHigh >>> 1)
        const turnedHigh = (sumHigh << 31) | ((sumLow | 0) >>> 1)
        lanes[2 * lane] =
          highOf(turnedLow, PRIME_1[1]) + Math.imul(turnedHigh, PRIME_1[1]) + Math.imul(turnedLow, PRIME_1[0])
        lanes[2 * lane + 1] = Math.imul(turnedLow, PRIME_1[1])
      }
    }
  }
}

function round(lane: Wide, input: Wide): Wide {
  return multiply(rotate(add(lane, multiply(input, PRIME_2)), 31), PRIME_1)
}

function word(bytes: Uint8Array, at: number): number {
  return bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)
}

function add([aHigh, aLow]: Wide, [bHigh, bLow]: Wide): Wide {
  const low = (aLow >>> 0) + (bLow >>> 0)
  return [(aHigh + bHigh + (low > 0xffff_ffff ? 1 : 0)) | 0, low | 0]
}

function subtract(a: Wide, [bHigh, bLow]: Wide): Wide {
  return add(add(a, [~bHigh, ~bLow]), [0, 1])
}

function xor([aHigh, aLow]: Wide, [bHigh, bLow]: Wide): Wide {
  return [aHigh ^ bHigh, aLow ^ bLow]
}

function multiply([aHigh, aLow]: Wide, [bHigh, bLow]: Wide): Wide {
  return [(highOf(aLow, bLow) + Math.imul(aHigh, bLow) + Math.imul(aLow, bHigh)) | 0, Math.imul(aLow, bLow)]
}

/** The upper 32 bits of the product of two unsigned numbers of 32 bits. */
function highOf(a: number, b: number): number {
  const aLow = a & 0xffff
  const bLow = b & 0xffff
  const aHigh = a >>> 16
  const bHigh = b >>> 16
  const middle = aHigh * bLow + ((aLow * bLow) >>> 16)
  const other = aLow * bHigh + (middle & 0xffff)
  return (aHigh * bHigh + (middle >>> 16) + (other >>> 16)) | 0
}

/** Rotated to the left by 1 … 31 bits. */
function rotate([high, low]: Wide, by: number): Wide {
  return [(high << by) | (low >>> (32 - by)), (low << by) | (high >>> (32 - by))]
}

/** Shifted to the right by 1 … 63 bits. */
function shift([high, low]: Wide, by: number): Wide {
  return by >= 32 ? [0, high >>> (by - 32)] : [high >>> by, (low >>> by) | (high << (32 - by))]
}
