// Captures that hold no handshake, or half of one: what is WebSocket is found, with its compression; what is not is left alone.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { concat } from '../../src/base/bytes.ts'
import type { Direction } from '../../src/base/stream.ts'
import { encodeFrame } from '../../src/websocket/encode.ts'
import { damage, type Recorded, segmentsOf } from '../damage/damage.ts'
import { readPackets, SEED } from '../damage/trials.ts'
import { http2Conversation, OTHER_PROTOCOLS, tlsConversation } from '../support/builders/other-protocols.ts'
import { utf8 } from '../support/builders/packet-builder.ts'
import { randomCapture, SERVER_PORT } from '../support/builders/random-conversations.ts'
import { frame, packetsOf, type Spoken } from '../support/builders/tcp-conversation.ts'
import { makeCompressor } from '../support/builders/websocket-compressor.ts'
import { Random } from '../support/builders/websocket-traffic.ts'
import { bytesOf, type Captured, readAll } from '../support/drivers/captured.ts'

const TRIALS = Math.round(6 * Number(process.env.FRAMEWALK_RUNS ?? 1))

/** Captures kept beside the project. Where they are not, the other tests say the same of captures made here. */
const HANDED =
  process.env.FRAMEWALK_CASES ?? fileURLToPath(new URL('../../../shared/cases/midstream', import.meta.url))
const PING_PONG = ['server ping', 'client pong']
const HANDED_CASES = existsSync(HANDED)
  ? [
      {
        name: 'f1-decode-as-heartbeat.pcapng',
        decodeAs: [35_635],
        shown: ['client binary', 'server binary'],
      },
      { name: 's1-binary-one-each-way.pcap', decodeAs: [8765], shown: ['client binary', 'server binary'] },
      { name: 's3-ping-pong.pcap', decodeAs: [8765], shown: PING_PONG },
      { name: 's9-json-one-each-way.pcap', decodeAs: [], shown: ['client text', 'server text'] },
      { name: 's4-heartbeat-5.pcap', decodeAs: [], shown: Array.from({ length: 5 }, () => PING_PONG).flat() },
    ]
  : []
if (HANDED_CASES.length === 0)
  console.log('skipped: there are no mid-stream captures beside the project (FRAMEWALK_CASES)')

describe('what is not WebSocket', () => {
  it.each(Object.keys(OTHER_PROTOCOLS))('%s is not taken for WebSocket', async (name) => {
    for (let seed = SEED; seed < SEED + TRIALS; seed++) {
      const random = new Random(seed)
      const packets = damaged(packetsOf(OTHER_PROTOCOLS[name]!(random), 9000), random, seed % 4)
      expect(told(await readPackets(packets)), `seed ${seed}`).toEqual(NOTHING)
    }
  })

  it('what follows a PROXY protocol preface and is not HTTP is not taken for WebSocket, though frames come later', async () => {
    const preface = utf8('PROXY TCP4 192.0.2.1 192.0.2.2 40000 80\r\nTransfer-Encoding: chunked\r\n\r\n')
    const texts = Array.from({ length: 40 }, (_, i) => utf8(`the price of ACME is ${i * 17}`))
    const frames = texts.map(
      (payload, i): Spoken =>
        i % 2 === 0
          ? [1, encodeFrame({ fin: true, opcode: 1, payload })]
          : [0, encodeFrame({ fin: true, opcode: 1, payload, maskingKey: Math.imul(i, 0x9e3779b9) >>> 0 })],
    )
    const later = await readPackets(packetsOf(frames, 9000))
    expect(later.connections).toHaveLength(1)
    expect(told(await readPackets(packetsOf([[0, preface], ...frames], 9000)))).toEqual(NOTHING)
    // No server sends one, and the client's frames are sure before its bytes are due. What is reported is closed all the same.
    const reversed = await readPackets(packetsOf([[1, preface], ...frames], 9000))
    expect(reversed.closed).toHaveLength(reversed.connections.length)
  })

  it('TLS is not taken for WebSocket, from anywhere in a session', async () => {
    await expectNothing(await tlsConversation())
  })

  it('HTTP/2 is not taken for WebSocket, from anywhere in a session', async () => {
    await expectNothing(await http2Conversation())
  })
})

const NOTHING = { connections: 0, frames: 0, violations: [] }

async function expectNothing(spoken: readonly Spoken[]): Promise<void> {
  expect(spoken.length).toBeGreaterThan(20)
  for (let from = 1; from < spoken.length; from += 3)
    expect(told(await readPackets(packetsOf(spoken.slice(from), 443))), `from ${from} on`).toEqual(NOTHING)
}

/** Whole; with packets lost; from the middle on; or of one side. */
function damaged(packets: readonly Recorded[], random: Random, how: number): readonly Recorded[] {
  if (how === 1) return packets.filter(() => !random.chance(5))
  if (how === 2) return packets.slice(random.below(packets.length / 2))
  if (how === 0) return packets
  const [first] = segmentsOf(packets)
  return packets.filter((_, index) => segmentsOf([packets[index]!])[0]?.flow === first?.flow)
}

function told({ connections, frames, findings }: Captured) {
  const violations = findings.filter(({ severity }) => severity === 'violation')
  return { connections: connections.length, frames: frames.length, violations }
}

describe('a capture without the handshake', () => {
  const texts = Array.from(
    { length: 12 },
    (_, i) => `消息 ${i}: ${'the price of ACME is '.repeat(1 + (i % 3))}${i * 17}`,
  )
  /** Each message refers to those before it, but for the one that the sender begins with an empty window. */
  const FRESH = 6
  let compress = makeCompressor()
  const compressed: Spoken[] = texts.map((text, i) => {
    if (i === FRESH) compress = makeCompressor()
    return [1, encodeFrame({ fin: true, rsv1: true, opcode: 1, payload: compress(utf8(text)) })]
  })
  const asks: Spoken[] = texts.map((text, i) => [
    0,
    encodeFrame({
      fin: true,
      opcode: 1,
      maskingKey: Math.imul(i + 1, 0x9e3779b9) >>> 0,
      payload: utf8(text),
    }),
  ])
  const both = texts.flatMap((_, i): Spoken[] => [asks[i]!, compressed[i]!])

  it('a capture without the handshake has its compression found if messages inflate', async () => {
    const captured = await readPackets(packetsOf(both, 9000))
    expect(captured.connections).toMatchObject([{ midstream: true, deflate: null, client: { port: 40_000 } }])
    expect(captured.messagesOf(1, 'server').map(({ text }) => text)).toEqual(texts)
    expect(captured.messagesOf(1, 'server')[0]).toMatchObject({ compressed: true, withoutContext: true })
    expect(captured.messagesOf(1, 'client').map(({ text }) => text)).toEqual(texts)
    expect(captured.findings.filter(({ severity }) => severity !== 'capture')).toEqual([])
  })

  it('a capture without the handshake gives what is sure of messages whose window it does not hold', async () => {
    const captured = await readPackets(packetsOf(both.slice(6), 9000))
    const messages = captured.messagesOf(1, 'server')
    expect(messages.length).toBeGreaterThan(texts.length - FRESH)
    const first = texts.length - messages.length
    for (const [i, message] of messages.entries()) {
      const said = bytesOf(message) ?? new Uint8Array(0)
      const text = utf8(texts[first + i]!)
      expect(said).toEqual(text.subarray(0, said.length))
      if (!message.incomplete) expect(message.text).toBe(texts[first + i])
      if (first + i >= FRESH) expect(message.incomplete).toBeUndefined()
    }
    expect(messages[0]).toMatchObject({ incomplete: true })
    expect(messages[FRESH - first]).toMatchObject({ text: texts[FRESH], withoutContext: true })
    const lost = captured.findings.filter(({ code }) => code === 'inflate-context-lost')
    expect(lost.length).toBe(messages.filter(({ incomplete }) => incomplete).length)
  })

  it('a capture without the handshake is found from one side alone', async () => {
    const one = async (spoken: readonly Spoken[]) => readPackets(packetsOf(spoken, 9000))
    expect(told(await one(asks))).toMatchObject({ connections: 1, frames: asks.length })
    expect(told(await one(compressed))).toMatchObject({ connections: 1, frames: compressed.length })
  })

  it('frames are found among full segments, the client’s almost from the first, the server’s once no frame can hide so many', async () => {
    const bulk = (from: 0 | 1): Spoken[] => {
      const frames = Array.from({ length: 3000 }, (_, i) => {
        const maskingKey = from === 0 ? Math.imul(i + 1, 0x9e3779b9) >>> 0 : undefined
        return encodeFrame({
          fin: true,
          opcode: 1,
          maskingKey,
          payload: utf8(`{"id":${i},"price":${i * 7}}`),
        })
      })
      return [[from, concat(frames).subarray(777)]]
    }
    const passedOver = async (from: 0 | 1) => {
      const { findings, frames } = await readPackets(packetsOf(bulk(from), 9000))
      expect(findings.map(({ code }) => code)).toEqual(['midstream', 'resynchronized'])
      expect(frames.length).toBeGreaterThan(100)
      return Number(/ (\d+) bytes were passed over/.exec(findings[1]!.message)?.[1])
    }
    expect(await passedOver(0)).toBeLessThan(1500)
    expect(await passedOver(1)).toBeLessThan(67_000)
  })

  it('a capture too short to be sure of is left alone, unless its port is named', async () => {
    const short: Spoken[] = [
      [0, encodeFrame({ fin: true, opcode: 2, maskingKey: 0x12345678, payload: Uint8Array.of(1, 2, 3) })],
      [1, encodeFrame({ fin: true, opcode: 2, payload: Uint8Array.of(4) })],
    ]
    const packets = packetsOf(short, 9000)
    expect(told(await readPackets(packets))).toEqual(NOTHING)
    const captured = await readPackets(packets, { decodeAs: [9000] })
    expect(captured.connections).toMatchObject([{ midstream: true, server: { port: 9000 } }])
    expect(captured.frames.map(({ from, payload }) => [from, [...payload]])).toEqual([
      ['client', [1, 2, 3]],
      ['server', [4]],
    ])
    expect(captured.findings.map(({ code }) => code)).toEqual(['midstream', 'frames-assumed'])
  })

  it('a capture whose port is named and that begins within a frame is searched, and nothing is assumed of it', async () => {
    const torn: Spoken[] = [[0, asks[0]![1].subarray(9)], [1, utf8('the end of a text"}')], ...both.slice(2)]
    const captured = await readPackets(packetsOf(torn, 9000), { decodeAs: [9000] })
    expect(captured.frames.length).toBe(both.length - 2)
    expect(captured.findings.map(({ code }) => code)).not.toContain('frames-assumed')
  })

  it('a server that only pings is shown once the client is sure, and each pong with its ping', async () => {
    const beats = Array.from({ length: 5 }, (): Spoken[] => [
      [1, encodeFrame({ fin: true, opcode: 9, payload: new Uint8Array(0) })],
      frame(0, { opcode: 10 }),
    ]).flat()
    const { frames, findings, connections } = await readPackets(packetsOf(beats, 9000))
    expect(connections).toMatchObject([{ client: { port: 40_000 } }])
    expect(frames.map(({ from }) => from)).toEqual(beats.map(([from]) => (from === 0 ? 'client' : 'server')))
    expect(frames.map(({ answers }) => answers)).toEqual(
      beats.map(([from], i) => (from === 0 ? i : undefined)),
    )
    expect(findings.map(({ code }) => code)).toEqual(['midstream'])
  })

  it('the only two frames of a server, and the only one of a client, are shown once the other side is sure', async () => {
    const two = [4, 5].map((byte): Spoken => frame(1, { opcode: 2, payload: Uint8Array.of(byte) }))
    const fromServer = await readPackets(packetsOf([...asks.slice(0, 6), ...two, ...asks.slice(6)], 9000))
    expect(fromServer.framesOf(1, 'server').map(({ payload }) => payload[0])).toEqual([4, 5])
    const plain = texts.map((text): Spoken => frame(1, { payload: utf8(text) }))
    const one = [frame(0, { opcode: 1, payload: utf8('subscribe') })]
    const fromClient = await readPackets(packetsOf([...one, ...plain, ...plain], 9000))
    expect(fromClient.framesOf(1, 'client').length).toBe(1)
    expect(fromClient.framesOf(1, 'server').length).toBe(2 * plain.length)
  })

  it('an empty fragment, and a frame that ends within a segment, do not end what began with the first byte', async () => {
    const fragments = concat([
      frame(1, { fin: false, payload: utf8('the price ') })[1],
      frame(1, { fin: false, opcode: 0 })[1],
      frame(1, { opcode: 0, payload: utf8('of ACME') })[1],
    ])
    const said: Spoken[] = [[1, fragments], frame(1, { payload: utf8('and of no other share') })]
    const captured = await readPackets(packetsOf([...said, ...asks], 9000))
    expect(captured.messagesOf(1, 'server').map(({ text }) => text)).toEqual([
      'the price of ACME',
      'and of no other share',
    ])
  })

  it('frames are numbered in the order of their packets', async () => {
    for (let from = 0; from < both.length; from++) {
      const captured = await readPackets(packetsOf(both.slice(from), 9000))
      const packets = captured.frames.map(({ packet }) => packet.last)
      expect(packets).toEqual([...packets].sort((a, b) => a - b))
    }
  })

  it.each(HANDED_CASES)('$name is read whole', async ({ name, decodeAs, shown }) => {
    const captured = await readAll(join(HANDED, name), { decodeAs })
    expect(captured.frames.map(({ from, opcodeName }) => `${from} ${opcodeName}`)).toEqual(shown)
  })

  it('a capture of another protocol is decoded if its port is named, and not otherwise', async () => {
    const random = new Random(SEED)
    const mqtt = packetsOf(OTHER_PROTOCOLS['MQTT']!(random), 1883)
    expect(told(await readPackets(mqtt, { decodeAs: [9000] }))).toEqual(NOTHING)
    expect((await readPackets(mqtt, { decodeAs: [1883] })).connections.length).toBe(1)
  })
})

describe('half a handshake', () => {
  const { packets } = randomCapture(12, 1, 30)
  const head = (from: Direction) =>
    segmentsOf(packets).findIndex((segment, index) => {
      const text = Buffer.from(packets[index]!.bytes.subarray(segment?.start, segment?.end)).toString(
        'latin1',
      )
      return text.startsWith(from === 0 ? 'GET ' : 'HTTP/1.1 101')
    })
  const without = (index: number) =>
    damage(packets, [{ kind: 'drop', at: index / (packets.length - 1), count: 1 }])

  it('a handshake without the request is a connection with all its frames, and a finding says so', async () => {
    const [whole, captured] = [await readPackets(packets), await readPackets(without(head(0)))]
    expect(captured.connections).toMatchObject([
      { midstream: false, url: null, handshake: { request: null }, server: { port: SERVER_PORT } },
    ])
    expect(captured.connections[0]!.deflate).toEqual(whole.connections[0]!.deflate)
    expect(captured.framesOf(1, 'server').length).toBe(whole.framesOf(1, 'server').length)
    expect(captured.findings.map(({ code }) => code)).toContain('midstream')
  })

  it('a handshake without the response takes RSV1 for compression if it inflates', async () => {
    const [whole, captured] = [await readPackets(packets), await readPackets(without(head(1)))]
    expect(whole.connections[0]!.deflate).not.toBeNull()
    expect(captured.connections).toMatchObject([
      { midstream: false, deflate: null, handshake: { response: null } },
    ])
    const texts = (all: Captured) => all.messagesOf(1, 'client').map(({ text, data }) => text ?? data)
    expect(texts(captured)).toEqual(texts(whole))
    expect(captured.findings.filter(({ severity }) => severity === 'violation')).toEqual([])
  })

  it('a connection of which both heads are lost after the SYN is found by its frames', async () => {
    const [whole, captured] = await Promise.all([
      readPackets(packets),
      readPackets(packets.filter((_, index) => index !== head(0) && index !== head(1))),
    ])
    expect(captured.connections).toMatchObject([{ midstream: true, server: { port: SERVER_PORT } }])
    for (const from of ['client', 'server'] as const)
      expect(captured.framesOf(1, from).length).toBe(whole.framesOf(1, from).length)
    expect(captured.findings.map(({ code }) => code)).toEqual(expect.arrayContaining(['midstream', 'gap']))
  })

  it('a handshake whose end was cut says nothing of the headers that are missing', async () => {
    for (const from of [0, 1] as const) {
      const index = head(from)
      const cut = damage(packets, [{ kind: 'cut', at: index / (packets.length - 1), bytes: 40 }])
      const captured = await readPackets(cut)
      expect(captured.connections.length).toBe(1)
      expect(captured.findings.filter(({ severity }) => severity === 'violation')).toEqual([])
    }
  })
})
