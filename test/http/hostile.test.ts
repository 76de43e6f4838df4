import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { StreamItem } from '../../src/base/stream.ts'
import type { Arrival } from '../support/builders/every-split.ts'
import { chunkWithin } from '../support/builders/stream-items.ts'
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
import { growthOf, IN_PROPORTION } from '../support/drivers/processor-time.ts'

const PIECES = [
  RFC_REQUEST,
  RFC_RESPONSE,
  CLIENT_FRAME,
  SERVER_FRAME,
  'GET / HTTP/1.1\r\n\r\n',
  'CONNECT a:1 HTTP/1.1\r\n\r\n',
  'POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\n',
  'POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n',
  '5\r\nabcde\r\n',
  '0\r\n\r\n',
  'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n',
  'HTTP/1.1 200 OK\r\n\r\n',
  'HTTP/1.1 401 No\r\nContent-Length: 3\r\n\r\n',
  'HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\n\r\n',
  'PROXY UNKNOWN\r\n',
  'PRI * HTTP/2.0\r\n\r\n',
  'Upgrade: websocket\r\n',
  '\r\n',
  'H',
]

const text = fc.oneof(
  fc.constantFrom(...PIECES),
  fc.constantFrom(...PIECES).chain((piece) => fc.nat(piece.length).map((length) => piece.slice(0, length))),
  fc.uint8Array({ maxLength: 20 }).map((bytes) => String.fromCharCode(...bytes)),
)
const item: fc.Arbitrary<StreamItem> = fc.oneof(
  {
    weight: 8,
    arbitrary: text.filter((each) => each !== '').map((each) => chunkWithin(Buffer.from(each, 'latin1'), 1)),
  },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 300 }).map((length) => gap(0, length).item) },
  { weight: 1, arbitrary: fc.constant(end(0).item) },
)
const pushes = fc.array(fc.tuple(fc.constantFrom<0 | 1>(0, 1), item), { maxLength: 30 })

describe('any bytes at all', () => {
  test('random bytes throw nothing, and everything taken from the budget is given back', () => {
    fc.assert(
      fc.property(pushes, fc.boolean(), fc.constantFrom(500, 5000, 1e6), (steps, sawSyn, waitingTotal) => {
        const over = [false, false]
        const arrivals = steps.flatMap(([direction, each], i): Arrival[] => {
          if (over[direction]) return []
          if (each.kind === 'end') over[direction] = true
          if (each.kind !== 'chunk') return [{ direction, item: { ...each, released: i + 1 } }]
          const bytes = each.bytes.slice(each.start, each.end)
          return [{ direction, item: chunkWithin(bytes, i + 1) }]
        })
        const played = play(arrivals, { sawSyn, limits: { waitingTotal } })
        const { state, upgrade, held } = played.http
        expect(upgrade !== undefined).toBe(state === 'upgraded')
        expect(held.map(({ arrival }) => arrival)).toEqual(
          held.map(({ arrival }) => arrival).sort((a, b) => a - b),
        )
        expect(played.budget.held).toBeGreaterThanOrEqual(0)
        played.http.release()
        expect(played.budget.held).toBe(0)
      }),
      { numRuns: 2000 },
    )
  })

  test('a handshake after any bytes, cut anywhere, is found, and what is held after it ends with the frames', () => {
    fc.assert(
      fc.property(
        fc.string({ maxLength: 40 }),
        fc.array(fc.integer({ min: 1, max: 50 })),
        (body, lengths) => {
          const length = Buffer.from(body, 'latin1').length
          const stream = `POST / HTTP/1.1\r\nContent-Length: ${length}\r\n\r\n${Buffer.from(body, 'latin1').toString('latin1')}${RFC_REQUEST}${CLIENT_FRAME}`
          const steps = []
          let at = 0
          for (const step of [...lengths, stream.length]) {
            if (at < stream.length) steps.push(says(stream.slice(at, at + step)))
            at += step
          }
          const response = `HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n${RFC_RESPONSE}${SERVER_FRAME}`
          const played = play(arrivalsOf(...steps, answers(response)))
          expect(played.http.state).toBe('upgraded')
          expect([heldText(played, 0), heldText(played, 1)]).toEqual([CLIENT_FRAME, SERVER_FRAME])
        },
      ),
      { numRuns: 500 },
    )
  })
})

describe('heads that a trusting parser would not survive', () => {
  const SURVIVED: Record<string, string> = {
    'a negative Content-Length': 'POST / HTTP/1.1\r\nContent-Length: -40\r\n\r\n',
    'a Content-Length that is no number': 'POST / HTTP/1.1\r\nContent-Length: abc\r\n\r\n',
    'two Content-Lengths in one line': 'POST / HTTP/1.1\r\nContent-Length: 1, 2\r\n\r\n',
    'an empty Content-Length': 'POST / HTTP/1.1\r\nContent-Length:\r\n\r\n',
    'a negative chunk size': 'POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\n',
    'no chunk size': 'POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n\r\n',
    'a chunk size without end': `POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n${'0'.repeat(5000)}\r\n`,
    'a chunk that does not end where it should':
      'POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nabc\r\n0\r\n\r\n',
    'a transfer coding that has no end': 'POST / HTTP/1.1\r\nTransfer-Encoding: chunked, gzip\r\n\r\nabc',
    'an unknown method in the first line': 'POST / HTTP/1.1\r\n\r\nBREW /pot HTTP/1.1\r\n\r\n',
  }
  for (const [name, bytes] of Object.entries(SURVIVED)) {
    test(`after ${name}, the handshake at the next segment start is found`, () => {
      const steps = [
        says(RFC_REQUEST),
        answers(`HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n${RFC_RESPONSE}`),
      ]
      const played = play(
        arrivalsOf(
          says('GET / HTTP/1.1\r\n\r\n'),
          answers('HTTP/1.1 204 No Content\r\n\r\n'),
          says(bytes),
          ...steps,
        ),
      )
      expect(outcome(played)).toMatchObject({ state: 'upgraded' })
    })
  }

  test.each([
    ['two Content-Lengths', 'POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n'],
    ['a carriage return within a line', 'POST / HTTP/1.1\r\nX: a\rb\r\n\r\n'],
  ])('%s: a head that cannot be read is not taken for a request, and the 101 alone decides', (_, bytes) => {
    const played = play(
      arrivalsOf(
        says(`GET / HTTP/1.1\r\n\r\n${bytes}`),
        answers('HTTP/1.1 204 No Content\r\n\r\n'),
        says(RFC_REQUEST),
        answers(`HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n${RFC_RESPONSE}`),
        says(CLIENT_FRAME),
        answers(SERVER_FRAME),
      ),
    )
    expect(outcome(played)).toMatchObject({ state: 'upgraded', held: [CLIENT_FRAME, SERVER_FRAME] })
  })

  test('a body longer than any number is skipped', () => {
    const played = play(
      arrivalsOf(says(`POST / HTTP/1.1\r\nContent-Length: ${'9'.repeat(400)}\r\n\r\n`), says(RFC_REQUEST)),
    )
    expect(played.http.state).toBe('http')
    expect(played.budget.held).toBeLessThan(200)
  })

  test('lines of white space, short lines and long lines take time in proportion to their length', async () => {
    const headsOf = (size: number) => [
      `X: y\r\n${' '.repeat(size)}\r\n`,
      `X: y${' '.repeat(size)}\r\n`,
      `X:${' \t'.repeat(size / 2)}\r\n`,
      'X:\n'.repeat(size / 3),
      ' \n'.repeat(size / 2),
      `${'A'.repeat(size)}\r\n`,
      `Sec-WebSocket-Extensions: ${'"\\'.repeat(size / 2)}\r\n`,
      `Upgrade: ${','.repeat(size)}\r\n`,
    ]
    const limits = { headSize: 2 ** 26 }
    for (let kind = 0; kind < headsOf(6).length; kind++) {
      const work = (size: number) => {
        const lines = headsOf(size)[kind]!
        const played = play(arrivalsOf(says(`GET / HTTP/1.1\r\n${lines}\r\n`)), { limits })
        expect(played.http.state).toBe('http')
      }
      expect(await growthOf(work, 120_000)).toBeLessThan(IN_PROPORTION)
    }
  })

  test('a start line without an end, in one-byte segments, takes time in proportion to its length', async () => {
    const segments = arrivalsOf(...Array.from({ length: 1000 }, () => says('a')))
    const work = (length: number) => {
      const played = play(arrivalsOf(says('GET /')))
      for (let sent = 0; sent < length; sent += segments.length) played.push(segments)
      expect(played.http.readingHead).toBe(true)
    }
    expect(await growthOf(work, 40_000)).toBeLessThan(IN_PROPORTION)
  })

  test('bytes beyond ASCII are one character each', () => {
    const played = play(
      arrivalsOf(
        says(RFC_REQUEST.replace('Host: server', 'X-\xff: \x80\xff\0\x1b[31m\r\nHost: \xe4')),
        answers(RFC_RESPONSE),
      ),
    )
    expect(played.http.upgrade?.request?.headers.slice(0, 2)).toEqual([
      ['X-\xff', '\x80\xff\0\x1b[31m'],
      ['Host', '\xe4.example.com'],
    ])
  })
})
