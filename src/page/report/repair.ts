// What is wrong with a frame, shown in its bits, and the frame as it should have been.
import type { FindingCode } from '../../findings.ts'
import { readCloseBody } from '../../websocket/close.ts'
import { encodeFrame, type FrameFields } from '../../websocket/encode.ts'
import type { FieldName } from '../../websocket/fields.ts'
import type { Header } from '../../websocket/header.ts'
import { utf8Fault } from '../../websocket/utf8.ts'

/** A payload that is not whole in the report is not repaired. */
const LONGEST = 64 * 1024
/** Longer ones are no control frames (RFC 6455 §5.5). */
const LONGEST_CONTROL = 125
/** Stands for a key that was drawn at random; a page that shows the same twice is easier to talk about. */
const SOME_KEY = 0x5d1c93a7

/** The fields of a frame that break the rule. */
export function offendingFields(code: FindingCode): readonly FieldName[] {
  return OFFENDING[code] ?? []
}

const OFFENDING: Partial<Record<FindingCode, readonly FieldName[]>> = {
  'reserved-opcode': ['Opcode'],
  'rsv-without-extension': ['RSV1', 'RSV2', 'RSV3'],
  'rsv1-on-continuation': ['RSV1'],
  'rsv1-on-control': ['RSV1'],
  'unmasked-client-frame': ['MASK'],
  'masked-server-frame': ['MASK', 'Masking key'],
  'control-frame-too-long': ['Payload length', 'Extended payload length'],
  'fragmented-control-frame': ['FIN'],
  'unexpected-continuation': ['Opcode'],
  'expected-continuation': ['Opcode'],
  'non-minimal-length': ['Payload length', 'Extended payload length'],
  'length-high-bit': ['Extended payload length'],
  'invalid-utf8': ['Payload data'],
  'close-body-too-short': ['Payload length', 'Payload data'],
  'invalid-close-code': ['Payload data'],
  'invalid-close-reason': ['Payload data'],
  'data-after-close': ['Opcode'],
  'inflate-error': ['Payload data'],
  'zero-masking-key': ['Masking key'],
  'repeated-masking-key': ['Masking key'],
  'incomplete-frame': ['Payload length', 'Extended payload length'],
}

/**
 * The bytes of the frame without what is wrong, and nothing else changed; undefined where no frame would be right, or its payload is not
 * all there. `payload`: unmasked.
 */
export function repairedFrame(
  code: FindingCode,
  header: Header,
  payload: Uint8Array,
): Uint8Array | undefined {
  if (payload.length > LONGEST) return undefined
  if (code !== 'length-high-bit' && payload.length !== Number(header.payloadLength)) return undefined
  const change = REPAIRS[code]?.(header, payload)
  if (change === undefined) return undefined
  const { fin, rsv1, rsv2, rsv3, opcode, maskingKey } = header
  return encodeFrame({ fin, rsv1, rsv2, rsv3, opcode, maskingKey, payload, ...change })
}

type Repair = (header: Header, payload: Uint8Array) => Partial<FrameFields> | undefined

const REPAIRS: Partial<Record<FindingCode, Repair>> = {
  'reserved-opcode': ({ opcode }, payload) =>
    opcode > 8 ? { opcode: 9 } : { opcode: utf8Fault(payload) === undefined ? 1 : 2 },
  'rsv-without-extension': () => ({ rsv1: false, rsv2: false, rsv3: false }),
  'rsv1-on-continuation': () => ({ rsv1: false }),
  'rsv1-on-control': () => ({ rsv1: false }),
  'unmasked-client-frame': () => ({ maskingKey: SOME_KEY }),
  'masked-server-frame': () => ({ maskingKey: undefined }),
  'control-frame-too-long': (_, payload) => ({ payload: payload.subarray(0, LONGEST_CONTROL) }),
  'fragmented-control-frame': () => ({ fin: true }),
  'unexpected-continuation': (_, payload) => ({ opcode: utf8Fault(payload) === undefined ? 1 : 2 }),
  'expected-continuation': () => ({ opcode: 0 }),
  'non-minimal-length': () => ({}),
  'length-high-bit': () => ({}),
  'invalid-utf8': ({ rsv1, fin, opcode }, payload) =>
    rsv1 || !fin || opcode !== 1 ? undefined : { payload: asUtf8(payload) },
  'close-body-too-short': () => ({ payload: new Uint8Array(0) }),
  'invalid-close-code': (_, payload) => ({ payload: closeBody(1000, payload.subarray(2)) }),
  'invalid-close-reason': (_, payload) => {
    const body = readCloseBody(payload)
    return body && { payload: closeBody(body.code, asUtf8(payload.subarray(2))) }
  },
  'zero-masking-key': () => ({ maskingKey: SOME_KEY }),
  'repeated-masking-key': () => ({ maskingKey: SOME_KEY }),
}

/** What is no UTF-8 as U+FFFD. */
function asUtf8(bytes: Uint8Array): Uint8Array {
  return new TextEncoder().encode(new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes))
}

function closeBody(code: number, reason: Uint8Array): Uint8Array {
  const kept = reason.subarray(0, LONGEST_CONTROL - 2)
  const body = new Uint8Array(2 + kept.length)
  body.set([code >> 8, code & 0xff])
  body.set(kept, 2)
  return body
}
