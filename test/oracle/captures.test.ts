// The captures that others published decode as their descriptions say.
import { describe, expect, it } from 'vitest'
import { bytesOf, readCaptured } from '../support/drivers/captured.ts'
import {
  hasPublishedCaptures,
  publishedCapture,
  publishedCaptures,
} from '../support/drivers/published-captures.ts'

describe.skipIf(!hasPublishedCaptures)('published captures', () => {
  it('zeek-broker: eight texts over /v1/messages/json, then a close frame from the client and none back', async () => {
    const captured = await readCaptured(publishedCapture('zeek-broker-websocket.pcap'))
    const [connection] = captured.connections
    expect(connection).toMatchObject({ server: { port: 27599 }, deflate: null })
    expect(connection!.url).toMatch(/\/v1\/messages\/json$/)
    expect(captured.frames.map(({ opcodeName }) => opcodeName)).toEqual([...Array(8).fill('text'), 'close'])
    for (const { text } of captured.messages) expect(JSON.parse(text!)).toBeTypeOf('object')
    expect(captured.messages.length).toBe(8)
    expect(captured.closed).toMatchObject([{ how: 'close-frame-only', initiator: 'client' }])
  })

  it('zeek-jupyter: nine frames in packet 12, a subprotocol, empty close frames from both sides', async () => {
    const captured = await readCaptured(publishedCapture('zeek-jupyter-websocket.pcap'))
    expect(captured.connections[0]!.subprotocol).toBe('v1.kernel.websocket.jupyter.org')
    expect(captured.frames.filter(({ packet }) => packet.first === 12).length).toBe(9)
    expect(new Set(captured.messages.map(({ opcodeName }) => opcodeName))).toEqual(new Set(['binary']))
    const closing = captured.frames.filter(({ opcodeName }) => opcodeName === 'close')
    expect(closing.map(({ from, payloadLength }) => [from, payloadLength])).toEqual([
      ['client', 0],
      ['server', 0],
    ])
    expect(captured.closed).toMatchObject([{ how: 'clean', code: null, reason: null, initiator: 'client' }])
  })

  it('zeek-fragmented-http-reply: a ping from the server, and an answer in five fragments within a packet', async () => {
    const captured = await readCaptured(publishedCapture('zeek-fragmented-http-reply.pcap'))
    expect(captured.frames[0]).toMatchObject({ opcodeName: 'ping', from: 'server' })
    const [request] = captured.messagesOf(1, 'client')
    const [answer, ...more] = captured.messagesOf(1, 'server')
    expect(request).toMatchObject({ opcodeName: 'binary', length: 35 })
    expect(more).toEqual([])
    expect(answer).toMatchObject({ opcodeName: 'binary', length: 56, packet: { first: 13, last: 13 } })
    const fragments = captured.frames.filter(({ frame }) => answer!.frames.includes(frame))
    expect(fragments.map(({ payloadLength }) => payloadLength)).toEqual([1, 7, 9, 18, 21])
  })

  it('zeek-two-binary-fragments: fragments of five and seven bytes within a packet', async () => {
    const captured = await readCaptured(publishedCapture('zeek-two-binary-fragments.pcap'))
    const message = captured.messages.find(({ frames }) => frames.length === 2)
    const fragments = captured.frames.filter(({ frame }) => message!.frames.includes(frame))
    expect(fragments.map(({ payloadLength }) => payloadLength)).toEqual([5, 7])
    expect(new Set(fragments.map(({ packet }) => packet.last)).size).toBe(1)
  })

  it('zeek-wstunnel: HTTP in binary frames, and a client that does not mask', async () => {
    const captured = await readCaptured(publishedCapture('zeek-wstunnel-http.pcap'))
    const [request] = captured.messagesOf(1, 'client')
    expect(Buffer.from(bytesOf(request!)!).toString()).toMatch(/^(GET|HEAD) \S+ HTTP\/1\.1\r\n/)
    const unmasked = captured.findings.filter(({ code }) => code === 'unmasked-client-frame')
    expect(unmasked.map(({ frame }) => frame)).toEqual(
      captured.framesOf(1, 'client').map(({ frame }) => frame),
    )
    expect(unmasked[0]).toMatchObject({ closeCode: 1002, reference: 'RFC 6455 §5.1', from: 'client' })
  })

  it('sv-websocket: the first frame shares a packet with the 101', async () => {
    const captured = await readCaptured(publishedCapture('sv-websocket.pcap'))
    const { handshake } = captured.connections[0]!
    expect(captured.frames[0]!.packet.first).toBe(handshake.response!.packet.last)
    expect(captured.frames[0]).toMatchObject({ from: 'server', opcodeName: 'text' })
  })

  it('sv-websocket-compressed: permessage-deflate with a window of 15 bits and context takeover', async () => {
    const captured = await readCaptured(publishedCapture('sv-websocket-compressed.pcap'))
    expect(captured.connections[0]!.deflate).toMatchObject({
      client: { windowBits: 15, contextTakeover: true },
    })
    const texts = captured.messages.map(({ text }) => text!)
    expect(texts[0]).toBe('KEY=07cb9559eff21e3e34f3bbd18240bac3')
    expect(texts.filter((text) => text.startsWith('TOGGLE=')).length).toBeGreaterThan(1)
    expect(captured.messages.every(({ compressed, incomplete }) => compressed && !incomplete)).toBe(true)
  })

  it('published captures have the accept that goes with the key, and no violation but the one described', async () => {
    for (const name of publishedCaptures) {
      const captured = await readCaptured(publishedCapture(name))
      const violations = captured.findings.filter(({ severity }) => severity === 'violation')
      const codes = new Set(violations.map(({ code }) => code))
      expect([name, ...codes]).toEqual(name.includes('wstunnel') ? [name, 'unmasked-client-frame'] : [name])
    }
  })
})
