import { describe, expect, it } from 'vitest'
import { concat } from '../../src/base/bytes.ts'
import type { StreamItem } from '../../src/base/stream.ts'
import { encodeFrame } from '../../src/websocket/encode.ts'
import { chunkOf, chunksOf, endOf, everyCut, gapOf } from '../support/builders/stream-items.ts'
import { decodeAll, framesOf } from '../support/drivers/decoded-frames.ts'

const payload = (length: number) => Uint8Array.from({ length }, (_, i) => i)
const frames = [
  encodeFrame({ fin: false, opcode: 1, maskingKey: 0x01020304, payload: payload(9) }),
  encodeFrame({ fin: true, opcode: 9, maskingKey: 0x05060708, payload: payload(0) }),
  encodeFrame({ fin: true, opcode: 0, maskingKey: 0x090a0b0c, payload: payload(5) }),
]

/** For each byte of a frame the packet that its segments name. */
function packetsOf(items: Iterable<StreamItem>): (number | undefined)[][] {
  return framesOf(decodeAll(items, { traceSegments: true })).map(
    ({ segments, headerLength, payloadLength }) => {
      const packets: (number | undefined)[] = Array(headerLength + Number(payloadLength)).fill(undefined)
      for (const { packet, start, end } of segments!) packets.fill(packet, start, end)
      return packets
    },
  )
}

describe('the segments of a frame', () => {
  it("a frame's segments name the packet of each of its bytes, however the stream was cut", () => {
    const stream = concat(frames)
    for (const cuts of everyCut(stream.length)) {
      const chunks = chunksOf(stream, cuts)
      const truth = chunks.flatMap(({ start, end, packet }) => Array(end - start).fill(packet))
      const expected: (number | undefined)[][] = []
      for (let at = 0; expected.length < frames.length; at += frames[expected.length - 1]!.length)
        expected.push(truth.slice(at, at + frames[expected.length]!.length))
      expect(packetsOf([...chunks, endOf()])).toEqual(expected)
    }
  })

  it("a frame's segments leave out what the capture does not hold", () => {
    const [frame] = frames as [Uint8Array]
    const items = [chunkOf(frame.subarray(0, 8), 3), gapOf(4, 5), chunkOf(frame.subarray(12), 5), endOf()]
    const hole = [undefined, undefined, undefined, undefined]
    expect(packetsOf(items)).toEqual([[...Array(8).fill(3), ...hole, 5, 5, 5]])
  })

  it("a frame's segments are known after a hole that hid a header, too", () => {
    const text = new TextEncoder().encode('the quick brown fox')
    const sent = Array.from({ length: 20 }, (_, i) =>
      encodeFrame({ fin: true, opcode: 1, maskingKey: 0x51627384 + i * 7919, payload: text }),
    )
    const { length } = sent[0]!
    const behind = sent.slice(1).map((frame, i) => chunkOf(frame, 3 + i))
    const items = [chunkOf(sent[0]!, 1), gapOf(length + 4, 2), ...behind, endOf()]
    const found = packetsOf(items)
    expect(found.length).toBeGreaterThan(1)
    expect(found).toEqual(found.map((_, i) => Array(length).fill(i === 0 ? 1 : 2 + i)))
  })

  it("a frame's segments are not given unless somebody asks", () => {
    expect(framesOf(decodeAll([chunkOf(frames[0]!), endOf()]))[0]!.segments).toBeUndefined()
  })
})
