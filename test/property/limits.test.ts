// Each limit is reached and reported, and decoding goes on after it.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { constants, deflateRawSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readEvents } from '../../src/analyze.ts'
import {
  type AnalysisEvent,
  type ClosedEvent,
  type FrameEvent,
  type MessageEvent,
  Opcode,
  type SummaryEvent,
} from '../../src/base/events.ts'
import type { FindingEvent } from '../../src/base/findings.ts'
import { LIMITS, type LimitName, type Limits } from '../../src/base/limits.ts'
import { sentenceOf } from '../../src/language/en/finding-sentences.ts'
import { nodePlatform } from '../../src/platform/node/platform.ts'
import { encodeFrame } from '../../src/websocket/encode.ts'
import { checkBudgets } from '../fuzz/checks.ts'
import { upgrade } from '../hostile/captures.ts'
import { Talk, Tape } from '../hostile/tape.ts'
import { counting, ethernet, ipv4, u8, utf8, zeros } from '../support/builders/packet-builder.ts'
import { run } from '../support/drivers/command.ts'
import { fixturePath } from '../support/drivers/fixtures.ts'

const DEFLATE = 'Sec-WebSocket-Extensions: permessage-deflate\r\n'
const text = (said: string) => encodeFrame({ fin: true, opcode: Opcode.text, payload: utf8(said) })
const binary = (payload: Uint8Array) => encodeFrame({ fin: true, opcode: Opcode.binary, payload })
/** `before`: what was sent before it. */
const compressed = (payload: Uint8Array, before?: Uint8Array) => {
  const finishFlush = constants.Z_SYNC_FLUSH
  const options = before === undefined ? { finishFlush } : { finishFlush, dictionary: before }
  const deflated = deflateRawSync(payload, options).subarray(0, -4)
  return encodeFrame({ fin: true, rsv1: true, opcode: Opcode.binary, payload: deflated })
}

interface Walked {
  readonly frames: FrameEvent[]
  readonly messages: MessageEvent[]
  readonly closed: ClosedEvent[]
  readonly findings: FindingEvent[]
  readonly summary: SummaryEvent
  /** The sentences of `limit-reached`. */
  readonly reached: string[]
  readonly texts: string[]
}

async function walked(tape: Tape, limits: Partial<Limits>): Promise<Walked> {
  const events: AnalysisEvent[] = []
  const bytes = tape.take()
  const chunks = (async function* () {
    yield bytes
  })()
  for await (const batch of readEvents([{ name: 'limits.pcap', chunks }], nodePlatform, { limits }))
    events.push(...batch)
  checkBudgets()
  const of = <Type extends AnalysisEvent['type']>(type: Type) =>
    events.filter((event): event is Extract<AnalysisEvent, { type: Type }> => event.type === type)
  const messages = of('message')
  const findings = of('finding')
  return {
    frames: of('frame'),
    messages,
    closed: of('closed'),
    findings,
    summary: of('summary')[0]!,
    reached: findings.filter(({ code }) => code === 'limit-reached').map(sentenceOf),
    texts: messages.filter(({ isText }) => isText).map(({ data }) => Buffer.from(data!).toString()),
  }
}

/** Frames that are sure after a hole: each a write of its own. */
function goesOn(talk: Talk, count = 20): void {
  for (let i = 0; i < count; i++)
    talk.says('server', text(`message number ${i} behind the hole, and nothing else`))
}

describe('limits of a whole run', () => {
  test('the limit on bytes waiting in one direction makes the hole a gap, and the frames after it are found', async () => {
    const tape = new Tape()
    const talk = upgrade(new Talk(tape, 0)).says('server', text('before')).loses('server', 100)
    goesOn(talk)
    const { reached, texts, findings } = await walked(tape, { waitingPerStream: 3000 })
    expect(reached).toEqual([expect.stringContaining('3000 bytes in one direction')])
    expect(findings.map(({ code }) => code)).toContain('gap')
    expect(texts[0]).toBe('before')
    expect(texts.at(-1)).toContain('number 19')
    expect(texts.length).toBeGreaterThan(15)
  })

  test('the limit on bytes held back in all makes room for those who come later', async () => {
    const tape = new Tape()
    for (let i = 0; i < 30; i++) {
      const talk = upgrade(new Talk(tape, i)).loses('server', 100)
      for (let frame = 0; frame < 3; frame++) talk.says('server', binary(counting(500)))
    }
    const last = upgrade(new Talk(tape, 99))
    last.says('server', text('in one piece')).close()
    const { reached, texts, closed } = await walked(tape, { waitingTotal: 20_000 })
    expect(reached.length).toBeGreaterThan(0)
    expect(
      reached.every((sentence) => sentence.includes('waitingTotal') || sentence.includes('20000 over all')),
    ).toBe(true)
    expect(texts).toEqual(['in one piece'])
    expect(closed).toHaveLength(31)
  })

  test('the limit on bytes held back in all cuts a message that is put together, and the next one is whole', async () => {
    const tape = new Tape()
    const talk = upgrade(new Talk(tape, 0))
    const frame = binary(counting(50_000))
    for (let at = 0; at < frame.length; at += 1000) talk.says('server', frame.subarray(at, at + 1000))
    talk.says('server', text('next'))
    const { reached, texts, messages } = await walked(tape, { waitingTotal: 20_000 })
    expect(reached).toEqual([expect.stringContaining('limit waitingTotal')])
    expect(messages[0]).toMatchObject({ incomplete: true, wireLength: 50_000 })
    expect(texts).toEqual(['next'])
  })

  test('the limit on TCP connections gives up those idle longest, and a finding says at the end how many', async () => {
    const tape = new Tape()
    const talks = Array.from({ length: 5 }, (_, i) =>
      upgrade(new Talk(tape, i)).says('server', text(`hello ${i}`)),
    )
    talks[4]!.says('server', text('still here'))
    const { reached, texts, closed, summary } = await walked(tape, { connections: 2 })
    expect(reached).toEqual([
      expect.stringMatching(/^More than 2 TCP connections at a time: the 3 idle longest/),
    ])
    expect(texts).toEqual(['hello 0', 'hello 1', 'hello 2', 'hello 3', 'hello 4', 'still here'])
    expect(closed.map(({ connection }) => connection).slice(0, 3)).toEqual([1, 2, 3])
    expect(summary.tcpConnections).toBe(5)
  })

  test('the limit on WebSocket connections gives up those idle longest, with what they hold, and spares the busy ones', async () => {
    const tape = new Tape()
    const busy = upgrade(new Talk(tape, 0))
    for (let i = 1; i < 5; i++) {
      upgrade(new Talk(tape, i)).says('server', text(`unfinished ${i}`).subarray(0, 8))
      busy.says('server', text(`busy ${i}`))
    }
    const { reached, texts, closed, frames } = await walked(tape, { webSockets: 2 })
    expect(reached).toEqual([
      expect.stringMatching(/^More than 2 WebSocket connections at a time: the 3 idle longest/),
    ])
    expect(texts.filter((said) => said.startsWith('busy'))).toEqual(['busy 1', 'busy 2', 'busy 3', 'busy 4'])
    expect(texts.filter((said) => said === 'unfini')).toHaveLength(4)
    expect(closed.map(({ connection }) => connection)).toEqual([2, 3, 4, 1, 5])
    expect(closed.every(({ how }) => how === 'open')).toBe(true)
    expect(frames.filter(({ cutBy }) => cutBy === 'limit').map(({ connection }) => connection)).toEqual([
      2, 3, 4,
    ])
  })

  test('the limit on IP datagrams gives up the oldest, and those that come are put together', async () => {
    const tape = new Tape()
    const conversation = new Tape(null)
    upgrade(new Talk(conversation, 0)).says('server', text('in fragments')).close()
    for (let identification = 100; identification < 110; identification++) {
      const payload = zeros(64)
      tape.packet(ethernet({ payload: ipv4({ identification, moreFragments: true, payload }) }))
    }
    const packets = packetsOf(conversation.take())
    for (const [identification, packet] of packets.entries()) {
      const payload = packet.subarray(34)
      const [source, destination] = [addressAt(packet, 26), addressAt(packet, 30)]
      const parts =
        payload.length < 24
          ? [[0, payload.length]]
          : [
              [0, 16],
              [16, payload.length],
            ]
      for (const [from, to] of parts) {
        const fields = {
          source,
          destination,
          identification,
          fragmentOffset: from!,
          moreFragments: to! < payload.length,
        }
        tape.packet(ethernet({ payload: ipv4({ ...fields, payload: payload.subarray(from, to) }) }))
      }
    }
    const { reached, texts, summary } = await walked(tape, { fragments: 3 })
    expect(reached).toEqual([expect.stringContaining('no more than 3 IP datagrams wait for fragments')])
    expect(texts).toEqual(['in fragments'])
    expect(summary.skipped).toEqual({ 'IPv4 fragment never completed': 10 })
  })

  test('the limit on the seconds of an unfinished IP datagram counts its packets among the skipped ones', async () => {
    const tape = new Tape()
    tape.packet(ethernet({ payload: ipv4({ identification: 7, moreFragments: true, payload: zeros(64) }) }))
    // A packet of the tape comes each microsecond.
    for (let i = 0; i < 2_000_100; i++) if (i % 2_000_000 < 100) tape.packet(u8())
    const { summary } = await walked(tape, { fragmentSeconds: 1 })
    expect(summary.skipped['IPv4 fragment never completed']).toBe(1)
  })

  test('the limit on the size of a message cuts one that is longer, in one frame or in fragments', async () => {
    const tape = new Tape()
    const talk = upgrade(new Talk(tape, 0)).says('server', binary(counting(1400)))
    for (let i = 0; i < 10; i++)
      talk.says(
        'server',
        encodeFrame({ fin: i === 9, opcode: i === 0 ? Opcode.binary : 0, payload: counting(300) }),
      )
    talk.says('server', text('next'))
    const { reached, texts, messages } = await walked(tape, { messageSize: 1000 })
    expect(reached).toEqual([
      'Of a binary frame with a payload of 1400 bytes, the first 1000 bytes are kept (limit messageSize).',
      'Of the message of 3000 bytes, the first 1000 bytes are kept (limit messageSize).',
    ])
    expect(messages.map(({ length, wireLength, incomplete }) => [length, wireLength, incomplete])).toEqual([
      [1000, 1400, true],
      [1000, 3000, true],
      [4, 4, false],
    ])
    expect(texts).toEqual(['next'])
  })

  test('the limit on what a message inflates to stops a compression bomb, and the next message is whole', async () => {
    const tape = new Tape()
    upgrade(new Talk(tape, 0), DEFLATE)
      .says('server', compressed(zeros(1_000_000)))
      .says('server', text('not compressed'))
      .says('server', compressed(utf8('without a back reference')))
    const { reached, texts, messages } = await walked(tape, { inflateSize: 10_000 })
    expect(reached).toEqual([expect.stringMatching(/inflate to more than 10000 bytes \(limit inflateSize\)/)])
    expect(messages.map(({ length, incomplete }) => [length, incomplete])).toEqual([
      [10_000, true],
      [14, false],
      [24, false],
    ])
    expect(texts).toEqual(['not compressed'])
  })

  test('the limit on the size of a head gives that connection up, and no other', async () => {
    const tape = new Tape()
    upgrade(new Talk(tape, 0), `X: ${'x'.repeat(1000)}\r\n`).says('server', text('not read'))
    upgrade(new Talk(tape, 1), 'X: y\r\n'.repeat(20)).says('server', text('nor this'))
    upgrade(new Talk(tape, 2)).says('server', text('read'))
    const { reached, texts } = await walked(tape, { headSize: 2000 })
    expect(reached).toHaveLength(2)
    expect(reached[0]).toContain('limit of 2000 bytes')
    expect(texts).toEqual(['read'])
  })

  test('the limit on inflate streams closes those idle longest and keeps their windows, as long as these find room', async () => {
    const said = utf8('what was said before'.repeat(200))
    const conversation = (): Tape => {
      const tape = new Tape()
      const talks = Array.from({ length: 4 }, (_, i) => upgrade(new Talk(tape, i), DEFLATE))
      for (const talk of talks) talk.says('server', compressed(said))
      for (const talk of talks) talk.says('server', compressed(said, said))
      return tape
    }
    const roomy = await walked(conversation(), { inflaters: 1 })
    expect(roomy.findings).toEqual([])
    expect(roomy.messages.map(({ length }) => length)).toEqual(new Array(8).fill(4000))
    const narrow = await walked(conversation(), { inflaters: 1, waitingTotal: 12_000 })
    const lost = narrow.findings.filter(({ code }) => code === 'inflate-context-lost')
    expect(lost.length).toBeGreaterThan(0)
    expect(lost.every((finding) => sentenceOf(finding).includes('limit waitingTotal'))).toBe(true)
    expect(narrow.messages.slice(0, 4).map(({ length }) => length)).toEqual(new Array(4).fill(4000))
  })
})

describe('the limit on findings of one code', () => {
  let folder: string
  let capture: string
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'framewalk-limits-'))
    capture = join(folder, 'violations.pcap')
    const tape = new Tape()
    const talk = upgrade(new Talk(tape, 0))
    for (let i = 0; i < 20; i++) talk.says('server', encodeFrame({ fin: true, opcode: 3, payload: u8(i) }))
    talk.says('client', text('no mask')).close()
    writeFileSync(capture, tape.take())
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  test('the limit on findings of one code is said in tables, and the totals count them all', async () => {
    const { stdout, status } = await run([capture, '--all', '--limit-findings', '5'])
    expect(status).toBe(0)
    expect(stdout.match(/frame \d+: reserved-opcode/g)).toHaveLength(5)
    expect(stdout).toContain('limit-reached: 15 more findings of the code reserved-opcode not shown')
    expect(stdout).toContain('reserved-opcode 20')
    expect(stdout).toContain('unmasked-client-frame')
  })

  test('the limit on findings of one code is said in NDJSON, and the summary counts them all', async () => {
    const { stdout } = await run([capture, '--limit-findings', '5', '--format', 'ndjson'])
    const records = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    const codes = records.filter(({ type }) => type === 'finding').map(({ code }) => code)
    expect(codes.filter((code) => code === 'reserved-opcode')).toHaveLength(5)
    expect(codes.filter((code) => code === 'limit-reached')).toHaveLength(1)
    expect(codes).toContain('unmasked-client-frame')
    expect(records.filter(({ type }) => type === 'frame')).toHaveLength(21)
    expect(records.at(-1).findings['reserved-opcode']).toBe(20)
  })
})

describe('every limit', () => {
  test.each(Object.keys(LIMITS) as LimitName[])(
    'the limit %s has an option, and may be as low as 1',
    async (name) => {
      const option = `--limit-${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
      for (const fixture of ['reordered', 'context-takeover']) {
        const { status, stderr, stdout } = await run([
          fixturePath(fixture),
          option,
          '1',
          '--format',
          'ndjson',
        ])
        expect([status, stderr]).toEqual([0, ''])
        expect(JSON.parse(stdout.trimEnd().split('\n').at(-1)!).type).toBe('summary')
      }
      const refused = await run([fixturePath('article'), option, '0'])
      expect(refused.status).toBe(2)
      expect(refused.stderr).toContain(option)
    },
  )
})

function packetsOf(records: Uint8Array): Uint8Array[] {
  const view = new DataView(records.buffer, records.byteOffset)
  const packets: Uint8Array[] = []
  for (let at = 0; at < records.length; ) {
    const length = view.getUint32(at + 8, true)
    packets.push(records.subarray(at + 16, at + 16 + length))
    at += 16 + length
  }
  return packets
}

function addressAt(packet: Uint8Array, at: number): string {
  return packet.subarray(at, at + 4).join('.')
}
