// TLS secrets by client random. In: one secret after the other. Out: those of one connection. A key log may have millions of
// lines, so they lie side by side in a few large arrays.
import { copy } from '../base/bytes.ts'

/** The secrets of one connection: 32 or 48 bytes each, depending on the hash of the cipher suite. */
export interface SessionSecrets {
  /** TLS 1.2: the master secret, 48 bytes. */
  CLIENT_RANDOM?: Uint8Array
  CLIENT_EARLY_TRAFFIC_SECRET?: Uint8Array
  CLIENT_HANDSHAKE_TRAFFIC_SECRET?: Uint8Array
  SERVER_HANDSHAKE_TRAFFIC_SECRET?: Uint8Array
  CLIENT_TRAFFIC_SECRET_0?: Uint8Array
  SERVER_TRAFFIC_SECRET_0?: Uint8Array
}

/** What a secret is called in a key log. */
export type SecretLabel = keyof SessionSecrets

/** The labels of the secrets that decrypt records. */
export const SECRET_LABELS: readonly SecretLabel[] = [
  'CLIENT_RANDOM',
  'CLIENT_EARLY_TRAFFIC_SECRET',
  'CLIENT_HANDSHAKE_TRAFFIC_SECRET',
  'SERVER_HANDSHAKE_TRAFFIC_SECRET',
  'CLIENT_TRAFFIC_SECRET_0',
  'SERVER_TRAFFIC_SECRET_0',
]

export const RANDOM_LENGTH = 32
export const LONGEST_SECRET = 48

/** Bytes that each secret counts for against the limit. */
export const SECRET_COST = 96
const PAGE_LENGTH = 4096
const FEWEST_HEADS = 1024

/** `PAGE_LENGTH` secrets. */
interface Page {
  readonly randoms: Uint8Array
  readonly secrets: Uint8Array
  /** How many bytes each secret has. */
  readonly lengths: Uint8Array
  /** The place of its label in `SECRET_LABELS`. */
  readonly labels: Uint8Array
  /** The link to the next secret whose random has the same hash. */
  readonly next: Uint32Array
}

/** What a store holds. It can be passed to another thread. */
export interface StoredSecrets {
  readonly pages: Page[]
  /** For each hash, the link to the newest of its secrets. A link is one more than a secret's number; 0 leads nowhere. */
  heads: Uint32Array
  count: number
  /** A table of 256 random words for each byte of a random: whoever writes a key log cannot know which randoms collide. */
  readonly hashTables: Uint32Array
}

/** Makes memory for so many bytes. */
export type Allocate = (bytes: number) => ArrayBuffer | SharedArrayBuffer

/** Secrets of many connections. */
export class SecretStore {
  readonly stored: StoredSecrets
  readonly #most: number
  readonly #allocate: Allocate

  /** `limit`: the most bytes that it may hold, at `SECRET_COST` a secret. */
  constructor(limit: number, allocate: Allocate = (bytes) => new ArrayBuffer(bytes)) {
    this.#most = Math.floor(limit / SECRET_COST)
    this.#allocate = allocate
    this.stored = {
      pages: [],
      heads: new Uint32Array(allocate(4 * FEWEST_HEADS)),
      count: 0,
      hashTables: randomWords(allocate(4 * 256 * RANDOM_LENGTH)),
    }
  }

  /** The bytes that it holds, at `SECRET_COST` a secret. */
  get size(): number {
    return this.stored.count * SECRET_COST
  }

  /**
   * Keeps a copy of a secret, in place of one with the same label and random. Returns false if it has no room. `random` has 32
   * bytes, `secret` 48 at most.
   */
  put(label: SecretLabel, random: Uint8Array, secret: Uint8Array): boolean {
    const { stored } = this
    const labelNumber = SECRET_LABELS.indexOf(label)
    let link = firstLink(stored, random)
    while (link !== 0 && labelAt(stored, link) !== labelNumber) link = nextLink(stored, random, link)
    if (link === 0) {
      if (stored.count === this.#most) return false
      link = this.#append(labelNumber, random)
    }
    const { secrets, lengths } = pageOf(stored, link)
    const place = placeOf(link)
    secrets.set(secret, place * LONGEST_SECRET)
    lengths[place] = secret.length
    return true
  }

  /** Adds an entry for a secret and returns the link to it. */
  #append(labelNumber: number, random: Uint8Array): number {
    const { stored } = this
    if (stored.count === stored.heads.length) this.#growHeads()
    if (stored.count % PAGE_LENGTH === 0) stored.pages.push(this.#newPage())
    const link = ++stored.count
    const { randoms, labels } = pageOf(stored, link)
    randoms.set(random, placeOf(link) * RANDOM_LENGTH)
    labels[placeOf(link)] = labelNumber
    linkIn(stored, link)
    return link
  }

  #newPage(): Page {
    const bytes = (length: number) => new Uint8Array(this.#allocate(length * PAGE_LENGTH))
    return {
      randoms: bytes(RANDOM_LENGTH),
      secrets: bytes(LONGEST_SECRET),
      lengths: bytes(1),
      labels: bytes(1),
      next: new Uint32Array(this.#allocate(4 * PAGE_LENGTH)),
    }
  }

  /** As many hashes as secrets, so that few secrets share one. */
  #growHeads(): void {
    const { stored } = this
    stored.heads = new Uint32Array(this.#allocate(4 * 2 * stored.heads.length))
    for (let link = 1; link <= stored.count; link++) linkIn(stored, link)
  }
}

/** The secrets of the connection whose ClientHello has this random; undefined if there are none. */
export function findSecrets(stored: StoredSecrets, random: Uint8Array): SessionSecrets | undefined {
  let found: SessionSecrets | undefined
  for (let link = firstLink(stored, random); link !== 0; link = nextLink(stored, random, link)) {
    const { secrets, lengths } = pageOf(stored, link)
    const start = placeOf(link) * LONGEST_SECRET
    found ??= {}
    // A copy: the memory may be shared between threads, and ciphers take none of that kind.
    found[SECRET_LABELS[labelAt(stored, link)]!] = copy(secrets, start, start + lengths[placeOf(link)]!)
  }
  return found
}

function linkIn(stored: StoredSecrets, link: number): void {
  const { randoms, next } = pageOf(stored, link)
  const head = hashOf(stored, randoms, placeOf(link) * RANDOM_LENGTH)
  next[placeOf(link)] = stored.heads[head]!
  stored.heads[head] = link
}

function firstLink(stored: StoredSecrets, random: Uint8Array): number {
  return seek(stored, random, stored.heads[hashOf(stored, random, 0)]!)
}

function nextLink(stored: StoredSecrets, random: Uint8Array, link: number): number {
  return seek(stored, random, pageOf(stored, link).next[placeOf(link)]!)
}

/** The first link from `link` on to a secret of this random. */
function seek(stored: StoredSecrets, random: Uint8Array, link: number): number {
  let at = link
  while (at !== 0) {
    const { randoms, next } = pageOf(stored, at)
    if (isAt(random, randoms, placeOf(at) * RANDOM_LENGTH)) break
    at = next[placeOf(at)]!
  }
  return at
}

function labelAt(stored: StoredSecrets, link: number): number {
  return pageOf(stored, link).labels[placeOf(link)]!
}

function pageOf({ pages }: StoredSecrets, link: number): Page {
  return pages[Math.floor((link - 1) / PAGE_LENGTH)]!
}

function placeOf(link: number): number {
  return (link - 1) % PAGE_LENGTH
}

function hashOf({ heads, hashTables }: StoredSecrets, bytes: Uint8Array, at: number): number {
  let hash = 0
  for (let i = 0; i < RANDOM_LENGTH; i++) hash ^= hashTables[256 * i + bytes[at + i]!]!
  return hash & (heads.length - 1)
}

function isAt(random: Uint8Array, bytes: Uint8Array, at: number): boolean {
  for (let i = 0; i < RANDOM_LENGTH; i++) if (random[i] !== bytes[at + i]) return false
  return true
}

function randomWords(memory: ArrayBuffer | SharedArrayBuffer): Uint32Array {
  const words = new Uint32Array(memory)
  for (let i = 0; i < words.length; i++) words[i] = Math.random() * 2 ** 32
  return words
}
