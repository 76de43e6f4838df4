// The reassembly against models that are too simple to be wrong: an array with a place for every byte.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Budget } from '../../src/base/limits.ts'
import { type WaitingRange, WaitingRanges } from '../../src/tcp/waiting.ts'
import { Listener, type SegmentFields } from '../support/drivers/segment-builder.ts'

const LENGTH = 200
const bytes = Uint8Array.from({ length: LENGTH }, (_, i) => (i * 7 + 1) % 251)
const spelled = String.fromCharCode(...bytes)

/** `[start, end)` of the stream: what a segment carries. */
const ranges = fc
  .tuple(fc.nat(LENGTH - 1), fc.integer({ min: 1, max: 40 }))
  .map(([start, length]): [number, number] => [start, Math.min(LENGTH, start + length)])

const streams = fc.record({
  initial: fc.oneof(fc.nat(0xffffffff), fc.integer({ min: 0xffffffff - LENGTH, max: 0xffffffff })),
  sent: fc.array(ranges, { maxLength: 60 }),
})

function carrying(initial: number, [start, end]: readonly [number, number]): SegmentFields {
  return { seq: initial + 1 + start, data: bytes.slice(start, end) }
}

describe('one direction', () => {
  test('one direction gives the same bytes for any segmentation, order, duplication and overlap', () => {
    fc.assert(
      fc.property(
        streams,
        fc.array(fc.nat(LENGTH)),
        fc.infiniteStream(fc.nat()),
        ({ initial, sent }, cuts, order) => {
          const edges = [0, ...new Set([...cuts, LENGTH])].sort((a, b) => a - b)
          const whole = edges.slice(1).map((end, i): [number, number] => [edges[i]!, end])
          const segments = shuffled([...sent, ...whole.filter(([start, end]) => start < end)], order)
          const listener = new Listener().push({ flags: 'S', seq: initial })
          for (const range of segments) listener.push(carrying(initial, range))
          listener.push({ seq: initial + 1 + LENGTH, flags: 'F' })
          expect(listener.stream().text).toBe(spelled)
          expect(listener.stream().end).toBe('fin')
          expect(listener.stream().gaps).toEqual([])
          expect(listener.stream().conflicts).toEqual([])
          expect(listener.budget.held).toBe(0)
        },
      ),
    )
  })

  test('each segment delivers just what is whole up to there, and the end delivers all that came', () => {
    fc.assert(
      fc.property(streams, ({ initial, sent }) => {
        const listener = new Listener().push({ flags: 'S', seq: initial })
        const seen = new Uint8Array(LENGTH + 1)
        for (const range of sent) {
          listener.push(carrying(initial, range))
          seen.fill(1, ...range)
          const heard = listener.heard[0]?.streams[0].text ?? ''
          expect(heard).toBe(spelled.slice(0, seen.indexOf(0)))
        }
        listener.end()
        const last = seen.lastIndexOf(1)
        const want = Array.from({ length: last + 1 }, (_, i) => (seen[i] ? spelled[i] : '?')).join('')
        expect(listener.heard[0]?.streams[0].text ?? '').toBe(want)
        expect(listener.budget.held).toBe(0)
      }),
    )
  })

  test('the first copy of each byte is kept, and every segment that differs from it is reported', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(ranges, fc.constantFrom(0, 0, 0, 1)), { maxLength: 40 }), (sent) => {
        const listener = new Listener().push({ flags: 'S', seq: 0 })
        const model: (number | undefined)[] = Array.from({ length: LENGTH })
        let highest = 0
        let conflicts = 0
        for (const [[start, end], change] of sent) {
          // A single byte, the last of those that came, is a keep-alive probe.
          const isProbe = end - start === 1 && end === highest
          const data = bytes.slice(start, end).map((byte) => byte + change)
          listener.push({ seq: 1 + start, data })
          if (isProbe) continue
          highest = Math.max(highest, end)
          let differs = false
          for (let i = start; i < end; i++) {
            model[i] ??= data[i - start]!
            if (model[i] !== data[i - start]) differs = true
          }
          if (differs) conflicts++
        }
        listener.end()
        const want = model
          .slice(0, highest)
          .map((byte) => (byte === undefined ? '?' : String.fromCharCode(byte)))
        expect(listener.heard[0]?.streams[0].text ?? '').toBe(want.join(''))
        expect(listener.heard[0]?.streams[0].conflicts.length ?? 0).toBe(conflicts)
      }),
    )
  })

  test('no byte is lost or moved, whatever was cut, acknowledged, limited or ended on the way', () => {
    const events = fc.oneof(
      {
        weight: 6,
        arbitrary: fc.record({ range: ranges, cut: fc.constantFrom(0, 0, 0, 5), flags: fc.constant('') }),
      },
      {
        weight: 2,
        arbitrary: fc.record({ ack: fc.nat(LENGTH + 5), back: fc.constant(true), at: fc.nat(9) }),
      },
      { weight: 1, arbitrary: fc.record({ range: ranges, flags: fc.constantFrom('F', 'S', 'R', 'FS', '') }) },
    )
    const waitingPerStream = fc.constantFrom(400, 1000, 4_000_000)
    fc.assert(
      fc.property(
        fc.boolean(),
        waitingPerStream,
        fc.array(events, { maxLength: 60 }),
        (withSyn, limit, steps) => {
          const listener = new Listener({ waitingPerStream: limit, waitingTotal: 5000 })
          if (withSyn) listener.push({ flags: 'S', seq: 0 })
          for (const step of steps) {
            if (!('range' in step)) listener.push({ seq: 1, ack: 1 + step.ack, back: true, at: step.at })
            else
              listener.push({
                ...carrying(0, step.range),
                ...('cut' in step ? { cut: step.cut } : {}),
                flags: step.flags,
              })
          }
          listener.end()
          expect(listener.budget.held).toBe(0)
          if (!withSyn) return
          // Data on a repeated SYN stands one byte further on; such a SYN is another connection's.
          if (steps.some((step) => 'flags' in step && step.flags.includes('S'))) return
          const heard = listener.heard.flatMap(({ streams }) => streams).find(({ text }) => text !== '')
          for (const [i, letter] of Array.from(heard?.text ?? '').entries()) {
            if (letter !== '?' || spelled[i] === '?') expect(letter).toBe(spelled[i])
          }
        },
      ),
    )
  })
})

describe('two directions', () => {
  test('the directions of many connections stay apart in any mixture', () => {
    const step = fc.record({
      sourcePort: fc.integer({ min: 1, max: 6 }),
      back: fc.boolean(),
      length: fc.integer({ min: 1, max: 9 }),
    })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
        const listener = new Listener()
        const want = new Map<number, [string, string]>()
        for (const { sourcePort, back, length } of steps) {
          let sent = want.get(sourcePort)
          if (sent === undefined) {
            sent = ['', '']
            want.set(sourcePort, sent)
            listener.push({ sourcePort, flags: 'S', seq: 0 })
            listener.push({
              sourcePort: 80,
              destinationPort: sourcePort,
              flags: 'S',
              seq: 0,
              ack: 1,
              back: true,
            })
          }
          const at = sent[back ? 1 : 0].length
          const data = String.fromCharCode(sourcePort + (back ? 100 : 0)).repeat(length)
          sent[back ? 1 : 0] += data
          const ports = back ? { sourcePort: 80, destinationPort: sourcePort } : { sourcePort }
          listener.push({ ...ports, back, seq: 1 + at, data })
        }
        const heard = listener.heard.map(({ tcp, streams }): [number, [string, string]] => [
          tcp.endpoints[0].port,
          [streams[0].text, streams[1].text],
        ])
        expect(new Map(heard)).toEqual(want)
      }),
    )
  })
})

describe('waiting ranges', () => {
  test('waiting ranges stay in order and are found, whatever is added and removed', () => {
    const action = fc.record({
      at: fc.nat(2000),
      length: fc.integer({ min: 1, max: 4 }),
      remove: fc.boolean(),
    })
    fc.assert(
      fc.property(fc.array(action, { maxLength: 900, size: 'max' }), (actions) => {
        const budget = new Budget(1e9)
        const waiting = new WaitingRanges(budget, 1e9)
        let model: WaitingRange[] = []
        for (const { at, length, remove } of actions) {
          const found = model.find(({ end }) => end > at)
          expect(waiting.endingAfter(at)).toBe(found)
          if (remove && found !== undefined) {
            waiting.remove(found)
            model = model.filter((range) => range !== found)
          } else if (found === undefined || found.start >= at + length) {
            const bytes = new Uint8Array(length)
            const range = {
              start: at,
              end: at + length,
              bytes,
              packet: 1,
              time: undefined,
              segmentStart: true,
            }
            expect(waiting.pay(length)).toBe(true)
            waiting.add(range)
            model = [...model, range].sort((a, b) => a.start - b.start)
          }
          expect(waiting.first).toBe(model[0])
          expect(waiting.last).toBe(model.at(-1))
        }
        for (const range of model) {
          expect(waiting.first).toBe(range)
          waiting.remove(range)
        }
        expect(waiting.first).toBe(undefined)
        expect(budget.held).toBe(0)
      }),
      { numRuns: 30 },
    )
  })
})

function shuffled<Item>(items: readonly Item[], order: Iterable<number>): Item[] {
  const result = [...items]
  const numbers = order[Symbol.iterator]()
  for (let i = result.length - 1; i > 0; i--) {
    const other = (numbers.next().value as number) % (i + 1)
    const item = result[i]!
    result[i] = result[other]!
    result[other] = item
  }
  return result
}
