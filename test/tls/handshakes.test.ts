// What TLS 1.3 may do that node:tls cannot be made to do here (RFC 8446 §2.3, §4.6.3, §5.4), and connections that are refused.
import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { concat, NO_BYTES } from '../../src/base/bytes.ts'
import { u8, utf8, zeros } from '../support/builders/packet-builder.ts'
import { chunkOf, endOf, gapOf } from '../support/builders/stream-items.ts'
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
  updated,
} from '../support/builders/tls-sealing.ts'
import { growthOf, IN_PROPORTION } from '../support/drivers/processor-time.ts'
import { type Sent, TlsReading } from '../support/drivers/tls-reading.ts'

const HANDSHAKE = 22
const DATA = 23
/** RFC 8446 §4.1.3: the SHA-256 of "HelloRetryRequest". */
const RETRY_RANDOM = createHash('sha256').update('HelloRetryRequest').digest()
const EARLY_DATA = extension(42)
const FINISHED = handshake(20, zeros(32))
const END_OF_EARLY_DATA = handshake(5)
const KEY_UPDATE = handshake(24, u8(0))
const LABELS = Object.keys(SECRETS)
/** A list of one name. */
const ALPN_H2 = u8(0, 3, 2, 0x68, 0x32)
const ends: readonly Sent[] = [
  [0, endOf()],
  [1, endOf()],
]

/** A handshake in which the client sends `GET early` before it has heard of the server, and `late` after it. */
function earlyData({ isAccepted }: { isAccepted: boolean }): Sent[] {
  const early = sealer(SECRETS.CLIENT_EARLY_TRAFFIC_SECRET)
  const client = sealer(SECRETS.CLIENT_HANDSHAKE_TRAFFIC_SECRET)
  const server = sealer(SECRETS.SERVER_HANDSHAKE_TRAFFIC_SECRET)
  const application = sealer(SECRETS.CLIENT_TRAFFIC_SECRET_0)
  const answer = encryptedExtensions(...(isAccepted ? [EARLY_DATA] : []))
  const records: (readonly [0 | 1, Uint8Array])[] = [
    [0, clientHello(EARLY_DATA)],
    [0, plainRecord(20, u8(1))],
    [0, early(DATA, utf8('GET '))],
    [0, early(DATA, utf8('early'))],
    [1, serverHello()],
    [1, server(HANDSHAKE, answer)],
    [1, server(HANDSHAKE, FINISHED)],
    ...(isAccepted ? [[0, early(HANDSHAKE, END_OF_EARLY_DATA)] as const] : []),
    [0, client(HANDSHAKE, FINISHED)],
    [0, application(DATA, utf8(isAccepted ? ' late' : 'GET early late'))],
  ]
  return [...records.map(([direction, bytes], i): Sent => [direction, chunkOf(bytes, i + 1)]), ...ends]
}

const shaken = (): { sent: Sent[]; client: ReturnType<typeof sealer> } => {
  const server = sealer(SECRETS.SERVER_HANDSHAKE_TRAFFIC_SECRET)
  const sent: Sent[] = [
    [0, chunkOf(clientHello())],
    [1, chunkOf(serverHello())],
    [1, chunkOf(server(HANDSHAKE, encryptedExtensions()))],
    [1, chunkOf(server(HANDSHAKE, FINISHED))],
    [0, chunkOf(sealer(SECRETS.CLIENT_HANDSHAKE_TRAFFIC_SECRET)(HANDSHAKE, FINISHED))],
  ]
  return { sent, client: sealer(SECRETS.CLIENT_TRAFFIC_SECRET_0) }
}

describe('a handshake that no peer sends', () => {
  it.each([
    ['a message that is not a ServerHello', handshake(0)],
    [
      'a HelloRetryRequest',
      concat([handshake(2, concat([u8(3, 3), RETRY_RANDOM, u8(0, 0x13, 1, 0, 0, 0)]))]),
    ],
    ['nothing', concat([])],
  ])('EncryptedExtensions in the clear after %s do no harm', (_what, before) => {
    const spoken = plainRecord(HANDSHAKE, concat([before, encryptedExtensions()]))
    for (const hello of [[], [[0, chunkOf(clientHello(), 1)] as Sent]]) {
      const reading = new TlsReading(keyLogOf()).push([...hello, [1, chunkOf(spoken, 2)], ...ends])
      expect(reading.text(1)).toHaveLength(0)
    }
  })
})

describe('early data', () => {
  it('early data comes first if the server takes it', () => {
    const reading = new TlsReading(keyLogOf()).push(earlyData({ isAccepted: true }))
    expect(reading.text(0).toString()).toBe('GET early late')
    expect(reading.findings).toEqual([])
  })

  it('early data is not shown if the server refuses it: it is sent again', () => {
    const reading = new TlsReading(keyLogOf()).push(earlyData({ isAccepted: false }))
    expect(reading.text(0).toString()).toBe('GET early late')
    expect(reading.items[0].map(({ kind }) => kind)).toEqual(['chunk', 'end'])
    expect(reading.findings).toEqual([])
  })

  it('early data is a gap if its secret is missing', () => {
    const labels = LABELS.filter((label) => label !== 'CLIENT_EARLY_TRAFFIC_SECRET')
    const reading = new TlsReading(keyLogOf(labels)).push(earlyData({ isAccepted: true }))
    expect(reading.text(0).toString()).toBe(' late')
    expect(reading.items[0].map(({ kind }) => kind)).toEqual(['gap', 'chunk', 'end'])
    expect(reading.codes).toEqual(['tls-secrets-missing'])
  })
})

describe('a TLS handshake', () => {
  it('a handshake is read wherever its messages are cut into records, in the clear and encrypted', () => {
    for (let size = 1; size < 70; size++) {
      const server = sealer(SECRETS.SERVER_HANDSHAKE_TRAFFIC_SECRET)
      const parts = (record: Uint8Array) => cut(record.subarray(5), size)
      const flight = concat([encryptedExtensions(extension(16, ALPN_H2)), FINISHED])
      const sent: Sent[] = [
        ...parts(clientHello()).map((part): Sent => [0, chunkOf(plainRecord(HANDSHAKE, part))]),
        ...parts(serverHello()).map((part): Sent => [1, chunkOf(plainRecord(HANDSHAKE, part))]),
        ...cut(flight, size).map((part): Sent => [1, chunkOf(server(HANDSHAKE, part))]),
        [0, chunkOf(sealer(SECRETS.CLIENT_HANDSHAKE_TRAFFIC_SECRET)(HANDSHAKE, FINISHED))],
        [0, chunkOf(sealer(SECRETS.CLIENT_TRAFFIC_SECRET_0)(DATA, utf8('asked')))],
        [1, chunkOf(sealer(SECRETS.SERVER_TRAFFIC_SECRET_0)(DATA, utf8('answered')))],
      ]
      const reading = new TlsReading(keyLogOf()).push([...sent, ...ends])
      expect([reading.text(0).toString(), reading.text(1).toString()]).toEqual(['asked', 'answered'])
      expect(reading.connection.parameters?.alpn).toBe('h2')
      expect(reading.findings).toEqual([])
      expect(reading.budget.held).toBe(0)
    }
  })
})

describe('TLS records', () => {
  it('records are read without their padding, and one that is nothing but padding does not verify', () => {
    const { sent, client } = shaken()
    const padded = [client(DATA, utf8('padded'), 100), client(DATA, zeros(0), 3), client(0, zeros(0), 9)]
    const reading = new TlsReading(keyLogOf()).push([
      ...sent,
      ...padded.map((bytes): Sent => [0, chunkOf(bytes)]),
      ...ends,
    ])
    expect(reading.text(0).toString()).toBe('padded')
    expect(reading.codes).toEqual(['tls-record-unverified'])
  })

  it('records lost among padded ones leave a gap whose length is a guess', () => {
    const { sent, client } = shaken()
    const [before, lost, after] = [
      client(DATA, utf8('before'), 7),
      client(DATA, utf8('lost'), 9),
      client(DATA, utf8('after')),
    ]
    const reading = new TlsReading(keyLogOf()).push([
      ...sent,
      [0, chunkOf(before!)],
      [0, gapOf(lost!.length)],
      [0, chunkOf(after!)],
      ...ends,
    ])
    expect(reading.text(0).toString()).toBe('beforeafter')
    expect(reading.items[0][1]).toMatchObject({ kind: 'gap', isEstimate: true })
  })

  it('records go on under new keys after a KeyUpdate, captured or lost, one or two of them', () => {
    for (const isLost of [false, true]) {
      const { sent, client } = shaken()
      const second = sealer(updated(SECRETS.CLIENT_TRAFFIC_SECRET_0))
      const third = sealer(updated(updated(SECRETS.CLIENT_TRAFFIC_SECRET_0)))
      const item = (bytes: Uint8Array, lost = false): Sent => [0, lost ? gapOf(bytes.length) : chunkOf(bytes)]
      const reading = new TlsReading(keyLogOf()).push([
        ...sent,
        item(client(DATA, utf8('one '))),
        item(client(HANDSHAKE, KEY_UPDATE), isLost),
        item(second(DATA, utf8('two '))),
        item(second(HANDSHAKE, KEY_UPDATE)),
        item(third(DATA, utf8('three'))),
        ...ends,
      ])
      expect(reading.text(0).toString()).toBe('one two three')
      expect(reading.findings).toEqual([])
    }
  })

  it('records with a flipped bit are gaps, and the next one is read', () => {
    const { sent, client } = shaken()
    const [first, spoilt, third] = [
      client(DATA, utf8('first')),
      client(DATA, utf8('spoilt')),
      client(DATA, utf8('third')),
    ]
    spoilt![12]! ^= 4
    const reading = new TlsReading(keyLogOf()).push([
      ...sent,
      [0, chunkOf(first!)],
      [0, chunkOf(spoilt!)],
      [0, chunkOf(third!)],
      ...ends,
    ])
    expect(reading.items[0].map(({ kind }) => kind)).toEqual(['chunk', 'gap', 'chunk', 'end'])
    expect(reading.items[0][1]).toMatchObject({ length: 6, reason: 'undecrypted' })
    expect(reading.codes).toEqual(['tls-record-unverified'])
  })
})

describe('holes without number, followed by what looks like records', () => {
  it('four times as many holes take no more than four times as long', async () => {
    const bait = chunkOf(plainRecord(DATA, zeros(40)))
    const work = (holes: number) => {
      const server = sealer(SECRETS.SERVER_HANDSHAKE_TRAFFIC_SECRET)
      const application = sealer(SECRETS.SERVER_TRAFFIC_SECRET_0)
      const sent: Sent[] = [
        [0, chunkOf(clientHello())],
        [1, chunkOf(serverHello())],
        [1, chunkOf(server(HANDSHAKE, encryptedExtensions()))],
        [1, chunkOf(server(HANDSHAKE, FINISHED))],
        [1, chunkOf(application(DATA, utf8('shown')))],
      ]
      for (let i = 0; i < holes; i++) sent.push([1, gapOf(1_000_000)], [1, bait])
      const reading = new TlsReading(keyLogOf()).push([...sent, ...ends])
      expect(reading.text(1).toString()).toBe('shown')
    }
    expect(await growthOf(work, 125)).toBeLessThan(IN_PROPORTION)
  })
})

describe('what all connections share', () => {
  /** Records of the client under its first application keys, and what comes after them. */
  const read = (records: readonly Uint8Array[]) => {
    const { sent, client } = shaken()
    return new TlsReading(keyLogOf()).push([
      ...sent,
      [0, chunkOf(client(DATA, utf8('shown ')))],
      ...records.map((bytes): Sent => [0, chunkOf(bytes)]),
      ...ends,
    ])
  }
  const keysAfter = (updates: number, between: readonly Uint8Array[]) => {
    let secret: Uint8Array = SECRETS.CLIENT_TRAFFIC_SECRET_0
    let seal = sealer(secret)
    seal(DATA, NO_BYTES)
    const records: Uint8Array[] = []
    for (let i = 0; i < updates; i++) {
      for (const content of between) records.push(seal(DATA, content))
      records.push(seal(HANDSHAKE, KEY_UPDATE))
      secret = updated(secret)
      seal = sealer(secret)
    }
    return [...records, seal(DATA, utf8('the rest'))]
  }

  it('ten thousand key updates without data are read, and one more ends the connection with a finding', () => {
    const most = read(keysAfter(10_000, []))
    expect(most.text(0).toString()).toBe('shown the rest')
    expect(most.findings).toEqual([])
    const more = read(keysAfter(10_001, []))
    expect(more.text(0).toString()).toBe('shown ')
    expect(more.codes).toEqual(['limit-reached'])
    expect(more.budget.held).toBe(0)
  })

  it('a key update for every kilobyte of data is read however many there are', () => {
    const reading = read(keysAfter(11_000, [zeros(1024)]))
    expect(reading.text(0).toString().endsWith('the rest')).toBe(true)
    expect(reading.findings).toEqual([])
  })

  it('once too much that looked like a record did not verify, a finding says so, once', () => {
    const { sent, client } = shaken()
    const bait: Sent[] = Array.from({ length: 30 }, () => [0, chunkOf(plainRecord(DATA, zeros(40)))])
    const reading = new TlsReading(keyLogOf()).push([
      ...sent,
      [0, chunkOf(client(DATA, utf8('shown')))],
      [0, gapOf(1_000_000)],
      ...bait,
      ...ends,
    ])
    expect(reading.codes).toEqual(['limit-reached'])
    expect(reading.findings[0]!.message).toContain('did not verify')
  })

  it('a direction is given up once sixty-four more records do not verify than do', () => {
    const bad = plainRecord(DATA, zeros(40))
    const { sent, client } = shaken()
    const first = client(DATA, utf8('shown '))
    const items: Sent[] = [...sent, [0, chunkOf(first)]]
    for (let i = 0; i < 200; i++) {
      items.push([0, chunkOf(bad)])
      client(DATA, NO_BYTES)
      items.push([0, chunkOf(client(DATA, utf8('.')))])
    }
    const even = new TlsReading(keyLogOf()).push([...items, ...ends])
    expect(even.text(0).toString()).toBe(`shown ${'.'.repeat(200)}`)
    for (let i = 0; i < 64; i++) items.push([0, chunkOf(bad)])
    for (let i = 0; i < 64; i++) client(DATA, NO_BYTES)
    items.push([0, chunkOf(client(DATA, utf8('not shown')))])
    expect(
      new TlsReading(keyLogOf())
        .push([...items, ...ends])
        .text(0)
        .toString(),
    ).toBe(`shown ${'.'.repeat(200)}`)
  })
})

describe('a TLS connection', () => {
  it('a connection with only one side captured is not decrypted, and a finding says why', () => {
    for (const direction of [0, 1] as const) {
      const sent = earlyData({ isAccepted: true }).filter(
        ([side, item]) => side === direction || item.kind === 'end',
      )
      const reading = new TlsReading(keyLogOf()).push(sent)
      expect(reading.items.flat().map(({ kind }) => kind)).toEqual(['end', 'end'])
      expect(reading.codes).toEqual(['tls-secrets-missing'])
      expect(reading.budget.held).toBe(0)
    }
  })

  it('a connection that the server refuses with an alert is not worth a finding', () => {
    const reading = new TlsReading(keyLogOf()).push([
      [0, chunkOf(clientHello())],
      [1, chunkOf(plainRecord(21, u8(2, 40)))],
      ...ends,
    ])
    expect(reading.findings).toEqual([])
  })

  it('a finding names a suite or a version that is not read', () => {
    const hello = serverHello()
    const camellia = Uint8Array.from(hello)
    camellia.set([0x00, 0x41], 5 + 4 + 2 + 32 + 1)
    const old = Uint8Array.from(hello)
    old.set([0x03, 0x02], hello.length - 2)
    for (const [bytes, message] of [
      [camellia, 'TLS 1.3 with 0x0041 is not decrypted.'],
      [old, 'TLS 1.1 with TLS_AES_128_GCM_SHA256 is not decrypted.'],
    ] as const) {
      const reading = new TlsReading(keyLogOf()).push([
        [0, chunkOf(clientHello())],
        [1, chunkOf(bytes)],
        ...ends,
      ])
      expect(reading.findings).toEqual([{ code: 'tls-suite-unsupported', message }])
    }
  })

  it('a connection gives back everything that it held when it is released', () => {
    const reading = new TlsReading()
    reading.keyLog.mayGrow = true
    reading.push(earlyData({ isAccepted: true }))
    expect(reading.connection.isWaitingForSecrets).toBe(true)
    expect(reading.budget.held).toBeGreaterThan(0)
    reading.connection.release()
    expect(reading.budget.held).toBe(0)
  })
})

function cut(bytes: Uint8Array, size: number): Uint8Array[] {
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
    bytes.subarray(i * size, (i + 1) * size),
  )
}
