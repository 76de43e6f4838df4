// The words of the message assembly, in English.

export const assembly = {
  title: 'How the message was put together',
  about: (fragments: number, between: number) =>
    `${
      fragments === 1
        ? 'The message came whole, in one frame.'
        : `The message came in ${fragments} fragments; the first one has the opcode, the last one FIN = 1.`
    }${
      between === 0
        ? ''
        : between === 1
          ? ' One other frame came between: control frames may, they are not part of the message.'
          : ` ${between} other frames came between: control frames may, they are not part of the message.`
    }`,
  frames: 'The frames',
  frame: (frame: number) => `frame ${frame}`,
  fromFrame: (frame: number) => `frame ${frame}:`,
  packets: (first: number, last: number) =>
    first === last ? `packet ${first}` : `packets ${first} to ${last}`,
  payloadLength: (bytes: number) =>
    bytes === 0 ? 'no payload' : bytes === 1 ? '1 byte of payload' : `${bytes} bytes of payload`,
  isBetween: 'Between the fragments; not part of the message.',
  brings: (first: number, last: number) =>
    first === last ? `Byte ${first} of the message.` : `Bytes ${first} to ${last} of the message.`,
  bringsNothing: 'Brings no byte of the message.',
  first: 'first',
  earlier: 'earlier',
  later: 'later',
  last: 'last',
  framesShown: (first: number, last: number, total: number) => `${first} to ${last} of ${total} frames`,
  joined: 'Their payloads joined, without masks',
  joinedCompressed: 'Their payloads joined, without masks, still compressed',
  joinedLength: (bytes: number) => (bytes === 1 ? '1 byte' : `${bytes} bytes`),
  nothing: 'Nothing: the message is empty.',
  notAtHand: 'These bytes are not at hand.',
  appended: 'What the sender cut off is put back',
  whyAppended:
    'A flushed DEFLATE block always ends with these four bytes; the sender leaves them out, the receiver puts them back behind the last fragment.',
  window: 'The window that is taken over',
  windowIs: (bytes: number) =>
    `${bytes === 1 ? '1 byte' : `${bytes} bytes`} of earlier messages of the same side are still known to both; the compressed bytes may refer to them. They end with:`,
  noWindow: 'None: nothing of earlier messages is taken over, or nothing is known of it.',
  inflated: 'What it says, inflated',
  message: 'What it says',
  notInflated: 'It could not be inflated: bytes are missing or wrong, or the window is lost.',
  notComplete: 'Nothing yet: the message is not complete.',
  ratio: (wire: number, inflated: number) =>
    `${wire} bytes on the wire stand for ${inflated}${inflated > wire ? `: ${Math.round((wire / inflated) * 100)} %` : ''}.`,
  missing: {
    beginning: 'The first fragment was not captured: this begins with a continuation.',
    end: 'The last fragment is missing: no frame with FIN = 1 has come.',
    frames: (count: number) =>
      count === 1 ? 'One fragment of it is not at hand.' : `${count} fragments of it are not at hand.`,
    payload: (frame: number) => `The payload of frame ${frame} is not at hand.`,
    bytes: (frame: number, count: number) =>
      count === 1
        ? `One byte of the payload of frame ${frame} is missing.`
        : `${count} bytes of the payload of frame ${frame} are missing.`,
    inflating:
      'Its bytes are here; they could not be inflated to the end, or refer to a window that is lost.',
    something: 'Bytes of it are missing.',
  },
}
