// axe-core finds nothing in the report and the lesson: both themes, both languages, wide and narrow. Three choices of two in four
// combinations: each pair of choices occurs.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type axe from 'axe-core'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fixturePath } from '../support/drivers/fixtures.ts'
import { type OpenPage, Pages, skipWithoutPages } from '../support/drivers/page.ts'
import { goTo } from './go-to.ts'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
/** Milliseconds: each look at a page is a second or more if the machine is busy. */
const TIMEOUT = 180_000
const CHAPTERS_AND_BENCHES = 11 + 5
const LOOKS = [
  { theme: 'light', language: 'en', width: 1280 },
  { theme: 'dark', language: 'zh', width: 1280 },
  { theme: 'dark', language: 'en', width: 390 },
  { theme: 'light', language: 'zh', width: 390 },
] as const
const REPORT = [
  '',
  '#connection=all',
  '#connection=1&view=sequence',
  '#connection=1&view=handshake',
  '#connection=1&view=findings',
  '#connection=1&frame=1',
  '#connection=1&frame=2&field=MASK&step=4',
]

describe.skipIf(skipWithoutPages())('axe-core finds nothing', () => {
  let pages: Pages
  const files = new Map<string, Promise<string>>()
  beforeAll(async () => {
    pages = await Pages.start()
  })
  afterAll(() => pages.close())

  describe.each(LOOKS)(
    'axe-core in the $theme theme, in $language, at $width columns',
    ({ theme, language, width }) => {
      const open = async (words: readonly string[]): Promise<OpenPage> => {
        const all = [...words, '--lang', language]
        const file = files.get(all.join(' ')) ?? pages.write(all)
        files.set(all.join(' '), file)
        return pages.open(await file, '', {
          colorScheme: theme,
          viewport: { width, height: 900 },
          reducedMotion: 'reduce',
        })
      }

      it.each(['article', 'violations'])(
        'axe-core finds nothing in the report of %s',
        { timeout: TIMEOUT },
        async (name) => {
          const { page, faults } = await open(['report', fixturePath(name)])
          expect([...(await violationsIn(page, REPORT)), ...faults]).toEqual([])
          await page.context().close()
        },
      )

      it('axe-core finds nothing in any chapter or bench of the lesson', { timeout: TIMEOUT }, async () => {
        const { page, faults } = await open(['lesson'])
        expect([...(await violationsIn(page, await hashes(page))), ...faults]).toEqual([])
        await page.context().close()
      })
    },
  )
})

/** Every address that the lesson's links lead to: those of the chapters, and of the benches from the laboratory. */
async function hashes(page: Page): Promise<string[]> {
  const read = () =>
    page.$$eval('a[href^="#"]', (anchors) => anchors.map((anchor) => anchor.getAttribute('href')!))
  const found = new Set(await read())
  await goTo(page, '#laboratory/encode')
  for (const further of await read()) found.add(further)
  expect(found.size).toBe(CHAPTERS_AND_BENCHES)
  return [...found]
}

/** Runs in the page: switches on what can be switched on: annotations, TCP lens, explanations; false if there is nothing of the kind. */
async function pressAll(): Promise<boolean> {
  const left = () =>
    document.querySelector<HTMLButtonElement>('.inspector-tools button[aria-pressed="false"]')
  const isThere = left() !== null
  for (let button = left(); button !== null; button = left()) {
    button.click()
    await new Promise((resolve) => requestAnimationFrame(resolve))
  }
  return isThere
}

/** What axe-core finds at these addresses, as they open and, if that changes something, with all switched on; each place on the page once. */
async function violationsIn(page: Page, hashes: readonly string[]): Promise<string[]> {
  await page.evaluate(AXE)
  const found = new Map<string, string>()
  const look = async (where: string, part = 'html'): Promise<void> => {
    for (const [node, fault] of await page.evaluate(violations, part)) {
      if (!found.has(node)) found.set(node, `${where}: ${fault}`)
    }
  }
  for (const hash of hashes) {
    await goTo(page, hash)
    await look(hash)
    if (await page.evaluate(pressAll)) await look(`${hash}, all switched on`, '.inspector')
  }
  return [...found.values()]
}

/** Runs in the page, on a part of it. What is in order is not gathered: that takes a third of the time. */
async function violations(part: string): Promise<[node: string, fault: string][]> {
  const { axe } = globalThis as unknown as { axe: typeof import('axe-core') }
  const results: axe.AxeResults = await axe.run(part, { resultTypes: ['violations'] })
  return results.violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, target, failureSummary }): [string, string] => [
      `${id} ${target}`,
      `${id} at ${target}: ${html.slice(0, 200)}: ${failureSummary}`,
    ]),
  )
}
