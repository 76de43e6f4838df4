import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { constants, deflateRawSync } from 'node:zlib'
import fc from 'fast-check'
import { InflateRaw } from 'minizlib'
import { describe, expect, it, vi } from 'vitest'
import { concat } from '../../src/base/bytes.ts'
import { Budget, type Limits, limitsWith } from '../../src/base/limits.ts'
import { makeInflaterPool } from '../../src/conversation/inflater-pool.ts'
import { nodePlatform } from '../../src/platform/node/platform.ts'
import type { Inflated, Inflater, MakeInflater } from '../../src/websocket/inflater.ts'
import { hex, utf8, zeros } from '../support/builders/packet-builder.ts'
import { compressAlone, compressFinal, makeCompressor } from '../support/builders/websocket-compressor.ts'

const MIB = 1024 * 1024
const text = ({ bytes }: Inflated): string => new TextDecoder().decode(bytes)

function setUp(limits: Partial<Limits> = {}, purse = 96 * MIB): { make: MakeInflater; budget: Budget } {
  const budget = new Budget(purse)
  return { make: makeInflaterPool(limitsWith(limits), budget, nodePlatform), budget }
}

const fresh = (windowBits = 15): Inflater => setUp().make(windowBits)

/** Bytes that do not compress, the same in every run. */
function noise(length: number, seed = 1): Uint8Array {
  let state = seed
  return Uint8Array.from({ length }, () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
    return state >>> 24
  })
}

/** The most that `measure` gives while `run` runs: at every `step`th copy into an array. */
function peakOf(run: () => void, step: number, measure: () => number): number {
  const before = measure()
  let peak = before
  let copies = 0
  const { set } = Uint8Array.prototype
  Uint8Array.prototype.set = function (...args) {
    if (++copies % step === 0) peak = Math.max(peak, measure())
    return set.apply(this, args)
  }
  try {
    run()
  } finally {
    Uint8Array.prototype.set = set
  }
  expect(copies).toBeGreaterThanOrEqual(step)
  return peak - before
}

setFlagsFromString('--expose-gc')
const collectGarbage: () => void = runInNewContext('gc')

/** Bytes of objects that are in use. */
function liveHeap(): number {
  collectGarbage()
  return process.memoryUsage().heapUsed
}

describe('an inflater', () => {
  it.each([
    ['one block (§7.2.3.1)', ['f2 48 cd c9 c9 07 00'], ['Hello']],
    [
      'the window shared with the message before (§7.2.3.2)',
      ['f2 48 cd c9 c9 07 00', 'f2 00 11 00 00'],
      ['Hello', 'Hello'],
    ],
    ['a block without compression (§7.2.3.3)', ['00 05 00 fa ff 48 65 6c 6c 6f 00'], ['Hello']],
    ['a block with BFINAL set (§7.2.3.4)', ['f3 48 cd c9 c9 07 00 00'], ['Hello']],
    ['two blocks (§7.2.3.5)', ['f2 48 05 00 00 00 ff ff ca c9 c9 07 00'], ['Hello']],
    ['an empty message (§7.2.3.6)', ['00', 'f2 48 cd c9 c9 07 00', '00'], ['', 'Hello', '']],
  ])('an inflater reads the example of RFC 7692: %s', (_, messages, expected) => {
    const inflater = fresh()
    const inflated = messages.map((message) => inflater.inflate(hex(message), MIB))
    expect(inflated.map(({ status }) => status)).toEqual(expected.map(() => 'done'))
    expect(inflated.map(text)).toEqual(expected)
  })

  it.each([8, 9, 10, 11, 12, 13, 14, 15])(
    'an inflater keeps a window of %i bits from message to message',
    (windowBits) => {
      const compress = makeCompressor(Math.max(windowBits, 9))
      const inflater = fresh(windowBits)
      for (let i = 0; i < 200; i++) {
        // With 8 bits zlib writes references of up to 250 bytes (its window of 512, less 262), so they fit.
        const message = concat([utf8(`{"number":${i},"of":"two hundred"}`), noise(i % 7 === 0 ? 400 : 3, i)])
        expect(inflater.inflate(compress(message), MIB)).toEqual({
          bytes: message,
          status: 'done',
          reason: undefined,
        })
      }
    },
  )

  it('an inflater refuses a reference to bytes before the first message', () => {
    const compress = makeCompressor()
    compress(utf8('what nobody captured'))
    const inflated = fresh().inflate(compress(utf8('but what nobody captured')), MIB)
    expect(inflated).toMatchObject({ status: 'error', reason: 'invalid distance too far back' })
    expect('but what nobody captured'.startsWith(text(inflated))).toBe(true)
    expect(inflated.bytes.length).toBeGreaterThanOrEqual(4)
  })

  it('an inflater forgets the window when it is told to', () => {
    const inflater = fresh()
    inflater.inflate(hex('f2 48 cd c9 c9 07 00'), MIB)
    inflater.reset()
    expect(inflater.inflate(hex('f2 00 11 00 00'), MIB).status).toBe('error')
    expect(text(inflater.inflate(hex('f2 48 cd c9 c9 07 00'), MIB))).toBe('Hello')
  })

  it('an inflater goes on with the same window after blocks with BFINAL set, even several in one message', () => {
    const inflater = fresh()
    const first = noise(50_000)
    expect(Buffer.compare(inflater.inflate(compressFinal(first), MIB).bytes, first)).toBe(0)
    const window = first.slice(-32_768)
    const parts = [1, 2, 3].map((seed) => noise(100, seed))
    const second = concat(
      parts.map((part, i) =>
        deflateRawSync(concat([window.subarray(1000, 2000), part]), {
          dictionary: concat([
            window,
            ...parts.slice(0, i).map((p) => concat([window.subarray(1000, 2000), p])),
          ]).slice(-32_768),
        }),
      ),
    )
    const inflated = inflater.inflate(concat([second, Uint8Array.of(0)]), MIB)
    expect(inflated.status).toBe('done')
    expect(inflated.bytes).toEqual(concat(parts.map((part) => concat([window.subarray(1000, 2000), part]))))
    const third = deflateRawSync(inflated.bytes, {
      dictionary: concat([window, inflated.bytes]).slice(-32_768),
      finishFlush: constants.Z_SYNC_FLUSH,
    })
    expect(third.length).toBeLessThan(100)
    expect(inflater.inflate(third.subarray(0, -4), MIB)).toMatchObject({
      status: 'done',
      bytes: inflated.bytes,
    })
  })

  it('an inflater takes a stream that ends with its message, without the empty block after it', () => {
    const inflater = fresh()
    for (const message of ['one', 'two', 'three']) {
      expect(text(inflater.inflate(deflateRawSync(message), MIB))).toBe(message)
    }
  })

  it('an inflater stops at the limit, and takes no more than a few MiB beyond it', () => {
    const bomb = compressAlone(zeros(64 * MIB))
    const run = (): void => {
      const inflated = fresh().inflate(bomb, 4 * MIB)
      expect(inflated).toMatchObject({ status: 'limit', reason: undefined })
      expect(Buffer.compare(inflated.bytes, zeros(4 * MIB))).toBe(0)
    }
    const peak = peakOf(run, 1, () => process.memoryUsage().arrayBuffers)
    expect(peak).toBeLessThan(40 * MIB)
  })

  it('an inflater gives a message that inflates to just the limit', () => {
    const inflater = fresh()
    expect(inflater.inflate(compressAlone(zeros(1000)), 1000)).toMatchObject({
      status: 'done',
      bytes: zeros(1000),
    })
    inflater.reset()
    expect(inflater.inflate(compressAlone(zeros(1001)), 1000)).toMatchObject({
      status: 'limit',
      bytes: zeros(1000),
    })
  })

  it('an inflater keeps to the limit if the message is faulty after it', () => {
    const faulty = hex('2a c0 00 63')
    expect(fresh().inflate(faulty, 18)).toMatchObject({ status: 'error', bytes: { length: 18 } })
    expect(fresh().inflate(faulty, 17)).toMatchObject({ status: 'limit', bytes: { length: 17 } })
  })

  it('an inflater says that data ends inside a block, and gives what came out of it', () => {
    const message = noise(5000).map((byte) => 64 + (byte & 63))
    const compressed = compressAlone(message)
    for (let length = 1; length < compressed.length - 1; length += length < 300 ? 1 : 97) {
      const { bytes, status } = fresh().inflate(compressed.subarray(0, length), MIB)
      expect(status, `${length} of ${compressed.length} bytes`).toBe('error')
      expect(Buffer.compare(bytes, message.subarray(0, bytes.length))).toBe(0)
      if (length > 200) expect(bytes.length).toBeGreaterThan(length - 200)
    }
  })

  it.each([1, 7, 8, 63, 64, 511, 4095, 4096, 4097, 9000])(
    'an inflater gives all that comes before a fault at byte %i',
    (at) => {
      // Stored blocks of one byte each: five bytes of header, then the byte. A sixth of the bytes before the fault come out.
      const blocks = Math.floor(at / 6)
      const good = concat(
        Array.from({ length: blocks }, (_, i) => Uint8Array.of(0, 1, 0, 0xfe, 0xff, i % 251)),
      )
      const inflated = fresh().inflate(concat([good, Uint8Array.of(0x07), zeros(3000)]), MIB)
      expect(inflated).toMatchObject({ status: 'error', reason: 'invalid block type' })
      expect(inflated.bytes).toEqual(Uint8Array.from({ length: blocks }, (_, i) => i % 251))
    },
  )

  it('an inflater leaves its input as it was, and gives bytes that later messages do not change', () => {
    const compress = makeCompressor()
    const inflater = fresh()
    const first = compress(utf8('first'))
    const given = first.slice()
    const inflated = inflater.inflate(first, MIB)
    for (let i = 0; i < 100; i++) inflater.inflate(compress(utf8(`more ${i}`)), MIB)
    expect(first).toEqual(given)
    expect(text(inflated)).toBe('first')
  })

  it('an inflater never throws, whatever the bytes, and inflates on after it', () => {
    const inflater = fresh()
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        const { status } = inflater.inflate(bytes, 10_000)
        expect(['done', 'error', 'limit', 'dropped']).toContain(status)
        inflater.reset()
        expect(text(inflater.inflate(hex('f2 48 cd c9 c9 07 00'), MIB))).toBe('Hello')
      }),
      { numRuns: 250 },
    )
  })

  it('an inflater holds no memory for blocks of one byte each', () => {
    const blocks = 200_000
    const payload = concat([
      ...Array.from({ length: blocks }, () => Uint8Array.of(0, 1, 0, 0xfe, 0xff, 7)),
      Uint8Array.of(0),
    ])
    const run = (): void => {
      const inflated = fresh().inflate(payload, MIB)
      expect(inflated.status).toBe('done')
      expect(inflated.bytes.length).toBe(blocks)
    }
    expect(peakOf(run, 100, liveHeap)).toBeLessThan(4 * MIB)
  })
})

describe('a pool of inflaters', () => {
  it('a pool gives the same results with one stream for all as with one for each', () => {
    const message = fc.record({
      of: fc.nat(4),
      bytes: fc.uint8Array({ maxLength: 60 }),
      repeat: fc.integer({ min: 1, max: 900 }),
    })
    fc.assert(
      fc.property(fc.array(message, { maxLength: 40 }), (messages) => {
        const one = setUp({ inflaters: 1 })
        const many = setUp()
        const compressors = [9, 11, 13, 15, 15].map((bits) => ({
          bits,
          compress: makeCompressor(bits),
          shared: one.make(bits),
          own: many.make(bits),
        }))
        for (const { of, bytes, repeat } of messages) {
          const { compress, shared, own } = compressors[of]!
          const original = concat(Array.from({ length: repeat }, () => bytes))
          const compressed = compress(original)
          for (const inflater of [shared, own]) {
            const { bytes: inflated, status } = inflater.inflate(compressed, MIB)
            expect(status).toBe('done')
            expect(Buffer.compare(inflated, original)).toBe(0)
          }
        }
        for (const { shared, own } of compressors) {
          shared.close()
          own.close()
        }
        expect(one.budget.held).toBe(0)
        expect(many.budget.held).toBe(0)
      }),
      { numRuns: 30 },
    )
  })

  it('a pool says if the budget had no room for a window, and works again after a reset', () => {
    const { make, budget } = setUp({ inflaters: 1 }, 1000)
    const compress = makeCompressor()
    const first = make(15)
    const second = make(15)
    expect(first.inflate(compress(noise(2000)), MIB).status).toBe('done')
    expect(first.inflate(compress(noise(2000)), MIB).status).toBe('done')
    second.inflate(compressAlone(utf8('x')), MIB)
    expect(first.inflate(compress(utf8('y')), MIB)).toMatchObject({
      status: 'dropped',
      bytes: new Uint8Array(0),
      reason: 'windowDropped',
    })
    first.reset()
    expect(text(first.inflate(compressAlone(utf8('z')), MIB))).toBe('z')
    first.close()
    second.close()
    expect(budget.held).toBe(0)
  })

  it('a pool drops the window that was idle longest if not all fit, and never holds more than half of the budget', () => {
    const { make, budget } = setUp({ inflaters: 1 }, 8 * 32_768)
    const senders = Array.from({ length: 6 }, () => ({ compress: makeCompressor(), inflater: make(15) }))
    for (const { compress, inflater } of senders) {
      expect(inflater.inflate(compress(noise(40_000)), MIB).status).toBe('done')
      expect(budget.held).toBeLessThanOrEqual(4 * 32_768)
    }
    const statuses = senders
      .toReversed()
      .map(({ compress, inflater }) => inflater.inflate(compress(utf8('more')), MIB).status)
    expect(statuses).toEqual(['done', 'done', 'done', 'done', 'dropped', 'dropped'])
  })

  it('a pool rations the streams that are lost to messages that do not inflate, and tells the same of each', () => {
    const { make, budget } = setUp()
    const lost = vi.spyOn(InflateRaw.prototype, 'close')
    try {
      const compress = makeCompressor()
      const steady = make(15)
      for (let i = 0; i < 1000; i++) {
        const fresh = make(15)
        // "Hello" in a stored block, and then a block of a type that there is not.
        expect(fresh.inflate(hex('00 05 00 fa ff 48 65 6c 6c 6f 06 00'), MIB)).toMatchObject({
          bytes: utf8('Hello'),
          status: 'error',
          reason: 'invalid block type',
        })
        fresh.close()
        expect(text(steady.inflate(compress(utf8(`message ${i}`)), MIB))).toBe(`message ${i}`)
      }
      expect(lost.mock.calls.length).toBeGreaterThan(250)
      expect(lost.mock.calls.length).toBeLessThan(270)
      steady.close()
      expect(budget.held).toBe(0)
    } finally {
      lost.mockRestore()
    }
  })

  it('all messages together inflate to 256 MiB, and then to a number of bytes for each byte captured', () => {
    let captured = 0
    const limits = limitsWith({ inflateRatio: 10 })
    const make = makeInflaterPool(limits, new Budget(96 * MIB), nodePlatform, () => captured)
    const inflater = make(15)
    const bomb = compressAlone(zeros(16 * MIB))
    for (let i = 0; i < 15; i++) expect(inflater.inflate(bomb, 16 * MIB).status).toBe('done')
    expect(inflater.inflate(bomb, 15 * MIB)).toMatchObject({ status: 'limit', reason: undefined })
    captured = 3
    expect(make(15).inflate(bomb, 16 * MIB)).toMatchObject({
      status: 'limit',
      reason: 'inflateRatio',
      bytes: { length: 30 },
    })
    const none = { status: 'limit', reason: 'inflateRatio', bytes: { length: 0 } }
    expect(inflater.inflate(hex('f2 48 cd c9 c9 07 00'), MIB)).toMatchObject(none)
    captured = MIB
    inflater.reset()
    expect(text(inflater.inflate(hex('f2 48 cd c9 c9 07 00'), MIB))).toBe('Hello')
  })

  it('blocks with BFINAL set, each of which costs a new stream, end at the same limit', () => {
    const make = makeInflaterPool(
      limitsWith({ inflateRatio: 1 }),
      new Budget(96 * MIB),
      nodePlatform,
      () => 0,
    )
    const inflater = make(15)
    inflater.inflate(compressAlone(noise(40_000)), MIB)
    const finals = concat(Array.from({ length: 20_000 }, () => hex('03 00')))
    expect(inflater.inflate(finals, MIB)).toMatchObject({ status: 'limit', reason: 'inflateRatio' })
  })

  it('blocks with BFINAL set end at the same limit after so many faults that messages are inflated alone', () => {
    const make = makeInflaterPool(
      limitsWith({ inflateRatio: 1 }),
      new Budget(96 * MIB),
      nodePlatform,
      () => 0,
    )
    for (let i = 0; i < 300; i++) make(15).inflate(hex('06'), MIB)
    const inflater = make(15)
    const finals = concat(Array.from({ length: 4000 }, () => hex('03 00')))
    const reasons = Array.from({ length: 8 }, () => inflater.inflate(finals, MIB).reason)
    expect(reasons[0]).toBeUndefined()
    expect(reasons.at(-1)).toBe('inflateRatio')
  })

  it('a pool does not try long messages of an inflater that has met faults, once there were too many', () => {
    const { make } = setUp()
    const good = concat([compressAlone(noise(20_000))])
    const hostile = make(15)
    const other = make(15)
    for (let i = 0; i < 300; i++) hostile.inflate(concat([good, hex('06')]), MIB)
    expect(hostile.inflate(good, MIB)).toMatchObject({ status: 'dropped', reason: 'notTried' })
    expect(other.inflate(good, MIB)).toMatchObject({ status: 'done' })
    for (let i = 0; i < 600; i++) {
      other.reset()
      expect(text(other.inflate(hex('f2 48 cd c9 c9 07 00'), MIB))).toBe('Hello')
    }
    expect(hostile.inflate(good, MIB)).toMatchObject({ status: 'done' })
  })

  it('a pool hands streams on, so that none is thrown away if many inflaters take turns', () => {
    const { make } = setUp({ inflaters: 4 })
    const thrownAway = vi.spyOn(InflateRaw.prototype, 'close')
    const senders = Array.from({ length: 40 }, (_, i) => {
      const bits = i % 2 === 0 ? 15 : 10
      return { compress: makeCompressor(bits), inflater: make(bits) }
    })
    for (let round = 0; round < 3; round++) {
      for (const { compress, inflater } of senders) {
        expect(text(inflater.inflate(compress(utf8(`round ${round}`)), MIB))).toBe(`round ${round}`)
      }
    }
    expect(thrownAway).not.toHaveBeenCalled()
    make(12).inflate(hex('00'), MIB)
    expect(thrownAway).toHaveBeenCalledOnce()
    thrownAway.mockRestore()
  })

  it('a pool keeps nothing for an inflater whose side has no context takeover', () => {
    const { make, budget } = setUp({ inflaters: 1 })
    const inflaters = Array.from({ length: 20 }, () => make(15))
    for (const inflater of inflaters) {
      inflater.inflate(compressAlone(noise(40_000)), MIB)
      inflater.reset()
    }
    expect(budget.held).toBeLessThanOrEqual(32_768)
  })
})
