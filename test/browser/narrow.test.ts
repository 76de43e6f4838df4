// On a telephone, 390 pixels wide, nothing scrolls sideways but what has a box of its own for it: every view of the report and every place of
// the lesson, with names that have no place to break, many findings, and long everything.
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { writeCapture } from '../../src/encode/capture.ts'
import { LANGUAGES } from '../../src/language/language.ts'
import { fixturePath } from '../support/drivers/fixtures.ts'
import { Pages, skipWithoutPages } from '../support/drivers/page.ts'
import { goTo } from './go-to.ts'

const WIDTH = 390
const LONG = 'x'.repeat(180)
const VIEWS = ['', '&view=sequence', '&view=handshake', '&view=findings']
const BENCHES = ['encode', 'decode', 'flip', 'length', 'masking']

/** Everything in it that has a length is long, and has no place to break. */
function longCapture(): Uint8Array {
  return writeCapture({
    connections: [
      {
        client: { address: 'fd00:1111:2222:3333:4444:5555:6666:7777', port: 65_000 },
        server: { address: 'fd00:1111:2222:3333:4444:5555:6666:8888', port: 65_001 },
        handshake: {
          target: `/${LONG}`,
          host: `${LONG}.example`,
          subprotocols: [LONG],
          subprotocol: LONG,
          deflate: true,
          requestHeaders: { [LONG]: LONG },
        },
        steps: [
          { from: 'client', text: LONG },
          { from: 'client', text: JSON.stringify({ [LONG]: [LONG, { [LONG]: LONG }] }) },
          { from: 'server', text: LONG, fragments: 5, compress: false },
          { from: 'server', binary: '00'.repeat(300) },
          { from: 'server', ping: LONG.slice(0, 120) },
          { from: 'server', close: 1005, reason: LONG.slice(0, 120) },
        ],
      },
    ],
  } as unknown as Parameters<typeof writeCapture>[0])
}

describe.skipIf(skipWithoutPages())('on a telephone', { timeout: 300_000 }, () => {
  let pages: Pages
  let folder: string
  const captures: Record<string, string> = {}

  beforeAll(async () => {
    pages = await Pages.start()
    folder = mkdtempSync(join(tmpdir(), 'framewalk-narrow-'))
    captures['long'] = join(folder, `${LONG}.pcap`)
    writeFileSync(captures['long'], longCapture())
    captures['violations'] = join(folder, `${LONG}-violations.pcap`)
    copyFileSync(fixturePath('violations'), captures['violations'])
    captures['fragments'] = fixturePath('fragments-and-pings')
    captures['cut'] = fixturePath('cut-off')
  })
  afterAll(async () => {
    await pages?.close()
    rmSync(folder, { recursive: true })
  })

  async function tooWide(page: Page, hashes: readonly string[]): Promise<string[]> {
    const wide: string[] = []
    for (const hash of hashes) {
      await goTo(page, hash)
      const width = await page.evaluate(() => document.documentElement.scrollWidth)
      if (width > WIDTH) wide.push(`${hash}: ${width}, by ${await page.evaluate(widest)}`)
    }
    return wide
  }

  describe.each(LANGUAGES)('in the language %s', (language) => {
    const options = { viewport: { width: WIDTH, height: 800 } }

    it.each([
      ['long', [1], 8],
      ['violations', Array.from({ length: 25 }, (_, i) => i + 1), 2],
      ['fragments', [1, 2], 13],
      ['cut', [1], 2],
    ] as const)('no view of the report of %s scrolls sideways', async (name, connections, frames) => {
      const words = ['report', captures[name]!, '--lang', language]
      const file = await pages.write(words, name === 'cut' ? 3 : 0)
      const { page, faults } = await pages.open(file, '', options)
      const hashes = ['', '#connection=all', ...VIEWS.map((view) => `#connection=all${view}`)]
      for (const connection of connections) {
        for (const view of VIEWS) hashes.push(`#connection=${connection}${view}`)
        for (let frame = 1; frame <= frames; frame++) hashes.push(`#connection=${connection}&frame=${frame}`)
        hashes.push(`#connection=${connection}&frame=1&step=3`, `#connection=${connection}&frame=1&step=99`)
      }
      expect([...(await tooWide(page, hashes)), ...faults]).toEqual([])
      await page.context().close()
    })

    it('no chapter and no bench of the lesson scrolls sideways', async () => {
      const file = await pages.write([
        'lesson',
        captures['long']!,
        captures['fragments']!,
        '--lang',
        language,
      ])
      const { page, faults } = await pages.open(file, '', options)
      const chapters = await page.$$eval('nav ol a[href^="#"]', (anchors) =>
        anchors.map((anchor) => anchor.getAttribute('href')!),
      )
      const benches = BENCHES.map((bench) => `#laboratory/${bench}`)
      expect([...(await tooWide(page, [...chapters, ...benches])), ...faults]).toEqual([])
      await page.context().close()
    })
  })
})

/** Runs in the page: what reaches furthest beyond the screen, and is in no box that scrolls by itself. */
function widest(): string {
  const reaches = [...document.querySelectorAll('body *:not(.table-box *, .frame-list *, .wide *)')]
    .map((element) => ({ element, right: element.getBoundingClientRect().right }))
    .filter(({ right }) => right > innerWidth)
  const [first] = reaches.sort((a, b) => b.right - a.right)
  return first === undefined ? 'nothing' : first.element.outerHTML.slice(0, 150)
}
