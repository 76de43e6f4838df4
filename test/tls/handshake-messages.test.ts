import { describe, expect, it } from 'vitest'
import { concat } from '../../src/base/bytes.ts'
import { Budget } from '../../src/base/limits.ts'
import { HandshakeMessages, HandshakeType } from '../../src/tls/handshake-messages.ts'
import { counting, u8, u16 } from '../support/builders/packet-builder.ts'
import { handshake } from '../support/builders/tls-sealing.ts'

describe('handshake messages', () => {
  it('handshake messages come out whole, however the records cut them, and only the needed ones keep their bodies', () => {
    const bytes = concat([
      handshake(HandshakeType.clientHello, counting(300)),
      handshake(11, counting(90)),
      handshake(HandshakeType.finished),
    ])
    for (const step of [1, 7, 100, bytes.length]) {
      const budget = new Budget(1000)
      const taken: [number, number][] = []
      const messages = new HandshakeMessages(budget, false, (type, body) => taken.push([type, body.length]))
      for (let at = 0; at < bytes.length; at += step) messages.push(bytes.subarray(at, at + step))
      expect(taken).toEqual([
        [HandshakeType.clientHello, 300],
        [11, 0],
        [HandshakeType.finished, 0],
      ])
      expect(budget.held).toBe(0)
    }
  })

  it('nothing is held once a message among others has ended the stream', () => {
    const budget = new Budget(100_000)
    const taken: number[] = []
    const messages = new HandshakeMessages(budget, false, (type) => {
      taken.push(type)
      messages.close()
    })
    const begun = concat([u8(HandshakeType.serverHello, 0), u16(40_000)])
    messages.push(concat([handshake(HandshakeType.serverHello, counting(50)), begun]))
    messages.push(counting(100))
    expect(taken).toEqual([HandshakeType.serverHello])
    expect(budget.held).toBe(0)
  })
})
