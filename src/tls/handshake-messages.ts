// Handshake messages of one direction (RFC 8446 §4, RFC 5246 §7.4). In: the contents of handshake records, which cut messages
// anywhere. Out: whole messages. Only types that framewalk reads keep their body; of the others the type is enough.
import { NO_BYTES } from '../base/bytes.ts'
import type { Budget } from '../base/limits.ts'

/** Handshake types (IANA "TLS HandshakeType"). */
export const HandshakeType = {
  helloRequest: 0,
  clientHello: 1,
  serverHello: 2,
  newSessionTicket: 4,
  endOfEarlyData: 5,
  encryptedExtensions: 8,
  certificate: 11,
  certificateRequest: 13,
  serverHelloDone: 14,
  clientKeyExchange: 16,
  finished: 20,
  keyUpdate: 24,
} as const

const KEPT: readonly number[] = [
  HandshakeType.clientHello,
  HandshakeType.serverHello,
  HandshakeType.newSessionTicket,
  HandshakeType.encryptedExtensions,
]
const HEADER_LENGTH = 4
/** Bytes of a body that is kept; a longer one is not. The extensions alone may have 65 535 bytes. */
const LONGEST_KEPT = 2 ** 17

/**
 * Called for each complete message. `body` is empty unless its type is kept and there was room; copy it to keep it after the
 * call.
 */
export type TakeMessage = (type: number, body: Uint8Array) => void

/** Puts the messages of one direction together. */
export class HandshakeMessages {
  readonly #budget: Budget
  readonly #take: TakeMessage
  readonly #keepsAll: boolean
  readonly #header = new Uint8Array(HEADER_LENGTH)
  #headerSeen = 0
  #body = NO_BYTES
  #bodySeen = 0
  #remaining = 0
  #isOver = false

  /** `keepsAll`: keeps the bodies of all types. */
  constructor(budget: Budget, keepsAll: boolean, take: TakeMessage) {
    this.#budget = budget
    this.#keepsAll = keepsAll
    this.#take = take
  }

  /** True while a message has begun and not ended. */
  get isWithin(): boolean {
    return this.#headerSeen > 0
  }

  /** Takes the content of the next handshake record. */
  push(content: Uint8Array): void {
    for (let at = 0; at < content.length && !this.#isOver; ) {
      if (this.#headerSeen < HEADER_LENGTH) {
        this.#header[this.#headerSeen++] = content[at++]!
        if (this.#headerSeen === HEADER_LENGTH) this.#start()
      } else {
        const length = Math.min(this.#remaining, content.length - at)
        if (this.#body.length > 0) this.#body.set(content.subarray(at, at + length), this.#bodySeen)
        this.#bodySeen += length
        this.#remaining -= length
        at += length
      }
      if (this.#headerSeen === HEADER_LENGTH && this.#remaining === 0) {
        const body = this.#body
        this.reset()
        this.#take(this.#header[0]!, body)
      }
    }
  }

  /** Forgets the message that has begun: its rest is lost. */
  reset(): void {
    this.#headerSeen = 0
    this.#budget.give(this.#body.length)
    this.#body = NO_BYTES
    this.#bodySeen = 0
    this.#remaining = 0
  }

  /** Takes nothing more, not even the rest of the record at hand: the message just handed over may be what ends the stream. */
  close(): void {
    this.reset()
    this.#isOver = true
  }

  #start(): void {
    const [type, high, middle, low] = this.#header as unknown as [number, number, number, number]
    this.#remaining = (high << 16) | (middle << 8) | low
    const isKept = this.#keepsAll || KEPT.includes(type)
    if (!isKept || this.#remaining === 0 || this.#remaining > LONGEST_KEPT) return
    if (this.#budget.take(this.#remaining)) this.#body = new Uint8Array(this.#remaining)
  }
}
