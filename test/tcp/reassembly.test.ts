import { describe, expect, test } from 'vitest'
import { HeardStream, Listener, type SegmentFields } from '../support/drivers/segment-builder.ts'

/** Client bytes start at sequence number 100, server bytes at 500. */
const HANDSHAKE: readonly SegmentFields[] = [
  { flags: 'S', seq: 99 },
  { flags: 'S', seq: 499, ack: 100, back: true },
  { seq: 100, ack: 500 },
]

/** What comes of client segments after a handshake, before and after the end of the capture. */
function check(
  name: string,
  segments: readonly SegmentFields[],
  want: readonly string[],
  atEnd: readonly string[],
) {
  test(name, () => {
    const listener = new Listener().push(...HANDSHAKE, ...segments)
    const stream = listener.heard[0] === undefined ? new HeardStream() : listener.stream()
    expect(stream.items).toEqual(want)
    listener.end()
    const ended = listener.heard[0] === undefined ? stream : listener.stream()
    expect(ended.items.slice(want.length)).toEqual(atEnd)
    expect(ended.conflicts).toEqual([])
    expect(listener.budget.held).toBe(0)
  })
}

describe('segments of one direction', () => {
  check(
    'segments in order go straight through',
    [
      { seq: 100, data: 'abc' },
      { seq: 103, data: 'def' },
    ],
    ['abc', 'def'],
    ['end capture'],
  )
  check(
    'segments out of order wait for the one before them',
    [
      { seq: 103, data: 'def' },
      { seq: 106, data: 'ghi' },
      { seq: 100, data: 'abc' },
    ],
    ['abc', 'def', 'ghi'],
    ['end capture'],
  )
  check(
    'segments in descending order come out ascending',
    [
      { seq: 104, data: 'e' },
      { seq: 103, data: 'd' },
      { seq: 102, data: 'c' },
      { seq: 101, data: 'b' },
      { seq: 100, data: 'a' },
    ],
    ['a', 'b', 'c', 'd', 'e'],
    ['end capture'],
  )
  check(
    'segments that came already are skipped',
    [
      { seq: 100, data: 'abc' },
      { seq: 100, data: 'abc' },
      { seq: 101, data: 'b' },
      { seq: 103, data: 'd' },
    ],
    ['abc', 'd'],
    ['end capture'],
  )
  check(
    'segments that wait already are skipped',
    [
      { seq: 103, data: 'def' },
      { seq: 103, data: 'def' },
      { seq: 100, data: 'abc' },
    ],
    ['abc', 'def'],
    ['end capture'],
  )
  check(
    'segments that overlap what was delivered bring only what is new',
    [
      { seq: 100, data: 'abc' },
      { seq: 101, data: 'bcde' },
    ],
    ['abc', 'de'],
    ['end capture'],
  )
  check(
    'segments that overlap what waits bring only what is new, on both sides of it',
    [
      { seq: 104, data: 'ef' },
      { seq: 102, data: 'cdefgh' },
      { seq: 100, data: 'ab' },
    ],
    ['ab', 'cd', 'ef', 'gh'],
    ['end capture'],
  )
  check(
    'segments that cover several waiting ones fill the holes between them',
    [
      { seq: 101, data: 'b' },
      { seq: 103, data: 'd' },
      { seq: 105, data: 'f' },
      { seq: 100, data: 'abcdefg' },
    ],
    ['a', 'b', 'c', 'd', 'e', 'f', 'g'],
    ['end capture'],
  )
  check('a segment without payload brings nothing', [{ seq: 100, ack: 500 }], [], [])
  check('bytes before the first byte of the stream are skipped', [{ seq: 90, data: 'old bytes!' }], [], [])
  check(
    'a segment that begins before the first byte of the stream brings the part from there on',
    [{ seq: 98, data: '??abc' }],
    ['abc'],
    ['end capture'],
  )
})

describe('the sequence space', () => {
  test('sequence numbers wrap around in order, out of order and in retransmissions', () => {
    const listener = new Listener().push(
      { flags: 'S', seq: 0xfffffffa },
      { seq: 0xfffffffb, data: 'abc' },
      { seq: 3, data: 'ijk' },
      { seq: 0xfffffffe, data: 'defgh' },
      { seq: 0xfffffffb, data: 'abcdefghijk' },
      { seq: 6, data: 'l' },
    )
    expect(listener.stream().items).toEqual(['abc', 'defgh', 'ijk', 'l'])
    expect(listener.stream().conflicts).toEqual([])
  })

  test('sequence numbers wrap around exactly between two segments', () => {
    const listener = new Listener().push(
      { flags: 'S', seq: 0xfffffffe },
      { seq: 0xffffffff, data: 'a' },
      { seq: 0, data: 'b' },
      { seq: 0xffffffff, data: 'ab' },
      { seq: 1, data: 'c' },
    )
    expect(listener.stream().text).toBe('abc')
  })

  test('a stream may start with a SYN at the very end of the sequence space', () => {
    const listener = new Listener().push({ flags: 'S', seq: 0xffffffff }, { seq: 0, data: 'a' })
    expect(listener.stream().text).toBe('a')
  })

  test('sequence numbers wrap around many times in a long stream', () => {
    const listener = new Listener().push({ flags: 'S', seq: 0 })
    let seq = 1
    for (let i = 0; i < 100; i++) {
      listener.push({ seq, cut: 2 ** 27 }, { seq: seq + 2 ** 27, data: 'x' })
      seq += 2 ** 27 + 1
    }
    expect(listener.stream().gaps).toHaveLength(100)
    expect(listener.stream().text.replaceAll('…', '')).toBe('x'.repeat(100))
  })
})

describe('keep-alive and window probes', () => {
  check(
    'keep-alive probes are neither data nor a conflict, with a byte or without',
    [
      { seq: 100, data: 'abc' },
      { seq: 102, ack: 500 },
      { seq: 102, data: '\0', ack: 500 },
      { seq: 103, data: 'd' },
    ],
    ['abc', 'd'],
    ['end capture'],
  )
  check('a probe before any data is not data', [{ seq: 99, data: '\0', ack: 500 }], [], [])
  check(
    'probes after a hole are not data',
    [
      { seq: 103, data: 'def' },
      { seq: 105, data: '\0' },
      { seq: 100, data: 'abc' },
    ],
    ['abc', 'def'],
    ['end capture'],
  )
  check(
    'probes of a closed window bring the byte that they carry, once',
    [
      { seq: 100, data: 'abc' },
      { seq: 103, data: 'd' },
      { seq: 103, data: 'd' },
      { seq: 103, data: 'def' },
    ],
    ['abc', 'd', 'ef'],
    ['end capture'],
  )
})

describe('the flags of segments', () => {
  check(
    'a FIN ends the stream',
    [
      { seq: 100, data: 'abc' },
      { seq: 103, flags: 'F' },
    ],
    ['abc', 'end fin'],
    [],
  )
  check('a FIN may carry data', [{ seq: 100, data: 'abc', flags: 'F' }], ['abc', 'end fin'], [])
  check(
    'a FIN waits for the data before it',
    [
      { seq: 103, data: 'def', flags: 'F' },
      { seq: 100, data: 'abc' },
    ],
    ['abc', 'def', 'end fin'],
    [],
  )
  check(
    'a FIN without data waits for the data before it',
    [
      { seq: 103, flags: 'F' },
      { seq: 100, data: 'abc' },
    ],
    ['abc', 'end fin'],
    [],
  )
  check(
    'a FIN sent again changes nothing',
    [
      { seq: 100, data: 'abc', flags: 'F' },
      { seq: 100, data: 'abc', flags: 'F' },
      { seq: 103, flags: 'F' },
    ],
    ['abc', 'end fin'],
    [],
  )
  check(
    'nothing comes after a FIN, whatever was sent after it and when',
    [
      { seq: 102, data: 'cdef' },
      { seq: 106, data: 'ghi' },
      { seq: 104, flags: 'F' },
      { seq: 100, data: 'ab' },
      { seq: 110, data: 'jkl' },
    ],
    ['ab', 'cd', 'end fin'],
    [],
  )
  check(
    'a SYN sent again changes nothing',
    [
      { seq: 100, data: 'abc' },
      { flags: 'S', seq: 99 },
      { seq: 103, data: 'd' },
    ],
    ['abc', 'd'],
    ['end capture'],
  )
  check(
    'a reset ends the stream, and its payload is not data',
    [
      { seq: 100, data: 'abc' },
      { seq: 103, flags: 'R', data: 'reason' },
    ],
    ['abc', 'end reset'],
    [],
  )
  check(
    'a reset lets out what waits',
    [
      { seq: 100, data: 'abc' },
      { seq: 105, data: 'fg' },
      { seq: 107, flags: 'R' },
    ],
    ['abc', 'gap 2 end', 'fg', 'end reset'],
    [],
  )
  check(
    'a reset far from what is expected is ignored',
    [
      { seq: 100, data: 'abc' },
      { seq: 100 + 2 ** 30, flags: 'R' },
      { seq: 103, data: 'd' },
    ],
    ['abc', 'd'],
    ['end capture'],
  )

  test('a SYN may carry data, and so may a SYN-ACK', () => {
    const listener = new Listener().push(
      { flags: 'S', seq: 99, data: 'abc' },
      { flags: 'S', seq: 499, ack: 103, data: 'xyz', back: true },
      { seq: 103, data: 'def', ack: 503 },
    )
    expect(listener.stream(0).text).toBe('abcdef')
    expect(listener.stream(0, true).text).toBe('xyz')
  })

  test('data on a SYN that the server did not take is sent again', () => {
    const listener = new Listener().push(
      { flags: 'S', seq: 99, data: 'abc' },
      { flags: 'S', seq: 499, ack: 100, back: true },
      { seq: 100, data: 'abcdef', ack: 500 },
    )
    expect(listener.stream().text).toBe('abcdef')
    expect(listener.stream().conflicts).toEqual([])
  })

  test('a reset ends both directions', () => {
    const listener = new Listener().push(
      ...HANDSHAKE,
      { seq: 100, data: 'abc', ack: 500 },
      { seq: 500, flags: 'R', back: true },
    )
    expect(listener.heard[0]!.streams.map((stream) => stream.end)).toEqual(['reset', 'reset'])
  })

  test('each direction ends with its own FIN', () => {
    const listener = new Listener().push(
      ...HANDSHAKE,
      { seq: 100, data: 'abc', flags: 'F', ack: 500 },
      { seq: 500, data: 'late', ack: 104, back: true },
    )
    expect(listener.stream(0).end).toBe('fin')
    expect(listener.stream(0, true).items).toEqual(['late'])
    listener.push({ seq: 504, flags: 'F', ack: 104, back: true })
    expect(listener.stream(0, true).end).toBe('fin')
  })
})

describe('the packets of a chunk', () => {
  test('a chunk names the packet that carried it, the one that let it through, and that one’s time', () => {
    const listener = new Listener().push(
      { flags: 'S', seq: 99, packet: 1 },
      { seq: 103, data: 'def', packet: 2 },
      { seq: 106, data: 'ghi', packet: 5 },
      { seq: 100, data: 'abc', packet: 9 },
      { seq: 109, data: 'jkl', packet: 12 },
    )
    expect(listener.stream().packets).toEqual([
      [9, 9],
      [2, 9],
      [5, 9],
      [12, 12],
    ])
  })

  test('a segment starts only if its first byte is new', () => {
    const listener = new Listener().push(
      { flags: 'S', seq: 99 },
      { seq: 100, data: 'abc' },
      { seq: 102, data: 'cd' },
      { seq: 106, data: 'gh' },
      { seq: 104, data: 'efghij' },
    )
    expect(listener.stream().text).toBe('abcdefghij')
    expect(listener.stream().segmentStarts).toEqual([0, 4, 6])
  })

  test('bytes that wait are copied, so that the packet may be overwritten', () => {
    const listener = new Listener().push(
      { flags: 'S', seq: 99 },
      { seq: 101, data: 'b' },
      { seq: 100, data: 'a' },
    )
    expect(listener.stream().text).toBe('ab')
  })
})

describe('a stream whose SYN was not captured', () => {
  test('a stream without its SYN starts at what the other side has acknowledged', () => {
    const listener = new Listener().push(
      { seq: 500, ack: 100, data: 'xyz', back: true, packet: 1 },
      { seq: 100, data: 'abc', packet: 2 },
    )
    // It need not wait for itself, but for what the other side sent before.
    expect(listener.heard).toEqual([])
    listener.push({ seq: 103, packet: 3 }, { seq: 103, packet: 4 }, { seq: 103, packet: 5 })
    expect(listener.stream(0, true).packets).toEqual([[2, 2]])
    expect(listener.stream(0).packets).toEqual([[1, 1]])
  })

  test('a stream without its SYN starts at its first byte, which waits for a few packets in case an earlier one comes', () => {
    const listener = new Listener().push(
      { seq: 106, data: 'ghi' },
      { seq: 103, data: 'def' },
      { seq: 100, data: 'abc' },
    )
    expect(listener.heard).toEqual([])
    listener.push({ seq: 109, data: 'j' }, { seq: 110, data: 'k' })
    expect(listener.stream().items).toEqual(['abc', 'def', 'ghi', 'j', 'k'])
    expect(listener.stream().packets).toEqual([
      [3, 3],
      [2, 3],
      [1, 3],
      [4, 4],
      [5, 5],
    ])
    listener.push({ seq: 97, data: 'old' }, { seq: 111, data: 'l' })
    expect(listener.stream().text).toBe('abcdefghijkl')
  })

  test('a stream without its SYN starts after a second of capture time at the latest', () => {
    const listener = new Listener().push(
      { seq: 100, data: 'abc', at: 10.5 },
      { seq: 103, data: 'd', at: 11.4 },
    )
    expect(listener.heard).toEqual([])
    listener.push({ seq: 104, data: 'e', at: 11.5 })
    expect(listener.stream().text).toBe('abcde')
  })

  test('a stream without its SYN comes out at the end of the capture, however short that is', () => {
    const listener = new Listener().push({ seq: 100, data: 'abc' }).end()
    expect(listener.stream().items).toEqual(['abc', 'end capture'])
    expect(listener.budget.held).toBe(0)
  })

  test('a stream starts at its SYN if that is recorded late', () => {
    const listener = new Listener().push(
      { seq: 103, data: 'def' },
      { flags: 'S', seq: 99 },
      { seq: 100, data: 'abc' },
    )
    expect(listener.stream().items).toEqual(['abc', 'def'])
    expect(listener.connections.count).toBe(1)
    expect(listener.heard[0]!.tcp.sawSyn).toBe(true)
  })

  test('a stream starts before what was acknowledged if those bytes are recorded late', () => {
    const listener = new Listener()
      .push(
        { seq: 500, ack: 104, back: true },
        { seq: 100, data: 'abcd', ack: 500 },
        { seq: 104, data: 'ef' },
      )
      .end()
    expect(listener.stream(0, true).items).toEqual(['abcd', 'ef', 'end capture'])
  })

  test('a stream starts at its first byte if that is nowhere near what the other side has acknowledged', () => {
    const listener = new Listener()
      .push({ seq: 500, ack: 100, data: 'xyz', back: true }, { seq: 2_000_000_000, data: 'abc', ack: 503 })
      .end()
    expect(listener.connections.count).toBe(1)
    expect(listener.stream(0, true).items).toEqual(['abc', 'end capture'])
  })

  test('a stream may end with a FIN that is all that was captured of it', () => {
    const listener = new Listener().push(
      { seq: 500, ack: 100, data: 'xyz', back: true },
      { seq: 100, flags: 'F', ack: 503 },
      { seq: 503, flags: 'F', ack: 101, back: true },
    )
    listener.push({ seq: 101, ack: 504 }, { seq: 101, ack: 504 }).end()
    expect(listener.heard[0]!.streams.map((stream) => stream.items)).toEqual([
      ['xyz', 'end fin'],
      ['end fin'],
    ])
  })
})
