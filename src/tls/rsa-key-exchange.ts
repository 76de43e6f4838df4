// RSA key exchange in TLS 1.2 (RFC 5246 §7.4.7.1): the client encrypts the premaster secret for the server's RSA key, so the
// private key opens the connection. In: the handshake messages of both directions. Out: the master secret, once they suffice.
import { concat, copy } from '../base/bytes.ts'
import type { Budget } from '../base/limits.ts'
import { type Direction, opposite } from '../base/stream.ts'
import type { Cryptography, RsaPrivateKey } from '../platform/platform.ts'
import type { CipherSuite } from './cipher-suites.ts'
import { HandshakeType } from './handshake-messages.ts'
import type { ClientHello, ServerHello } from './hello.ts'
import { pseudoRandom } from './key-schedule.ts'

const MASTER_SECRET_LENGTH = 48
const PREMASTER_SECRET_LENGTH = 48
/** RFC 8017 §7.2.1: at least eight bytes of padding. */
const SHORTEST_PADDING = 8

interface Message {
  readonly type: number
  readonly body: Uint8Array
}

/** The key exchange of one connection. */
export class RsaKeyExchange {
  /** True once both sides have sent all that the master secret is made of. */
  isComplete = false
  readonly #cryptography: Cryptography
  readonly #keys: readonly RsaPrivateKey[]
  readonly #budget: Budget
  /** The messages of each direction, in order: the client's up to ClientKeyExchange, the server's up to ServerHelloDone. */
  readonly #messages: readonly [Message[], Message[]] = [[], []]
  readonly #isThrough: [boolean, boolean] = [false, false]
  #charged = 0
  #isClosed: boolean

  /** `keys`: RSA private keys; one of them may be the server's. Without any, the exchange is closed from the start. */
  constructor(cryptography: Cryptography, keys: readonly RsaPrivateKey[], budget: Budget) {
    this.#cryptography = cryptography
    this.#keys = keys
    this.#budget = budget
    this.#isClosed = keys.length === 0
  }

  /** True while messages are still to come: the exchange is neither complete nor closed. */
  get isOpen(): boolean {
    return !this.isComplete && !this.#isClosed
  }

  /** Whether a direction has sent its part. */
  isThrough(direction: Direction): boolean {
    return this.#isThrough[direction]
  }

  /** Takes the next message of a direction; copies it. */
  take(direction: Direction, type: number, body: Uint8Array): void {
    if (!this.isOpen || this.#isThrough[direction] || type === HandshakeType.helloRequest) return
    if (!this.#budget.take(body.length)) {
      this.close()
      return
    }
    this.#charged += body.length
    this.#messages[direction].push({ type, body: copy(body) })
    this.#isThrough[direction] =
      type === HandshakeType.clientKeyExchange || type === HandshakeType.serverHelloDone
    this.isComplete = this.#isThrough[0] && this.#isThrough[1]
  }

  /** No more messages come, or they are of no use. Gives back what was taken from the budget. */
  close(): void {
    this.#isClosed = true
    this.#budget.give(this.#charged)
    this.#charged = 0
    for (const messages of this.#messages) messages.length = 0
  }

  /**
   * The master secret, 48 bytes; undefined if none of the keys is the server's, or if messages of the handshake are missing.
   * Works once: it closes the exchange.
   */
  masterSecret(
    { hash }: CipherSuite,
    client: Direction,
    { random }: ClientHello,
    { random: serverRandom, extendedMasterSecret }: ServerHello,
  ): Uint8Array | undefined {
    if (!this.isComplete || this.#isClosed) return undefined
    const ours = this.#messages[client]
    const theirs = this.#messages[opposite(client)]
    const premaster = this.#premasterSecret(ours.at(-1)!.body)
    const transcript = transcriptOf(ours, theirs)
    this.close()
    if (premaster === undefined) return undefined
    if (!extendedMasterSecret) {
      const randoms = concat([random, serverRandom])
      return pseudoRandom(this.#cryptography, hash, premaster, 'master secret', randoms, MASTER_SECRET_LENGTH)
    }
    if (transcript === undefined) return undefined
    const session = this.#cryptography.hash(hash, transcript)
    return pseudoRandom(
      this.#cryptography,
      hash,
      premaster,
      'extended master secret',
      session,
      MASTER_SECRET_LENGTH,
    )
  }

  /** In a ClientKeyExchange, two bytes of length come before the encrypted secret. */
  #premasterSecret(keyExchange: Uint8Array): Uint8Array | undefined {
    for (const key of this.#keys) {
      const secret = decrypt(key, keyExchange.subarray(2))
      if (secret?.length === PREMASTER_SECRET_LENGTH) return secret
    }
    return undefined
  }
}

/** RFC 8017 §7.2.2: the bytes after the padding; undefined if the padding is wrong. */
function decrypt(key: RsaPrivateKey, encrypted: Uint8Array): Uint8Array | undefined {
  const block = key.decrypt(encrypted)
  if (block === undefined) return undefined
  const end = block.indexOf(0, 2)
  return block[0] === 0 && block[1] === 2 && end >= 2 + SHORTEST_PADDING ? block.subarray(end + 1) : undefined
}

/**
 * RFC 7627 §3: all messages up to the ClientKeyExchange: the ClientHello, the server's, then the rest of the client's. Undefined
 * if some were lost.
 */
function transcriptOf(
  [hello, ...ours]: readonly Message[],
  theirs: readonly Message[],
): Uint8Array | undefined {
  const has = (messages: readonly Message[], wanted: number) => messages.some(({ type }) => type === wanted)
  const isAsked = has(theirs, HandshakeType.certificateRequest)
  const isWhole =
    hello?.type === HandshakeType.clientHello &&
    has(theirs, HandshakeType.certificate) &&
    (!isAsked || has(ours, HandshakeType.certificate))
  if (!isWhole) return undefined
  return concat([hello, ...theirs, ...ours].flatMap(({ type, body }) => [headerOf(type, body.length), body]))
}

function headerOf(type: number, length: number): Uint8Array {
  return Uint8Array.of(type, length >> 16, (length >> 8) & 0xff, length & 0xff)
}
