// Random captures of WebSocket conversations, whole from SYN to FIN, as programs and a network make them; and what was said in
// them.
import { concat } from '../../../src/base/bytes.ts'
import type { Side, Time } from '../../../src/base/stream.ts'
import { TcpFlag } from '../../../src/network/segment.ts'
import { encodeFrame } from '../../../src/websocket/encode.ts'
import type { Recorded } from '../../damage/damage.ts'
import { closeBody } from '../drivers/websocket-conversation.ts'
import { acceptFor } from './accept-for.ts'
import { tcpPacket, utf8 } from './packet-builder.ts'
import { compressAlone, makeCompressor } from './websocket-compressor.ts'
import { Random } from './websocket-traffic.ts'

/** A message as its sender meant it. */
export interface Said {
  readonly from: Side
  readonly opcode: 1 | 2
  readonly data: Uint8Array
}

/** What was said on one connection. */
export interface RandomConversation {
  readonly clientPort: number
  readonly said: readonly Said[]
}

/** The packets of a capture, and what was said in it. */
export interface RandomCapture {
  readonly packets: Recorded[]
  readonly conversations: readonly RandomConversation[]
}

/** The server's port of all random conversations. */
export const SERVER_PORT = 8765

const MSS = 1448
const KEY = 'dGhlIHNhbXBsZSBub25jZQ=='
const WORDS = ['price', 'volume', 'status', '服务器回应', 'é', '😀', 'user', '{"id":', '消息']

/** How one conversation compresses. */
type Compression = 'none' | 'takeover' | 'no-takeover'

/** A capture of `connections` conversations at once, of about `messages` messages each, all from one seed. */
export function randomCapture(seed: number, connections: number, messages: number): RandomCapture {
  const random = new Random(seed)
  const conversations = Array.from({ length: connections }, (_, index) =>
    new Conversation(new Random(seed * 31 + index), 40_000 + index).run(messages),
  )
  const queues = conversations.map(({ packets }) => [...packets])
  const packets: Recorded[] = []
  let microseconds = 0
  while (queues.some((queue) => queue.length > 0)) {
    const queue = random.oneOf(queues.filter(({ length }) => length > 0))
    for (let count = 1 + random.below(4); count > 0 && queue.length > 0; count--) {
      microseconds += 20 + random.below(400)
      packets.push(recorded(queue.shift()!, microseconds))
    }
  }
  return { packets, conversations: conversations.map(({ port, said }) => ({ clientPort: port, said })) }
}

function recorded(bytes: Uint8Array, microseconds: number): Recorded {
  const time: Time = { seconds: 1_700_000_000, nanoseconds: microseconds * 1000 }
  return { bytes, originalLength: bytes.length, time, linkType: 1 }
}

class Conversation {
  readonly port: number
  readonly packets: Uint8Array[] = []
  readonly said: Said[] = []
  readonly #random: Random
  readonly #sequences: Record<Side, number>
  readonly #compression: Compression
  readonly #compress: Record<Side, (message: Uint8Array) => Uint8Array>
  /** Bytes written and not sent yet: small writes that go out together. */
  readonly #unsent: Record<Side, Uint8Array[]> = { client: [], server: [] }

  constructor(random: Random, port: number) {
    this.#random = random
    this.port = port
    this.#sequences = { client: random.below(2 ** 32), server: random.below(2 ** 32) }
    this.#compression = random.oneOf(['none', 'none', 'takeover', 'no-takeover'] as const)
    const takeover = this.#compression === 'takeover'
    const alone = (message: Uint8Array) => compressAlone(message)
    this.#compress = {
      client: takeover ? makeCompressor() : alone,
      server: takeover ? makeCompressor() : alone,
    }
  }

  run(messages: number): this {
    this.#packet('client', { flags: TcpFlag.syn })
    this.#packet('server', { flags: TcpFlag.syn | TcpFlag.ack })
    this.#packet('client', { flags: TcpFlag.ack })
    this.#shakeHands()
    const talker = this.#random.oneOf(['client', 'server', undefined] as const)
    for (let count = 0; count < messages; count++) {
      const from = talker !== undefined && this.#random.chance(80) ? talker : this.#anySide()
      this.#say(from)
      if (this.#random.chance(10)) this.#beat(from)
      if (this.#random.chance(30)) this.#acknowledge(other(from))
    }
    this.#end(this.#random.oneOf(['close', 'close', 'fin', 'reset', 'open'] as const))
    return this
  }

  #shakeHands(): void {
    const offer = {
      none: '',
      takeover: '',
      'no-takeover': 'server_no_context_takeover; client_no_context_takeover',
    }
    const extension =
      this.#compression === 'none'
        ? ''
        : `Sec-WebSocket-Extensions: permessage-deflate${this.#compression === 'takeover' ? '' : '; '}${offer[this.#compression]}\r\n`
    const request = `GET /chat HTTP/1.1\r\nHost: example.org:${SERVER_PORT}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: ${KEY}\r\nSec-WebSocket-Version: 13\r\n${extension}\r\n`
    const response = `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${acceptFor(KEY)}\r\n${extension}\r\n`
    this.#write('client', utf8(request))
    this.#send('client')
    this.#acknowledge('server')
    this.#write('server', utf8(response))
    // Some servers speak at once, in the packet of the 101.
    if (this.#random.chance(20)) this.#say('server')
    this.#send('server')
  }

  #say(from: Side): void {
    const random = this.#random
    const isText = random.chance(65)
    const size = random.below(random.oneOf([10, 120, 120, 400, 400, 3000, 9000]))
    const data = isText ? this.#text(size) : random.bytes(size)
    const opcode = isText ? 1 : 2
    this.said.push({ from, opcode, data })
    const rsv1 = this.#compression !== 'none' && random.chance(90)
    // A sender may start over with an empty window for any message.
    if (this.#compression === 'takeover' && random.chance(15)) this.#compress[from] = makeCompressor()
    const payload = rsv1 ? this.#compress[from](data) : data
    const fragments = random.chance(15) ? 2 + random.below(3) : 1
    const least = random.chance(3) ? 0 : 1
    let at = 0
    let isFirst = true
    for (let index = 0; index < fragments; index++) {
      const isLast = index === fragments - 1
      const rest = payload.length - at
      const end = isLast ? payload.length : at + Math.min(rest, least + random.below(rest + 1))
      if (!isLast && end === at && least > 0) continue
      this.#frame(from, {
        fin: isLast,
        rsv1: rsv1 && isFirst,
        opcode: isFirst ? opcode : 0,
        payload: payload.subarray(at, end),
      })
      at = end
      isFirst = false
      if (fragments > 1 && random.chance(30))
        this.#frame(from, { fin: true, opcode: 9, payload: random.bytes(4) })
    }
    if (random.chance(80)) this.#send(from)
  }

  /** A ping and its pong. */
  #beat(from: Side): void {
    const payload = this.#random.bytes(this.#random.below(9))
    this.#frame(from, { fin: true, opcode: 9, payload })
    this.#send(from)
    this.#frame(other(from), { fin: true, opcode: 10, payload })
    this.#send(other(from))
  }

  #end(how: 'close' | 'fin' | 'reset' | 'open'): void {
    const first = this.#anySide()
    this.#send('client')
    this.#send('server')
    if (how === 'open') return
    if (how === 'close') {
      const payload = closeBody(1000, 'done')
      for (const from of [first, other(first)]) {
        this.#frame(from, { fin: true, opcode: 8, payload })
        this.#send(from)
      }
    }
    if (how === 'reset') {
      this.#packet(first, { flags: TcpFlag.rst | TcpFlag.ack })
      return
    }
    for (const from of [first, other(first)]) {
      this.#packet(from, { flags: TcpFlag.fin | TcpFlag.ack })
      this.#acknowledge(other(from))
    }
  }

  #frame(from: Side, fields: { fin: boolean; opcode: number; rsv1?: boolean; payload: Uint8Array }): void {
    const maskingKey = from === 'client' ? this.#random.below(2 ** 32) : undefined
    this.#write(from, encodeFrame({ ...fields, maskingKey }))
  }

  #text(size: number): Uint8Array {
    let text = ''
    while (text.length < size) text += `${this.#random.oneOf(WORDS)}${this.#random.below(1000)},`
    return utf8(text.slice(0, size).replace(/[\ud800-\udbff]$/, ''))
  }

  #write(from: Side, bytes: Uint8Array): void {
    this.#unsent[from].push(bytes)
  }

  /** All that was written goes out, in full segments and a rest. */
  #send(from: Side): void {
    const bytes = concat(this.#unsent[from])
    this.#unsent[from] = []
    for (let at = 0; at < bytes.length; at += MSS) {
      const payload = bytes.subarray(at, at + MSS)
      this.#packet(from, { flags: TcpFlag.ack | TcpFlag.psh, payload })
      if (this.#random.chance(25)) this.#acknowledge(other(from))
    }
  }

  #acknowledge(from: Side): void {
    this.#packet(from, { flags: TcpFlag.ack })
  }

  #packet(from: Side, { flags, payload = new Uint8Array(0) }: { flags: number; payload?: Uint8Array }): void {
    const client = { address: '10.0.0.1', port: this.port }
    const server = { address: '10.0.0.2', port: SERVER_PORT }
    const [source, destination] = from === 'client' ? [client, server] : [server, client]
    const sequence = this.#sequences[from]
    const acknowledgment = (flags & TcpFlag.ack) === 0 ? 0 : this.#sequences[other(from)]
    this.packets.push(tcpPacket({ source, destination, sequence, acknowledgment, flags, payload }))
    const phantom = (flags & (TcpFlag.syn | TcpFlag.fin)) === 0 ? 0 : 1
    this.#sequences[from] = (sequence + payload.length + phantom) >>> 0
  }

  #anySide(): Side {
    return this.#random.oneOf(['client', 'server'] as const)
  }
}

function other(side: Side): Side {
  return side === 'client' ? 'server' : 'client'
}
