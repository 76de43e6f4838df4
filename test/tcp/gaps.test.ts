import { describe, expect, test } from 'vitest'
import { sentenceOf } from '../../src/language/en/finding-sentences.ts'
import { Listener, type SegmentFields } from '../support/drivers/segment-builder.ts'

/** Client bytes start at sequence number 100, server bytes at 500. */
const HANDSHAKE: readonly SegmentFields[] = [
  { flags: 'S', seq: 99 },
  { flags: 'S', seq: 499, ack: 100, back: true },
  { seq: 100, ack: 500 },
]

/** So many acknowledgments of the server, which say nothing new. */
function idle(packets: number, ack: number): SegmentFields[] {
  return Array.from({ length: packets }, () => ({ seq: 500, ack, back: true }))
}

describe('a hole in a stream', () => {
  test('a hole is a gap once its acknowledgment is 32 packets old', () => {
    const listener = new Listener().push(
      ...HANDSHAKE,
      { seq: 100, data: 'abc', packet: 10 },
      { seq: 105, data: 'fgh', packet: 11 },
      { seq: 500, ack: 108, back: true, packet: 12 },
      ...idle(31, 108),
    )
    expect(listener.stream().items).toEqual(['abc'])
    listener.push({ seq: 500, ack: 108, back: true, packet: 44 })
    expect(listener.stream().items).toEqual(['abc', 'gap 2 acknowledged', 'fgh'])
    expect(listener.stream().packets).toEqual([
      [10, 10],
      [undefined, 44],
      [11, 11],
    ])
    listener.push({ seq: 108, data: 'ijk' })
    expect(listener.stream().text).toBe('abc??fghijk')
    expect(listener.budget.held).toBe(0)
  })

  test('a hole is a gap once its acknowledgment is a second old', () => {
    const listener = new Listener().push(
      ...HANDSHAKE,
      { seq: 103, data: 'def', at: 100 },
      { seq: 500, ack: 106, back: true, at: 100.25 },
      { seq: 106, data: 'g', at: 101.2 },
    )
    expect(listener.heard).toEqual([])
    listener.push({ seq: 107, data: 'h', at: 101.25 })
    expect(listener.stream().items).toEqual(['gap 3 acknowledged', 'def', 'g', 'h'])
  })

  test('a hole is filled by a packet that is recorded after its acknowledgment', () => {
    const listener = new Listener().push(
      ...HANDSHAKE,
      { seq: 103, data: 'def' },
      { seq: 500, ack: 106, back: true },
      ...idle(20, 106),
      { seq: 100, data: 'abc' },
      ...idle(40, 106),
    )
    expect(listener.stream().items).toEqual(['abc', 'def'])
  })

  test('a hole that the other side has not acknowledged waits for the retransmission, however long', () => {
    const listener = new Listener().push(
      ...HANDSHAKE,
      { seq: 103, data: 'def' },
      ...idle(100, 100),
      { seq: 500, ack: 102, back: true },
      ...idle(100, 102),
    )
    expect(listener.heard).toEqual([])
    listener.push({ seq: 100, data: 'abc' })
    expect(listener.stream().items).toEqual(['abc', 'def'])
  })

  test('a hole after which nothing waits is not a gap before the end of the capture', () => {
    const listener = new Listener().push(...HANDSHAKE, { seq: 500, ack: 110, back: true }, ...idle(100, 110))
    expect(listener.heard).toEqual([])
    listener.end()
    expect(listener.stream().items).toEqual(['gap 10 acknowledged', 'end capture'])
  })

  test('a hole that is not acknowledged is a gap at the end of the capture', () => {
    const listener = new Listener()
      .push(...HANDSHAKE, { seq: 103, data: 'def' }, { seq: 500, ack: 102, back: true, packet: 77 })
      .end()
    expect(listener.stream().items).toEqual(['gap 3 end', 'def', 'end capture'])
    expect(listener.stream().packets).toEqual([
      [undefined, 77],
      [4, 4],
      [undefined, 77],
    ])
  })

  test('many holes all become gaps when their acknowledgments are old enough', () => {
    const listener = new Listener().push(...HANDSHAKE)
    for (let i = 0; i < 10; i++) listener.push({ seq: 101 + 2 * i, data: 'x' })
    listener.push(...idle(33, 120))
    expect(listener.stream().text).toBe('?x?x?x?x?x?x?x?x?x?x')
    expect(listener.stream().gaps).toEqual(Array.from({ length: 10 }, () => [1, 'acknowledged']))
  })

  test('a hole before a FIN becomes a gap before the stream ends', () => {
    const listener = new Listener().push(
      ...HANDSHAKE,
      { seq: 103, data: 'def', flags: 'F' },
      ...idle(33, 107),
    )
    expect(listener.stream().items).toEqual(['gap 3 acknowledged', 'def', 'end fin'])
  })

  test('a hole before a FIN without data comes first, and the FIN ends the stream even at the end of the capture', () => {
    const listener = new Listener().push(...HANDSHAKE, { seq: 103, flags: 'F' }).end()
    expect(listener.stream().items).toEqual(['gap 3 end', 'end fin'])
  })

  test('a gap stays a gap, whatever arrives later for it', () => {
    const listener = new Listener().push(
      ...HANDSHAKE,
      { seq: 103, data: 'def' },
      ...idle(33, 106),
      { seq: 100, data: 'abc' },
      { seq: 100, data: 'abcdefgh' },
    )
    expect(listener.stream().items).toEqual(['gap 3 acknowledged', 'def', 'gh'])
    expect(listener.stream().conflicts).toEqual([])
  })
})

describe('too much waiting after a hole', () => {
  test('too much waiting in one direction makes the hole a gap, and one finding says so', () => {
    const listener = new Listener({ waitingPerStream: 4000 }).push(...HANDSHAKE)
    const data = 'x'.repeat(500)
    for (let i = 0; i < 4; i++) listener.push({ seq: 1000 + 500 * i, data })
    expect(listener.heard).toEqual([])
    listener.push({ seq: 3000, data, packet: 80, at: 5 })
    expect(listener.stream().gaps).toEqual([[900, 'waited']])
    expect(listener.stream().text.length).toBe(900 + 5 * 500)
    expect(listener.stream().packets.at(0)).toEqual([undefined, 80])
    for (let i = 0; i < 10; i++) listener.push({ seq: 9000 + 500 * i, data })
    expect(listener.stream().gaps).toHaveLength(2)
    expect(listener.findings.map(({ code, firstPacket, time }) => [code, firstPacket, time])).toEqual([
      ['limit-reached', 80, { seconds: 5, nanoseconds: 0 }],
    ])
    expect(sentenceOf(listener.findings[0]!)).toContain('4000 bytes in one direction')
    listener.end()
    expect(listener.budget.held).toBe(0)
  })

  test('too much waiting over all connections makes a gap in the stream that asks for more', () => {
    const listener = new Listener({ waitingTotal: 6000 })
    const data = 'x'.repeat(1000)
    for (const sourcePort of [1, 2, 3]) listener.push({ sourcePort, flags: 'S', seq: 0 })
    for (const sourcePort of [1, 2, 3]) listener.push({ sourcePort, seq: 11, data })
    expect(listener.heard.map(({ tcp }) => tcp.endpoints[0].port)).toEqual([3])
    expect(listener.stream().items).toEqual(['gap 10 waited', data])
    expect(listener.findings).toHaveLength(1)
    listener.push({ sourcePort: 1, seq: 1, data: '0123456789' })
    expect(listener.heard[1]!.streams[0].text).toBe(`0123456789${data}`)
    listener.end()
    expect(listener.budget.held).toBe(0)
  })

  test('too much waiting before a stream is known to have started lets it start', () => {
    const listener = new Listener({ waitingPerStream: 1000 }).push(
      { seq: 600, data: 'y'.repeat(500) },
      { seq: 100, data: 'x'.repeat(500) },
    )
    expect(listener.stream().text).toBe('x'.repeat(500) + 'y'.repeat(500))
    expect(listener.stream().gaps).toEqual([])
  })
})

describe('bytes that the snapshot length cut off', () => {
  test('bytes that were cut off are a gap in their place', () => {
    const listener = new Listener().push(
      ...HANDSHAKE,
      { seq: 100, data: 'abc', cut: 4, packet: 7 },
      { seq: 107, data: 'hi' },
    )
    expect(listener.stream().items).toEqual(['abc', 'gap 4 snapped', 'hi'])
    expect(listener.stream().packets[1]).toEqual([undefined, 7])
  })

  test('a whole segment may be cut off', () => {
    const listener = new Listener().push(...HANDSHAKE, { seq: 100, cut: 4 }, { seq: 104, data: 'e' })
    expect(listener.stream().items).toEqual(['gap 4 snapped', 'e'])
  })

  test('cut-off bytes may come before a FIN', () => {
    const listener = new Listener().push(...HANDSHAKE, { seq: 100, data: 'a', cut: 4, flags: 'F' })
    expect(listener.stream().items).toEqual(['a', 'gap 4 snapped', 'end fin'])
  })

  test('cut-off bytes wait their turn in a segment out of order', () => {
    const listener = new Listener().push(
      ...HANDSHAKE,
      { seq: 103, data: 'de', cut: 2, packet: 7 },
      { seq: 107, data: 'h', packet: 8 },
      { seq: 100, data: 'abc', packet: 9 },
    )
    expect(listener.stream().items).toEqual(['abc', 'de', 'gap 2 snapped', 'h'])
    expect(listener.stream().packets[2]).toEqual([undefined, 7])
    expect(listener.budget.held).toBe(0)
  })

  test('cut-off bytes are not a gap if another packet brought them before', () => {
    const listener = new Listener().push(
      ...HANDSHAKE,
      { seq: 105, data: 'fg' },
      { seq: 100, data: 'abc', cut: 6 },
      { seq: 109, data: 'j' },
    )
    expect(listener.stream().items).toEqual(['abc', 'gap 2 snapped', 'fg', 'gap 2 snapped', 'j'])
  })

  test('cut-off bytes are not a gap if another packet brings them while they wait', () => {
    const listener = new Listener().push(
      ...HANDSHAKE,
      { seq: 101, data: 'b', cut: 7 },
      { seq: 103, data: 'de' },
      { seq: 100, data: 'a' },
      { seq: 109, data: 'j' },
    )
    expect(listener.stream().items).toEqual(['a', 'b', 'gap 1 snapped', 'de', 'gap 4 snapped', 'j'])
    expect(listener.budget.held).toBe(0)
  })
})

describe('a direction that was not captured', () => {
  test('a direction that was not captured is one gap at the end, as long as the other side has acknowledged', () => {
    const listener = new Listener()
      .push(
        { seq: 500, data: 'uvw', ack: 100, back: true },
        { seq: 503, data: 'xyz', ack: 200, back: true },
        { seq: 506, data: '!', ack: 300, back: true },
      )
      .end()
    expect(listener.stream(0, true).items).toEqual(['gap 200 acknowledged', 'end capture'])
    expect(listener.stream(0).text).toBe('uvwxyz!')
  })

  test('a direction captured late is a gap up to its first captured byte', () => {
    const listener = new Listener().push(
      ...HANDSHAKE,
      { seq: 500, data: 'x', ack: 300, back: true },
      { seq: 300, data: 'abc', ack: 501 },
    )
    for (let i = 0; i < 33; i++) listener.push({ seq: 501, ack: 303, back: true })
    expect(listener.stream().items).toEqual(['gap 200 acknowledged', 'abc'])
  })

  test('an acknowledgment that no window explains makes no gap', () => {
    const listener = new Listener()
      .push(...HANDSHAKE, { seq: 100, data: 'abc' }, { seq: 500, ack: 1_500_000_000, back: true })
      .end()
    expect(listener.stream().items).toEqual(['abc', 'end capture'])
  })

  test('a direction that lacks only its FIN has no gap', () => {
    const listener = new Listener()
      .push(...HANDSHAKE, { seq: 100, data: 'abc' }, { seq: 500, ack: 104, flags: 'F', back: true })
      .end()
    expect(listener.stream().items).toEqual(['abc', 'end capture'])
    expect(listener.stream(0, true).items).toEqual(['end fin'])
  })

  test('a direction that was not captured still ends', () => {
    const listener = new Listener().push({ flags: 'S', seq: 99 }, { seq: 100, data: 'abc' }).end()
    expect(listener.stream(0, true).items).toEqual(['end capture'])
  })
})

describe('a reset', () => {
  test('a reset acknowledges what the other side sent, captured or not', () => {
    const listener = new Listener().push(
      ...HANDSHAKE,
      { seq: 100, data: 'abc' },
      { flags: 'R', seq: 500, ack: 110, back: true },
    )
    expect(listener.stream().items).toEqual(['abc', 'gap 7 acknowledged', 'end reset'])
  })

  test('a reset comes after everything that its side sent, captured or not', () => {
    const listener = new Listener().push(
      ...HANDSHAKE,
      { seq: 100, data: 'abc' },
      { flags: 'R', seq: 112, ack: 500 },
    )
    expect(listener.stream().items).toEqual(['abc', 'gap 9 end', 'end reset'])
    expect(listener.stream(0, true).items).toEqual(['end reset'])
  })

  test('a reset that lies before delivered bytes takes nothing back', () => {
    const listener = new Listener().push(
      ...HANDSHAKE,
      { seq: 100, data: 'abc' },
      { flags: 'R', seq: 100, ack: 500 },
    )
    expect(listener.stream().items).toEqual(['abc', 'end reset'])
  })
})

test('a FIN that waited after a hole ends its direction in the packet that brought it', () => {
  const listener = new Listener().push(
    ...HANDSHAKE,
    { flags: 'F', seq: 105, packet: 10 },
    { flags: 'F', seq: 500, ack: 106, back: true, packet: 11 },
    ...idle(40, 106),
  )
  listener.end()
  expect(listener.stream().items).toEqual(['gap 5 acknowledged', 'end fin'])
  expect(listener.stream().packets.at(-1)).toEqual([undefined, 10])
})
