// framewalk/websocket in Chromium: the built modules, as they are, loaded by a page; the same frames as in Node.
import { existsSync, readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join, normalize, resolve } from 'node:path'
import fc from 'fast-check'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { toHex } from '../../src/base/bytes.ts'
import type * as Codec from '../../src/codec.ts'
import { decodeFrames, explainFrame } from '../../src/codec.ts'
import { skipWithoutPages } from '../support/drivers/page.ts'
import { CHROMIUM } from '../support/drivers/requirements.ts'
import { wsFrame } from '../support/oracles/ws-oracle.ts'

const DIST = resolve(import.meta.dirname, '../../dist')

const PAGE = `<!doctype html><title>codec</title>
<script type="module">import * as codec from '/codec.js'; globalThis.codec = codec</script>`

/** What the page's script puts on the page's global object. */
interface InPage {
  readonly codec: typeof Codec
}

describe.skipIf(skipWithoutPages())('the codec in Chromium', () => {
  let server: Server
  let browser: Browser
  let page: Page
  const faults: string[] = []

  beforeAll(async () => {
    server = createServer((request, response) => {
      const path = join(DIST, normalize(new URL(request.url ?? '/', 'http://page').pathname))
      const isModule = path.endsWith('.js') && existsSync(path)
      response.setHeader('Content-Type', isModule ? 'text/javascript' : 'text/html')
      response.end(isModule ? readFileSync(path) : PAGE)
    })
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
    browser = await chromium.launch({ executablePath: CHROMIUM!, args: ['--no-sandbox'] })
    page = await browser.newPage()
    page.on('pageerror', (error) => faults.push(String(error)))
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
  })
  afterAll(async () => {
    await browser?.close()
    server?.close()
  })

  it('the codec in Chromium decodes what ws sends, and encodes it again, as in Node', async () => {
    const frame = fc.record({
      opcode: fc.constantFrom(0, 1, 2, 8, 9, 10),
      fin: fc.boolean(),
      payload: fc.oneof(fc.uint8Array({ maxLength: 130 }), fc.constant(new Uint8Array(66_000).fill(7))),
      key: fc.option(fc.uint8Array({ minLength: 4, maxLength: 4 }), { nil: undefined }),
    })
    const sent = fc.sample(frame, { numRuns: 60, seed: 11 })
    const wires = sent.map(({ opcode, fin, payload, key }) => toHex(wsFrame(opcode, fin, key, payload)))
    const decoded = await page.evaluate((all) => {
      const { decodeFrames, encodeFrame } = (globalThis as unknown as InPage).codec
      const hex = (bytes: Uint8Array): string =>
        Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
      return all.map((wire) => {
        const bytes = Uint8Array.from(wire.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))
        const { frames, remainder } = decodeFrames(bytes)
        const [{ payload, ...header }] = frames as [Codec.Frame]
        return { header, payload: hex(payload), again: hex(encodeFrame(frames[0]!)), left: remainder.length }
      })
    }, wires)
    for (const [i, wire] of wires.entries()) {
      const [{ payload, ...header }] = decodeFrames(Buffer.from(wire, 'hex')).frames as [Codec.Frame]
      expect(decoded[i]).toEqual({ header, payload: toHex(payload), again: wire, left: 0 })
      expect(toHex(payload)).toBe(toHex(sent[i]!.payload))
    }
    expect(faults).toEqual([])
  })

  it('the codec in Chromium explains a frame as in Node', async () => {
    const bytes = [0xc1, 0x85, 0x43, 0x02, 0x0a, 0xcf, 0x71, 0x36, 0x3e, 0xcb, 0x43]
    const fields = await page.evaluate((wire) => {
      const { decodeFrames, explainFrame } = (globalThis as unknown as InPage).codec
      return explainFrame(decodeFrames(Uint8Array.from(wire)).frames[0]!)
    }, bytes)
    expect(fields).toEqual(explainFrame(decodeFrames(Uint8Array.from(bytes)).frames[0]!))
    expect(fields.length).toBe(9)
  })
})
