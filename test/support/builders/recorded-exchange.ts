// One exchange of messages, recorded as often as a test likes. In: what was said, and, apart from it, all that changes by chance
// (ports, keys, times, segments, fragments, pings, headers that say when and who). Out: a capture.
import { createHash } from 'node:crypto'
import { type Endpoint, Opcode } from '../../../src/base/events.ts'
import type { Side } from '../../../src/base/stream.ts'
import { TcpFlag } from '../../../src/network/segment.ts'
import { encodeFrame, type FrameFields } from '../../../src/websocket/encode.ts'
import { closeBody } from '../drivers/websocket-conversation.ts'
import { type FilePacket, pcapFile, tcpPacket, utf8 } from './packet-builder.ts'
import { Random } from './websocket-traffic.ts'

/** What was said. */
export interface Exchange {
  readonly target: string
  readonly messages: readonly Said[]
  readonly close: { readonly by: Side; readonly code: number; readonly reason: string }
}

/** A message, or a frame of any kind. */
export type Said =
  | { readonly from: Side; readonly text: string }
  | { readonly from: Side; readonly bytes: Uint8Array }
  | { readonly from: Side; readonly frame: FrameFields }

/** What changes from one recording to the next. */
export interface Chance {
  readonly client: Endpoint
  readonly server: Endpoint
  readonly host: string
  /** The first sequence numbers. */
  readonly sequences: Readonly<Record<Side, number>>
  /** Of the masking keys. */
  readonly seed: number
  /** 16 bytes. */
  readonly nonce: Uint8Array
  readonly seconds: number
  readonly nanosecondsApart: number
  /** Most bytes in a segment. */
  readonly segmentSize: number
  /** A message of more bytes is sent in fragments. */
  readonly fragmentSize: number
  /** Before which message each side sends a ping, and the other answers. */
  readonly pingBefore: number | undefined
  readonly date: string
  readonly userAgent: string
  /** Segments that are sent twice, by their number. */
  readonly sentAgain: number | undefined
}

/** Some values of chance. */
export const SOME_CHANCE: Chance = {
  client: { address: '10.0.0.1', port: 40000 },
  server: { address: '10.0.0.2', port: 8765 },
  host: '10.0.0.2:8765',
  sequences: { client: 1000, server: 2000 },
  seed: 1,
  nonce: new Uint8Array(16).fill(7),
  seconds: 1_700_000_000,
  nanosecondsApart: 1_000_000,
  segmentSize: 1400,
  fragmentSize: 100_000,
  pingBefore: undefined,
  date: 'Mon, 23 Nov 2026 23:27:58 GMT',
  userAgent: 'a browser',
  sentAgain: undefined,
}

/** A capture of the exchange: a pcap file. */
export function recordExchange(exchange: Exchange, chance: Chance = SOME_CHANCE): Uint8Array {
  const wire = new Wire(chance)
  wire.open()
  const [request, response] = heads(exchange, chance)
  wire.send('client', request)
  wire.send('server', response)
  exchange.messages.forEach((said, i) => {
    if (chance.pingBefore === i) for (const side of SIDES) ping(wire, side)
    for (const frame of framesOf(said, chance.fragmentSize))
      wire.send(said.from, wire.encoded(said.from, frame))
  })
  const { by, code, reason } = exchange.close
  for (const side of [by, otherOf(by)])
    wire.send(side, wire.encoded(side, { fin: true, opcode: Opcode.close, payload: closeBody(code, reason) }))
  wire.end('server')
  wire.end('client')
  return pcapFile(wire.packets, { nanoseconds: true })
}

const SIDES = ['client', 'server'] as const

const otherOf = (side: Side): Side => (side === 'client' ? 'server' : 'client')

function ping(wire: Wire, side: Side): void {
  const payload = wire.random.bytes(wire.random.below(10))
  wire.send(side, wire.encoded(side, { fin: true, opcode: Opcode.ping, payload }))
  wire.send(otherOf(side), wire.encoded(otherOf(side), { fin: true, opcode: Opcode.pong, payload }))
}

function framesOf(said: Said, fragmentSize: number): FrameFields[] {
  if ('frame' in said) return [said.frame]
  const payload = 'text' in said ? utf8(said.text) : said.bytes
  const opcode = 'text' in said ? Opcode.text : Opcode.binary
  const count = Math.max(1, Math.ceil(payload.length / fragmentSize))
  return Array.from({ length: count }, (_, i) => ({
    fin: i === count - 1,
    opcode: i === 0 ? opcode : Opcode.continuation,
    payload: payload.subarray(i * fragmentSize, (i + 1) * fragmentSize),
  }))
}

function heads(
  { target }: Exchange,
  { host, nonce, date, userAgent }: Chance,
): [request: Uint8Array, response: Uint8Array] {
  const key = Buffer.from(nonce).toString('base64')
  const accept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64')
  const head = (...lines: string[]): Uint8Array => utf8(`${lines.join('\r\n')}\r\n\r\n`)
  const upgrade = ['Upgrade: websocket', 'Connection: Upgrade']
  return [
    head(
      `GET ${target} HTTP/1.1`,
      `Host: ${host}`,
      `User-Agent: ${userAgent}`,
      'Origin: https://example.org',
      ...upgrade,
      'Sec-WebSocket-Version: 13',
      `Sec-WebSocket-Key: ${key}`,
    ),
    head('HTTP/1.1 101 Switching Protocols', `Date: ${date}`, ...upgrade, `Sec-WebSocket-Accept: ${accept}`),
  ]
}

/** One TCP connection, packet by packet. */
class Wire {
  readonly packets: FilePacket[] = []
  readonly random: Random
  readonly #chance: Chance
  readonly #next: Record<Side, number>

  constructor(chance: Chance) {
    this.#chance = chance
    this.#next = { ...chance.sequences }
    this.random = new Random(chance.seed)
  }

  open(): void {
    this.#packet('client', TcpFlag.syn, new Uint8Array(0), 0)
    this.#advance('client', 1)
    this.#packet('server', TcpFlag.syn | TcpFlag.ack, new Uint8Array(0))
    this.#advance('server', 1)
    this.#packet('client', TcpFlag.ack, new Uint8Array(0))
  }

  encoded(side: Side, frame: FrameFields): Uint8Array {
    return encodeFrame(
      side === 'client' ? { maskingKey: 1 + this.random.below(2 ** 32 - 1), ...frame } : frame,
    )
  }

  send(side: Side, bytes: Uint8Array): void {
    const { segmentSize, sentAgain } = this.#chance
    for (let at = 0; at < bytes.length; at += segmentSize) {
      const payload = bytes.subarray(at, at + segmentSize)
      this.#packet(side, TcpFlag.ack | TcpFlag.psh, payload)
      if (sentAgain === this.packets.length) this.#packet(side, TcpFlag.ack | TcpFlag.psh, payload)
      this.#advance(side, payload.length)
    }
  }

  end(side: Side): void {
    this.#packet(side, TcpFlag.fin | TcpFlag.ack, new Uint8Array(0))
    this.#advance(side, 1)
  }

  #advance(side: Side, by: number): void {
    this.#next[side] = (this.#next[side] + by) >>> 0
  }

  #packet(from: Side, flags: number, payload: Uint8Array, acknowledgment = this.#next[otherOf(from)]): void {
    const { client, server, seconds, nanosecondsApart } = this.#chance
    const [source, destination] = from === 'client' ? [client, server] : [server, client]
    const elapsed = nanosecondsApart * this.packets.length
    this.packets.push({
      bytes: tcpPacket({ source, destination, sequence: this.#next[from], acknowledgment, flags, payload }),
      time: { seconds: seconds + Math.floor(elapsed / 1e9), nanoseconds: elapsed % 1e9 },
    })
  }
}
