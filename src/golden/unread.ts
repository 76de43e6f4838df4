// What of a capture was not read. Where nothing was read, nothing is wrong and nothing differs: a check must not take that for good.
import type { FindingCode } from '../base/findings.ts'
import type { FindingRecord, SummaryRecord } from '../records/records.ts'
import { count } from '../render/text/amount.ts'
import type { Golden } from './golden.ts'

/** The codes of findings that mean that TLS was not decrypted, or not all of it. */
export const UNDECRYPTED_CODES = [
  'tls-secrets-missing',
  'tls-suite-unsupported',
  'tls-record-unverified',
] as const satisfies readonly FindingCode[]

/** What is accepted, because somebody asked for it or a golden file says so. */
export interface Acceptance {
  /** A capture without a connection. */
  readonly allowEmpty: boolean
  /** Codes of findings. */
  readonly allowed: ReadonlySet<string>
}

/** Why nothing may be concluded from a capture. */
export interface Unread {
  /** `undecrypted`: not all of its TLS was decrypted. `empty`: it has no connection. */
  readonly kind: 'undecrypted' | 'empty'
  /** What is the matter, to follow the name of the capture: `has no WebSocket connection`. */
  readonly fact: string
  /** For `undecrypted`: the code that accepts it. */
  readonly code: FindingCode | undefined
}

/** The part of a capture that tells what was read. */
interface ReadCapture {
  /** Those of connections too. One of each code is enough. */
  readonly findings: readonly Pick<FindingRecord, 'code'>[]
  readonly summary: Pick<SummaryRecord, 'packets' | 'skipped' | 'tcpConnections'>
  /** How many. */
  readonly connections: number
}

/** What of a capture was not read, but for what is accepted. Undefined if a check may rely on it. */
export function unreadOf(capture: ReadCapture, { allowEmpty, allowed }: Acceptance): Unread | undefined {
  const { connections, findings, summary } = capture
  const undecrypted = undecryptedIn(findings, allowed)
  if (undecrypted !== undefined || connections > 0 || allowEmpty) return undecrypted
  const skipped = Object.entries(summary.skipped)
  const isNothingRead = summary.packets > 0 && sum(skipped) === summary.packets
  const fact = isNothingRead
    ? `has no WebSocket connection: none of its ${count(summary.packets, 'packet')} holds TCP (${listed(skipped)})`
    : `has no WebSocket connection (${count(summary.packets, 'packet')}, ${count(summary.tcpConnections, 'TCP connection')})`
  return { kind: 'empty', fact, code: undefined }
}

/** Whether findings say that TLS was not decrypted, but for those that are allowed. */
export function undecryptedIn(
  findings: readonly Pick<FindingRecord, 'code'>[],
  allowed: ReadonlySet<string>,
): Unread | undefined {
  const code = UNDECRYPTED_CODES.find(
    (each) => !allowed.has(each) && findings.some((one) => one.code === each),
  )
  return code && { kind: 'undecrypted', fact: `has TLS that was not decrypted (${code})`, code }
}

/** What is accepted if a golden file is there: also what it says itself. */
export function acceptedBy({ connections, findings }: Golden, asked: Acceptance): Acceptance {
  const allowed = new Set([...asked.allowed, ...findings.map(({ code }) => code)])
  for (const connection of connections) for (const { code } of connection.findings) allowed.add(code)
  return { allowEmpty: asked.allowEmpty || connections.length === 0, allowed }
}

/** How the reader of a sentence asks for things: with options of the command, or of a matcher. */
export interface Asking {
  /** Gives secrets of TLS: `with --keylog FILE`. */
  readonly secrets: string
  /** Accepts a code. */
  readonly allow: (code: FindingCode) => string
  /** Accepts a capture without a connection. */
  readonly allowEmpty: string
}

/** The fact and its cure: `has no WebSocket connection (…); record it anew, or accept that with --allow-empty`. */
export function unreadSentence({ fact, code }: Unread, asking: Asking): string {
  if (code === undefined) return `${fact}; record it anew, or accept that with ${asking.allowEmpty}`
  const secrets = code === 'tls-secrets-missing' ? `give its secrets ${asking.secrets}, or ` : ''
  return `${fact}; ${secrets}accept that with ${asking.allow(code)}`
}

/** How many reasons are listed. */
const MOST_REASONS = 5

function listed(skipped: readonly (readonly [reason: string, packets: number])[]): string {
  const shown = skipped.slice(0, MOST_REASONS).map(([reason, packets]) => `${reason} ${packets}`)
  return [...shown, ...(skipped.length > MOST_REASONS ? ['…'] : [])].join(', ')
}

function sum(skipped: readonly (readonly [reason: string, packets: number])[]): number {
  return skipped.reduce((total, [, packets]) => total + packets, 0)
}
