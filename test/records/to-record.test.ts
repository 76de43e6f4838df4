import { describe, expect, it } from 'vitest'
import { toRecord } from '../../src/records/to-record.ts'
import { sampleFrame, sampleMessage } from '../support/builders/sample-events.ts'

describe('a record of the library', () => {
  it('a record may be kept: its bytes are copies', () => {
    const payload = Uint8Array.of(1, 2, 3)
    const frame = toRecord(sampleFrame({ payload }))
    const message = toRecord(sampleMessage({ data: payload, isText: false }))
    payload.fill(0)
    expect(frame).toMatchObject({ payload: Uint8Array.of(1, 2, 3) })
    expect(message).toMatchObject({ data: Uint8Array.of(1, 2, 3) })
  })

  it('a record spells what JavaScript numbers cannot hold as text', () => {
    const record = toRecord(
      sampleFrame({ payloadLength: 2n ** 63n, maskingKey: 0x0000000f, time: undefined }),
    )
    expect(record).toMatchObject({ payloadLength: '9223372036854775808', maskingKey: '0000000f', time: null })
  })

  it('a record holds the text of a text message, byte order mark and all, and no data', () => {
    const record = toRecord(sampleMessage({ data: new TextEncoder().encode('\ufeff服务器') }))
    expect(record).toMatchObject({ text: '\ufeff服务器' })
    expect(record).not.toHaveProperty('data')
    expect(record).not.toHaveProperty('incomplete')
  })
})
