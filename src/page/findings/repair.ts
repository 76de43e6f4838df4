// A frame as it should have been: for each finding that one frame can mend, the frame with nothing but that mended.
import { concat } from '../../base/bytes.ts'
import { Opcode } from '../../base/events.ts'
import type { FindingCode, FindingText } from '../../base/findings.ts'
import type { Side } from '../../base/stream.ts'
import { encodeHeader } from '../../websocket/encode.ts'
import type { LengthForm } from '../../websocket/header.ts'
import { maskInto } from '../../websocket/mask.ts'
import { utf8Fault } from '../../websocket/utf8.ts'
import type { InspectedFrame } from '../inspector/inspected-frame.ts'
import { type ReadFrame, readFrame, unmaskedPayload } from '../inspector/read-frame.ts'
import { reservedBits } from './offending.ts'

/** A frame that obeys the rule. */
export interface Repair {
  /** `instead`: in place of the frame that came; `missing`: a frame that should have come, and did not. */
  readonly kind: 'instead' | 'missing'
  readonly from: Side
  readonly bytes: Uint8Array
  readonly frame: Plan
  /** Bits that hold its length. */
  readonly lengthBits: LengthForm
}

/** A frame before it is encoded. */
export interface Plan {
  readonly fin: boolean
  readonly rsv1: boolean
  readonly rsv2: boolean
  readonly rsv3: boolean
  readonly opcode: number
  readonly maskingKey: number | undefined
  /** As far as it is at hand, not masked. */
  readonly payload: Uint8Array
  readonly payloadLength: number | bigint
  /** Bytes of the extended payload length, 0, 2 or 8; undefined for the fewest. */
  readonly lengthBytes: number | undefined
}

/** What one frame cannot mend, and why. */
export type Unrepairable =
  | 'capture'
  | 'handshake'
  | 'noFrame'
  | 'severalFrames'
  | 'tooLate'
  | 'lostData'
  | 'otherWindow'
  | 'pongOfWhich'
  | 'outOfStep'

/** How a frame is mended; undefined where this one cannot be. */
type Mend = (plan: Plan, finding: FindingText, read: ReadFrame) => Plan | undefined

/** Key of an example, from RFC 6455 §5.7; and one for a frame that has this very key. */
const EXAMPLE_KEY = 0x37fa213d
const OTHER_KEY = 0x5b1c90e6
const LONGEST_CONTROL = 125
const MAX_LENGTH = (1n << 63n) - 1n
const NO_STATUS = 1005
const NORMAL_CLOSURE = 1000

const MENDS = {
  'reserved-opcode': (plan) => ({
    ...plan,
    opcode: plan.opcode < Opcode.close ? Opcode.binary : Opcode.pong,
  }),
  'rsv-without-extension': (plan, finding) => {
    const wrong = reservedBits(finding)
    return {
      ...plan,
      rsv1: plan.rsv1 && !wrong.includes('RSV1'),
      rsv2: plan.rsv2 && !wrong.includes('RSV2'),
      rsv3: plan.rsv3 && !wrong.includes('RSV3'),
    }
  },
  'rsv1-on-continuation': (plan) => ({ ...plan, rsv1: false }),
  'rsv1-on-control': (plan) => ({ ...plan, rsv1: false }),
  'unmasked-client-frame': (plan) => ({ ...plan, maskingKey: EXAMPLE_KEY }),
  'masked-server-frame': (plan) => ({ ...plan, maskingKey: undefined }),
  'control-frame-too-long': (plan) => withPayload(plan, shortened(plan)),
  'fragmented-control-frame': (plan) => ({ ...plan, fin: true }),
  'unexpected-continuation': (plan) => ({ ...plan, opcode: isText(plan) ? Opcode.text : Opcode.binary }),
  'expected-continuation': (plan) => ({ ...plan, opcode: Opcode.continuation, rsv1: false }),
  'non-minimal-length': (plan) => ({ ...plan, lengthBytes: undefined }),
  'length-high-bit': (plan) => {
    const length = BigInt(plan.payloadLength) & MAX_LENGTH
    const payload = length < plan.payload.length ? plan.payload.subarray(0, Number(length)) : plan.payload
    return { ...plan, payload, payloadLength: length, lengthBytes: undefined }
  },
  'invalid-utf8': (plan, _, { frame }) =>
    plan.opcode === Opcode.text && plan.fin && (frame.message?.frames.length ?? 1) === 1
      ? { ...plan, opcode: Opcode.binary }
      : undefined,
  'close-body-too-short': (plan) => withPayload(plan, plan.payload.subarray(0, 0)),
  'invalid-close-code': (plan) => withPayload(plan, withCloseCode(plan.payload)),
  'invalid-close-reason': (plan) => {
    const valid = utf8Fault(plan.payload.subarray(2))?.validLength
    return valid === undefined ? undefined : withPayload(plan, plan.payload.subarray(0, 2 + valid))
  },
  'zero-masking-key': withOtherKey,
  'repeated-masking-key': withOtherKey,
} as const satisfies Partial<Record<FindingCode, Mend>>

/** Findings of frames that did not come. */
type MissingFrame = 'unanswered-ping' | 'no-close-frame'

/** Findings that a frame can mend. */
export type Repairable = keyof typeof MENDS | MissingFrame

const REASONS: Readonly<Record<Exclude<FindingCode, Repairable>, Unrepairable>> = {
  'data-after-close': 'tooLate',
  'inflate-error': 'lostData',
  'window-exceeded': 'otherWindow',
  'unsolicited-pong-payload': 'pongOfWhich',
  'http-in-stream': 'outOfStep',
  'out-of-step': 'outOfStep',
  'accept-mismatch': 'handshake',
  'accept-missing': 'handshake',
  'key-invalid': 'handshake',
  'version-unsupported': 'handshake',
  'extension-not-offered': 'handshake',
  'extension-params-invalid': 'handshake',
  'subprotocol-not-offered': 'handshake',
  'upgrade-refused': 'handshake',
  'truncated-capture': 'capture',
  'truncated-packet': 'capture',
  gap: 'capture',
  'retransmission-conflict': 'capture',
  midstream: 'capture',
  'frames-assumed': 'capture',
  resynchronized: 'capture',
  'incomplete-frame': 'capture',
  'inflate-context-lost': 'capture',
  'limit-reached': 'capture',
  'unsupported-link-type': 'capture',
  'tunnel-not-read': 'capture',
  'quic-not-read': 'capture',
  'malformed-packet': 'capture',
  'tls-secrets-missing': 'capture',
  'tls-suite-unsupported': 'capture',
  'tls-record-unverified': 'capture',
  'hpack-state-lost': 'capture',
}

/** The repair of a finding, or why there is none. `from`: the side at fault, where no frame tells. */
export function repairOf(
  finding: FindingText & { readonly from?: Side },
  frame: InspectedFrame | undefined,
): Repair | Unrepairable {
  const { code } = finding
  if (!isRepairable(code)) return REASONS[code]
  if (code === 'no-close-frame') {
    const from = finding.from ?? frame?.from ?? 'client'
    return repair('missing', from, answer(from, Opcode.close, closeBody(NORMAL_CLOSURE)))
  }
  const read = frame && readFrame(frame)
  const plan = read && planOf(read)
  if (read === undefined || plan === undefined) return 'noFrame'
  if (code === 'unanswered-ping') {
    const from = read.frame.from === 'client' ? 'server' : 'client'
    return repair('missing', from, answer(from, Opcode.pong, plan.payload, plan.payloadLength))
  }
  const mended = MENDS[code](plan, finding, read)
  return mended === undefined ? 'severalFrames' : repair('instead', read.frame.from, mended)
}

function isRepairable(code: FindingCode): code is Repairable {
  return code in MENDS || code === 'unanswered-ping' || code === 'no-close-frame'
}

/** The frame as it came; undefined where its header is not whole. Its payload ends where bytes are missing. */
function planOf(read: ReadFrame): Plan | undefined {
  const { header, frame, payloadAt } = read
  if (header === undefined) return undefined
  const hole = frame.holes.find(([, end]) => end > payloadAt)?.[0]
  const end = hole === undefined ? read.payloadLength : Math.max(0, hole - payloadAt)
  const { fin, rsv1, rsv2, rsv3, opcode, maskingKey, payloadLength } = header
  const lengthBytes = header.headerLength - (header.masked ? 6 : 2)
  const payload = unmaskedPayload(read, 0, Math.min(end, read.payloadLength))
  return { fin, rsv1, rsv2, rsv3, opcode, maskingKey, payload, payloadLength, lengthBytes }
}

function repair(kind: Repair['kind'], from: Side, frame: Plan): Repair {
  const { payload, payloadLength, maskingKey } = frame
  const masked = maskingKey !== undefined
  const fewest = payloadLength < 126 ? 0 : payloadLength <= 0xffff ? 2 : 8
  const lengthBytes = frame.lengthBytes ?? fewest
  const headerLength = 2 + lengthBytes + (masked ? 4 : 0)
  const header = encodeHeader({ ...frame, headerLength })
  const bytes = new Uint8Array(headerLength + payload.length)
  bytes.set(header)
  bytes.set(payload, headerLength)
  if (masked) maskInto(bytes, headerLength, bytes, headerLength, bytes.length, maskingKey, 0)
  const lengthBits = lengthBytes === 0 ? 7 : lengthBytes === 2 ? 16 : 64
  return { kind, from, bytes, frame, lengthBits }
}

/** A whole frame of that side. */
function answer(
  from: Side,
  opcode: number,
  payload: Uint8Array,
  payloadLength: number | bigint = payload.length,
): Plan {
  const maskingKey = from === 'client' ? EXAMPLE_KEY : undefined
  const bits = { fin: true, rsv1: false, rsv2: false, rsv3: false }
  return { ...bits, opcode, maskingKey, payload, payloadLength, lengthBytes: undefined }
}

function withPayload(plan: Plan, payload: Uint8Array): Plan {
  return { ...plan, payload, payloadLength: payload.length, lengthBytes: undefined }
}

function withOtherKey(plan: Plan): Plan {
  return { ...plan, maskingKey: plan.maskingKey === EXAMPLE_KEY ? OTHER_KEY : EXAMPLE_KEY }
}

/** 125 bytes at most; of a close frame's reason whole characters. */
function shortened({ opcode, payload }: Plan): Uint8Array {
  const cut = payload.subarray(0, LONGEST_CONTROL)
  if (opcode !== Opcode.close) return cut
  const fault = utf8Fault(cut.subarray(2))
  return fault?.offset === cut.length - 2 ? cut.subarray(0, 2 + fault.validLength) : cut
}

/** A text, or the first fragment of one. */
function isText({ payload, fin }: Plan): boolean {
  const fault = utf8Fault(payload)
  return fault === undefined || (!fin && fault.offset === payload.length)
}

/** 1005 says that there is none; whatever else was meant, 1000 may be sent. */
function withCloseCode(payload: Uint8Array): Uint8Array {
  const code = payload[0]! * 256 + payload[1]!
  if (code === NO_STATUS && payload.length === 2) return payload.subarray(0, 0)
  return concat([closeBody(NORMAL_CLOSURE), payload.subarray(2)])
}

function closeBody(code: number): Uint8Array {
  return Uint8Array.of(code >> 8, code & 0xff)
}
