// The fields of a frame as RFC 6455 §5.2 draws them: a header goes in, its fields come out with their places, values and meanings.
// The walkthrough and the page read this table; each sentence is for someone who sees a frame for the first time.
import { OPCODE_NAMES, Opcode } from '../events.ts'
import type { Header } from './header.ts'

/** One field of a frame, with the value it has there. */
export interface Field {
  /** As RFC 6455 §5.2 has it. */
  readonly name: string
  /** Counted from the frame's first bit, which is the highest of its first byte. */
  readonly firstBit: number
  /** A multiple of 8 past 2^53 is rounded. */
  readonly bits: number
  /** The number that the bits make; of the payload data, its length in bytes. */
  readonly value: number | bigint
  /** What the field is for, and what it says here. */
  readonly meaning: string
  readonly reference: string
}

/** A row of the table: a field, as far as it depends on nothing but the header. */
interface Row {
  readonly name: string
  /** 0 where the frame does not have the field. */
  readonly bits: (header: Header) => number
  readonly value: (header: Header) => number | bigint
  readonly meaning: (header: Header) => string
  readonly reference: string
}

const CONTROL_FRAMES = 8

const ROWS: readonly Row[] = [
  {
    name: 'FIN',
    bits: () => 1,
    value: ({ fin }) => Number(fin),
    meaning: ({ fin, opcode }) => {
      if (opcode >= CONTROL_FRAMES)
        return fin
          ? 'A control frame is always whole.'
          : 'Not the last fragment, which a control frame must not say.'
      if (!fin) return 'More fragments of this message follow.'
      return opcode === Opcode.continuation
        ? 'The last fragment of its message.'
        : 'The whole message is in this one frame.'
    },
    reference: 'RFC 6455 §5.4',
  },
  {
    name: 'RSV1',
    bits: () => 1,
    value: ({ rsv1 }) => Number(rsv1),
    meaning: ({ rsv1 }) =>
      rsv1
        ? 'The message is compressed, if permessage-deflate was agreed on in the handshake; without it this bit must be 0.'
        : 'The message is not compressed. permessage-deflate sets this bit where it is.',
    reference: 'RFC 7692 §6',
  },
  reserved('RSV2', ({ rsv2 }) => rsv2),
  reserved('RSV3', ({ rsv3 }) => rsv3),
  {
    name: 'Opcode',
    bits: () => 4,
    value: ({ opcode }) => opcode,
    meaning: ({ opcode }) =>
      OPCODE_MEANINGS[opcode] ?? `Reserved: RFC 6455 gives ${OPCODE_NAMES[opcode]} no meaning.`,
    reference: 'RFC 6455 §5.2, §11.8',
  },
  {
    name: 'MASK',
    bits: () => 1,
    value: ({ masked }) => Number(masked),
    meaning: ({ masked }) =>
      masked
        ? 'The payload is masked, as every frame of a client must be. The key stands in this same header: masking hides nothing and is no encryption.'
        : 'The payload is not masked, as in every frame of a server.',
    reference: 'RFC 6455 §5.1, §5.3',
  },
  {
    name: 'Payload length',
    bits: () => 7,
    value: (header) => [header.payloadLength, 126, 127][formOf(header)]!,
    meaning: (header) =>
      [
        `The payload has ${byteCount(header)}. Up to 125, these seven bits are the length itself.`,
        '126 is no length: it says that the next 16 bits are.',
        '127 is no length: it says that the next 64 bits are.',
      ][formOf(header)]!,
    reference: 'RFC 6455 §5.2',
  },
  {
    name: 'Extended payload length',
    bits: (header) => [0, 16, 64][formOf(header)]!,
    value: ({ payloadLength }) => payloadLength,
    meaning: (header) =>
      `The payload has ${byteCount(header)}, as a ${formOf(header) === 1 ? 16 : 64}-bit number, its highest byte first.`,
    reference: 'RFC 6455 §5.2',
  },
  {
    name: 'Masking key',
    bits: ({ masked }) => (masked ? 32 : 0),
    value: ({ maskingKey = 0 }) => maskingKey,
    meaning: () =>
      'Payload byte number i is XORed with byte number i mod 4 of this key. The client draws a new one for each frame, so that nobody can choose the bytes on the wire.',
    reference: 'RFC 6455 §5.3',
  },
  {
    name: 'Payload data',
    bits: ({ payloadLength }) => Number(payloadLength) * 8,
    value: ({ payloadLength }) => payloadLength,
    meaning: ({ masked }) => `What the frame carries${masked ? ', masked' : ''}.`,
    reference: 'RFC 6455 §5.2',
  },
]

const OPCODE_MEANINGS: Readonly<Record<number, string>> = {
  [Opcode.continuation]: 'Continuation: goes on with the message that an earlier frame began.',
  [Opcode.text]: 'Text: the message is UTF-8.',
  [Opcode.binary]: 'Binary: the message is bytes, whatever the application takes them for.',
  [Opcode.close]: 'Close: the sender will send nothing more, and expects a close frame in answer.',
  [Opcode.ping]: 'Ping: asks the other side for a pong with the same payload, to see that it is still there.',
  [Opcode.pong]: 'Pong: answers a ping, or tells unasked that the sender is still there.',
}

/** The fields that a frame with this header has, in the order of the wire. */
export function fieldsOf(header: Header): Field[] {
  const fields: Field[] = []
  let firstBit = 0
  for (const { name, bits, value, meaning, reference } of ROWS) {
    const width = bits(header)
    if (width === 0) continue
    fields.push({ name, firstBit, bits: width, value: value(header), meaning: meaning(header), reference })
    firstBit += width
  }
  return fields
}

function reserved(name: string, isSet: (header: Header) => boolean): Row {
  return {
    name,
    bits: () => 1,
    value: (header) => Number(isSet(header)),
    meaning: (header) =>
      isSet(header)
        ? 'Reserved for extensions. It must be 0 unless one that gives it a meaning was agreed on.'
        : 'Reserved for extensions; 0 as it has to be without one.',
    reference: 'RFC 6455 §5.2',
  }
}

/** How the length is encoded: 0 in seven bits, 1 in 16 more, 2 in 64 more. */
function formOf({ headerLength, masked }: Header): 0 | 1 | 2 {
  const lengthBytes = headerLength - (masked ? 6 : 2)
  return lengthBytes === 0 ? 0 : lengthBytes === 2 ? 1 : 2
}

function byteCount({ payloadLength }: Header): string {
  return payloadLength === 1 ? '1 byte' : `${payloadLength} bytes`
}
