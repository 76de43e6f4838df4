import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { concat, toHex } from '../../src/base/bytes.ts'
import { Budget } from '../../src/base/limits.ts'
import type { StreamItem } from '../../src/base/stream.ts'
import { encodeFrame } from '../../src/websocket/encode.ts'
import {
  atOddOffset,
  bytesOf,
  chunkOf,
  chunksOf,
  endOf,
  everyCut,
  gapOf,
} from '../support/builders/stream-items.ts'
import { Random } from '../support/builders/websocket-traffic.ts'
import { decodeAll, framesOf } from '../support/drivers/decoded-frames.ts'
import { growthOf, IN_PROPORTION } from '../support/drivers/processor-time.ts'
import { wsReceiver } from '../support/oracles/ws-oracle.ts'

const ARTICLE = 'c1 85 43 02 0a cf 71 36 3e cb 43'
const encoder = new TextEncoder()

const masked = (text: string, maskingKey = 0x37fa213d) =>
  encodeFrame({ fin: true, opcode: 1, maskingKey, payload: encoder.encode(text) })
const binary = (length: number) =>
  encodeFrame({ fin: true, opcode: 2, maskingKey: 0x80c0ffee, payload: countingBytes(length) })

function countingBytes(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => i % 251)
}

function whole(bytes: Uint8Array): StreamItem[] {
  return [chunkOf(bytes), endOf()]
}

describe('FrameDecoder', () => {
  it("the decoder reads the article's client frame: compressed, masked, 5 bytes", () => {
    expect(decodeAll(whole(bytesOf(ARTICLE)))).toEqual([
      {
        type: 'frame',
        connection: 1,
        frame: 0,
        from: 'client',
        firstPacket: 1,
        lastPacket: 1,
        time: { seconds: 1, nanoseconds: 0 },
        offset: 0,
        fin: true,
        rsv1: true,
        rsv2: false,
        rsv3: false,
        opcode: 1,
        masked: true,
        maskingKey: 0x43020acf,
        headerLength: 6,
        payloadLength: 5,
        capturedLength: 5,
        holes: undefined,
        payload: bytesOf('32 34 34 04 00'),
        close: undefined,
        cutBy: undefined,
      },
    ])
  })

  it.each([
    ['810548656c6c6f', ['1 48656c6c6f']],
    ['818537fa213d7f9f4d5158', ['1 48656c6c6f']],
    ['010348656c 80026c6f', ['1 48656c', '0 6c6f']],
    ['890548656c6c6f 8a8537fa213d7f9f4d5158', ['9 48656c6c6f', '10 48656c6c6f']],
  ])('the decoder reads the example %s of RFC 6455 §5.7', (hex, wanted) => {
    const frames = framesOf(decodeAll(whole(bytesOf(hex))))
    expect(frames.map(({ opcode, payload }) => `${opcode} ${toHex(payload)}`)).toEqual(wanted)
  })

  it('the decoder gives the same frames however the bytes are cut, as views at odd places too', () => {
    const bytes = concat([
      bytesOf(ARTICLE),
      bytesOf('81 00'),
      masked('Hello'),
      bytesOf('89 80 01 02 03 04'),
      binary(130),
    ])
    const strip = (items: StreamItem[]) =>
      framesOf(decodeAll(items)).map(({ firstPacket: _, lastPacket: __, time: ___, ...frame }) => frame)
    const wanted = strip(whole(bytes))
    expect(wanted.map(({ payloadLength }) => payloadLength)).toEqual([5, 0, 5, 0, 130])
    for (const cuts of everyCut(bytes.length)) {
      const chunks = chunksOf(cuts.length % 2 === 0 ? bytes : atOddOffset(bytes), cuts)
      expect(strip([...chunks, endOf()])).toEqual(wanted)
    }
  })

  it('a frame names the packets of its first and its last byte, and the time of the last', () => {
    const bytes = concat([masked('one'), masked('two')])
    const [one, two] = framesOf(decodeAll([...chunksOf(bytes, [4, 7, 12]), endOf()]))
    expect([one?.firstPacket, one?.lastPacket, one?.time?.seconds]).toEqual([1, 3, 3])
    expect([two?.firstPacket, two?.lastPacket, two?.offset]).toEqual([3, 4, 9])
  })

  it('a frame counts as completed by the packet that let its bytes through', () => {
    const late = { ...chunkOf(masked('late'), 3), released: 9, time: { seconds: 9, nanoseconds: 0 } }
    expect(decodeAll([late])).toMatchObject([{ firstPacket: 3, lastPacket: 9, time: { seconds: 9 } }])
  })

  it('the decoder never writes to the captured bytes', () => {
    const bytes = concat([masked('Hello'), binary(70_000)])
    const before = bytes.slice()
    decodeAll([...chunksOf(bytes, [5, 3000, 40_000]), endOf()])
    expect(toHex(bytes)).toBe(toHex(before))
  })

  it('an unmasked payload that lies in one chunk is shown without a copy', () => {
    const bytes = bytesOf('81 05 48 65 6c 6c 6f')
    const decoder = decodeAll([chunkOf(bytes)], { from: 'server' })
    expect(toHex(framesOf(decoder)[0]!.payload)).toBe('48656c6c6f')
  })

  it.each([
    [
      'illegal opcodes and reserved bits',
      'ff 05 48 65 6c 6c 6f',
      { opcode: 15, rsv1: true, rsv2: true, rsv3: true },
    ],
    [
      'a length longer than need be',
      '82 7f 00 00 00 00 00 00 00 01 aa',
      { headerLength: 10, payloadLength: 1 },
    ],
    [
      'an overlong fragmented ping',
      `09 7e 00 7e ${'00'.repeat(126)}`,
      { opcode: 9, fin: false, payloadLength: 126 },
    ],
  ])('the decoder decodes %s as they are', (_, hex, wanted) => {
    expect(decodeAll(whole(bytesOf(hex)), { from: 'server' })).toMatchObject([wanted])
  })

  it('the decoder decodes as the ws package does, for random frames cut at random', () => {
    fc.assert(
      fc.property(fc.nat(), fc.boolean(), (seed, isMasked) => {
        const random = new Random(seed)
        const sent = Array.from({ length: 8 }, () => {
          const payload = random.bytes(random.oneOf([0, 3, 125, 126, 700, 70_000]))
          return encodeFrame({
            fin: true,
            opcode: 2,
            payload,
            maskingKey: isMasked ? random.below(2 ** 32) : undefined,
          })
        })
        const bytes = concat(sent)
        const theirs: string[] = []
        wsReceiver(isMasked, (payload) => theirs.push(toHex(payload))).write(Buffer.from(bytes))
        const cuts = Array.from({ length: 9 }, () => random.below(bytes.length))
        const frames = framesOf(decodeAll([...chunksOf(bytes, cuts), endOf()]))
        expect(frames.map(({ payload }) => toHex(payload))).toEqual(theirs)
      }),
      { numRuns: 25 },
    )
  })

  it('the decoder never throws on random bytes, and gives back all that it drew from the budget', () => {
    const item = fc.oneof(
      {
        weight: 5,
        arbitrary: fc.uint8Array({ minLength: 1, maxLength: 60 }).map((bytes): StreamItem => chunkOf(bytes)),
      },
      { weight: 1, arbitrary: fc.integer({ min: 1, max: 300 }).map((length): StreamItem => gapOf(length)) },
    )
    fc.assert(
      fc.property(
        fc.array(item, { maxLength: 30 }),
        fc.boolean(),
        fc.nat(5000),
        (items, midstream, limit) => {
          const budget = new Budget(limit)
          decodeAll([...items, endOf()], { midstream, budget })
          expect(budget.held).toBe(0)
        },
      ),
      { numRuns: 500 },
    )
  })

  it('every captured byte is in a frame, skipped, or left', () => {
    const random = new Random(7)
    for (let trial = 0; trial < 200; trial++) {
      const bytes = random.bytes(200)
      let counted = 0
      for (const event of decodeAll([
        ...chunksOf(bytes, [50, 120]),
        gapOf(40),
        chunkOf(bytes.subarray(0, 90)),
        endOf(),
      ])) {
        if (event.type === 'frame') counted += event.headerLength + event.capturedLength
        else counted += event.type === 'remainder' ? event.length : event.passedOver
      }
      expect(counted).toBe(290)
    }
  })
})

describe('FrameDecoder at a hole', () => {
  it('the mask stays aligned after a hole in a payload, the hole is named, and the next frame is decoded', () => {
    const bytes = concat([binary(1000), masked('next')])
    const items = [
      chunkOf(bytes.subarray(0, 301), 1),
      gapOf(402, 2),
      chunkOf(bytes.subarray(703), 3),
      endOf(),
    ]
    const [torn, next] = framesOf(decodeAll(items))
    const wanted = countingBytes(1000).fill(0, 293, 695)
    expect(torn).toMatchObject({
      capturedLength: 598,
      holes: [[293, 695]],
      cutBy: 'gap',
      payloadLength: 1000,
    })
    expect(toHex(torn!.payload)).toBe(toHex(wanted))
    expect(new TextDecoder().decode(next!.payload)).toBe('next')
    expect(next).toMatchObject({ offset: 1008, holes: undefined, cutBy: undefined })
  })

  it('the next frame is found if a hole ends exactly with the payload', () => {
    const bytes = concat([binary(100), masked('next')])
    const items = [chunkOf(bytes.subarray(0, 56), 1), gapOf(50, 2), chunkOf(bytes.subarray(106), 3)]
    expect(decodeAll(items)).toMatchObject([
      { capturedLength: 50, holes: [[50, 100]], cutBy: 'gap', lastPacket: 2 },
      { type: 'frame', offset: 106 },
    ])
    expect(framesOf(decodeAll(items))[0]!.payload.length).toBe(50)
  })

  it('holes that touch are joined', () => {
    const items = [
      chunkOf(binary(100).subarray(0, 16)),
      gapOf(10),
      gapOf(20),
      chunkOf(binary(100).subarray(46)),
      endOf(),
    ]
    expect(framesOf(decodeAll(items))[0]!.holes).toEqual([[10, 40]])
  })

  it('the decoder says what is left of a header that a hole cut', () => {
    const items = [chunkOf(bytesOf('81 85 37'), 4), gapOf(8, 5), endOf('fin', 6)]
    expect(decodeAll(items)).toMatchObject([
      { type: 'remainder', what: 'header', offset: 0, length: 3, cutBy: 'gap', packet: 5 },
    ])
  })

  it('the decoder leaves what follows a hidden header, since nothing is sure there', () => {
    const items = [chunkOf(masked('one')), gapOf(100, 2), chunkOf(bytesOf('aa bb cc'), 3), endOf('reset', 4)]
    expect(decodeAll(items).at(-1)).toMatchObject({
      type: 'remainder',
      what: 'unsynchronized',
      offset: 109,
      length: 3,
      cutBy: 'gap',
      packet: 4,
    })
  })
})

describe('FrameDecoder at the end of a stream', () => {
  it.each(['fin', 'reset', 'capture', 'limit'] as const)(
    'a partial frame is handed over when %s cuts it',
    (reason) => {
      const items = [chunkOf(masked('Hello').subarray(0, 8)), endOf(reason, 7)]
      const [frame] = framesOf(decodeAll(items))
      expect(frame).toMatchObject({
        capturedLength: 2,
        payloadLength: 5,
        cutBy: reason,
        lastPacket: 7,
        holes: undefined,
      })
      expect(new TextDecoder().decode(frame!.payload)).toBe('He')
    },
  )

  it('the decoder says what is left of a header at the end', () => {
    expect(decodeAll([chunkOf(bytesOf('81 7e 01')), endOf('capture', 3)])).toMatchObject([
      { type: 'remainder', what: 'header', offset: 0, length: 3, cutBy: 'capture', packet: 3 },
    ])
  })

  it('the decoder says nothing if the stream ends between two frames', () => {
    expect(decodeAll([chunkOf(masked('Hello')), endOf()])).toHaveLength(1)
    expect(decodeAll([endOf()])).toEqual([])
  })

  it('a frame with a length beyond 2^53 runs to the end of its direction', () => {
    const items = [
      chunkOf(bytesOf('82 7f 80 00 00 00 00 00 00 05 aa bb')),
      gapOf(7),
      chunkOf(bytesOf('cc')),
      endOf(),
    ]
    expect(decodeAll(items, { from: 'server' })).toMatchObject([
      { payloadLength: 2n ** 63n + 5n, capturedLength: 3, holes: [[2, 9]], cutBy: 'fin' },
    ])
  })
})

describe('FrameDecoder within its limits', () => {
  it('a payload is kept up to the limit, the rest is counted, and decoding goes on after it', () => {
    const bytes = concat([binary(5000), masked('next')])
    for (const cuts of [[], [100, 2000, 4000]]) {
      const [long, next] = framesOf(
        decodeAll([...chunksOf(bytes, cuts), endOf()], { limits: { messageSize: 1500 } }),
      )
      expect(long).toMatchObject({ payloadLength: 5000, capturedLength: 5000, cutBy: undefined })
      expect(toHex(long!.payload)).toBe(toHex(countingBytes(1500)))
      expect(new TextDecoder().decode(next!.payload)).toBe('next')
    }
  })

  it('less of a payload is kept when the budget refuses, the rest is counted, and decoding goes on after it', () => {
    const bytes = concat([binary(5000), masked('next')])
    const budget = new Budget(3000)
    const [long, next] = framesOf(decodeAll([...chunksOf(bytes, [500, 1200, 3000]), endOf()], { budget }))
    expect(long).toMatchObject({ payloadLength: 5000, capturedLength: 5000 })
    expect(toHex(long!.payload)).toBe(toHex(countingBytes(long!.payload.length)))
    expect(long!.payload.length).toBeLessThan(5000)
    expect(next!.payload.length).toBe(4)
    expect(budget.held).toBe(0)
  })

  it('the decoder reserves no more than twice what has arrived, whatever the header announces', () => {
    const budget = new Budget(2 ** 30)
    let held = 0
    const header = bytesOf('82 7f 00 00 00 00 01 00 00 00')
    function* items(): Generator<StreamItem> {
      yield chunkOf(header)
      for (let i = 0; i < 100; i++) {
        yield chunkOf(new Uint8Array(1000), i + 2)
        held = Math.max(held, budget.held / ((i + 1) * 1000))
      }
    }
    decodeAll(items(), { from: 'server', budget })
    expect(held).toBeGreaterThan(0)
    expect(held).toBeLessThanOrEqual(2)
  })

  it('a large message in segments of one byte takes time in proportion to its bytes', async () => {
    function* items(bytes: Uint8Array): Generator<StreamItem> {
      const one = chunkOf(bytes)
      for (let at = 0; at < bytes.length; at++) yield { ...one, start: at, end: at + 1, packet: at }
      yield endOf()
    }
    const work = (length: number) => {
      const [frame] = framesOf(decodeAll(items(binary(length))))
      expect(Buffer.compare(frame!.payload, countingBytes(length))).toBe(0)
    }
    expect(await growthOf(work, 100_000)).toBeLessThan(IN_PROPORTION)
  })

  it('holes beyond their greatest number run together, and what lies between is marked as missing', () => {
    const budget = new Budget(2 ** 26)
    function* items(): Generator<StreamItem> {
      yield chunkOf(bytesOf('82 7f 00 00 00 00 00 01 00 00'))
      for (let i = 0; i < 20_000; i++) {
        yield chunkOf(bytesOf('ff'), i)
        yield gapOf(2, i)
      }
      yield endOf('fin')
    }
    const [frame] = framesOf(decodeAll(items(), { from: 'server', budget }))
    const missing = frame!.holes!.reduce((sum, [start, end]) => sum + end - start, 0)
    expect(frame!.holes!.length).toBe(16_384)
    expect(frame!.capturedLength + missing).toBe(60_000)
    expect(frame!.payload.every((byte, i) => byte === (i % 3 === 0 && i < 49_152 ? 0xff : 0))).toBe(true)
    expect(budget.held).toBe(0)
  })
})
