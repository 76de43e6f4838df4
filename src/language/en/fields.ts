// What the fields of a frame are called, and what each says (RFC 6455 §5.2), in English, to someone who sees a frame for the first time.
import type { FieldValue } from '../field-value.ts'

export const fields = {
  names: {
    FIN: 'FIN',
    RSV1: 'RSV1',
    RSV2: 'RSV2',
    RSV3: 'RSV3',
    Opcode: 'Opcode',
    MASK: 'MASK',
    'Payload length': 'Payload length',
    'Extended payload length': 'Extended payload length',
    'Masking key': 'Masking key',
    'Payload data': 'Payload data',
  },
  meanings: {
    controlFrameWhole: 'A control frame is always whole.',
    controlFrameFragmented: 'Not the last fragment, which a control frame must not say.',
    moreFragments: 'More fragments of this message follow.',
    lastFragment: 'The last fragment of its message.',
    wholeMessage: 'The whole message is in this one frame.',
    compressed:
      'The message is compressed, if permessage-deflate was agreed on in the handshake; without it this bit must be 0.',
    notCompressed: 'The message is not compressed. permessage-deflate sets this bit where it is.',
    reservedSet: 'Reserved for extensions. It must be 0 unless one that gives it a meaning was agreed on.',
    reservedClear: 'Reserved for extensions; 0 as it has to be without one.',
    continuation: 'Continuation: goes on with the message that an earlier frame began.',
    text: 'Text: the message is UTF-8.',
    binary: 'Binary: the message is bytes, whatever the application takes them for.',
    close: 'Close: the sender will send nothing more, and expects a close frame in answer.',
    ping: 'Ping: asks the other side for a pong with the same payload, to see that it is still there.',
    pong: 'Pong: answers a ping, or tells unasked that the sender is still there.',
    reservedOpcode: ({ value }: FieldValue) => `Reserved: RFC 6455 gives reserved-${value} no meaning.`,
    masked:
      'The payload is masked, as every frame of a client must be. The key stands in this same header: masking hides nothing and is no encryption.',
    notMasked: 'The payload is not masked, as in every frame of a server.',
    lengthItself: ({ value }: FieldValue) =>
      `The payload has ${bytes(value)}. Up to 125, these seven bits are the length itself.`,
    lengthIn16Bits: '126 is no length: it says that the next 16 bits are.',
    lengthIn64Bits: '127 is no length: it says that the next 64 bits are.',
    extendedLength: ({ value, bits }: FieldValue) =>
      `The payload has ${bytes(value)}, as a ${bits}-bit number, its highest byte first.`,
    maskingKey:
      'Payload byte number i is XORed with byte number i mod 4 of this key. The client draws a new one for each frame, so that nobody can choose the bytes on the wire.',
    payload: 'What the frame carries.',
    maskedPayload: 'What the frame carries, masked.',
  },
}

function bytes(count: number | bigint): string {
  return count === 1 ? '1 byte' : `${count} bytes`
}
