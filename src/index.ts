// The library: captures in, records out. The only barrel.
import { type WalkOptions, walk } from './analyze.ts'
import { type Input, inputFromBytes, inputFromChunks, openInput } from './input.ts'
import type { WalkRecord } from './records.ts'
import { toRecord } from './to-record.ts'

export type { WalkOptions } from './analyze.ts'
export type { FindingCode, Severity } from './findings.ts'
export { InputError } from './input-error.ts'
export type { LimitName, Limits } from './limits.ts'
export type * from './records.ts'

/** A capture: the path of a file (`-` for standard input), its bytes, or a stream of them. */
export type CaptureInput = string | Uint8Array | AsyncIterable<Uint8Array>

/**
 * Walks through a capture, or through several as one in the order of time, and yields its records (schema 1): those of
 * `--format ndjson`, with bytes as `Uint8Array`. Each record may be kept.
 *
 * Throws InputError, one line, where an input cannot be read or is no capture; TypeError or RangeError where an argument makes no sense.
 */
export async function* analyze(
  capture: CaptureInput | readonly CaptureInput[],
  options: WalkOptions = {},
): AsyncGenerator<WalkRecord<Uint8Array>, void, undefined> {
  const captures = Array.isArray(capture) ? (capture as readonly CaptureInput[]) : [capture as CaptureInput]
  for await (const batch of walk(await Promise.all(captures.map(inputOf)), options)) {
    for (const event of batch) yield toRecord(event)
  }
}

async function inputOf(capture: CaptureInput): Promise<Input> {
  if (typeof capture === 'string') return openInput(capture)
  if (capture instanceof Uint8Array) return inputFromBytes(capture)
  if (Symbol.asyncIterator in Object(capture)) return inputFromChunks(capture)
  throw new TypeError(`expected a path, a Uint8Array or a stream of them, got ${typeof capture}`)
}
