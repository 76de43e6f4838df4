// How every command reads captures: opens them, shows progress, passes on the batches of events, and knows if the input is
// damaged.
import { type AnalysisOptions, readEvents } from '../analyze.ts'
import { captureTitle } from '../base/damage.ts'
import type { AnalysisEvent } from '../base/events.ts'
import { InputError } from '../base/input-error.ts'
import { rsaPrivateKeys } from '../platform/node/cryptography.ts'
import { identitiesOf } from '../platform/node/file-identity.ts'
import { type Input, openInputs } from '../platform/node/input.ts'
import { nodePlatform } from '../platform/node/platform.ts'
import { count } from '../render/text/amount.ts'
import { unreadPackets } from '../render/text/unread-packets.ts'
import type { Reading } from './options.ts'
import { watchedForBytes } from './pasted-text.ts'
import { refuseStandardOutput } from './terminal/output.ts'
import { withProgress } from './terminal/progress.ts'
import { ExitStatus } from './terminal/streams.ts'
import type { TlsSecrets } from './tls-secrets.ts'

/** How captures are read. */
export interface ReadingOptions extends Reading {
  readonly secrets: TlsSecrets
  readonly traceSegments?: boolean
}

/** What takes the batches of events. */
export interface BatchSink {
  /**
   * Takes a batch, which is valid until the next one comes. If it returns a promise, the next one comes after that is settled.
   */
  take(batch: readonly AnalysisEvent[]): Promise<void> | void
  /** True after it wants no more. */
  readonly isDone?: boolean
}

/** The batches of events of captures, as one in the order of time. Throws what `readEvents` throws. */
export function eventsOf(
  inputs: readonly Input[],
  { secrets, ...reading }: ReadingOptions,
): AsyncGenerator<AnalysisEvent[]> {
  const { keyLog, rsaKeys = [] } = secrets
  const options: AnalysisOptions = { ...reading, keyLog, rsaKeys: rsaPrivateKeys(rsaKeys) }
  return readEvents(inputs, nodePlatform, options)
}

/** How reading went. */
export interface ReadingResult {
  /** The exit status that the input asks for: damaged or not. */
  readonly status: number
  /** One line for the user if no packet could be read. */
  readonly unread: string | undefined
}

/**
 * Hands the events of captures to a sink. `results`: where they go; the progress is not drawn over them. Throws what `readEvents`
 * and the sink throw.
 */
export async function readCaptures(
  inputs: readonly Input[],
  options: ReadingOptions,
  results: { readonly isTTY?: boolean },
  sink: BatchSink,
): Promise<ReadingResult> {
  let isDamaged = false
  let unread: string | undefined
  const watched = watchedForBytes(inputs)
  const progress = withProgress(watched.inputs, results)
  try {
    for await (const batch of eventsOf(progress.inputs, options)) {
      const last = batch.at(-1)
      if (last?.type === 'summary') {
        isDamaged = (last.findings['truncated-capture'] ?? 0) > 0
        const packets = unreadPackets(last)
        unread = packets && `${titleOf(inputs)}: ${packets.fact}; ${packets.cure}`
      }
      await sink.take(batch)
      if (sink.isDone) break
    }
  } catch (error) {
    throw watched.explain(error)
  } finally {
    progress.stop()
  }
  return { status: isDamaged ? ExitStatus.damaged : ExitStatus.done, unread }
}

/**
 * The exit status, once all results are written. Throws InputError if no packet could be read: who runs framewalk must not take that
 * for a capture without WebSocket.
 */
export function statusOf({ status, unread }: ReadingResult): number {
  if (unread !== undefined) throw new InputError(unread)
  return status
}

function titleOf(inputs: readonly Input[]): string {
  const first = captureTitle(inputs[0]!.name)
  return inputs.length === 1 ? first : `${first} and ${count(inputs.length - 1, 'other capture')}`
}

/** Opens the captures that were named. Throws InputError if there are none, or one cannot be read. */
export async function openCaptures(captures: readonly string[]): Promise<Input[]> {
  if (captures.length === 0)
    throw new InputError(
      'no capture was named; give one or more files, or - for standard input (bytes of frames: framewalk walk -)',
    )
  if (captures.filter((name) => name === '-').length > 1)
    throw new InputError('-: standard input can be read once only')
  refuseStandardOutput(identitiesOf(captures))
  return openInputs(captures)
}
