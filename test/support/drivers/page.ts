// A built page in a real Chromium, opened from disk: with what it logs, what it throws and what it asks the network for.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { expect } from 'vitest'
import { run } from './command.ts'
import { CHROMIUM, skipWithout, skipWithoutBuild } from './requirements.ts'

/** True, with a word, if pages cannot be tested. */
export function skipWithoutPages(): boolean {
  return skipWithout('Chromium') || skipWithoutBuild()
}

/** A page that is open. */
export interface OpenPage {
  readonly page: Page
  /** Console errors, page errors, and requests for anything but the page itself. */
  readonly faults: string[]
}

/** Opens pages that the command line writes. */
export class Pages {
  readonly #folder = mkdtempSync(join(tmpdir(), 'framewalk-pages-'))
  readonly #browser: Browser
  #count = 0

  private constructor(browser: Browser) {
    this.#browser = browser
  }

  static async start(): Promise<Pages> {
    return new Pages(await chromium.launch({ executablePath: CHROMIUM!, args: ['--no-sandbox'] }))
  }

  /** Runs `framewalk <words…> -o FILE` and returns the file. Throws unless it ends with the expected status. */
  async write(words: readonly string[], status = 0): Promise<string> {
    const file = join(this.#folder, `page-${++this.#count}.html`)
    const ran = await run([...words, '-o', file])
    expect(ran).toEqual({ status, stdout: '', stderr: '' })
    return file
  }

  /** Opens a file, and waits until it shows something. `hash`: with the `#`. */
  async open(file: string, hash = '', options: BrowserContextOptions = {}): Promise<OpenPage> {
    const context = await this.#browser.newContext({
      viewport: { width: 1280, height: 900 },
      permissions: ['clipboard-read', 'clipboard-write'],
      ...options,
    })
    const page = await context.newPage()
    page.setDefaultTimeout(120_000)
    const url = pathToFileURL(file).href
    const faults: string[] = []
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') faults.push(message.text())
    })
    page.on('pageerror', (error) => faults.push(String(error)))
    page.on('request', (request) => {
      if (request.url().split('#')[0] !== url && !request.url().startsWith('blob:'))
        faults.push(`request: ${request.url().slice(0, 200)}`)
    })
    await page.goto(url + hash)
    await page.waitForSelector('#page > *')
    return { page, faults }
  }

  async close(): Promise<void> {
    await this.#browser.close()
    rmSync(this.#folder, { recursive: true })
  }
}
