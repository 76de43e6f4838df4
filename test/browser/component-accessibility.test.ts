// The report's pieces by axe-core, in both themes and languages, on a narrow and a wide screen; none of them is wider than the screen.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { AxeResults } from 'axe-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { FINDINGS, type FindingCode } from '../../src/base/findings.ts'
import { LANGUAGES } from '../../src/language/language.ts'
import { encodeFrame } from '../../src/websocket/encode.ts'
import { findingSample } from '../support/builders/finding-samples.ts'
import { utf8 } from '../support/builders/packet-builder.ts'
import { skipWithoutPages } from '../support/drivers/page.ts'
import { StoryPages, show } from '../support/drivers/stories.ts'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** What axe-core leaves in a page. */
interface InPage {
  readonly axe: { run(): Promise<AxeResults> }
}

function finding(code: FindingCode, bytes: Uint8Array): object {
  const packet = { first: 3, last: 4 }
  const record = {
    type: 'finding',
    ...FINDINGS[code],
    ...findingSample(code),
    connection: 1,
    packet,
  }
  const rest = { holes: [], message: undefined, findings: [], segments: [] }
  return { finding: record, frame: { bytes, from: 'client', announcedLength: bytes.length, ...rest } }
}

const payload = utf8('Some text that is said. '.repeat(20))
const wire = { firstPacket: 4, lastPacket: 5, payload, payloadLength: payload.length, rsv1: false }
const head = {
  packet: { first: 1, last: 1 },
  time: null,
  headers: [
    ['Host', 'example.com'],
    ['Sec-WebSocket-Key', 'dGhlIHNhbXBsZSBub25jZQ=='],
    ['Sec-WebSocket-Accept', 's3pPLMBiTxaQ9kYGzzhZRbK+xOo!'],
    ['Sec-WebSocket-Extensions', 'permessage-deflate; server_max_window_bits=10'],
    ['X-Unknown', 'x'.repeat(300)],
  ],
}

const STORIES: readonly (readonly [name: string, props: object])[] = [
  [
    'Handshake',
    {
      connection: {
        connection: 1,
        transport: 'tcp',
        handshake: {
          request: { ...head, startLine: 'GET / HTTP/1.1' },
          response: { ...head, startLine: 'HTTP/1.1 101 Switching Protocols' },
        },
      },
    },
  ],
  ['FindingCard', finding('unmasked-client-frame', encodeFrame({ fin: true, opcode: 1, payload }))],
  [
    'FindingCard',
    finding('control-frame-too-long', encodeFrame({ fin: true, opcode: 9, payload, maskingKey: 77 })),
  ],
  ['FindingCard', finding('incomplete-frame', Uint8Array.of(0x81))],
  ['FindingCard', finding('zero-masking-key', encodeFrame({ fin: true, opcode: 2, payload, maskingKey: 0 }))],
  [
    'MessageAssembly',
    {
      message: {
        opcodeName: 'text',
        frames: [1, 3],
        compressed: true,
        wirePayload: payload,
        payloadAt: 0,
        window: payload,
        data: payload,
        incomplete: true,
      },
      frames: [
        { frame: 1, from: 'client', opcode: 1, fin: false, ...wire },
        { frame: 2, from: 'server', opcode: 9, fin: true, ...wire },
        { frame: 3, from: 'client', opcode: 0, fin: false, ...wire },
      ],
    },
  ],
]

describe.skipIf(skipWithoutPages())('the report’s pieces', () => {
  let pages: StoryPages

  beforeAll(async () => {
    pages = await StoryPages.start()
  })
  afterAll(() => pages?.close())

  it.each([
    ['light', 1280],
    ['dark', 390],
    ['light', 390],
    ['dark', 1280],
  ] as const)('the report’s pieces are accessible: %s, %i pixels wide', async (colorScheme, width) => {
    const { page, faults } = await pages.open({ colorScheme, viewport: { width, height: 900 } })
    await page.evaluate(AXE)
    for (const language of LANGUAGES) {
      for (const [name, props] of STORIES) {
        await show(page, name, props, language)
        // Headings begin where the report has them, below its own.
        const found = await page.evaluate(async () => {
          const { violations } = await (globalThis as unknown as InPage).axe.run()
          return violations
            .filter(({ id }) => id !== 'heading-order' && id !== 'page-has-heading-one')
            .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 200)).join(' | ')}`)
        })
        expect(found, `${name} in ${language}`).toEqual([])
        const wider = await page.locator('main').evaluate((main) => main.scrollWidth - main.clientWidth)
        expect(wider, `${name} in ${language}`).toBeLessThanOrEqual(0)
      }
    }
    expect(faults).toEqual([])
  })
})
