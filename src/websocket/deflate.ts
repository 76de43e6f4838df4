// permessage-deflate in one direction (RFC 7692 §7.2): the compressed bytes of a message in, what they say out, even if the
// window before them is lost.
//
// How much of a message can be known without the window? The bits of a deflate stream mean the same without it; only back
// references need it. So the message is inflated twice, over a window of zeros and over one of 0xff: bytes that come out equal
// are sure, however often they were copied; bytes that differ come from what was lost.
import { NO_BYTES } from '../base/bytes.ts'
import { type DeflateSide, Opcode } from '../base/events.ts'
import type { InflateCause, InflateReason } from '../base/finding-values.ts'
import { backReferences } from './back-references.ts'
import { isPlainText, isProof } from './causes/windows.ts'
import { TOO_FAR_BACK } from './inflate-alone.ts'
import type { Inflated, Inflater, MakeInflater } from './inflater.ts'
import type { JoinedMessage } from './messages.ts'

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
  /** Set if the message is whole in spite of an `error`: which window it was compressed over. */
  readonly cause?: InflateCause
  /** If `fault` is `context`: true if the window was lost by an error of the sender, and not by the capture or a limit. */
  readonly lostBySender?: boolean
  /** The longest distance and the agreed window, in bytes, if it reaches beyond that. */
  readonly exceeded?: { readonly distance: number; readonly window: number }
}

/** What is inflated. */
type Compressed = Pick<JoinedMessage, 'payload' | 'whole' | 'opcode'>

/** The widest window. Also used where a narrower one was agreed on: otherwise zlib refuses only some of the references that reach too far. */
const WINDOW_BITS = 15
const WINDOW = 1 << WINDOW_BITS

const KEPT: InflateCause = { what: 'kept' }

/** The messages of one direction, in order. */
export class MessageInflation {
  readonly #side: DeflateSide
  readonly #makeInflater: MakeInflater
  readonly #maxLength: number
  /** As agreed on, until it is proved that the sender keeps its window all the same. */
  #contextTakeover: boolean
  #inflater: Inflater | undefined
  /** True if bytes of the window are unknown. Then `#inflater` works over zeros, and `#other` over 0xff. */
  #lost: boolean
  #other: Inflater | undefined
  #primed = false
  /** Bytes since the last one that is not sure. Once they fill the window, nothing is lost any more. */
  #sure = 0
  /** Why the window was lost, where a limit did it. */
  #lostReason: InflateReason | undefined
  #lostBySender = false
  /** Bytes that came out since the window was lost. */
  #out = 0
  /** The messages that were sent uncompressed since the last compressed one. */
  #passed: { readonly frame: number; last: number; messages: number } | undefined
  #passedBytes = 0
  /** True once it is proved that such messages are in the sender's window. */
  #keepsPassed = false

  /** `midstream`: earlier messages were not captured. `maxLength`: bytes that one message may inflate to. */
  constructor(side: DeflateSide, makeInflater: MakeInflater, maxLength: number, midstream: boolean) {
    this.#side = side
    this.#makeInflater = makeInflater
    this.#maxLength = maxLength
    this.#contextTakeover = side.contextTakeover
    this.#lost = midstream && side.contextTakeover
  }

  /** Inflates a message; `whole` is false if `payload` is only the first part of its bytes. */
  inflate(message: Compressed): InflatedMessage {
    if (message.payload.length === 0) return this.#empty(message.whole)
    const reach = this.#lost ? WINDOW : this.#known
    const inflated = this.#inflate(message)
    this.#passed = undefined
    this.#passedBytes = 0
    return inflated.bytes.length + reach > 1 << this.#side.windowBits && inflated.fault !== 'error'
      ? this.#measured(message.payload, inflated, reach)
      : inflated
  }

  /** A message that was sent uncompressed, in these frames. Not every sender keeps such a message out of its window, as it should. */
  passBy(message: Uint8Array, frames: readonly number[]): void {
    if (this.#lost || !this.#contextTakeover || message.length === 0) return
    this.#inflater ??= this.#makeInflater(WINDOW_BITS)
    this.#passedBytes += message.length
    if (!this.#inflater.passBy(message)) this.#passed = undefined
    else if (this.#passed === undefined)
      this.#passed = { frame: frames[0]!, last: frames.at(-1)!, messages: 1 }
    else {
      this.#passed.last = frames.at(-1)!
      this.#passed.messages++
    }
  }

  /** Messages were lost, or parts of one: what comes next may refer to bytes that nobody knows. */
  loseContext(reason?: InflateReason): void {
    this.#out = 0
    this.#passed = undefined
    this.#passedBytes = 0
    this.#lostBySender = false
    if (!this.#contextTakeover) {
      this.#inflater?.reset()
      return
    }
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

  #inflate(message: Compressed): InflatedMessage {
    const { payload, whole } = message
    if (this.#lost) return this.#inflateTwice(payload, whole)
    this.#inflater ??= this.#makeInflater(WINDOW_BITS)
    const inflater = this.#inflater
    if (this.#keepsPassed && this.#passed !== undefined) {
      const recalled = this.#recall(message)
      if (recalled !== undefined) return recalled
    }
    const inflated = inflater.inflate(payload, this.#maxLength)
    if (inflated.status === 'dropped') {
      this.loseContext(inflated.reason)
      return this.#inflateTwice(payload, whole)
    }
    if (inflated.reason === TOO_FAR_BACK && whole) {
      const recalled = this.#recall(message)
      if (recalled !== undefined) return recalled
    }
    this.#out += inflated.bytes.length
    if (!this.#contextTakeover) inflater.setAside()
    return this.#outcome(inflated, inflated.bytes, whole, false)
  }

  /** Bytes before the next message that it may refer to. */
  get #known(): number {
    return this.#contextTakeover ? this.#out : 0
  }

  /** Inflates a message over a window that it should not need; undefined unless that proves that the sender used it. */
  #recall(message: Compressed): InflatedMessage | undefined {
    const { payload } = message
    const inflater = this.#inflater!
    const cause: InflateCause | undefined = this.#contextTakeover
      ? this.#passed && { what: 'uncompressed', ...this.#passed }
      : KEPT
    if (cause === undefined) return undefined
    const known = this.#known
    const isProved = this.#keepsPassed
    const { status, bytes } = inflater.recall(payload, this.#maxLength, (bytes) =>
      isProved ? message.opcode !== Opcode.text || isPlainText(bytes) : isProof(message, bytes, known),
    )
    if (status !== 'done') return undefined
    this.#contextTakeover = true
    this.#keepsPassed = cause.what === 'uncompressed'
    this.#out += this.#passedBytes + bytes.length
    const told = { bytes, whole: true, withoutContext: false }
    return isProved && backReferences(payload, known).beyond === 0
      ? { ...told, fault: undefined, reason: undefined }
      : { ...told, fault: 'error', reason: TOO_FAR_BACK, cause }
  }

  /** Tells of a reference that reaches further than was agreed on. */
  #measured(payload: Uint8Array, inflated: InflatedMessage, reach: number): InflatedMessage {
    const window = 1 << this.#side.windowBits
    if (window === WINDOW) return inflated
    const { farthest, firstBeyond } = backReferences(payload, reach, this.#maxLength)
    if (farthest <= window) return inflated
    const exceeded = { distance: farthest, window }
    if (firstBeyond === undefined || firstBeyond >= inflated.bytes.length) return { ...inflated, exceeded }
    // As much was known as was agreed on, but no more.
    this.loseContext()
    const bytes = inflated.bytes.subarray(0, firstBeyond)
    return { ...inflated, bytes, whole: false, fault: 'context', reason: undefined, exceeded }
  }

  #inflateTwice(payload: Uint8Array, whole: boolean): InflatedMessage {
    this.#inflater ??= this.#makeInflater(WINDOW_BITS)
    this.#other ??= this.#makeInflater(WINDOW_BITS)
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
    const tooFarBack = inflated.status === 'error' && inflated.reason === TOO_FAR_BACK
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
    const lostBySender = this.#lostBySender
    if (status !== 'done' || !whole) {
      this.loseContext(lostReason)
      this.#lostBySender = withoutContext ? lostBySender && whole : status === 'error' && whole
    }
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
        lostBySender,
      }
    }
    if (status === 'limit')
      return { bytes, whole: false, withoutContext: false, fault: 'limit', reason: inflated.reason }
    return { bytes, whole: false, withoutContext: false, fault: undefined, reason: undefined }
  }

  #prime(first: Inflater, second: Inflater): void {
    first.reset()
    second.reset()
    first.inflate(fillingMessage(0x00), Infinity)
    second.inflate(fillingMessage(0xff), Infinity)
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
    this.#out = sure
    this.#lostReason = undefined
    this.#lostBySender = false
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

/** Made once: 32 KiB each. */
const fillingMessages = new Map<number, Uint8Array>()

/** A message that fills a window with equal bytes: a stored block (RFC 1951 §3.2.4), as on the wire. */
function fillingMessage(byte: number): Uint8Array {
  let message = fillingMessages.get(byte)
  if (message === undefined) {
    message = new Uint8Array(WINDOW + 6).fill(byte, 5, WINDOW + 5)
    message.set([0, WINDOW & 0xff, WINDOW >> 8, ~WINDOW & 0xff, (~WINDOW >> 8) & 0xff])
    fillingMessages.set(byte, message)
  }
  return message
}
