// npm run bench:tls: how fast TLS is decrypted, record by record, against the speed of `openssl speed` for the same cipher on
// this machine: no program that decrypts can be faster. Both are in processor time of one core. Prints a Markdown table; nothing
// fails because of the clock.
import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { cpus } from 'node:os'
import { parseArgs } from 'node:util'
import { Budget } from '../../src/base/limits.ts'
import type { Direction, StreamItem } from '../../src/base/stream.ts'
import { cryptography } from '../../src/platform/node/cryptography.ts'
import { TlsConnection } from '../../src/tls/connection.ts'
import { TlsContext } from '../../src/tls/context.ts'
import { KeyLog } from '../../src/tls/key-log.ts'
import { type Line, recordTape, type TapeOptions, type TlsTape } from '../support/builders/tls-tape.ts'
import { median } from './processes.ts'

interface Kind {
  readonly name: string
  readonly options: TapeOptions
  /** The arguments of `openssl speed`; if there are several, they are done one after the other to each record. */
  readonly speeds: readonly (readonly string[])[]
}

const NO_ENCRYPT_THEN_MAC = 1 << 19
const aead = (cipher: string) => [['-evp', cipher, '-aead', '-decrypt']]

const KINDS: readonly Kind[] = [
  {
    name: 'AES-128-GCM (TLS 1.3)',
    options: { both: { minVersion: 'TLSv1.3', ciphers: 'TLS_AES_128_GCM_SHA256' } },
    speeds: aead('aes-128-gcm'),
  },
  {
    name: 'AES-256-GCM (TLS 1.3)',
    options: { both: { minVersion: 'TLSv1.3', ciphers: 'TLS_AES_256_GCM_SHA384' } },
    speeds: aead('aes-256-gcm'),
  },
  {
    name: 'ChaCha20-Poly1305 (TLS 1.3)',
    options: { both: { minVersion: 'TLSv1.3', ciphers: 'TLS_CHACHA20_POLY1305_SHA256' } },
    speeds: aead('chacha20-poly1305'),
  },
  {
    name: 'AES-128-CBC, HMAC-SHA-256 (TLS 1.2)',
    options: {
      both: {
        maxVersion: 'TLSv1.2',
        ciphers: 'ECDHE-ECDSA-AES128-SHA256',
        secureOptions: NO_ENCRYPT_THEN_MAC,
      },
    },
    speeds: [
      ['-evp', 'aes-128-cbc', '-decrypt'],
      ['-hmac', 'sha256'],
    ],
  },
]

/** Bytes of application data in each record: as bulk has them, and as small messages do. */
const SIZES = [16_384, 64] as const
/** The bytes of a TCP segment. */
const SEGMENT = 1448

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '5' }, scale: { type: 'string', default: '1' } },
})
await bench(Number(values.rounds), Number(values.scale))

async function bench(rounds: number, scale: number): Promise<void> {
  if (!(rounds >= 1 && scale > 0)) throw new RangeError('--rounds and --scale take numbers above 0')
  process.stdout.write(
    `node ${process.version}, ${cpus().length} × ${cpus()[0]?.model}, ${rounds} rounds, medians\n\n`,
  )
  row('cipher', 'record', 'framewalk MB/s', 'records/s', 'openssl speed MB/s', 'share')
  row('---', '--:', '--:', '--:', '--:', '--:')
  for (const { name, options, speeds } of KINDS) {
    for (const size of SIZES) {
      const count = Math.max(10, Math.round((size > 1000 ? 2048 : 20_000) * scale))
      const payload = randomBytes(size)
      const lines = Array.from({ length: count }, (): Line => [1, payload])
      const tape = await recordTape(name, lines, options)
      const times: number[] = []
      for (let round = 0; round < rounds; round++) times.push(decrypt(tape))
      const ours = tape.said[1].length / median(times)
      const limit = opensslSpeed(speeds, size)
      row(
        name,
        `${size} B`,
        (ours / 1e6).toFixed(0),
        (count / median(times)).toFixed(0),
        limit === undefined ? 'not installed' : (limit / 1e6).toFixed(0),
        limit === undefined ? '' : `${((ours / limit) * 100).toFixed(0)} %`,
      )
    }
  }
}

/**
 * Seconds of the processor that the decryption takes, with those of the garbage collector. Throws if the output is not what was
 * said.
 */
function decrypt({ wire, said, keyLog }: TlsTape): number {
  const log = new KeyLog()
  log.add(keyLog)
  let length = 0
  const connection = new TlsConnection(new TlsContext(cryptography, log, new Budget(64 * 1024 * 1024)), {
    deliver: (direction, item) => {
      if (direction === 1 && item.kind === 'chunk') length += item.end - item.start
    },
    report: (code, message) => {
      throw new Error(`${code}: ${message}`)
    },
  })
  const items = segmentsOf(wire)
  const before = process.cpuUsage()
  for (const [direction, item] of items) connection.push(direction, item)
  const { user, system } = process.cpuUsage(before)
  const seconds = (user + system) / 1e6
  if (length !== said[1].length) throw new Error(`${length} bytes of ${said[1].length} were decrypted`)
  return seconds
}

/** What went over the wire, in segments, as the reassembly hands them over. */
function segmentsOf(wire: TlsTape['wire']): (readonly [Direction, StreamItem])[] {
  const items: (readonly [Direction, StreamItem])[] = []
  for (const { direction, bytes } of wire) {
    for (let start = 0; start < bytes.length; start += SEGMENT) {
      const packet = items.length + 1
      const end = Math.min(start + SEGMENT, bytes.length)
      const time = { seconds: packet, nanoseconds: 0 }
      items.push([
        direction,
        { kind: 'chunk', bytes, start, end, packet, released: packet, time, segmentStart: true },
      ])
    }
  }
  return items
}

/** Bytes a second of one core; undefined without OpenSSL. */
function opensslSpeed(speeds: readonly (readonly string[])[], size: number): number | undefined {
  let seconds = 0
  for (const words of speeds) {
    const all = ['speed', '-mr', '-seconds', '1', '-bytes', String(size), ...words]
    const { stdout, error } = spawnSync('openssl', all, { encoding: 'utf8' })
    if (error !== undefined) return undefined
    const bytes = Number(/^\+F:.*:([\d.]+)$/m.exec(stdout)?.[1])
    if (!(bytes > 0)) throw new Error(`openssl ${all.join(' ')} printed no speed: ${stdout}`)
    seconds += 1 / bytes
  }
  return 1 / seconds
}

function row(...cells: readonly string[]): void {
  process.stdout.write(`| ${cells.join(' | ')} |\n`)
}
