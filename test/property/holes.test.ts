// Holes of each kind, by hand: in a payload, over a header, in the window of a compressor, and from a snapshot length, also editcap's.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { damage, type Recorded, readRecorded } from '../damage/damage.ts'
import { judgeDamaged } from '../damage/judgement.ts'
import { emptyDamageTally } from '../damage/tally.ts'
import { clearFixtures, fixtureSubject, readPackets } from '../damage/trials.ts'
import { counting, utf8 } from '../support/builders/packet-builder.ts'
import { conversation, DEFLATE, frame } from '../support/builders/tcp-conversation.ts'
import { makeCompressor } from '../support/builders/websocket-compressor.ts'
import type { Captured } from '../support/drivers/captured.ts'
import { fixturePath } from '../support/drivers/fixtures.ts'
import { skipWithout } from '../support/drivers/requirements.ts'

const without = (packets: readonly Recorded[], ...lost: number[]) =>
  packets.filter((_, i) => !lost.includes(i))
const capturing = ({ findings }: Captured) =>
  findings.filter(({ severity }) => severity === 'capture').map(({ code, message }) => `${code}: ${message}`)
const blaming = ({ findings }: Captured) => findings.filter(({ severity }) => severity !== 'capture')

const CLEAR = await clearFixtures()

describe('a hole in a payload', () => {
  const payload = counting(5000)
  const packets = conversation([
    frame(0, { opcode: 2, payload }),
    frame(1, { payload: utf8('thank you') }),
    frame(0, { payload: utf8('再见') }),
  ])

  it('a hole in a payload leaves the frame with what is there, unmasked, and the frames after it whole', async () => {
    // The frame's second packet of four.
    const captured = await readPackets(without(packets, 3))
    const [cut, next] = captured.framesOf(1, 'client')
    const hole = [1440, 2888] as const
    const rest = payload.slice()
    rest.fill(0, ...hole)
    expect(cut).toMatchObject({ payloadLength: 5000, capturedLength: 5000 - 1448, holes: [hole] })
    expect(cut!.payload).toEqual(rest)
    expect(next).toMatchObject({ offset: 5008, opcodeName: 'text' })
    const [message, last] = captured.messagesOf(1, 'client')
    expect(message).toMatchObject({ incomplete: true, length: 1440, data: payload.subarray(0, 1440) })
    expect(last).toMatchObject({ text: '再见' })
    expect(capturing(captured)).toEqual([
      'gap: 1448 bytes of the client are missing, from byte 1448 of its stream on: the other side acknowledged them, and no packet of the capture holds them.',
      'incomplete-frame: A hole in the capture cuts a binary frame: the capture holds 3552 of the 5000 bytes of its payload; missing: 1440 to 2887 (counted from 0).',
    ])
    expect(blaming(captured).map(({ code }) => code)).toEqual([])
  })
})

describe('a hole over a header', () => {
  const messages = Array.from({ length: 20 }, (_, i) =>
    frame(1, { payload: utf8(`{"id":${i},"text":"${'value '.repeat(i)}"}`) }),
  )
  const packets = conversation(messages)

  it('a hole over a header is skipped up to the next frame that is sure', async () => {
    const [whole, captured] = [await readPackets(packets), await readPackets(without(packets, 7, 8))]
    const sent = whole.framesOf(1, 'server')
    const found = captured.framesOf(1, 'server')
    expect(found.map(({ offset }) => offset)).toEqual(
      sent.filter((_, i) => i !== 5 && i !== 6).map(({ offset }) => offset),
    )
    expect(found.map(({ payload }) => payload)).toEqual(
      sent.filter((_, i) => i !== 5 && i !== 6).map(({ payload }) => payload),
    )
    expect(captured.findings.map(({ code }) => code)).toEqual(['gap', 'resynchronized'])
    expect(captured.findings[1]!.message).toMatch(
      /from byte \d+ of its stream on \(confidence 1\.000\); no byte was/,
    )
  })
})

describe('a hole in the window of a compressor', () => {
  const texts = Array.from(
    { length: 10 },
    (_, i) => `the price of ACME ${i} is ${100 + i}; the price of EMCA is ${i}`,
  )
  let compress = makeCompressor()
  const messages = texts.map((text, i) => {
    // A sender may begin with an empty window at any message (RFC 7692 §7.2.3.2).
    if (i === 6) compress = makeCompressor()
    return frame(1, { rsv1: true, payload: compress(utf8(text)) })
  })
  const packets = conversation(messages, DEFLATE)

  it("a hole in a compressor's window leaves of each message what needs nothing of it, and a finding says so", async () => {
    const captured = await readPackets(without(packets, 4))
    const told = captured.messagesOf(1, 'server')
    expect(told.slice(0, 2).map(({ text }) => text)).toEqual(texts.slice(0, 2))
    for (const [i, message] of told.slice(2, 5).entries()) {
      expect(message).toMatchObject({ compressed: true, incomplete: true })
      expect(texts[i + 3]!.startsWith(message.text ?? '')).toBe(true)
    }
    expect(told[5]).toMatchObject({ text: texts[6], withoutContext: true })
    expect(told.slice(6).map(({ text }) => text)).toEqual(texts.slice(7))
    expect(told.every(({ wireLength, frames }) => wireLength > 0 && frames.length === 1)).toBe(true)
    const lost = captured.findings.filter(({ code }) => code === 'inflate-context-lost')
    expect(lost.map(({ frame }) => frame)).toEqual(told.slice(2, 5).map(({ frames }) => frames[0]))
    expect(blaming(captured)).toEqual([])
  })

  it('a hole matters to no message of a side that forgets its window each time', async () => {
    const alone = texts.map((text) => frame(1, { rsv1: true, payload: makeCompressor()(utf8(text)) }))
    const agreed = `${DEFLATE}; server_no_context_takeover`
    const captured = await readPackets(without(conversation(alone, agreed), 4))
    expect(captured.messagesOf(1, 'server').map(({ text }) => text)).toEqual(texts.filter((_, i) => i !== 2))
    expect(captured.findings.map(({ code }) => code)).toEqual(['gap', 'resynchronized'])
  })
})

describe('a snapshot length', () => {
  const folder = mkdtempSync(join(tmpdir(), 'framewalk-'))
  afterAll(() => rmSync(folder, { recursive: true }))

  it('a snapshot length cuts a hole into each frame, from its exact byte on', async () => {
    const payload = counting(300)
    const packets = conversation([frame(0, { opcode: 2, payload }), frame(1, { payload: utf8('ok') })])
    const captured = await readPackets(damage(packets, [{ kind: 'snap', length: 254 }]))
    // 54 bytes of Ethernet, IP and TCP, 8 of the header.
    expect(captured.framesOf(1, 'client')).toMatchObject([{ capturedLength: 192, holes: [[192, 300]] }])
    expect(captured.framesOf(1, 'server')).toMatchObject([{ capturedLength: 2 }])
    expect(capturing(captured)[0]).toBe(
      'truncated-packet: The snapshot length cut 108 bytes of the client from packet 3, from byte 200 of its stream on.',
    )
  })

  it.skipIf(skipWithout('editcap')).each(CLEAR)(
    '%s, cut by editcap to a snapshot length, has holes where it was cut',
    async (name) => {
      const subject = await fixtureSubject(name)
      for (const length of [68, 128, 250]) {
        const cut = join(folder, 'cut.pcap')
        const { status, stderr } = spawnSync('editcap', [
          '-F',
          'pcap',
          '-s',
          `${length}`,
          fixturePath(name),
          cut,
        ])
        if (status !== 0 && !/cut short/.test(`${stderr}`)) throw new Error(`editcap: ${stderr}`)
        const packets = readRecorded(readFileSync(cut)).map((packet, origin) => ({
          ...packet,
          origin,
          flipped: undefined,
        }))
        const tally = emptyDamageTally()
        const faults = judgeDamaged(subject, packets, await readPackets(packets), tally)
        expect(faults, `${length} bytes of each packet`).toEqual([])
        expect(packets.length).toBe(subject.packets.length)
      }
    },
  )
})
