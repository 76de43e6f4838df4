// The table of connections by addresses and ports; both directions have the same key. In: a segment. Out: the slot of its
// connection. All is numbers in typed arrays, so no key object is made for a packet and a slot costs 53 bytes. The slots are also
// kept in the order of use, so that the one idle longest is known.
import type { Segment } from '../network/segment.ts'

/** What a connection is worth: the lowest rank is given up first. `silent`: no bytes of either side were seen. */
export const Rank = { ended: 0, silent: 1, speaking: 2 } as const
/** One of the ranks. */
export type Rank = (typeof Rank)[keyof typeof Rank]

/** No slot. */
export const NONE = -1

/** The first slot for a connection. The slots before it are the heads of the lists, one for each rank. */
const FIRST_SLOT = 3
const SLOTS_AT_FIRST = 256
/** A key: eight words of addresses, the lower endpoint's first; the two ports in one word, in the same order; the IP version. */
const KEY_WORDS = 10
const PORTS = 8
const FAMILY = 9
const BUCKET_BITS = 17

/** A hash table from endpoints to slots, with lists of the slots by rank. */
export class ConnectionTable {
  /** Set by `find`: whether the segment's source is the higher of its two endpoints. */
  sourceIsHigher = false
  /** Slots in use. */
  size = 0
  readonly #multipliers = Int32Array.from({ length: KEY_WORDS * 2 }, () => Math.random() * 2 ** 32)
  readonly #buckets = new Int32Array(2 ** BUCKET_BITS).fill(NONE)
  #keys = new Int32Array(SLOTS_AT_FIRST * KEY_WORDS)
  /** The next slot of the same bucket; for a free slot, the next free one. */
  #chain = new Int32Array(SLOTS_AT_FIRST)
  /** The lists by rank, in the order of use. They are rings: the `newer` of a head is the oldest slot of its list. */
  #older = new Int32Array(SLOTS_AT_FIRST)
  #newer = new Int32Array(SLOTS_AT_FIRST)
  #ranks = new Uint8Array(SLOTS_AT_FIRST)
  #firstUnused = FIRST_SLOT
  #free = NONE
  #last = NONE

  constructor() {
    for (let head = 0; head < FIRST_SLOT; head++) this.#older[head] = this.#newer[head] = head
  }

  /** All slots in use are in `[start, end)`. */
  get slots(): readonly [start: number, end: number] {
    return [FIRST_SLOT, this.#firstUnused]
  }

  /** The slot of a segment's connection, which becomes the one used last; NONE if there is no such connection. */
  find(segment: Segment): number {
    this.sourceIsHigher = isSourceHigher(segment)
    const flip = this.sourceIsHigher ? 4 : 0
    const ports = portsOf(segment, this.sourceIsHigher)
    if (this.#last !== NONE && this.#isKeyOf(this.#last, segment, flip, ports)) return this.#last
    let slot = this.#buckets[this.#bucketOf(segment.addresses, 0, flip, ports, segment.family)]!
    while (slot !== NONE && !this.#isKeyOf(slot, segment, flip, ports)) slot = this.#chain[slot]!
    if (slot !== NONE) this.rank(slot, this.#ranks[slot] as Rank)
    this.#last = slot
    return slot
  }

  /** Makes a slot for the segment for which `find` has just returned NONE. Its rank is silent, and it is the one used last. */
  add(segment: Segment): number {
    const slot = this.#takeSlot()
    const flip = this.sourceIsHigher ? 4 : 0
    const ports = portsOf(segment, this.sourceIsHigher)
    const key = slot * KEY_WORDS
    for (let i = 0; i < PORTS; i++) this.#keys[key + i] = segment.addresses[flip ^ i]!
    this.#keys[key + PORTS] = ports
    this.#keys[key + FAMILY] = segment.family
    const bucket = this.#bucketOf(this.#keys, key, 0, ports, segment.family)
    this.#chain[slot] = this.#buckets[bucket]!
    this.#buckets[bucket] = slot
    this.#older[slot] = this.#newer[slot] = slot
    this.rank(slot, Rank.silent)
    this.#last = slot
    this.size++
    return slot
  }

  /** Gives the slot a rank, and makes it the one used last. */
  rank(slot: number, rank: Rank): void {
    this.#unlink(slot)
    const newest = this.#older[rank]!
    this.#newer[newest] = slot
    this.#older[slot] = newest
    this.#newer[slot] = rank
    this.#older[rank] = slot
    this.#ranks[slot] = rank
  }

  /** The slot to give up first: the one idle longest of the lowest rank in use; NONE if all slots are free. */
  get idlest(): number {
    for (let head = 0; head < FIRST_SLOT; head++) {
      const oldest = this.#newer[head]!
      if (oldest !== head) return oldest
    }
    return NONE
  }

  /** Frees a slot. */
  remove(slot: number): void {
    this.#unlink(slot)
    const key = slot * KEY_WORDS
    const bucket = this.#bucketOf(this.#keys, key, 0, this.#keys[key + PORTS]!, this.#keys[key + FAMILY]!)
    if (this.#buckets[bucket] === slot) {
      this.#buckets[bucket] = this.#chain[slot]!
    } else {
      let before = this.#buckets[bucket]!
      while (this.#chain[before] !== slot) before = this.#chain[before]!
      this.#chain[before] = this.#chain[slot]!
    }
    this.#chain[slot] = this.#free
    this.#free = slot
    this.#last = NONE
    this.size--
  }

  /** The eight address words of a slot, the lower endpoint's first. */
  addresses(slot: number): Int32Array {
    return this.#keys.subarray(slot * KEY_WORDS, slot * KEY_WORDS + PORTS)
  }

  /** The ports of a slot, the lower endpoint's first. */
  ports(slot: number): readonly [number, number] {
    const ports = this.#keys[slot * KEY_WORDS + PORTS]!
    return [ports >>> 16, ports & 0xffff]
  }

  /** The IP version of a slot. */
  family(slot: number): 4 | 6 {
    return this.#keys[slot * KEY_WORDS + FAMILY] as 4 | 6
  }

  #isKeyOf(slot: number, { addresses, family }: Segment, flip: number, ports: number): boolean {
    const keys = this.#keys
    const key = slot * KEY_WORDS
    if (keys[key + PORTS] !== ports || keys[key + FAMILY] !== family) return false
    if (keys[key + 3] !== addresses[flip ^ 3] || keys[key + 7] !== addresses[flip ^ 7]) return false
    if (family === 4) return true
    for (let i = 0; i < PORTS; i++) if (keys[key + i] !== addresses[flip ^ i]) return false
    return true
  }

  /**
   * The bucket of a key whose addresses are at `at` (if `flip` is 4, the second address comes first). It is a multilinear hash of
   * 16-bit halves with random multipliers, whose high bits are strongly universal (Thorup, "High speed hashing for integers and
   * strings", §3). An attacker who writes a capture cannot choose connections that meet in one bucket, as a fixed hash would
   * allow.
   */
  #bucketOf(words: Int32Array, at: number, flip: number, ports: number, family: number): number {
    const random = this.#multipliers
    let sum = this.#halves(ports, 2 * PORTS) + random[2 * FAMILY]!
    if (family === 4) {
      sum += this.#halves(words[at + (flip ^ 3)]!, 6) + this.#halves(words[at + (flip ^ 7)]!, 14)
    } else {
      for (let i = 0; i < PORTS; i++) sum = (sum + this.#halves(words[at + (flip ^ i)]!, 2 * i)) | 0
    }
    return (sum | 0) >>> (32 - BUCKET_BITS)
  }

  #halves(word: number, at: number): number {
    return (
      (Math.imul(word >>> 16, this.#multipliers[at]!) +
        Math.imul(word & 0xffff, this.#multipliers[at + 1]!)) |
      0
    )
  }

  /** A new slot is its own neighbour, so that it can be unlinked like any other. */
  #unlink(slot: number): void {
    const older = this.#older[slot]!
    const newer = this.#newer[slot]!
    this.#newer[older] = newer
    this.#older[newer] = older
  }

  #takeSlot(): number {
    if (this.#free !== NONE) {
      const slot = this.#free
      this.#free = this.#chain[slot]!
      return slot
    }
    if (this.#firstUnused === this.#chain.length) this.#grow(this.#firstUnused * 2)
    return this.#firstUnused++
  }

  #grow(slots: number): void {
    const grown = <Words extends Int32Array | Uint8Array>(words: Words, larger: Words): Words => {
      larger.set(words)
      return larger
    }
    this.#keys = grown(this.#keys, new Int32Array(slots * KEY_WORDS))
    this.#chain = grown(this.#chain, new Int32Array(slots))
    this.#older = grown(this.#older, new Int32Array(slots))
    this.#newer = grown(this.#newer, new Int32Array(slots))
    this.#ranks = grown(this.#ranks, new Uint8Array(slots))
  }
}

function isSourceHigher({ addresses, family, sourcePort, destinationPort }: Segment): boolean {
  let at = family === 4 ? 3 : 0
  while (at < 3 && addresses[at] === addresses[at + 4]) at++
  const source = addresses[at]!
  const destination = addresses[at + 4]!
  return source === destination ? sourcePort > destinationPort : source > destination
}

function portsOf({ sourcePort, destinationPort }: Segment, sourceIsHigher: boolean): number {
  return sourceIsHigher ? (destinationPort << 16) | sourcePort : (sourcePort << 16) | destinationPort
}
