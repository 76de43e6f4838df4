import { constants, deflateRawSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { concat } from '../../src/base/bytes.ts'
import { makeInflater } from '../../src/page/inflater.ts'
import { inflatePlainly, type PlainInflated, TOO_FAR_BACK } from '../../src/websocket/plain-inflate.ts'
import { hex, utf8, zeros } from '../support/builders/packet-builder.ts'
import { compressAlone, compressFinal, makeCompressor } from '../support/builders/websocket-compressor.ts'

const MIB = 1024 * 1024
const text = ({ bytes }: PlainInflated): string => new TextDecoder().decode(bytes)
const alone = (payload: Uint8Array) => inflatePlainly(payload, [], 15, MIB)

/** What pako, zlib in JavaScript, makes of a message: it tells the output before a fault. */
function pakoSays(payload: Uint8Array, window: Uint8Array): PlainInflated {
  const inflater = makeInflater(15)
  if (window.length > 0) inflater.inflate(compressAlone(window), MIB)
  const { bytes, reason } = inflater.inflate(payload, MIB)
  return { bytes, fault: reason }
}

describe('a message inflated in plain code', () => {
  it.each([
    ['one block (RFC 7692 §7.2.3.1)', 'f2 48 cd c9 c9 07 00', 'Hello'],
    ['a block without compression (§7.2.3.3)', '00 05 00 fa ff 48 65 6c 6c 6f 00', 'Hello'],
    ['a block with BFINAL set (§7.2.3.4)', 'f3 48 cd c9 c9 07 00 00', 'Hello'],
    ['two blocks (§7.2.3.5)', 'f2 48 05 00 00 00 ff ff ca c9 c9 07 00', 'Hello'],
    ['an empty message (§7.2.3.6)', '00', ''],
  ])('plain code reads the example of RFC 7692: %s', (_, payload, expected) => {
    const inflated = alone(hex(payload))
    expect({ text: text(inflated), fault: inflated.fault }).toEqual({ text: expected, fault: undefined })
  })

  it('plain code refers back to the window, as far as the agreed bits allow', () => {
    const again = hex('f2 00 11 00 00')
    expect(text(inflatePlainly(again, [utf8('He'), utf8('llo')], 15, MIB))).toBe('Hello')
    const lost = inflatePlainly(again, [utf8('llo')], 15, MIB)
    expect({ text: text(lost), fault: lost.fault }).toEqual({ text: 'H', fault: TOO_FAR_BACK })
    const compress = makeCompressor(15)
    const [first, second] = [concat([utf8('far away'), zeros(600)]), utf8('far away')]
    compress(first)
    const payload = compress(second)
    expect(text(inflatePlainly(payload, [first], 15, MIB))).toBe('far away')
    expect(inflatePlainly(payload, [first], 8, MIB).fault).toBe(TOO_FAR_BACK)
  })

  it('plain code stops soon after the limit', () => {
    const { bytes, fault } = inflatePlainly(compressAlone(zeros(MIB)), [], 15, 1000)
    expect(fault).toBeUndefined()
    expect(bytes.length).toBeGreaterThanOrEqual(1000)
    expect(bytes.length).toBeLessThan(2000)
  })

  it('plain code and pako agree on any data, whole or damaged, up to the last byte before the fault', () => {
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
    const told = new Map<string | undefined, number>()
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
          const expected = pakoSays(payload, window)
          told.set(expected.fault, (told.get(expected.fault) ?? 0) + 1)
          const { bytes, fault } = inflatePlainly(payload, window.length > 0 ? [window] : [], 15, MIB)
          expect({ bytes: Buffer.from(bytes).toString('hex'), fault }).toEqual({
            bytes: Buffer.from(expected.bytes).toString('hex'),
            fault: expected.fault,
          })
        },
      ),
      { numRuns: Number(process.env.FRAMEWALK_RUNS ?? 2000) },
    )
    expect(told.size).toBeGreaterThan(6)
  })

  it('plain code inflates what real compressors send, over the window of the messages before', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ maxLength: 400 }), { maxLength: 12 }), (texts) => {
        const compress = makeCompressor(15)
        const before: Uint8Array[] = []
        for (const each of texts) {
          const message = utf8(each)
          const payload = each.length % 5 === 0 ? compressFinal(message) : compress(message)
          if (each.length % 5 !== 0) {
            expect(text(inflatePlainly(payload, before, 15, MIB))).toBe(each)
            before.push(message)
          } else expect(text(alone(payload))).toBe(each)
        }
      }),
      { numRuns: 100 },
    )
  })
})
