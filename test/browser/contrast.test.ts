// Every text of the report and the lesson can be read, in both themes, whatever state its control is in: 4.5:1, or 3:1 if it is large (WCAG 2.1
// §1.4.3). axe-core looks at pages as they rest; here every control is pointed at, focused, pressed, pinned, chosen, lit, wrong and right.
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fixturePath } from '../support/drivers/fixtures.ts'
import { type OpenPage, Pages, skipWithoutPages } from '../support/drivers/page.ts'
import { EVERY_STATE, faintTexts } from './faint-texts.ts'
import { goTo } from './go-to.ts'

const THEMES = ['light', 'dark'] as const
/** Milliseconds: each look at a page is a second if the machine is busy. */
const TIMEOUT = 240_000

describe.skipIf(skipWithoutPages())('contrast', () => {
  let pages: Pages
  const files: Record<string, string> = {}
  let opened: OpenPage | undefined
  /** What was too faint, by what it is. */
  let faint: string[] = []

  beforeAll(async () => {
    pages = await Pages.start()
    for (const name of ['article', 'violations', 'fragments-and-pings'])
      files[name] = await pages.write(['report', fixturePath(name)])
    files['lesson'] = await pages.write(['lesson', fixturePath('article')])
  })
  afterAll(() => pages?.close())

  async function open(name: string, colorScheme: (typeof THEMES)[number]): Promise<Page> {
    opened = await pages.open(files[name]!, '', { colorScheme, reducedMotion: 'reduce' })
    faint = []
    return opened.page
  }
  async function look(page: Page, where: string, states = EVERY_STATE): Promise<void> {
    for (const text of await faintTexts(page, states)) faint.push(`${where}: ${text}`)
  }
  async function close(): Promise<void> {
    const { page, faults } = opened!
    await page.context().close()
    expect([...new Set(faint), ...faults]).toEqual([])
  }

  describe.each(THEMES)('in the %s theme', (theme) => {
    it.each(['article', 'violations', 'fragments-and-pings'])(
      'every text of the report of %s can be read in every state of its control',
      { timeout: TIMEOUT },
      async (name) => {
        const page = await open(name, theme)
        for (const hash of ['', '#connection=all', '#connection=1', '#connection=999']) {
          await goTo(page, hash)
          await look(page, hash)
        }
        for (const view of ['sequence', 'handshake', 'findings']) {
          await goTo(page, `#connection=1&view=${view}`)
          await look(page, view)
        }
        await goTo(page, '#connection=1&frame=1')
        await page.getByRole('searchbox').fill('(')
        await page.getByLabel('regular expression').check()
        await page.getByLabel('with findings only').check()
        await look(page, 'a filter that is wrong')
        await page.getByRole('button', { name: /^Keys/ }).click()
        await look(page, 'the help')
        await close()
      },
    )

    it.each([
      ['article', 1],
      ['fragments-and-pings', 3],
    ] as const)(
      'a pinned field can be read in the report of %s, and so can all that is lit or decoded with it',
      { timeout: TIMEOUT },
      async (name, frame) => {
        const page = await open(name, theme)
        await goTo(page, `#connection=1&frame=${frame}`)
        await lookAtFields(page, look)
        await goTo(page, `#connection=1&frame=1&step=3`)
        await look(page, 'a step in the header')
        await page.keyboard.press('End')
        await look(page, 'the last step')
        await close()
      },
    )

    it('every text of the lesson can be read in every state of its control', {
      timeout: TIMEOUT,
    }, async () => {
      const page = await open('lesson', theme)
      for (const hash of await chapters(page)) {
        await goTo(page, hash)
        await look(page, hash)
        await tryExercises(page)
        await look(page, `${hash}, exercises tried`)
      }
      await goTo(page, '#first-frame')
      await lookAtFields(page, look)
      await close()
    })

    it('every text of the laboratory can be read in every state of its control', {
      timeout: TIMEOUT,
    }, async () => {
      const page = await open('lesson', theme)
      for (const bench of ['encode', 'decode', 'flip', 'length', 'masking']) {
        await goTo(page, `#laboratory/${bench}`)
        await look(page, bench)
      }
      for (const button of await page.locator('.step-controls button').all())
        if (await button.isEnabled()) await button.click()
      await look(page, 'masking, all bytes')
      await page.getByLabel('Masking key', { exact: true }).fill('zz')
      await look(page, 'masking, no key')
      await goTo(page, '#laboratory/flip')
      for (const bit of [0, 1, 4, 8, 13]) await page.locator('.bit-diagram button').nth(bit).click()
      await look(page, 'flip, bits turned')
      await goTo(page, '#laboratory/decode')
      await page.locator('#decode textarea').fill('c1 8g')
      await look(page, 'decode, no hex')
      await page.locator('#decode textarea').fill('01 02 48 65 80 03 6c 6c 6f 89 00')
      await page.locator('details.records summary').click()
      await look(page, 'decode, records')
      await close()
    })
  })
})

/** Every tool pressed, then every field pinned in turn, and every field pointed at while another is pinned. */
async function lookAtFields(
  page: Page,
  look: (page: Page, where: string, states?: typeof EVERY_STATE) => Promise<void>,
): Promise<void> {
  for (const tool of await page.locator('.inspector-tools button').all()) {
    await tool.click()
    await look(page, `the tool ${await tool.textContent()}`)
    if (/step/i.test((await tool.textContent())!)) await tool.click()
  }
  for (const piece of await page.locator('.piece:not([tabindex="-1"])').all()) {
    const name = await piece.getAttribute('aria-label')
    await piece.click()
    await page.mouse.move(0, 0)
    expect(await piece.getAttribute('aria-pressed')).toBe('true')
    await look(page, `${name}, pinned`, [[], ['hover', 'focus', 'focus-visible']])
  }
  for (const part of ['.field-table tbody', '.masking-table td', '.message-text span', '.byte']) {
    const some = page.locator(part).first()
    if ((await some.count()) === 0) continue
    await some.hover()
    await look(page, `${part}, pointed at`)
  }
}

async function chapters(page: Page): Promise<string[]> {
  return page.$$eval('nav ol a[href^="#"]', (anchors) =>
    anchors.map((anchor) => anchor.getAttribute('href')!),
  )
}

/** Asks every exercise of a chapter for its hint, answers wrongly or not at all, and has the answer shown. */
async function tryExercises(page: Page): Promise<void> {
  for (const [i, exercise] of (await page.locator('.exercise').all()).entries()) {
    await exercise.getByRole('button', { name: 'Hint' }).click()
    const options = exercise.getByRole('radio')
    if (i === 1) {
      // Stays without an answer.
    } else if ((await options.count()) > 0) await options.first().check()
    else await exercise.getByRole('textbox').fill('zz')
    await exercise.getByRole('button', { name: 'Check' }).click()
    const reveal = exercise.getByRole('button', { name: 'Reveal' })
    if (!(await reveal.isEnabled())) continue
    await reveal.click()
    if (i % 2 > 0 || (await options.count()) > 0) continue
    await exercise.getByRole('textbox').fill((await exercise.locator('.revealed strong').textContent())!)
    await exercise.getByRole('button', { name: 'Check' }).click()
  }
}
