// The keys of one direction, one set after the other (RFC 8446 §7.1: early, handshake, application, and again at each KeyUpdate; in TLS 1.2
// one set only), and the sequence number of the next record. Behind a hole, finds both again by trial: a wrong guess does not verify.
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

/** The records under one set of keys. */
export interface Epoch {
  readonly kind: 'early' | 'handshake' | 'application'
  readonly protection: RecordProtection
}

/** A record that was found again. */
export interface Found {
  readonly opened: Opened
  /** Records that were lost before it under its own keys. */
  readonly lostRecords: number
  /** True where these are not the keys that were in use before the hole. */
  readonly hasNewKeys: boolean
}

/** Sequence numbers tried for one record. */
const MOST_AT_ONCE = 4096

export class Epochs {
  /** Undefined before the first protected record. */
  current: Epoch | undefined
  readonly #list: readonly Epoch[]
  readonly #trials: Trials
  #index = -1
  #sequence = 0

  constructor(list: readonly Epoch[], trials: Trials) {
    this.#list = list
    this.#trials = trials
  }

  /** Goes on to the next keys: the next of the list, or those behind a KeyUpdate. */
  change(): void {
    const [next] = this.#following()
    if (next !== undefined) this.#enter(next)
  }

  /** Opens the next record; it counts, whether it verifies or not. */
  open(record: TlsRecord): Opened | undefined {
    const opened = this.current?.protection.open(record, this.#sequence)
    if (opened !== undefined) this.#trials.earn()
    this.#sequence++
    return opened
  }

  /** The record that `open` refused does not count. */
  takeBack(): void {
    this.#sequence--
  }

  /** A record was lost. */
  skip(): void {
    this.#sequence++
  }

  /** Opens a record as the first under later keys, and changes to them where it verifies. */
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

  /** Opens a record before which so many bytes of others were lost; undefined where it is none, or lies further on. */
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
    for (let lostRecords = 0; lostRecords <= tries; lostRecords++) {
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

  /** The epochs that may come: what is left of the list, then that behind a KeyUpdate. */
  #following(): readonly Epoch[] {
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
    this.#sequence = 0
  }
}

/** TLS 1.2: of both directions, the client's first. */
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

/** TLS 1.3: those of which the secret is known. */
export function epochsOfTraffic(
  cryptography: Cryptography,
  suite: CipherSuite,
  secrets: ReadonlyArray<readonly [Epoch['kind'], Uint8Array | undefined]>,
): Epoch[] {
  return secrets.flatMap(([kind, secret]) =>
    fits(suite, secret) ? [{ kind, protection: new TrafficProtection(cryptography, suite, secret) }] : [],
  )
}

/** Whether there is a secret, and it is as long as those of the suite are. */
export function fits(suite: CipherSuite, secret: Uint8Array | undefined): secret is Uint8Array {
  return secret?.length === suite.hashLength
}
