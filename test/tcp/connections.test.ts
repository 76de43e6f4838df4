import { describe, expect, test } from 'vitest'
import { sentenceOf } from '../../src/language/en/finding-sentences.ts'
import { HeardConnection, Listener, type SegmentFields } from '../support/drivers/segment-builder.ts'

const SYN: SegmentFields = { flags: 'S', seq: 99 }
const SYN_ACK: SegmentFields = { flags: 'S', seq: 499, ack: 100, back: true }

describe('a TCP connection', () => {
  test('the opener is the first endpoint, whichever address is higher', () => {
    for (const back of [false, true]) {
      const listener = new Listener().push(
        { ...SYN, back, packet: 7, at: 3 },
        { seq: 100, data: 'abc', back },
      )
      const { tcp } = listener.heard[0]!
      const client = { address: '10.0.0.1', port: 1000 }
      const server = { address: '10.0.0.2', port: 80 }
      expect(tcp.endpoints).toEqual(back ? [server, client] : [client, server])
      expect(tcp.sawSyn).toBe(true)
      expect(tcp.firstPacket).toBe(7)
      expect(tcp.time).toEqual({ seconds: 3, nanoseconds: 0 })
      expect(listener.stream().text).toBe('abc')
    }
  })

  test('the side that a SYN-ACK answers is the opener', () => {
    const listener = new Listener().push(SYN_ACK, { seq: 500, data: 'xyz', ack: 100, back: true })
    expect(listener.heard[0]!.tcp.endpoints[0].port).toBe(1000)
    expect(listener.heard[0]!.tcp.sawSyn).toBe(true)
    expect(listener.stream(0, true).text).toBe('xyz')
  })

  test('the sender of the first packet is the opener if no SYN was captured', () => {
    const listener = new Listener().push({ seq: 500, data: 'xyz', ack: 100, back: true }).end()
    expect(listener.heard[0]!.tcp.endpoints[0].port).toBe(80)
    expect(listener.heard[0]!.tcp.sawSyn).toBe(false)
  })

  test('both sides may open a connection at once', () => {
    const listener = new Listener().push(
      SYN,
      { flags: 'S', seq: 499, back: true },
      { flags: 'S', seq: 99, ack: 500 },
      { flags: 'S', seq: 499, ack: 100, back: true },
      { seq: 100, data: 'abc', ack: 500 },
      { seq: 500, data: 'xyz', ack: 103, back: true },
    )
    expect(listener.connections.count).toBe(1)
    expect(listener.heard[0]!.streams.map(({ text }) => text)).toEqual(['abc', 'xyz'])
  })

  test('an endpoint may have a connection to itself', () => {
    const self = { addresses: [0, 0, 0, 0x7f000001, 0, 0, 0, 0x7f000001], sourcePort: 9, destinationPort: 9 }
    const listener = new Listener().push({ ...self, ...SYN }, { ...self, seq: 100, data: 'abc' })
    expect(listener.stream().text).toBe('abc')
  })

  test('connections differ by each part of their addresses and ports, and by the version of IP', () => {
    const variants: SegmentFields[] = [
      {},
      { sourcePort: 1001 },
      { destinationPort: 81 },
      { sourcePort: 80, destinationPort: 1000 },
    ]
    const words = [0, 0, 0, 0x0a000001, 0, 0, 0, 0x0a000002]
    for (let i = 0; i < 8; i++) {
      const addresses = [...words]
      addresses[i]! ^= 0x80000000
      variants.push({ family: 6, addresses })
    }
    variants.push({ family: 6 }, { addresses: words.map((word) => word && word + 1) })
    const listener = new Listener()
    for (const variant of variants) listener.push({ ...variant, ...SYN })
    for (const [i, variant] of variants.entries())
      listener.push({ ...variant, seq: 100, data: `number ${i}` })
    expect(listener.connections.count).toBe(variants.length)
    expect(listener.heard.map(({ streams }) => streams[0].text)).toEqual(
      variants.map((_, i) => `number ${i}`),
    )
  })

  test('the addresses of a connection over IPv6 are spelled out', () => {
    const listener = new Listener().push(
      { ...SYN, family: 6, addresses: [0x20010db8, 0, 0, 1, 0, 0, 0, 1] },
      { seq: 100, data: 'x', family: 6, addresses: [0x20010db8, 0, 0, 1, 0, 0, 0, 1] },
    )
    expect(listener.heard[0]!.tcp.endpoints).toEqual([
      { address: '2001:db8::1', port: 1000 },
      { address: '::1', port: 80 },
    ])
  })

  test('a connection that carries nothing is counted, and is not handed on', () => {
    const listener = new Listener()
      .push(SYN, SYN_ACK, { seq: 100, ack: 500 }, { seq: 100, flags: 'F', ack: 500 })
      .push({ seq: 500, flags: 'F', ack: 101, back: true }, { seq: 101, ack: 501 })
      .push({ sourcePort: 2, flags: 'R' }, { sourcePort: 3, ack: 7 }, { sourcePort: 4, flags: 'F' })
      .end()
    expect(listener.connections.count).toBe(4)
    expect(listener.heard).toEqual([])
  })

  test('a connection that is refused and tried again is handed on once it carries something', () => {
    const refusal: SegmentFields = { flags: 'R', seq: 0, ack: 100, back: true }
    const listener = new Listener().push(SYN, refusal, SYN, refusal, SYN, SYN_ACK, {
      seq: 100,
      data: 'abc',
      ack: 500,
    })
    expect(listener.heard).toHaveLength(1)
    expect(listener.stream().text).toBe('abc')
  })

  test('both directions end, even if one ended before the other carried anything', () => {
    const listener = new Listener().push(
      SYN,
      SYN_ACK,
      { seq: 100, flags: 'F', ack: 500 },
      { seq: 500, data: 'xyz', flags: 'F', ack: 101, back: true },
    )
    expect(listener.heard[0]!.streams.map(({ items }) => items)).toEqual([['end fin'], ['xyz', 'end fin']])
  })
})

describe('the order of both directions', () => {
  /** The directions of the items, in the order in which they came. */
  const order = (...segments: readonly SegmentFields[]) => {
    const came: string[] = []
    const listener = new Listener().push(
      { flags: 'S', seq: 99 },
      { flags: 'SA', seq: 199, ack: 100, back: true },
    )
    const { push } = HeardConnection.prototype
    HeardConnection.prototype.push = function (direction, item) {
      came.push(`${direction} ${item.kind} ${item.released}`)
      push.call(this, direction, item)
    }
    listener.push(...segments).end()
    HeardConnection.prototype.push = push
    expect(listener.budget.held).toBe(0)
    return came
  }

  test('what the other side sends after bytes that wait for a hole waits for them', () => {
    const back = [0, 1, 2].map((n) => ({ seq: 200 + n, data: 'x', back: true }))
    const filled = order({ seq: 101, data: 'b' }, ...back, { seq: 100, data: 'a' })
    expect(filled.slice(0, 5)).toEqual(['1 chunk 4', '1 chunk 5', '1 chunk 6', '0 chunk 7', '0 chunk 7'])
    const lost = order({ seq: 101, data: 'b' }, ...back)
    expect(lost.slice(0, 5)).toEqual(['0 gap 6', '0 chunk 3', '1 chunk 4', '1 chunk 5', '1 chunk 6'])
  })

  test('more than 128 KiB do not wait', () => {
    const data = 'x'.repeat(30_000)
    const back = [0, 1, 2, 3, 4].map((n) => ({ seq: 200 + n * data.length, data, back: true }))
    expect(order({ seq: 101, data: 'b' }, ...back).slice(0, 6)).toEqual([
      ...[4, 5, 6, 7, 8].map((packet) => `1 chunk ${packet}`),
      '0 gap 8',
    ])
  })
})

describe('after the end of a connection', () => {
  const ended: SegmentFields[] = [
    SYN,
    SYN_ACK,
    { seq: 100, data: 'abc', flags: 'F', ack: 500 },
    { seq: 500, data: 'xyz', flags: 'F', ack: 104, back: true },
  ]

  test('late acknowledgments and retransmissions open no new connection', () => {
    const listener = new Listener()
      .push(...ended, { seq: 104, ack: 504 }, { seq: 500, data: 'xyz', flags: 'F', ack: 104, back: true })
      .push({ seq: 104, ack: 504 }, { seq: 500, flags: 'R', back: true }, SYN_ACK)
      .end()
    expect(listener.connections.count).toBe(1)
    expect(listener.heard).toHaveLength(1)
  })

  test('a SYN opens a new connection, even with the same sequence number', () => {
    for (const seq of [99, 5000, 4_000_000_000]) {
      const listener = new Listener()
        .push(...ended, { flags: 'S', seq }, { seq: seq + 1, data: 'again' })
        .end()
      expect(listener.connections.count).toBe(2)
      expect(listener.heard.map(({ streams }) => streams[0].items)).toEqual([
        ['abc', 'end fin'],
        ['again', 'end capture'],
      ])
    }
  })

  test('the other side may open the next connection', () => {
    const listener = new Listener().push(
      ...ended,
      { flags: 'S', seq: 7, back: true },
      { seq: 8, data: 'hi', back: true },
    )
    expect(listener.heard[1]!.tcp.endpoints[0].port).toBe(80)
    expect(listener.stream(1).text).toBe('hi')
  })

  test('a SYN-ACK in other sequence space opens a new connection, whose SYN was not captured', () => {
    const listener = new Listener().push(
      ...ended,
      { flags: 'S', seq: 70_000, ack: 90_001, back: true },
      { seq: 90_001, data: 'abc', ack: 70_001 },
    )
    expect(listener.connections.count).toBe(2)
    expect(listener.stream(1).text).toBe('abc')
  })

  test('bytes far away in both directions’ sequence space open a new connection, whose SYN was not captured', () => {
    const listener = new Listener()
      .push(...ended, { seq: 2_000_000_000, data: 'new', ack: 3_000_000_000 })
      .end()
    expect(listener.connections.count).toBe(2)
    expect(listener.stream(1).text).toBe('new')
  })
})

describe('the same port again, without a captured end', () => {
  const open: SegmentFields[] = [SYN, SYN_ACK, { seq: 100, data: 'abc', ack: 500 }]

  test('a SYN with another sequence number opens a new connection', () => {
    const listener = new Listener()
      .push(...open, { seq: 105, data: 'fg' }, { flags: 'S', seq: 9_999 }, { seq: 10_000, data: 'new' })
      .end()
    expect(listener.connections.count).toBe(2)
    expect(listener.stream(0).items).toEqual(['abc', 'gap 2 end', 'fg', 'end capture'])
    expect(listener.stream(1).text).toBe('new')
    expect(listener.budget.held).toBe(0)
  })

  test('a SYN opens a new connection if it comes long before the bytes of a stream whose own SYN was not captured', () => {
    const listener = new Listener().push({ seq: 1_000_000, data: 'abc' }, SYN, { seq: 100, data: 'new' })
    expect(listener.connections.count).toBe(2)
    expect(listener.heard.map(({ streams }) => streams[0].text)).toEqual(['abc', 'new'])
  })

  test('a SYN that is sent again opens no new connection', () => {
    const listener = new Listener().push(SYN, SYN, SYN_ACK, SYN, SYN_ACK, ...open, SYN, SYN_ACK)
    expect(listener.connections.count).toBe(1)
  })

  test('a second SYN-ACK to the same SYN opens no new connection', () => {
    const listener = new Listener().push(
      ...open,
      { ...SYN_ACK, seq: 12_345 },
      { seq: 500, data: 'xyz', back: true },
    )
    expect(listener.connections.count).toBe(1)
    expect(listener.stream(0, true).text).toBe('xyz')
  })

  test('bytes far away in one direction’s sequence space alone belong to the same connection', () => {
    const listener = new Listener().push(...open, { seq: 1_000_000_000, data: 'far', ack: 500 }).end()
    expect(listener.connections.count).toBe(1)
    expect(listener.stream().gaps).toEqual([[999_999_897, 'end']])
  })
})

describe('more connections than the limit', () => {
  test('the connection that was idle longest is given up, and one finding says how many were', () => {
    const listener = new Listener({ connections: 2 })
    for (const sourcePort of [1, 2])
      listener.push({ ...SYN, sourcePort }, { sourcePort, seq: 100, data: `${sourcePort}` })
    listener.push({ sourcePort: 1, seq: 101, data: '+' }, { sourcePort: 2, seq: 104, data: 'waits' })
    listener.push({ sourcePort: 1, seq: 102, data: '+' })
    listener.push(
      { sourcePort: 3, flags: 'S', seq: 99, packet: 50, at: 4 },
      { sourcePort: 3, seq: 100, data: '3' },
    )
    expect(listener.stream(1).items).toEqual(['2', 'gap 3 end', 'waits', 'end limit'])
    expect(listener.stream(0).text).toBe('1++')
    expect(listener.budget.held).toBe(0)
    listener.push({ sourcePort: 4, flags: 'S', seq: 99, packet: 60, at: 5 }).end()
    expect(listener.stream(0).end).toBe('limit')
    expect(listener.stream(2).end).toBe('capture')
    expect(listener.connections.count).toBe(4)
    expect(
      listener.findings.map(({ code, firstPacket, lastPacket }) => [code, firstPacket, lastPacket]),
    ).toEqual([['limit-reached', 50, 60]])
    expect(sentenceOf(listener.findings[0]!)).toBe(
      'More than 2 TCP connections at a time: the 2 idle longest were given up.',
    )
  })

  test('connections that have ended are given up first, and are not a loss', () => {
    const listener = new Listener({ connections: 3 }).push(SYN, { seq: 100, data: 'abc' })
    for (let sourcePort = 1; sourcePort <= 20; sourcePort++) {
      listener.push(
        { ...SYN, sourcePort },
        { sourcePort, seq: 100, data: 'x' },
        { sourcePort, seq: 101, flags: 'R' },
      )
    }
    listener.push({ seq: 103, data: 'def' }).end()
    expect(listener.stream().items).toEqual(['abc', 'def', 'end capture'])
    expect(listener.findings).toEqual([])
    expect(listener.heard).toHaveLength(21)
  })

  test('connections that never carried a byte are given up before those that are only idle', () => {
    const listener = new Listener({ connections: 3 }).push(SYN, { seq: 100, data: 'abc' })
    for (let sourcePort = 1; sourcePort <= 20; sourcePort++) listener.push({ ...SYN, sourcePort })
    listener.push({ seq: 103, data: 'def' }).end()
    expect(listener.stream().items).toEqual(['abc', 'def', 'end capture'])
    expect(listener.findings).toHaveLength(1)
  })

  test('a connection that was given up and goes on is a new one', () => {
    const listener = new Listener({ connections: 1 }).push(SYN, { seq: 100, data: 'abc' })
    listener.push({ ...SYN, sourcePort: 2 }, { seq: 103, data: 'def' }).end()
    expect(listener.heard.map(({ tcp, streams }) => [tcp.sawSyn, streams[0].text])).toEqual([
      [true, 'abc'],
      [false, 'def'],
    ])
  })
})

describe('a connection whose reader wants no more', () => {
  test('an unread connection holds nothing back, stays one connection, and is given up first if there are too many', () => {
    const listener = new Listener({ connections: 2 })
    const bystander = { sourcePort: 2000 }
    listener.push({ ...SYN, ...bystander }, { seq: 100, data: 'still', ...bystander })
    listener.push(SYN, { seq: 100, data: 'abc' }, { seq: 105, data: 'later' })
    expect(listener.budget.held).toBeGreaterThan(0)
    listener.heard[1]!.isDone = true
    listener.push({ seq: 110, data: 'more' }, { seq: 103, data: 'xx' })
    expect(listener.budget.held).toBe(0)
    expect(listener.connections.count).toBe(2)
    expect(listener.stream(1).text).toBe('abc')
    listener.push({ ...SYN, sourcePort: 3000 }, { seq: 105, data: ' here', ...bystander }).end()
    expect(listener.stream(0).text).toBe('still here')
    expect(listener.findings).toEqual([])
  })

  test('an unread connection makes room for a new one on the same ports', () => {
    const listener = new Listener().push(SYN, { seq: 100, data: 'abc' })
    listener.heard[0]!.isDone = true
    listener.push({ seq: 103, data: 'def' }, { flags: 'S', seq: 7999 }, { seq: 8000, data: 'new' })
    expect(listener.heard.map(({ streams }) => streams[0].text)).toEqual(['abc', 'new'])
  })
})
