// The fuzzer's targets for what carries WebSocket besides TCP: TLS with the right keys and wrong contents, HTTP/2 with frames of
// any kind.
import { concat } from '../../src/base/bytes.ts'
import { Budget, limitsWith } from '../../src/base/limits.ts'
import type { Direction } from '../../src/base/stream.ts'
import { Http2Connection } from '../../src/http2/connection.ts'
import { cryptography } from '../../src/platform/node/cryptography.ts'
import { TlsConnection } from '../../src/tls/connection.ts'
import { TlsContext } from '../../src/tls/context.ts'
import { KeyLog } from '../../src/tls/key-log.ts'
import { encodeFrame } from '../../src/websocket/encode.ts'
import { Recognition } from '../../src/websocket/recognition.ts'
import { transcribe } from '../support/builders/http2-transcript.ts'
import { u8, u16, utf8 } from '../support/builders/packet-builder.ts'
import {
  clientHello,
  encryptedExtensions,
  extension,
  handshake,
  keyLogOf,
  plainRecord,
  SECRETS,
  sealer,
  serverHello,
} from '../support/builders/tls-sealing.ts'
import type { Random } from '../support/builders/websocket-traffic.ts'
import { withChangedBytes } from './captures.ts'
import { checkBudgets } from './checks.ts'
import { randomItems } from './items.ts'

/** Sessions of TLS 1.3 whose records are authentic, whatever they say. */
export function fuzzTls(random: Random): void {
  const budget = new Budget(random.oneOf([300, 20_000, 1e7]))
  const keyLog = new KeyLog()
  if (random.chance(90)) keyLog.add(withChangedBytes(Buffer.from(keyLogOf()), random, 10))
  let delivered = 0
  const tls = new TlsConnection(new TlsContext(cryptography, keyLog, budget), {
    deliver: () => delivered++,
    report: () => {},
  })
  const session = [new SealedSide(0, random), new SealedSide(1, random)] as const
  for (const [direction, item] of randomItems(random, (from) => session[from].records()))
    tls.push(direction, item)
  tls.release()
  checkBudgets()
}

/** What one side sends: its hello, its handshake under one secret, then anything under the next. */
class SealedSide {
  readonly #isServer: boolean
  readonly #random: Random
  readonly #handshake: ReturnType<typeof sealer>
  readonly #traffic: ReturnType<typeof sealer>
  #stage = 0

  constructor(direction: Direction, random: Random) {
    this.#isServer = direction === 1
    this.#random = random
    const labels = this.#isServer
      ? (['SERVER_HANDSHAKE_TRAFFIC_SECRET', 'SERVER_TRAFFIC_SECRET_0'] as const)
      : (['CLIENT_HANDSHAKE_TRAFFIC_SECRET', 'CLIENT_TRAFFIC_SECRET_0'] as const)
    this.#handshake = sealer(SECRETS[labels[0]])
    this.#traffic = sealer(SECRETS[labels[1]])
  }

  records(): Uint8Array {
    const random = this.#random
    const stage = random.chance(85) ? this.#stage++ : random.below(4)
    const bytes =
      stage === 0 ? this.#hello() : stage === 1 ? this.#handshakeRecords() : this.#applicationRecords()
    return withChangedBytes(bytes, random, 15)
  }

  #hello(): Uint8Array {
    const random = this.#random
    if (this.#isServer) return withChangedBytes(serverHello(), random, 20)
    const names = Array.from({ length: random.below(4) }, () =>
      extension(random.oneOf([0, 16, 41, 42, 43, 51]), random.bytes(random.below(30))),
    )
    return withChangedBytes(clientHello(...names), random, 20)
  }

  #handshakeRecords(): Uint8Array {
    const random = this.#random
    const protocol = utf8(random.oneOf(['h2', 'http/1.1']))
    const names = extension(16, concat([u16(protocol.length + 1), u8(protocol.length), protocol]))
    const messages = withChangedBytes(
      concat([
        ...(this.#isServer ? [encryptedExtensions(names)] : []),
        handshake(random.oneOf([11, 13, 15]), random.bytes(random.below(200))),
        handshake(20, random.bytes(32)),
      ]),
      random,
      20,
    )
    const cut = random.below(messages.length)
    return concat([
      ...(random.chance(50) ? [plainRecord(20, u8(1))] : []),
      this.#handshake(22, messages.subarray(0, cut)),
      this.#handshake(22, messages.subarray(cut), random.below(20)),
    ])
  }

  #applicationRecords(): Uint8Array {
    const random = this.#random
    return concat(
      Array.from({ length: 1 + random.below(4) }, () => {
        const type = random.oneOf([23, 23, 23, 22, 21, 20, 0])
        const content = type === 22 ? handshake(random.oneOf([4, 24]), random.bytes(1)) : frame(random)
        return this.#traffic(type, content, random.below(5))
      }),
    )
  }
}

const CALLS = { client: [utf8('hello')], server: [utf8('welcome')] }
const { writes } = await transcribe([
  { path: '/one', ...CALLS },
  { path: '/two', ...CALLS, headers: { 'x-long': 'x'.repeat(3000) } },
])

/** What Node's HTTP/2 wrote, and frames that it would never write. */
export function fuzzHttp2(random: Random): void {
  const limits = limitsWith({
    http2Streams: random.oneOf([1, 3, 1000]),
    headSize: random.oneOf([200, 1e6]),
  })
  const budget = new Budget(random.oneOf([300, 20_000, 1e7]))
  const connection = new Http2Connection({
    client: random.oneOf([0, 0, 1, undefined]),
    limits,
    budget,
    recognize: () => new Recognition({ limits, budget }),
  })
  const written = ([0, 1] as const).map((from) => writes.filter(({ direction }) => direction === from))
  const next = [0, 0]
  for (const [direction, item] of randomItems(random, (from) => {
    const recorded = random.chance(70) ? written[from]![next[from]!++]?.bytes : undefined
    return withChangedBytes(recorded ?? http2Frames(random), random, 15)
  })) {
    connection.push(direction, item)
    while (connection.next() !== undefined);
  }
  connection.release()
  checkBudgets()
}

/** Frames of any type (RFC 9113 §6), with header blocks that are HPACK at times. */
function http2Frames(random: Random): Uint8Array {
  return concat(
    Array.from({ length: 1 + random.below(5) }, () => {
      const type = random.oneOf([0, 0, 1, 1, 2, 3, 4, 5, 6, 7, 8, 9, 9, 200])
      const payload = random.chance(40) ? frame(random) : random.bytes(random.below(60))
      const length = random.chance(95) ? payload.length : random.below(2 ** 24)
      const flags = random.oneOf([0, 1, 4, 5, 8, 0x20, 0x2d, random.below(256)])
      const stream = random.oneOf([0, 1, 1, 3, 3, 5, random.below(2 ** 31)])
      return concat([
        u8(length >> 16),
        u16(length & 0xffff),
        u8(type, flags),
        u16(stream >>> 16),
        u16(stream & 0xffff),
        payload,
      ])
    }),
  )
}

function frame(random: Random): Uint8Array {
  const maskingKey = random.chance(50) ? random.below(2 ** 32) : undefined
  return encodeFrame({ fin: true, opcode: 1, maskingKey, payload: utf8('{"text":"some text"}') })
}
