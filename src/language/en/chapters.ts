// What the lesson's chapters say, in English.

export const chapters = {
  polling: {
    title: 'Why not HTTP polling?',
    text: [
      'HTTP answers when it is asked. A page that wants to know whether something is new must ask again and again: that is polling. Every question and every answer carries its full headers, and news waits until the next question.',
      'A WebSocket is one connection that stays open. After one handshake, either side sends whenever it has something to say, with 2 to 14 bytes of header.',
    ],
    table: 'What both cost in one hour',
    requestHead: 'Head of a poll’s request',
    responseHead: 'Head of its response',
    interval: 'A poll every … seconds',
    messages: 'Messages an hour',
    size: 'Bytes in a message',
    clients: 'Clients',
    roundTrip: 'Round trip, in milliseconds',
    polling: 'HTTP polling',
    webSocket: 'WebSocket',
    exchanges: 'Requests and responses, or handshakes',
    headers: 'Header bytes',
    payload: 'Payload bytes',
    wait: 'News waits, on average',
    connections: 'Connections opened (without keep-alive)',
    milliseconds: (value: number) => `${value} ms`,
    ratio: (times: number) => `Polling sends ${times} times the header bytes.`,
  },
  handshake: {
    title: 'The handshake',
    text: [
      'A WebSocket begins as HTTP: a GET request that asks for an upgrade, and the answer 101. From the byte behind the answer’s empty line on, the connection carries frames.',
      'The server proves that it knows the protocol: it puts a fixed GUID behind the client’s key, hashes both with SHA-1 and answers with the result in base64. That is no secret and no password: it only keeps servers from being fooled that know nothing of WebSocket.',
    ],
  },
  'first-frame': {
    title: 'The first frame',
    text: [
      'Two bytes are enough for a header. The first says whether the message ends here (FIN), whether an extension has changed it (RSV1 to RSV3), and what it is (opcode). The second says whether it is masked (MASK), and how long the payload is.',
      'Point at anything below: the same bytes light up everywhere. Then step through it.',
    ],
  },
  lengths: {
    title: 'Lengths',
    text: [
      'Most messages are short, so that the length has seven bits. 126 and 127 are no lengths: they say that the next 2 or 8 bytes are. The shortest form that holds the length must be used.',
      'The longest form could announce 2^63 - 1 bytes, which nobody has ever sent.',
    ],
  },
  masking: {
    title: 'Masking',
    text: [
      'A client must mask its payloads: each byte is XORed with a byte of a key that is drawn anew for each frame. The receiver does the same again, and has the payload.',
      'Why? A page could otherwise choose the bytes that its visitors’ browsers send. Old proxies, which know nothing of WebSocket, took such bytes for an HTTP request, and put what came back into their cache for everybody (RFC 6455 §10.3). With a key that the page cannot foresee, it cannot choose them any more.',
      'It is no encryption: the key stands in the frame, right before the payload. Whoever sees the frame can read it. Secrecy is what wss:// is for, which is TLS.',
    ],
  },
  fragmentation: {
    title: 'Fragmentation',
    text: [
      'A sender may begin a message before it knows where it ends. The first frame has the opcode and FIN = 0, those behind it the opcode 0 (continuation), the last one FIN = 1.',
      'Control frames may stand between the fragments of a message, other messages may not: whoever receives needs to remember one unfinished message only.',
    ],
  },
  control: {
    title: 'Control frames',
    text: [
      'Ping, pong and close have opcodes from 8 on. They are never fragmented, never compressed, and hold 125 bytes at most, so that they can be handled at once.',
      'A ping asks whether the other side is still there; a pong answers with the same payload. The time between them is the round trip.',
    ],
  },
  closing: {
    title: 'Closing',
    text: [
      'Whoever wants to end sends a close frame; the other side answers with one; then the server ends TCP. Both know that nothing was lost.',
      'The body is empty, or has a status code in its first two bytes, highest byte first, and then a reason as text. Some codes exist for programs only and must never be sent: 1005 means that there was none, 1006 that the connection broke.',
    ],
  },
  compression: {
    title: 'Compression',
    text: [
      'With permessage-deflate, agreed on in the handshake, RSV1 on the first frame says that the message is compressed. The sender deflates it, cuts off 00 00 ff ff, and masks what is left; the receiver goes the same way back.',
      'The window is kept from message to message: what was said before can be referred to, so that the second of two similar messages is much shorter. Whoever has not seen the first cannot read the second.',
    ],
  },
  article: {
    title: 'The article’s two frames',
    text: [
      'A tutorial captured a page that says 111 to a Python server, and decodes the frame by hand. It stops half-way. Find what it missed.',
    ],
    missedHeading: 'What the article missed',
    missed: [
      'RSV1 is 1: what is under the mask is compressed. The bytes 32 34 34 04 00 are no text; inflated they are 111.',
      'The mask is no encryption: its key stands in bytes 2 to 5.',
      'The length of the answer is 0x18, which is 24 and not 8.',
      'Of the answer 23 payload bytes were printed: ef was lost between 3d and e9. With it, the answer is text.',
    ],
    client: 'The client’s frame',
    server: 'The server’s answer, as it was printed',
    repair: 'Put a byte back',
    repairHow: 'Choose where and which. Does the message inflate, and is it text?',
    position: 'before payload byte',
    value: 'byte, as hex',
    tryIt: 'Try it',
    tryAll: 'Try every byte in every place',
    says: (text: string) => `The message says: ${text}`,
    saysNothing: 'That is no message:',
    tried: (all: number, texts: number) =>
      `Of ${all} possibilities, ${texts} inflate to text. Deflate has no checksum here: what is right can only be told by its meaning.`,
    found: (position: number, value: string, text: string) =>
      `${value} before payload byte ${position}: ${text}`,
  },
}
