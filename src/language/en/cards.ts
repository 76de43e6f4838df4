// The words of the findings' cards, in English. `mended`: the frame as it should have been.
import { wordToHex } from '../../base/bytes.ts'
import type { MendedFrame } from '../mended-frame.ts'

export const cards = {
  open: 'Show the frame',
  where: (frame: string) => `The bits in the ${frame}`,
  marked: (fields: string) => `Marked: ${fields}.`,
  noBit: 'No bit of this frame is wrong by itself.',
  onTheWire: 'Payload, as on the wire:',
  unmasked: 'Payload, unmasked:',
  payload: 'Payload:',
  messageBytes: 'The message, its frames joined and inflated:',
  textBefore: 'Up to there it says:',
  fromByte: (start: number, total: number) => `Marked from byte ${start} of ${total} on.`,
  connection: (connection: number) => `connection ${connection}`,
  frame: (frame: number) => `frame ${frame}`,
  packets: (first: number, last: number) =>
    first === last ? `packet ${first}` : `packets ${first} to ${last}`,
  place: (place: string) => `Found at: ${place}.`,
  closesWith: (code: number, name: string) => `An endpoint that receives it closes with ${code} (${name}).`,
  repair: 'Repair',
  asItCame: 'As it came:',
  asItShouldBe: 'As it should have been:',
  missingFromClient: 'The frame that the client should have sent:',
  missingFromServer: 'The frame that the server should have sent:',
  legend: {
    changed: 'Underlined: another byte.',
    added: 'Framed, with a plus: a byte more.',
    removed: 'Struck through: a byte less.',
  },
  repairs: {
    'reserved-opcode': ({ frame }: MendedFrame) =>
      `With an opcode that has a meaning: ${frame.opcode}. Which one the sender meant the frame does not say.`,
    'rsv-without-extension': 'With the bits 0 that no extension gives a meaning.',
    'rsv1-on-continuation': 'With RSV1 = 0: the first frame has said already that the message is compressed.',
    'rsv1-on-control': 'With RSV1 = 0.',
    'unmasked-client-frame': ({ frame }: MendedFrame) =>
      `With MASK = 1, a masking key (here ${keyOf(frame)}, for example; it must be drawn anew for each frame), and each payload byte XORed with it. The frame is 4 bytes longer.`,
    'masked-server-frame':
      'With MASK = 0, without the key, and the payload as it is. The frame is 4 bytes shorter.',
    'control-frame-too-long': ({ frame }: MendedFrame) =>
      `With a payload cut to ${frame.payloadLength} bytes. What needs more belongs in a message.`,
    'fragmented-control-frame': 'With FIN = 1: a control frame is always whole.',
    'unexpected-continuation': ({ frame }: MendedFrame) =>
      `With opcode ${frame.opcode}: as the first frame of a message, since none was open.`,
    'expected-continuation':
      'With opcode 0: as a fragment of the message that is open. If the sender meant a new message, the frame to mend is the one before, whose FIN should have been 1.',
    'non-minimal-length': ({ frame, lengthBits }: MendedFrame) =>
      `With the length ${frame.payloadLength} in ${lengthBits} bits.`,
    'length-high-bit': ({ frame }: MendedFrame) =>
      `With the highest bit of the length 0: the length is then ${frame.payloadLength}.`,
    'invalid-utf8':
      'With opcode 2: bytes that are not UTF-8 travel in a binary message. If they were meant as text, the sender has to encode it as UTF-8; which characters were meant the bytes do not say.',
    'close-body-too-short': 'Without a body: half a status code says nothing.',
    'invalid-close-code': ({ frame }: MendedFrame): string =>
      frame.payloadLength === 0
        ? 'Without a body: 1005 is what a receiver notes when no code has come.'
        : 'With 1000, normal closure. Which code the sender meant the frame does not say; for meanings of its own there are 4000 to 4999.',
    'invalid-close-reason': 'With the reason cut before its first byte that is not UTF-8.',
    'zero-masking-key': ({ frame }: MendedFrame) =>
      `With a key that nobody can foresee, here ${keyOf(frame)} for example, and the payload masked with it.`,
    'repeated-masking-key': ({ frame }: MendedFrame) =>
      `With a key of its own, here ${keyOf(frame)} for example, and the payload masked with it.`,
    'unanswered-ping': 'Nothing is wrong with this ping; a frame is missing: the pong with the same payload.',
    'no-close-frame':
      'A frame is missing: before TCP ends, a side says so in a close frame, here with 1000, normal closure.',
  },
  noRepair: {
    capture:
      'There is no frame to repair: the peers may have done everything right, the capture does not hold it all.',
    handshake: 'There is no frame to repair: the fault is in the handshake, before the first frame.',
    noFrame: 'The frame is not at hand, or its header is not whole.',
    severalFrames:
      'No single frame can be repaired: the message came in several, and only joined do they break the rule. It should have been sent as a binary message, or as text in UTF-8.',
    tooLate: 'The frame itself is in order; it should have been sent before the close frame, or not at all.',
    lostData:
      'The frame is in order; its compressed bytes are not. What they should have said cannot be told from them.',
    otherWindow:
      'There is no frame to repair by itself: the sender has to compress over the window that was agreed on.',
    outOfStep:
      'There is no frame to repair: the bytes were written wrongly before they were a frame. The program that writes them has to be mended.',
    pongOfWhich:
      'The frame is in order, and legal as an unasked pong. As an answer it needs the payload of the ping that it answers.',
  },
}

function keyOf({ maskingKey }: MendedFrame['frame']): string {
  return wordToHex(maskingKey ?? 0)
}
