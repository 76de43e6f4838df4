import { constants, deflateRawSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { concat, toHex } from '../../src/base/bytes.ts'
import { ZlibBlockInflater } from '../../src/platform/node/inflate.ts'
import { inflateAlone, TOO_FAR_BACK } from '../../src/websocket/inflate-alone.ts'
import type { Inflated } from '../../src/websocket/inflater.ts'
import { hex, utf8, zeros } from '../support/builders/packet-builder.ts'
import { compressAlone, compressFinal, makeCompressor } from '../support/builders/websocket-compressor.ts'

const MIB = 1024 * 1024
const NOTHING = new Uint8Array(0)
const text = ({ bytes }: Inflated): string => new TextDecoder().decode(bytes)
const alone = (payload: Uint8Array) => inflateAlone(payload, NOTHING, 15, MIB)

/** What zlib itself makes of a message. It throws output away at a fault, so it gets one byte after the other. */
function zlibSays(payload: Uint8Array, window: Uint8Array): Omit<Inflated, 'status'> {
  const zlib = new ZlibBlockInflater(15)
  zlib.prime([window])
  zlib.start()
  let before = window
  const bytes = (): Uint8Array => concat([before.subarray(window.length), zlib.gathered])
  for (let at = 0; at < payload.length; at++) {
    const used = zlib.writeBlock(payload.slice(at, at + 1))
    if (zlib.fault !== undefined) return { bytes: bytes(), reason: zlib.fault }
    if (used > 0) continue
    // RFC 7692 §7.2.3.4: after a block with BFINAL set, a new stream with the same window. A last 00 is its empty block.
    before = concat([before, zlib.gathered])
    zlib.reset()
    zlib.prime([before.subarray(-(2 ** 15))])
    zlib.start()
    if (at === payload.length - 1 && payload[at] === 0) return { bytes: bytes(), reason: undefined }
    at--
  }
  const whole = bytes()
  const { length } = zlib
  // §7.2.2, and a byte that must be left over.
  const used = zlib.writeBlock(hex('00 00 ff ff 00'))
  if (used === 0 && zlib.fault === undefined) return { bytes: whole, reason: undefined }
  const isWhole = used === 4 && zlib.length === length
  return { bytes: whole, reason: zlib.fault ?? (isWhole ? undefined : 'endsInsideBlock') }
}

describe('a message inflated alone', () => {
  it.each([
    ['one block (RFC 7692 §7.2.3.1)', 'f2 48 cd c9 c9 07 00', 'Hello'],
    ['a block without compression (§7.2.3.3)', '00 05 00 fa ff 48 65 6c 6c 6f 00', 'Hello'],
    ['a block with BFINAL set (§7.2.3.4)', 'f3 48 cd c9 c9 07 00 00', 'Hello'],
    ['two blocks (§7.2.3.5)', 'f2 48 05 00 00 00 ff ff ca c9 c9 07 00', 'Hello'],
    ['an empty message (§7.2.3.6)', '00', ''],
  ])('a message inflated alone reads the example of RFC 7692: %s', (_, payload, expected) => {
    const inflated = alone(hex(payload))
    expect({ text: text(inflated), reason: inflated.reason }).toEqual({ text: expected, reason: undefined })
  })

  it('a message inflated alone refers back to the window, as far as the agreed bits allow', () => {
    const again = hex('f2 00 11 00 00')
    expect(text(inflateAlone(again, utf8('Hello'), 15, MIB))).toBe('Hello')
    const lost = inflateAlone(again, utf8('llo'), 15, MIB)
    expect({ text: text(lost), reason: lost.reason }).toEqual({ text: 'H', reason: TOO_FAR_BACK })
    const compress = makeCompressor(15)
    const [first, second] = [concat([utf8('far away'), zeros(600)]), utf8('far away')]
    compress(first)
    const payload = compress(second)
    expect(text(inflateAlone(payload, first, 15, MIB))).toBe('far away')
    expect(inflateAlone(payload, first, 8, MIB).reason).toBe(TOO_FAR_BACK)
  })

  it('after a block with BFINAL set, a block refers back over it to the window (§7.2.3.4)', () => {
    const [window, first, second] = [
      'of the message before',
      ', and of this one',
      'the message before, and of this',
    ].map(utf8)
    const payload = concat([
      deflateRawSync(first!, { dictionary: window! }),
      deflateRawSync(second!, { dictionary: concat([window!, first!]) }),
      Uint8Array.of(0),
    ])
    const inflated = inflateAlone(payload, window!, 15, MIB)
    expect(text(inflated)).toBe(', and of this onethe message before, and of this')
    expect(payload.length).toBeLessThan(second!.length)
    expect(inflated).toMatchObject({ ...zlibSays(payload, window!), status: 'done' })
  })

  it('a message inflated alone stops at the limit', () => {
    const { bytes, status } = inflateAlone(compressAlone(zeros(MIB)), NOTHING, 15, 1000)
    expect([bytes.length, status]).toEqual([1000, 'limit'])
  })

  it('a message inflated alone is what zlib makes of it, whole or damaged, up to the last byte before the fault', () => {
    const part = fc.oneof(
      fc.string({ maxLength: 60 }).map(utf8),
      fc.uint8Array({ maxLength: 60 }),
      fc
        .tuple(fc.nat(255), fc.integer({ min: 1, max: 700 }))
        .map(([byte, n]) => new Uint8Array(n).fill(byte)),
    )
    const piece = fc
      .tuple(
        part,
        fc.constantFrom(0, 1, 6, 9),
        fc.constantFrom(
          constants.Z_DEFAULT_STRATEGY,
          constants.Z_FIXED,
          constants.Z_HUFFMAN_ONLY,
          constants.Z_RLE,
        ),
        fc.boolean(),
      )
      .map(([bytes, level, strategy, isFinal]) =>
        isFinal
          ? deflateRawSync(bytes, { level, strategy })
          : deflateRawSync(bytes, { level, strategy, finishFlush: constants.Z_SYNC_FLUSH }),
      )
    const change = fc.record({ at: fc.nat(), to: fc.nat(255) })
    const told = new Set<string | undefined>()
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 6 }),
        fc.array(change, { maxLength: 3 }),
        fc.nat(6),
        fc.uint8Array({ maxLength: 40 }),
        fc.uint8Array({ maxLength: 40 }),
        (pieces, changes, cut, noise, window) => {
          const whole = concat([...pieces, noise])
          const payload = whole.slice(0, Math.max(0, whole.length - cut))
          if (payload.length === 0) return
          for (const { at, to } of changes) payload[at % payload.length] = to
          const expected = zlibSays(payload, window)
          told.add(expected.reason)
          const { bytes, reason } = inflateAlone(payload, window, 15, MIB)
          expect({ bytes: toHex(bytes), reason }).toEqual({
            bytes: toHex(expected.bytes),
            reason: expected.reason,
          })
        },
      ),
      { numRuns: Number(process.env.FRAMEWALK_RUNS ?? 2000) },
    )
    expect(told.size).toBeGreaterThan(6)
  })

  it('what real compressors send is inflated, over the window of the messages before', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ maxLength: 400 }), { maxLength: 12 }), (texts) => {
        const compress = makeCompressor(15)
        const before: Uint8Array[] = []
        for (const each of texts) {
          const message = utf8(each)
          const payload = each.length % 5 === 0 ? compressFinal(message) : compress(message)
          if (each.length % 5 !== 0) {
            expect(text(inflateAlone(payload, concat(before), 15, MIB))).toBe(each)
            before.push(message)
          } else expect(text(alone(payload))).toBe(each)
        }
      }),
      { numRuns: 100 },
    )
  })
})
