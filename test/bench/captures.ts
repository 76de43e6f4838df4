// The captures that are measured, at any size, the same bytes at every run: small frames, bulk, compressed, and a mix of many
// connections.
import { constants, createDeflateRaw } from 'node:zlib'
import { Opcode } from '../../src/base/events.ts'
import { TcpFlag } from '../../src/network/segment.ts'
import { encodeFrame } from '../../src/websocket/encode.ts'
import { acceptFor } from '../support/builders/accept-for.ts'
import { type CaptureFormat, CaptureWriter, type Peer } from './capture-writer.ts'

const SERVER_PORT = 8765
const SEGMENT_BYTES = 1448
const NONE = new Uint8Array(0)
const latin1 = (text: string): Uint8Array => Buffer.from(text, 'latin1')

/** Makes one kind of capture of `count` messages (connections, in the mix). */
export type MakeCapture = (path: string, format: CaptureFormat, count: number) => Promise<void> | void

/** Messages of 46 bytes of text, a frame and a packet each, both directions in turn, over ten connections. */
export const smallFrames: MakeCapture = (path, format, count) => {
  const writer = new CaptureWriter(path, format)
  const random = randomWords(1)
  const connections = Array.from({ length: 10 }, (_, i) => open(writer, i))
  for (let i = 0; i < count; i++) {
    // Each side answers the other, so that what was sent is acknowledged: tshark is slow if it never is.
    const { client, server } = connections[(i >> 1) % connections.length]!
    const payload = latin1(
      `{"id":${String(i).padStart(9, '0')},"type":"tick","value":${String(random() % 100_000).padStart(5, '0')}}`,
    )
    if (i & 1) writer.segment(server, client, encodeFrame({ fin: true, opcode: Opcode.text, payload }))
    else
      writer.segment(
        client,
        server,
        encodeFrame({ fin: true, opcode: Opcode.text, payload, maskingKey: random() }),
      )
  }
  for (const connection of connections) close(writer, connection)
  writer.close()
}

/** Binary messages of 64 KiB in segments of 1448 bytes, both directions in turn. */
export const bulk: MakeCapture = (path, format, count) => {
  const writer = new CaptureWriter(path, format)
  const random = randomWords(2)
  const { client, server } = open(writer, 0)
  const payload = new Uint8Array(64 * 1024)
  new Uint32Array(payload.buffer).forEach((_, i, words) => {
    words[i] = random()
  })
  for (let i = 0; i < count; i++) {
    if (i & 1)
      sendSegmented(writer, server, client, encodeFrame({ fin: true, opcode: Opcode.binary, payload }))
    else
      sendSegmented(
        writer,
        client,
        server,
        encodeFrame({ fin: true, opcode: Opcode.binary, payload, maskingKey: random() }),
      )
  }
  close(writer, { client, server })
  writer.close()
}

/** Compressed JSON texts of about 300 bytes with context takeover, both directions in turn. */
export const compressed: MakeCapture = async (path, format, count) => {
  const writer = new CaptureWriter(path, format)
  const random = randomWords(3)
  const { client, server } = open(writer, 0, true)
  const deflate = { client: deflater(), server: deflater() }
  for (let i = 0; i < count; i++) {
    const rows = Array.from(
      { length: 4 },
      () =>
        `{"symbol":"S${random() % 50}","bid":${random() % 9000},"ask":${random() % 9000},"venue":"exchange"}`,
    )
    const text = latin1(`{"sequence":${i},"rows":[${rows.join(',')}]}`)
    const fromServer = (i & 1) === 1
    const payload = await (fromServer ? deflate.server : deflate.client)(text)
    const frame = { fin: true, rsv1: true, opcode: Opcode.text, payload }
    if (fromServer) writer.segment(server, client, encodeFrame(frame))
    else writer.segment(client, server, encodeFrame({ ...frame, maskingKey: random() }))
  }
  close(writer, { client, server })
  writer.close()
}

/**
 * Many connections, a hundred open at a time: two of three WebSocket with ten messages each, the rest plain HTTP; one packet in
 * fifty is late, doubled or overlaps.
 */
export const mix: MakeCapture = (path, format, count) => {
  const writer = new CaptureWriter(path, format)
  const random = randomWords(4)
  for (let first = 0; first < count; first += 100) {
    const batch = Array.from({ length: Math.min(100, count - first) }, (_, i) =>
      (first + i) % 3 === 2 ? openHttp(writer, first + i) : open(writer, first + i),
    )
    for (let message = 0; message < 10; message++) {
      batch.forEach((connection, i) => {
        if ((first + i) % 3 === 2) exchangeHttp(writer, connection)
        else exchangeMessage(writer, connection, message, random)
      })
    }
    for (const connection of batch) close(writer, connection)
  }
  writer.close()
}

interface Connection {
  readonly client: Peer
  readonly server: Peer
}

function peers(number: number): Connection {
  return {
    client: { host: 0x010000 + (number >> 14), port: 20_000 + (number & 0x3fff), sequence: number * 7919 },
    server: { host: 2, port: SERVER_PORT, sequence: number * 104_729 },
  }
}

function shakeHands(writer: CaptureWriter, { client, server }: Connection): void {
  writer.segment(client, server, NONE, { flags: TcpFlag.syn })
  writer.segment(server, client, NONE, { flags: TcpFlag.syn | TcpFlag.ack })
  writer.segment(client, server, NONE, { flags: TcpFlag.ack })
}

function open(writer: CaptureWriter, number: number, deflate = false): Connection {
  const connection = peers(number)
  const { client, server } = connection
  const extensions = deflate ? 'Sec-WebSocket-Extensions: permessage-deflate\r\n' : ''
  shakeHands(writer, connection)
  const key = Buffer.from(`connection${String(number).padStart(6, '0')}`, 'latin1').toString('base64')
  const request = `GET /feed HTTP/1.1\r\nHost: 10.0.0.2:${SERVER_PORT}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${key}\r\n${extensions}\r\n`
  writer.segment(client, server, latin1(request))
  const response = `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${acceptFor(key)}\r\n${extensions}\r\n`
  writer.segment(server, client, latin1(response))
  return connection
}

function openHttp(writer: CaptureWriter, number: number): Connection {
  const connection = peers(number)
  shakeHands(writer, connection)
  return connection
}

function exchangeHttp(writer: CaptureWriter, { client, server }: Connection): void {
  writer.segment(
    client,
    server,
    latin1(`GET /status HTTP/1.1\r\nHost: 10.0.0.2:${SERVER_PORT}\r\nAccept: application/json\r\n\r\n`),
  )
  writer.segment(
    server,
    client,
    latin1('HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 15\r\n\r\n{"status":"ok"}'),
  )
}

function exchangeMessage(
  writer: CaptureWriter,
  { client, server }: Connection,
  message: number,
  random: () => number,
): void {
  const payload = latin1(`{"message":${message},"value":${random() % 1000}}`)
  const frame = { fin: true, opcode: Opcode.text, payload }
  const [from, to, bytes] =
    message & 1
      ? ([server, client, encodeFrame(frame)] as const)
      : ([client, server, encodeFrame({ ...frame, maskingKey: random() })] as const)
  const { sequence } = from
  const fate = random() % 150
  if (fate === 0) {
    // Late: its second half comes first.
    const half = bytes.length >> 1
    from.sequence += half
    writer.segment(from, to, bytes.subarray(half))
    writer.segment(from, to, bytes.subarray(0, half), { sequence })
  } else {
    writer.segment(from, to, bytes)
    if (fate === 1) writer.segment(from, to, bytes, { sequence })
    if (fate === 2) writer.segment(from, to, bytes.subarray(5), { sequence: sequence + 5 })
  }
}

function sendSegmented(writer: CaptureWriter, from: Peer, to: Peer, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; at += SEGMENT_BYTES)
    writer.segment(from, to, bytes.subarray(at, at + SEGMENT_BYTES))
}

function close(writer: CaptureWriter, { client, server }: Connection): void {
  writer.segment(client, server, NONE, { flags: TcpFlag.fin | TcpFlag.ack })
  writer.segment(server, client, NONE, { flags: TcpFlag.fin | TcpFlag.ack })
  writer.segment(client, server, NONE, { flags: TcpFlag.ack })
}

/** Compresses message after message with one window (RFC 7692 §7.2.1). */
function deflater(): (message: Uint8Array) => Promise<Uint8Array> {
  const stream = createDeflateRaw({ windowBits: 15 })
  let parts: Buffer[] = []
  stream.on('data', (part: Buffer) => parts.push(part))
  return (message) =>
    new Promise((resolve) => {
      stream.write(message)
      stream.flush(constants.Z_SYNC_FLUSH, () => {
        const bytes = Buffer.concat(parts)
        parts = []
        resolve(bytes.subarray(0, bytes.length - 4))
      })
    })
}

/** xorshift32: the same words for the same seed. */
function randomWords(seed: number): () => number {
  let state = seed * 0x9e3779b9
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return state >>> 0
  }
}
