// The page's inflater against the command line's: the same bytes and the same verdicts, message for message.
import { constants, deflateRawSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { toHex } from '../../src/base/bytes.ts'
import { Budget, limitsWith } from '../../src/base/limits.ts'
import { makeInflaterPool } from '../../src/conversation/inflater-pool.ts'
import { compress, makeInflater } from '../../src/page/inflater.ts'
import { nodePlatform } from '../../src/platform/node/platform.ts'

/** Compressed messages: whole, with BFINAL, cut short; and bytes that are not deflate data. */
const payload = fc.oneof(
  fc.uint8Array({ minLength: 1, maxLength: 40 }),
  fc.tuple(fc.string({ minLength: 1 }), fc.boolean(), fc.nat(3)).map(([text, isFinal, cut]) => {
    const finishFlush = isFinal ? constants.Z_FINISH : constants.Z_SYNC_FLUSH
    const bytes = deflateRawSync(Buffer.from(text), { finishFlush })
    return new Uint8Array(bytes.subarray(0, Math.max(1, bytes.length - cut - (isFinal ? 0 : 4))))
  }),
)

describe("the page's inflater", () => {
  it("the page's inflater and Node's say the same of messages, window and faults included", () => {
    fc.assert(
      fc.property(fc.array(payload, { maxLength: 5 }), fc.constantFrom(9, 12, 15), (messages, windowBits) => {
        const limits = limitsWith()
        const node = makeInflaterPool(limits, new Budget(limits.waitingTotal), nodePlatform)(windowBits)
        const page = makeInflater(windowBits)
        for (const message of messages) {
          const expected = node.inflate(message, 1_000_000)
          const found = page.inflate(message, 1_000_000)
          expect({ ...found, bytes: toHex(found.bytes) }).toEqual({
            ...expected,
            bytes: toHex(expected.bytes),
          })
        }
      }),
      { numRuns: 1000 },
    )
  })

  it("the page's inflater stops at the limit", () => {
    const bomb = compress(new Uint8Array(8_000_000))
    const { bytes, status } = makeInflater(15).inflate(bomb, 100_000)
    expect([bytes.length, status]).toEqual([100_000, 'limit'])
  })

  it("the page's inflater compresses as an endpoint does, with and without what was said before", () => {
    const text = Buffer.from('服务器回应: the quick brown fox')
    expect(toHex(compress(Buffer.from('111')))).toBe('3234340400')
    const again = compress(text, text)
    expect(again.length).toBeLessThan(compress(text).length)
    const inflater = makeInflater(15)
    expect(Buffer.from(inflater.inflate(compress(text), 1000).bytes)).toEqual(text)
    expect(Buffer.from(inflater.inflate(again, 1000).bytes)).toEqual(text)
  })
})
