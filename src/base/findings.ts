// The catalogue of findings: what can be wrong with the peers or with the capture, each under a stable code. Platform neutral.
import type { Side, Time } from './stream.ts'

/** `violation`: a peer broke the RFC. `warning`: legal but questionable. `capture`: the fault of the capture, not of a peer. */
export type Severity = 'violation' | 'warning' | 'capture'

interface Entry {
  readonly severity: Severity
  /** The section that the peer broke, or that says why the finding matters. */
  readonly reference: string
  /** The code that RFC 6455 tells an endpoint to send in its close frame when it meets this. */
  readonly closeCode?: number
}

function violation(reference: string, closeCode?: number): Entry {
  return closeCode === undefined
    ? { severity: 'violation', reference }
    : { severity: 'violation', reference, closeCode }
}
const warning = (reference: string): Entry => ({ severity: 'warning', reference })
const capture = (reference: string): Entry => ({ severity: 'capture', reference })

/** Every code with its severity, its reference and, if RFC 6455 names one, the close code of an endpoint that meets it. */
export const FINDINGS = {
  'reserved-opcode': violation('RFC 6455 §5.2', 1002),
  'rsv-without-extension': violation('RFC 6455 §5.2', 1002),
  'rsv1-on-continuation': violation('RFC 7692 §6.1', 1002),
  'rsv1-on-control': violation('RFC 7692 §6.1', 1002),
  'unmasked-client-frame': violation('RFC 6455 §5.1', 1002),
  'masked-server-frame': violation('RFC 6455 §5.1', 1002),
  'control-frame-too-long': violation('RFC 6455 §5.5', 1002),
  'fragmented-control-frame': violation('RFC 6455 §5.5', 1002),
  'unexpected-continuation': violation('RFC 6455 §5.4', 1002),
  'expected-continuation': violation('RFC 6455 §5.4', 1002),
  'non-minimal-length': violation('RFC 6455 §5.2', 1002),
  'length-high-bit': violation('RFC 6455 §5.2', 1002),
  'invalid-utf8': violation('RFC 6455 §8.1', 1007),
  'close-body-too-short': violation('RFC 6455 §5.5.1', 1002),
  'invalid-close-code': violation('RFC 6455 §7.4', 1002),
  'invalid-close-reason': violation('RFC 6455 §5.5.1', 1007),
  'data-after-close': violation('RFC 6455 §5.5.1'),
  'inflate-error': violation('RFC 7692 §7.2.2', 1007),
  'accept-mismatch': violation('RFC 6455 §4.2.2'),
  'accept-missing': violation('RFC 6455 §4.2.2'),
  'key-invalid': violation('RFC 6455 §4.1'),
  'version-unsupported': violation('RFC 6455 §4.4'),
  'extension-not-offered': violation('RFC 6455 §9.1', 1010),
  'extension-params-invalid': violation('RFC 7692 §7.1', 1010),
  'subprotocol-not-offered': violation('RFC 6455 §4.1'),
  'zero-masking-key': warning('RFC 6455 §10.3'),
  'repeated-masking-key': warning('RFC 6455 §10.3'),
  'unanswered-ping': warning('RFC 6455 §5.5.3'),
  'unsolicited-pong-payload': warning('RFC 6455 §5.5.3'),
  'no-close-frame': warning('RFC 6455 §7.1.4'),
  'upgrade-refused': warning('RFC 6455 §4.2.2'),
  'truncated-capture': capture('framewalk: capture file'),
  'truncated-packet': capture('framewalk: snapshot length'),
  gap: capture('RFC 9293 §3.4'),
  'retransmission-conflict': capture('RFC 9293 §3.10.7.4'),
  midstream: capture('RFC 6455 §4'),
  resynchronized: capture('RFC 6455 §5.2'),
  'incomplete-frame': capture('RFC 6455 §5.2'),
  'inflate-context-lost': capture('RFC 7692 §7.2.3.2'),
  'limit-reached': capture('framewalk: limits'),
  'unsupported-link-type': capture('framewalk: link types'),
  'malformed-packet': capture('framewalk: packet decoding'),
  'tls-secrets-missing': capture('framewalk: TLS decryption'),
  'tls-suite-unsupported': capture('framewalk: TLS decryption'),
  'tls-record-unverified': capture('RFC 8446 §5.2'),
  'hpack-state-lost': capture('RFC 7541 §2.2'),
} as const satisfies Record<string, Entry>

/** The code of a finding. Stable: codes are added, never renamed. */
export type FindingCode = keyof typeof FINDINGS

/** The place of a finding, as far as it is known. */
export interface FindingPlace {
  connection?: number | undefined
  frame?: number | undefined
  from?: Side | undefined
  firstPacket?: number | undefined
  lastPacket?: number | undefined
}

/** A fault of a peer or of the capture. Decoders report faults as data and never print. */
export interface FindingEvent extends FindingPlace {
  readonly type: 'finding'
  readonly code: FindingCode
  readonly severity: Severity
  readonly reference: string
  readonly closeCode: number | undefined
  /** One English sentence with the values. May hold captured text: escape it before you show it. */
  readonly message: string
  readonly time: Time | undefined
}

/** Makes the finding of a code; severity, reference and close code come from the catalogue. */
export function makeFinding(
  code: FindingCode,
  message: string,
  place: FindingPlace = {},
  time?: Time,
): FindingEvent {
  const entry: Entry = FINDINGS[code]
  return {
    type: 'finding',
    code,
    severity: entry.severity,
    reference: entry.reference,
    closeCode: entry.closeCode,
    message,
    connection: place.connection,
    frame: place.frame,
    from: place.from,
    firstPacket: place.firstPacket,
    lastPacket: place.lastPacket,
    time,
  }
}

/** Takes the findings of the stages that work before a WebSocket connection is known. */
export type Report = (finding: FindingEvent) => void
