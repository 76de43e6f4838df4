// The walkthrough of one frame, in English, to someone who sees a frame for the first time.

export const walk = {
  clientToServer: 'client → server',
  serverToClient: 'server → client',
  /** Of bytes that came without a capture. */
  title: (frame: number, direction: string) => `Frame ${frame}: ${direction}`,
  titleByMask: (frame: number, direction: string) => `Frame ${frame}: ${direction}, by its MASK bit`,
  titleInCapture: (frame: number, connection: number, direction: string) =>
    `Frame ${frame} of connection ${connection}: ${direction}`,
  packets: (first: number, last: number) =>
    first === last ? `packet ${last}` : `packets ${first} to ${last}`,
  /** Between a place and its time, and between the frames of a message. */
  comma: ', ',
  paragraph: (sentences: readonly string[]) => sentences.join(' '),

  headings: {
    bytes: 'The bytes',
    diagram: 'The frame, as RFC 6455 §5.2 draws it',
    header: 'The header, bit by bit',
    length: 'The length',
    mask: 'The mask',
    compression: 'The compression (permessage-deflate, RFC 7692)',
    meaning: 'What it says',
    findings: 'What is wrong with it',
  },

  byteRange: (first: number, last: number) =>
    first === last ? `byte ${first}` : `bytes ${first} to ${last}`,
  parts: {
    bits: 'FIN, RSV1, RSV2, RSV3, opcode',
    maskAndLength: 'MASK, payload length',
    extendedLength: 'extended payload length',
    maskingKey: 'masking key',
    payload: 'payload data',
    maskedPayload: 'payload data, masked',
  },
  part: (name: string, range: string) => `${name} (${range})`,
  morePayload: (count: number) => `… and ${count} more ${count === 1 ? 'byte' : 'bytes'} of payload`,

  /** In the diagram's narrow cell. */
  payloadLengthShort: 'Payload len',
  continued: (name: string) => `${name}, continued`,
  continuedShort: '(continued)',

  headerByte: (range: string, value: string) => `${range}: ${value}`,
  fieldValue: (name: string, value: string) => `${name} = ${value}`,
  fieldMeaning: (name: string, value: string, meaning: string) => `${name} = ${value}: ${meaning}`,
  opcodeValue: (hex: string, name: string) => `${hex} (${name})`,

  lengthItself: (sum: string) =>
    `The 7 bits after MASK hold the length itself: ${sum}. Values up to 125 fit there; 126 and 127 are no lengths, they say that 2 or 8 more bytes follow.`,
  lengthIn2Bytes: (sum: string) =>
    `The 7 bits after MASK are 126 (1111110): the length stands in the next 2 bytes, big-endian: ${sum}. That form is for 126 to 65 535 bytes.`,
  lengthIn8Bytes: (sum: string) =>
    `The 7 bits after MASK are 127 (1111111): the length stands in the next 8 bytes, big-endian: ${sum}. That form is for 65 536 bytes and more; the highest bit must be 0.`,
  wholeLength: (header: number, payload: number | bigint, whole: bigint) =>
    `Header ${header} + payload ${payload} = ${whole} bytes in all.`,
  missing: (announced: number | bigint, captured: number, missing: bigint) =>
    `The frame announces ${announced} payload ${announced === 1 ? 'byte' : 'bytes'} and ${captured} ${captured === 1 ? 'is' : 'are'} here: ${missing} missing.`,

  masked: (key: string) =>
    `MASK is 1: each payload byte was XORed with a byte of the masking key ${key}, in turn (RFC 6455 §5.3). This is no encryption: the key stands in the frame, right before the payload, and everyone who sees the frame can undo it, as here. It keeps a page from choosing the bytes that go over the wire, which could fool old proxies into taking them for HTTP (§10.3).`,
  notMaskedByServer:
    'MASK is 0: a server does not mask (RFC 6455 §5.1); there is no masking key, and the payload stands as it is.',
  notMaskedByClient:
    'MASK is 0: there is no masking key, and the payload stands as it is. A client must mask (RFC 6455 §5.1).',
  maskingTable: {
    index: 'i',
    masked: 'masked byte',
    key: 'key byte (i mod 4)',
    xor: 'XOR',
    result: 'result',
    character: 'character',
  },
  characterBytes: (character: string, bytes: number) => `${character} (${bytes} bytes)`,
  moreRows: (more: number, all: number) =>
    `… and ${more} more ${more === 1 ? 'byte' : 'bytes'}, in the same way (--rows ${all} shows them all)`,

  compressed:
    'RSV1 is 1: the handshake agreed on permessage-deflate, and this message is compressed. Unmasking alone does not give its text: the bytes are a deflate stream, and must be inflated before they are read.',
  compressedFurther: 'RSV1 is 0 here because only the first fragment of a compressed message carries it.',
  notCompressed:
    'RSV1 is 1, and the handshake agreed on no extension that gives it a meaning: the payload is read as it stands.',
  inflatedLater:
    'This fragment is a part of a compressed message; it is inflated once the last fragment (FIN = 1) is there.',
  inflateStep: { compressed: 'compressed', appended: 'appended', inflated: 'inflated' },
  joinedPayloads: (frames: string, bytes: number) =>
    `the payloads of frames ${frames} behind one another, ${bytes} bytes`,
  tail: (tail: string) =>
    `${tail}   (the sender cut these off the end of its deflate block; the receiver puts them back)`,
  nothingSure: 'nothing that is sure',
  incomplete: 'The message is not complete; this is what could be inflated of it, before any doubt.',
  ratio: (wire: number, inflated: number) => {
    const gain =
      inflated === 0
        ? 'an empty message'
        : wire > inflated
          ? 'a short text gains nothing from compression'
          : `${Math.round((wire / inflated) * 100)} % of the size`
    return `${wire} ${wire === 1 ? 'byte on the wire stands' : 'bytes on the wire stand'} for ${inflated}: ${gain}.`
  },

  close: (code: number, reason: string) =>
    `close code ${code}, ${reason === '' ? 'no reason given' : `reason: ${reason}`}`,
  noPayload: 'no payload',
  payload: (hex: string) => `payload ${hex}`,
  fragment: 'A fragment: the message goes on in a later frame of this side.',
  empty: '(empty)',
  noText: '(nothing that is sure)',
  binary: (bytes: number, hex: string) => `${bytes} ${bytes === 1 ? 'byte' : 'bytes'} of binary data: ${hex}`,
  hexBytes: (hex: string, bytes: number) => `${hex} … (${bytes} bytes)`,

  nothingWrong: 'Nothing: the frame obeys RFC 6455.',
  finding: (severity: string, code: string) => `${severity} ${code}:`,
  findingSentence: (sentence: string, reference: string) => `${sentence} (${reference})`,
}
