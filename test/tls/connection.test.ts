// What node:tls encrypts, over any segmentation, order of the directions and loss, against what its own ends said.
import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Direction, StreamItem } from '../../src/base/stream.ts'
import { chunkOf, endOf, gapOf } from '../support/builders/stream-items.ts'
import { type Line, recordTape, type TapeOptions, type TlsTape } from '../support/builders/tls-tape.ts'
import { type Sent, TlsReading } from '../support/drivers/tls-reading.ts'

const NO_ENCRYPT_THEN_MAC = 1 << 19

/** Every kind of protection that node:tls has to offer. */
const KINDS: Readonly<Record<string, TapeOptions>> = {
  'TLS 1.3, AES-128-GCM': { both: { minVersion: 'TLSv1.3', ciphers: 'TLS_AES_128_GCM_SHA256' } },
  'TLS 1.3, AES-256-GCM': { both: { minVersion: 'TLSv1.3', ciphers: 'TLS_AES_256_GCM_SHA384' } },
  'TLS 1.3, ChaCha20': { both: { minVersion: 'TLSv1.3', ciphers: 'TLS_CHACHA20_POLY1305_SHA256' } },
  'TLS 1.3, AES-128-CCM': { both: { minVersion: 'TLSv1.3', ciphers: 'TLS_AES_128_CCM_SHA256' } },
  'TLS 1.3, AES-128-CCM-8': {
    both: { minVersion: 'TLSv1.3', ciphers: 'TLS_AES_128_CCM_8_SHA256:ALL:@SECLEVEL=0' },
  },
  'TLS 1.3, HelloRetryRequest': {
    both: { minVersion: 'TLSv1.3' },
    server: { ecdhCurve: 'P-384' },
    client: { ecdhCurve: 'P-256:P-384' },
  },
  'TLS 1.2, AES-128-GCM': tls12('ECDHE-ECDSA-AES128-GCM-SHA256'),
  'TLS 1.2, AES-256-GCM': tls12('ECDHE-ECDSA-AES256-GCM-SHA384'),
  'TLS 1.2, ChaCha20': tls12('ECDHE-ECDSA-CHACHA20-POLY1305'),
  'TLS 1.2, AES-256-CCM': tls12('ECDHE-ECDSA-AES256-CCM'),
  'TLS 1.2, AES-128-CCM-8': tls12('ECDHE-ECDSA-AES128-CCM8:@SECLEVEL=0'),
  'TLS 1.2, CBC with SHA-1, encrypt then MAC': tls12('ECDHE-ECDSA-AES128-SHA'),
  'TLS 1.2, CBC with SHA-1, MAC then encrypt': tls12('ECDHE-ECDSA-AES256-SHA', NO_ENCRYPT_THEN_MAC),
  'TLS 1.2, CBC with SHA-256, MAC then encrypt': tls12('ECDHE-ECDSA-AES128-SHA256', NO_ENCRYPT_THEN_MAC),
  'TLS 1.2, CBC with SHA-384, encrypt then MAC': tls12('ECDHE-ECDSA-AES256-SHA384'),
}

function tls12(ciphers: string, secureOptions = 0): TapeOptions {
  return { both: { maxVersion: 'TLSv1.2', ciphers, secureOptions } }
}

/** Short, long, and longer than a record may be; random, so that no part is like another. */
const LINES: readonly Line[] = [
  [0, randomBytes(200)],
  [1, randomBytes(130)],
  [0, randomBytes(1)],
  [0, randomBytes(20_000)],
  [1, randomBytes(3)],
  ...Array.from({ length: 30 }, (_, i): Line => [(i % 2) as Direction, randomBytes(20 + 37 * i)]),
]

const tapes: TlsTape[] = []
beforeAll(async () => {
  for (const [name, options] of Object.entries(KINDS)) tapes.push(await recordTape(name, LINES, options))
})

describe('TlsConnection', () => {
  it.each(Object.keys(KINDS))('a TLS connection decrypts %s', (name) => {
    const tape = tapes.find((tape) => tape.name === name)!
    const reading = new TlsReading(tape.keyLog).push(whole(tape))
    expect(reading.findings).toEqual([])
    for (const direction of [0, 1] as const) {
      expect(reading.text(direction).equals(tape.said[direction])).toBe(true)
      expect(reading.items[direction].at(-1)).toMatchObject({ kind: 'end' })
    }
    expect(reading.connection.parameters).toMatchObject({
      version: name.slice(0, 7),
      cipherSuite: tape.cipherSuite,
    })
    expect(reading.budget.held).toBe(0)
  })

  it('a TLS connection decrypts the same over any segmentation, and whichever direction is captured first', () => {
    fc.assert(
      fc.property(arbitraryCapture(), ({ kind, sizes, order }) => {
        const tape = tapes[kind]!
        const reading = new TlsReading(tape.keyLog).push(interleaved(segments(tape, sizes, []), order))
        expect(reading.findings).toEqual([])
        for (const direction of [0, 1] as const)
          expect(reading.text(direction).equals(tape.said[direction])).toBe(true)
        expect(reading.budget.held).toBe(0)
      }),
      { numRuns: 150 },
    )
  })

  it('after a hole, decryption goes on with the first whole record, and nothing is shown that was not sent', () => {
    fc.assert(
      fc.property(arbitraryCapture(), arbitraryDrops, ({ kind, sizes, order }, drops) => {
        const tape = tapes[kind]!
        const damaged = segments(tape, sizes, drops)
        const reading = new TlsReading(tape.keyLog).push(interleaved(damaged, order))
        expect(reading.codes.filter((code) => code !== 'tls-record-unverified')).toEqual([])
        for (const direction of [0, 1] as const) {
          expect(shown(reading.items[direction], tape.said[direction])).toBe(true)
          for (const content of intact(tape, direction, damaged[direction]))
            expect(reading.text(direction).includes(Buffer.from(content))).toBe(true)
        }
        expect(reading.budget.held).toBe(0)
      }),
      { numRuns: 300 },
    )
  })

  it('decryption stops when keys are negotiated anew, with a gap for the rest', async () => {
    const tape = await recordTape('renegotiation', LINES, {
      both: { maxVersion: 'TLSv1.2' },
      renegotiatesBefore: 5,
    })
    const reading = new TlsReading(tape.keyLog).push(whole(tape))
    expect(reading.codes).toEqual(['tls-suite-unsupported'])
    expect(reading.findings[0]!.message).toMatch(/negotiated anew/)
    for (const direction of [0, 1] as const) {
      const before = LINES.slice(0, 5).flatMap(([side, text]) => (side === direction ? [text] : []))
      expect(reading.text(direction)).toEqual(Buffer.concat(before))
      expect(reading.items[direction].slice(-2).map(({ kind }) => kind)).toEqual(['gap', 'end'])
    }
    expect(reading.budget.held).toBe(0)
  })

  it('sessions are taken up again by the secrets of the connection that began them, if the log has no others', async () => {
    const both = { maxVersion: 'TLSv1.2', secureOptions: 0 } as const
    const sessions: Buffer[] = []
    const onSession = (session: Buffer) => sessions.push(session)
    const ticketKeys = randomBytes(48)
    const first = await recordTape('first', LINES, { both, server: { ticketKeys }, onSession })
    const second = await recordTape('second', LINES, {
      both,
      server: { ticketKeys },
      client: { session: sessions[0] },
    })
    const reading = new TlsReading(first.keyLog).push(whole(first))
    const resumed = new TlsReading(undefined, reading.context).push(whole(second))
    expect(resumed.findings).toEqual([])
    expect(resumed.text(0)).toEqual(Buffer.from(second.said[0]))
    expect(resumed.text(1)).toEqual(Buffer.from(second.said[1]))
  })
})

interface Capture {
  /** Index in `tapes`. */
  readonly kind: number
  readonly sizes: readonly number[]
  readonly order: readonly boolean[]
}

function arbitraryCapture(): fc.Arbitrary<Capture> {
  return fc.record({
    kind: fc.integer({ min: 0, max: Object.keys(KINDS).length - 1 }),
    sizes: fc.array(fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 3000 })), {
      minLength: 1,
      maxLength: 40,
    }),
    order: fc.array(fc.boolean(), { minLength: 1, maxLength: 40 }),
  })
}

/** Which segments are lost, as shares of each direction's length. */
const arbitraryDrops = fc.array(
  fc.record({ at: fc.double({ min: 0, max: 1, noNaN: true }), count: fc.integer({ min: 1, max: 6 }) }),
  { minLength: 1, maxLength: 4 },
)

function whole(tape: TlsTape): Sent[] {
  const sent = tape.wire.map(({ direction, bytes }, i): Sent => [direction, chunkOf(bytes, i + 1)])
  return [...sent, [0, endOf()], [1, endOf()]]
}

function bytesOf(tape: TlsTape, direction: Direction): Buffer {
  return Buffer.concat(tape.wire.flatMap((write) => (write.direction === direction ? [write.bytes] : [])))
}

/** Each direction in segments of these sizes, over and over; the hellos are never lost. */
function segments(
  tape: TlsTape,
  sizes: readonly number[],
  drops: readonly { readonly at: number; readonly count: number }[],
): [StreamItem[], StreamItem[]] {
  const made = ([0, 1] as const).map((direction) => {
    const bytes = bytesOf(tape, direction)
    const helloEnd = hellosEnd(bytes)
    const chunks: Buffer[] = []
    for (let at = 0, i = 0; at < bytes.length; i++) {
      const size = sizes[i % sizes.length]!
      chunks.push(bytes.subarray(at, at + size))
      at += size
    }
    const lost = new Set<number>()
    for (const { at, count } of drops) {
      const first = Math.floor(at * chunks.length)
      for (let i = first; i < first + count; i++) lost.add(i)
    }
    const items: StreamItem[] = []
    let at = 0
    let missing = 0
    for (const [i, chunk] of chunks.entries()) {
      if (lost.has(i) && at >= helloEnd) missing += chunk.length
      else {
        if (missing > 0) items.push(gapOf(missing, i + 1))
        missing = 0
        items.push(chunkOf(chunk, i + 1))
      }
      at += chunk.length
    }
    if (missing > 0) items.push(gapOf(missing))
    return [...items, endOf()]
  })
  return made as [StreamItem[], StreamItem[]]
}

/** After the last of the hellos, of which there are two if the server asked for another one. */
function hellosEnd(bytes: Buffer): number {
  let end = 0
  let at = 0
  for (let records = 0; records < 3 && at < bytes.length; records++) {
    const next = at + 5 + bytes.readUInt16BE(at + 3)
    if (bytes[at] === 22 && (bytes[at + 5] === 1 || bytes[at + 5] === 2)) end = next
    at = next
  }
  return end
}

/** The items of both directions, each in its order; a hole is certain once its own side goes on. */
function interleaved([near, far]: [StreamItem[], StreamItem[]], order: readonly boolean[]): Sent[] {
  const sent: Sent[] = []
  const next = [0, 0] as [number, number]
  for (let i = 0; next[0] < near.length || next[1] < far.length; i++) {
    const direction: Direction =
      next[1] === far.length || (order[i % order.length] && next[0] < near.length) ? 0 : 1
    sent.push([direction, (direction === 0 ? near : far)[next[direction]++]!])
  }
  return sent
}

/** Whether the chunks are what was said, each at the place that the gaps before it make it; after an estimate, anywhere further on. */
function shown(items: readonly StreamItem[], said: Uint8Array): boolean {
  const text = Buffer.from(said)
  let at = 0
  let isSure = true
  for (const item of items) {
    if (item.kind === 'gap') {
      if (item.isEstimate) isSure = false
      at += item.isEstimate ? 0 : item.length
    } else if (item.kind === 'chunk') {
      const bytes = item.bytes.subarray(item.start, item.end)
      // A few bytes are found anywhere.
      if (!isSure && bytes.length < 8) continue
      const found = text.indexOf(bytes, at)
      if (found < 0 || (isSure && found !== at)) return false
      at = found + bytes.length
      isSure = true
    }
  }
  return true
}

/** The contents of the records that are whole in what is left of a direction. */
function intact(tape: TlsTape, direction: Direction, items: readonly StreamItem[]): Uint8Array[] {
  const bytes = bytesOf(tape, direction)
  const isThere = new Uint8Array(bytes.length)
  let offset = 0
  for (const item of items) {
    if (item.kind === 'end') continue
    const length = item.kind === 'gap' ? item.length : item.end - item.start
    if (item.kind === 'chunk') isThere.fill(1, offset, offset + length)
    offset += length
  }
  const contents = contentsOf(tape, direction)
  const whole: Uint8Array[] = []
  for (let at = 0, i = 0; at < bytes.length; i++) {
    const next = at + 5 + bytes.readUInt16BE(at + 3)
    if (!isThere.subarray(at, next).includes(0)) whole.push(...contents[i]!)
    at = next
  }
  return whole
}

const known = new Map<string, Uint8Array[][]>()

/** What each record of a direction gives, read one by one. */
function contentsOf(tape: TlsTape, direction: Direction): Uint8Array[][] {
  const key = `${tape.name} ${direction}`
  const before = known.get(key)
  if (before !== undefined) return before
  const bytes = bytesOf(tape, direction)
  const other: Direction = direction === 0 ? 1 : 0
  const reading = new TlsReading(tape.keyLog)
  const records: Uint8Array[] = []
  for (let at = 0; at < bytes.length; ) {
    const next = at + 5 + bytes.readUInt16BE(at + 3)
    records.push(bytes.subarray(at, next))
    at = next
  }
  const sent = records.map((record, i): Sent => [direction, chunkOf(record, i + 1)])
  reading.push([sent[0]!, [other, chunkOf(bytesOf(tape, other))], ...sent.slice(1)])
  const contents: Uint8Array[][] = records.map(() => [])
  for (const item of reading.items[direction])
    if (item.kind === 'chunk') contents[item.packet - 1]!.push(item.bytes.subarray(item.start, item.end))
  known.set(key, contents)
  return contents
}
