// permessage-deflate in one direction (RFC 7692 §7.2): the compressed bytes of a message in, what they say out, even if the
// window before them is lost.
//
// How much of a message can be known without the window? The bits of a deflate stream mean the same without it; only back
// references need it. So the message is inflated twice, over a window of zeros and over one of 0xff: bytes that come out equal
// are sure, however often they were copied; bytes that differ come from what was lost.
import { NO_BYTES } from '../base/bytes.ts'
import type { DeflateSide } from '../base/events.ts'
import type { InflateReason } from '../base/finding-values.ts'
import type { Inflated, Inflater, MakeInflater } from './inflater.ts'

/** What a compressed message says. */
export interface InflatedMessage {
  /** The bytes that are sure: all of them, or those before the first doubt. */
  readonly bytes: Uint8Array
  /** True if that is the whole message. */
  readonly whole: boolean
  /** True if the window before the message was lost, but the message needs nothing of it. */
  readonly withoutContext: boolean
  /**
   * Why it was not inflated as a whole: it is not deflate data, it refers to what was lost, or it grows past the limit. Also
   * undefined if only the end of `payload` was missing.
   */
  readonly fault: 'error' | 'context' | 'limit' | undefined
  /** Why, if there is more to be said. */
  readonly reason: InflateReason | undefined
}

/** The messages of one direction, in order. */
export class MessageInflation {
  readonly #side: DeflateSide
  readonly #makeInflater: MakeInflater
  readonly #maxLength: number
  #inflater: Inflater | undefined
  /** True if bytes of the window are unknown. Then `#inflater` works over zeros, and `#other` over 0xff. */
  #lost: boolean
  #other: Inflater | undefined
  #primed = false
  /** Bytes since the last one that is not sure. Once they fill the window, nothing is lost any more. */
  #sure = 0
  /** Why the window was lost, where a limit did it. */
  #lostReason: InflateReason | undefined

  /** `midstream`: earlier messages were not captured. `maxLength`: bytes that one message may inflate to. */
  constructor(side: DeflateSide, makeInflater: MakeInflater, maxLength: number, midstream: boolean) {
    this.#side = side
    this.#makeInflater = makeInflater
    this.#maxLength = maxLength
    this.#lost = midstream && side.contextTakeover
  }

  /** Inflates a message; `whole` is false if `payload` is only the first part of its bytes. */
  inflate(payload: Uint8Array, whole: boolean): InflatedMessage {
    if (payload.length === 0) return this.#empty(whole)
    if (this.#lost) return this.#inflateTwice(payload, whole)
    this.#inflater ??= this.#makeInflater(this.#side.windowBits)
    const inflater = this.#inflater
    const inflated = inflater.inflate(payload, this.#maxLength)
    if (inflated.status === 'dropped') {
      this.loseContext(inflated.reason)
      return this.#inflateTwice(payload, whole)
    }
    if (!this.#side.contextTakeover) inflater.reset()
    return this.#outcome(inflated, inflated.bytes, whole, false)
  }

  /** Messages were lost, or parts of one: what comes next may refer to bytes that nobody knows. */
  loseContext(reason?: InflateReason): void {
    if (!this.#side.contextTakeover) return
    this.#lost = true
    this.#primed = false
    this.#sure = 0
    this.#lostReason = reason
  }

  /** Frees what the inflaters hold. */
  close(): void {
    this.#inflater?.close()
    this.#other?.close()
    this.#inflater = undefined
    this.#other = undefined
  }

  /**
   * RFC 7692 §7.2.3.6: even an empty message is one byte, 00. A payload of no bytes did not go through the sender's compressor,
   * so the window is as it was.
   */
  #empty(whole: boolean): InflatedMessage {
    if (!whole) this.loseContext()
    const fault = whole ? 'error' : undefined
    const reason = whole ? 'noBytes' : undefined
    return { bytes: NO_BYTES, whole: false, withoutContext: false, fault, reason }
  }

  #inflateTwice(payload: Uint8Array, whole: boolean): InflatedMessage {
    this.#inflater ??= this.#makeInflater(this.#side.windowBits)
    this.#other ??= this.#makeInflater(this.#side.windowBits)
    const first = this.#inflater
    const second = this.#other
    if (!this.#primed) this.#prime(first, second)
    let zeros = first.inflate(payload, this.#maxLength)
    let ones = second.inflate(payload, this.#maxLength)
    if (zeros.status === 'dropped' || ones.status === 'dropped') {
      this.#prime(first, second)
      zeros = first.inflate(payload, this.#maxLength)
      ones = second.inflate(payload, this.#maxLength)
      if (zeros.status === 'dropped' || ones.status === 'dropped') return this.#inflateAlone(payload, whole)
    }
    const length = Math.min(zeros.bytes.length, ones.bytes.length)
    const sure = sureLength(zeros.bytes, ones.bytes, length)
    const known = sure === length
    const outcome = this.#outcome(zeros, known ? zeros.bytes : zeros.bytes.subarray(0, sure), whole, !known)
    if (this.#primed) this.#count(zeros.bytes, ones.bytes, known)
    return outcome
  }

  /** If a limit leaves no room for two windows, inflates without one. zlib refuses what refers to bytes before the message. */
  #inflateAlone(payload: Uint8Array, whole: boolean): InflatedMessage {
    const inflater = this.#inflater!
    inflater.reset()
    const inflated = inflater.inflate(payload, this.#maxLength)
    const tooFarBack = inflated.status === 'error' && inflated.reason === 'invalid distance too far back'
    const outcome = this.#outcome(
      tooFarBack ? { ...inflated, status: 'done' } : inflated,
      inflated.bytes,
      whole,
      tooFarBack,
    )
    this.loseContext(this.#lostReason)
    return outcome
  }

  #outcome(inflated: Inflated, bytes: Uint8Array, whole: boolean, unsure: boolean): InflatedMessage {
    const { status } = inflated
    const withoutContext = this.#lost
    const lostReason = this.#lostReason
    if (status !== 'done' || !whole) this.loseContext(lostReason)
    if (status === 'done' && !unsure) {
      return { bytes, whole, withoutContext: withoutContext && whole, fault: undefined, reason: undefined }
    }
    if (status === 'error' && whole) {
      return { bytes, whole: false, withoutContext: false, fault: 'error', reason: inflated.reason }
    }
    if (unsure || status === 'dropped') {
      return {
        bytes,
        whole: false,
        withoutContext: false,
        fault: 'context',
        reason: lostReason ?? inflated.reason,
      }
    }
    if (status === 'limit')
      return { bytes, whole: false, withoutContext: false, fault: 'limit', reason: inflated.reason }
    return { bytes, whole: false, withoutContext: false, fault: undefined, reason: undefined }
  }

  #prime(first: Inflater, second: Inflater): void {
    const { windowBits } = this.#side
    first.reset()
    second.reset()
    first.inflate(fillingMessage(windowBits, 0x00), Infinity)
    second.inflate(fillingMessage(windowBits, 0xff), Infinity)
    this.#primed = true
    this.#sure = 0
  }

  #count(zeros: Uint8Array, ones: Uint8Array, known: boolean): void {
    let sure = zeros.length
    if (known) {
      sure += this.#sure
    } else {
      let at = zeros.length
      while (at > 0 && zeros[at - 1] === ones[at - 1]) at--
      sure = zeros.length - at
    }
    this.#sure = sure
    if (sure < 1 << this.#side.windowBits) return
    this.#lost = false
    this.#lostReason = undefined
    this.#other?.close()
    this.#other = undefined
  }
}

/** How many bytes are equal, from the start on. */
function sureLength(zeros: Uint8Array, ones: Uint8Array, length: number): number {
  let at = 0
  while (at < length && zeros[at] === ones[at]) at++
  return at
}

/** Made once for each size: 130 KiB at most. */
const fillingMessages = new Map<number, Uint8Array>()

/** A message that fills a window with equal bytes: a stored block (RFC 1951 §3.2.4) of at most 32 KiB, as on the wire. */
function fillingMessage(windowBits: number, byte: number): Uint8Array {
  const key = windowBits * 256 + byte
  let message = fillingMessages.get(key)
  if (message === undefined) {
    const length = 1 << windowBits
    message = new Uint8Array(length + 6).fill(byte, 5, length + 5)
    message.set([0, length & 0xff, length >> 8, ~length & 0xff, (~length >> 8) & 0xff])
    fillingMessages.set(key, message)
  }
  return message
}
