// framewalk/websocket: the frame codec on its own, against ws in both directions.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { concat, toHex } from '../../src/base/bytes.ts'
import { decodeFrames, encodeFrame, explainFrame } from '../../src/codec.ts'
import { wsFrame, wsReceiver } from '../support/oracles/ws-oracle.ts'

const frame = fc.record({
  opcode: fc.constantFrom(1, 2, 9, 10),
  payload: fc.oneof(
    fc.uint8Array({ maxLength: 125 }),
    fc.uint8Array({ minLength: 126, maxLength: 300 }),
    fc.constant(new Uint8Array(70_000).fill(7)),
  ),
  key: fc.option(fc.uint8Array({ minLength: 4, maxLength: 4 }), { nil: undefined }),
})

describe('the codec', () => {
  it('the codec decodes what ws sends, frame after frame', () => {
    fc.assert(
      fc.property(fc.array(frame, { maxLength: 6 }), (sent) => {
        const wire = concat(sent.map(({ opcode, payload, key }) => wsFrame(opcode, true, key, payload)))
        const { frames, remainder } = decodeFrames(wire)
        expect(remainder.length).toBe(0)
        expect(
          frames.map(({ opcode, fin, masked, payload }) => [opcode, fin, masked, toHex(payload)]),
        ).toEqual(sent.map(({ opcode, payload, key }) => [opcode, true, key !== undefined, toHex(payload)]))
      }),
    )
  })

  it('the codec encodes what ws sends, byte for byte', () => {
    fc.assert(
      fc.property(frame, fc.boolean(), ({ opcode, payload, key }, fin) => {
        const maskingKey = key && Buffer.from(key).readUInt32BE()
        expect(toHex(encodeFrame({ fin, opcode, payload, maskingKey }))).toBe(
          toHex(wsFrame(opcode, fin, key, payload)),
        )
      }),
    )
  })

  it('the codec encodes what ws receives', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 500 }),
        fc.integer({ min: 0, max: 0xffffffff }),
        (payload, maskingKey) => {
          const received: Buffer[] = []
          wsReceiver(true, (bytes) => received.push(bytes)).write(
            encodeFrame({ fin: true, opcode: 2, payload, maskingKey }),
          )
          expect(received.map((bytes) => bytes.toString('hex'))).toEqual([toHex(payload)])
        },
      ),
    )
  })

  it('the codec gives any frame back as it was, however illegal', () => {
    const bit = fc.boolean()
    const fields = fc.record({
      fin: bit,
      rsv1: bit,
      rsv2: bit,
      rsv3: bit,
      opcode: fc.integer({ min: 0, max: 15 }),
    })
    fc.assert(
      fc.property(fields, frame, (bits, { payload, key }) => {
        const sent = { ...bits, payload, maskingKey: key && Buffer.from(key).readUInt32BE() }
        const wire = encodeFrame(sent)
        const [decoded] = decodeFrames(wire).frames
        expect(decoded).toMatchObject({
          ...bits,
          masked: key !== undefined,
          payloadLength: payload.length,
          offset: 0,
        })
        expect(toHex(encodeFrame(decoded!))).toBe(toHex(wire))
      }),
    )
  })

  it('the codec leaves the beginning of a frame for later, wherever it is cut', () => {
    const wire = concat([
      encodeFrame({ fin: true, opcode: 1, payload: Uint8Array.of(104, 105), maskingKey: 0x01020304 }),
      encodeFrame({ fin: true, opcode: 2, payload: new Uint8Array(300) }),
    ])
    const whole = decodeFrames(wire).frames
    for (let cut = 0; cut <= wire.length; cut++) {
      const first = decodeFrames(wire.subarray(0, cut))
      const second = decodeFrames(concat([first.remainder, wire.subarray(cut)]))
      const both = [...first.frames, ...second.frames]
      expect(both.map(({ payload }) => toHex(payload))).toEqual(whole.map(({ payload }) => toHex(payload)))
      expect(second.remainder.length).toBe(0)
    }
  })

  it('the codec neither touches the bytes it was given nor hands out views on them', () => {
    const wire = encodeFrame({ fin: true, opcode: 1, payload: Uint8Array.of(1, 2, 3) })
    const [decoded] = decodeFrames(wire).frames
    decoded!.payload.fill(9)
    expect(toHex(wire)).toBe('8103010203')
    expect(decoded!.payload.buffer.byteLength).toBe(3)
  })

  it('the codec waits for ever for a frame of 2^63 bytes', () => {
    const wire = Uint8Array.from([0x82, 0x7f, 0x80, 0, 0, 0, 0, 0, 0, 0, 1, 2])
    expect(decodeFrames(wire)).toEqual({ frames: [], remainder: wire })
  })

  it('the codec reads the body of a close frame', () => {
    const wire = Uint8Array.from([0x88, 5, 3, 0xe8, 98, 121, 101, 0x88, 0])
    expect(decodeFrames(wire).frames.map(({ close, opcodeName }) => [opcodeName, close])).toEqual([
      ['close', { code: 1000, reason: 'bye' }],
      ['close', undefined],
    ])
  })

  it('the codec explains each bit of a frame', () => {
    const [decoded] = decodeFrames(
      Uint8Array.from([0xc1, 0x85, 0x43, 2, 0x0a, 0xcf, 0x71, 0x36, 0x3e, 0xcb, 0x43]),
    ).frames
    const fields = explainFrame(decoded!)
    expect(fields.map(({ name }) => name)).toContain('Masking key')
    expect(fields.reduce((bits, field) => bits + field.bits, 0)).toBe(11 * 8)
    for (const { meaning, reference } of fields) {
      expect(meaning).toMatch(/\.$/)
      expect(reference).toMatch(/^RFC \d+ §/)
    }
  })

  it('the codec refuses what is not bytes', () => {
    expect(() => decodeFrames('c185' as unknown as Uint8Array)).toThrow(
      new TypeError('expected a Uint8Array, got string'),
    )
  })

  it('the codec names what it cannot encode', () => {
    const payload = new Uint8Array(200)
    expect(() => encodeFrame({ opcode: 16, payload })).toThrow(
      /^opcode: expected a whole number, 0 to 15, got 16$/,
    )
    expect(() => encodeFrame({ opcode: 1, payload, maskingKey: -1 })).toThrow(/^maskingKey: .* got -1$/)
    expect(() => encodeFrame({ opcode: 1, payload, lengthForm: 7 })).toThrow(RangeError)
    expect(() => encodeFrame({ opcode: 1, payload: 'text' as never })).toThrow(TypeError)
    expect(() => decodeFrames('c185' as never)).toThrow(TypeError)
  })
})
