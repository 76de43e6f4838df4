// The exercises of the chapters from fragmentation on, in English.

export const messageExercises = {
  countMessages: {
    question: (frames: string) => `These frames come from one side: ${frames}. How many messages are whole?`,
    hint: 'A message ends with FIN = 1. Control frames are not messages.',
    why: 'Count the data frames with FIN = 1: text, binary or continuation.',
  },
  joinFragments: {
    question: 'A server sent these frames one after another. Which text do they make?',
    hint: 'Join the payloads in their order; leave out what is not part of the message.',
    why: 'The payloads of the text frame and of the continuation frames, joined.',
  },
  fragmentByte: {
    question: (place: 'first' | 'middle' | 'last') =>
      `What is the first byte of the ${place === 'middle' ? 'second of three fragments' : `${place} of three fragments`} of a text message, not compressed?`,
    hint: 'FIN is the highest bit, the opcode the lower four. Only the first fragment has the opcode 1.',
    why: 'First: FIN 0, opcode 1. Middle: FIN 0, opcode 0. Last: FIN 1, opcode 0.',
  },
  brokenOrder: {
    question: (frames: string) => `These frames come from one side: ${frames}. Which rule is broken?`,
    options: ['a continuation without a beginning', 'a new message inside another', 'none'],
    hint: 'Is a message open when a frame comes? Then only continuations and control frames may follow.',
    why: 'RFC 6455 §5.4: fragments of one message follow one another, with nothing but control frames between.',
  },
  pongPayload: {
    question: 'A server sent this ping. Which payload must the client’s pong have (before masking)?',
    hint: 'A pong answers with what the ping said.',
    why: 'The same payload (RFC 6455 §5.5.3).',
  },
  kindOf: {
    question: (first: string) => `A frame starts with the byte ${first}. What is it?`,
    hint: 'The lower four bits: 8, 9 or a.',
    why: 'Opcode 8 is close, 9 ping, a pong.',
  },
  brokenControl: {
    question: 'A server sent this frame. Which rule does it break?',
    options: [
      'a control frame with FIN = 0',
      'a control frame with RSV1',
      'a control frame of more than 125 bytes',
      'none',
    ],
    hint: 'Read the first byte bit by bit, then the length.',
    why: 'Control frames are whole, not compressed, and at most 125 bytes long (RFC 6455 §5.5).',
  },
  controlBetween: {
    question: 'A server sent these frames. Which text does the message have?',
    hint: 'One of them is a ping, which stands between the fragments.',
    why: 'A ping may stand between two fragments; its payload is not part of the message.',
  },
  closeCodeOf: {
    question: 'A server sent this close frame. Which status code does it have?',
    hint: 'The first two payload bytes are a number: the first one counts 256 times.',
    why: (high: number, low: number) => `${high} × 256 + ${low}.`,
  },
  closeBytes: {
    question: (code: number) => `Which two bytes stand for the close code ${code}?`,
    hint: 'How often does 256 go into it? What is left?',
    why: 'A 16-bit number, its highest byte first.',
  },
  closeReason: {
    question: 'A server sent this close frame. Which reason does it give?',
    hint: 'The first two bytes of the payload are the code; the reason comes after them.',
    why: 'What comes after the code is UTF-8 text.',
  },
  mayBeSent: {
    question: (code: number) => `May a close frame have the code ${code}?`,
    options: ['yes', 'no'],
    hint: 'Look it up in the table above.',
    why: '1000 to 1003, 1007 to 1014 and 3000 to 4999 may be sent. No other code may.',
  },
  isDeflated: {
    question: 'permessage-deflate was agreed on. Is the message that begins with this frame compressed?',
    options: ['yes', 'no'],
    hint: 'RSV1 is the second bit of the first byte: 0x40.',
    why: 'RSV1 on the first frame says so.',
  },
  deflatedByte: {
    question: (kind: 'text' | 'binary', whole: boolean) =>
      `What is the first byte of ${whole ? 'a whole' : 'the first fragment of a'} ${kind} message that is compressed?`,
    hint: 'FIN 80, RSV1 40, opcode: 1 for text, 2 for binary. Add them up.',
    why: 'FIN, RSV1 and the opcode in one byte.',
  },
  tail: {
    question: 'Which four bytes does the receiver put after a compressed payload before it inflates it?',
    hint: 'They are the end of an empty deflate block, and always the same.',
    why: 'The sender cuts them off: 00 00 ff ff (RFC 7692 §7.2).',
  },
  rsv1Count: {
    question: (fragments: number) =>
      `A compressed message is sent in ${fragments} fragments. How many of its frames have RSV1 = 1?`,
    hint: 'The bit speaks for the whole message.',
    why: 'The first one only; RSV1 on a continuation frame is a violation.',
  },
  inflateText: {
    question:
      'permessage-deflate was agreed on, and this is the first message of a server. What does it say?',
    hint: 'Nobody inflates by hand: paste the frame into Decode, in the laboratory.',
    why: 'After the header comes a deflate stream; with 00 00 ff ff put back it inflates.',
  },
  overlooked: {
    question:
      'Somebody takes the mask off this frame, reads the bytes as text, and gets nonsense. Which bit was overlooked?',
    options: ['FIN', 'RSV1', 'RSV3', 'MASK'],
    hint: 'Write the first byte as bits.',
    why: 'RSV1 is 1: after the mask is off, the bytes must be inflated.',
  },
  hexLength: {
    question: (second: string) =>
      `The second byte of a server’s frame is ${second}. How many payload bytes does it announce?`,
    hint: 'It is hexadecimal: the first digit counts 16 times.',
    why: (high: number, low: number) => `${high} × 16 + ${low}.`,
  },
  lostBytes: {
    question: 'A server’s frame was printed, and bytes were lost. How many?',
    hint: 'Compare what the length announces with what is there.',
    why: (announced: number, present: number) => `${announced} announced, ${present} there.`,
  },
  lostByte: {
    question: (position: number) =>
      `One byte was lost before payload byte ${position} of this server’s frame. Which of these makes it a message?`,
    hint: 'Put each one in, and decode the frame in the laboratory.',
    why: (text: string) => `Of these, only this one makes the message inflate to text: “${text}”.`,
  },
  whoCanRead: {
    question:
      'Somebody has captured this one frame of a text message, and nothing else. What else may be needed to read its text?',
    options: [
      'nothing',
      'the server’s certificate',
      'the handshake, and the messages before this one',
      'the handshake’s Sec-WebSocket-Key',
    ],
    hint: 'Where is the masking key? And what does RSV1 say?',
    why: (compressed: boolean): string =>
      compressed
        ? 'RSV1 is 1: the handshake says how the message was compressed, and it may refer to messages before it. The mask hides nothing: its key is in the frame.'
        : 'RSV1 is 0: the message is not compressed. If it is masked, the key is in the frame: masking is not encryption.',
  },
}
