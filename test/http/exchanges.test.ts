import { describe, expect, test } from 'vitest'
import { everySplit, type Turn } from '../support/builders/every-split.ts'
import {
  answers,
  arrivalsOf,
  CLIENT_FRAME,
  end,
  gap,
  heldText,
  outcome,
  play,
  RFC_REQUEST,
  RFC_RESPONSE,
  SERVER_FRAME,
  says,
} from '../support/drivers/http-conversation.ts'

const UPGRADED = {
  state: 'upgraded',
  client: 0,
  request: 'GET /chat HTTP/1.1',
  response: 'HTTP/1.1 101 Switching Protocols',
  held: [CLIENT_FRAME, SERVER_FRAME],
  findings: [],
}
const NOT_FOUND = 'HTTP/1.1 404 Not Found\r\nContent-Length: 9\r\n\r\nNot Found'
const REFUSED = 'HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic\r\nContent-Length: 2\r\n\r\nno'
const HANDSHAKE: readonly Turn[] = [
  says(RFC_REQUEST),
  answers(RFC_RESPONSE + SERVER_FRAME),
  says(CLIENT_FRAME),
]

function addresses(...words: number[]): string {
  return String.fromCharCode(...words)
}
const V2 = '\r\n\r\n\0\r\nQUIT\n'
const V2_TCP4 = `${V2}\x21\x11\0\x13${addresses(192, 0, 2, 1, 198, 51, 100, 7, 0xd4, 0x31, 0, 80)}\x04\0\x04abcd`
const V2_TCP6 = `${V2}\x21\x21\0\x24${addresses(0x20, 1, 0xd, 0xb8, ...new Array(11).fill(0), 1)}${addresses(0x20, 1, 0xd, 0xb8, ...new Array(11).fill(0), 2)}${addresses(0xd4, 0x31, 1, 0xbb)}`

const CONVERSATIONS: Record<string, { turns: readonly Turn[]; want: Record<string, unknown> }> = {
  "the RFC's own handshake": { turns: HANDSHAKE, want: {} },
  'a client that is the second to speak on the wire': {
    turns: HANDSHAKE.map(({ direction, bytes }) => ({ direction: direction === 0 ? 1 : 0, bytes })),
    want: { client: 1, held: [SERVER_FRAME, CLIENT_FRAME] },
  },
  'frames of the client in the segment of its request': {
    turns: [says(RFC_REQUEST + CLIENT_FRAME), answers(RFC_RESPONSE + SERVER_FRAME)],
    want: {},
  },
  'a response that is captured before its request': {
    turns: [answers(RFC_RESPONSE + SERVER_FRAME), says(RFC_REQUEST + CLIENT_FRAME)],
    want: {},
  },
  'requests with bodies, and responses with lengths, chunks and trailers before it': {
    turns: [
      says('POST /a HTTP/1.1\r\nContent-Length: 3\r\n\r\nGET'),
      answers('HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nHTTP/'),
      says(
        'PUT /b HTTP/1.1\r\nTransfer-Encoding: gzip, Chunked\r\n\r\n3;x="\r"\r\nGET\r\n00A\r\n0123456789\r\n0\r\n\r\n',
      ),
      answers(
        'HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\nHTTP/1.1 200\r\nTransfer-Encoding: chunked\r\n\r\n',
      ),
      answers('4 \r\nbody\r\n0\r\nX-Trailer: a\r\nY: b\r\n\r\n'),
      ...HANDSHAKE,
    ],
    want: {},
  },
  'requests sent in a pipeline': {
    turns: [
      says(`HEAD /a HTTP/1.1\r\n\r\nGET /b HTTP/1.1\r\n\r\n\r\n${RFC_REQUEST}${CLIENT_FRAME}`),
      answers(`HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n${NOT_FOUND}`),
      answers(`HTTP/1.1 101 Switching Protocols${RFC_RESPONSE.slice(32)}${SERVER_FRAME}`),
    ],
    want: {},
  },
  'responses without a body: 204 and 304': {
    turns: [
      says('GET / HTTP/1.1\r\n\r\n'),
      answers('HTTP/1.1 204 No Content\r\n\r\n'),
      says('GET / HTTP/1.1\r\n\r\n'),
      answers('HTTP/1.1 304 Not Modified\r\nContent-Length: 100\r\n\r\n'),
      ...HANDSHAKE,
    ],
    want: {},
  },
  'a refused upgrade before the one that is accepted': {
    turns: [says(RFC_REQUEST), answers(REFUSED), ...HANDSHAKE],
    want: {
      findings: [
        [
          'upgrade-refused',
          'server',
          'The server refused the upgrade asked for by "GET /chat HTTP/1.1" with "HTTP/1.1 401 Unauthorized".',
        ],
      ],
    },
  },
  'a request that follows a refused upgrade, captured before the refusal': {
    turns: [
      says(RFC_REQUEST + RFC_REQUEST),
      answers(REFUSED + RFC_RESPONSE + SERVER_FRAME),
      says(CLIENT_FRAME),
    ],
    want: { findings: [['upgrade-refused', 'server', expect.anything()]] },
  },
  'responses captured before their requests, one of them a refusal': {
    turns: [
      answers(NOT_FOUND + REFUSED + RFC_RESPONSE + SERVER_FRAME),
      says(`GET /x HTTP/1.1\r\n\r\n${RFC_REQUEST}`),
    ].concat([says(RFC_REQUEST + CLIENT_FRAME)]),
    want: { findings: [['upgrade-refused', 'server', expect.anything()]] },
  },
  'a tunnel through a proxy': {
    turns: [
      says('CONNECT server.example.com:80 HTTP/1.1\r\nHost: server.example.com:80\r\n\r\n'),
      answers('HTTP/1.1 200 Connection established\r\n\r\n'),
      ...HANDSHAKE,
    ],
    want: {},
  },
  'a tunnel that the proxy wants a password for': {
    turns: [
      says('CONNECT a:80 HTTP/1.1\r\n\r\n'),
      answers('HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 3\r\n\r\nwho'),
      says('CONNECT a:80 HTTP/1.1\r\nProxy-Authorization: x\r\n\r\n'),
      answers('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n'),
      ...HANDSHAKE,
    ],
    want: {},
  },
  'a PROXY protocol line': {
    turns: [says('PROXY TCP4 192.0.2.1 198.51.100.7 54321 80\r\n'), ...HANDSHAKE],
    want: {
      proxyProtocol: {
        client: { address: '192.0.2.1', port: 54321 },
        server: { address: '198.51.100.7', port: 80 },
      },
    },
  },
  'a PROXY protocol line for IPv6': {
    turns: [
      says(`PROXY TCP6 2001:DB8:0:0::1 2001:db8::2 54321 443\r\n${RFC_REQUEST}`),
      ...HANDSHAKE.slice(1),
    ],
    want: {
      proxyProtocol: {
        client: { address: '2001:db8::1', port: 54321 },
        server: { address: '2001:db8::2', port: 443 },
      },
    },
  },
  'a PROXY protocol line of unknown endpoints': {
    turns: [says('PROXY UNKNOWN ffff:f:: whatever\r\n'), ...HANDSHAKE],
    want: { proxyProtocol: undefined },
  },
  'a binary PROXY protocol preface with a field after the addresses': {
    turns: [says(V2_TCP4), ...HANDSHAKE],
    want: {
      proxyProtocol: {
        client: { address: '192.0.2.1', port: 54321 },
        server: { address: '198.51.100.7', port: 80 },
      },
    },
  },
  'a binary PROXY protocol preface for IPv6': {
    turns: [says(V2_TCP6), ...HANDSHAKE],
    want: {
      proxyProtocol: {
        client: { address: '2001:db8::1', port: 54321 },
        server: { address: '2001:db8::2', port: 443 },
      },
    },
  },
  'a binary PROXY protocol preface of a health check': {
    turns: [says(`${V2}\x20\0\0\0`), ...HANDSHAKE],
    want: { proxyProtocol: undefined },
  },
  'a binary PROXY protocol preface of a UNIX socket': {
    turns: [says(`${V2}\x21\x31\0\xd8${'/'.repeat(216)}`), ...HANDSHAKE],
    want: { proxyProtocol: undefined },
  },
  'Upgrade and Connection in other case, in lists, over several lines': {
    turns: [
      says(
        'GET /chat HTTP/1.1\r\nUPGRADE: h2c, WebSocket\r\nconnection: keep-alive\r\nConnection:,Keep-Alive ,\tUPGRADE \r\n\r\n',
      ),
      answers(
        `HTTP/1.1 101 Switching Protocols\r\nupgrade:WEBSOCKET\r\nConnection: upgrade\r\n\r\n${SERVER_FRAME}`,
      ),
      says(CLIENT_FRAME),
    ],
    want: {},
  },
  'bare line feeds, folded lines, empty lines before the request': {
    turns: [
      says(
        '\r\n\nGET /chat HTTP/1.1\nHost: a\nX:\n \t folded \n\tagain\nUpgrade: websocket\nConnection: Upgrade\n\n',
      ),
      answers(`HTTP/1.1 101 Switching Protocols\nUpgrade: websocket\nConnection: Upgrade\n\n${SERVER_FRAME}`),
      says(CLIENT_FRAME),
    ],
    want: {
      headers: [
        [
          ['Host', 'a'],
          ['X', 'folded again'],
          ['Upgrade', 'websocket'],
          ['Connection', 'Upgrade'],
        ],
        expect.anything(),
      ],
    },
  },
  'a request for something else: h2c': {
    turns: [
      says(
        'GET / HTTP/1.1\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n\r\n',
      ),
      answers(
        'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n\0\0\0\x04\0\0\0\0\0',
      ),
      says('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'),
    ],
    want: {
      state: 'not-http',
      otherProtocol: 'h2c',
      client: undefined,
      request: undefined,
      response: undefined,
      held: ['', ''],
    },
  },
  'TLS in a tunnel': {
    turns: [
      says('CONNECT a:443 HTTP/1.1\r\n\r\n'),
      answers('HTTP/1.1 200 OK\r\n\r\n'),
      says('\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03'),
    ],
    want: {
      state: 'not-http',
      otherProtocol: 'TLS',
      client: undefined,
      request: undefined,
      response: undefined,
      held: [expect.stringMatching(/^\x16/), ''],
    },
  },
}

describe('a conversation gives the same upgrade and the same bytes after it, however it is cut', () => {
  for (const [name, { turns, want }] of Object.entries(CONVERSATIONS)) {
    test(`${name}: the upgrade is the same however the bytes are cut`, () => {
      for (const split of everySplit(turns)) {
        const played = play(split.arrivals)
        expect(outcome(played), split.name).toMatchObject({ ...UPGRADED, ...want })
        played.http.release()
        expect(played.budget.held, split.name).toBe(0)
      }
    })
  }
})

describe('what is held after the 101', () => {
  test('bytes after the 101 keep their packet, time and order of arrival, and begin exactly after the head', () => {
    const { http } = play(
      arrivalsOf(says(RFC_REQUEST + CLIENT_FRAME), says(CLIENT_FRAME), answers(RFC_RESPONSE + SERVER_FRAME)),
    )
    expect(
      http.held.map(({ direction, item }) => [
        direction,
        item.kind === 'chunk' && [item.packet, item.segmentStart],
        item.time,
      ]),
    ).toEqual([
      [0, [1, false], { seconds: 1, nanoseconds: 0 }],
      [0, [2, true], { seconds: 2, nanoseconds: 0 }],
      [1, [3, false], { seconds: 3, nanoseconds: 0 }],
    ])
  })

  test('nothing is held if nothing follows the heads', () => {
    const { http } = play(arrivalsOf(says(RFC_REQUEST), answers(RFC_RESPONSE)))
    expect(http.held).toEqual([])
  })

  test('gaps and ends that came before the 101 are held', () => {
    const played = play(
      arrivalsOf(says(RFC_REQUEST), gap(0, 7), says(CLIENT_FRAME), end(0), answers(RFC_RESPONSE), end(1)),
    )
    expect(heldText(played, 0)).toBe(`<7>${CLIENT_FRAME}.`)
  })

  test('each head names the packets that hold its first byte and completed it', () => {
    const { http } = play(
      arrivalsOf(
        says(RFC_REQUEST.slice(0, 9)),
        says(RFC_REQUEST.slice(9)),
        answers(RFC_RESPONSE.slice(0, 99)),
      ).concat(arrivalsOf(says(''), says(''), says(''), answers(RFC_RESPONSE.slice(99))).slice(3)),
    )
    expect(http.upgrade).toMatchObject({
      request: { firstPacket: 1, lastPacket: 2, time: { seconds: 2 } },
      response: { firstPacket: 3, lastPacket: 4, time: { seconds: 4 } },
    })
  })
})

describe('HTTP/2 with prior knowledge', () => {
  const PREFACE = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'
  const SETTINGS = '\0\0\x06\x04\0\0\0\0\0\0\x08\0\0\0\x01'

  test('HTTP/2 is recognised by the preface of its client, and its bytes are kept for the HTTP/2 reader', () => {
    for (const cut of [0, 1, 15, 20]) {
      const played = play(
        arrivalsOf(says(PREFACE.slice(0, cut)), says(PREFACE.slice(cut))).slice(cut === 0 ? 1 : 0),
      )
      expect(outcome(played)).toMatchObject({
        state: 'not-http',
        otherProtocol: 'HTTP/2',
        held: [PREFACE.slice(0, cut < 16 ? 24 : cut), ''],
      })
      expect(played.http.http2Client).toBe(0)
      played.http.release()
      expect(played.budget.held).toBe(0)
    }
  })

  test('HTTP/2 is recognised by the SETTINGS of its server, if they come before the preface', () => {
    for (const cut of [0, 1, 8, 9]) {
      const turns = [answers(SETTINGS.slice(0, cut)), answers(SETTINGS.slice(cut))]
      const played = play(arrivalsOf(...turns.slice(cut === 0 ? 1 : 0)))
      expect(outcome(played)).toMatchObject({ state: 'not-http', otherProtocol: 'HTTP/2' })
      expect(played.http.http2Client).toBe(0)
    }
  })
})

describe('a connection that speaks no HTTP from its first byte', () => {
  const NOISE: Record<string, string> = {
    TLS: '\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03',
    SSH: 'SSH-2.0-OpenSSH_9.2\r\n',
    MQTT: '\x10\x1d\0\x04MQTT',
    Redis: '*1\r\n$4\r\nPING\r\n',
    'a Redis command that looks like a request': 'GET key\r\n',
    'a request of HTTP/0.9': 'GET /\r\n',
    'frames of WebSocket': CLIENT_FRAME,
    'a PROXY line with a wrong address': 'PROXY TCP4 1.2.3 4.5.6.7 1 2\r\n',
    'a PROXY line without an end': `PROXY TCP4 ${'1'.repeat(200)}`,
  }
  for (const [name, bytes] of Object.entries(NOISE)) {
    test(`a connection that starts with other bytes is given up at once: ${name}`, () => {
      const played = play(arrivalsOf(says(bytes)))
      expect(outcome(played)).toMatchObject({
        state: 'not-http',
        otherProtocol: name === 'TLS' ? 'TLS' : undefined,
        held: [bytes, ''],
      })
      played.http.release()
      expect(played.budget.held).toBe(0)
    })
  }

  test('a connection in which the server speaks first is given up', () => {
    expect(play(arrivalsOf(answers('220 mail ESMTP\r\n'))).http.state).toBe('not-http')
  })

  test('everything that was seen is held, in the order of arrival', () => {
    const played = play(arrivalsOf(says('GE'), answers('HTT'), says('TX')))
    expect(played.http.state).toBe('not-http')
    expect(played.http.held.map(({ direction }) => direction)).toEqual([0, 1, 0])
  })
})

describe('a capture that began in the middle of a connection', () => {
  const middle = { sawSyn: false }

  test('a capture that began in the middle stays undecided, and what came is held', () => {
    const played = play(arrivalsOf(says(CLIENT_FRAME), answers(SERVER_FRAME)), middle)
    expect(outcome(played)).toMatchObject({ state: 'undecided', held: [CLIENT_FRAME, SERVER_FRAME] })
    played.http.release()
    expect(played.budget.held).toBe(0)
  })

  test('the reader says whether a head is being read', () => {
    const played = play(arrivalsOf(says('rest of an upload')), middle)
    expect(played.http.readingHead).toBe(false)
    played.push(arrivalsOf(says(RFC_REQUEST.slice(0, 20))))
    expect(played.http.readingHead).toBe(true)
    played.push(arrivalsOf(says(RFC_REQUEST.slice(20))))
    expect(played.http.readingHead).toBe(false)
  })

  test('the request is found at a segment start after the rest of a body', () => {
    const played = play(
      arrivalsOf(answers('the rest of a body'), says('rest of an upload'), ...HANDSHAKE),
      middle,
    )
    expect(outcome(played)).toMatchObject(UPGRADED)
  })

  test('the 101 alone gives an upgrade without a request', () => {
    const played = play(
      arrivalsOf(says('Version: 13\r\n\r\n'), answers(RFC_RESPONSE + SERVER_FRAME), says(CLIENT_FRAME)),
      middle,
    )
    expect(outcome(played)).toMatchObject({ ...UPGRADED, request: undefined })
  })

  test('a request that is captured after its 101 is waited for', () => {
    const played = play(
      arrivalsOf(answers(RFC_RESPONSE + SERVER_FRAME), says(RFC_REQUEST), says(CLIENT_FRAME)),
      middle,
    )
    expect(played.http.upgrade?.request?.startLine).toBe('GET /chat HTTP/1.1')
  })

  test('no more than 128 KiB of a direction are held, and a gap says how much was dropped', () => {
    const part = 'x'.repeat(1000)
    const played = play(arrivalsOf(...Array.from({ length: 200 }, () => says(part))), middle)
    const text = heldText(played, 0)
    const [, dropped] = /^<(\d+)>/.exec(text)!
    expect(Number(dropped) + text.length - `<${dropped}>`.length).toBe(200_000)
    expect(played.budget.held).toBeLessThanOrEqual(128 * 1024 + 1200)
    played.http.release()
    expect(played.budget.held).toBe(0)
  })

  test('segments of one byte are charged for more than one byte', () => {
    const played = play(arrivalsOf(...Array.from({ length: 2000 }, () => says('x'))), middle)
    expect(played.http.held.length).toBeLessThan(820)
  })
})

describe('bytes that were not captured', () => {
  test('a gap within a body of known length loses nothing', () => {
    const played = play(
      arrivalsOf(
        says('GET / HTTP/1.1\r\n\r\n'),
        answers('HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nabc'),
        gap(1, 990),
        answers(`1234567${NOT_FOUND}`),
        says('GET / HTTP/1.1\r\n\r\n'),
        ...HANDSHAKE,
      ),
    )
    expect(outcome(played)).toMatchObject(UPGRADED)
  })

  test('a gap within a chunk loses nothing; after a gap over its end, reading goes on at the next segment start', () => {
    const lost = play(
      arrivalsOf(
        says('GET / HTTP/1.1\r\n\r\n'),
        answers('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n10\r\nab'),
        gap(1, 10),
        answers('yz12\r\n10\r\n'),
        gap(1, 30),
        answers('the rest\r\n0\r\n\r\n'),
        ...HANDSHAKE,
      ),
    )
    expect(outcome(lost)).toMatchObject(UPGRADED)
  })

  test('a gap that swallows the request gives an upgrade without it', () => {
    const played = play(arrivalsOf(gap(0, 200), answers(RFC_RESPONSE + SERVER_FRAME), says(CLIENT_FRAME)))
    expect(outcome(played)).toMatchObject({ ...UPGRADED, request: undefined })
  })

  test('a gap that swallows the response gives an upgrade once the client sends a frame, and no response until the end', () => {
    const played = play(arrivalsOf(says(RFC_REQUEST), gap(1, 150), says(CLIENT_FRAME)))
    expect(played.http.state).toBe('http')
    played.push(arrivalsOf(end(1)))
    expect(outcome(played)).toMatchObject({
      ...UPGRADED,
      response: undefined,
      held: [CLIENT_FRAME, '<150>.'],
    })
  })

  test('a gap before an earlier response leaves the upgrade to the response that was captured', () => {
    const played = play(
      arrivalsOf(
        says(RFC_REQUEST.replace('dGhl', 'AAAA')),
        says(RFC_REQUEST),
        says(CLIENT_FRAME),
        gap(1, 150),
        answers(RFC_RESPONSE + SERVER_FRAME),
      ),
    )
    expect(outcome(played)).toMatchObject(UPGRADED)
  })

  test('a frame recorded a little before the response is kept after a request that is cut', () => {
    const [request, , frame, response] = arrivalsOf(
      says(RFC_REQUEST.slice(0, 60)),
      says('(cut)'),
      says(CLIENT_FRAME),
      answers(RFC_RESPONSE + SERVER_FRAME),
    )
    const [cut] = arrivalsOf(gap(0, RFC_REQUEST.length - 60, 'snapped'))
    expect(outcome(play([request!, cut!, frame!, response!]))).toMatchObject(UPGRADED)
  })

  test('a request that waited after a gap belongs to the response that was read before it', () => {
    const [lost, request, frame, response] = arrivalsOf(
      gap(0, 200),
      says(RFC_REQUEST),
      says(CLIENT_FRAME),
      answers(RFC_RESPONSE + SERVER_FRAME),
    )
    expect(outcome(play([lost!, response!, request!, frame!]))).toMatchObject(UPGRADED)
  })

  test('after lost responses, a response answers the latest request before it', () => {
    const [first, , second, refused, third, accepted] = arrivalsOf(
      says('POST /a HTTP/1.1\r\n\r\n'),
      answers(NOT_FOUND),
      says(RFC_REQUEST),
      answers(REFUSED),
      says(RFC_REQUEST),
      answers(RFC_RESPONSE + SERVER_FRAME),
    )
    const [lost] = arrivalsOf(gap(1, NOT_FOUND.length))
    const played = play([first!, second!, third!, lost!, refused!, accepted!])
    expect(outcome(played)).toMatchObject({
      ...UPGRADED,
      findings: [expect.arrayContaining(['upgrade-refused'])],
      held: ['', SERVER_FRAME],
    })
  })

  test('if the capture starts in the middle, a response read before its request answers no later one', () => {
    const [first, found, second, refused, third, accepted] = arrivalsOf(
      says('GET /a HTTP/1.1\r\n\r\n'),
      answers(NOT_FOUND),
      says(RFC_REQUEST),
      answers(REFUSED),
      says(RFC_REQUEST),
      answers(RFC_RESPONSE + SERVER_FRAME),
    )
    const played = play([found!, first!, second!, refused!, third!, accepted!], { sawSyn: false })
    expect(outcome(played)).toMatchObject({
      ...UPGRADED,
      findings: [expect.arrayContaining(['upgrade-refused'])],
      held: ['', SERVER_FRAME],
    })
  })

  test('a gap that swallows the response gives an upgrade once the server sends a frame', () => {
    const played = play(arrivalsOf(says(RFC_REQUEST), gap(1, 150), answers(SERVER_FRAME)))
    expect(outcome(played)).toMatchObject({
      ...UPGRADED,
      response: undefined,
      held: ['', `<150>${SERVER_FRAME}`],
    })
  })

  test.each(['\x81', '\xc1', '\x01', '\x41', '\x42'])(
    'a lost response with a first client frame that begins with %j gives an upgrade',
    (first) => {
      const frame = first + CLIENT_FRAME.slice(1)
      const played = play(arrivalsOf(says(RFC_REQUEST), gap(1, 150), says(frame), answers(SERVER_FRAME)))
      expect(outcome(played)).toMatchObject({ state: 'upgraded', response: undefined })
    },
  )

  test('a gap that swallows a refusal gives no upgrade', () => {
    const played = play(
      arrivalsOf(
        says(RFC_REQUEST),
        gap(1, 150),
        answers('<html>no</html>'),
        says('GET /other HTTP/1.1\r\n\r\n'),
      ),
    )
    expect(played.http.state).toBe('http')
    played.push(arrivalsOf(answers(NOT_FOUND), ...HANDSHAKE))
    expect(outcome(played)).toMatchObject(UPGRADED)
  })

  test('a head that was cut keeps its whole lines', () => {
    const played = play(
      arrivalsOf(
        says(RFC_REQUEST.slice(0, 120)),
        gap(0, 80, 'snapped'),
        answers(RFC_RESPONSE.slice(0, 70)),
        gap(1, 90, 'snapped'),
        says(CLIENT_FRAME),
        answers(SERVER_FRAME),
      ),
    )
    expect(outcome(played)).toMatchObject({
      ...UPGRADED,
      headers: [
        [
          ['Host', 'server.example.com'],
          ['Upgrade', 'websocket'],
          ['Connection', 'Upgrade'],
        ],
        [['Upgrade', 'websocket']],
      ],
      held: [`<80>${CLIENT_FRAME}`, `<90>${SERVER_FRAME}`],
    })
    expect(played.http.upgrade).toMatchObject({ requestCut: true, responseCut: true })
  })

  test('if both directions are lost, the connection is undecided again', () => {
    const played = play(
      arrivalsOf(says('GET / HTTP/1.1\r\n\r\n'), gap(0, 300), gap(1, 900), says(CLIENT_FRAME)),
    )
    expect(outcome(played)).toMatchObject({ state: 'undecided', held: [`<300>${CLIENT_FRAME}`, '<900>'] })
  })
})

describe('one direction that is missing altogether', () => {
  test('a client alone gives an upgrade if it ends after it sent frames', () => {
    const arrivals = arrivalsOf(says(RFC_REQUEST), says(CLIENT_FRAME))
    expect(play(arrivals).http.state).toBe('http')
    const played = play([
      ...arrivalsOf(says(RFC_REQUEST), says(CLIENT_FRAME), end(0, 'capture'), end(1, 'capture')),
    ])
    expect(outcome(played)).toMatchObject({
      ...UPGRADED,
      response: undefined,
      held: [`${CLIENT_FRAME}.`, '.'],
    })
  })

  test('a client alone gives an upgrade once it sent more than 64 KiB after its request', () => {
    const played = play(
      arrivalsOf(
        says(RFC_REQUEST),
        ...Array.from({ length: 80 }, () => says(`\x82\xfe\x03\xe8${'x'.repeat(1004)}`)),
      ),
    )
    expect(played.http.state).toBe('upgraded')
  })

  test('a client alone that never sent a frame gives no upgrade', () => {
    const played = play(arrivalsOf(says(RFC_REQUEST), end(0), end(1)))
    expect(played.http.state).toBe('http')
    played.http.release()
    expect(played.budget.held).toBe(0)
  })

  test('a server alone gives an upgrade at the end, or after 64 KiB', () => {
    const atEnd = play(arrivalsOf(answers(RFC_RESPONSE + SERVER_FRAME), end(0, 'capture'), end(1, 'capture')))
    expect(outcome(atEnd)).toMatchObject({ ...UPGRADED, request: undefined, held: ['.', `${SERVER_FRAME}.`] })
    const long = play(
      arrivalsOf(
        answers(RFC_RESPONSE),
        ...Array.from({ length: 80 }, () => answers(`\x82\x7e\x03\xe8${'x'.repeat(1000)}`)),
      ),
    )
    expect(long.http.state).toBe('upgraded')
  })

  test('a server alone answers earlier requests too', () => {
    const played = play(
      arrivalsOf(
        answers(NOT_FOUND),
        answers(`${NOT_FOUND}${RFC_RESPONSE}`),
        end(0, 'capture'),
        end(1, 'capture'),
      ),
    )
    expect(played.http.upgrade).toMatchObject({ request: null, response: { startLine: UPGRADED.response } })
  })
})

describe('limits of the exchanges', () => {
  test('a head longer than the limit is reported, and ends the search', () => {
    for (const size of [10, 1000, 100_000]) {
      const line = `X: ${'y'.repeat(size)}\r\n`
      const steps = Array.from({ length: Math.ceil(200_000 / size) }, () => says(line))
      const played = play(arrivalsOf(says('GET / HTTP/1.1\r\n'), ...steps), { limits: { headSize: 150_000 } })
      expect(played.http.state).toBe('not-http')
      expect(played.findings.map(({ code }) => code)).toEqual(['limit-reached'])
      played.http.release()
      expect(played.budget.held).toBe(0)
    }
  })

  test('a head just within the limit is read', () => {
    const long = `${RFC_REQUEST.slice(0, -2)}X: ${'y'.repeat(900_000)}\r\n\r\n`
    const played = play(arrivalsOf(says(long), ...HANDSHAKE.slice(1)))
    expect(played.http.upgrade?.request?.headers.at(-1)?.[1].length).toBe(900_000)
  })

  test('a budget without room ends the search with a finding', () => {
    const played = play(arrivalsOf(says('GET / HTTP/1.1\r\nX: '), says('y'.repeat(5000))), {
      limits: { waitingTotal: 3000 },
    })
    expect(played.findings.map(({ code }) => code)).toEqual(['limit-reached'])
    played.http.release()
    expect(played.budget.held).toBe(0)
  })

  test('a client that sends requests without end is bounded', () => {
    const played = play(arrivalsOf(...Array.from({ length: 3000 }, () => says('GET / HTTP/1.1\r\n\r\n'))))
    expect(played.budget.held).toBeGreaterThan(0)
    expect(played.budget.held).toBeLessThan(32 * 1024)
    played.push(arrivalsOf(...HANDSHAKE.slice(0, 2)))
    expect(played.http.state).toBe('upgraded')
  })
})
