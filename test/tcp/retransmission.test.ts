import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Listener, type SegmentFields } from '../support/drivers/segment-builder.ts'

const SYN: SegmentFields = { flags: 'S', seq: 99 }

/** The conflicts of client segments: `[offset, length, packet]`. The SYN is packet 1. */
function conflicts(...segments: readonly SegmentFields[]) {
  const listener = new Listener().push(SYN, ...segments)
  return { found: listener.stream().conflicts, text: listener.stream().text }
}

describe('a copy that differs', () => {
  test('a copy that differs from delivered bytes is a conflict, and the first copy wins', () => {
    expect(conflicts({ seq: 100, data: 'hello' }, { seq: 100, data: 'hallo' })).toEqual({
      found: [[1, 1, 3]],
      text: 'hello',
    })
  })

  test('a copy that differs from waiting bytes is a conflict, and the first copy wins', () => {
    expect(
      conflicts({ seq: 101, data: 'ello' }, { seq: 101, data: 'allo' }, { seq: 100, data: 'h' }),
    ).toEqual({
      found: [[1, 1, 3]],
      text: 'hello',
    })
  })

  test('a conflict is reported from its first to its last differing byte, over all that it overlaps', () => {
    expect(
      conflicts(
        { seq: 100, data: 'ab' },
        { seq: 102, data: 'cd' },
        { seq: 106, data: 'gh' },
        { seq: 101, data: 'Bcdefgh' },
        { seq: 100, data: 'abcdefgH' },
        { seq: 100, data: 'aBcdefGh' },
      ),
    ).toEqual({
      found: [
        [1, 1, 5],
        [7, 1, 6],
        [1, 6, 7],
      ],
      text: 'abcdefgh',
    })
  })

  test('a segment that differs only in its new part is not a conflict', () => {
    expect(conflicts({ seq: 100, data: 'abc' }, { seq: 101, data: 'bcXY' })).toEqual({
      found: [],
      text: 'abcXY',
    })
  })

  test('a segment that differs only in its overlap is a conflict, and its new part is taken', () => {
    expect(conflicts({ seq: 100, data: 'abc' }, { seq: 101, data: 'bXde' })).toEqual({
      found: [[2, 1, 3]],
      text: 'abcde',
    })
  })

  test('a segment that differs while it fills a hole is a conflict', () => {
    expect(conflicts({ seq: 102, data: 'cd' }, { seq: 100, data: 'abXd' })).toEqual({
      found: [[2, 1, 3]],
      text: 'abcd',
    })
  })

  test('a copy is not a conflict in a part that the snapshot length cut from the first copy', () => {
    expect(conflicts({ seq: 100, data: 'abc', cut: 3 }, { seq: 100, data: 'abcdef' })).toEqual({
      found: [],
      text: 'abc???',
    })
  })

  test('a keep-alive byte is not a conflict', () => {
    expect(conflicts({ seq: 100, data: 'abc' }, { seq: 102, data: '\0' })).toEqual({ found: [], text: 'abc' })
  })

  test('a conflict has its offset from the first byte, though that came later and both copies came before the stream was known to start', () => {
    const listener = new Listener()
      .push({ seq: 103, data: 'def' }, { seq: 100, data: 'abc' }, { seq: 103, data: 'dEf' })
      .end()
    expect(listener.stream().text).toBe('abcdef')
    expect(listener.stream().conflicts).toEqual([[4, 1, 3]])
  })

  test('a conflict has its offset from the first byte, though that came after others', () => {
    const listener = new Listener()
      .push(
        { seq: 103, data: 'def', at: 1 },
        { seq: 100, data: 'abc', at: 1 },
        { seq: 106, data: 'ghi', at: 2 },
      )
      .push({ seq: 103, data: 'dEfghi' })
    expect(listener.stream().text).toBe('abcdefghi')
    expect(listener.stream().conflicts).toEqual([[4, 1, 4]])
  })

  test('a conflict is found across the wrap of the sequence numbers', () => {
    const listener = new Listener().push(
      { flags: 'S', seq: 0xfffffffc },
      { seq: 0xfffffffd, data: 'abcdef' },
      { seq: 0, data: 'dEf' },
    )
    expect(listener.stream().conflicts).toEqual([[4, 1, 3]])
  })

  test('a conflict in one direction says nothing about the other', () => {
    const listener = new Listener().push(
      SYN,
      { flags: 'S', seq: 99, ack: 100, back: true },
      { seq: 100, data: 'abc' },
      { seq: 100, data: 'xyz', back: true },
      { seq: 100, data: 'xYz', back: true },
    )
    expect(listener.stream().conflicts).toEqual([])
    expect(listener.stream(0, true).conflicts).toEqual([[1, 1, 5]])
  })
})

describe('delivered bytes', () => {
  test('delivered bytes are compared in any other segmentation: a copy conflicts just where it differs', () => {
    const cuts = fc.array(fc.integer({ min: 1, max: 59 }), { maxLength: 8 })
    fc.assert(
      fc.property(cuts, cuts, fc.uniqueArray(fc.nat(59), { maxLength: 4 }), (first, second, changed) => {
        const text = Array.from({ length: 60 }, (_, i) => String.fromCharCode(65 + i)).join('')
        const other = Array.from(text, (letter, i) => (changed.includes(i) ? '*' : letter)).join('')
        const listener = new Listener().push(SYN, ...cut(text, first))
        for (const piece of cut(other, second)) {
          const before = listener.stream().conflicts.length
          listener.push(piece)
          const [start, end] = [piece.seq - 100, piece.seq - 100 + piece.data.length]
          const inside = changed.filter((at) => at >= start && at < end)
          // A keep-alive probe looks just like a copy of the last byte.
          const expected = inside.length === 0 || (start === 59 && end === 60) ? 0 : 1
          expect(listener.stream().conflicts.length - before).toBe(expected)
          if (expected === 1) {
            const [at, last] = [Math.min(...inside), Math.max(...inside)]
            expect(listener.stream().conflicts.at(-1)!.slice(0, 2)).toEqual([at, last - at + 1])
          }
        }
        expect(listener.stream().text).toBe(text)
      }),
    )
  })

  test('delivered bytes are remembered for tens of thousands of segments, and found among them', () => {
    const listener = new Listener().push(SYN)
    for (let i = 0; i < 80_000; i++) listener.push({ seq: 100 + 10 * i, data: '0123456789' })
    for (const i of [79_999, 79_998, 70_001, 40_000, 15_000, 14_000, 0])
      listener.push({ seq: 100 + 10 * i + 3, data: 'xx' })
    expect(listener.stream().conflicts.map(([offset]) => offset)).toEqual([
      799_993, 799_983, 700_013, 400_003, 150_003,
    ])
  })

  test('delivered bytes are remembered while other connections go on, until four megabytes have gone by', () => {
    const other = { sourcePort: 7 }
    const data = 'x'.repeat(60_000)
    const listener = new Listener().push(SYN, { seq: 100, data: 'abc' }, { ...other, flags: 'S', seq: 0 })
    for (let i = 0; i < 60; i++) listener.push({ ...other, seq: 1 + i * data.length, data })
    listener.push({ seq: 100, data: 'abX' })
    expect(listener.stream().conflicts).toEqual([[2, 1, 64]])
    for (let i = 60; i < 80; i++) listener.push({ ...other, seq: 1 + i * data.length, data })
    listener.push({ seq: 100, data: 'abX' })
    expect(listener.stream().conflicts).toHaveLength(1)
    expect(listener.stream(1).conflicts).toEqual([])
  })
})

function cut(text: string, at: readonly number[]): { seq: number; data: string }[] {
  const edges = [0, ...new Set(at), text.length].sort((a, b) => a - b)
  return edges.slice(1).map((end, i) => ({ seq: 100 + edges[i]!, data: text.slice(edges[i], end) }))
}
