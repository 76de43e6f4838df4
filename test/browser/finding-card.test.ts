// Findings as cards, in Chromium; and their repairs, which a connection of src/websocket/ reads without the finding.
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { concat, toHex } from '../../src/base/bytes.ts'
import { FINDINGS, type FindingCode, type FindingText } from '../../src/base/findings.ts'
import type { Side } from '../../src/base/stream.ts'
import { decodeFrames } from '../../src/codec.ts'
import { CATALOGUES } from '../../src/language/catalogue.ts'
import { LANGUAGES } from '../../src/language/language.ts'
import { byteChanges } from '../../src/page/findings/byte-changes.ts'
import { offendingSpots } from '../../src/page/findings/offending.ts'
import { repairOf } from '../../src/page/findings/repair.ts'
import type { InspectedFrame } from '../../src/page/inspector/inspected-frame.ts'
import { readFrame } from '../../src/page/inspector/read-frame.ts'
import type { ReportFinding } from '../../src/report/page-data.ts'
import { encodeFrame, type FrameFields } from '../../src/websocket/encode.ts'
import { findingSample, findingSamples } from '../support/builders/finding-samples.ts'
import { utf8 } from '../support/builders/packet-builder.ts'
import { skipWithoutPages } from '../support/drivers/page.ts'
import { StoryPages, show, told } from '../support/drivers/stories.ts'
import { closeBody, DEFLATE, hear, type Step } from '../support/drivers/websocket-conversation.ts'

/** A frame that breaks a rule, with what one side sent before it. */
interface Offence {
  readonly from: Side
  readonly bytes: Uint8Array
  readonly before?: readonly Step[]
  readonly compressed?: boolean
}

const KEY = 0x01020304

function client(fields: Partial<FrameFields>): Uint8Array {
  return encodeFrame({ fin: true, opcode: 1, maskingKey: KEY, payload: utf8('hello'), ...fields })
}

function server(fields: Partial<FrameFields>): Uint8Array {
  return encodeFrame({ fin: true, opcode: 1, payload: utf8('hello'), ...fields })
}

const highBit = Uint8Array.of(0x82, 0x7f, 0x80, 0, 0, 0, 0, 0, 0, 3, 1, 2, 3)

/** Of each finding that a frame can mend, a frame that has it. */
const OFFENCES: Partial<Record<FindingCode, readonly Offence[]>> = {
  'reserved-opcode': [
    { from: 'client', bytes: client({ opcode: 3 }) },
    { from: 'server', bytes: server({ opcode: 11 }) },
  ],
  'rsv-without-extension': [
    { from: 'client', bytes: client({ rsv1: true, rsv3: true }) },
    { from: 'server', bytes: server({ rsv2: true, opcode: 9 }) },
  ],
  'rsv1-on-continuation': [
    {
      from: 'server',
      bytes: server({ opcode: 0, rsv1: true }),
      before: [['server', server({ fin: false })]],
      compressed: true,
    },
  ],
  'rsv1-on-control': [{ from: 'client', bytes: client({ opcode: 9, rsv1: true }), compressed: true }],
  'unmasked-client-frame': [
    { from: 'client', bytes: server({}) },
    { from: 'client', bytes: server({ payload: new Uint8Array(70_000).fill(97) }) },
  ],
  'masked-server-frame': [{ from: 'server', bytes: client({}) }],
  'control-frame-too-long': [
    { from: 'client', bytes: client({ opcode: 9, payload: new Uint8Array(300).fill(7) }) },
    { from: 'server', bytes: server({ opcode: 8, payload: closeBody(1000, 'é'.repeat(100)) }) },
  ],
  'fragmented-control-frame': [{ from: 'server', bytes: server({ opcode: 10, fin: false }) }],
  'unexpected-continuation': [
    { from: 'client', bytes: client({ opcode: 0 }) },
    { from: 'server', bytes: server({ opcode: 0, payload: Uint8Array.of(0xff, 0xfe) }) },
  ],
  'expected-continuation': [
    { from: 'client', bytes: client({}), before: [['client', client({ fin: false, maskingKey: 77 })]] },
  ],
  'non-minimal-length': [
    { from: 'client', bytes: client({ lengthForm: 16 }) },
    { from: 'server', bytes: server({ payload: new Uint8Array(300), opcode: 2, lengthForm: 64 }) },
  ],
  'length-high-bit': [{ from: 'server', bytes: highBit }],
  'invalid-utf8': [{ from: 'client', bytes: client({ payload: Uint8Array.of(0x61, 0xc3, 0x28) }) }],
  'close-body-too-short': [{ from: 'client', bytes: client({ opcode: 8, payload: Uint8Array.of(3) }) }],
  'invalid-close-code': [1004, 1005, 1006, 1015, 999, 2000, 5000].flatMap((code) => [
    { from: 'client' as const, bytes: client({ opcode: 8, payload: closeBody(code, 'why') }) },
    { from: 'server' as const, bytes: server({ opcode: 8, payload: closeBody(code) }) },
  ]),
  'invalid-close-reason': [
    {
      from: 'server',
      bytes: server({ opcode: 8, payload: concat([closeBody(1000, 'ab'), Uint8Array.of(0xe4, 0xb8)]) }),
    },
  ],
  'zero-masking-key': [{ from: 'client', bytes: client({ maskingKey: 0 }) }],
  'repeated-masking-key': [
    { from: 'client', bytes: client({}), before: [['client', client({})]] },
    {
      from: 'client',
      bytes: client({ maskingKey: 0x37fa213d }),
      before: [['client', client({ maskingKey: 0x37fa213d })]],
    },
  ],
}

const cases = Object.entries(OFFENCES).flatMap(([code, offences]) =>
  offences.map((offence, i) => ({ code: code as FindingCode, i, ...offence })),
)

function heard({ from, before = [], compressed }: Offence, bytes: Uint8Array) {
  return hear([...before, [from, bytes]], { deflate: compressed === true ? DEFLATE : null })
}

function frameOf({ from, bytes }: Pick<Offence, 'from' | 'bytes'>): InspectedFrame {
  const rest = { holes: [], message: undefined, findings: [], segments: [] }
  return { bytes, from, announcedLength: bytes.length, ...rest }
}

function findingOf(code: FindingCode, { values }: FindingText = findingSample(code)): ReportFinding {
  const { severity, reference, closeCode } = FINDINGS[code]
  const place = { connection: 1, frame: 7, from: 'client' as const, packet: { first: 3, last: 4 } }
  const closes = closeCode === undefined ? {} : { closeCode }
  return { type: 'finding', code, severity, ...closes, values, reference, ...place, at: null }
}

describe('repairs of findings', () => {
  it.each(cases)('$code, $i: the repaired frame no longer has the finding', (offence) => {
    const { code, from } = offence
    const finding = heard(offence, offence.bytes).findings.find((found) => found.code === code)
    expect(finding).toBeDefined()
    const repair = repairOf({ code, values: finding!.values }, frameOf(offence))
    if (typeof repair === 'string') throw new Error(repair)
    expect(repair).toMatchObject({ kind: 'instead', from })
    const { frames, remainder } = decodeFrames(repair.bytes)
    expect(frames.length).toBe(1)
    expect(remainder.length).toBe(0)
    const after = heard(offence, repair.bytes)
    expect(after.codes.filter((found) => FINDINGS[found as FindingCode].severity === 'violation')).toEqual([])
    expect(after.codes).not.toContain(code)
    expect(toHex(repair.bytes)).not.toBe(toHex(offence.bytes))
  })

  it.each(cases)('$code, $i: the offending bits are among those of the frame', (offence) => {
    const { code } = offence
    const finding = heard(offence, offence.bytes).findings.find((found) => found.code === code)!
    const spots = offendingSpots(finding, readFrame(frameOf(offence)))
    expect(spots.length).toBeGreaterThan(0)
    for (const { start, end } of spots) {
      expect(start).toBeLessThan(end)
      if (code !== 'length-high-bit') expect(end).toBeLessThanOrEqual(offence.bytes.length * 8)
    }
  })

  it('the repair of a ping that was not answered is its pong', () => {
    const ping: Step = ['client', client({ opcode: 9, payload: utf8('are you there?') })]
    const closing: readonly Step[] = [
      ['client', client({ opcode: 8, payload: closeBody(1000), maskingKey: 5 })],
    ]
    expect(hear([ping, ...closing]).codes).toContain('unanswered-ping')
    const frame = frameOf({ from: 'client', bytes: ping[1] as Uint8Array })
    const repair = repairOf(findingSample('unanswered-ping'), frame)
    if (typeof repair === 'string') throw new Error(repair)
    expect(repair).toMatchObject({ kind: 'missing', from: 'server' })
    expect(hear([ping, ['server', repair.bytes], ...closing]).codes).not.toContain('unanswered-ping')
  })

  it.each(['client', 'server'] as const)(
    'the repair of a missing close frame is the one that the %s should have sent',
    (from) => {
      const said: Step = ['server', server({})]
      expect(hear([said]).codes).toContain('no-close-frame')
      const repair = repairOf({ ...findingSample('no-close-frame'), from }, undefined)
      if (typeof repair === 'string') throw new Error(repair)
      expect(hear([said, [from, repair.bytes]]).codes).toEqual([])
    },
  )

  it('every code has a repair or a reason why there is none, in both languages', () => {
    for (const code of Object.keys(FINDINGS) as FindingCode[]) {
      const none = repairOf(findingSample(code), undefined)
      const mends = code in OFFENCES || code === 'unanswered-ping' || code === 'no-close-frame'
      if (code === 'no-close-frame') expect(none).toBeTypeOf('object')
      else expect(none === 'noFrame').toBe(mends)
      for (const language of LANGUAGES) {
        const { cards } = CATALOGUES[language]
        if (mends) expect(cards.repairs).toHaveProperty(code)
        else expect(cards.noRepair[none as keyof typeof cards.noRepair]).toBeTruthy()
      }
    }
  })

  it('a repair never throws, whatever the bytes', () => {
    for (const finding of Object.keys(FINDINGS).map((code) => findingSample(code as FindingCode))) {
      for (let first = 0; first < 256; first += 7) {
        for (const second of [0, 1, 2, 0x7d, 0x7e, 0x7f, 0x80, 0x82, 0xfe, 0xff]) {
          for (const length of [1, 2, 3, 6, 12, 20]) {
            const bytes = Uint8Array.of(first, second, ...Array.from({ length: 18 }, (_, i) => i * 37)).slice(
              0,
              length,
            )
            const frame = { ...frameOf({ from: 'client', bytes }), announcedLength: 1 << 20 }
            const repair = repairOf(finding, frame)
            if (typeof repair !== 'string') byteChanges(bytes, repair.bytes, 32)
            offendingSpots(finding, readFrame(frame))
          }
        }
      }
    }
  })
})

describe.skipIf(skipWithoutPages())('finding cards', () => {
  let pages: StoryPages
  let page: Page
  let faults: string[]

  beforeAll(async () => {
    pages = await StoryPages.start()
    ;({ page, faults } = await pages.open())
  })
  afterAll(async () => {
    expect(faults).toEqual([])
    await pages?.close()
  })

  it('a finding card shows severity, code, rule, values, section and close code, and opens the frame', async () => {
    const frame = frameOf({ from: 'client', bytes: server({}) })
    await show(page, 'FindingCard', { finding: findingOf('unmasked-client-frame'), frame })
    const text = (await page.locator('.finding-card').textContent())!
    for (const said of [
      'violation',
      'unmasked-client-frame',
      'A client masks every frame',
      'and without a mask',
    ])
      expect(text).toContain(said)
    expect(text).toContain('RFC 6455 §5.1')
    expect(text).toContain('closes with 1002 (protocol error)')
    expect(text).toContain('connection 1 · frame 7 · client · packets 3 to 4')
    expect(await page.locator('.severity-mark path').count()).toBe(2)
    await page.getByRole('button', { name: 'Show the frame' }).focus()
    await page.keyboard.press('Enter')
    expect(await told(page)).toEqual(['open'])
  })

  it('a finding card marks the offending bit in the header, and what the repair changes', async () => {
    const frame = frameOf({ from: 'client', bytes: server({}) })
    await show(page, 'FindingCard', { finding: findingOf('unmasked-client-frame'), frame })
    const bytes = page.locator('.header-byte')
    expect(await bytes.allTextContents()).toEqual(['8110000001', '0500000101'])
    expect(await bytes.nth(1).locator('mark').allTextContents()).toEqual(['0'])
    expect(await page.locator('.finding-card').textContent()).toContain('Marked: MASK.')
    const [before, after] = [page.locator('.repair-bytes').first(), page.locator('.repair-bytes').last()]
    expect((await before.textContent())!.trim()).toBe('81 05 68 65 6c 6c 6f')
    expect((await after.textContent())!.trim()).toBe('81 85 37 fa 21 3d 5f 9f 4d 51 58')
    expect(await after.locator('mark').allTextContents()).toEqual(['85', '5f 9f 4d 51 58'])
    expect(await after.locator('ins').allTextContents()).toEqual(['37 fa 21 3d'])
  })

  it('a finding card shows the bytes of a text that is not UTF-8, from the bad one on', async () => {
    const payload = concat([utf8('x'.repeat(20)), Uint8Array.of(0xc3, 0x28), utf8('behind')])
    const frame = frameOf({ from: 'client', bytes: client({ payload }) })
    await show(page, 'FindingCard', { finding: findingOf('invalid-utf8'), frame })
    expect(await page.locator('p > code > mark').allTextContents()).toEqual(['c2 2a', 'c3 28'])
    expect(await page.locator('.finding-card').textContent()).toContain('Marked from byte 20 of 28 on.')
    expect(await page.locator('.repair-bytes').last().textContent()).toMatch(/^82 /)
  })

  it('a finding card shows the bad byte in the joined message if that came in several frames, and says why no frame is repaired', async () => {
    const data = concat([utf8('before '), Uint8Array.of(0xff), utf8(' behind')])
    const message = { opcodeName: 'text', frames: [5, 7], compressed: true, wirePayload: data, payloadAt: 3 }
    const frame = {
      ...frameOf({ from: 'server', bytes: server({ opcode: 0 }) }),
      message: { ...message, window: undefined, data, incomplete: false },
    }
    await show(page, 'FindingCard', { finding: findingOf('invalid-utf8'), frame })
    expect(await page.locator('p > code > mark').allTextContents()).toEqual(['ff'])
    expect(await page.locator('.no-repair').textContent()).toContain('No single frame can be repaired')
  })

  it('a finding card shows the frame that is missing', async () => {
    await show(page, 'FindingCard', { finding: findingOf('no-close-frame'), frame: undefined })
    expect(await page.locator('.finding-card').textContent()).toContain('the client should have sent')
    expect(await page.locator('ins').textContent()).toMatch(/^88 82 37 fa 21 3d/)
  })

  it('every code has a card, in both languages, with hostile values as text', async () => {
    const hostile = '<img src=x onerror=alert(1)>\u202e\u001b[31m'
    const frame = frameOf({ from: 'client', bytes: client({ opcode: 8, payload: closeBody(1005, 'x') }) })
    for (const language of LANGUAGES) {
      for (const sample of findingSamples(hostile)) {
        const { code } = sample
        await show(page, 'FindingCard', { finding: findingOf(code, sample), frame }, language)
        const card = page.locator('.finding-card')
        expect(await card.locator('h3').textContent()).toBe(code)
        const text = (await card.textContent())!
        expect(text).toContain(CATALOGUES[language].findings.rules[code])
        if (JSON.stringify(sample.values).includes('<img'))
          expect(text).toContain('<img src=x onerror=alert(1)>⟨U+202E⟩⟨U+001B⟩[31m')
        expect(await page.locator('#page img').count()).toBe(0)
      }
    }
  })

  it('a finding card stays small for a frame of 1 MiB', async () => {
    const bytes = server({ opcode: 2, payload: new Uint8Array(1 << 20).fill(5) })
    await show(page, 'FindingCard', {
      finding: findingOf('unmasked-client-frame'),
      frame: frameOf({ from: 'client', bytes }),
    })
    expect(await page.locator('.finding-card').evaluate((card) => card.textContent!.length)).toBeLessThan(
      3000,
    )
    expect(await page.locator('.repair-bytes').last().textContent()).toContain('and 1048544 bytes more')
  })
})
