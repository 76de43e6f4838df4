// The laboratory's words, in English.
import type { PastedFault, PastedNote } from '../../pasted/reading.ts'
import { bytes } from './count.ts'
import { pastedFaultWords, pastedNoteWords } from './pasted-words.ts'

export const laboratory = {
  title: 'Laboratory',
  about:
    'Make frames, take them apart, break them. All of it happens in this page, with the decoder of the command line; nothing is sent anywhere.',
  encode: 'Encode',
  encodeHow: 'Type a message and watch the bytes of its frames grow. Every bit of them has a name below.',
  decode: 'Decode',
  decodeHow:
    'Paste bytes in any form: hex, bits, base64, what Node, Python, Go, Java or C write, the dumps of Wireshark, tcpdump, xxd, hexdump or od; several frames after one another, too.',
  flip: 'Flip',
  flipHow: 'Click on any bit to turn it. What changes, and which rule breaks?',
  length: 'Length',
  lengthHow:
    'How long the payload is decides how its length is written. Find the two places where the form switches.',
  masking: 'Masking bench',
  maskingHow: 'One byte a step: payload byte i is XORed with byte i mod 4 of the key.',
  opcode: 'Opcode',
  text: 'Text',
  hexPayload: 'Payload: bytes, as hex or in another form',
  reason: 'Reason',
  closeCode: 'Close code',
  masked: 'masked, as a client’s frames are',
  key: 'Masking key',
  drawKey: 'Draw another',
  fragments: 'Frames (fragments)',
  compress: 'compressed (permessage-deflate)',
  keyFault: 'A masking key is four bytes: eight hex digits.',
  bytes: 'Bytes',
  frames: 'Frames',
  sender: 'Sent by',
  senderByMask: 'as the MASK bit says',
  client: 'the client',
  server: 'the server',
  records: 'The same as records',
  recordsWhy: 'Line for line what the command line says:',
  beginWith: 'Begin with',
  reset: 'Reset',
  flipFrames: {
    text: 'a text frame of a client',
    compressed: 'a compressed text frame',
    fromServer: 'a text frame of a server',
    ping: 'a ping',
    close: 'a close frame',
  },
  whatChanged: 'What changed',
  nothingFlipped: 'Nothing yet.',
  onlyPayload: 'Only payload bytes: no field of the header.',
  absent: 'not there',
  whichRule: 'Which rule breaks',
  noRule: 'None: the frame obeys RFC 6455.',
  noRuleByItself: 'This frame by itself breaks none. But it no longer ends where its sender ended it.',
  waitsFor: (count: bigint) =>
    `The receiver waits for ${count === 1n ? '1 more byte' : `${count} more bytes`}, and takes them from whatever is sent next.`,
  afterIt: 'The bytes after it would be the next frame',
  nextFrame: (bits: string, opcode: number, name: string, masked: boolean, length: number | bigint) =>
    `FIN and RSV1 to RSV3 are ${bits}, the opcode is ${opcode} (${name}), MASK is ${masked ? 1 : 0}, the length is ${length}.`,
  nextBreaksNothing: 'It breaks no rule, by chance: the receiver takes it for a frame that nobody sent.',
  restIsNoHeader: (count: number) =>
    count === 1
      ? 'One byte is left. The receiver takes it for the start of a header, and waits for the rest.'
      : `${count} bytes are left. The receiver takes them for the start of a header, and waits for the rest.`,
  payloadBytes: 'Payload, in bytes',
  exactly: 'exactly',
  marks: 'Lengths at the switches',
  nextByte: 'Next byte',
  allBytes: 'All',
  payload: 'payload',
  maskedPayload: 'on the wire',
  maskedAsText: 'looks like',
  differs: 'XOR: 1 where the bits differ',
  pastedFault: (fault: PastedFault) => `These are not bytes: ${pastedFaultWords(fault)}.`,
  pastedNote: (note: PastedNote) => `${pastedNoteWords(note).replace(/^./, (first) => first.toUpperCase())}.`,
  frameNumber: (frame: number, from: string, opcode: string) =>
    `${frame} ${opcode}, ${from === 'client' ? 'client →' : '← server'}`,
  moreFrames: (count: number) => `and ${count} more`,
  sizes: (frames: readonly (readonly [header: number, payload: number])[]) => {
    const total = frames.reduce((sum, [header, payload]) => sum + header + payload, 0)
    const each = frames.map(([header, payload]) => `${header} of header + ${payload} of payload`).join('; ')
    return frames.length === 1
      ? `${bytes(total)}: ${each}.`
      : `${bytes(total)} in ${frames.length} frames: ${each}.`
  },
  restIsNextFrame: (frames: number) =>
    frames === 1
      ? 'The receiver now takes the bytes behind it for another frame.'
      : `The receiver now takes the bytes behind it for ${frames} more frames.`,
  answeredWith: (code: number) => `An endpoint answers with close code ${code}.`,
  lengthForm: (form: number, length: number) =>
    form === 7
      ? `${length} fits into the seven bits behind MASK.`
      : form === 16
        ? `The seven bits say 126; ${length} stands in the 16 bits behind them.`
        : `The seven bits say 127; ${length} stands in the 64 bits behind them.`,
  frameSize: (header: number, payload: number) =>
    `Header ${header} + payload ${payload} = ${bytes(header + payload)}.`,
}
