// The lesson in Chromium: its benches, its chapters and their exercises, by hand and by keyboard, with and without a capture.
import type { Locator, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { CHAPTER_NAMES, EXERCISES } from '../../src/page/lesson/exercises/of-chapters.ts'
import { run } from '../support/drivers/command.ts'
import { type OpenPage, Pages, skipWithoutPages } from '../support/drivers/page.ts'
import { goTo } from './go-to.ts'

const CAPTURES = ['fixtures/fragments-and-pings.pcap', 'fixtures/context-takeover.pcap']

const textsOf = async (all: Locator): Promise<string[]> =>
  (await all.allTextContents()).map((text) => text.trim())

describe.skipIf(skipWithoutPages())('the lesson', { timeout: 600_000 }, () => {
  let pages: Pages
  let file: string
  let fromCapture: string
  /** The lesson, opened once: each test goes to its place. */
  let lesson: OpenPage
  let opened: OpenPage

  beforeAll(async () => {
    pages = await Pages.start()
    file = await pages.write(['lesson'])
    fromCapture = await pages.write(['lesson', ...CAPTURES])
    lesson = await pages.open(file)
  })
  afterEach(async () => {
    expect(opened.faults).toEqual([])
    if (opened !== lesson) await opened.page.context().close()
  })
  afterAll(() => pages?.close())

  const open = async (hash: string): Promise<Page> => {
    opened = lesson
    await goTo(lesson.page, hash)
    return lesson.page
  }
  const openAnew = async (hash: string, which = file, options = {}): Promise<Page> => {
    opened = await pages.open(which, hash, options)
    return opened.page
  }

  it('the bench turns any bit, says what changes and which rule breaks, and resets', async () => {
    const page = await open('#laboratory/flip')
    const outcome = page.locator('.flip-outcome')
    await page.getByRole('button', { name: /^bit 1, RSV1/ }).click()
    await expect.poll(() => outcome.textContent()).toContain('rsv-without-extension')
    expect(await outcome.textContent()).toContain('0 → 1')
    expect(await outcome.textContent()).toContain('1002')
    expect(await page.locator('.bit.flipped').count()).toBe(1)
    await page.getByRole('button', { name: /^bit 8, MASK/ }).focus()
    await page.keyboard.press('Enter')
    await expect.poll(() => outcome.textContent()).toContain('unmasked-client-frame')
    await page.getByRole('button', { name: 'Reset' }).click()
    await expect.poll(() => page.locator('.bit.flipped').count()).toBe(0)
    expect(await outcome.textContent()).toContain('Hello')
  })

  it('the bench turns every bit of each frame that it begins with, and says in Chinese which rule breaks', async () => {
    const page = await openAnew('#laboratory/flip')
    const frames = page.getByLabel('Begin with')
    const bits = page.locator('.bit-diagram button')
    for (const frame of await textsOf(frames.locator('option'))) {
      await frames.selectOption({ label: frame })
      const bytes = (await page.locator('#flip .wire').textContent())!.split(' ')
      expect(await bits.count()).toBe(bytes.length * 8)
    }
    await frames.selectOption('compressed')
    await page.getByRole('button', { name: '中文' }).click()
    const finding = page.locator('.flip-outcome .finding').first()
    await bits.nth(8).click()
    await expect
      .poll(() => finding.textContent())
      .toContain('客户端发送了一个负载为 5 字节的文本帧，却没有使用掩码。')
    await bits.nth(8).click()
    await bits.last().click()
    await bits.nth(8 * 6).click()
    await expect.poll(() => finding.textContent()).toContain('压缩消息无法解压：数据在一个块的中间结束。')
  })

  it('the lesson says in Chinese why pasted text holds no bytes', async () => {
    const page = await openAnew('#laboratory/decode')
    await page.getByRole('button', { name: '中文' }).click()
    await page.locator('#decode textarea').fill('c1 8g')
    await expect
      .poll(() => page.locator('#decode .fault').textContent())
      .toBe('这不是字节：第 4 个字符 "g"（位于 "8g" 中）不是十六进制数字，整段文本也不是其他形式的字节。')
  })

  it.each([
    [125, '125 fits into the seven bits', 'Header 6 + payload 125'],
    [126, 'The seven bits say 126', 'Header 8 + payload 126'],
    [65_535, 'The seven bits say 126', 'Header 8 + payload 65535'],
    [65_536, 'The seven bits say 127', 'Header 14 + payload 65536'],
  ])('the length slides to %i', async (length, form, size) => {
    const page = await open('#laboratory/length')
    await page.getByLabel('Payload, in bytes').fill(String(length))
    const said = page.locator('#length .large')
    await expect.poll(() => said.textContent()).toContain(form)
    expect(await said.textContent()).toContain(size)
  })

  it('one byte a step is masked, with a key that can be changed', async () => {
    const page = await open('#laboratory/masking')
    const masked = (): Promise<string[]> =>
      textsOf(page.locator('.masking-table tr').filter({ hasText: 'on the wire' }).locator('td'))
    expect(await masked()).toEqual(['··', '··', '··', '··', '··'])
    await page.getByRole('button', { name: 'Next byte' }).click()
    await expect.poll(masked).toEqual(['7f', '··', '··', '··', '··'])
    await page.getByLabel('Masking key', { exact: true }).fill('00000001')
    await page.getByRole('button', { name: 'All' }).click()
    await expect.poll(masked).toEqual(['48', '65', '6c', '6d', '6f'])
    await page.getByRole('button', { name: 'Back' }).click()
    await expect.poll(masked).toEqual(['48', '65', '6c', '6d', '··'])
  })

  it('polling is worked out from what is typed', async () => {
    const page = await open('#polling')
    const row = (name: string) => textsOf(page.getByRole('row', { name }).locator('td'))
    expect(await row('Requests and responses')).toEqual(['360,000', '100'])
    await page.getByLabel('A poll every').fill('10')
    await page.getByLabel('Clients').fill('1')
    await expect.poll(() => row('Requests and responses')).toEqual(['360', '1'])
    expect(await row('News reaches the other side')).toEqual(['5020 ms', '20 ms'])
  })

  it('the byte that the article lost is found', async () => {
    const page = await open('#article')
    const said = page.locator('#repair .large')
    await page.getByRole('button', { name: 'Try it' }).click()
    await expect.poll(() => said.textContent()).toMatch(/^That is not a message/)
    await page.getByLabel('before payload byte').fill('13')
    await page.getByLabel('byte, as hex').fill('ef')
    await page.getByRole('button', { name: 'Try it' }).click()
    await expect.poll(() => said.textContent()).toBe('The message says: 服务器回应: 111')
    await page.getByRole('button', { name: 'Try every byte' }).click()
    await expect
      .poll(() => textsOf(page.locator('.found li')))
      .toContain('ef before payload byte 13: 服务器回应: 111')
  })

  it.each(Object.entries(EXERCISES))(
    'chapter %s lets the reader predict, take a hint, reveal, check, and try another',
    async (name, ofChapter) => {
      const page = await open(`#${name}`)
      const exercises = page.locator('.exercise')
      expect(await exercises.count()).toBe(Object.keys(ofChapter).length)
      for (const exercise of await exercises.all()) {
        const outcome = exercise.locator('.outcome')
        const press = (button: string) =>
          exercise.getByRole('button', { name: button, exact: true }).press('Enter')
        expect(await exercise.getByRole('button', { name: 'Reveal' }).isDisabled()).toBe(true)
        await press('Check')
        await expect.poll(() => outcome.textContent()).toBe('Give an answer first.')
        await press('Hint')
        expect(await exercise.locator('.hint').textContent()).not.toBe('')
        const options = exercise.getByRole('radio')
        if ((await options.count()) > 0) await options.first().check()
        else await exercise.getByRole('textbox').fill('zz')
        await press('Check')
        await press('Reveal')
        const answer = (await exercise.locator('.revealed strong').textContent())!
        if ((await options.count()) > 0) await exercise.getByLabel(answer, { exact: true }).check()
        else await exercise.getByRole('textbox').fill(answer)
        await press('Check')
        await expect.poll(() => outcome.textContent()).toMatch(/^✓ Right\./)
        await press('Another')
        await expect.poll(() => exercise.locator('.revealed').count()).toBe(0)
      }
    },
  )

  it('links and Back go through the chapters, and a button changes to Chinese', async () => {
    const page = await openAnew('#polling')
    await page.getByRole('link', { name: /^Next chapter/ }).click()
    await expect.poll(() => page.locator('h1').textContent()).toBe('The handshake')
    await page.goBack()
    await expect.poll(() => page.locator('h1').textContent()).toBe('Why not HTTP polling?')
    await page.getByRole('button', { name: '中文' }).click()
    await expect.poll(() => page.locator('h1').textContent()).toMatch(/轮询/)
  })

  it('the lesson takes examples from a capture, and its handshake', async () => {
    const page = await openAnew('#control', fromCapture)
    expect(await page.locator('main > .note').textContent()).toContain(
      'come from fragments-and-pings.pcap, context-takeover.pcap:',
    )
    expect(await page.locator('.example .note').textContent()).toMatch(/connection \d+, frame \d+$/)
    const { stdout } = await run(['connections', ...CAPTURES, '--format', 'ndjson'])
    const { handshake } = JSON.parse(stdout.split('\n')[1]!)
    const key = handshake.request.headers.find(([name]: string[]) => /^sec-websocket-key$/i.test(name!))[1]
    await goTo(page, '#handshake')
    await expect.poll(() => page.locator('main').textContent()).toContain(key)
  })

  it.each([390, 1280])('nothing in the lesson is wider than a screen of %i pixels', async (width) => {
    const page = await openAnew('#polling', file, { viewport: { width, height: 800 } })
    for (const place of [...CHAPTER_NAMES, 'laboratory/encode', 'laboratory/flip', 'laboratory/decode']) {
      await goTo(page, `#${place}`)
      const excess = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
      expect([place, Math.max(0, excess)]).toEqual([place, 0])
    }
  })
})
