// The catalogue of findings: what can be wrong with the peers or with the capture, each under a stable code. Platform neutral.
import type {
  CaptureDamage,
  Carrier,
  CloseCodeFault,
  CutPacket,
  ExtensionFault,
  HttpInStream,
  IncompleteFrame,
  InflateCause,
  InflateReason,
  JsonObject,
  LimitReached,
  MissingBytes,
  NamedFrame,
  NoValues,
  OutOfStep,
  Refusal,
  ReservedBits,
  SecretsMissing,
  ShownPayload,
  SuiteUnsupported,
  TlsPlace,
  Utf8Place,
} from './finding-values.ts'
import type { GapReason, Side, Time } from './stream.ts'

/** `violation`: a peer broke the RFC. `warning`: legal but questionable. `capture`: the fault of the capture, not of a peer. */
export type Severity = 'violation' | 'warning' | 'capture'

/** The fields of a frame, as RFC 6455 §5.2 has them. */
export type FieldName =
  | 'FIN'
  | 'RSV1'
  | 'RSV2'
  | 'RSV3'
  | 'Opcode'
  | 'MASK'
  | 'Payload length'
  | 'Extended payload length'
  | 'Masking key'
  | 'Payload data'

/** A row of the catalogue. `Values`: what the sentence of the finding is made of. */
interface Entry<Values extends JsonObject> {
  readonly severity: Severity
  /** The section that the peer broke, or that says why the finding matters. */
  readonly reference: string
  /** The severity where a peer is the cause, and not the capture; undefined if that cannot be. */
  readonly ofPeer?: Severity
  /** The code that RFC 6455 tells an endpoint to send in its close frame when it meets this. */
  readonly closeCode?: number
  /** The fields of the frame that are wrong as a whole. */
  readonly fields: readonly FieldName[]
  /** Never there: it carries the type. */
  readonly values?: Values
}

type Rest = Partial<Pick<Entry<NoValues>, 'closeCode' | 'fields'>>

function violation<Values extends JsonObject>(reference: string, rest: Rest = {}): Entry<Values> {
  return { severity: 'violation', reference, fields: [], ...rest }
}

function warning<Values extends JsonObject>(reference: string, rest: Rest = {}): Entry<Values> {
  return { severity: 'warning', reference, fields: [], ...rest }
}

function capture<Values extends JsonObject>(
  reference: string,
  rest: Pick<Entry<NoValues>, 'ofPeer'> = {},
): Entry<Values> {
  return { severity: 'capture', reference, fields: [], ...rest }
}

/** Each code in one row: severity, reference, the close code of an endpoint that meets it, the fields of the frame that it blames, and the
 * type of its values. */
export const FINDINGS = {
  'reserved-opcode': violation<{ opcode: number }>('RFC 6455 §5.2', { closeCode: 1002, fields: ['Opcode'] }),
  'rsv-without-extension': violation<ReservedBits>('RFC 6455 §5.2', { closeCode: 1002 }),
  'rsv1-on-continuation': violation<NamedFrame>('RFC 7692 §6.1', { closeCode: 1002, fields: ['RSV1'] }),
  'rsv1-on-control': violation<NamedFrame>('RFC 7692 §6.1', { closeCode: 1002, fields: ['RSV1'] }),
  'unmasked-client-frame': violation<NamedFrame>('RFC 6455 §5.1', { closeCode: 1002, fields: ['MASK'] }),
  'masked-server-frame': violation<NamedFrame & { maskingKey: string }>('RFC 6455 §5.1', {
    closeCode: 1002,
    fields: ['MASK', 'Masking key'],
  }),
  'control-frame-too-long': violation<NamedFrame>('RFC 6455 §5.5', {
    closeCode: 1002,
    fields: ['Payload length', 'Extended payload length'],
  }),
  'fragmented-control-frame': violation<NamedFrame>('RFC 6455 §5.5', { closeCode: 1002, fields: ['FIN'] }),
  'unexpected-continuation': violation<NamedFrame>('RFC 6455 §5.4', { closeCode: 1002, fields: ['Opcode'] }),
  'expected-continuation': violation<NamedFrame & { from: Side; openedBy: number }>('RFC 6455 §5.4', {
    closeCode: 1002,
    fields: ['Opcode'],
  }),
  'non-minimal-length': violation<{ payloadLength: number; bits: number; enough: number }>('RFC 6455 §5.2', {
    closeCode: 1002,
    fields: ['Payload length', 'Extended payload length'],
  }),
  'length-high-bit': violation<{ payloadLength: string }>('RFC 6455 §5.2', { closeCode: 1002 }),
  'invalid-utf8': violation<Utf8Place>('RFC 6455 §8.1', { closeCode: 1007 }),
  'close-body-too-short': violation<NoValues>('RFC 6455 §5.5.1', {
    closeCode: 1002,
    fields: ['Payload length', 'Payload data'],
  }),
  'invalid-close-code': violation<{ code: number; fault: CloseCodeFault }>('RFC 6455 §7.4', {
    closeCode: 1002,
  }),
  'invalid-close-reason': violation<Utf8Place>('RFC 6455 §5.5.1', { closeCode: 1007 }),
  'data-after-close': violation<NamedFrame & { from: Side; closedBy: number }>('RFC 6455 §5.5.1', {
    fields: ['Opcode'],
  }),
  'inflate-error': violation<{ reason: InflateReason; cause: InflateCause | null }>('RFC 7692 §7.2.2', {
    closeCode: 1007,
    fields: ['Payload data'],
  }),
  'window-exceeded': violation<{ distance: number; window: number }>('RFC 7692 §7.1.2', {
    closeCode: 1007,
    fields: ['Payload data'],
  }),
  'http-in-stream': violation<HttpInStream & { from: Side }>('RFC 9110 §7.8', { closeCode: 1002 }),
  'out-of-step': violation<OutOfStep & { from: Side }>('RFC 6455 §5.2', { closeCode: 1002 }),
  'accept-mismatch': violation<{ accept: string; key: string; expected: string }>('RFC 6455 §4.2.2'),
  'accept-missing': violation<NoValues>('RFC 6455 §4.2.2'),
  'key-invalid': violation<
    { what: 'missing' } | { what: 'several'; count: number } | { what: 'malformed'; key: string }
  >('RFC 6455 §4.1'),
  'version-unsupported': violation<{ version: string | null }>('RFC 6455 §4.4'),
  'extension-not-offered': violation<{ extension: string }>('RFC 6455 §9.1', { closeCode: 1010 }),
  'extension-params-invalid': violation<ExtensionFault>('RFC 7692 §7.1', { closeCode: 1010 }),
  'subprotocol-not-offered': violation<
    { what: 'several'; chosen: string } | { what: 'notOffered'; chosen: string; offered: string | null }
  >('RFC 6455 §4.1'),
  'zero-masking-key': warning<NamedFrame>('RFC 6455 §10.3', { fields: ['Masking key'] }),
  'repeated-masking-key': warning<{ maskingKey: string; usedBy: number }>('RFC 6455 §10.3', {
    fields: ['Masking key'],
  }),
  'unanswered-ping': warning<ShownPayload & { from: Side }>('RFC 6455 §5.5.3'),
  'unsolicited-pong-payload': warning<
    ShownPayload & { from: Side; ping: (ShownPayload & { frame: number }) | null }
  >('RFC 6455 §5.5.3', { fields: ['Payload data'] }),
  'no-close-frame': warning<{ by: 'fin' | 'reset'; from: Side | null; carrier: Carrier }>('RFC 6455 §7.1.4'),
  'upgrade-refused': warning<Refusal>('RFC 6455 §4.2.2'),
  'truncated-capture': capture<CaptureDamage>('framewalk: capture file'),
  'truncated-packet': capture<CutPacket>('framewalk: snapshot length'),
  gap: capture<MissingBytes & { reason: Exclude<GapReason, 'snapped'> }>('RFC 9293 §3.4'),
  'retransmission-conflict': capture<
    { what: 'stream'; packet: number; length: number; offset: number } | { what: 'http2'; packet: number }
  >('RFC 9293 §3.10.7.4'),
  midstream: capture<{ missing: 'handshake' | 'request' | 'response' }>('RFC 6455 §4'),
  'frames-assumed': capture<NoValues>('RFC 6455 §5.2'),
  resynchronized: capture<{ from: Side; offset: number; confidence: number; passedOver: number }>(
    'RFC 6455 §5.2',
  ),
  'incomplete-frame': capture<IncompleteFrame>('RFC 6455 §5.2'),
  'inflate-context-lost': capture<{ length: number; reason: InflateReason | null }>('RFC 7692 §7.2.3.2', {
    ofPeer: 'violation',
  }),
  'limit-reached': capture<LimitReached>('framewalk: limits'),
  'unsupported-link-type': capture<{ linkType: number; name: string }>('framewalk: link types'),
  'tunnel-not-read': capture<{ tunnel: string }>('framewalk: tunnels'),
  'quic-not-read': capture<NoValues>('RFC 9220 §3'),
  'malformed-packet': capture<{ what: 'header'; reason: string } | { what: 'overlong' }>(
    'framewalk: packet decoding',
  ),
  'tls-secrets-missing': capture<SecretsMissing>('framewalk: TLS decryption'),
  'tls-suite-unsupported': capture<SuiteUnsupported>('framewalk: TLS decryption'),
  'tls-record-unverified': capture<{ from: Side } & TlsPlace>('RFC 8446 §5.2'),
  'hpack-state-lost': capture<{ from: Side; reason: 'lost' | 'malformed' }>('RFC 7541 §2.2'),
}

/** The code of a finding. Stable: codes are added, never renamed. */
export type FindingCode = keyof typeof FINDINGS

/** The values of a code: what its sentence is made of. */
export type FindingValues<Code extends FindingCode = FindingCode> = NonNullable<
  (typeof FINDINGS)[Code]['values']
>

/** A finding as far as it is told: its code, and the values of its sentence. */
export interface FindingText {
  readonly code: FindingCode
  /** Those of the code (`FindingValues`). */
  readonly values: JsonObject
}

/** The place of a finding, as far as it is known. */
export interface FindingPlace {
  connection?: number | undefined
  frame?: number | undefined
  from?: Side | undefined
  firstPacket?: number | undefined
  lastPacket?: number | undefined
}

/** The finding that another one is a consequence of. */
export interface FollowedFinding {
  readonly code: FindingCode
  readonly frame: number | undefined
}

/** A fault of a peer or of the capture: data. Decoders never print; each language makes its own sentence of the values. */
export interface FindingEvent extends FindingPlace, FindingText {
  readonly type: 'finding'
  readonly severity: Severity
  readonly reference: string
  readonly closeCode: number | undefined
  readonly time: Time | undefined
  /** Undefined for a finding that stands for itself. */
  readonly follows: FollowedFinding | undefined
}

/** Makes the finding of a code; severity, reference and close code come from the catalogue. */
export function makeFinding<Code extends FindingCode>(
  code: Code,
  values: FindingValues<Code>,
  place: FindingPlace = {},
  time?: Time,
  follows?: FollowedFinding,
): FindingEvent {
  const { severity, reference, closeCode } = FINDINGS[code]
  return {
    type: 'finding',
    code,
    severity,
    reference,
    closeCode,
    values,
    connection: place.connection,
    frame: place.frame,
    from: place.from,
    firstPacket: place.firstPacket,
    lastPacket: place.lastPacket,
    time,
    follows,
  }
}

/** Takes the findings of the stages that work before a WebSocket connection is known. */
export type Report = (finding: FindingEvent) => void
