// The frame inspector's words, in English.

export const inspector = {
  title: 'Frame',
  tools: 'Ways to look at the frame',
  stepThrough: 'Step through',
  showUnmasked: 'Show unmasked',
  lens: 'TCP lens',
  annotateAll: 'Annotate all',
  dump: 'The bytes, as on the wire',
  dumpUnmasked: 'The bytes, the payload unmasked',
  diagram: 'As RFC 6455 §5.2 draws it',
  fields: 'The fields',
  field: 'Field',
  bits: 'Bits',
  value: 'Value',
  masking: 'The mask: byte by byte, XOR',
  byteNumber: 'i',
  maskedByte: 'on the wire',
  keyByte: 'key, i mod 4',
  xorByte: 'XOR',
  character: 'character',
  notTextYet: 'compressed: not text yet',
  payloadNotTextYet: 'The payload is compressed: its characters are not text yet.',
  inflating: 'The compression',
  compressedBytes: 'compressed',
  appended: 'put back',
  window: 'window before',
  inflated: 'inflated',
  message: 'What it says',
  findings: 'What is wrong with it',
  first: 'first',
  earlier: 'earlier',
  later: 'later',
  last: 'last',
  goTo: 'go to byte',
  missing: 'not in the capture',
  emptyMessage: 'The message is empty.',
  ownPart: 'Underlined: what this frame brought. Grey: what the other frames of the message brought.',
  ownPartEmpty: 'This frame brought no byte of it: all of it came in the other frames of the message.',
  ofSeveralFrames: (frames: number) => `This is the whole message; ${frames} frames brought it.`,
  incomplete: 'Bytes are missing behind this.',
  noPayload: 'The frame has no payload.',
  noHeader: 'These bytes are fewer than a frame’s header has.',
  notAtHand: 'not at hand',
  notInflated: 'It could not be read: bytes are missing or wrong.',
  notComplete: 'The message is not complete yet: more fragments follow.',
  noWindow: 'Nothing is taken over from messages before.',
  whyAppended:
    'The sender cut these four bytes off the end of its deflate data, since they are always the same; the receiver puts them back.',
  aboutDump:
    'Each pair of digits is one byte. Pointing at it shows the field that it belongs to in every other view.',
  aboutDiagram: 'Read it as text: from left to right, the highest bit of each byte first.',
  aboutMasking:
    'Payload byte i is XORed with byte i mod 4 of the key. XOR undoes itself, so that the receiver does the same again. The key stands in the frame: masking is no encryption.',
  aboutInflating:
    'The unmasked bytes are a deflate stream. Where the window is taken over, they may refer to text of earlier messages instead of repeating it.',
  aboutMessage: (frames: number) =>
    frames === 1
      ? 'The whole message came in this one frame.'
      : `The message came in ${frames} frames; their payloads are joined before anything is read.`,
  back: 'Back',
  forwards: 'Forwards',
  endSteps: 'End',
  stepKeys: 'Arrow keys go forwards and back, Home and End to the ends, Escape leaves.',
  unmaskRest: 'The other payload bytes',
  unmaskRestWhy: 'They are unmasked in the same way; the key starts anew after every four bytes.',
  appendTail: 'Put back what the sender cut off',
  onTheWire: 'on the wire',
  ofFrames: (frames: number) => ` (of ${frames} frames, joined)`,
  packet: (packet: number) => `packet ${packet}`,
  segment: (packet: number, first: number, last: number) =>
    `packet ${packet}: ${first === last ? `byte ${first}` : `bytes ${first} to ${last}`}`,
  moreSegments: (count: number) => `and ${count} more`,
  lensSays: (segments: number) =>
    segments === 1
      ? 'One TCP segment carried this frame. That is chance: TCP carries a stream of bytes and knows nothing of frames.'
      : `${segments} TCP segments carried this frame: a frame is not a segment.`,
  bytes: (count: number | bigint) => (Number(count) === 1 ? '1 byte' : `${count} bytes`),
  moreBytes: (count: number) => (count === 1 ? 'and 1 byte more' : `and ${count} bytes more`),
  cut: (missing: number) =>
    missing === 1
      ? 'One byte that the frame announces is not here.'
      : `${missing} bytes that the frame announces are not here.`,
  range: (first: number, last: number, total: number) => `bytes ${first} to ${last} of ${total}`,
  continued: (name: string) => `${name}, continued`,
  flipBit: (bit: number, field: string, value: number) => `bit ${bit}, ${field}: ${value}. Turn it`,
  windowHolds: (bytes: number) => (bytes === 1 ? '1 byte, it ends:' : `${bytes} bytes, they end:`),
  ratio: (wire: number, inflated: number) =>
    wire >= inflated
      ? `${wire} bytes on the wire stand for ${inflated}: compression gained nothing here.`
      : `${wire} bytes on the wire stand for ${inflated}: ${Math.round((wire / inflated) * 100)} %.`,
  stepOf: (step: number, steps: number) => `step ${step} of ${steps}`,
  unmaskByte: (index: number) => `Unmask payload byte ${index}`,
  keyByteOf: (index: number) => `byte ${index} of the key`,
  xorResult: (character: string) => `XOR: where the bits differ, 1 (${character})`,
  soFar: (hex: string) => `so far: ${hex}`,
  controlBody: (frame: string) => `The ${frame} carries`,
}
