// Components of the page, one at a time, in a real Chromium: a page built from test/browser/stories/ that is told what to show.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { build } from 'esbuild'
import type { BrowserContextOptions, Page } from 'playwright-core'
import type { Language } from '../../../src/language/language.ts'
import { type OpenPage, Pages } from './page.ts'

const ENTRY = resolve(import.meta.dirname, '../../browser/stories/stories.tsx')

/** What the story page's script provides (test/browser/stories/stories.tsx). */
interface InPage {
  readonly stories: {
    show(name: string, props: object, language: Language): void
    readonly told: unknown[]
  }
}

/** Opens the story page. */
export class StoryPages {
  readonly #pages: Pages
  readonly #folder: string

  private constructor(pages: Pages, folder: string) {
    this.#pages = pages
    this.#folder = folder
  }

  static async start(): Promise<StoryPages> {
    const { outputFiles } = await build({
      entryPoints: [ENTRY],
      bundle: true,
      write: false,
      outdir: 'stories',
      jsx: 'automatic',
      jsxImportSource: 'preact',
      logLevel: 'silent',
    })
    const textOf = (ending: string): string =>
      outputFiles.find(({ path }) => path.endsWith(ending))?.text.replaceAll('</script', '<\\/script') ?? ''
    const folder = mkdtempSync(join(tmpdir(), 'framewalk-stories-'))
    const html = `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>stories</title><style>${textOf('.css')}</style><div id="page"><p>…</p></div><script>${textOf('.js')}</script></html>`
    writeFileSync(join(folder, 'stories.html'), html)
    return new StoryPages(await Pages.start(), folder)
  }

  open(options: BrowserContextOptions = {}): Promise<OpenPage> {
    return this.#pages.open(join(this.#folder, 'stories.html'), '', options)
  }

  async close(): Promise<void> {
    await this.#pages.close()
    rmSync(this.#folder, { recursive: true })
  }
}

/** Shows a component with these properties. */
export async function show(
  page: Page,
  name: string,
  props: object,
  language: Language = 'en',
): Promise<void> {
  await page.evaluate(
    ([story, given, speaks]) => {
      ;(globalThis as unknown as InPage).stories.show(story, given, speaks)
    },
    [name, props, language] as const,
  )
}

/** What the component's callbacks were told. */
export function told(page: Page): Promise<unknown[]> {
  return page.evaluate(() => (globalThis as unknown as InPage).stories.told)
}
