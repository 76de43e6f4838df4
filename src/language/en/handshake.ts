// The words of the handshake, in English.

export const handshake = {
  title: 'Handshake',
  about:
    'A WebSocket begins as an HTTP request. Once the server has agreed, the same connection carries frames.',
  aboutHttp2:
    'Over HTTP/2 there is no upgrade: the client opens a stream with the method CONNECT and names the protocol (RFC 8441). The key and its answer are not needed there.',
  request: 'What the client asks',
  response: 'What the server answers',
  startLine: 'Start line',
  aboutRequestLine:
    'The request is a GET of HTTP/1.1 or higher; its path is what the ws:// or wss:// address names.',
  aboutRequestLineHttp2: 'HTTP/2 has no start line; this one is put together from the pseudo-headers.',
  aboutResponseLine: (status: string): string =>
    status === '101'
      ? '101, Switching Protocols: the server accepts. The bytes behind this head are frames.'
      : status.startsWith('2')
        ? 'Over HTTP/2 a status of 200 to 299 accepts; over HTTP/1.1 only 101 does.'
        : 'Any status but 101 refuses, or asks for something else first; no frames follow it.',
  header: 'Header',
  value: 'Value',
  meaning: 'What it is for',
  noRequest: 'The request was not captured.',
  noResponse: 'The response was not captured.',
  emptyValue: '(empty)',
  unknownHeader: 'None of WebSocket’s headers; it takes no part in the handshake.',
  headersLeftOut: (count: number) => `Headers that this page does not hold: ${count}.`,
  requiredMissing: (names: string) => `Required, and not there: ${names}.`,
  packets: (first: number, last: number) =>
    first === last ? `packet ${first}` : `packets ${first} to ${last}`,
  requestHeaders: {
    ':method': 'CONNECT: the stream becomes a tunnel; :protocol says for what.',
    ':protocol': 'What is to be spoken on the stream: websocket. It takes the place of the Upgrade header.',
    ':scheme': 'https stands for wss://, http for ws://.',
    ':path': 'The path of the address, with its query.',
    ':authority': 'Host and port of the address; HTTP/2 has it in place of the Host header.',
    host: 'Host and port that the client means. One server may have many names at one address.',
    upgrade: 'The protocol that the client wants to go on with: websocket.',
    connection:
      'Has the word Upgrade: Upgrade is meant for the next machine on the way only, and a proxy that knows nothing of it does not pass it on.',
    'sec-websocket-key':
      'Sixteen random bytes in base64. The server must answer to these very bytes; so the client knows that it has read this request, and that the answer comes from no cache. It is no secret and no password.',
    'sec-websocket-version': 'The version of the protocol: 13, that of RFC 6455, and the only one in use.',
    'sec-websocket-protocol':
      'Subprotocols that the client can speak, the one it likes best first: what the messages mean. The server chooses one at most.',
    'sec-websocket-extensions':
      'Extensions that the client offers, the one it likes best first. The server may accept them or not.',
    origin:
      'The page that opened the connection. Browsers always send it, and no script can change it: with it a server keeps foreign pages out.',
    'user-agent': 'The program of the client. Nothing depends on it.',
    cookie:
      'What this server has asked the browser to keep. It goes along with each request, also with those that a foreign page makes: hence Origin.',
    authorization: 'Who the client says it is, and how it proves that. A browser’s scripts cannot set it.',
    'proxy-authorization': 'Meant for a proxy on the way, not for the server.',
    accept: 'HTTP’s: kinds of content that the client takes. The WebSocket does not use it.',
    'accept-encoding':
      'HTTP’s: compressions for bodies. The handshake has no body; messages are compressed by an extension.',
    'accept-language': 'HTTP’s: languages that the reader understands. The WebSocket does not use it.',
    'cache-control': 'HTTP’s: that no cache on the way may answer. Browsers send it with each handshake.',
    pragma: 'HTTP/1.0’s form of Cache-Control; for old caches.',
    'x-forwarded-for': 'Written by a proxy: the client for whom it asks.',
    forwarded: 'Written by a proxy: the client for whom it asks, and how it was asked.',
    'content-length': 'How long a body is. The request of a handshake has none.',
  },
  responseHeaders: {
    ':status': 'A status of 200 to 299 accepts; frames follow as DATA of the stream.',
    upgrade: 'The protocol that the connection goes on with: websocket.',
    connection:
      'Has the word Upgrade, as the request had: the header Upgrade is meant for this connection only.',
    'sec-websocket-accept':
      'Computed from the key of the request, as shown below. The client computes the same; where they differ, it closes.',
    'sec-websocket-protocol':
      'The subprotocol that the server has chosen: one of those that the client offered.',
    'sec-websocket-extensions':
      'Extensions that both sides use from here on, with the parameters that were agreed on.',
    'sec-websocket-version':
      'Versions that the server can speak; it sends them where it refuses the client’s.',
    date: 'When the answer was made.',
    server: 'The program of the server. Nothing depends on it.',
    'set-cookie': 'Asks the browser to keep something, and to send it along with later requests.',
    via: 'Proxies on the way.',
    location: 'Where to ask instead. A browser does not follow it in a handshake.',
    'www-authenticate': 'How the client is to say who it is, before it may come in.',
    'cache-control': 'HTTP’s: what caches may do with the answer.',
    'content-length': 'How long the body is. An answer with status 101 has none.',
    'content-type': 'What kind of body follows. An answer with status 101 has none.',
    'transfer-encoding': 'How a body of unknown length is cut. An answer with status 101 has none.',
  },
  offered: 'Extensions that the client offers',
  accepted: 'Extensions that the server accepts',
  noneAccepted: 'The server accepts no extension: RSV1, RSV2 and RSV3 stay 0 in all frames.',
  noneOffered: 'The client offers no extension.',
  notAnExtension: (text: string) => `No extension by the grammar of RFC 6455 §9.1: ${text}`,
  noParameters: 'Without parameters: both sides keep their window of 32 768 bytes from message to message.',
  unknownExtension: 'An extension that this page does not know.',
  permessageDeflate:
    'Messages are compressed with DEFLATE, each as a whole before it is cut into frames. A compressed one has RSV1 set on its first frame.',
  unknownParameter: 'permessage-deflate has no such parameter.',
  parameters: {
    server_no_context_takeover:
      'The server forgets its window after each message. That costs compression, and saves the client the memory.',
    client_no_context_takeover:
      'The client forgets its window after each message. That costs compression, and saves the server the memory.',
    server_max_window_bits: (value: string | null) =>
      value === null
        ? 'How far back the server may refer; it needs a value.'
        : `The server refers back at most ${windowOf(value)}.`,
    client_max_window_bits: (value: string | null) =>
      value === null
        ? 'The client lets the server say how far back it may refer.'
        : `The client refers back at most ${windowOf(value)}.`,
  },
  computation: 'From the key to the answer',
  aboutComputation:
    'A server that does not know WebSocket cannot answer so by chance. Change the key by one character and see.',
  key: 'The key',
  reset: 'Put the captured key back',
  keyUnknown: 'No key was captured; type one to see what would belong to it.',
  keyIs: (bytes: number) =>
    bytes === 16
      ? 'As base64 it stands for 16 bytes, as it must:'
      : `As base64 it stands for ${bytes === 1 ? '1 byte' : `${bytes} bytes`}; it must be 16:`,
  keyIsNoBase64: 'It is no base64; it must be 16 bytes in base64.',
  stepJoin: 'Put the GUID of RFC 6455 behind it, as text:',
  stepBytes: (count: number) => `As bytes, one for each character: ${count}`,
  stepHash: 'Their SHA-1, always 20 bytes:',
  stepBase64: 'In base64, 28 characters: the Sec-WebSocket-Accept that belongs to the key',
  stepCompare: 'What the server sent',
  matches: 'Equal: the server has read this key.',
  differs: (position: number) =>
    `Different from character ${position} on: this is not the answer to this key, and the client closes.`,
  noAccept: 'The server sent no Sec-WebSocket-Accept; the client closes.',
  nothingToCompare: 'The response was not captured: there is nothing to compare with.',
  edited: 'The key was changed here; it is not the one in the capture.',
}

function windowOf(bits: string): string {
  return /^(8|9|1[0-5])$/.test(bits)
    ? `${2 ** Number(bits)} bytes (2 to the power of ${bits})`
    : `so far as ${bits} says, which is none of 8 to 15`
}
