// The laboratory's encoder against the ws package, and its decoder against the command line, for random frames, in Chromium.
import fc from 'fast-check'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as ws from 'ws'
import { run } from '../support/drivers/command.ts'
import { Pages, skipWithoutPages } from '../support/drivers/page.ts'
import { wsFrame } from '../support/oracles/ws-oracle.ts'

/** Each takes some ten steps in the page. */
const ENCODED = 25
const DECODED = 60

/** A message as ws hands it on. */
interface Received {
  readonly kind: string
  readonly payload: Buffer
}

/** What ws reads out of bytes. Rejects if it refuses them. */
function receive(bytes: Buffer, isServer: boolean): Promise<Received[]> {
  const { Receiver, PerMessageDeflate } = ws as unknown as {
    Receiver: new (options: object) => NodeJS.WritableStream
    PerMessageDeflate: {
      new (options: object, isServer: boolean): { accept(offers: object[]): void }
      extensionName: string
    }
  }
  const deflate = new PerMessageDeflate({}, isServer)
  deflate.accept([{}])
  const extensions = { [PerMessageDeflate.extensionName]: deflate }
  const receiver = new Receiver({
    isServer,
    extensions,
    binaryType: 'nodebuffer',
    allowSynchronousEvents: true,
  })
  const received: Received[] = []
  return new Promise((resolve, reject) => {
    receiver.on('message', (payload: Buffer, isBinary: boolean) =>
      received.push({ kind: isBinary ? 'binary' : 'text', payload }),
    )
    for (const kind of ['ping', 'pong']) {
      receiver.on(kind, (payload: Buffer) => received.push({ kind, payload }))
    }
    // Behind a close frame nothing more is read, and the stream never finishes.
    receiver.on('conclude', (code: number, reason: Buffer) =>
      resolve([...received, { kind: `close ${code}`, payload: reason }]),
    )
    receiver.on('error', reject)
    receiver.on('finish', () => resolve(received))
    receiver.end(bytes)
  })
}

describe.skipIf(skipWithoutPages())('the laboratory', { timeout: 1_200_000 }, () => {
  let pages: Pages
  let page: Page
  let faults: string[]

  beforeAll(async () => {
    pages = await Pages.start()
    ;({ page, faults } = await pages.open(await pages.write(['lesson']), '#laboratory/encode'))
  })
  afterAll(async () => {
    expect(faults).toEqual([])
    await pages?.close()
  })

  const go = async (bench: string): Promise<void> => {
    await page.evaluate((hash) => {
      location.hash = hash
    }, `#laboratory/${bench}`)
    await page.locator(`#${bench}`).waitFor()
  }

  it('the laboratory encodes what ws decodes', async () => {
    await go('encode')
    const sending = fc.record({
      opcode: fc.constantFrom('text', 'binary', 'ping', 'pong', 'close'),
      text: fc.string({ unit: 'grapheme', maxLength: 60 }).map((text) => text.replaceAll(/[\r\n]/g, ' ')),
      code: fc.constantFrom(1000, 1001, 1011, 3000, 4999),
      masked: fc.boolean(),
      key: fc.stringMatching(/^[0-9a-f]{8}$/),
      fragments: fc.integer({ min: 1, max: 5 }),
      compressed: fc.boolean(),
    })
    await fc.assert(
      fc.asyncProperty(sending, async ({ opcode, text, code, masked, key, fragments, compressed }) => {
        const bytes = Buffer.from(text)
        const isMessage = opcode === 'text' || opcode === 'binary'
        await page.getByRole('combobox', { name: 'Opcode' }).selectOption(opcode)
        const typed = opcode === 'binary' ? bytes.toString('hex') : isMessage ? text : text.slice(0, 20)
        const field = { binary: 'Payload: bytes, as hex or in another form', close: 'Reason' }
        const name = opcode === 'binary' || opcode === 'close' ? field[opcode] : 'Text'
        if (opcode === 'close') await page.getByLabel('Close code').fill(String(code))
        await page.getByLabel(name, { exact: true }).fill(typed)
        await page.getByLabel(/^masked/).setChecked(masked)
        if (masked) await page.getByLabel('Masking key', { exact: true }).fill(key)
        if (isMessage) {
          await page.getByLabel('Frames (fragments)').fill(String(fragments))
          await page.getByLabel(/^compressed/).setChecked(compressed)
        }
        const wire = Buffer.from(
          ((await page.locator('output.wire').textContent()) ?? '').replaceAll(' ', ''),
          'hex',
        )
        const [received] = await receive(wire, masked)
        const payload = isMessage ? bytes : Buffer.from(typed)
        expect(received).toEqual({ kind: opcode === 'close' ? `close ${code}` : opcode, payload })
        if (masked) expect(wire.toString('hex')).toContain(key)
        const fins = await page.locator('.frame-choice button').count()
        const most = compressed ? Infinity : payload.length + 1
        if (isMessage) expect(Math.max(1, fins)).toBeLessThanOrEqual(Math.min(fragments, most))
      }),
      { numRuns: ENCODED, endOnFailure: true },
    )
  })

  it('the laboratory decodes as the command line does, record for record', async () => {
    await go('decode')
    const frame = fc
      .record({
        opcode: fc.oneof(
          { weight: 5, arbitrary: fc.constantFrom(0, 1, 2, 8, 9, 10) },
          { weight: 1, arbitrary: fc.nat(15) },
        ),
        fin: fc.boolean(),
        rsv1: fc.boolean(),
        key: fc.option(fc.uint8Array({ minLength: 4, maxLength: 4 }), { nil: undefined }),
        payload: fc.oneof(
          fc.uint8Array({ maxLength: 140 }),
          fc.string().map((text) => new Uint8Array(Buffer.from(text))),
        ),
      })
      .map(({ opcode, fin, rsv1, key, payload }) => {
        const wire = wsFrame(opcode, fin, key, payload)
        if (rsv1) wire[0]! |= 0x40
        return wire
      })
    const bytes = fc
      .tuple(fc.array(frame, { minLength: 1, maxLength: 4 }), fc.nat(3))
      .map(([frames, cut]) => Buffer.concat(frames).subarray(0, -cut || undefined))
      .filter(({ length }) => length > 2)
    await fc.assert(
      fc.asyncProperty(bytes, async (wire) => {
        await page.getByLabel('Bytes', { exact: true }).fill(wire.toString('hex'))
        const lines = (await page.locator('.records pre').textContent()) ?? ''
        const { stdout } = await run(['walk', wire.toString('hex'), '--format', 'ndjson'])
        expect(framesOf(lines)).toEqual(framesOf(stdout))
      }),
      { numRuns: DECODED, endOnFailure: true },
    )
  })
})

/** Each frame with what follows it before the next one: what is wrong with it, and the message that it completes; walk shows no more. */
function framesOf(lines: string): unknown[] {
  let number = 0
  const found: Record<string, object[]>[] = []
  for (const line of lines.split('\n').filter((each) => each !== '')) {
    const record = JSON.parse(line)
    if (record.type === 'frame') {
      number = record.frame
      found.push({ frame: [record], finding: [], message: [] })
    } else if (number === (record.type === 'message' ? record.frames.at(-1) : record.frame)) {
      found.at(-1)?.[record.type]?.push(record)
    }
  }
  return found
}
