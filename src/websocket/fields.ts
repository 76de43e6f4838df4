// The fields of a frame as RFC 6455 §5.2 draws them: a header goes in, its fields come out with their places, values and what each says.
// The walkthrough and the page read this table; the sentences are in language/, under the names that the table gives them.
import { Opcode } from '../base/events.ts'
import type { FieldName } from '../base/findings.ts'
import type { Header } from './header.ts'

export type { FieldName } from '../base/findings.ts'

/** What a field says with the value that it has: the name of a sentence. */
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
  /** A multiple of 8 past 2^53 is rounded. */
  readonly bits: number
  /** The number that the bits make; of the payload data, its length in bytes. */
  readonly value: number | bigint
  readonly sentenceKey: FieldSentenceKey
  readonly reference: string
}

/** A row of the table: a field, as far as it depends on nothing but the header. */
interface Row {
  readonly name: FieldName
  /** 0 where the frame does not have the field. */
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
    value: (header) => [header.payloadLength, 126, 127][formOf(header)]!,
    sentenceKey: (header) => (['lengthItself', 'lengthIn16Bits', 'lengthIn64Bits'] as const)[formOf(header)],
    reference: 'RFC 6455 §5.2',
  },
  {
    name: 'Extended payload length',
    bits: (header) => [0, 16, 64][formOf(header)]!,
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

/** How the length is encoded: 0 in seven bits, 1 in 16 more, 2 in 64 more. */
function formOf({ headerLength, masked }: Header): 0 | 1 | 2 {
  const lengthBytes = headerLength - (masked ? 6 : 2)
  return lengthBytes === 0 ? 0 : lengthBytes === 2 ? 1 : 2
}
