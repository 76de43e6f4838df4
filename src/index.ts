// The library. In: captures. Out: records. The only file that re-exports what users import.
import { type AnalysisOptions, readEvents } from './analyze.ts'
import type { AnalysisEvent } from './base/events.ts'
import { FINDINGS, type FindingCode } from './base/findings.ts'
import { InputError } from './base/input-error.ts'
import { type Limits, limitsWith } from './base/limits.ts'
import { checkOptionNames, spelled } from './base/option-check.ts'
import { type TunnelPort, tunnelPortFault } from './network/udp-tunnels.ts'
import { type RsaKeys, rsaPrivateKeys } from './platform/node/cryptography.ts'
import { closeInputs, type Input, inputFromBytes, inputFromChunks, openInput } from './platform/node/input.ts'
import { nodePlatform } from './platform/node/platform.ts'
import { type Capture, collectCapture } from './records/model.ts'
import type { WalkRecord } from './records/records.ts'
import { toRecord } from './records/to-record.ts'
import { isKeyLog, NOT_A_KEY_LOG } from './tls/key-log-check.ts'

export type {
  CaptureFile,
  CloseBody,
  ClosedHow,
  Deflate,
  DeflateSide,
  Endpoint,
  Extension,
  TlsParameters,
} from './base/events.ts'
export type { JsonObject, JsonValue } from './base/finding-values.ts'
export type { FindingCode, Severity } from './base/findings.ts'
export { InputError } from './base/input-error.ts'
export type { LimitName, Limits } from './base/limits.ts'
export type { Side } from './base/stream.ts'
export { type CaptureFormat, writeCapture } from './encode/capture.ts'
export type {
  AnnouncedLength,
  BinaryStep,
  BytesStep,
  CaptureScript,
  CloseStep,
  ConnectionScript,
  DeflateScript,
  EndpointScript,
  EndStep,
  FrameForm,
  FrameScript,
  FrameStep,
  HandshakeScript,
  HeaderOverrides,
  JsonStep,
  MessageForm,
  OpcodeName,
  PacketsScript,
  PingStep,
  PongStep,
  Sending,
  Step,
  TextStep,
  WaitStep,
} from './encode/script.ts'
export { ScriptError, type ScriptPath } from './encode/script-error.ts'
export type { TunnelPort, UdpTunnelName } from './network/udp-tunnels.ts'
export type { RsaKeys } from './platform/node/cryptography.ts'
export type { Message } from './records/message.ts'
export type { Capture, Connection, Frame } from './records/model.ts'
export type * from './records/records.ts'

/** The codes of all findings, in the order of the catalogue. */
export const FINDING_CODES: readonly FindingCode[] = Object.keys(FINDINGS) as FindingCode[]

/** Every limit with its default. */
export const DEFAULT_LIMITS: Limits = limitsWith()

/** The options of an analysis. */
export interface WalkOptions extends Omit<AnalysisOptions, 'keyLog' | 'rsaKeys' | 'traceSegments'> {
  /** Secrets of TLS connections, as clients and servers log them (`SSLKEYLOGFILE`). Those in the capture are always used. */
  readonly keyLog?: string | Uint8Array | undefined
  /** RSA private keys of servers (`createPrivateKey` of node:crypto). They decrypt TLS 1.2 if the suite uses RSA key exchange. */
  readonly rsaKeys?: RsaKeys | undefined
}

/** A capture: the path of a file (`-` for standard input), its bytes, or a stream of its bytes. */
export type CaptureInput = string | Uint8Array | AsyncIterable<Uint8Array>

/**
 * Walks through a capture and yields its records (schema 1): the records of `--format ndjson`, with bytes as `Uint8Array`. Each
 * record may be kept. Several captures are read as one, in the order of time.
 *
 * Throws InputError, with a message of one line, if an input cannot be read or is not a capture, or if `keyLog` is not a key log.
 * Throws TypeError or RangeError if an argument makes no sense, and for an option that does not exist.
 */
export async function* analyze(
  capture: CaptureInput | readonly CaptureInput[],
  options: WalkOptions = {},
): AsyncGenerator<WalkRecord<Uint8Array>, void, undefined> {
  checkOptions(options)
  for await (const batch of readAll(capture, options)) {
    for (const event of batch) yield toRecord(event)
  }
}

/**
 * Reads a capture to its end into one model: connections with their messages, frames and findings. Several captures are read as
 * one, in the order of time. The model is held in memory: use `analyze` for larger captures.
 *
 * Throws what `analyze` throws.
 */
export async function readCapture(
  capture: CaptureInput | readonly CaptureInput[],
  options: WalkOptions = {},
): Promise<Capture> {
  checkOptions(options)
  return collectCapture(readAll(capture, options))
}

async function* readAll(
  capture: CaptureInput | readonly CaptureInput[],
  options: WalkOptions,
): AsyncGenerator<AnalysisEvent[]> {
  const rsaKeys = rsaPrivateKeys(options.rsaKeys ?? [])
  yield* readEvents(await inputsOf(capture), nodePlatform, { ...options, rsaKeys })
}

/** Throws TypeError, RangeError or InputError for wrong options, before anything is opened. */
function checkOptions(options: WalkOptions): void {
  checkOptionNames(options, OPTIONS)
  const { limits, decodeAs = [], tunnelPorts = [], keyLog = '', rsaKeys = [] } = options
  if (limits !== undefined && (typeof limits !== 'object' || limits === null))
    throw new TypeError(`limits: expected an object, got ${spelled(limits)}`)
  limitsWith(limits)
  if (!Array.isArray(decodeAs))
    throw new TypeError(`decodeAs: expected a list of TCP ports, got ${spelled(decodeAs)}`)
  const wrong = decodeAs.find((port) => !Number.isInteger(port) || port < 0 || port > 65_535)
  if (wrong !== undefined) throw new RangeError(`decodeAs: expected TCP ports, got ${spelled(wrong)}`)
  checkTunnelPorts(tunnelPorts)
  if (!Array.isArray(rsaKeys))
    throw new TypeError(`rsaKeys: expected a list of KeyObjects, got ${spelled(rsaKeys)}`)
  checkKeyLog(keyLog)
}

const OPTIONS: readonly string[] = Object.keys({
  limits: true,
  decodeAs: true,
  tunnelPorts: true,
  keyLog: true,
  rsaKeys: true,
} satisfies Record<keyof WalkOptions, true>)

function checkTunnelPorts(tunnelPorts: readonly TunnelPort[]): void {
  if (!Array.isArray(tunnelPorts))
    throw new TypeError(`tunnelPorts: expected a list of tunnels and ports, got ${spelled(tunnelPorts)}`)
  for (const one of tunnelPorts as readonly unknown[])
    if (typeof one !== 'object' || one === null)
      throw new TypeError(`tunnelPorts: expected { tunnel, port }, got ${spelled(one)}`)
  const fault = tunnelPortFault(tunnelPorts)
  if (fault !== undefined) throw new RangeError(`tunnelPorts: ${fault}`)
}

function checkKeyLog(keyLog: string | Uint8Array): void {
  if (typeof keyLog !== 'string' && !(keyLog instanceof Uint8Array))
    throw new TypeError(`keyLog: expected the text or the bytes of a key log, got ${spelled(keyLog)}`)
  if (isKeyLog(keyLog)) return
  const isOneLine = typeof keyLog === 'string' && !keyLog.includes('\n')
  throw new InputError(
    `keyLog: ${NOT_A_KEY_LOG}${isOneLine ? '; give what is in the file, not its name' : ''}`,
  )
}

async function inputsOf(capture: CaptureInput | readonly CaptureInput[]): Promise<Input[]> {
  const captures = Array.isArray(capture) ? (capture as readonly CaptureInput[]) : [capture as CaptureInput]
  if (captures.length === 0) throw new TypeError('expected a capture, got an empty list')
  const inputs: Input[] = []
  try {
    for (const one of captures) inputs.push(await inputOf(one))
    return inputs
  } catch (error) {
    await closeInputs(inputs)
    throw error
  }
}

async function inputOf(capture: CaptureInput): Promise<Input> {
  if (typeof capture === 'string') return openInput(capture)
  if (capture instanceof Uint8Array) return inputFromBytes(capture)
  if (Symbol.asyncIterator in Object(capture)) return inputFromChunks(capture)
  throw new TypeError(`expected a path, a Uint8Array or a stream of them, got ${typeof capture}`)
}
