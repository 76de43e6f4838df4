// Runs stream items through a TlsConnection and writes down what comes out.
import { copy } from '../../../src/base/bytes.ts'
import type { FindingCode } from '../../../src/base/findings.ts'
import { Budget } from '../../../src/base/limits.ts'
import type { Direction, StreamItem } from '../../../src/base/stream.ts'
import { sentenceOf } from '../../../src/language/en/finding-sentences.ts'
import { cryptography } from '../../../src/platform/node/cryptography.ts'
import { TlsConnection } from '../../../src/tls/connection.ts'
import { TlsContext } from '../../../src/tls/context.ts'
import { KeyLog } from '../../../src/tls/key-log.ts'

/** One item, and the direction that it belongs to. */
export type Sent = readonly [direction: Direction, item: StreamItem]

/** A TlsConnection, with everything that it delivered and reported. */
export class TlsReading {
  readonly budget = new Budget(64 * 1024 * 1024)
  readonly keyLog: KeyLog
  readonly context: TlsContext
  readonly items: readonly [StreamItem[], StreamItem[]] = [[], []]
  readonly findings: { readonly code: FindingCode; readonly message: string }[] = []
  readonly connection: TlsConnection

  /** `context`: of the readings before it in the same capture. */
  constructor(keyLog?: string, context?: TlsContext) {
    this.context = context ?? new TlsContext(cryptography, new KeyLog(), this.budget)
    this.keyLog = this.context.keyLog
    if (keyLog !== undefined) this.keyLog.add(keyLog)
    this.connection = new TlsConnection(this.context, {
      deliver: (direction, item) => this.items[direction].push(item),
      report: (code, values) => this.findings.push({ code, message: sentenceOf({ code, values }) }),
    })
  }

  /** Pushes items; the memory of each is overwritten after it, as that of a capture is. */
  push(sent: Iterable<Sent>): this {
    for (const [direction, item] of sent) {
      if (item.kind !== 'chunk') this.connection.push(direction, item)
      else {
        const bytes = copy(item.bytes, item.start, item.end)
        this.connection.push(direction, { ...item, bytes, start: 0, end: bytes.length })
        bytes.fill(0xdd)
      }
    }
    return this
  }

  get codes(): FindingCode[] {
    return this.findings.map(({ code }) => code)
  }

  /** The decrypted bytes of a direction, without its gaps. */
  text(direction: Direction): Buffer {
    return Buffer.concat(
      this.items[direction].flatMap((item) =>
        item.kind === 'chunk' ? [item.bytes.subarray(item.start, item.end)] : [],
      ),
    )
  }
}
