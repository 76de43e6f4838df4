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
      `A page polls every ${secondsOf(seconds)}, and something happens at any moment. How many milliseconds does it wait for the next poll, on average?`,
    hint: 'It may wait for the whole interval, or not at all.',
    why: 'Half of the interval.',
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
    hint: 'Two bytes always; four for the key of a client; two more where the length does not fit into seven bits.',
    why: (masked: boolean, extended: boolean) =>
      `2${extended ? ' + 2 for the length' : ''}${masked ? ' + 4 for the masking key' : ''}.`,
  },
  statusLine: {
    question: 'Which answer opens the connection?',
    hint: 'The status says that the protocol is switched.',
    why: '101 Switching Protocols. Any other status leaves the connection with HTTP.',
  },
  acceptOf: {
    question: (key: string) =>
      `A client sends the key ${key}. Which Sec-WebSocket-Accept must the server answer with?`,
    hint: 'Nobody does that by hand: put the key into the bench above.',
    why: 'The key, the GUID behind it, SHA-1, base64.',
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
      'it is no GET request',
    ],
    hint: 'Compare it with the request above, line by line.',
    why: 'RFC 6455 §4.1 lists what the request must have.',
  },
  opcodeOf: {
    question: 'What is the opcode of this frame, as a number?',
    hint: 'It is the second hex digit of the first byte.',
    why: (first: string) => `The first byte is ${first}; its lower four bits are the opcode.`,
  },
  senderOf: {
    question: 'Who sent this frame, if both sides obey the rules?',
    options: ['the client', 'the server'],
    hint: 'Look at the highest bit of the second byte.',
    why: 'A client masks every frame, a server none: MASK tells who it was.',
  },
  payloadLengthOf: {
    question: 'How many bytes of payload does this frame have?',
    hint: 'The lower seven bits of the second byte; take 128 off where MASK is set.',
    why: (second: string) => `The second byte is ${second}; without its highest bit it is the length.`,
  },
  textOf: {
    question: 'A server sent this frame. What does it say? ASCII: 41 is A, 61 is a.',
    hint: 'The payload starts at the third byte. Each byte is one letter here.',
    why: 'Server’s frames are not masked: the bytes are the text.',
  },
  payloadStart: {
    question: 'At which byte does the payload of this frame start, counted from 0?',
    hint: 'Two bytes, then the key where MASK is set.',
    why: 'The header has two bytes, and four more where the frame is masked.',
  },
  lengthForm: {
    question: (size: number) =>
      `The payload has ${bytes(size)}. What number stands in the seven bits behind MASK?`,
    hint: 'Up to 125 the length itself; 126 and 127 say how many bytes follow.',
    why: 'Up to 125 it is the length; 126 for up to 65 535; 127 above.',
  },
  lengthRead: {
    question: 'How long is the payload that this header announces?',
    hint: 'The second byte says that two bytes follow. The first of them counts 256 times.',
    why: (high: number, low: number) => `${high} × 256 + ${low}.`,
  },
  lengthWrite: {
    question: (size: number) =>
      `The payload has ${bytes(size)}. Write the bytes of the extended payload length.`,
    hint: 'Two bytes, the highest first: how often does 256 go into it, and what is left?',
    why: 'The length as a 16-bit number, its highest byte first.',
  },
  frameSize: {
    question: (size: number, masked: boolean) =>
      `How many bytes has the whole ${masked ? 'masked' : 'unmasked'} frame around a payload of ${bytes(size)}?`,
    hint: 'Two bytes, none or two or eight for the length, none or four for the key, and the payload.',
    why: (header: number, size: number) => `${header} + ${size}.`,
  },
  keyIndex: {
    question: (index: number) => `Which byte of the masking key, 0 to 3, belongs to payload byte ${index}?`,
    hint: 'The key starts anew every four bytes.',
    why: (index: number) => `${index} mod 4.`,
  },
  unmaskByte: {
    question: (index: number) => `Unmask payload byte ${index} of this frame. Which byte is it?`,
    hint: 'Write both bytes as bits, one below the other: where they differ, 1.',
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
