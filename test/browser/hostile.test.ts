// A capture full of markup, script, escape sequences, bidirectional overrides and lone surrogates, as a report in a real Chromium: all of it
// shows as text, and nothing of it runs.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  FILE_NAME,
  HOSTILE_FRAMES,
  hostilePageCapture,
  MARK,
  TAG,
  TEXTS,
} from '../support/builders/hostile-page-capture.ts'
import { fixturePath } from '../support/drivers/fixtures.ts'
import { type OpenPage, Pages, skipWithoutPages } from '../support/drivers/page.ts'

/** Raw, these would not be seen, or would turn the text around them. */
const UNSEEN = /(?![\n\t]|\ufe0f)[\p{Cc}\p{Bidi_Control}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u
const VIEWS = ['', '&view=sequence', '&view=handshake', '&view=findings']

describe.skipIf(skipWithoutPages())('a hostile capture', () => {
  let pages: Pages
  let folder: string
  let file: string
  let opened: OpenPage
  /** Scripts of a page without anything hostile in it. */
  let ownScripts: number
  const dialogs: string[] = []

  beforeAll(async () => {
    pages = await Pages.start()
    folder = mkdtempSync(join(tmpdir(), 'framewalk-hostile-page-'))
    const capture = join(folder, FILE_NAME)
    writeFileSync(capture, hostilePageCapture())
    file = await pages.write(['report', capture])
    opened = await pages.open(file)
    const harmless = await pages.open(await pages.write(['report', fixturePath('article')]))
    ownScripts = (await harmless.page.evaluate(stateOf, MARK)).scripts
    await harmless.page.context().close()
    opened.page.on('dialog', (dialog) => {
      dialogs.push(dialog.message())
      void dialog.dismiss()
    })
  })
  afterAll(async () => {
    await pages.close()
    rmSync(folder, { recursive: true })
  })

  it('hostile text is not markup in the file', () => {
    expect(readFileSync(file, 'utf8')).not.toContain(TAG)
  })

  it.each(VIEWS)('hostile text shows as text in the view %s', async (view) => {
    await go(opened.page, `#connection=1${view}`)
    await expectText(opened)
  })

  it.each(Array.from({ length: HOSTILE_FRAMES }, (_, i) => i + 1))(
    'hostile text shows as text in frame %i',
    async (frame) => {
      for (const step of ['', '&step=3', '&step=9999']) {
        await go(opened.page, `#connection=1&frame=${frame}${step}`)
        await expectText(opened)
      }
      const seen = TEXTS[frame - 1]?.[1]
      if (seen !== undefined) expect(await opened.page.textContent('body')).toContain(seen)
    },
  )

  it('hostile text shows as text in the lesson that takes its examples from it', async () => {
    const lesson = await pages.open(await pages.write(['lesson', join(folder, FILE_NAME)]))
    for (const { href } of await links(lesson.page)) {
      await go(lesson.page, href)
      await expectText(lesson)
    }
  })

  it('hostile text is not believed in the address either', async () => {
    for (const hash of [
      `#connection=${encodeURIComponent(TAG)}&view=${encodeURIComponent(TAG)}&frame=1&field=${encodeURIComponent(TAG)}`,
      '#connection=999999999&frame=999999999&step=999999999&field=__proto__',
      `#${TAG}`,
      '#%ff%00',
    ]) {
      await go(opened.page, hash)
      await expectText(opened)
    }
  })

  async function expectText({ page, faults }: OpenPage): Promise<void> {
    const state = await page.evaluate(stateOf, MARK)
    expect(state.unseen.filter((text) => UNSEEN.test(text))).toEqual([])
    expect({ ...state, unseen: [] }).toEqual({
      mark: undefined,
      scripts: ownScripts,
      foreign: [],
      unseen: [],
      isEmpty: false,
    })
    expect(dialogs).toEqual([])
    expect(faults).toEqual([])
  }
})

/** Goes to a hash, and waits until the page has drawn what is there. */
async function go(page: Page, hash: string): Promise<void> {
  await page.evaluate((to) => {
    location.hash = to
  }, hash)
  await page.waitForTimeout(50)
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done))))
}

async function links(page: Page): Promise<{ href: string }[]> {
  const found = await page.$$eval('nav a[href^="#"]', (anchors) =>
    anchors.map((anchor) => ({ href: anchor.getAttribute('href')! })),
  )
  expect(found.length).toBeGreaterThan(5)
  return found
}

/** Runs in the page: what is there that could come from captured markup, and every text that a reader may be shown. */
function stateOf(mark: string) {
  const elements = [...document.querySelectorAll('*')]
  const foreign = elements
    .filter(
      (element) =>
        /^(img|iframe|object|embed|base|link|frame|video|audio)$/i.test(element.localName) ||
        [...element.attributes].some(
          ({ name, value }) =>
            name.startsWith('on') || /^\s*javascript:/i.test(value) || /[<>"'`]/.test(name),
        ),
    )
    .map(({ outerHTML }) => outerHTML.slice(0, 200))
  const texts = elements
    .filter(({ localName }) => localName !== 'script' && localName !== 'style')
    .flatMap((element) => [
      ...[...element.childNodes].filter((node) => node instanceof Text).map(({ data }) => data),
      ...[...element.attributes].map(({ value }) => value),
    ])
  return {
    mark: (globalThis as Record<string, unknown>)[mark] ?? ({} as Record<string, unknown>)[mark],
    scripts: document.querySelectorAll('script:not([type="application/octet-stream"])').length,
    foreign,
    unseen: [...texts, document.title],
    isEmpty: document.body.innerText.trim() === '',
  }
}
