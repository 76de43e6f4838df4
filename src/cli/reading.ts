// How every command reads captures: opens them, shows progress, hands on the batches of events, and knows whether the input was damaged.
import { type AnalysisOptions, readEvents } from '../analyze.ts'
import type { AnalysisEvent } from '../base/events.ts'
import { InputError } from '../base/input-error.ts'
import { rsaPrivateKeys } from '../platform/node/cryptography.ts'
import { type Input, openInputs } from '../platform/node/input.ts'
import { nodePlatform } from '../platform/node/platform.ts'
import type { CaptureArguments } from './options.ts'
import { withProgress } from './terminal/progress.ts'
import { ExitStatus } from './terminal/streams.ts'
import type { TlsSecrets } from './tls-secrets.ts'

/** How captures are read. */
export interface ReadingOptions extends Pick<CaptureArguments, 'limits' | 'decodeAs'> {
  readonly secrets: TlsSecrets
  readonly traceSegments?: boolean
  /** Where the results go: no progress is drawn over them. Unless given, no progress is shown. */
  readonly results?: { readonly isTTY?: boolean }
}

/** Captures being read, as one in the order of time. */
export class Reading implements AsyncIterable<readonly AnalysisEvent[]> {
  readonly #inputs: readonly Input[]
  readonly #options: ReadingOptions
  #isDamaged = false

  constructor(inputs: readonly Input[], options: ReadingOptions) {
    this.#inputs = inputs
    this.#options = options
  }

  /** The exit status that the input asks for. */
  get status(): number {
    return this.#isDamaged ? ExitStatus.damaged : ExitStatus.done
  }

  /** The batches, valid as `readEvents` says; to be iterated once. Throws what it throws. */
  async *[Symbol.asyncIterator](): AsyncGenerator<readonly AnalysisEvent[]> {
    const { limits, decodeAs, secrets, traceSegments = false, results } = this.#options
    const { keyLog, rsaKeys = [] } = secrets
    const options: AnalysisOptions = {
      limits,
      decodeAs,
      keyLog,
      rsaKeys: rsaPrivateKeys(rsaKeys),
      traceSegments,
    }
    const { inputs, stop } =
      results === undefined ? { inputs: this.#inputs, stop: () => {} } : withProgress(this.#inputs, results)
    try {
      for await (const batch of readEvents(inputs, nodePlatform, options)) {
        const last = batch.at(-1)
        if (last?.type === 'summary') this.#isDamaged = (last.findings['truncated-capture'] ?? 0) > 0
        yield batch
      }
    } finally {
      stop()
    }
  }
}

/** Opens the captures that were named. Throws InputError if there are none, or one cannot be read. */
export async function openCaptures(captures: readonly string[]): Promise<Input[]> {
  if (captures.length === 0)
    throw new InputError('no capture was named; give one or more files, or - for standard input')
  if (captures.filter((name) => name === '-').length > 1)
    throw new InputError('-: standard input can be read once only')
  return openInputs(captures)
}
