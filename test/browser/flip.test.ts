// The bench that turns bits, bit by bit: it says that no rule breaks if and only if `ws` takes the bytes for one whole frame that it accepts.
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hex as bytesOf } from '../support/builders/packet-builder.ts'
import { type OpenPage, Pages, skipWithoutPages } from '../support/drivers/page.ts'
import { wsReceiver } from '../support/oracles/ws-oracle.ts'

const NONE = 'None: the frame obeys RFC 6455.'
/** Those that `ws` reads without an extension. */
const FRAMES = { text: 'client', fromServer: 'server', ping: 'client', close: 'server' } as const

describe.skipIf(skipWithoutPages())('the bench that turns bits', { timeout: 300_000 }, () => {
  let pages: Pages
  let opened: OpenPage
  let page: Page

  beforeAll(async () => {
    pages = await Pages.start()
    opened = await pages.open(await pages.write(['lesson']), '#laboratory/flip')
    page = opened.page
  })
  afterAll(async () => {
    expect(opened.faults).toEqual([])
    await pages?.close()
  })

  const begin = (name: string) => page.getByLabel('Begin with').selectOption(name)
  const rules = () => page.locator('.flip-outcome section').nth(1)

  it.each(Object.entries(FRAMES))(
    'no rule breaks in the frame %s of a %s exactly if ws accepts it as one whole frame, whichever bit is turned',
    async (name, from) => {
      await begin(name)
      const turned = await page.evaluate(turnEach)
      expect(turned.length).toBeGreaterThan(30)
      const said = turned.map(({ bit, says }) => [bit, says.includes(NONE)])
      const wanted = await Promise.all(
        turned.map(async ({ bit, hex }) => [bit, await isOneFrame(bytesOf(hex), from)]),
      )
      expect(said).toEqual(wanted)
      expect(said.filter(([, none]) => none).length).toBeGreaterThan(0)
    },
  )

  it('a shorter length says what the receiver takes the bytes after it for', async () => {
    await begin('text')
    await page.getByRole('button', { name: /^bit 13, Payload length/ }).click()
    const text = await rules().textContent()
    expect(text).toContain('This frame by itself breaks none.')
    // What is left of 81 85 37 fa 21 3d 7f 9f 4d 51 58 after one payload byte, read as RFC 6455 §5.2 draws it.
    expect(text).toContain(
      '9f 4d 51 58 FIN and RSV1 to RSV3 are 1001, the opcode is 15 (reserved-15), MASK is 0',
    )
    expect(text).toContain('reserved-opcode')
    expect(text).toContain('The receiver waits for 75 more bytes')
    await page.getByRole('button', { name: 'Reset' }).click()
    await expect.poll(() => rules().textContent()).toContain(NONE)
  })

  it('a longer length says how long the receiver waits, and MASK turned off what it makes of the key', async () => {
    await page.getByRole('button', { name: /^bit 12, Payload length/ }).click()
    await expect.poll(() => rules().textContent()).toContain('The receiver waits for 8 more bytes')
    expect(await rules().textContent()).not.toContain('apture')
    await page.getByRole('button', { name: 'Reset' }).click()
    await page.getByRole('button', { name: /^bit 8, MASK/ }).click()
    await expect.poll(() => rules().textContent()).toContain('unmasked-client-frame')
    expect(await rules().textContent()).toContain('9f 4d 51 58 FIN and RSV1 to RSV3 are 1001')
  })
})

/** Runs in the page: turns each bit and turns it back, and answers with the bytes and with what the bench says of rules. */
async function turnEach(): Promise<{ bit: number; hex: string; says: string }[]> {
  const drawn = async (): Promise<void> => {
    for (let frame = 0; frame < 2; frame++) await new Promise((resolve) => requestAnimationFrame(resolve))
  }
  const button = (bit: number) =>
    document.querySelector<HTMLElement>(`#flip .bit-diagram button[data-start="${bit}"]`)
  const turned: { bit: number; hex: string; says: string }[] = []
  for (let bit = 0; button(bit) !== null; bit++) {
    button(bit)!.click()
    await drawn()
    const says = document.querySelectorAll('.flip-outcome > section')[1]!.textContent!
    turned.push({ bit, hex: document.querySelector('#flip .wire')!.textContent!, says })
    ;(document.querySelector('#flip .bench-form button') as HTMLElement).click()
    await drawn()
  }
  return turned
}

/** Whether `ws` finds nothing wrong, and waits for nothing more, after these bytes. */
async function isOneFrame(bytes: Uint8Array, from: 'client' | 'server'): Promise<boolean> {
  const receiver = wsReceiver(from === 'client', () => {}, { allowSynchronousEvents: true })
  receiver.on('error', () => {})
  const isWrong = await new Promise<boolean>((resolve) => {
    receiver.write(Buffer.from(bytes), (error) => resolve(error != null))
  })
  // What it still holds, and whether it is between frames.
  const { _bufferedBytes, _state } = receiver as unknown as { _bufferedBytes: number; _state: number }
  return !isWrong && _bufferedBytes === 0 && _state === 0
}
