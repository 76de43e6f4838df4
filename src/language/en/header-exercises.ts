// The exercises of the chapters up to masking, in English.
import { bytes } from './count.ts'

export const headerExercises = {
  requestsPerHour: {
    question: (clients: number, seconds: number) =>
      `${clients} pages poll a server every ${secondsOf(seconds)}. How many requests does it answer in an hour?`,
    hint: 'An hour has 3600 seconds; each page asks once in every interval.',
    why: (clients: number, seconds: number) => `${clients} × 3600 / ${seconds}.`,
  },
  meanWait: {
    question: (seconds: number) =>
      `A page polls every ${secondsOf(seconds)}, and something happens at any moment. How many milliseconds does the server keep the news until the next poll comes, on average?`,
    hint: 'It may be the whole interval, or no time at all.',
    why: 'Half of the interval.',
  },
  newsArrives: {
    question: (seconds: number, roundTrip: number) =>
      `A page polls every ${secondsOf(seconds)}; a round trip takes ${roundTrip} milliseconds. How many milliseconds after something happened does the page know of it, on average?`,
    hint: 'First the news waits for a poll, then it goes one way.',
    why: (seconds: number, roundTrip: number) => `${seconds} × 1000 / 2 + ${roundTrip} / 2.`,
  },
  pollHeaders: {
    question: (request: number, response: number, polls: number) =>
      `The head of a request has ${request} bytes, that of its response ${response}. How many bytes of headers do ${polls} polls cost?`,
    hint: 'Every poll has both heads, whether there is news or not.',
    why: (request: number, response: number, polls: number) => `(${request} + ${response}) × ${polls}.`,
  },
  frameHeader: {
    question: (size: number, masked: boolean) =>
      `A message of ${bytes(size)} goes from the ${masked ? 'client to the server' : 'server to the client'} in one frame. How many bytes of header does it cost?`,
    hint: 'Two bytes always; four for the key of a client; two more if the length is more than 125.',
    why: (masked: boolean, extended: boolean) =>
      `2${extended ? ' + 2 for the length' : ''}${masked ? ' + 4 for the masking key' : ''}.`,
  },
  statusLine: {
    question: 'Which answer opens the connection?',
    hint: 'The status says that the protocol is switched.',
    why: '101 Switching Protocols. With any other status it stays a connection of HTTP.',
  },
  acceptOf: {
    question: (key: string) =>
      `A client sends the key ${key}. Which Sec-WebSocket-Accept must the server answer with?`,
    hint: 'Nobody does that by hand: put the key into the bench above.',
    why: 'The key, the GUID after it, SHA-1, base64.',
  },
  isCompressed: {
    question: (request: string, response: string | undefined) =>
      response === undefined
        ? `The client offers “${request}”; the response has no Sec-WebSocket-Extensions. Will messages be compressed?`
        : `The client offers “${request}”; the response accepts “${response}”. May messages be compressed?`,
    options: ['yes', 'no'],
    hint: 'Only what the response names was agreed on.',
    why: 'The client offers, the server chooses.',
  },
  brokenHandshake: {
    question: 'What is wrong with this request?',
    options: [
      'Connection does not say Upgrade',
      'the version is not 13',
      'the key is not 16 bytes in base64',
      'it is not a GET request',
    ],
    hint: 'Compare it with the request above, line by line.',
    why: 'RFC 6455 §4.1 lists what the request must have.',
  },
  hexNumber: {
    question: (hex: string) => `Which number is the byte ${hex}?`,
    hint: 'The first digit counts 16 times; a is 10, f is 15.',
    why: (high: number, low: number) => `${high} × 16 + ${low}.`,
  },
  numberHex: {
    question: (value: number) => `Write the number ${value} as a byte in hex.`,
    hint: 'How often does 16 go into it? What is left?',
    why: (value: number, high: number, low: number) => `${value} = ${high} × 16 + ${low}.`,
  },
  bitsHex: {
    question: (bits: string) => `A byte has the bits ${bits}. Write it in hex.`,
    hint: 'Each four bits are one digit: look them up in the table above.',
    why: (high: string, low: string) => `The first four bits are the digit ${high}, the others ${low}.`,
  },
  lowerBits: {
    question: (hex: string, count: number) =>
      `Which number do the lower ${count} bits of the byte ${hex} make?`,
    hint: 'Lower four: the second digit. Lower seven: take 128 off if the highest bit is 1.',
    why: (bits: string, lower: string) => `The byte is ${bits}; what counts is ${lower}.`,
  },
  asciiText: {
    question: (hex: string) => `Which word do the bytes ${hex} spell?`,
    hint: 'Look up each byte in the table of ASCII: the row of its first digit, the column of its second.',
    why: 'Each byte is one letter.',
  },
  kindOfFrame: {
    question: (first: string) => `A frame starts with the byte ${first}. What is it?`,
    hint: 'The opcode is the lower four bits of the byte, which are its second digit.',
    why: (opcode: number, name: string) => `The opcode is ${opcode}: ${name}.`,
  },
  endsMessage: {
    question: 'Does a message end with this frame?',
    options: ['yes', 'no'],
    hint: 'Look at FIN, the highest bit of the first byte: is its first digit 8 or more?',
    why: (first: string, fin: number) => `The first byte is ${first}: FIN is ${fin}.`,
  },
  opcodeOf: {
    question: 'What is the opcode of this frame, as a number?',
    hint: 'It is the second hex digit of the first byte.',
    why: (first: string) => `The first byte is ${first}; its lower four bits are the opcode.`,
  },
  senderOf: {
    question: 'Who sent this frame, if both sides obey the rules?',
    options: ['the client', 'the server'],
    hint: 'Look at MASK, the highest bit of the second byte: is its first digit 8 or more?',
    why: 'A client masks every frame, a server none: MASK tells who it was.',
  },
  payloadLengthOf: {
    question: 'A server sent this frame. How many bytes of payload does it have?',
    hint: 'The second byte, as a number.',
    why: (second: string) => `The second byte is ${second}; MASK is 0, so all of it is the length.`,
  },
  maskedLengthOf: {
    question: 'A client sent this frame. How many bytes of payload does it have?',
    hint: 'The lower seven bits of the second byte: MASK is set, so take 128 off.',
    why: (second: string) => `The second byte is ${second}; without its highest bit it is the length.`,
  },
  textOf: {
    question: 'A server sent this frame. What does it say?',
    hint: 'The payload starts at the third byte. Each byte is one letter of ASCII here.',
    why: 'The frames of a server are not masked: the bytes are the text.',
  },
  payloadStart: {
    question: 'At which byte does the payload of this frame start, counted from 0?',
    hint: 'Two bytes, and then the four of the key if MASK is set.',
    why: 'The header has two bytes, and four more if the frame is masked.',
  },
  lengthForm: {
    question: (size: number) =>
      `The payload has ${bytes(size)}. Which number is in the seven bits after MASK?`,
    hint: 'Up to 125 the length itself; 126 and 127 say how many bytes follow.',
    why: 'Up to 125 it is the length; 126 for up to 65535; 127 above.',
  },
  lengthRead: {
    question: 'How long is the payload that this header of a server’s frame announces?',
    hint: 'The second byte says that two bytes follow. The first of them counts 256 times.',
    why: (high: number, low: number) => `${high} × 256 + ${low}.`,
  },
  lengthWrite: {
    question: (size: number) =>
      `The payload has ${bytes(size)}, so the length is in two bytes of its own. Which ones? Write them in hex.`,
    hint: 'Two bytes, the highest first: how often does 256 go into it, and what is left?',
    why: 'The length as a 16-bit number, its highest byte first.',
  },
  frameSize: {
    question: (size: number) =>
      `A server sends ${bytes(size)} of payload in one frame. How many bytes does the whole frame have?`,
    hint: 'Two bytes; none, two or eight more for the length; and the payload.',
    why: (header: number, size: number) => `${header} + ${size}.`,
  },
  keyIndex: {
    question: (index: number) => `Which byte of the masking key, 0 to 3, belongs to payload byte ${index}?`,
    hint: 'The key starts anew every four bytes.',
    why: (index: number) => `${index} mod 4.`,
  },
  unmaskByte: {
    question: (index: number) =>
      `Unmask payload byte ${index} of this frame, counted from 0. Which byte is it?`,
    hint: 'Write it and its byte of the key as bits, one below the other: 1 where they differ.',
    why: (masked: string, key: string) => `${masked} ⊕ ${key}.`,
  },
  unmaskText: {
    question: 'Unmask this frame. What does it say?',
    hint: 'The key is bytes 2 to 5. The masking bench does XOR both ways.',
    why: 'XOR with the key undoes the XOR with the key.',
  },
  findKey: {
    question: (text: string) =>
      `Somebody hides the key, and shows these masked bytes only. You guess that the message starts with “${text}”. What is the key?`,
    hint: 'If text ⊕ key = masked, then text ⊕ masked = …',
    why: 'Four known bytes give the key away. Real encryption does not break like that.',
  },
}

function secondsOf(count: number): string {
  return count === 1 ? 'second' : `${count} seconds`
}
