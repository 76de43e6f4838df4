// What the TLS connections of a capture share.
import type { Budget } from '../base/limits.ts'
import type { KeyLog } from './key-log.ts'
import type { RsaKeys } from './rsa-keys.ts'
import { Sessions } from './sessions.ts'
import { Trials } from './trials.ts'

export class TlsContext {
  readonly keyLog: KeyLog
  /** Private keys of servers. */
  readonly rsaKeys: RsaKeys
  readonly budget: Budget
  /** Encrypted bytes that wait for their secrets, over all connections. */
  readonly purse: Budget
  readonly trials = new Trials()
  readonly sessions = new Sessions()
  /** Connections that were not decrypted while there were no secrets at all: said once for all of them. */
  withoutSecrets = 0

  constructor(keyLog: KeyLog, budget: Budget, rsaKeys: RsaKeys = []) {
    this.keyLog = keyLog
    this.rsaKeys = rsaKeys
    this.budget = budget
    this.purse = budget.half()
  }

  /** True where there is anything to decrypt with. */
  get hasSecrets(): boolean {
    return this.keyLog.isGiven || this.rsaKeys.length > 0
  }
}
