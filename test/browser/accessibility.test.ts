// axe-core finds nothing in the report and the lesson: both themes, both languages, wide and narrow. Three choices of two in four
// combinations: each pair of choices occurs.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type axe from 'axe-core'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fixturePath } from '../support/fixtures.ts'
import { type OpenPage, Pages, skipWithoutPages } from '../support/page.ts'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
/** Milliseconds: each look at a page is a second or more where the machine is busy. */
const TIMEOUT = 180_000
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
  beforeAll(async () => {
    pages = await Pages.start()
  })
  afterAll(() => pages.close())

  describe.each(LOOKS)(
    'in the $theme theme, in $language, at $width columns',
    ({ theme, language, width }) => {
      const open = async (words: readonly string[]): Promise<OpenPage> =>
        pages.open(await pages.write([...words, '--lang', language]), '', {
          colorScheme: theme,
          viewport: { width, height: 900 },
          reducedMotion: 'reduce',
        })

      it.each(['article', 'violations'])('in the report of %s', { timeout: TIMEOUT }, async (name) => {
        const { page, faults } = await open(['report', fixturePath(name)])
        expect([...(await violationsIn(page, REPORT)), ...faults]).toEqual([])
      })

      it('in each chapter and bench of the lesson', { timeout: TIMEOUT }, async () => {
        const { page, faults } = await open(['lesson'])
        expect([...(await violationsIn(page, await hashes(page))), ...faults]).toEqual([])
      })
    },
  )
})

async function go(page: Page, hash: string): Promise<void> {
  await page.evaluate((to) => {
    location.hash = to
  }, hash)
  await page.waitForTimeout(100)
}

/** Every address that the lesson's links lead to. */
async function hashes(page: Page): Promise<string[]> {
  const read = () =>
    page.$$eval('a[href^="#"]', (anchors) => anchors.map((anchor) => anchor.getAttribute('href')!))
  const found = new Set(await read())
  for (const hash of [...found]) {
    await go(page, hash)
    for (const further of await read()) found.add(further)
  }
  expect(found.size).toBeGreaterThan(10)
  return [...found]
}

/** Switches on what can be switched on: annotations, TCP lens, explanations; false where there is nothing of the kind. */
async function pressAll(page: Page): Promise<boolean> {
  const buttons = page.locator('.inspector-tools button[aria-pressed="false"]')
  const count = await buttons.count()
  for (let left = count; left > 0; left = await buttons.count()) await buttons.first().click()
  return count > 0
}

/** What axe-core finds at these addresses, as they open and with all switched on; each place on the page once. */
async function violationsIn(page: Page, hashes: readonly string[]): Promise<string[]> {
  await page.evaluate(AXE)
  const found = new Map<string, string>()
  const look = async (where: string): Promise<void> => {
    for (const [node, fault] of await page.evaluate(violations)) {
      if (!found.has(node)) found.set(node, `${where}: ${fault}`)
    }
  }
  for (const hash of hashes) {
    await go(page, hash)
    await look(hash)
    if (await pressAll(page)) await look(`${hash}, all switched on`)
  }
  return [...found.values()]
}

/** Runs in the page. */
async function violations(): Promise<[node: string, fault: string][]> {
  const { axe } = globalThis as unknown as { axe: typeof import('axe-core') }
  const results: axe.AxeResults = await axe.run()
  return results.violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, target, failureSummary }): [string, string] => [
      `${id} ${target}`,
      `${id} at ${target}: ${html.slice(0, 200)}: ${failureSummary}`,
    ]),
  )
}
