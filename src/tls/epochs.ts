// The keys of one direction, one set after the other (RFC 8446 §7.1: early, handshake, application, and a new set at each
// KeyUpdate; TLS 1.2 has one set only), and the sequence number of the next record. After a hole, finds both by trial: a wrong
// guess does not verify.
import type { Cryptography } from '../platform/platform.ts'
import type { CipherSuite } from './cipher-suites.ts'
import type { ServerHello } from './hello.ts'
import { writeKeys } from './key-schedule.ts'
import {
  AeadProtection,
  CbcProtection,
  type Opened,
  type RecordProtection,
  TrafficProtection,
} from './record-protection.ts'
import { HEADER_LENGTH, type TlsRecord } from './records.ts'
import type { Trials } from './trials.ts'

/** One set of keys, and which records it protects; all of TLS 1.2 counts as `application`. */
export interface Epoch {
  readonly kind: 'early' | 'handshake' | 'application'
  readonly protection: RecordProtection
}

/** A record that was found after a hole. */
export interface Found {
  readonly opened: Opened
  /** How many records under its own keys were lost before it. */
  readonly lostRecords: number
  /** True if its keys are not those in use before the hole. */
  readonly hasNewKeys: boolean
}

/** Sequence numbers skipped at most when one record is tried under one set of keys. */
const MOST_AT_ONCE = 4096

/** The keys in use, those that may follow, and the sequence number of the next record. */
export class Epochs {
  /** Undefined before the first protected record. */
  current: Epoch | undefined
  readonly #list: readonly Epoch[]
  readonly #trials: Trials
  #index = -1
  /** What `#following` found: the keys of a KeyUpdate take long to make, and bytes that never verify would ask for them each time. */
  #next: readonly Epoch[] | undefined
  #sequence = 0

  constructor(list: readonly Epoch[], trials: Trials) {
    this.#list = list
    this.#trials = trials
  }

  /** Goes on to the next keys: the next of the list or, after its end, those of a KeyUpdate. */
  change(): void {
    const [next] = this.#following()
    if (next !== undefined) this.#enter(next)
  }

  /** Opens the next record; undefined if it does not verify. The sequence number goes up either way. */
  open(record: TlsRecord): Opened | undefined {
    const opened = this.current?.protection.open(record, this.#sequence)
    if (opened !== undefined) this.#trials.earn()
    this.#sequence++
    return opened
  }

  /** Takes back the sequence number of a record that `open` refused. */
  takeBack(): void {
    this.#sequence--
  }

  /** Counts a record that was lost. */
  skip(): void {
    this.#sequence++
  }

  /** Opens a record as the first under later keys, and changes to these if it verifies. */
  openWithLater(record: TlsRecord): Opened | undefined {
    for (const epoch of this.#following()) {
      const opened = this.#try(epoch, record, 0)
      if (opened === undefined) continue
      this.#enter(epoch)
      this.#sequence = 1
      return opened
    }
    return undefined
  }

  /**
   * Opens a record after `lostBytes` bytes that were lost. Undefined if it is not a record, or if more records were lost than are
   * tried.
   */
  find(record: TlsRecord, lostBytes: number): Found | undefined {
    const { current } = this
    const found = current && this.#findWith(current, this.#sequence, record, lostBytes, false)
    if (found !== undefined) return found
    for (const epoch of this.#following()) {
      const found = this.#findWith(epoch, 0, record, lostBytes, true)
      if (found !== undefined) return found
    }
    return undefined
  }

  #findWith(
    epoch: Epoch,
    from: number,
    record: TlsRecord,
    lostBytes: number,
    hasNewKeys: boolean,
  ): Found | undefined {
    const tries = Math.min(Math.floor(lostBytes / (HEADER_LENGTH + epoch.protection.overhead)), MOST_AT_ONCE)
    for (let lostRecords = 0; lostRecords <= tries && !this.#trials.areSpent; lostRecords++) {
      const opened = this.#try(epoch, record, from + lostRecords)
      if (opened === undefined) continue
      this.#trials.earn()
      if (hasNewKeys) this.#enter(epoch)
      this.#sequence = from + lostRecords + 1
      return { opened, lostRecords, hasNewKeys }
    }
    return undefined
  }

  #try(epoch: Epoch, record: TlsRecord, sequence: number): Opened | undefined {
    return this.#trials.take() ? epoch.protection.open(record, sequence) : undefined
  }

  /** The epochs that may come next: the rest of the list or, after its end, the one that a KeyUpdate begins. */
  #following(): readonly Epoch[] {
    this.#next ??= this.#findFollowing()
    return this.#next
  }

  #findFollowing(): readonly Epoch[] {
    const left = this.#list.slice(this.#index + 1)
    if (left.length > 0) return left
    const protection = this.current?.protection
    if (!(protection instanceof TrafficProtection)) return []
    return [{ kind: 'application', protection: protection.update() }]
  }

  #enter(epoch: Epoch): void {
    const index = this.#list.indexOf(epoch)
    if (index >= 0) this.#index = index
    this.current = epoch
    this.#next = undefined
    this.#sequence = 0
  }
}

/** The epochs of TLS 1.2: the client's, then the server's. */
export function epochsOfMaster(
  cryptography: Cryptography,
  suite: CipherSuite,
  master: Uint8Array,
  clientRandom: Uint8Array,
  { random, encryptThenMac }: ServerHello,
): readonly [Epoch[], Epoch[]] {
  const [client, server] = writeKeys(cryptography, suite, master, clientRandom, random).map(
    (keys): Epoch[] => {
      const protection =
        suite.mode === 'cbc'
          ? new CbcProtection(cryptography, suite, keys, encryptThenMac)
          : new AeadProtection(cryptography, suite, keys)
      return [{ kind: 'application', protection }]
    },
  )
  return [client!, server!]
}

/** The epochs of one direction in TLS 1.3. An epoch whose secret is missing, or does not fit the suite, is left out. */
export function epochsOfTraffic(
  cryptography: Cryptography,
  suite: CipherSuite,
  secrets: ReadonlyArray<readonly [Epoch['kind'], Uint8Array | undefined]>,
): Epoch[] {
  return secrets.flatMap(([kind, secret]) =>
    fits(suite, secret) ? [{ kind, protection: new TrafficProtection(cryptography, suite, secret) }] : [],
  )
}

/** Whether there is a secret, and it is as long as the suite's hash. */
export function fits(suite: CipherSuite, secret: Uint8Array | undefined): secret is Uint8Array {
  return secret?.length === suite.hashLength
}
