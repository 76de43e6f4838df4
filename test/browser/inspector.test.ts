// The frame inspector in Chromium: the panes are linked, the keyboard does what the pointer does, and large frames do not freeze the page.
import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type OpenPage, Pages, skipWithoutPages } from '../support/drivers/page.ts'
import { StoryPages, show } from '../support/drivers/stories.ts'

const textsOf = async (all: Locator): Promise<string[]> =>
  (await all.allTextContents()).map((text) => text.trim())

describe.skipIf(skipWithoutPages())('the inspector on the article’s frame', () => {
  let pages: Pages
  let file: string
  let opened: OpenPage
  let page: Page

  beforeAll(async () => {
    pages = await Pages.start()
    file = await pages.write(['lesson'])
  })
  beforeEach(async () => {
    await opened?.page.close()
    opened = await pages.open(file, '#laboratory/decode')
    page = opened.page
  })
  afterAll(async () => {
    expect(opened.faults).toEqual([])
    await pages?.close()
  })

  it('characters of compressed bytes are marked as not the text, in every view', async () => {
    const row = page.locator('.masking-table tr').last()
    expect(await row.locator('th').textContent()).toContain('compressed: not text yet')
    expect(await row.locator('td.not-text').count()).toBe(5)
    await page.getByRole('button', { name: 'Show unmasked' }).click()
    expect(await page.locator('.hex-dump .note').textContent()).toContain('its characters are not text yet')
    expect(await page.locator('.dump-characters .not-text').allTextContents()).toEqual([
      '2',
      '4',
      '4',
      '·',
      '·',
    ])
    await page.getByRole('button', { name: 'Step through' }).click()
    await page
      .locator('.step-stage')
      .getByRole('button', { name: /Forwards/ })
      .focus()
    for (let step = 0; step < 9; step++) await page.keyboard.press('ArrowRight')
    expect(await page.locator('.step-text').textContent()).toContain('(compressed: not text yet)')
    // Without RSV1 the same bytes are text.
    await page.locator('#decode textarea').fill('81 85 43 02 0a cf 71 36 3e cb 43')
    await expect.poll(() => row.locator('th').textContent()).toBe('character')
    expect(await page.locator('.not-text').count()).toBe(0)
  })

  const byte = (at: number): Locator => page.locator(`.byte[data-at="${at}"]`)

  it('the same bytes light up in every pane, whichever is pointed at', async () => {
    const litBits = (): Promise<string[]> => textsOf(page.locator('.piece-bits .bit.lit'))
    await byte(8).hover()
    expect((await litBits()).join('')).toBe('00111110')
    expect(await textsOf(page.locator('.field-table .lit .field-name'))).toEqual(['Payload data'])
    expect(await textsOf(page.locator('.masking-table .lit'))).toEqual(['2', '3e', '34', '4'])
    expect(await page.locator('.inflate-step .lit').count()).toBe(1)
    expect(await page.locator('.message-text .lit').count()).toBe(1)

    await page.locator('.field-name', { hasText: 'Masking key' }).hover()
    expect(await textsOf(page.locator('.byte.lit'))).toEqual(['43', '02', '0a', 'cf'])
    expect(await page.locator('.masking-table .field-6 td.lit').count()).toBe(5)

    await page.locator('.masking-table tbody tr').nth(1).locator('td').nth(4).hover()
    expect(await textsOf(page.locator('.byte.lit'))).toEqual(['43'])
    expect((await litBits()).join('')).toBe('01000011')

    await page.locator('.piece', { hasText: 'RSV1' }).hover()
    expect(await textsOf(page.locator('.field-table .lit .field-name'))).toEqual(['RSV1'])
    expect(await textsOf(page.locator('.byte.lit'))).toEqual(['c1'])

    await page.locator('.message-text [data-start]').hover()
    expect(await textsOf(page.locator('.byte.lit'))).toEqual(['71', '36', '3e', 'cb', '43'])
  })

  it('the arrow keys move through the bytes, and what has the focus lights up', async () => {
    await byte(0).focus()
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('ArrowRight')
    await page.mouse.move(0, 0)
    await expect.poll(() => textsOf(page.locator('.byte.lit'))).toEqual(['43'])
    expect(await page.evaluate(() => document.activeElement?.getAttribute('data-at'))).toBe('2')
    expect(await textsOf(page.locator('.field-table .lit .field-name'))).toEqual(['Masking key'])
  })

  it('masked and unmasked bytes change places', async () => {
    const shown = (): Promise<string[]> => textsOf(page.locator('.byte[data-at]'))
    const before = await shown()
    await page.getByRole('button', { name: 'Show unmasked' }).click()
    expect(await shown()).toEqual([...before.slice(0, 6), '32', '34', '34', '04', '00'])
    await page.getByRole('button', { name: 'Show unmasked' }).click()
    expect(await shown()).toEqual(before)
  })

  it('each field explains itself, one at a time, all at once, and in print', async () => {
    const explained = page.locator('.field-table .explanation:visible')
    expect(await explained.count()).toBe(0)
    await page.locator('.field-name', { hasText: 'RSV1' }).click()
    expect(await textsOf(explained)).toEqual([expect.stringMatching(/compressed.*RFC 7692 §6$/)])
    await page.locator('.field-name', { hasText: 'RSV1' }).click()
    expect(await explained.count()).toBe(0)

    await page.getByRole('button', { name: 'Annotate all' }).click()
    expect(await explained.count()).toBe(9)
    for (const text of await textsOf(explained)) expect(text).toMatch(/RFC \d{4} §/)
    expect(await page.locator('p.explanation:visible').count()).toBeGreaterThanOrEqual(5)
    await page.getByRole('button', { name: 'Annotate all' }).click()

    await page.emulateMedia({ media: 'print' })
    expect(await explained.count()).toBe(9)
    expect(await page.locator('.inspector-tools:visible').count()).toBe(0)
  })

  it('the arrow keys step through the decoding, forwards and back', async () => {
    await page.getByRole('button', { name: 'Step through' }).click()
    const heading = page.locator('.step-text h3')
    const bits = page.locator('.step-bits')
    expect(await heading.textContent()).toMatch(/^FIN 1/)
    expect(await bits.locator('.cursor').allTextContents()).toEqual(['1'])
    const headings: string[] = []
    for (let step = 1; step <= 16; step++) {
      await page.getByText(`step ${step} of 16`).waitFor()
      headings.push((await heading.textContent())!.trim())
      await page.keyboard.press('ArrowRight')
    }
    expect(await page.getByRole('button', { name: 'Forwards' }).isDisabled()).toBe(true)
    expect(headings).toEqual([
      'FIN 1',
      'RSV1 1',
      'RSV2 0',
      'RSV3 0',
      'Opcode 0x1 (text)',
      'MASK 1',
      'Payload length 5',
      'Masking key 43020acf',
      'Unmask payload byte 0 71 ⊕ 43 = 32',
      'Unmask payload byte 1 36 ⊕ 02 = 34',
      'Unmask payload byte 2 3e ⊕ 0a = 34',
      'Unmask payload byte 3 cb ⊕ cf = 04',
      'Unmask payload byte 4 43 ⊕ 43 = 00',
      expect.stringMatching(/00 00 ff ff$/),
      'inflated 31 31 31',
      'What it says',
    ])
    expect(await page.locator('.step-text').textContent()).toContain('111')
    await page.keyboard.press('Home')
    await page.getByText('step 1 of 16').waitFor()
    for (let step = 2; step <= 8; step++) {
      await page.keyboard.press('ArrowDown')
      await page.getByText(`step ${step} of 16`).waitFor()
    }
    expect(await heading.textContent()).toMatch(/^Masking key/)
    expect(await textsOf(page.locator('.step-byte.cursor .step-hex'))).toEqual(['43', '02', '0a', 'cf'])
    expect(await textsOf(page.locator('.step-byte.decoded .step-hex'))).toEqual(['c1', '85'])
    expect(await textsOf(page.locator('.byte.undecoded'))).toEqual(['71', '36', '3e', 'cb', '43'])
    await page.keyboard.press('ArrowLeft')
    await page.getByText('step 7 of 16').waitFor()
    expect(await heading.textContent()).toMatch(/^Payload length/)
    await page.keyboard.press('Escape')
    await page.locator('.step-stage').waitFor({ state: 'detached' })
  })

  it('a narrow screen has 16 bits a row, and nothing is wider than it', async () => {
    await page.setViewportSize({ width: 390, height: 800 })
    await page.locator('.bit-diagram.columns-16').waitFor()
    expect(await page.locator('.dump-row').first().locator('.byte').count()).toBe(8)
    const excess = () => page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
    expect(await excess()).toBeLessThanOrEqual(0)
  })
})

describe.skipIf(skipWithoutPages())('the inspector on other frames', () => {
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

  it('bytes are coloured by TCP segment, and the inspector says that a frame is not a segment', async () => {
    const segments = [
      { packet: 7, start: 0, end: 4 },
      { packet: 9, start: 4, end: 12 },
    ]
    await show(page, 'InspectorStory', { payloadLength: 10, segments })
    await page.getByRole('button', { name: 'TCP lens' }).click()
    expect(await textsOf(page.locator('.byte.segment-0'))).toEqual(['82', '0a', '00', '01'])
    expect(await page.locator('.byte.segment-1').count()).toBe(8)
    expect(await page.locator('.byte.segment-start').count()).toBe(2)
    expect(await page.locator('.tcp-lens').textContent()).toContain('a frame is not a segment')
    await page.locator('.tcp-lens li').nth(1).hover()
    expect(await page.locator('.byte.lit').count()).toBe(8)
  })

  it('bytes that the capture does not hold are marked, and the inspector says how many are missing at the end', async () => {
    await show(page, 'InspectorStory', { payloadLength: 10, holes: [[3, 5]], cut: 2 })
    expect(await textsOf(page.locator('.byte.missing'))).toEqual(['··', '··'])
    expect(await page.locator('.hex-dump .note').textContent()).toMatch(/^2 bytes/)
  })

  it.each([65_536, 16 * 1024 * 1024])(
    'the inspector shows %i bytes of payload through a window of 512 bytes',
    async (length) => {
      await show(page, 'InspectorStory', { payloadLength: length })
      await page.locator('.byte[data-at="0"]').waitFor()
      expect(await page.locator('.byte[data-at]').count()).toBe(512)
      const dump = page.locator('.hex-dump')
      await dump.getByRole('button', { name: 'last', exact: true }).click()
      expect(await page.locator(`.byte[data-at="${length + 9}"]`).textContent()).toBe('ff')
      await dump.getByRole('button', { name: 'earlier' }).click()
      expect(await page.locator(`.byte[data-at="${length + 9}"]`).count()).toBe(0)
      await dump.getByLabel('go to byte').fill('1034')
      await dump.getByLabel('go to byte').blur()
      expect(await page.locator('.byte[data-at="1034"]').textContent()).toBe('00')
      const message = page.getByRole('navigation', { name: 'What it says' })
      await message.getByRole('button', { name: 'later' }).click()
      expect(await message.textContent()).toContain(`bytes 2048 to 4095 of ${length}`)
    },
  )
})
