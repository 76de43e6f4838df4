import { describe, expect, test } from 'vitest'
import type { Head } from '../../src/base/events.ts'
import { makeAcceptFor } from '../../src/http/accept.ts'
import { handshakeUrl, judgeHandshake } from '../../src/http/handshake.ts'
import { sentenceOf } from '../../src/language/en/finding-sentences.ts'
import { cryptography } from '../../src/platform/node/cryptography.ts'
import { told } from '../support/drivers/told-finding.ts'

const KEY = 'dGhlIHNhbXBsZSBub25jZQ=='
const ACCEPT = 's3pPLMBiTxaQ9kYGzzhZRbK+xOo='

function head(startLine: string, lines: readonly string[]): Head {
  const headers = lines.map((line): [string, string] => {
    const colon = line.indexOf(':')
    return [line.slice(0, colon), line.slice(colon + 1).trim()]
  })
  return { firstPacket: 1, lastPacket: 1, time: undefined, startLine, headers }
}

const acceptFor = makeAcceptFor(cryptography)
const REQUEST = ['Host: a', `Sec-WebSocket-Key: ${KEY}`, 'Sec-WebSocket-Version: 13']
const RESPONSE = [`Sec-WebSocket-Accept: ${ACCEPT}`]

function judge(request: readonly string[] | null, response: readonly string[] | null, cut = {}) {
  const heads = {
    request: request && head('GET /chat HTTP/1.1', request),
    response: response && head('HTTP/1.1 101 Switching Protocols', response),
    requestCut: false,
    responseCut: false,
    ...cut,
  }
  return judgeHandshake(heads, acceptFor)
}

/** Codes with the side at fault, for what a request and a response have beside what they must have. */
function codes(request: readonly string[], response: readonly string[]): string[] {
  const { findings } = judge([...REQUEST, ...request], [...RESPONSE, ...response])
  return findings.map(({ code, from }) => `${code} ${from}`)
}

describe('the key and the accept', () => {
  test("RFC 6455's own example has the right accept", () => {
    expect(acceptFor(KEY)).toBe(ACCEPT)
    expect(judge(REQUEST, RESPONSE)).toEqual({
      subprotocol: null,
      extensions: [],
      deflate: null,
      acceptCorrect: true,
      findings: [],
    })
  })

  test('header names are found in any case', () => {
    const request = REQUEST.map((line) => line.replace(/^[^:]+/, (name) => name.toUpperCase()))
    expect(judge(request, [`sec-websocket-accept:${ACCEPT}`])).toMatchObject({
      acceptCorrect: true,
      findings: [],
    })
  })

  test('a finding about a wrong accept says which one was due', () => {
    const { acceptCorrect, findings } = judge(REQUEST, ['Sec-WebSocket-Accept: AAAA'])
    expect(acceptCorrect).toBe(false)
    expect(findings.map(told)).toMatchObject([
      {
        code: 'accept-mismatch',
        from: 'server',
        message: `The Sec-WebSocket-Accept "AAAA" does not belong to the key "${KEY}"; "${ACCEPT}" does.`,
      },
    ])
  })

  test('a second accept that is wrong makes the answer wrong', () => {
    expect(judge(REQUEST, [...RESPONSE, 'Sec-WebSocket-Accept: x']).acceptCorrect).toBe(false)
  })

  test('a missing accept is the fault of the server', () => {
    const { acceptCorrect, findings } = judge(REQUEST, [])
    expect(acceptCorrect).toBeUndefined()
    expect(findings.map(({ code, from }) => [code, from])).toEqual([['accept-missing', 'server']])
  })

  const KEYS: ReadonlyArray<[why: string, lines: readonly string[], message: string]> = [
    ['is missing', [], 'The request has no Sec-WebSocket-Key.'],
    ['is 15 bytes', [`Sec-WebSocket-Key: ${btoa('x'.repeat(15))}`], 'is not 16 bytes in base64'],
    ['is 17 bytes', [`Sec-WebSocket-Key: ${btoa('x'.repeat(17))}`], 'is not 16 bytes in base64'],
    ['lacks its padding', [`Sec-WebSocket-Key: ${KEY.slice(0, 22)}`], 'is not 16 bytes in base64'],
    ['has bits behind its end', ['Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZR=='], 'is not 16 bytes in base64'],
    ['is no base64', ['Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25j_Q=='], 'is not 16 bytes in base64'],
    [
      'comes twice',
      [`Sec-WebSocket-Key: ${KEY}`, `Sec-WebSocket-Key: ${KEY}`],
      'has 2 Sec-WebSocket-Key headers',
    ],
  ]
  for (const [why, lines, message] of KEYS) {
    test(`a key that ${why} is the fault of the client`, () => {
      const { findings } = judge(['Sec-WebSocket-Version: 13', ...lines], null)
      expect(findings.map(told)).toMatchObject([
        { code: 'key-invalid', from: 'client', message: expect.stringContaining(message) },
      ])
    })
  }

  test('an accept is compared with the key as it was sent, even if that is not a valid key', () => {
    const request = ['Sec-WebSocket-Version: 13', 'Sec-WebSocket-Key: abc']
    const { acceptCorrect, findings } = judge(request, [`Sec-WebSocket-Accept: ${acceptFor('abc')}`])
    expect(acceptCorrect).toBe(true)
    expect(findings.map(({ code }) => code)).toEqual(['key-invalid'])
  })
})

describe('the version', () => {
  const VERSIONS: ReadonlyArray<readonly string[]> = [
    [],
    ['Sec-WebSocket-Version: 8'],
    ['Sec-WebSocket-Version: 13, 8'],
    ['Sec-WebSocket-Version: 013'],
    ['Sec-WebSocket-Version: 13', 'Sec-WebSocket-Version: 13'],
  ]
  for (const lines of VERSIONS) {
    test(`a version is unsupported if the request says ${JSON.stringify(lines)}`, () => {
      const { findings } = judge([`Sec-WebSocket-Key: ${KEY}`, ...lines], null)
      expect(findings.map(({ code, from }) => [code, from])).toEqual([['version-unsupported', 'client']])
    })
  }
})

describe('the subprotocol', () => {
  const offer = ['Sec-WebSocket-Protocol: chat', 'Sec-WebSocket-Protocol: superchat,v2.stomp']

  test('the subprotocol is what the server chose from all lines of the offer', () => {
    const { subprotocol, findings } = judge(
      [...REQUEST, ...offer],
      [...RESPONSE, 'Sec-WebSocket-Protocol: v2.stomp'],
    )
    expect(subprotocol).toBe('v2.stomp')
    expect(findings).toEqual([])
  })

  test.each([
    ['was not offered', offer, ['Sec-WebSocket-Protocol: mqtt']],
    ['differs in case', offer, ['Sec-WebSocket-Protocol: Chat']],
    ['is answered to no offer', [], ['Sec-WebSocket-Protocol: chat']],
    ['is two', offer, ['Sec-WebSocket-Protocol: chat, superchat']],
    ['is two, on two lines', offer, ['Sec-WebSocket-Protocol: chat', 'Sec-WebSocket-Protocol: superchat']],
  ])('the subprotocol is a fault of the server if it %s', (_, request, response) => {
    expect(codes(request, response)).toEqual(['subprotocol-not-offered server'])
  })
})

describe('extensions', () => {
  const offers = (...values: string[]) => values.map((value) => `Sec-WebSocket-Extensions: ${value}`)

  test('the extensions are those that the server accepted, with their parameters', () => {
    const { extensions, findings } = judge(
      [...REQUEST, ...offers('foo, bar; baz=2', 'permessage-deflate')],
      [...RESPONSE, ...offers('foo', 'bar; baz="2"; q')],
    )
    expect(extensions).toEqual([
      { name: 'foo', params: [] },
      {
        name: 'bar',
        params: [
          ['baz', '2'],
          ['q', null],
        ],
      },
    ])
    expect(findings).toEqual([])
  })

  test('extensions that were not offered are a fault of the server, once each', () => {
    expect(codes(offers('foo'), offers('bar, bar, foo'))).toEqual(['extension-not-offered server'])
    expect(codes([], offers('permessage-deflate'))).toEqual(['extension-not-offered server'])
  })

  test.each([
    ['foo;', '""'],
    ['foo; =1', '"=1"'],
    ['foo; a=', '"a="'],
    ['foo; a="b c"', '"a="b c""'],
    ['foo; a="b', '"a="b"'],
    ['fo o', '"fo o"'],
    ['foo; a b', '"a b"'],
    ['; a', '"; a"'],
  ])('a list of extensions that breaks the grammar is a finding: %s', (value, place) => {
    const { findings } = judge([...REQUEST, `Sec-WebSocket-Extensions: ${value}`], RESPONSE)
    expect(findings.map(told)).toMatchObject([
      {
        code: 'extension-params-invalid',
        from: 'client',
        message: `The client's Sec-WebSocket-Extensions cannot be read at ${place}.`,
      },
    ])
  })

  test.each([
    ['foo, , bar;a', ['foo', 'bar']],
    ['foo;a="x\\y", bar', ['foo', 'bar']],
    [',foo\t;\ta\t=\tb', ['foo']],
    ['foo;a="b\\",c", bar', ['bar']],
  ])('a list of extensions is read to its end, whatever it contains: %s', (value, names) => {
    const { extensions } = judge(null, [...RESPONSE, `Sec-WebSocket-Extensions: ${value}`])
    expect(extensions.map(({ name }) => name)).toEqual(names)
  })

  test('extensions without end are bounded, and so are the findings and their length', () => {
    const long = 'permessage-deflate; x=y,'.repeat(40_000)
    const { extensions, findings } = judge([...REQUEST, ...offers(long)], [...RESPONSE, ...offers(long)])
    expect(extensions.length).toBeLessThan(200)
    expect(findings.length).toBeLessThan(400)
    const wide = judge(
      [...REQUEST, ...offers(`"${'x'.repeat(1_000_000)}`)],
      [`Sec-WebSocket-Accept: ${long}`],
    )
    for (const finding of wide.findings) {
      expect(sentenceOf(finding).length).toBeLessThan(500)
      expect(JSON.stringify(finding.values).length).toBeLessThan(500)
    }
  })
})

describe('permessage-deflate', () => {
  const NONE = { contextTakeover: true, windowBits: 15 }

  function deflate(offer: string | null, answer: string) {
    const request = offer === null ? null : [...REQUEST, `Sec-WebSocket-Extensions: ${offer}`]
    const judged = judge(request, [...RESPONSE, `Sec-WebSocket-Extensions: ${answer}`])
    const faults = judged.findings.map((finding) => {
      expect(finding.code).toBe('extension-params-invalid')
      return `${finding.from}: ${sentenceOf(finding)}`
    })
    return { client: judged.deflate?.client, server: judged.deflate?.server, faults }
  }

  test.each([
    ['permessage-deflate', 'permessage-deflate', NONE, NONE],
    [
      'permessage-deflate; client_max_window_bits',
      'permessage-deflate; client_max_window_bits=10; server_max_window_bits=9',
      { contextTakeover: true, windowBits: 10 },
      { contextTakeover: true, windowBits: 9 },
    ],
    [
      'permessage-deflate; server_no_context_takeover; server_max_window_bits="12"',
      'permessage-deflate; server_no_context_takeover; server_max_window_bits="8"; client_no_context_takeover',
      { contextTakeover: false, windowBits: 15 },
      { contextTakeover: false, windowBits: 8 },
    ],
    [
      'permessage-deflate; server_max_window_bits=10, permessage-deflate; client_max_window_bits=12',
      'permessage-deflate; client_max_window_bits=11',
      { contextTakeover: true, windowBits: 11 },
      NONE,
    ],
    [null, 'permessage-deflate; client_max_window_bits=9', { contextTakeover: true, windowBits: 9 }, NONE],
  ])('the deflate parameters follow from offer %s and answer %s', (offer, answer, client, server) => {
    expect(deflate(offer, answer)).toEqual({ client, server, faults: [] })
  })

  test.each([
    ['x', '', '', 'has the unknown parameter x', {}, {}],
    ['server_max_window_bits', '', '', 'has server_max_window_bits without a value', {}, {}],
    [
      'client_max_window_bits=10',
      'client_max_window_bits',
      '; client_max_window_bits=9',
      'has client_max_window_bits more than once',
      { windowBits: 10 },
      {},
    ],
    [
      'server_max_window_bits=16',
      '',
      '',
      'has server_max_window_bits=16, which is not between 8 and 15',
      {},
      {},
    ],
    [
      'server_max_window_bits=7',
      '',
      '',
      'has server_max_window_bits=7, which is not between 8 and 15',
      {},
      {},
    ],
    [
      'server_max_window_bits=-9',
      '',
      '',
      'has server_max_window_bits=-9, which is not between 8 and 15',
      {},
      {},
    ],
    [
      'server_max_window_bits=09',
      '',
      '',
      'has server_max_window_bits=09, with a leading zero',
      {},
      { windowBits: 9 },
    ],
    [
      'client_max_window_bits',
      'client_max_window_bits',
      '',
      'has client_max_window_bits without a value',
      {},
      {},
    ],
    [
      'client_max_window_bits=10',
      '',
      '',
      'has client_max_window_bits, which the client did not offer',
      {},
      {},
    ],
    [
      'client_max_window_bits=12',
      'client_max_window_bits=10',
      '',
      'has client_max_window_bits=12, more than the 10 offered',
      { windowBits: 12 },
      {},
    ],
    [
      'server_max_window_bits=12',
      'server_max_window_bits=10',
      '',
      'has server_max_window_bits=12, more than the 10 asked for',
      {},
      { windowBits: 12 },
    ],
    [
      'client_no_context_takeover',
      'server_max_window_bits=10',
      '',
      'lacks server_max_window_bits, which the client asked for',
      { contextTakeover: false },
      {},
    ],
    [
      'client_no_context_takeover',
      'server_no_context_takeover',
      '',
      'lacks server_no_context_takeover, which the client asked for',
      { contextTakeover: false },
      {},
    ],
    [
      'server_no_context_takeover=1',
      '',
      '',
      'has server_no_context_takeover=1, which takes no value',
      {},
      { contextTakeover: false },
    ],
  ])(
    'a finding says that the answer %s to the offer "%s"%s %s',
    (answer, offer, more, fault, client, server) => {
      expect(
        deflate(`permessage-deflate; ${offer}`.replace(/; $/, ''), `permessage-deflate; ${answer}${more}`),
      ).toEqual({
        client: { ...NONE, ...client },
        server: { ...NONE, ...server },
        faults: [`server: The server's answer permessage-deflate ${fault}.`],
      })
    },
  )

  test.each([
    ['server_max_window_bits', 'has server_max_window_bits without a value'],
    ['client_max_window_bits=6', 'has client_max_window_bits=6, which is not between 8 and 15'],
    ['client_no_context_takeover=true', 'has client_no_context_takeover=true, which takes no value'],
    ['level=9', 'has the unknown parameter level'],
  ])('a finding says that the offer %s %s', (offer, fault) => {
    const { findings } = judge(
      [...REQUEST, `Sec-WebSocket-Extensions: permessage-deflate; ${offer}`],
      RESPONSE,
    )
    expect(findings.map(told)).toMatchObject([
      {
        code: 'extension-params-invalid',
        from: 'client',
        message: `The client's offer permessage-deflate ${fault}.`,
      },
    ])
  })

  test('permessage-deflate accepted twice is a finding, and the first counts', () => {
    expect(
      deflate('permessage-deflate', 'permessage-deflate; client_no_context_takeover, permessage-deflate'),
    ).toEqual({
      client: { contextTakeover: false, windowBits: 15 },
      server: NONE,
      faults: ["server: The server's answer permessage-deflate comes 2 times."],
    })
  })
})

describe('what was not captured', () => {
  const ANSWER = [
    ...RESPONSE,
    'Sec-WebSocket-Protocol: x',
    'Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits=9',
  ]

  test('a response alone is not judged by its missing request', () => {
    expect(judge(null, ANSWER)).toMatchObject({
      subprotocol: 'x',
      acceptCorrect: undefined,
      deflate: { client: { windowBits: 9 } },
      findings: [],
    })
  })

  test('a request alone is not judged by its missing response', () => {
    expect(judge(REQUEST, null)).toEqual({
      subprotocol: null,
      extensions: [],
      deflate: null,
      acceptCorrect: undefined,
      findings: [],
    })
  })

  test('headers that a gap took from the end of both heads are not missed', () => {
    expect(judge([], [], { requestCut: true, responseCut: true }).findings).toEqual([])
    expect(judge([], ANSWER, { requestCut: true }).findings).toEqual([])
  })
})

describe('a handshake over HTTP/2 (RFC 8441 §5)', () => {
  const heads = (request: readonly string[]) => ({
    request: head('CONNECT /chat HTTP/2', request),
    response: head('HTTP/2 200', ['sec-websocket-extensions: permessage-deflate']),
    requestCut: false,
    responseCut: false,
  })
  const offer = 'sec-websocket-extensions: permessage-deflate'

  test('a handshake over HTTP/2 needs no key and no accept', () => {
    const { findings, acceptCorrect, deflate } = judgeHandshake(
      heads(['sec-websocket-version: 13', offer]),
      acceptFor,
      true,
    )
    expect(findings).toEqual([])
    expect(acceptCorrect).toBeUndefined()
    expect(deflate).not.toBeNull()
  })

  test('a handshake over HTTP/2 is judged by its version and its extensions', () => {
    const { findings } = judgeHandshake(heads(['sec-websocket-version: 8']), acceptFor, true)
    expect(findings.map(({ code }) => code)).toEqual(['version-unsupported', 'extension-not-offered'])
  })
})

describe('the URL', () => {
  const server = { address: '2001:db8::1', port: 8765 }
  const url = (startLine: string, lines: string[], secure = false, endpoint = server) =>
    handshakeUrl({ request: head(startLine, lines) }, endpoint, secure)

  test('the URL is made of the Host header and the target as sent', () => {
    expect(url('GET /a%20b?c#d HTTP/1.1', ['HOST: example.com:8765'])).toBe('ws://example.com:8765/a%20b?c#d')
    expect(url('GET /a HTTP/1.1', ['Host: example.com'], true)).toBe('wss://example.com/a')
  })

  test("the URL is made of the server's address and port if there is no Host", () => {
    expect(url('GET / HTTP/1.0', [])).toBe('ws://[2001:db8::1]:8765/')
    expect(url('GET / HTTP/1.1', ['Host:'], false, { address: '192.0.2.1', port: 80 })).toBe(
      'ws://192.0.2.1:80/',
    )
  })

  test('the URL takes the host of a target that is a whole URL', () => {
    expect(url('GET http://example.com/chat HTTP/1.1', ['Host: proxy'])).toBe('ws://example.com/chat')
  })

  test('the URL is unknown if the request is unknown', () => {
    expect(handshakeUrl({ request: null }, server, false)).toBeNull()
  })
})
