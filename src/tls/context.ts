// What the TLS connections of a capture share.
import type { Budget } from '../limits.ts'
import type { KeyLog } from './key-log.ts'
import { Sessions } from './sessions.ts'
import { Trials } from './trials.ts'

export class TlsContext {
  readonly keyLog: KeyLog
  readonly budget: Budget
  /** Encrypted bytes that wait for their secrets, over all connections. */
  readonly purse: Budget
  readonly trials = new Trials()
  readonly sessions = new Sessions()
  /** Connections that were not decrypted while there was no key log: said once for all of them. */
  withoutKeyLog = 0

  constructor(keyLog: KeyLog, budget: Budget) {
    this.keyLog = keyLog
    this.budget = budget
    this.purse = budget.half()
  }
}
