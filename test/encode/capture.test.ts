// Captures that are made of scripts: as they were scripted they come back, through framewalk and through tshark.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { OPCODE_NAMES } from '../../src/base/events.ts'
import type { FindingCode } from '../../src/base/findings.ts'
import { writeCapture } from '../../src/encode/capture.ts'
import type { CaptureScript, ConnectionScript, Step } from '../../src/encode/script.ts'
import { type Connection, readCapture } from '../../src/index.ts'
import { faultyScript, frameScript, messageScript } from '../support/builders/arbitrary-scripts.ts'
import { skipWithout } from '../support/drivers/requirements.ts'
import { tsharkFrames } from '../support/oracles/tshark.ts'

const utf8 = (text: string): Buffer => Buffer.from(text)

describe('a capture made of a script', () => {
  it("a script's capture has its messages, whatever their fragments, compression, masks and segments", async () => {
    await fc.assert(
      fc.asyncProperty(messageScript, async (script) => {
        const { connections } = await readCapture(writeCapture(script))
        const byPort = inOrder(connections)
        for (const [index, { steps = [] }] of script.connections.entries()) {
          for (const from of ['client', 'server'] as const) {
            const said = byPort[index]!.messages.filter((message) => message.from === from)
            const received = said.map(({ opcodeName, data }) => [
              opcodeName,
              Buffer.from(data ?? []).toString('hex'),
            ])
            expect(received).toEqual(
              steps.filter((step) => 'from' in step && step.from === from).flatMap(messageOf),
            )
          }
        }
      }),
      { numRuns: 120 },
    )
  })

  it("a script's capture has its frames, legal or not", async () => {
    await fc.assert(
      fc.asyncProperty(frameScript, async (script) => {
        const { connections } = await readCapture(writeCapture(script))
        const byPort = inOrder(connections)
        for (const [index, { steps = [] }] of script.connections.entries()) {
          for (const from of ['client', 'server'] as const) {
            const received = byPort[index]!.frames.filter((frame) => frame.from === from)
            const scripted = steps.filter(
              (step): step is Exclude<Step, { wait: number }> => 'from' in step && step.from === from,
            )
            let at = 0
            for (const step of scripted) {
              const count = 'fragments' in step ? (step.fragments ?? 1) : 1
              for (const frame of received.slice(at, at + count)) expectFrame(frame, step)
              at += count
            }
            expect(received.length).toBe(at)
          }
        }
      }),
      { numRuns: 120 },
    )
  })

  it("a script's capture has millions of bytes that are given as hex", async () => {
    const binary = 'c0ffee42'.repeat(3_000_000)
    const { connections } = await readCapture(
      writeCapture({ connections: [{ steps: [{ from: 'client', binary }] }] }),
    )
    expect(Buffer.from(connections[0]!.messages[0]!.data!).equals(Buffer.from(binary, 'hex'))).toBe(true)
  })

  it("a script's capture is the same, byte for byte, each time, and with another seed has other keys", () => {
    fc.assert(
      fc.property(faultyScript, (script) => {
        expect(Buffer.compare(writeCapture(script), writeCapture(structuredClone(script)))).toBe(0)
      }),
      { numRuns: 30 },
    )
    const script: CaptureScript = { connections: [{ steps: [{ from: 'client', text: 'hi' }] }] }
    expect(Buffer.compare(writeCapture(script), writeCapture({ ...script, seed: 2 }))).not.toBe(0)
  })

  it("a script's capture has its times, to the nanosecond in pcapng and the microsecond in pcap", async () => {
    const script: CaptureScript = {
      start: '2026-03-04T05:06:07.123456789Z',
      connections: [{ interval: 0.25, steps: [{ wait: 10 }, { from: 'client', text: 'late', after: 1.5 }] }],
    }
    const timeIn = async (format: 'pcap' | 'pcapng') =>
      (await readCapture(writeCapture({ ...script, format }))).connections[0]!.messages[0]!.time
    // Seven packets of the handshakes, the first at once.
    expect(await timeIn('pcapng')).toBe('2026-03-04T05:06:19.873456789Z')
    expect(await timeIn('pcap')).toBe('2026-03-04T05:06:19.873456000Z')
  })

  it("a script's capture has its endpoints, and sequence numbers that run past 2^32", async () => {
    const script: CaptureScript = {
      connections: [
        {
          client: { address: '::ffff:10.1.2.3', port: 1, sequence: 0xffffff00 },
          server: { address: '2001:db8:0:0:1::7', port: 443 },
          handshake: { host: 'example.org', target: '/a' },
          steps: [{ from: 'client', text: 'z'.repeat(4000) }],
        },
      ],
    }
    const [connection] = (await readCapture(writeCapture(script))).connections
    expect(connection).toMatchObject({
      client: { port: 1 },
      server: { address: '2001:db8::1:0:0:7', port: 443 },
      url: 'ws://example.org/a',
    })
    expect(connection!.messages[0]!.length).toBe(4000)
  })
})

describe.skipIf(skipWithout('tshark'))('tshark on scripted captures', () => {
  it('tshark finds no malformed packet and no wrong checksum in what random scripts make', () => {
    const scripts = fc.sample(faultyScript, { numRuns: 60, seed: 5 })
    const connections = scripts.flatMap((script) => script.connections)
    for (const format of ['pcap', 'pcapng'] as const) {
      const rows = tsharkRows(writeCapture({ format, connections }))
      const bad = rows.filter(({ malformed, checksums }) => malformed !== '' || checksums.includes('0'))
      expect(bad).toEqual([])
      // Of packets that were cut tshark cannot tell.
      const verified = rows.filter(({ checksums }) => checksums.every((status) => status === '1'))
      expect(verified.length).toBeGreaterThan(2000)
    }
  })

  it('tshark sees the frames that were scripted', () => {
    const scripts = fc.sample(messageScript, { numRuns: 20, seed: 6 })
    // tshark does not put packets in order again if bytes overlap, nor cut frames that share a packet with the next segment's.
    const connections = scripts.flatMap((script) => script.connections).map(withoutTricks)
    withFile(writeCapture({ connections }), (path) => {
      const seen = tsharkFrames(path, [8765]).map(({ opcode, fin, masked }) => `${opcode} ${fin} ${masked}`)
      const scripted = connections.flatMap(({ steps = [] }) => steps.flatMap(frameLooks))
      expect(seen.sort()).toEqual(scripted.sort())
    })
  })
})

describe('a fault in the script', () => {
  const client = { from: 'client' } as const
  const text = { opcode: 'text', text: 'hi' } as const
  const faults: ReadonlyArray<readonly [FindingCode, ConnectionScript]> = [
    ['unmasked-client-frame', { steps: [{ ...client, text: 'hi', mask: false }] }],
    ['masked-server-frame', { steps: [{ from: 'server', text: 'hi', mask: true }] }],
    ['zero-masking-key', { steps: [{ ...client, text: 'hi', mask: '00000000' }] }],
    ['reserved-opcode', { steps: [{ ...client, frame: { opcode: 11 } }] }],
    ['rsv-without-extension', { steps: [{ ...client, frame: { ...text, rsv2: true } }] }],
    [
      'rsv1-on-control',
      { handshake: { deflate: true }, steps: [{ ...client, frame: { opcode: 'ping', rsv1: true } }] },
    ],
    ['control-frame-too-long', { steps: [{ ...client, ping: 'x'.repeat(126) }] }],
    ['fragmented-control-frame', { steps: [{ ...client, frame: { opcode: 'ping', fin: false } }] }],
    ['unexpected-continuation', { steps: [{ ...client, frame: { opcode: 'continuation', text: 'hi' } }] }],
    [
      'expected-continuation',
      {
        steps: [
          { ...client, frame: { ...text, fin: false } },
          { ...client, text: 'another' },
        ],
      },
    ],
    ['non-minimal-length', { steps: [{ ...client, text: 'hi', lengthBits: 16 }] }],
    ['length-high-bit', { steps: [{ ...client, frame: { ...text, payloadLength: '9223372036854775808' } }] }],
    ['invalid-utf8', { steps: [{ ...client, frame: { opcode: 'text', hex: 'ff' } }] }],
    ['close-body-too-short', { steps: [{ ...client, frame: { opcode: 'close', hex: '03' } }] }],
    ['invalid-close-code', { steps: [{ ...client, close: 1005 }] }],
    ['invalid-close-reason', { steps: [{ ...client, frame: { opcode: 'close', hex: '03e8ff' } }] }],
    [
      'data-after-close',
      {
        steps: [
          { ...client, close: 1000 },
          { ...client, text: 'more' },
        ],
      },
    ],
    [
      'inflate-error',
      {
        handshake: { deflate: true },
        steps: [{ ...client, frame: { opcode: 'text', rsv1: true, hex: 'ffff' } }],
      },
    ],
    ['accept-mismatch', { handshake: { accept: 'wrong' }, steps: [{ ...client, text: 'hi' }] }],
    ['accept-missing', { handshake: { accept: 'missing' }, steps: [{ ...client, text: 'hi' }] }],
    ['key-invalid', { handshake: { key: 'short' } }],
    ['version-unsupported', { handshake: { requestHeaders: { 'sec-websocket-version': '12' } } }],
    ['subprotocol-not-offered', { handshake: { subprotocols: ['a'], subprotocol: 'b' } }],
    [
      'extension-not-offered',
      { handshake: { deflate: true, requestHeaders: { 'Sec-WebSocket-Extensions': null } } },
    ],
    ['upgrade-refused', { handshake: { status: 403 } }],
    ['no-close-frame', { steps: [{ ...client, text: 'hi' }] }],
    [
      'midstream',
      { midstream: true, steps: [1, 2, 3, 4].map((n) => ({ ...client, text: `${n}`.repeat(40) })) },
    ],
    [
      'gap',
      {
        steps: [
          { ...client, text: 'lost', packets: { lost: [1] } },
          { ...client, text: 'hi' },
        ],
      },
    ],
    ['truncated-packet', { steps: [{ ...client, text: 'x'.repeat(100), packets: { snapLength: 80 } }] }],
    ['incomplete-frame', { steps: [{ ...client, frame: { ...text, payloadLength: 24 } }] }],
  ]

  it.each(faults)('a fault in the script is found: %s', async (code, connection) => {
    const capture = await readCapture(writeCapture({ connections: [connection] }))
    const findings = [...capture.findings, ...capture.connections.flatMap(({ findings }) => findings)]
    expect(findings.map((finding) => finding.code)).toContain(code)
  })

  it('a fault on the way changes nothing if every byte arrives', async () => {
    const long = 'segment by segment '.repeat(30)
    for (const packets of [
      { segmentSize: 100, order: [3, 1, 2, 6, 5, 4] },
      { segmentSize: 100, retransmitted: [1, 6] },
      { segmentSize: 100, lost: [2, 3], retransmitted: [2, 3] },
      { segmentSize: 100, overlap: 99 },
    ]) {
      const steps: Step[] = [{ from: 'server', text: long, packets }]
      const { connections } = await readCapture(writeCapture({ connections: [{ steps }] }))
      expect(connections[0]!.messages.map((message) => message.text)).toEqual([long])
      expect(connections[0]!.findings.map(({ code }) => code)).toEqual(['no-close-frame'])
    }
  })

  it('a fault ends the connection as it says', async () => {
    const howOf = async (connection: ConnectionScript) =>
      (await readCapture(writeCapture({ connections: [connection] }))).connections[0]!.closed
    const close: Step[] = [
      { from: 'server', close: 4000, reason: 'done' },
      { from: 'client', close: 4000 },
    ]
    expect(await howOf({ steps: close })).toMatchObject({
      how: 'clean',
      code: 4000,
      reason: 'done',
      initiator: 'server',
    })
    expect(await howOf({ steps: close.slice(0, 1) })).toMatchObject({ how: 'close-frame-only' })
    expect(await howOf({ steps: [{ from: 'client', end: 'fin' }] })).toMatchObject({
      how: 'tcp-fin',
      initiator: 'client',
    })
    expect(await howOf({ steps: [{ from: 'server', end: 'reset' }] })).toMatchObject({
      how: 'tcp-reset',
      initiator: 'server',
    })
    expect(await howOf({ open: true })).toMatchObject({ how: 'open' })
  })
})

/** The connections of a capture in the order of the script, which the clients' ports tell. */
function inOrder(connections: readonly Connection[]): Connection[] {
  return [...connections].sort((one, other) => one.client.port - other.client.port)
}

/** The message that a step sends, as opcode and hex. */
function messageOf(step: Step): Array<[string, string]> {
  if ('text' in step) return [['text', utf8(step.text).toString('hex')]]
  if ('json' in step) return [['text', utf8(JSON.stringify(step.json)).toString('hex')]]
  return 'binary' in step ? [['binary', step.binary]] : []
}

function expectFrame(frame: Connection['frames'][number], step: Step): void {
  if (!('from' in step) || 'bytes' in step || 'end' in step) throw new Error('no step of frames')
  const { mask = step.from === 'client', from } = step
  expect(frame.from).toBe(from)
  expect(frame.masked).toBe(mask !== false)
  if (typeof mask === 'string') expect(frame.maskingKey).toBe(mask)
  if (step.lengthBits === 64) expect(frame.headerLength).toBe(frame.masked ? 14 : 10)
  if ('ping' in step)
    expect(frame).toMatchObject({ opcodeName: 'ping', payload: new Uint8Array(utf8(step.ping)) })
  if ('close' in step) expect(frame.close?.code).toBe(step.close ?? undefined)
  if (!('frame' in step)) return
  const { opcode, fin = true, rsv1 = false, rsv2 = false, rsv3 = false, text, hex = '' } = step.frame
  expect(frame).toMatchObject({ fin, rsv1, rsv2, rsv3 })
  expect(frame.opcodeName).toBe(typeof opcode === 'number' ? OPCODE_NAMES[opcode] : opcode)
  const payload = text === undefined ? hex : utf8(text).toString('hex')
  expect(Buffer.from(frame.payload).toString('hex')).toBe(payload)
}

interface Row {
  readonly malformed: string
  readonly checksums: readonly string[]
}

function tsharkRows(capture: Uint8Array): Row[] {
  return withFile(capture, (path) => {
    const fields = ['_ws.malformed', 'tcp.checksum.status', 'ip.checksum.status', 'ipv6.dst']
    const { stdout, stderr } = spawnSync(
      'tshark',
      [
        ...['-r', path, '-d', 'tcp.port==8765,http', '-T', 'fields'],
        ...['tcp.check_checksum:TRUE', 'ip.check_checksum:TRUE', 'tcp.reassemble_out_of_order:TRUE'].flatMap(
          (o) => ['-o', o],
        ),
        ...fields.flatMap((field) => ['-e', field]),
      ],
      { encoding: 'utf8', maxBuffer: 2 ** 28 },
    )
    expect(stderr.replaceAll(/^Running as user.*$/gm, '').trim()).toBe('')
    return stdout
      .split('\n')
      .slice(0, -1)
      .map((line) => {
        const [malformed = '', tcp = '', ip = '', ipv6 = ''] = line.split('\t')
        // 0: bad. 1: good. IPv6 has none.
        return { malformed, checksums: ipv6 === '' ? [tcp, ip] : [tcp] }
      })
  })
}

function withFile<T>(capture: Uint8Array, use: (path: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'framewalk-encode-'))
  try {
    const path = join(folder, 'made.pcap')
    writeFileSync(path, capture)
    return use(path)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function withoutTricks(connection: ConnectionScript): ConnectionScript {
  const { steps = [] } = connection
  return {
    ...connection,
    steps: steps.map((step) => {
      if (!('packets' in step)) return step
      const { packets, ...rest } = step
      return rest as Step
    }),
  }
}

/** What tshark should say of the frames of a step. */
function frameLooks(step: Step): string[] {
  if (!('from' in step) || 'bytes' in step || 'end' in step) return []
  const masked = (step.mask ?? step.from === 'client') !== false
  const opcode = 'ping' in step ? 9 : 'pong' in step ? 10 : 'close' in step ? 8 : 'binary' in step ? 2 : 1
  const count = 'fragments' in step ? (step.fragments ?? 1) : 1
  return Array.from({ length: count }, (_, i) => `${i === 0 ? opcode : 0} ${i === count - 1} ${masked}`)
}
