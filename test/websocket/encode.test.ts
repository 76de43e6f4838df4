import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { toHex, wordToHex } from '../../src/base/bytes.ts'
import { encodeFrame, encodeHeader } from '../../src/websocket/encode.ts'
import { decodeHeader } from '../../src/websocket/header.ts'
import { unmask } from '../../src/websocket/mask.ts'
import { arbitraryFrame } from '../support/builders/arbitrary-frame.ts'
import { bytesOf } from '../support/builders/stream-items.ts'
import { wsFrame } from '../support/oracles/ws-oracle.ts'

const hello = new TextEncoder().encode('Hello')

describe('encodeFrame', () => {
  it.each([
    ['a single-frame unmasked text message', { fin: true, opcode: 1, payload: hello }, '810548656c6c6f'],
    [
      'a single-frame masked text message',
      { fin: true, opcode: 1, maskingKey: 0x37fa213d, payload: hello },
      '818537fa213d7f9f4d5158',
    ],
    ['a first fragment', { opcode: 1, payload: hello.subarray(0, 3) }, '010348656c'],
    ['a last fragment', { fin: true, opcode: 0, payload: hello.subarray(3) }, '80026c6f'],
    ['a ping', { fin: true, opcode: 9, payload: hello }, '890548656c6c6f'],
    [
      'a masked pong',
      { fin: true, opcode: 10, maskingKey: 0x37fa213d, payload: hello },
      '8a8537fa213d7f9f4d5158',
    ],
  ])('encodeFrame makes %s as RFC 6455 §5.7 has it', (_, frame, hex) => {
    expect(toHex(encodeFrame(frame))).toBe(hex)
  })

  it('encodeFrame makes the headers of 256 bytes and 64 KiB as RFC 6455 §5.7 has them', () => {
    const header = (length: number) => encodeFrame({ fin: true, opcode: 2, payload: new Uint8Array(length) })
    expect(toHex(header(256).subarray(0, 4))).toBe('827e0100')
    expect(toHex(header(65_536).subarray(0, 10))).toBe('827f0000000000010000')
  })

  it('encodeFrame makes the bytes that the ws package makes', () => {
    const payload = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc.constantFrom(125, 126, 65_535, 65_536).map((n) => new Uint8Array(n)),
    )
    fc.assert(
      fc.property(
        fc.nat(15),
        fc.boolean(),
        fc.option(fc.nat(0xffffffff)),
        payload,
        (opcode, fin, key, body) => {
          const maskingKey = key ?? undefined
          const keyBytes = maskingKey === undefined ? undefined : bytesOf(wordToHex(maskingKey))
          const theirs = wsFrame(opcode, fin, keyBytes, body)
          expect(toHex(encodeFrame({ fin, opcode, maskingKey, payload: body }))).toBe(toHex(theirs))
        },
      ),
    )
  })

  it('encodeFrame refuses a length form that cannot hold the payload', () => {
    expect(() => encodeFrame({ opcode: 2, payload: new Uint8Array(126), lengthForm: 7 })).toThrow(RangeError)
  })
})

describe('encodeHeader', () => {
  it('encodeHeader gives every header back byte for byte, also one with a length longer than need be', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 14, maxLength: 14 }),
        fc.constantFrom(0, 126, 127),
        (bytes, code) => {
          if (code > 0) bytes[1] = (bytes[1]! & 0x80) | code
          const header = decodeHeader(bytes)!
          expect(toHex(encodeHeader(header))).toBe(toHex(bytes.subarray(0, header.headerLength)))
        },
      ),
    )
  })

  it('encodeHeader refuses a header length that no header has', () => {
    const fields = { fin: true, rsv1: false, rsv2: false, rsv3: false, opcode: 1, maskingKey: undefined }
    expect(() => encodeHeader({ ...fields, headerLength: 3, payloadLength: 1 })).toThrow('header of 3 bytes')
    expect(() => encodeHeader({ ...fields, headerLength: 10, payloadLength: 2n ** 64n })).toThrow(RangeError)
  })

  it('encodeHeader is undone by decoding, for any frame', () => {
    fc.assert(
      fc.property(arbitraryFrame, ({ payload, lengthForm, ...fields }) => {
        const bytes = encodeFrame({ ...fields, payload, lengthForm })
        const header = decodeHeader(bytes)!
        expect(header).toMatchObject({ ...fields, payloadLength: payload.length })
        const body = unmask(bytes, header.headerLength, bytes.length, fields.maskingKey ?? 0, 0)
        expect(toHex(body)).toBe(toHex(payload))
      }),
    )
  })

  it('encodeHeader gives the bytes of the article back', () => {
    const bytes = bytesOf('c1 85 43 02 0a cf')
    expect(encodeHeader(decodeHeader(bytes)!)).toEqual(bytes)
  })
})
