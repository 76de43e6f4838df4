// What all TLS connections of a capture share: secrets, budgets, sessions, and what is left of the trials and key updates.
import type { Budget } from '../base/limits.ts'
import type { Cryptography, RsaPrivateKey } from '../platform/platform.ts'
import type { KeyLog } from './key-log.ts'
import { KeyUpdates } from './key-updates.ts'
import { Sessions } from './sessions.ts'
import { Trials } from './trials.ts'

/** One for each analysis. */
export class TlsContext {
  readonly cryptography: Cryptography
  readonly keyLog: KeyLog
  /** Private keys of servers. */
  readonly rsaKeys: readonly RsaPrivateKey[]
  readonly budget: Budget
  /** Pays for the encrypted items that wait for their secrets, over all connections: at most half of `budget`. */
  readonly waiting: Budget
  readonly trials = new Trials()
  readonly keyUpdates = new KeyUpdates()
  readonly sessions = new Sessions()
  /** Connections that were not decrypted because there were no secrets at all: one finding covers all of them. */
  withoutSecrets = 0

  constructor(
    cryptography: Cryptography,
    keyLog: KeyLog,
    budget: Budget,
    rsaKeys: readonly RsaPrivateKey[] = [],
  ) {
    this.cryptography = cryptography
    this.keyLog = keyLog
    this.rsaKeys = rsaKeys
    this.budget = budget
    this.waiting = budget.share(budget.limit / 2)
  }

  /** True if there is anything to decrypt with. */
  get hasSecrets(): boolean {
    return this.keyLog.isGiven || this.rsaKeys.length > 0
  }
}
