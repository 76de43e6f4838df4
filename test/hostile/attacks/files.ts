// What many files and key logs cost whoever reads them as one capture: each file by itself is small or plain, all of them together are not.
import { createHash } from 'node:crypto'
import { closeSync, openSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { concat } from '../../../src/base/bytes.ts'
import { Opcode } from '../../../src/base/events.ts'
import { encodeFrame } from '../../../src/websocket/encode.ts'
import { acceptFor } from '../../support/builders/accept-for.ts'
import { utf8 } from '../../support/builders/packet-builder.ts'
import { RAW, RLE, zstdBlock, zstdFrame } from '../../support/builders/zstd-frames.ts'
import type { Attack, AttackCommand } from '../attack.ts'
import { Talk, Tape } from '../tape.ts'

const KIB = 1024
const MIB = 1024 * KIB
const KEY = 'dGhlIHNhbXBsZSBub25jZQ=='
const REQUEST = utf8(
  `GET /feed HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${KEY}\r\n\r\n`,
)
const ANSWER = utf8(
  `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${acceptFor(KEY)}\r\n\r\n`,
)
/** Classic pcap: the file header, and how far the times of two captures lie apart, in seconds. */
const FILE_HEADER = [0xa1b2c3d4, 0x00040002, 0, 0, MIB, 1]
const START = 1_790_000_000
const SECTION = [0x0a0d0d0a, 28, 0x1a2b3c4d, 1, 0xffffffff, 0xffffffff, 28]
const INTERFACE = [1, 20, 1, 0, 20]
/** How many digits the random of a ClientHello has, and a master secret, and the secret of a hash of 32 bytes. */
const RANDOM_DIGITS = 64
const MASTER_DIGITS = 96

/** The same digits for the same seed. */
function digits(seed: number, count: number): string {
  return createHash('shake256', { outputLength: count / 2 })
    .update(String(seed))
    .digest('hex')
}

function noise(length: number, seed: number): Uint8Array {
  return createHash('shake256', { outputLength: length }).update(String(seed)).digest()
}

function words(...values: readonly number[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(values.length * 4))
  for (const [i, value] of values.entries()) view.setUint32(i * 4, value >>> 0, true)
  return new Uint8Array(view.buffer)
}

/** A conversation of its own, with a message that does not compress. */
function chat(number: number, payloadLength: number): Uint8Array {
  const tape = new Tape()
  const talk = new Talk(tape, number).open().says('client', REQUEST).says('server', ANSWER)
  for (let at = 0; at < payloadLength; at += KIB) {
    const payload = noise(Math.min(KIB, payloadLength - at), number + at)
    talk.says('server', encodeFrame({ fin: true, opcode: Opcode.binary, payload }))
  }
  talk.close()
  return tape.take()
}

/** Puts all times of a classic pcap `seconds` later. */
function later(capture: Uint8Array, seconds: number): Uint8Array {
  const view = new DataView(capture.buffer, capture.byteOffset, capture.length)
  for (let at = 24; at < capture.length; at += 16 + view.getUint32(at + 8, true))
    view.setUint32(at, view.getUint32(at, true) + seconds, true)
  return capture
}

/** One packet after the other, as long as `lengths` say, a second apart. */
function longPackets(lengths: readonly number[]): Uint8Array {
  return concat([
    words(...FILE_HEADER),
    ...lengths.flatMap((length, i) => [words(START + i, 0, length, length), new Uint8Array(length)]),
  ])
}

/** Writes as many files as there are units, and reads all of them as one capture. */
function files(name: string, make: (unit: number) => Uint8Array, statuses: readonly number[] = [0]) {
  return (folder: string, units: number): AttackCommand => {
    const names = Array.from({ length: units }, (_, i) => `${i}.${name}`)
    for (const [i, name] of names.entries()) writeFileSync(join(folder, name), make(i))
    return { words: ['connections', ...names], statuses }
  }
}

/** Writes a key log line by line, beside a capture that has no use for it. */
function keyLog(
  lines: (units: number) => Iterable<string | Uint8Array>,
  statuses: readonly number[] = [0],
  command = ['connections'],
) {
  return (folder: string, units: number): AttackCommand => {
    const file = openSync(join(folder, 'keys.txt'), 'w')
    let waiting: Uint8Array[] = []
    let length = 0
    const flush = (): void => {
      writeSync(file, concat(waiting))
      waiting = []
      length = 0
    }
    for (const line of lines(units)) {
      const bytes = typeof line === 'string' ? utf8(line) : line
      waiting.push(bytes)
      length += bytes.length
      if (length > MIB) flush()
    }
    flush()
    closeSync(file)
    writeFileSync(join(folder, 'capture.pcap'), chat(0, KIB))
    return { words: [...command, 'capture.pcap', '--keylog', 'keys.txt'], statuses }
  }
}

function* masterSecrets(units: number): Generator<string> {
  for (let i = 0; i < units; i++)
    yield `CLIENT_RANDOM ${digits(i, RANDOM_DIGITS)} ${digits(-i, MASTER_DIGITS)}\n`
}

/** The lines that a program writes for a connection of TLS 1.3. */
const LABELS = [
  'SERVER_HANDSHAKE_TRAFFIC_SECRET',
  'EXPORTER_SECRET',
  'SERVER_TRAFFIC_SECRET_0',
  'CLIENT_HANDSHAKE_TRAFFIC_SECRET',
  'CLIENT_TRAFFIC_SECRET_0',
]
function* trafficSecrets(units: number): Generator<string> {
  for (let i = 0; i < units; i++)
    yield `${LABELS[i % 5]} ${digits(Math.floor(i / 5), RANDOM_DIGITS)} ${digits(-i, MASTER_DIGITS)}\r\n`
}

/** Another secret of the same connection in each line. */
function* oneRandom(units: number): Generator<string> {
  const random = digits(0, RANDOM_DIGITS)
  for (let i = 0; i < units; i++) yield `CLIENT_RANDOM ${random} ${digits(-i, MASTER_DIGITS)}\n`
}

/** A true line, and then as many KiB of something that never ends. */
function* endless(units: number): Generator<string | Uint8Array> {
  yield* masterSecrets(1)
  const filling = new Uint8Array(KIB).fill(0x41)
  for (let i = 0; i < units; i++) yield filling
}

/** A key log in a pcapng file: `bytes` of it, in blocks of 64 KiB, and one packet. */
function secretsFile(number: number, bytes: number): Uint8Array {
  const lines = 64 * KIB
  const line = (i: number) => `CLIENT_RANDOM ${digits(i, RANDOM_DIGITS)} ${digits(i, MASTER_DIGITS)}\n`
  const blocks: Uint8Array[] = []
  const each = Math.floor(lines / line(0).length)
  for (let i = 0, length = 0; length < bytes; i++) {
    const text = utf8(Array.from({ length: each }, (_, j) => line(number * 1e6 + i * each + j)).join(''))
    const padding = -text.length & 3
    const total = text.length + padding + 20
    blocks.push(words(10, total, 0x544c534b, text.length), text, new Uint8Array(padding), words(total))
    length += total
  }
  return concat([words(...SECTION, ...INTERFACE), ...blocks, words(6, 32, 0, 0, number, 0, 0, 32)])
}

/** As many interfaces as a section may describe, and a packet. */
function interfacesFile(number: number): Uint8Array {
  const interfaces = 65_536
  const described = new Uint32Array(interfaces * 5)
  for (let i = 0; i < interfaces; i++) described.set([1, 20, i & 0xffff, i, 20], i * 5)
  return concat([words(...SECTION), new Uint8Array(described.buffer), words(6, 32, 0, 0, number, 0, 0, 32)])
}

/** A packet, and after it bytes that shrink a thousandfold. */
function bombFile(number: number): Uint8Array {
  return gzipSync(longPackets([number & 0xff, ...Array.from({ length: 32 }, () => 256 * KIB)]))
}

/** A packet, and after it packets of zeros, each in 36 bytes of a frame with the largest window. */
function zstdBombFile(number: number): Uint8Array {
  const length = 256 * KIB
  const zeros = [0, 1].map(() => zstdBlock(RLE, length / 2, new Uint8Array(1)))
  const raw = (bytes: Uint8Array): Uint8Array => zstdBlock(RAW, bytes.length, bytes)
  const packets = Array.from({ length: 32 }, (_, i) => [
    raw(words(START + (number & 0xff) + i, 0, length, length)),
    ...zeros,
  ])
  return zstdFrame(
    [raw(words(...FILE_HEADER)), ...packets.flat(), zstdBlock(RAW, 0, new Uint8Array(0), true)],
    0x68,
  )
}

export const FILES_ATTACKS: readonly Attack[] = [
  {
    kind: 'gzip files of 4 KB that all run at the same time',
    units: 1000,
    quick: 60,
    prepare: files('pcap.gz', (i) => gzipSync(chat(i, 4 * KIB)), [0, 2]),
  },
  {
    kind: 'gzip files of 4 KB, one after the other',
    units: 5000,
    quick: 250,
    prepare: files('pcap.gz', (i) => gzipSync(later(chat(i, 4 * KIB), i))),
  },
  {
    kind: 'files that all run at the same time',
    units: 5000,
    quick: 250,
    prepare: files('pcap', (i) => chat(i, 4 * KIB)),
  },
  {
    kind: 'files with packets of 1 MiB that wait for one another',
    units: 250,
    quick: 10,
    prepare: files('pcap', () => longPackets([MIB - 1, MIB - 1])),
  },
  {
    kind: 'gzip files with packets of 1 MiB that wait for one another',
    units: 250,
    quick: 10,
    prepare: files('pcap.gz', () => gzipSync(longPackets([MIB - 1, MIB - 1])), [0, 2]),
  },
  {
    kind: 'gzip bombs that wait for one another',
    units: 500,
    quick: 10,
    prepare: files('pcap.gz', bombFile, [0, 2]),
  },
  {
    kind: 'zstd bombs with windows of 8 MiB that wait for one another',
    units: 500,
    quick: 10,
    prepare: files('pcap.zst', zstdBombFile, [0, 2]),
  },
  {
    kind: 'files with 16 MiB of secrets each',
    units: 8,
    quick: 1,
    prepare: files('pcapng', (i) => secretsFile(i, 16 * MIB), [2]),
  },
  {
    kind: 'files with 65 536 interfaces each',
    units: 100,
    quick: 4,
    prepare: files('pcapng', interfacesFile, [0, 2]),
  },
  {
    kind: 'a key log of TLS 1.2',
    units: 1_000_000,
    quick: 20_000,
    prepare: keyLog(masterSecrets),
  },
  {
    kind: 'a key log of TLS 1.3',
    units: 1_000_000,
    quick: 20_000,
    prepare: keyLog(trafficSecrets),
  },
  {
    kind: 'a key log that is too long',
    units: 4_000_000,
    quick: 20_000,
    prepare: keyLog(masterSecrets, [0, 2]),
  },
  {
    kind: 'a key log for threads',
    units: 1_000_000,
    quick: 20_000,
    prepare: keyLog(masterSecrets, [0], ['connections', '--jobs', '4', 'capture.pcap', 'capture.pcap']),
  },
  {
    kind: 'a key log about one connection',
    units: 1_000_000,
    quick: 20_000,
    prepare: keyLog(oneRandom),
  },
  {
    kind: 'a key log whose line does not end',
    units: 400_000,
    quick: 20_000,
    prepare: keyLog(endless),
  },
]
