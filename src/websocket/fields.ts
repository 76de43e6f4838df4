// The fields of a frame as RFC 6455 §5.2 draws them. In: a header. Out: its fields, each with its place, its value and what that
// means. The walkthrough and the page read this table; the sentences are in language/, under the names used here.
import { Opcode } from '../base/events.ts'
import type { FieldName } from '../base/findings.ts'
import { type Header, lengthFormOf } from './header.ts'

export type { FieldName } from '../base/findings.ts'

/** What the value of a field means: the name of a sentence. */
export type FieldSentenceKey =
  | 'controlFrameWhole'
  | 'controlFrameFragmented'
  | 'moreFragments'
  | 'lastFragment'
  | 'wholeMessage'
  | 'compressed'
  | 'notCompressed'
  | 'reservedSet'
  | 'reservedClear'
  | 'continuation'
  | 'text'
  | 'binary'
  | 'close'
  | 'ping'
  | 'pong'
  | 'reservedOpcode'
  | 'masked'
  | 'notMasked'
  | 'lengthItself'
  | 'lengthIn16Bits'
  | 'lengthIn64Bits'
  | 'extendedLength'
  | 'maskingKey'
  | 'payload'
  | 'maskedPayload'

/** One field of a frame, with the value it has there. */
export interface FrameField {
  readonly name: FieldName
  /** Counted from the frame's first bit, which is the highest of its first byte. */
  readonly firstBit: number
  /** Rounded past 2^53, which only payload data reaches. */
  readonly bits: number
  /** The number that the bits make; for payload data, its length in bytes. */
  readonly value: number | bigint
  readonly sentenceKey: FieldSentenceKey
  readonly reference: string
}

/** A row of the table: one field, as a function of the header. */
interface Row {
  readonly name: FieldName
  /** 0 if the frame does not have the field. */
  readonly bits: (header: Header) => number
  readonly value: (header: Header) => number | bigint
  readonly sentenceKey: (header: Header) => FieldSentenceKey
  readonly reference: string
}

const CONTROL_FRAMES = 8

const ROWS: readonly Row[] = [
  {
    name: 'FIN',
    bits: () => 1,
    value: ({ fin }) => Number(fin),
    sentenceKey: ({ fin, opcode }) => {
      if (opcode >= CONTROL_FRAMES) return fin ? 'controlFrameWhole' : 'controlFrameFragmented'
      if (!fin) return 'moreFragments'
      return opcode === Opcode.continuation ? 'lastFragment' : 'wholeMessage'
    },
    reference: 'RFC 6455 §5.4',
  },
  {
    name: 'RSV1',
    bits: () => 1,
    value: ({ rsv1 }) => Number(rsv1),
    sentenceKey: ({ rsv1 }) => (rsv1 ? 'compressed' : 'notCompressed'),
    reference: 'RFC 7692 §6',
  },
  reserved('RSV2', ({ rsv2 }) => rsv2),
  reserved('RSV3', ({ rsv3 }) => rsv3),
  {
    name: 'Opcode',
    bits: () => 4,
    value: ({ opcode }) => opcode,
    sentenceKey: ({ opcode }) => OPCODE_SENTENCES[opcode] ?? 'reservedOpcode',
    reference: 'RFC 6455 §5.2, §11.8',
  },
  {
    name: 'MASK',
    bits: () => 1,
    value: ({ masked }) => Number(masked),
    sentenceKey: ({ masked }) => (masked ? 'masked' : 'notMasked'),
    reference: 'RFC 6455 §5.1, §5.3',
  },
  {
    name: 'Payload length',
    bits: () => 7,
    value: (header) => {
      const form = lengthFormOf(header)
      return form === 7 ? header.payloadLength : form === 16 ? 126 : 127
    },
    sentenceKey: (header) => LENGTH_SENTENCES[lengthFormOf(header)],
    reference: 'RFC 6455 §5.2',
  },
  {
    name: 'Extended payload length',
    bits: (header) => {
      const form = lengthFormOf(header)
      return form === 7 ? 0 : form
    },
    value: ({ payloadLength }) => payloadLength,
    sentenceKey: () => 'extendedLength',
    reference: 'RFC 6455 §5.2',
  },
  {
    name: 'Masking key',
    bits: ({ masked }) => (masked ? 32 : 0),
    value: ({ maskingKey = 0 }) => maskingKey,
    sentenceKey: () => 'maskingKey',
    reference: 'RFC 6455 §5.3',
  },
  {
    name: 'Payload data',
    bits: ({ payloadLength }) => Number(payloadLength) * 8,
    value: ({ payloadLength }) => payloadLength,
    sentenceKey: ({ masked }) => (masked ? 'maskedPayload' : 'payload'),
    reference: 'RFC 6455 §5.2',
  },
]

const LENGTH_SENTENCES = { 7: 'lengthItself', 16: 'lengthIn16Bits', 64: 'lengthIn64Bits' } as const

const OPCODE_SENTENCES: Readonly<Record<number, FieldSentenceKey>> = {
  [Opcode.continuation]: 'continuation',
  [Opcode.text]: 'text',
  [Opcode.binary]: 'binary',
  [Opcode.close]: 'close',
  [Opcode.ping]: 'ping',
  [Opcode.pong]: 'pong',
}

/** The fields that a frame with this header has, in the order of the wire. */
export function fieldsOf(header: Header): FrameField[] {
  const fields: FrameField[] = []
  let firstBit = 0
  for (const { name, bits, value, sentenceKey, reference } of ROWS) {
    const width = bits(header)
    if (width === 0) continue
    fields.push({
      name,
      firstBit,
      bits: width,
      value: value(header),
      sentenceKey: sentenceKey(header),
      reference,
    })
    firstBit += width
  }
  return fields
}

function reserved(name: 'RSV2' | 'RSV3', isSet: (header: Header) => boolean): Row {
  return {
    name,
    bits: () => 1,
    value: (header) => Number(isSet(header)),
    sentenceKey: (header) => (isSet(header) ? 'reservedSet' : 'reservedClear'),
    reference: 'RFC 6455 §5.2',
  }
}
