// WebSocket over HTTP/2: tshark as a second opinion on the bytes of each stream, and captures that miss their beginning or a packet.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { concat } from '../../src/base/bytes.ts'
import type { FrameRecord } from '../../src/records/records.ts'
import { encodeFrame } from '../../src/websocket/encode.ts'
import { type Captured, readAll, readCaptured } from '../support/drivers/captured.ts'
import { fixtureKeyLog, fixturePath, fixturePorts, fixtureSecrets } from '../support/drivers/fixtures.ts'
import { skipWithout } from '../support/drivers/requirements.ts'

const HTTP2 = ['http2', 'tls-http2']

describe.skipIf(skipWithout('tshark'))('tshark and the HTTP/2 fixtures', () => {
  it.each(HTTP2)('tshark agrees on every byte of the streams of %s', async (name) => {
    const captured = await readCaptured(fixturePath(name), fixtureSecrets(name))
    const streams = tsharkData(name, captured.connections[0]!.client.port)
    expect(captured.connections.length).toBeGreaterThan(1)
    for (const { connection, http2Stream, server } of captured.connections) {
      for (const from of ['client', 'server'] as const) {
        const frames = captured.framesOf(connection, from).map(bytesOnWire)
        const data = streams.get(`${http2Stream} ${from === 'server'}`) ?? ''
        expect(Buffer.from(concat(frames)).toString('hex') === data, `stream ${http2Stream} ${from}`).toBe(
          true,
        )
      }
      expect(server.port).toBe(fixturePorts(name)[0])
    }
  })
})

describe('the HTTP/2 connections of the fixtures', () => {
  it.each([
    ['http2', 'h2', 'ws'],
    ['tls-http2', 'h2+tls', 'wss'],
  ])('%s: each WebSocket is a connection of its own over %s', async (name, transport, scheme) => {
    const { connections, closed } = await readCaptured(fixturePath(name), fixtureSecrets(name))
    const ports = new Set(connections.map(({ client }) => client.port))
    expect(ports.size).toBe(1)
    expect(closed.length).toBe(connections.length)
    for (const { transport: found, url, deflate, handshake, tls } of connections) {
      expect(found).toBe(transport)
      expect(url).toMatch(new RegExp(`^${scheme}://`))
      expect(deflate).not.toBeNull()
      expect(handshake.request!.startLine).toMatch(/^CONNECT \/\S* HTTP\/2$/)
      expect(handshake.request!.headers).toContainEqual([':protocol', 'websocket'])
      expect(handshake.response!.startLine).toBe('HTTP/2 200')
      expect(tls?.alpn).toBe(scheme === 'wss' ? 'h2' : undefined)
    }
  })

  it('the WebSocket that was refused is reported, and nothing of pages and of curl', async () => {
    const encrypted = await readCaptured(fixturePath('tls-http2'), fixtureSecrets('tls-http2'))
    expect(encrypted.summary.tcpConnections).toBeGreaterThan(1)
    expect(encrypted.findings).toEqual([])
    const { findings } = await readCaptured(fixturePath('http2'))
    expect(findings.map(({ code }) => code).sort()).toEqual(['no-close-frame', 'upgrade-refused'])
    expect(findings.find(({ code }) => code === 'upgrade-refused')!.message).toBe(
      'The server refused the WebSocket asked for by "CONNECT /nowhere HTTP/2" on HTTP/2 stream 7 with "HTTP/2 404".',
    )
  })
})

describe('an HTTP/2 capture', () => {
  const whole = gunzipSync(readFileSync(fixturePath('http2')))
  const packets = packetsOf(whole)
  const without = (dropped: (packet: number) => boolean): Promise<Captured> =>
    readAll(Buffer.concat([whole.subarray(0, 24), ...packets.filter((_, index) => !dropped(index + 1))]))

  it('a capture that begins anywhere shows no frame that was not sent, and loses none after the first that it shows', async () => {
    const all = await readCaptured(fixturePath('http2'))
    let shown = 0
    for (let first = 2; first < packets.length; first += 3) {
      const late = await without((packet) => packet < first)
      for (const { connection, http2Stream } of late.connections) {
        const before = all.connections.find((each) => each.http2Stream === http2Stream)!
        for (const from of ['client', 'server'] as const) {
          const frames = late.framesOf(connection, from)
          const expected =
            frames.length === 0 ? [] : all.framesOf(before.connection, from).slice(-frames.length)
          const differing = frames.filter((frame, i) => !isSame(frame, expected[i]!))
          expect(differing.map(essence)).toEqual([])
          shown += frames.length
        }
      }
    }
    expect(shown).toBeGreaterThan(300)
  })

  it('a capture that begins after the header table says that fields are missing', async () => {
    const all = await readCaptured(fixturePath('http2'))
    const second = all.connections[1]!.handshake
    const late = await without((packet) => packet < second.response!.packet.first)
    const found = late.connections.find(({ http2Stream }) => http2Stream === all.connections[1]!.http2Stream)!
    expect(late.findingsOf(found.connection).map(({ code }) => code)).toContain('hpack-state-lost')
  })

  it('a capture that misses any one packet shows no frame that was not sent', async () => {
    const all = await readCaptured(fixturePath('http2'))
    const sent = new Set(all.frames.map(essence).map((each) => JSON.stringify(each)))
    let shown = 0
    for (let dropped = 1; dropped <= packets.length; dropped++) {
      const { frames, findings } = await without((packet) => packet === dropped)
      const intact = frames.filter(({ holes }) => holes === undefined)
      expect(intact.filter((frame) => !sent.has(JSON.stringify(essence(frame))))).toEqual([])
      expect(findings.filter(({ severity }) => severity === 'violation')).toEqual([])
      shown += intact.length
    }
    expect(shown / packets.length).toBeGreaterThan(0.9 * all.frames.length)
  })
})

function isSame(a: FrameRecord<Uint8Array>, b: FrameRecord<Uint8Array>): boolean {
  return essence(a).join() === essence(b).join()
}

/** What a frame is, wherever it was found. */
function essence({ from, opcode, fin, rsv1, maskingKey, payload }: FrameRecord<Uint8Array>): unknown[] {
  return [from, opcode, fin, rsv1, maskingKey, createHash('sha256').update(payload).digest('hex')]
}

function bytesOnWire(frame: FrameRecord<Uint8Array>): Uint8Array {
  const { fin, rsv1, rsv2, rsv3, opcode, payload } = frame
  const maskingKey = frame.maskingKey === null ? undefined : Number.parseInt(frame.maskingKey, 16)
  return encodeFrame({ fin, rsv1, rsv2, rsv3, opcode, maskingKey, payload })
}

/** The packet records of a classic pcap file, little-endian. */
function packetsOf(capture: Buffer): Buffer[] {
  const packets: Buffer[] = []
  for (let at = 24; at < capture.length; ) {
    const end = at + 16 + capture.readUInt32LE(at + 8)
    packets.push(capture.subarray(at, end))
    at = end
  }
  return packets
}

/** The DATA of each stream and side of a client's connection, in hex, as tshark has it. */
function tsharkData(name: string, clientPort: number): Map<string, string> {
  const [port] = fixturePorts(name)
  const keyLog = fixtureKeyLog(name)
  const options = [
    '-r',
    fixturePath(name),
    '-d',
    `tcp.port==${port},${keyLog === undefined ? 'http2' : 'tls'}`,
  ]
  if (keyLog !== undefined) options.push('-o', `tls.keylog_file:${keyLog}`)
  const filter = `http2.type == 0 && tcp.port == ${clientPort}`
  const { stdout } = spawnSync('tshark', [...options, '-Y', filter, '-T', 'pdml'], {
    encoding: 'utf8',
    maxBuffer: 2 ** 30,
  })
  const streams = new Map<string, string>()
  for (const packet of stdout.split('<packet>').slice(1)) {
    const isServer = new RegExp(`name="tcp.srcport"[^>]*show="${port}"`).test(packet)
    for (const frame of packet.split('<field name="http2.stream"').slice(1)) {
      const stream = /name="http2.streamid"[^>]*show="(\d+)"/.exec(frame)?.[1]
      const data = /name="http2.data.data"[^>]*value="([0-9a-f]*)"/.exec(frame)?.[1]
      if (stream === undefined || data === undefined) continue
      const key = `${stream} ${isServer}`
      streams.set(key, (streams.get(key) ?? '') + data)
    }
  }
  return streams
}
