// npm run bench:page [-- --frames 200000]: how large the page's template is, how soon a report is there, and how one of 200 000 frames behaves. Prints a Markdown
// table with what is aimed at; nothing fails by the clock. Wall times mean something on an idle machine only.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { type Browser, chromium, type Page } from 'playwright-core'
import { compressed, smallFrames } from '../bench/captures.ts'

const ROUNDS = 7
const SCROLLED_MS = 2000
/** A frame of the screen that takes longer is seen. */
const SMOOTH_MS = 50

const { values } = parseArgs({ options: { frames: { type: 'string', default: '200000' } } })
const frames = Number(values.frames)
if (!Number.isSafeInteger(frames) || frames < 1)
  throw new RangeError('--frames takes a whole number from 1 on')

const folder = mkdtempSync(join(tmpdir(), 'framewalk-bench-page-'))
const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(
  existsSync,
)
try {
  if (executablePath === undefined)
    throw new RangeError('Chromium is needed to measure with: apt-get install chromium')
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
  await benchPage(browser)
  await browser.close()
} finally {
  rmSync(folder, { recursive: true })
}

async function benchPage(browser: Browser): Promise<void> {
  row('what', 'measured', 'aimed at')
  row('---', '--:', '--:')
  row('template, dist/page.html', kilobytes(statSync('dist/page.html').size), '< 280 KB')
  const article = report('fixtures/article.pcapng', 'article')
  row("article's report", kilobytes(statSync(article.file).size), '')
  const paints: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const page = await browser.newPage()
    await page.goto(pathToFileURL(article.file).href)
    await page.waitForSelector('.frame-list')
    paints.push(await firstPaint(page))
    await page.close()
  }
  row(
    `article's report, first contentful paint, median of ${ROUNDS}`,
    `${median(paints).toFixed(0)} ms`,
    '< 300 ms',
  )
  for (const [name, make] of [
    ['small', smallFrames],
    ['compressed', compressed],
  ] as const) {
    const capture = join(folder, `${name}.pcap`)
    await make(capture, 'pcap', frames)
    const large = report(capture, name)
    const title = `${frames} ${name} frames`
    row(`${title}: written`, `${large.seconds.toFixed(1)} s, ${kilobytes(statSync(large.file).size)}`, '')
    await benchLarge(browser, large.file, title)
  }
}

async function benchLarge(browser: Browser, file: string, title: string): Promise<void> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } })
  const started = performance.now()
  await page.goto(`${pathToFileURL(file).href}#connection=all`)
  const first = page.locator('.frame-list tbody tr[aria-rowindex]').first()
  await first.click()
  await page.waitForSelector('.inspector')
  row(
    `${title}: opened, a frame chosen and inspected`,
    `${((performance.now() - started) / 1000).toFixed(2)} s`,
    '< 3 s',
  )
  const { drawn, slow } = await page.evaluate(
    async ({ scrolled, smooth }) => {
      const box = document.querySelector('.frame-list')!
      const start = performance.now()
      let last = start
      let drawn = 0
      let slow = 0
      while (last - start < scrolled) {
        box.scrollTop += 300
        await new Promise(requestAnimationFrame)
        const now = performance.now()
        drawn++
        if (now - last > smooth) slow++
        last = now
      }
      return { drawn, slow }
    },
    { scrolled: SCROLLED_MS, smooth: SMOOTH_MS },
  )
  row(
    `${title}: scrolled for ${SCROLLED_MS / 1000} s, ten rows at a time`,
    `${drawn} pictures, ${slow} of them late`,
    '',
  )
  const searching = performance.now()
  await page.locator('input[type=search]').fill('no text like this')
  await page.getByText('No frame passes the filter.').waitFor()
  await page.waitForFunction(() => !document.querySelector('#filter-result')!.textContent!.includes('%'))
  row(`${title}: searched through`, `${((performance.now() - searching) / 1000).toFixed(2)} s`, '')
  await page.close()
}

function report(capture: string, name: string): { readonly file: string; readonly seconds: number } {
  const file = join(folder, `${name}.html`)
  const started = performance.now()
  const { status, stderr } = spawnSync(
    process.execPath,
    ['dist/cli/main.js', 'report', capture, '-o', file],
    {
      encoding: 'utf8',
    },
  )
  if (status !== 0) throw new Error(stderr)
  return { file, seconds: (performance.now() - started) / 1000 }
}

async function firstPaint(page: Page): Promise<number> {
  const paint = await page.waitForFunction(
    () => performance.getEntriesByName('first-contentful-paint')[0]?.startTime,
  )
  return (await paint.jsonValue()) as number
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1]!
}

function kilobytes(bytes: number): string {
  return `${(bytes / 1000).toFixed(0)} KB`
}

function row(...cells: readonly string[]): void {
  process.stdout.write(`| ${cells.join(' | ')} |\n`)
}
