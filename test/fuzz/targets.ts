// The fuzzer's targets: the whole way of the data, and single stages with bytes that get deeper than those of a file would.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { Budget, limitsWith } from '../../src/base/limits.ts'
import type { Packet } from '../../src/capture/packet.ts'
import { LARGEST_WINDOW, ZstdDecoder } from '../../src/capture/zstd.ts'
import { eventsOfFrames } from '../../src/conversation/frame-bytes.ts'
import { makeInflaterPool } from '../../src/conversation/inflater-pool.ts'
import { HttpExchanges } from '../../src/http/exchanges.ts'
import { parseExtensions } from '../../src/http/extensions.ts'
import { judgeHandshake } from '../../src/http/handshake.ts'
import { LANGUAGES } from '../../src/language/language.ts'
import { NetworkDecoder } from '../../src/network/decode.ts'
import { UDP_TUNNEL_NAMES } from '../../src/network/udp-tunnels.ts'
import { readPasted } from '../../src/pasted/pasted.ts'
import { nodePlatform } from '../../src/platform/node/platform.ts'
import { escapeBytes, escapeText, escapeUtf8 } from '../../src/render/text/escape.ts'
import { displayWidth } from '../../src/render/text/width.ts'
import { wrap } from '../../src/render/text/wrap.ts'
import { walkthrough } from '../../src/render/walkthrough/walkthrough.ts'
import { Connections } from '../../src/tcp/connections.ts'
import { WebSocketConnection } from '../../src/websocket/connection.ts'
import { encodeFrame } from '../../src/websocket/encode.ts'
import { Recognition } from '../../src/websocket/recognition.ts'
import { acceptFor } from '../support/builders/accept-for.ts'
import { randomCapture } from '../support/builders/random-conversations.ts'
import type { Random } from '../support/builders/websocket-traffic.ts'
import { storedZstd } from '../support/builders/zstd-frames.ts'
import { fixtureNames, fixturePath, tlsFixtureNames } from '../support/drivers/fixtures.ts'
import { PACKET_KINDS } from '../support/drivers/network-packets.ts'
import { changedPackets, fileOf, packetsOf, withChangedBytes } from './captures.ts'
import { fuzzHttp2, fuzzTls } from './carriers.ts'
import { checkBudgets, checkScreenText, checkWalk, forgetBudgets } from './checks.ts'
import { CONSUMERS, type Consume, consumeFiles, randomOptions } from './consumers.ts'
import { randomItems } from './items.ts'
import { fuzzGolden, fuzzKeyLog, fuzzScript } from './texts.ts'

/** Runs one stage, or all of them, on bytes that the random numbers choose. Throws if a property does not hold. */
export type FuzzTarget = (random: Random) => void | Promise<void>

/** Whole fixtures beyond this size cost more time than they find. */
const LARGEST_SEED = 60_000
const fixtures = [...fixtureNames, ...tlsFixtureNames]
  .map((name) => readFileSync(fixturePath(name)))
  .filter(({ length }) => length <= LARGEST_SEED)
const seeds = fixtures
  .map(packetsOf)
  .filter(
    (packets) =>
      packets.length > 0 && packets.reduce((sum, { bytes }) => sum + bytes.length, 0) < LARGEST_SEED,
  )

/** Fixtures as `zstd` packs them; stored, if it is not there. */
const packedFixtures = fixtures.map((bytes, i) => {
  const { stdout, status } = spawnSync('zstd', ['-q', '-c', `-${1 + (i % 19)}`, '-'], { input: bytes })
  return status === 0 ? Uint8Array.from(stdout) : storedZstd(bytes)
})

/** Every target, with how often it runs among the others. */
export const FUZZ_TARGETS: ReadonlyArray<readonly [name: string, weight: number, target: FuzzTarget]> = [
  ['packets', 10, (random) => checkWalk(filesOf(random), random)],
  ['file bytes', 4, (random) => checkWalk([withChangedBytes(random.oneOf(fixtures), random)], random)],
  ['random file', 1, (random) => checkWalk([randomFile(random)], random)],
  ['random conversations', 2, fuzzConversations],
  ['zstd', 3, fuzzZstd],
  ['network', 4, fuzzNetwork],
  ['http', 3, fuzzHttp],
  ['websocket', 6, fuzzWebSocket],
  ['recognition', 2, fuzzRecognition],
  ['tls', 2, fuzzTls],
  ['http2', 2, fuzzHttp2],
  ['hex', 1, fuzzHex],
  ['text', 2, fuzzText],
  ['golden files', 2, fuzzGolden],
  ['scripts', 1, fuzzScript],
  ['key logs', 1, fuzzKeyLog],
  ...CONSUMERS.map(([name, consume]) => [name, 1, consuming(consume)] as const),
]

/** A command meets a capture that was changed, or its bytes. */
function consuming(consume: Consume): FuzzTarget {
  return async (random) => {
    const files = random.chance(70) ? filesOf(random) : [withChangedBytes(random.oneOf(fixtures), random)]
    await consumeFiles(consume, files, randomOptions(random), random)
    // A command may stop when it has what it needs, and is not asked to give anything back then.
    forgetBudgets()
  }
}

function filesOf(random: Random): Uint8Array[] {
  const files = []
  for (let count = random.chance(90) ? 1 : 2; count > 0; count--) {
    const packets = changedPackets(random.oneOf(seeds), random)
    files.push(fileOf(packets.slice(0, 400), random))
  }
  return files
}

function randomFile(random: Random): Uint8Array {
  const magic = random.oneOf([
    [0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0],
    [0xa1, 0xb2, 0x3c, 0x4d, 0, 2, 0, 4],
    [0x0a, 0x0d, 0x0d, 0x0a, 28, 0, 0, 0, 0x4d, 0x3c, 0x2b, 0x1a, 1, 0, 0, 0],
    [0x1f, 0x8b, 8, 0],
    [0x28, 0xb5, 0x2f, 0xfd, 0x04, 0x58],
    [],
  ])
  return Uint8Array.from([...magic, ...random.bytes(random.below(500))])
}

async function fuzzConversations(random: Random): Promise<void> {
  const { packets } = randomCapture(random.below(2 ** 30), 1 + random.below(3), 4)
  const loose = packets.map(({ bytes, time }) => {
    const { seconds = 0, nanoseconds = 0 } = time ?? {}
    return { seconds, nanoseconds, linkType: 1, bytes, originalLength: bytes.length }
  })
  await checkWalk([fileOf(changedPackets(loose, random), random)], random)
}

/** Packed captures with changed bytes, in chunks of any size: what comes out is a prefix of something, within bounds. */
async function fuzzZstd(random: Random): Promise<void> {
  const packed = withChangedBytes(random.oneOf(packedFixtures), random, 90)
  if (random.chance(30)) return checkWalk([packed], random)
  const decoder = new ZstdDecoder()
  for (let at = 0; at < packed.length; ) {
    const length = 1 + random.below(random.oneOf([3, 300, 100_000]))
    decoder.push(packed.slice(at, at + length))
    at += length
    while (decoder.next() !== undefined);
    if (decoder.held > 2 * LARGEST_WINDOW) throw new Error(`zstd holds ${decoder.held} bytes`)
  }
  decoder.end()
  while (decoder.next() !== undefined);
}

const LINK_TYPES = [...new Set(PACKET_KINDS.map(({ linkType }) => linkType)), 14, 147, 149]

/** Real packets, and one of each link and tunnel, with changed bytes, and random bytes, under right and wrong link types. */
function fuzzNetwork(random: Random): void {
  const limits = limitsWith({ fragments: 1 + random.below(4) })
  const budget = new Budget(100_000)
  const report = () => {}
  const connections = new Connections(limits, budget, report, () => ({ push: () => {}, conflict: () => {} }))
  const tunnelPorts = random.chance(30)
    ? [{ tunnel: random.oneOf(UDP_TUNNEL_NAMES), port: random.oneOf([443, 1701, 4789, 50_000]) }]
    : []
  const network = new NetworkDecoder({ limits, tunnelPorts }, budget, report, connections)
  for (let number = 1; number <= 50; number++) {
    const real = random.chance(50) ? random.oneOf(random.oneOf(seeds)) : random.oneOf(PACKET_KINDS)
    const bytes = random.chance(80) ? withChangedBytes(real.bytes, random) : random.bytes(random.below(200))
    const linkType = random.chance(80) ? real.linkType : random.oneOf(LINK_TYPES)
    const packet: Packet = {
      number,
      time: random.chance(80) ? { seconds: Math.floor(number / 10), nanoseconds: 0 } : undefined,
      linkType,
      bytes,
      start: 0,
      end: bytes.length,
      originalLength: bytes.length + (random.chance(20) ? random.below(2000) : 0),
    }
    network.push(packet)
  }
  network.end()
  connections.end()
  checkBudgets()
}

const HTTP_PIECES = [
  'GET / HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n',
  'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nSec-WebSocket-Extensions: permessage-deflate\r\n',
  'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n',
  'POST / HTTP/1.1\r\nContent-Length: 12\r\n',
  'CONNECT a HTTP/1.1\r\n',
  'HTTP/1.1 200 OK\r\n',
  'Sec-WebSocket-Extensions: x; y="\\"", permessage-deflate; server_max_window_bits\r\n',
  'PROXY TCP6 ::1 ::2 3 4\r\n',
  '\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0c',
  '5\r\nabcde\r\n0\r\n\r\n',
  '\r\n',
  '\n',
  '\x81\x85\0\0\0\0hello',
  '\x81\x02hi',
]

function fuzzHttp(random: Random): void {
  const budget = new Budget(random.oneOf([500, 10_000, 1e7]))
  const limits = limitsWith({ headSize: random.oneOf([300, 1e6]) })
  const http = new HttpExchanges({ acceptFor, sawSyn: random.chance(50), limits, budget, report: () => {} })
  for (const [direction, item] of randomItems(random, () => {
    const text = Array.from({ length: 1 + random.below(4) }, () => random.oneOf(HTTP_PIECES)).join('')
    return withChangedBytes(Buffer.from(text, 'latin1'), random, 30)
  })) {
    http.push(direction, item)
    if (http.upgrade !== undefined) {
      judgeHandshake(http.upgrade, acceptFor)
      break
    }
  }
  void http.held
  http.release()
  parseExtensions([
    Buffer.from(random.bytes(40))
      .toString('latin1')
      .replaceAll(/[^ -~]/g, ';,="\\'[random.below(5)]!),
  ])
  checkBudgets()
}

/** Frames, good and bad, over any cut, with gaps between. */
function fuzzWebSocket(random: Random): void {
  const limits = limitsWith({
    messageSize: random.oneOf([10, 1000, 1e7]),
    inflateSize: random.oneOf([10, 1000, 1e6]),
    waitingPerStream: random.oneOf([100, 5000, 1e6]),
    inflaters: random.oneOf([1, 256]),
  })
  const budget = new Budget(random.oneOf([200, 40_000, 1e7]))
  const side = () => ({ contextTakeover: random.chance(70), windowBits: 8 + random.below(8) })
  const midstream = random.chance(30)
  const connection = new WebSocketConnection({
    connection: 1,
    deflate: random.chance(70) ? { client: side(), server: side() } : null,
    midstream,
    extensionsKnown: !midstream && random.chance(80),
    limits,
    budget,
    makeInflater: makeInflaterPool(limits, budget, nodePlatform),
    emit: () => {},
  })
  for (const [direction, item] of randomItems(random, () => frames(random))) {
    connection.push(direction === 0 ? 'client' : 'server', item)
    while (connection.next());
  }
  connection.end()
  checkBudgets()
}

function fuzzRecognition(random: Random): void {
  const limits = limitsWith({ waitingPerStream: random.oneOf([100, 5000, 1e6]) })
  const budget = new Budget(random.oneOf([200, 40_000, 1e7]))
  const recognition = new Recognition({ limits, budget })
  for (const [direction, item] of randomItems(random, () => frames(random))) recognition.push(direction, item)
  recognition.release()
  checkBudgets()
}

function frames(random: Random): Uint8Array {
  if (random.chance(15)) return random.bytes(random.below(300))
  const parts = Array.from({ length: 1 + random.below(6) }, () =>
    encodeFrame({
      fin: random.chance(80),
      rsv1: random.chance(25),
      rsv2: random.chance(3),
      opcode: random.chance(90) ? random.oneOf([0, 1, 1, 2, 8, 9, 10]) : random.below(16),
      maskingKey: random.chance(50) ? random.below(2 ** 32) : undefined,
      payload: random.chance(50)
        ? Buffer.from('{"text":"some text"}'.repeat(random.below(9)))
        : random.bytes(random.below(150)),
    }),
  )
  return withChangedBytes(Buffer.concat(parts), random, 40)
}

function fuzzHex(random: Random): void {
  const characters = '0123456789abcdefx, \n:|\t0c18543'
  const text = Array.from({ length: random.below(200) }, () => random.oneOf([...characters])).join('')
  const parsed = readPasted(random.chance(50) ? text : hexDump(frames(random), random))
  const bytes = 'bytes' in parsed ? parsed.bytes : frames(random)
  const color = random.chance(50)
  const events = eventsOfFrames(bytes, nodePlatform, random.oneOf([undefined, 'client', 'server']))
  for (const event of events.filter(({ type }) => type === 'frame').slice(0, 3)) {
    if (event.type !== 'frame') continue
    const language = random.oneOf(LANGUAGES)
    const look = { width: 40 + random.below(160), color, rows: 1 + random.below(50), language }
    checkScreenText(
      walkthrough({ frame: event, findings: [], message: undefined, source: 'bytes' }, look),
      color,
    )
  }
  checkBudgets()
}

/** Rows of a dump as tools print them, some of them wrong. */
function hexDump(bytes: Uint8Array, random: Random): string {
  const width = random.oneOf([8, 16])
  const rows: string[] = []
  for (let at = 0; at < bytes.length; at += width) {
    const row = bytes.subarray(at, at + width)
    const offset = random.chance(95) ? at : random.below(200)
    const digits = Buffer.from(row).toString('hex')
    const groups = digits.replaceAll(random.oneOf([/../g, /..../g]), '$& ')
    const shown = random.chance(70) ? `  ${Buffer.from(row).toString('latin1')}` : ''
    rows.push(`${offset.toString(16).padStart(4, '0')}${random.oneOf(['  ', ':  ', ' '])}${groups}${shown}`)
  }
  return rows.join('\n')
}

function fuzzText(random: Random): void {
  const text = String.fromCodePoint(
    ...Array.from({ length: random.below(60) }, () =>
      random.oneOf([
        random.below(0x110000),
        random.below(0x250),
        0x200b + random.below(0x60),
        0x300 + random.below(0x70),
        0x1f1e6 + random.below(26),
      ]),
    ),
  )
  const columns = 1 + random.below(80)
  for (const shown of [
    escapeText(text, columns),
    escapeUtf8(Buffer.from(text), columns),
    escapeUtf8(random.bytes(random.below(100)), columns),
    escapeBytes(random.bytes(random.below(100)), columns),
    ...wrap(escapeText(text), columns),
  ]) {
    checkScreenText(shown, false)
    if (displayWidth(shown) > columns)
      throw new Error(`${JSON.stringify(shown)} is wider than ${columns} columns`)
  }
}
