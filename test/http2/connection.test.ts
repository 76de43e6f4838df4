// The HTTP/2 reader against what Node's HTTP/2 writes: any cut, any interleaving, holes, and bytes that are none.
import * as fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { concat } from '../../src/base/bytes.ts'
import { Budget, limitsWith } from '../../src/base/limits.ts'
import type { Direction, StreamItem } from '../../src/base/stream.ts'
import { Http2Connection } from '../../src/http2/connection.ts'
import type { Http2Event } from '../../src/http2/streams.ts'
import { type SpokenStream, type Transcript, transcribe } from '../support/builders/http2-transcript.ts'
import { bytesOf, chunkOf, endOf, gapOf } from '../support/builders/stream-items.ts'

interface Arrival {
  readonly direction: Direction
  readonly item: StreamItem
}

/** What became of one stream. */
interface Heard {
  open: Extract<Http2Event, { kind: 'open' }> | undefined
  readonly bytes: [Uint8Array[], Uint8Array[]]
  readonly gaps: [number, number]
  readonly ends: [string | undefined, string | undefined]
}

const neverWebSocket = () => ({ push: () => ({ is: 'other' }) as const, release: () => {} })

class Play {
  readonly heard = new Map<number, Heard>()
  readonly events: Http2Event[] = []
  readonly budget = new Budget(1 << 24)
  readonly connection: Http2Connection

  constructor(client: Direction | undefined = 0, recognize = neverWebSocket) {
    this.connection = new Http2Connection({ client, limits: limitsWith(), budget: this.budget, recognize })
  }

  push(arrivals: Iterable<Arrival>): this {
    for (const { direction, item } of arrivals) {
      this.connection.push(direction, item)
      for (let event = this.connection.next(); event !== undefined; event = this.connection.next())
        this.take(event)
    }
    return this
  }

  private take(event: Http2Event): void {
    this.events.push(event)
    const heard = this.heard.get(event.stream) ?? {
      open: undefined,
      bytes: [[], []],
      gaps: [0, 0],
      ends: [undefined, undefined],
    }
    this.heard.set(event.stream, heard)
    if (event.kind === 'open') heard.open = event
    if (event.kind !== 'item') return
    const { direction, item } = event
    if (item.kind === 'chunk') heard.bytes[direction].push(item.bytes.slice(item.start, item.end))
    else if (item.kind === 'gap') heard.gaps[direction] += item.length
    else heard.ends[direction] = item.reason
  }
}

/** Bytes of which any four in a row tell where they are. */
function numbered(length: number, seed: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => (i % 4 === 3 ? seed : (i >> 2) >> (8 * (i % 4))))
}

const SPOKEN: readonly SpokenStream[] = [
  { path: '/one', client: [numbered(40, 1), numbered(3, 2), numbered(20_000, 3)], server: [numbered(70, 4)] },
  { path: '/two', client: [numbered(1, 5)], server: [numbered(35_000, 6), numbered(9, 7)] },
  {
    path: '/three',
    client: [numbered(300, 8)],
    server: [],
    headers: { 'x-long': 'x'.repeat(40_000), 'x-any': '~ "\\^`|{}é' },
  },
]

describe.each([
  ['plain', {}],
  ['padded', { isPadded: true }],
  ['with a small header table', { headerTableSize: 60 }],
  ['with a large header table', { headerTableSize: 65_536 }],
] as const)("what Node's HTTP/2 writes, %s", (_, options) => {
  let transcript: Transcript
  beforeAll(async () => {
    transcript = await transcribe(SPOKEN, options)
  })

  it('each WebSocket gets its bytes, however the connection is cut and mixed', () => {
    fc.assert(
      fc.property(fc.infiniteStream(fc.nat({ max: 999 })), (chances) => {
        const play = new Play().push(mixed(transcript, chances))
        expectAll(play, transcript)
        play.connection.release()
        expect(play.budget.held).toBe(0)
      }),
      { numRuns: 40 },
    )
  })

  it('each WebSocket gets its bytes if the connection arrives byte by byte', () => {
    const arrivals = transcript.writes.flatMap(({ direction, bytes }) =>
      [...bytes].map((_, i): Arrival => ({ direction, item: chunkOf(bytes.subarray(i, i + 1), 1) })),
    )
    expectAll(new Play().push([...arrivals, ...ends()]), transcript)
  })

  it('each stream says what each side sent, as it was sent', () => {
    const play = new Play().push(mixed(transcript, [500][Symbol.iterator]()))
    const { request, response } = play.heard.get(transcript.streams.get('/three')!)!.open!
    expect(request!.startLine).toBe('CONNECT /three HTTP/2')
    expect(response!.startLine).toBe('HTTP/2 200')
    const understood = transcript.requests.get('/three')!
    for (const [name, value] of request!.headers) expect(value).toBe(understood[name])
    expect(request!.headers.map(([name]) => name)).toContain('x-long')
    expect(response!.headers).toContainEqual(['sec-websocket-protocol', 'chat'])
  })

  it('any hole gives nothing that was not sent, and reading goes on', () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 1, max: 30_000 }), fc.boolean(), (place, length, isClient) => {
        const direction = isClient ? 0 : 1
        const play = new Play().push(withHole(transcript, direction, place, length))
        for (const spoken of SPOKEN) {
          const heard = play.heard.get(transcript.streams.get(spoken.path)!)
          if (heard === undefined) continue
          for (const side of [0, 1] as const) {
            const sent = concat(side === 0 ? spoken.client : spoken.server)
            const got = heard.bytes[side]
            if (side !== direction && got.length > 0) expect(isSame(concat(got), sent)).toBe(true)
            expect(isSubsequence(got, sent)).toBe(true)
          }
        }
        play.connection.release()
        expect(play.budget.held).toBe(0)
      }),
      { numRuns: 60 },
    )
  })
})

describe('a hole in HTTP/2', () => {
  it('a hole within a DATA frame has its length, and what follows it is read', () => {
    const frame = data(1, numbered(100, 1))
    const play = new Play().push([
      ...opening(),
      { direction: 0, item: chunkOf(frame.subarray(0, 30), 5) },
      { direction: 0, item: gapOf(40, 6) },
      { direction: 0, item: chunkOf(frame.subarray(70), 6) },
      { direction: 0, item: chunkOf(data(1, numbered(8, 2)), 7) },
    ])
    const { bytes, gaps } = play.heard.get(1)!
    expect(gaps).toEqual([40, 0])
    expect(concat(bytes[0])).toEqual(
      concat([numbered(100, 1).subarray(0, 21), numbered(100, 1).subarray(61), numbered(8, 2)]),
    )
  })

  it('a hole over the end of a frame is a hole of guessed length in every WebSocket, and the next frame is found', () => {
    const play = new Play().push([
      ...opening(),
      { direction: 0, item: chunkOf(data(1, numbered(100, 1)).subarray(0, 30), 5) },
      { direction: 0, item: gapOf(500, 6) },
      { direction: 0, item: chunkOf(numbered(77, 9), 6) },
      { direction: 0, item: chunkOf(data(1, numbered(8, 2)), 7) },
    ])
    const items = play.events.flatMap((event) =>
      event.kind === 'item' && event.item.kind !== 'end' ? [event.item] : [],
    )
    expect(
      items.map((item) => (item.kind === 'gap' ? [item.length, item.isEstimate] : item.end - item.start)),
    ).toEqual([21, [79, undefined], [421, true], 8])
  })

  it('a hole in a header block loses fields, and the later fields that refer to them', () => {
    const first = headers(1, `${REQUEST}400378 2d61 0162`)
    const play = new Play().push([
      ...preface(),
      { direction: 0, item: chunkOf(first.subarray(0, first.length - 3), 3) },
      { direction: 0, item: gapOf(3, 4) },
      { direction: 0, item: chunkOf(headers(3, `${REQUEST}bf`), 5) },
      { direction: 1, item: chunkOf(headers(1, '88'), 6) },
      { direction: 1, item: chunkOf(headers(3, '88'), 7) },
    ])
    expect(play.heard.get(1)!.open).toMatchObject({ requestMissing: 'lost', responseMissing: undefined })
    expect(play.heard.get(3)!.open).toMatchObject({ requestMissing: 'lost' })
  })

  it('a hole that swallows the answer still gives a WebSocket as soon as the client goes on', () => {
    const play = new Play().push([
      ...preface(),
      { direction: 0, item: chunkOf(headers(1, REQUEST), 3) },
      { direction: 1, item: gapOf(40, 4) },
      { direction: 0, item: chunkOf(data(1, numbered(8, 1)), 5) },
    ])
    expect(play.heard.get(1)).toMatchObject({ open: { response: null }, bytes: [[numbered(8, 1)], []] })
  })
})

describe('a stream of HTTP/2', () => {
  it('a reset stream ends the other direction once that was read as far', () => {
    const play = new Play().push([
      ...opening(),
      { direction: 1, item: chunkOf(frame(3, 0, 1, bytesOf('00000008')), 9) },
      { direction: 0, item: chunkOf(data(1, numbered(8, 1)), 8) },
      { direction: 0, item: chunkOf(data(1, numbered(8, 2)), 10) },
    ])
    expect(play.heard.get(1)).toMatchObject({ bytes: [[numbered(8, 1)], []], ends: ['reset', 'reset'] })
  })

  it('a stream that the server resets instead of answering is refused', () => {
    const play = new Play().push([
      ...preface(),
      { direction: 0, item: chunkOf(headers(1, REQUEST), 3) },
      { direction: 1, item: chunkOf(frame(3, 0, 1, bytesOf('00000007')), 4) },
    ])
    expect(play.events).toMatchObject([{ kind: 'refused', stream: 1, response: null, errorCode: 7 }])
    expect(play.connection.allowsConnect).toBe(true)
  })

  it('a stream is opened by the final answer, not by an interim one', () => {
    const play = new Play().push([
      ...preface(),
      { direction: 0, item: chunkOf(headers(1, REQUEST), 3) },
      { direction: 1, item: chunkOf(headers(1, '4803313033'), 4) },
    ])
    expect(play.events).toEqual([])
    play.push([{ direction: 1, item: chunkOf(headers(1, '88'), 5) }])
    expect(play.events).toMatchObject([{ kind: 'open', response: { startLine: 'HTTP/2 200' } }])
  })

  it('a stream whose answer comes before its request in the capture is opened all the same', () => {
    const play = new Play().push([
      ...preface(),
      { direction: 1, item: chunkOf(concat([headers(1, '88'), data(1, numbered(8, 2))]), 3) },
      { direction: 0, item: chunkOf(headers(1, REQUEST), 4) },
    ])
    expect(play.heard.get(1)).toMatchObject({ open: { clientDirection: 0 }, bytes: [[], [numbered(8, 2)]] })
  })

  it('a stream beyond the limit is skipped, and a finding says so', () => {
    const budget = new Budget(1 << 24)
    const connection = new Http2Connection({
      client: 0,
      limits: limitsWith({ http2Streams: 2 }),
      budget,
      recognize: neverWebSocket,
    })
    const kinds: string[] = []
    const requests = [1, 3, 5].map((stream) => headers(stream, REQUEST))
    for (const { direction, item } of [
      ...preface(),
      { direction: 0 as const, item: chunkOf(concat(requests), 3) },
    ]) {
      connection.push(direction, item)
      for (let event = connection.next(); event !== undefined; event = connection.next())
        kinds.push(`${event.kind} ${event.stream}`)
    }
    expect(kinds).toEqual(['limit 5'])
  })
})

describe('bytes that are not HTTP/2', () => {
  it('random bytes never throw, hold little, and give everything back', () => {
    const anyFrame = fc
      .tuple(
        fc.nat({ max: 10 }),
        fc.nat({ max: 255 }),
        fc.constantFrom(0, 1, 2, 3, 5),
        fc.uint8Array({ maxLength: 50 }),
      )
      .map(([type, flags, stream, payload]) => frame(type, flags, stream, payload))
    const piece = fc.oneof(
      anyFrame,
      fc.uint8Array({ minLength: 1, maxLength: 60 }),
      fc.constant(headers(1, REQUEST)),
    )
    const item = fc.oneof(
      { weight: 6, arbitrary: piece.map((bytes): StreamItem => chunkOf(bytes)) },
      {
        weight: 1,
        arbitrary: fc.integer({ min: 1, max: 100_000 }).map((length): StreamItem => gapOf(length)),
      },
    )
    const arrival = fc.record({ direction: fc.constantFrom<Direction>(0, 1), item })
    fc.assert(
      fc.property(
        fc.array(arrival, { maxLength: 40 }),
        fc.boolean(),
        fc.boolean(),
        (arrivals, hasPreface, isKnown) => {
          const play = new Play(isKnown ? 0 : undefined)
          play.push([...(hasPreface ? preface() : []), ...arrivals, ...ends()])
          play.connection.release()
          expect(play.budget.held).toBe(0)
        },
      ),
      { numRuns: 400 },
    )
  })

  it('a flood of CONTINUATION frames holds no more than a head may', () => {
    const budget = new Budget(1 << 24)
    const connection = new Http2Connection({
      client: 0,
      limits: limitsWith({ headSize: 1000 }),
      budget,
      recognize: neverWebSocket,
    })
    const flood = [
      frame(1, 0, 1, bytesOf(REQUEST)),
      ...Array.from({ length: 50 }, () => frame(9, 0, 1, new Uint8Array(300).fill(0x82))),
    ]
    for (const { direction, item } of [
      ...preface(),
      ...flood.map((bytes) => ({ direction: 0 as const, item: chunkOf(bytes, 3) })),
    ]) {
      connection.push(direction, item)
      expect(connection.next()).toBeUndefined()
      expect(budget.held).toBeLessThan(2000)
    }
  })
})

/** :method CONNECT, :scheme http, :path /, :protocol websocket, all literal but those of the static table. */
const REQUEST = `4207434f4e4e4543548684 00093a70726f746f636f6c09776562736f636b6574`.replaceAll(' ', '')

function frame(type: number, flags: number, stream: number, payload: Uint8Array): Uint8Array {
  const header = Uint8Array.from([
    payload.length >> 16,
    payload.length >> 8,
    payload.length,
    type,
    flags,
    0,
    0,
    0,
    stream,
  ])
  return concat([header, payload])
}

function headers(stream: number, hex: string): Uint8Array {
  return frame(1, 4, stream, bytesOf(hex))
}

function data(stream: number, payload: Uint8Array): Uint8Array {
  return frame(0, 0, stream, payload)
}

function preface(): Arrival[] {
  const client = concat([
    new TextEncoder().encode('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'),
    frame(4, 0, 0, new Uint8Array(0)),
  ])
  return [
    { direction: 0, item: chunkOf(client, 1) },
    { direction: 1, item: chunkOf(frame(4, 0, 0, bytesOf('000800000001')), 2) },
  ]
}

/** A WebSocket on stream 1. */
function opening(): Arrival[] {
  return [
    ...preface(),
    { direction: 0, item: chunkOf(headers(1, REQUEST), 3) },
    { direction: 1, item: chunkOf(headers(1, '88'), 4) },
  ]
}

function ends(): Arrival[] {
  return [
    { direction: 0, item: endOf() },
    { direction: 1, item: endOf() },
  ]
}

/** Both directions cut and mixed by chance; each in its own order. */
function* mixed({ writes }: Transcript, chances: Iterator<number>): Generator<Arrival> {
  const left = [0, 1].map((direction) =>
    concat(writes.filter((write) => write.direction === direction).map(({ bytes }) => bytes)),
  )
  let last = 0
  const chance = (): number => {
    const { value, done } = chances.next()
    if (!done) last = value
    return last
  }
  for (let packet = 1; left.some((bytes) => bytes.length > 0); packet++) {
    const wanted = chance() % 2 === 0 ? 0 : 1
    const direction = left[wanted]!.length > 0 ? wanted : wanted === 0 ? 1 : 0
    const kind = chance()
    const length = Math.min(left[direction]!.length, 1 + (kind % 3 === 0 ? kind % 12 : kind * 7))
    yield { direction, item: chunkOf(left[direction]!.subarray(0, length), packet) }
    left[direction] = left[direction]!.subarray(length)
  }
  yield* ends()
}

/** The writes as packets of up to 1448 bytes, of which one direction misses `length` bytes. */
function* withHole(
  { writes }: Transcript,
  direction: Direction,
  place: number,
  length: number,
): Generator<Arrival> {
  const total = writes.reduce(
    (sum, write) => sum + (write.direction === direction ? write.bytes.length : 0),
    0,
  )
  const from = place % total
  const to = Math.min(total, from + length)
  let at = 0
  let packet = 0
  for (const write of writes) {
    for (let start = 0; start < write.bytes.length; start += 1448) {
      packet++
      const bytes = write.bytes.subarray(start, start + 1448)
      if (write.direction !== direction) {
        yield { direction: write.direction, item: chunkOf(bytes, packet) }
        continue
      }
      const [first, last] = [Math.max(from - at, 0), Math.min(Math.max(to - at, 0), bytes.length)]
      if (first >= last) yield { direction, item: chunkOf(bytes, packet) }
      else {
        if (first > 0) yield { direction, item: chunkOf(bytes.subarray(0, first), packet) }
        yield { direction, item: gapOf(last - first, packet) }
        if (last < bytes.length) yield { direction, item: chunkOf(bytes.subarray(last), packet, false) }
      }
      at += bytes.length
    }
  }
  yield* ends()
}

function expectAll(play: Play, transcript: Transcript): void {
  for (const { path, client, server } of SPOKEN) {
    const { open, bytes, gaps, ends } = play.heard.get(transcript.streams.get(path)!)!
    expect(open).toMatchObject({ clientDirection: 0, requestMissing: undefined, responseMissing: undefined })
    expect(open!.request!.startLine).toBe(`CONNECT ${path} HTTP/2`)
    expect(
      [client, server].map((sent, direction) => isSame(concat(sent), concat(bytes[direction]!))),
    ).toEqual([true, true])
    expect(gaps).toEqual([0, 0])
    expect(ends).toEqual(['fin', 'fin'])
  }
  const others = play.events.filter(({ kind }) => kind !== 'item' && kind !== 'open')
  expect(others).toMatchObject([
    {
      kind: 'refused',
      request: { startLine: 'CONNECT /nowhere HTTP/2' },
      response: { startLine: 'HTTP/2 404' },
    },
  ])
  expect(play.heard.size).toBe(SPOKEN.length + 1)
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0
}

/** Whether the pieces stand in `sent` in this order. */
function isSubsequence(pieces: readonly Uint8Array[], sent: Uint8Array): boolean {
  const all = Buffer.from(sent)
  let at = 0
  for (const piece of pieces) {
    const found = all.indexOf(piece, at)
    if (found === -1) return false
    at = found + piece.length
  }
  return true
}
