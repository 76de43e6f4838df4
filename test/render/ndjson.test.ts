import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { AnalysisEvent } from '../../src/base/events.ts'
import { toRecord } from '../../src/records/to-record.ts'
import { NdjsonRenderer } from '../../src/render/ndjson.ts'
import { anyWalk } from '../support/builders/arbitrary-events.ts'
import {
  sampleConnection,
  sampleFrame,
  sampleMessage,
  sampleStory,
} from '../support/builders/sample-events.ts'
import { growthOf, IN_PROPORTION } from '../support/drivers/processor-time.ts'
import { printed, UNSAFE_ON_A_SCREEN } from '../support/drivers/rendering.ts'

const ndjson = (events: readonly AnalysisEvent[], flushAfter?: number) =>
  printed((write) => new NdjsonRenderer(write), events, flushAfter)

/** The record as JSON has it: bytes in base64. */
function inJson(event: AnalysisEvent): unknown {
  return JSON.parse(
    JSON.stringify(toRecord(event), (_, value) =>
      value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value,
    ),
  )
}

describe('NDJSON', () => {
  it('NDJSON prints the record of each event as a line of JSON, keys in the order of the records', () => {
    fc.assert(
      fc.property(anyWalk, fc.integer({ min: 1, max: 20 }), (events, flushAfter) => {
        const lines = ndjson(events, flushAfter).split('\n')
        expect(lines.pop()).toBe('')
        expect(lines.map((line) => JSON.stringify(JSON.parse(line)))).toEqual(
          events.map((event) => JSON.stringify(inJson(event))),
        )
      }),
      { numRuns: 300 },
    )
  })

  it('NDJSON holds nothing that a terminal would obey', () => {
    fc.assert(
      fc.property(anyWalk, (events) => {
        expect(ndjson(events)).not.toMatch(
          /(?!\n|\ufe0f)[\p{Cc}\p{Bidi_Control}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u,
        )
      }),
      { numRuns: 200 },
    )
    expect(ndjson(sampleStory())).not.toMatch(UNSAFE_ON_A_SCREEN)
  })

  it("NDJSON spells the article's frame as the README has it", () => {
    const payload = Uint8Array.of(0x32, 0x34, 0x34, 0x04, 0x00)
    const frame = sampleFrame({ rsv1: true, maskingKey: 0x43020acf, payload })
    expect(ndjson([frame])).toBe(
      '{"type":"frame","connection":1,"frame":1,"from":"client","packet":{"first":8,"last":8},' +
        '"time":"2026-11-23T01:39:37.002000000Z","offset":0,"fin":true,"rsv1":true,"rsv2":false,"rsv3":false,' +
        '"opcode":1,"opcodeName":"text","masked":true,"maskingKey":"43020acf","headerLength":6,"payloadLength":5,' +
        '"capturedLength":5,"payload":"MjQ0BAA="}\n',
    )
  })

  it('NDJSON leaves out what is absent', () => {
    const [connection] = ndjson([sampleConnection({ request: null, time: undefined })]).split('\n')
    const record = JSON.parse(connection!)
    expect(record.handshake.request).toBeNull()
    expect(Object.keys(record)).not.toContain('proxyProtocol')
    const [message] = ndjson([sampleMessage({ data: undefined, incomplete: true })]).split('\n')
    expect(Object.keys(JSON.parse(message!)).slice(-2)).toEqual(['length', 'incomplete'])
  })

  it('NDJSON prints long payloads in pieces, in linear time, as the same record', async () => {
    for (const [unit, mebibytes] of [
      ['x', 1],
      ['\x01', 16],
      ['服', 16],
      ['\u0085', 1],
      ['👍', 1],
    ] as const) {
      const size = mebibytes * 1024 * 1024
      const data = Buffer.alloc(size - (size % Buffer.byteLength(unit)), unit)
      let largest = 0
      const print = (length: number): Uint8Array[] => {
        const pieces: Uint8Array[] = []
        const renderer = new NdjsonRenderer((output) => {
          largest = Math.max(largest, output.length)
          pieces.push(Buffer.from(output))
        })
        renderer.event(sampleMessage({ data: data.subarray(0, length) }))
        renderer.event(sampleFrame({ payload: data.subarray(0, 1_000_001) }))
        renderer.end()
        return pieces
      }
      expect(await growthOf(print, 2 ** 18)).toBeLessThan(IN_PROPORTION)
      const [message, frame] = Buffer.concat(print(size)).toString().split('\n')
      expect(largest).toBeLessThanOrEqual(256 * 1024)
      expect(Buffer.from(JSON.parse(message!).text).equals(data)).toBe(true)
      expect(Buffer.from(JSON.parse(frame!).payload, 'base64').equals(data.subarray(0, 1_000_001))).toBe(true)
    }
  })

  it('NDJSON prints a message with the bytes of its frame, and nothing of them once another frame has their memory', () => {
    for (const length of [1, 128, 129, 6145, 128 * 1024, 128 * 1024 + 1]) {
      const memory = new Uint8Array(length)
      const events = [sampleFrame({ payload: memory }), sampleMessage({ data: memory, isText: false })]
      let text = ''
      const renderer = new NdjsonRenderer((output) => {
        text += Buffer.from(output).toString()
      })
      for (const byte of [1, 2]) {
        memory.fill(byte)
        for (const event of events) renderer.event(event)
      }
      renderer.event(sampleMessage({ data: new Uint8Array(length), isText: false }))
      renderer.end()
      const records = text.trimEnd().split('\n')
      const bytes = records.map((line) => JSON.parse(line)).map(({ payload, data }) => payload ?? data)
      const spelled = [1, 1, 2, 2, 0].map((byte) => Buffer.alloc(length, byte).toString('base64'))
      expect(bytes).toEqual(spelled)
    }
  })

  it('NDJSON copies no byte too few: a piece may end within a character of invalid text', () => {
    const data = new Uint8Array(300_000).fill(0x80)
    const [line] = ndjson([sampleMessage({ data, isText: false })]).split('\n')
    expect(Buffer.from(JSON.parse(line!).data, 'base64').equals(data)).toBe(true)
  })
})
