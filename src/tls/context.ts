// What the TLS connections of a capture share.
import type { Budget } from '../base/limits.ts'
import type { Cryptography, RsaPrivateKey } from '../platform/platform.ts'
import type { KeyLog } from './key-log.ts'
import { Sessions } from './sessions.ts'
import { Trials } from './trials.ts'

export class TlsContext {
  readonly cryptography: Cryptography
  readonly keyLog: KeyLog
  /** Private keys of servers. */
  readonly rsaKeys: readonly RsaPrivateKey[]
  readonly budget: Budget
  /** Encrypted bytes that wait for their secrets, over all connections. */
  readonly waiting: Budget
  readonly trials = new Trials()
  readonly sessions = new Sessions()
  /** Connections that were not decrypted while there were no secrets at all: said once for all of them. */
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

  /** True where there is anything to decrypt with. */
  get hasSecrets(): boolean {
    return this.keyLog.isGiven || this.rsaKeys.length > 0
  }
}
