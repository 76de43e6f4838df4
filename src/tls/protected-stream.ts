// One direction of a TLS connection. In: stream items. Out: decrypted stream items. Waits while more must be known of the
// connection (the other side's hello, the secrets), changes keys when the peers do, and finds its place again after a hole: the
// tag of a record verifies only with the record's own sequence number (RFC 8446 §5.3). Nothing that did not verify comes out.
import { HeldItems } from '../base/held-items.ts'
import type { Direction, GapReason, StreamEnd, StreamItem, Time } from '../base/stream.ts'
import type { TlsContext } from './context.ts'
import { type Epoch, Epochs } from './epochs.ts'
import { HandshakeMessages, HandshakeType } from './handshake-messages.ts'
import type { KeyUpdates } from './key-updates.ts'
import type { Opened } from './record-protection.ts'
import {
  ContentType,
  contentOf,
  HEADER_LENGTH,
  isChangeCipherSpec,
  type LostRecords,
  type Reading,
  RecordReader,
  type TlsRecord,
} from './records.ts'
import type { Trials } from './trials.ts'

/** What a stream tells its connection. */
export interface StreamListener {
  /** A handshake message, sent in the clear or encrypted. */
  message(type: number, body: Uint8Array): void
  /** The hello of this direction is missing, or what came in its place is not one. */
  helloLost(): void
  /** A record does not verify. */
  unverified(packet: number, time: Time | undefined): void
  /** No trials or key updates are left, of those that all connections share. */
  spent(what: 'tlsTrials' | 'tlsKeyUpdates'): void
  /** This direction changes to new keys that were agreed under the old ones (TLS 1.2). */
  renegotiated(): void
  deliver(item: StreamItem): void
}

/**
 * Which records come first whose keys are not known: `none`; `no-data`, without application data; `data`, early data among them.
 */
export type Unkeyed = 'none' | 'no-data' | 'data'

/** After this many more records that do not verify than do, the rest is given up. */
const MOST_FAILURES = 64

/** Decrypts one direction. Push items; call `resume` when more is known of the connection. */
export class ProtectedStream {
  /** True once the hello of this direction was read. */
  sawHello = false
  /** True after a HelloRetryRequest: a second hello follows, perhaps after a ChangeCipherSpec (RFC 8446 §D.4). */
  awaitsSecondHello = false
  /** True once it has ended or was given up. */
  isOver = false
  /** True while records wait until it is known what protects them. */
  isBlocked = false
  readonly #reader: RecordReader
  readonly #messages: HandshakeMessages
  readonly #listener: StreamListener
  readonly #trials: Trials
  readonly #keyUpdates: KeyUpdates
  readonly #direction: Direction
  /** Items that wait until the records before them can be read. */
  readonly #held: HeldItems
  /** The arrival of the item taken last. */
  #arrival = 0
  /** Undefined while it is not known what protects the records. */
  #epochs: Epochs | undefined
  #isTls13 = false
  #unkeyed: Unkeyed = 'none'
  #unkeyedBytes = 0
  #failures = 0
  #sawPadding = false
  #packet = 0
  #time: Time | undefined
  #hasDelivered = false
  /** Bytes dropped since it was given up. */
  #dropped = 0

  constructor(
    direction: Direction,
    listener: StreamListener,
    { budget, waiting, trials, keyUpdates, rsaKeys }: TlsContext,
  ) {
    this.#direction = direction
    this.#listener = listener
    this.#trials = trials
    this.#keyUpdates = keyUpdates
    this.#held = new HeldItems(waiting)
    this.#reader = new RecordReader(budget)
    this.#messages = new HandshakeMessages(budget, rsaKeys.length > 0, (type, body) =>
      this.#message(type, body),
    )
  }

  /**
   * Takes the next item; `arrival` grows with every item of the connection. False if it has to wait and there is no room for it:
   * it was not taken.
   */
  push(item: StreamItem, arrival: number): boolean {
    if (this.waitsSince < arrival) return this.#held.push(this.#direction, item, arrival)
    this.#take(item, arrival)
    return true
  }

  /** The arrival of the oldest item that was not read to its end; Infinity if none waits. */
  get waitsSince(): number {
    return this.isBlocked ? this.#arrival : (this.#held.first?.arrival ?? Number.POSITIVE_INFINITY)
  }

  /** Says what protects the records: the epochs in their order. */
  unlock(epochs: readonly Epoch[], isTls13: boolean, unkeyed: Unkeyed): void {
    this.#epochs = new Epochs(epochs, this.#trials)
    this.#isTls13 = isTls13
    this.#unkeyed = unkeyed
  }

  get isUnlocked(): boolean {
    return this.#epochs !== undefined
  }

  /** Tries to go on with one of the items that wait. False if none waits, or if it must go on waiting. */
  resume(): boolean {
    if (this.isBlocked) {
      this.isBlocked = false
      this.#read(false)
      return !this.isBlocked
    }
    const held = this.#held.shift()
    if (held !== undefined) this.#take(held.item, held.arrival)
    return held !== undefined
  }

  /** The rest cannot be decrypted. Only the end still comes out and, if data came out before, a gap ahead of it. */
  giveUp(): void {
    if (this.isOver) return
    this.isOver = true
    this.isBlocked = false
    this.#dropped += this.#reader.finish()?.bytes ?? 0
    this.#messages.close()
    for (let held = this.#held.shift(); held !== undefined; held = this.#held.shift()) this.#drop(held.item)
  }

  #take(item: StreamItem, arrival: number): void {
    this.#arrival = arrival
    if (this.isOver) this.#drop(item)
    else if (item.kind === 'end') {
      this.#read(true)
      if (this.isBlocked) this.#held.push(this.#direction, item, arrival)
      else if (this.isOver) this.#drop(item)
      else this.#end(item)
    } else {
      this.#packet = item.released
      this.#time = item.time
      this.#reader.push(item)
      this.#read(false)
    }
  }

  #drop(item: StreamItem): void {
    if (item.kind === 'chunk') this.#dropped += item.end - item.start
    else if (item.kind === 'gap') this.#dropped += item.length
    else {
      if (this.#hasDelivered) this.#deliverGap(this.#dropped, false, 'undecrypted', item.released, item.time)
      this.#listener.deliver(item)
    }
  }

  #end(end: StreamEnd): void {
    const lost = this.#reader.finish()
    if (lost !== undefined && this.#hasDelivered) {
      const content = lost.bytes - HEADER_LENGTH - this.#overhead
      this.#deliverGap(content, false, lost.reason, lost.released, lost.time)
    }
    if (this.#unkeyedBytes > 0) this.#listener.unverified(this.#packet, this.#time)
    this.#messages.close()
    this.isOver = true
    this.#listener.deliver(end)
  }

  #read(isLast: boolean): void {
    while (!this.isOver) {
      const reading = this.#reader.peek(isLast)
      if (reading === undefined) return
      if (!this.#handle(reading)) {
        this.isBlocked = true
        this.#reader.keep()
        return
      }
    }
  }

  /** False if more must be known first; the reading then stays. */
  #handle(reading: Reading): boolean {
    if (reading.kind === 'record' && this.#epochs?.current === undefined) return this.#handleClear(reading)
    if (!this.sawHello) this.#listener.helloLost()
    else if (this.#epochs === undefined) return false
    else if (reading.kind === 'candidate') this.#handleCandidate(this.#epochs, reading)
    else {
      this.#reader.advance(reading)
      if (reading.kind === 'lost') this.#handleLost(this.#epochs, reading.lost)
      else this.#handleProtected(this.#epochs, reading.record)
    }
    return true
  }

  /** A record before the first protected one. */
  #handleClear(reading: Extract<Reading, { kind: 'record' }>): boolean {
    const { record } = reading
    const { type } = record
    const isBetweenHellos = this.awaitsSecondHello && type === ContentType.changeCipherSpec
    if (type === ContentType.applicationData || (type === ContentType.changeCipherSpec && !isBetweenHellos)) {
      if (!this.sawHello) this.#listener.helloLost()
      else if (this.#epochs === undefined) return false
      if (this.isOver) return true
    }
    this.#reader.advance(reading)
    if (type === ContentType.handshake) this.#readMessages(record)
    else if (type === ContentType.changeCipherSpec && !this.#isTls13) this.#epochs?.change()
    else if (type === ContentType.applicationData) {
      this.#epochs!.change()
      this.#handleProtected(this.#epochs!, record)
    }
    return true
  }

  #readMessages(record: TlsRecord): void {
    const content = contentOf(record)
    const isNoHello =
      !this.#messages.isWithin && content.length > 0 && content[0]! > HandshakeType.serverHello
    if (!this.sawHello && isNoHello) this.#listener.helloLost()
    else this.#messages.push(content)
  }

  #handleProtected(epochs: Epochs, record: TlsRecord): void {
    const { type, packet, time } = record
    // RFC 8446 §5: a ChangeCipherSpec for middleboxes may come at any time during the handshake.
    if (type === ContentType.changeCipherSpec && this.#isTls13) return
    const opened = epochs.open(record) ?? this.#openAtLast(epochs, record)
    if (opened !== undefined) this.#accept(epochs, opened, record)
    else if (this.#unkeyed !== 'none') {
      epochs.takeBack()
      this.#unkeyedBytes += record.end - record.start
    } else {
      this.#listener.unverified(packet, time)
      this.#deliverLostRecord(epochs, { ...record, bytes: record.end - record.start, reason: 'undecrypted' })
      if (++this.#failures === MOST_FAILURES) this.giveUp()
    }
  }

  /** The message that changed the keys may have been lost: tries the later ones. */
  #openAtLast(epochs: Epochs, record: TlsRecord): Opened | undefined {
    const opened = this.#unkeyed === 'none' ? epochs.openWithLater(record) : undefined
    if (opened !== undefined) this.#messages.reset()
    return opened
  }

  #handleLost(epochs: Epochs, lost: LostRecords): void {
    this.#messages.reset()
    if (epochs.current !== undefined) {
      epochs.skip()
      this.#deliverLostRecord(epochs, lost)
    } else if (lost.type === ContentType.changeCipherSpec || lost.type === ContentType.applicationData) {
      epochs.change()
      if (lost.type === ContentType.applicationData) epochs.skip()
    }
  }

  /** A gap for one lost record whose length is known. */
  #deliverLostRecord(epochs: Epochs, lost: LostRecords): void {
    if (lost.type !== ContentType.applicationData || epochs.current?.kind === 'handshake') return
    const content = lost.bytes - HEADER_LENGTH - this.#overhead
    this.#deliverGap(content, this.#tellsLength, lost.reason, lost.released, lost.time)
  }

  #handleCandidate(epochs: Epochs, candidate: Extract<Reading, { kind: 'candidate' }>): void {
    const { record, lost } = candidate
    if (epochs.current === undefined && !this.#isTls13 && isChangeCipherSpec(record)) {
      this.#reader.advance(candidate)
      this.#messages.reset()
      epochs.change()
      return
    }
    const before = epochs.current?.kind
    const found = epochs.find(record, lost.bytes)
    if (found === undefined) {
      if (this.#trials.areSpent) this.#listener.spent('tlsTrials')
      this.#reader.reject()
      return
    }
    this.#reader.advance(candidate)
    this.#messages.reset()
    const { lostRecords, hasNewKeys } = found
    const content = lost.bytes - lostRecords * (HEADER_LENGTH + this.#overhead)
    // After the handshake, if the record is the first under the application's keys, the hole held the handshake only.
    const isOfHandshake = before !== 'application' && before !== 'early' && lostRecords === 0
    if (epochs.current?.kind !== 'handshake' && !isOfHandshake) {
      this.#deliverGap(content, this.#tellsLength && !hasNewKeys, lost.reason, lost.released, lost.time)
    }
    this.#accept(epochs, found.opened, record)
  }

  #accept(epochs: Epochs, { type, content, padding }: Opened, record: TlsRecord): void {
    if (this.#unkeyed === 'data' && this.#unkeyedBytes > 0)
      this.#deliverGap(this.#unkeyedBytes, false, 'undecrypted', record.released, record.time)
    this.#unkeyed = 'none'
    this.#unkeyedBytes = 0
    if (this.#failures > 0) this.#failures--
    if (padding > 0) this.#sawPadding = true
    if (type === ContentType.handshake) this.#messages.push(content)
    else if (type === ContentType.changeCipherSpec) this.#listener.renegotiated()
    else if (
      type === ContentType.applicationData &&
      epochs.current!.kind !== 'handshake' &&
      content.length > 0
    ) {
      this.#hasDelivered = true
      this.#keyUpdates.earn(content.length)
      const { packet, released, time } = record
      const end = content.length
      this.#listener.deliver({
        kind: 'chunk',
        bytes: content,
        start: 0,
        end,
        packet,
        released,
        time,
        segmentStart: true,
      })
    }
  }

  #message(type: number, body: Uint8Array): void {
    const kind = this.#epochs?.current?.kind
    if (this.#isTls13) {
      const ends = kind === 'early' ? HandshakeType.endOfEarlyData : HandshakeType.finished
      const changes =
        kind === 'application' ? type === HandshakeType.keyUpdate : kind !== undefined && type === ends
      if (changes && kind === 'application' && !this.#keyUpdates.take()) this.#listener.spent('tlsKeyUpdates')
      else if (changes) this.#epochs!.change()
    }
    this.#listener.message(type, body)
  }

  get #overhead(): number {
    return this.#epochs?.current?.protection.overhead ?? 0
  }

  /**
   * Whether a lost record's length says how much data it held. Not once padding was seen, and not before the first data: then the
   * record may be of the handshake, or a session ticket.
   */
  get #tellsLength(): boolean {
    return (
      this.#hasDelivered && !this.#sawPadding && this.#epochs?.current?.protection.isOverheadExact === true
    )
  }

  #deliverGap(
    length: number,
    isExact: boolean,
    reason: GapReason,
    released: number,
    time: Time | undefined,
  ): void {
    if (length < 1 && isExact) return
    const gap = { kind: 'gap', length: Math.max(length, 1), reason, released, time } as const
    this.#listener.deliver(isExact ? gap : { ...gap, isEstimate: true })
  }
}
