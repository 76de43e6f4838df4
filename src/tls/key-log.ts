// The secrets of TLS connections, as clients and servers log them (the NSS key log format, draft-ietf-tls-keylogfile). In: text.
// Out: secrets, found by client random. No secret ever leaves this folder.
import { toLatin1 } from '../base/bytes.ts'
import { InputError } from '../base/input-error.ts'
import { LIMITS } from '../base/limits.ts'
import {
  findSecrets,
  LONGEST_SECRET,
  RANDOM_LENGTH,
  SECRET_COST,
  SECRET_LABELS,
  type SecretLabel,
  SecretStore,
  type SessionSecrets,
  type StoredSecrets,
} from './secret-store.ts'

/** The type of a pcapng Decryption Secrets Block that holds a key log (draft-ietf-opsawg-pcapng §4.7). */
export const TLS_KEY_LOG = 0x544c534b

const LINE_FEED = 0x0a
const CARRIAGE_RETURN = 0x0d
const SPACE = 0x20
const TAB = 0x09
/** More bytes than a line with a secret has, blanks at its end included. */
const LONGEST_LINE = 512
const SHORT_SECRET = 32
const LONGEST_LABEL = 31
/** Bytes of a line with the shortest label and the shortest secret. */
const SHORTEST_LINE = 13 + 1 + 2 * RANDOM_LENGTH + 1 + 2 * SHORT_SECRET
/** Of the secrets that may be kept, the part that captures may bring. */
const CAPTURES_PART = 1 / 6
const NOT_A_DIGIT = 0xff
const DIGITS = Uint8Array.from({ length: 256 }, (_, byte) => {
  const digit = Number.parseInt(String.fromCharCode(byte), 16)
  return Number.isNaN(digit) ? NOT_A_DIGIT : digit
})

/** Reads a key log, piece by piece: call `push`, and last `end`. Comments, other labels, and lines that are cut off are ignored. */
export class KeyLogReader {
  readonly #store: SecretStore
  /** The start of a line that goes on in the next piece. */
  readonly #line = new Uint8Array(LONGEST_LINE)
  #lineLength = 0
  readonly #random = new Uint8Array(RANDOM_LENGTH)
  readonly #secret = new Uint8Array(LONGEST_SECRET)
  /** True once the store had no room for a secret. */
  isFull = false

  constructor(store: SecretStore) {
    this.#store = store
  }

  /** Takes the next piece. */
  push(bytes: Uint8Array): void {
    let start = 0
    for (let at = 0; at < bytes.length; at++) {
      if (bytes[at] !== LINE_FEED && bytes[at] !== CARRIAGE_RETURN) continue
      if (this.#lineLength === 0) this.#takeLine(bytes, start, at)
      else {
        this.#lengthen(bytes, start, at)
        this.end()
      }
      start = at + 1
    }
    this.#lengthen(bytes, start, bytes.length)
  }

  /** Takes the last line, which may have no line end. */
  end(): void {
    this.#takeLine(this.#line, 0, this.#lineLength)
    this.#lineLength = 0
  }

  /** Of a line that is too long no more is kept than shows that it is. */
  #lengthen(bytes: Uint8Array, start: number, end: number): void {
    const part = bytes.subarray(start, Math.min(end, start + LONGEST_LINE - this.#lineLength))
    this.#line.set(part, this.#lineLength)
    this.#lineLength += part.length
  }

  #takeLine(bytes: Uint8Array, start: number, lineEnd: number): void {
    if (lineEnd - start < SHORTEST_LINE || lineEnd - start >= LONGEST_LINE) return
    let end = lineEnd
    while (bytes[end - 1] === SPACE || bytes[end - 1] === TAB) end--
    let labelEnd = start
    while (bytes[labelEnd] !== SPACE && labelEnd < start + LONGEST_LABEL) labelEnd++
    const label = toLatin1(bytes, start, labelEnd).toUpperCase() as SecretLabel
    if (!SECRET_LABELS.includes(label)) return
    const secretStart = labelEnd + 1 + 2 * RANDOM_LENGTH + 1
    const length = (end - secretStart) / 2
    // A line that was cut off may have 64 of 96 digits left: `fits` (epochs.ts) refuses the secret.
    if (length !== LONGEST_SECRET && (length !== SHORT_SECRET || label === 'CLIENT_RANDOM')) return
    if (bytes[labelEnd] !== SPACE || bytes[secretStart - 1] !== SPACE) return
    const secret = this.#secret.subarray(0, length)
    if (!readHex(bytes, labelEnd + 1, this.#random) || !readHex(bytes, secretStart, secret)) return
    if (!this.#store.put(label, this.#random, secret)) this.isFull = true
  }
}

/** Fills `into` with the bytes that the digits from `at` on spell. False if one of them is not a hex digit. */
function readHex(bytes: Uint8Array, at: number, into: Uint8Array): boolean {
  let all = 0
  for (let i = 0; i < into.length; i++) {
    const high = DIGITS[bytes[at + 2 * i]!]!
    const low = DIGITS[bytes[at + 2 * i + 1]!]!
    all |= high | low
    into[i] = (high << 4) | low
  }
  return all < 16
}

/** The secrets of all key logs that were given, and of those in the captures. */
export class KeyLog {
  /** Grows when secrets are added. */
  version = 0
  /** True once there is a key log, even an empty one. */
  isGiven: boolean
  /** True while more secrets may come: connections then hold back what they cannot decrypt yet. */
  mayGrow = false
  readonly #given: StoredSecrets | undefined
  #added: SecretStore | undefined
  readonly #limitOfAdded: number

  /**
   * `given`: a key log, or the secrets that were read from some. `limit`: the most bytes that all secrets may take, at
   * `SECRET_COST` each. Those that are added later may take a sixth. Throws InputError if a key log holds more.
   */
  constructor(given?: string | Uint8Array | StoredSecrets, limit: number = LIMITS.secrets.value) {
    this.isGiven = given !== undefined
    this.#given = typeof given === 'string' || given instanceof Uint8Array ? storeOf(given, limit) : given
    const left = limit - (this.#given?.count ?? 0) * SECRET_COST
    this.#limitOfAdded = Math.min(left, Math.floor(limit * CAPTURES_PART))
  }

  /** Takes a key log with whole lines. Returns false if there is no room for all of its secrets. */
  add(log: string | Uint8Array): boolean {
    this.isGiven = true
    this.#added ??= new SecretStore(this.#limitOfAdded)
    const isAllKept = readWhole(log, this.#added)
    this.version = this.#added.stored.count
    return isAllKept
  }

  /**
   * Takes a pcapng Decryption Secrets Block. Secrets that are not a TLS key log are ignored. Returns the limit that it reached, in
   * bytes, if there is no room for all that it holds.
   */
  readonly addBlock = (type: number, secrets: Uint8Array): number | undefined => {
    return type !== TLS_KEY_LOG || this.add(secrets) ? undefined : this.#limitOfAdded
  }

  /** The secrets of the connection whose ClientHello has this random, of 32 bytes. Those that were added last go first. */
  find(clientRandom: Uint8Array): SessionSecrets | undefined {
    const given = this.#given && findSecrets(this.#given, clientRandom)
    const added = this.#added && findSecrets(this.#added.stored, clientRandom)
    return given && added ? { ...given, ...added } : (added ?? given)
  }
}

/** What a user is told of a key log with more secrets than `limit` allows. `limitName`: as it is written where the limit is set. */
export function tooManySecrets(limit: number, limitName: string): string {
  const most = Math.floor(limit / SECRET_COST)
  return `has more secrets than the ${most} that are kept; give a shorter one, such as its last lines (tail -n 1000000), or raise ${limitName}`
}

function storeOf(log: string | Uint8Array, limit: number): StoredSecrets {
  const store = new SecretStore(limit)
  if (!readWhole(log, store))
    throw new InputError(`the key log ${tooManySecrets(limit, 'the limit secrets')}`)
  return store.stored
}

function readWhole(log: string | Uint8Array, store: SecretStore): boolean {
  const reader = new KeyLogReader(store)
  reader.push(typeof log === 'string' ? new TextEncoder().encode(log) : log)
  reader.end()
  return !reader.isFull
}
