import { describe, expect, it } from 'vitest'
import { concat } from '../../src/base/bytes.ts'
import { Budget } from '../../src/base/limits.ts'
import type { StreamItem } from '../../src/base/stream.ts'
import { encodeFrame } from '../../src/websocket/encode.ts'
import { bytesOf, chunkOf, endOf, gapOf } from '../support/builders/stream-items.ts'
import { Random } from '../support/builders/websocket-traffic.ts'
import { type DecodeOptions, decodeAll, framesOf } from '../support/drivers/decoded-frames.ts'
import { growthOf, IN_PROPORTION } from '../support/drivers/processor-time.ts'

const encoder = new TextEncoder()
const random = new Random(20_261_123)

function text(words: string, isMasked = true): Uint8Array {
  const maskingKey = isMasked ? random.below(2 ** 32) : undefined
  return encodeFrame({ fin: true, opcode: 1, payload: encoder.encode(words), maskingKey })
}

function binary(payload: Uint8Array, isMasked = true): Uint8Array {
  return encodeFrame({
    fin: true,
    opcode: 2,
    payload,
    maskingKey: isMasked ? random.below(2 ** 32) : undefined,
  })
}

/** The parts as segments, numbered from 10 on, and the end. */
function segments(...parts: Uint8Array[]): StreamItem[] {
  return [...parts.map((part, i) => chunkOf(part, 10 + i)), endOf('capture', 10 + parts.length)]
}

function offsetsOf(items: StreamItem[], options: DecodeOptions = {}): number[] {
  return framesOf(decodeAll(items, options)).map(({ offset }) => offset)
}

const QUOTES = ['{"price":101.5,"volume":12}', '{"price":101.7,"volume":7}', '{"price":99.25,"volume":1000}']

describe('resynchronization', () => {
  it('the next frame after a hidden header is found, with how much was skipped and how sure it is', () => {
    const quotes = QUOTES.map((quote) => text(quote))
    const lost = binary(random.bytes(2500))
    const items = [chunkOf(quotes[0]!, 1), gapOf(1448, 2), ...segments(lost.subarray(1448), ...quotes)]
    const decoded = decodeAll(items)
    const found = decoded.find((event) => event.type === 'resynchronized')
    expect(found).toMatchObject({ passedOver: lost.length - 1448, offset: quotes[0]!.length + lost.length })
    expect(found!.confidence).toBeGreaterThan(0.99)
    expect(found!.confidence).toBeLessThanOrEqual(1)
    expect(framesOf(decoded).map(({ payload }) => new TextDecoder().decode(payload))).toEqual([
      QUOTES[0],
      ...QUOTES,
    ])
  })

  it('frames that are found have the packets and times in which they came', () => {
    const items = [gapOf(500, 2), ...segments(...QUOTES.map((quote) => text(quote)))]
    const frames = framesOf(decodeAll(items))
    expect(
      frames.map(({ firstPacket, lastPacket, time }) => [firstPacket, lastPacket, time?.seconds]),
    ).toEqual([
      [10, 10, 10],
      [11, 11, 11],
      [12, 12, 12],
    ])
  })

  it.each([true, false])('decoding starts in the middle of a connection (masked: %s)', (isMasked) => {
    const torn = text('the end of a message that began before the capture', isMasked).subarray(20)
    const quotes = [...QUOTES, ...QUOTES].map((quote) => text(quote, isMasked))
    const from = isMasked ? 'client' : 'server'
    const offsets = offsetsOf(segments(torn, ...quotes), { midstream: true, from })
    expect(offsets).toEqual(quotes.map((_, i) => torn.length + concat(quotes.slice(0, i)).length))
  })

  it('frames that start nowhere special are found, once the side has long sent without a pause', () => {
    const frames = Array.from({ length: 60 }, () => binary(random.bytes(2000 + random.below(4000)), false))
    const bytes = concat(frames)
    const parts = Array.from({ length: Math.floor(bytes.length / 1448) }, (_, i) =>
      bytes.subarray(i * 1448, (i + 1) * 1448),
    )
    const items = segments(...parts)
    items.splice(2, 1, gapOf(1448))
    const starts = frames.map((_, i) => concat(frames.slice(0, i)).length)
    const offsets = offsetsOf(items, { from: 'server' })
    expect(offsets.length).toBeGreaterThan(25)
    expect(offsets.filter((offset) => !starts.includes(offset))).toEqual([])
  })

  describe('resynchronization in full segments, one write after the other', () => {
    /** The frames without their second segment, and which of them were found. */
    function found(
      frames: readonly Uint8Array[],
      from: 'client' | 'server',
    ): { behind: number; wrong: number } {
      const bytes = concat(frames)
      const parts = Array.from({ length: Math.ceil(bytes.length / 1448) }, (_, i) =>
        bytes.subarray(i * 1448, (i + 1) * 1448),
      )
      const items = segments(...parts)
      items.splice(1, 1, gapOf(1448))
      const starts = frames.map((_, i) => concat(frames.slice(0, i)).length)
      const offsets = offsetsOf(items, { from }).filter((offset) => offset > 1448)
      return { behind: offsets.length, wrong: offsets.filter((offset) => !starts.includes(offset)).length }
    }
    const many = (make: () => Uint8Array) => Array.from({ length: 200 }, make)
    const someQuote = () => `{"price":${random.below(10_000) / 4},"volume":${random.below(1000)}}`

    it('masked frames are found soon: nothing in a payload looks like one', () => {
      const { behind, wrong } = found(
        many(() => binary(random.bytes(50 + random.below(100)))),
        'client',
      )
      expect(behind).toBeGreaterThan(150)
      expect(wrong).toBe(0)
    })

    it('text is found soon if there has been nothing but text: no character looks like a frame', () => {
      const { behind, wrong } = found(
        many(() => text(someQuote(), false)),
        'server',
      )
      expect(behind).toBeGreaterThan(80)
      expect(wrong).toBe(0)
    })

    it('no frame is found in a recording that a mask of zeros lets show', () => {
      const zero = (payload: Uint8Array) => encodeFrame({ fin: true, opcode: 2, payload, maskingKey: 0 })
      const recording = zero(concat(many(() => text(someQuote()))))
      expect(found([zero(random.bytes(100)), recording], 'client')).toEqual({ behind: 0, wrong: 0 })
      expect(
        found(
          [text('one text', false), binary(concat(many(() => text(someQuote(), false))), false)],
          'server',
        ),
      ).toEqual({
        behind: 0,
        wrong: 0,
      })
    })
  })

  it('whole frames inside a payload are not taken for frames if the header around them is lost', () => {
    const inner = concat(Array.from({ length: 400 }, () => text(QUOTES[random.below(3)]!, false)))
    const outer = binary(inner, false)
    const parts = Array.from({ length: Math.ceil(outer.length / 1448) }, (_, i) =>
      outer.subarray(i * 1448, (i + 1) * 1448),
    )
    const after = QUOTES.map((quote) => text(quote, false))
    const items = [gapOf(1448, 1), ...segments(...parts.slice(1), ...after)]
    expect(offsetsOf(items, { from: 'server' })).toEqual(
      after.map((_, i) => outer.length + concat(after.slice(0, i)).length),
    )
  })

  it.each<[string, (length: number) => Uint8Array]>([
    ['zeros', (length) => new Uint8Array(length)],
    ['random bytes', (length) => random.bytes(length)],
    ['text', (length) => encoder.encode('Frames? "None" of them: '.repeat(length / 24))],
    ['Chinese text', (length) => encoder.encode('服务器回应: '.repeat(length / 17))],
    ['sound around its zero line', (length) => Uint8Array.from({ length }, () => 0x7e + random.below(6))],
    ['one frame over and over', (length) => bytesOf('82 82 01 02 03 04 05 06'.repeat(length / 8))],
    [
      'small numbers',
      (length) => new Uint8Array(Uint32Array.from({ length: length / 4 }, (_, i) => i % 300).buffer),
    ],
  ])('no frame is found in %s', (_, make) => {
    for (const from of ['client', 'server'] as const) {
      const bytes = make(200_000)
      const parts = Array.from({ length: 137 }, (_, i) => bytes.subarray(i * 1448, (i + 1) * 1448))
      const decoded = decodeAll([gapOf(1448), ...segments(...parts)], { from })
      expect(decoded).toMatchObject([{ type: 'remainder', what: 'unsynchronized' }])
    }
  })

  it('a second hole inside a payload is stepped over while the search goes on', () => {
    const long = binary(random.bytes(4000))
    const quotes = QUOTES.map((quote) => text(quote))
    const items = [
      chunkOf(text('before'), 1),
      gapOf(200, 2),
      chunkOf(long.subarray(0, 1448), 3),
      gapOf(1448, 4),
      chunkOf(long.subarray(2896), 5),
      ...segments(...quotes),
    ]
    const frames = framesOf(decodeAll(items)).slice(1)
    expect(frames.map(({ holes }) => holes)).toEqual([[[1440, 2888]], undefined, undefined, undefined])
    expect(frames[0]).toMatchObject({
      cutBy: 'gap',
      capturedLength: 2552,
      offset: text('before').length + 200,
    })
  })

  it('what cannot be afforded is given up, and what comes later is still found', () => {
    const budget = new Budget(6000)
    const junk = Array.from({ length: 30 }, () => random.bytes(1448))
    const items = [gapOf(1448), ...segments(...junk, ...QUOTES.map((quote) => text(quote)))]
    expect(offsetsOf(items, { budget }).length).toBeGreaterThanOrEqual(2)
    expect(budget.held).toBe(0)
  })

  it.each([1448, 10])(
    'segments of %i bytes take time in proportion to the bytes, even if every byte may begin a frame',
    async (size) => {
      const bytes = Uint8Array.from({ length: 400_000 }, (_, i) => (i % 2 === 0 ? 0x82 : 0xfe))
      function* items(length: number): Generator<StreamItem> {
        yield gapOf(1448)
        for (let at = 0; at < length; at += size) yield chunkOf(bytes.subarray(at, at + size))
        yield endOf()
      }
      expect(await growthOf((length) => decodeAll(items(length)), 100_000)).toBeLessThan(IN_PROPORTION)
    },
  )

  it('the search keeps no more than the limit on what waits', () => {
    const budget = new Budget(2 ** 30)
    let held = 0
    function* items(): Generator<StreamItem> {
      yield gapOf(1448)
      // Begins a frame of 1 GiB: worth waiting for, were there room.
      yield chunkOf(bytesOf('82 fe ff ff 01 02 03 04'))
      for (let i = 0; i < 1000; i++) {
        yield chunkOf(random.bytes(1448))
        held = Math.max(held, budget.held)
      }
      yield endOf()
    }
    decodeAll(items(), { budget, limits: { waitingPerStream: 32 * 1024 } })
    expect(held).toBeGreaterThan(16 * 1024)
    expect(held).toBeLessThan(2 * 32 * 1024)
    expect(budget.held).toBe(0)
  })
})
