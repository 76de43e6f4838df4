// The report in Chromium, opened from disk: each interaction, and what is shown against the command line's records of the same capture.
import { readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { writeCapture } from '../../src/encode/capture.ts'
import { upgrade } from '../hostile/captures.ts'
import { Talk, Tape } from '../hostile/tape.ts'
import { parseFrames } from '../support/drivers/frame-records.ts'
import { type OpenPage, Pages, skipWithoutPages } from '../support/drivers/page.ts'
import { goTo } from './go-to.ts'

const MESSAGES = 600
const SLOW = 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!'

/** A long chat with one pause in it, JSON at its start, and text that some expressions never finish. */
function chat(messages = MESSAGES): Uint8Array {
  const steps = [
    { from: 'client', text: '{"name":"Ada","scores":[1,2,{"best":true}],"none":null}' },
    { from: 'server', text: SLOW },
    ...Array.from({ length: messages - 2 }, (_, i) => ({
      from: i % 3 === 0 ? 'server' : 'client',
      text: `message number ${i}`,
      ...(i === 300 ? { after: 4 } : {}),
    })),
  ] as const
  return writeCapture({ connections: [{ steps }] } as unknown as Parameters<typeof writeCapture>[0])
}

/** Connections with heads of 3 KB. */
function headsWithoutRoom(): Uint8Array {
  const tape = new Tape()
  for (let i = 0; i < 8; i++) upgrade(new Talk(tape, i), `X-Long: ${'x'.repeat(3000)}\r\n`).close()
  return tape.take()
}

describe.skipIf(skipWithoutPages())('the report', () => {
  let pages: Pages
  const files: Record<string, string> = {}
  let current: OpenPage | undefined

  beforeAll(async () => {
    pages = await Pages.start()
    const long = join(tmpdir(), `framewalk-chat-${process.pid}.pcap`)
    writeFileSync(long, chat())
    const longer = join(tmpdir(), `framewalk-longer-chat-${process.pid}.pcap`)
    writeFileSync(longer, chat(2500))
    files['longer'] = await pages.write(['report', longer])
    files['article'] = await pages.write(['report', 'fixtures/article.pcapng'])
    files['fragments'] = await pages.write(['report', 'fixtures/fragments-compressed.pcap'])
    files['pings'] = await pages.write(['report', 'fixtures/fragments-and-pings.pcap'])
    files['violations'] = await pages.write(['report', 'fixtures/violations.pcap'])
    files['reordered'] = await pages.write(['report', 'fixtures/large-binary.pcapng.gz'])
    files['chat'] = await pages.write(['report', long])
    files['cut'] = await pages.write(['report', 'fixtures/cut-off.pcap'], 3)
    files['small'] = await pages.write(['report', long, '--embed-frames', '10', '--embed-payload', '4'])
    files['full'] = await pages.write(['report', 'fixtures/violations.pcap', '--embed-index', '24000'])
    files['none'] = await pages.write(['report', 'fixtures/violations.pcap', '--embed-index', '0'])
    writeFileSync(long, headsWithoutRoom())
    files['heads'] = await pages.write(['report', long, '--embed-index', '30000'])
    files['chinese'] = await pages.write(['report', 'fixtures/article.pcapng', '--lang', 'zh'])
  })
  afterEach(async () => {
    const faults = current?.faults
    await current?.page.context().close()
    current = undefined
    expect(faults ?? []).toEqual([])
  })
  afterAll(async () => {
    await pages?.close()
  })

  async function open(name: string, hash = ''): Promise<Page> {
    current = await pages.open(files[name]!, hash)
    return current.page
  }
  const listed = (page: Page) => page.locator('.frame-list tbody tr[aria-rowindex]')
  const hashOf = (page: Page) => page.evaluate(() => location.hash)

  it('the template has less than 280 KB, and lets no script run but its own', async () => {
    const template = readFileSync('dist/page.html', 'utf8')
    expect(Buffer.byteLength(template)).toBeLessThan(280_000)
    const [, policy] = /Content-Security-Policy" content="([^"]+)"/.exec(template)!
    expect(policy).toContain("default-src 'none'")
    expect(policy).not.toContain('unsafe')
    const page = await open('article')
    const ran = await page.evaluate(() => {
      const script = document.createElement('script')
      script.textContent = 'globalThis.ran = true'
      document.body.append(script)
      return (globalThis as { ran?: boolean }).ran === true
    })
    expect(ran).toBe(false)
    expect(current!.faults.splice(0).join()).toContain('Content Security Policy')
  })

  it('the report lists the frames that the command line prints', async () => {
    const page = await open('article')
    const frames = await parseFrames(['fixtures/article.pcapng'])
    expect(await listed(page).count()).toBe(frames.length)
    for (const [i, frame] of frames.entries()) {
      const cells = await listed(page).nth(i).locator('td').allTextContents()
      expect(cells[0]).toBe(String(frame.frame))
      expect(cells[1]).toBe(String(frame.packet.first))
      expect(cells[3]).toContain(frame.from)
      expect(cells[5]).toBe(frame.opcodeName)
      expect(cells[6]).toBe(String(frame.payloadLength))
    }
    expect(await listed(page).nth(1).textContent()).toContain('服务器回应: 111')
  })

  it('the report sums up each connection, and sorts by any column', async () => {
    const page = await open('fragments')
    const rows = page.locator('.overview tbody tr')
    expect(await rows.count()).toBe(2)
    expect(await rows.nth(1).textContent()).toContain('ws://127.0.0.1:8813/')
    expect(await rows.nth(1).textContent()).toContain('→ 3')
    await page.getByRole('button', { name: 'Messages', exact: true }).first().click()
    expect(await rows.first().locator('td').first().textContent()).toBe('2')
    await page.getByRole('button', { name: 'Messages', exact: true }).first().click()
    expect(await rows.first().locator('td').first().textContent()).toBe('1')
    expect(await page.locator('th[aria-sort=descending]').textContent()).toContain('Messages')
  })

  it('the report shows the connection that is looked at among the others', async () => {
    const page = await open('violations', '#connection=20')
    const inSight = () =>
      page.evaluate(() => {
        const [box, row, head] = ['.table-box', 'tr[aria-current]', '.overview thead'].map((place) =>
          document.querySelector(place)!.getBoundingClientRect(),
        )
        return row!.top >= head!.bottom - 1 && row!.bottom <= box!.bottom + 1
      })
    await expect.poll(inSight).toBe(true)
    await page.evaluate(() => {
      location.hash = '#connection=1'
    })
    await expect.poll(inSight).toBe(true)
    expect(await page.evaluate(() => scrollY)).toBe(0)
  })

  it('the report goes to a connection, a frame and a field, and back', async () => {
    const page = await open('fragments')
    await page.getByRole('button', { name: 'ws://127.0.0.1:8813/' }).click()
    await listed(page).nth(2).click()
    await page.locator('.field-table button').first().click()
    expect(await hashOf(page)).toBe('#connection=2&frame=3&field=FIN')
    await page.goBack()
    expect(await hashOf(page)).toBe('#connection=2&frame=3')
    await page.goBack()
    await page.waitForSelector('.frame-panel', { state: 'detached' })
    await page.goBack()
    expect(await page.locator('#connection-title').textContent()).toContain('All connections')
  })

  it('a link opens a frame, a field and a step', async () => {
    const page = await open('article', '#connection=1&frame=2&field=RSV1&step=3')
    expect(await page.locator('#frame-title').textContent()).toContain('Frame 2')
    expect(await page.locator('.step-stage').count()).toBe(1)
    await page.locator('.step-stage button').last().focus()
    await page.keyboard.press('ArrowRight')
    await expect.poll(() => hashOf(page)).toBe('#connection=1&frame=2&field=RSV1&step=4')
  })

  it('keys drive the report: arrows, / and ?', async () => {
    const page = await open('chat', '#connection=1')
    await page.locator('.frame-list table').focus()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('ArrowDown')
    expect(await hashOf(page)).toBe('#connection=1&frame=2')
    await page.keyboard.press('End')
    expect(await hashOf(page)).toBe(`#connection=1&frame=${MESSAGES}`)
    expect(await page.locator('.frame-list tr[aria-selected=true]').isVisible()).toBe(true)
    await page.keyboard.press('?')
    expect(await page.locator('dialog').isVisible()).toBe(true)
    await page.keyboard.press('Escape')
    expect(await page.locator('dialog').isVisible()).toBe(false)
    await page.keyboard.press('/')
    expect(await page.evaluate(() => (document.activeElement as HTMLInputElement).type)).toBe('search')
  })

  it('the list makes only the rows in sight, and all of them by scrolling', async () => {
    const page = await open('chat', '#connection=1')
    expect(await listed(page).count()).toBeLessThan(60)
    await page.locator('.frame-list').evaluate((box) => box.scrollTo(0, box.scrollHeight))
    await page.waitForFunction(
      (last) => document.querySelector('.frame-list tbody')!.textContent!.includes(last),
      `message number ${MESSAGES - 3}`,
    )
  })

  it('the list filters by side, opcode, text, expression and findings', async () => {
    const page = await open('chat', '#connection=1')
    const result = page.locator('#filter-result')
    await page.getByLabel('Sender').first().selectOption('server')
    expect(await result.textContent()).toContain('201 of 600')
    await page.getByRole('button', { name: 'Clear filter' }).click()
    await page.getByRole('searchbox').fill('NUMBER 30')
    await expect.poll(() => result.textContent()).toContain('11 of 600')
    await page.getByLabel('regular expression').check()
    await page.getByRole('searchbox').fill('number 3\\d$')
    await expect.poll(() => result.textContent()).toContain('10 of 600')
    await page.getByRole('searchbox').fill('number (')
    await expect.poll(() => result.textContent()).toContain('No regular expression')
    expect(await page.getByRole('searchbox').getAttribute('aria-invalid')).toBe('true')
    await page.getByRole('searchbox').fill('^(a+)+$')
    await expect.poll(() => result.textContent()).toContain('takes too long')
    await page.getByRole('button', { name: 'Clear filter' }).click()
    await page.getByLabel('with findings only').check()
    expect(await result.textContent()).toContain('0 of 600')
  })

  it('the list filters by opcode in a capture that has several', async () => {
    const page = await open('fragments', '#connection=2')
    await page.getByLabel('Opcode').first().selectOption({ label: 'ping' })
    expect(await page.locator('#filter-result').textContent()).toContain('4 of 25')
  })

  it('a time marked in the plot, or set in its fields, filters the list', async () => {
    const page = await open('chat', '#connection=1')
    const over = (await page.locator('.plot .u-over').boundingBox())!
    await page.mouse.move(over.x + 2, over.y + 20)
    await page.mouse.down()
    await page.mouse.move(over.x + over.width / 4, over.y + 30, { steps: 4 })
    await page.mouse.up()
    const result = page.locator('#filter-result')
    await expect.poll(() => result.textContent()).not.toContain('600 of 600')
    expect(Number.parseInt((await result.textContent())!, 10)).toBeGreaterThan(0)
    await page.getByRole('button', { name: 'Whole time' }).click()
    expect(await result.textContent()).toContain('600 of 600')
    await page.getByLabel('from second').fill('1000')
    await page.getByLabel('from second').blur()
    expect(await result.textContent()).toContain('600 of 600')
    await page.getByRole('button', { name: 'Bytes', exact: true }).last().click()
    expect(await page.locator('.traffic-plot figcaption').textContent()).toContain('Bytes over time')
  })

  it('a frame is copied as hex, text, base64 and JSON', async () => {
    const page = await open('article', '#connection=1&frame=1')
    const [frame] = await parseFrames(['fixtures/article.pcapng'])
    const copied = async (name: string): Promise<string> => {
      await page.getByRole('button', { name, exact: true }).click()
      await page.getByText(`Copied as ${name}.`).waitFor()
      return page.evaluate(() => navigator.clipboard.readText())
    }
    expect(await copied('text')).toBe('111')
    expect(await copied('base64')).toBe(frame!.payload)
    expect(await copied('hex')).toMatch(/^c1 85 ca 9d f2 af /)
    expect(JSON.parse(await copied('JSON'))).toEqual(frame)
  })

  it.each([
    ['pong', 'fragments', 'fixtures/fragments-compressed.pcap'],
    ['close', 'article', 'fixtures/article.pcapng'],
    ['continuation', 'fragments', 'fixtures/fragments-compressed.pcap'],
  ])('the JSON of a %s frame is what the command line prints of it', async (opcodeName, name, capture) => {
    const frames = await parseFrames([capture])
    const frame = frames.find((each) => each.opcodeName === opcodeName && each.connection === 1)!
    const page = await open(name, `#connection=1&frame=${frame.frame}`)
    await page.getByRole('button', { name: 'JSON', exact: true }).click()
    await page.getByText('Copied as JSON.').waitFor()
    expect(JSON.parse(await page.evaluate(() => navigator.clipboard.readText()))).toEqual(frame)
  })

  it('text that is JSON is shown as a tree', async () => {
    const page = await open('chat', '#connection=1&frame=1')
    const tree = page.locator('.json-view')
    expect(await tree.textContent()).toContain('"Ada"')
    expect(await tree.textContent()).not.toContain('best')
    await tree.locator('details details details summary').click()
    await expect.poll(() => tree.textContent()).toContain('"best": true')
  })

  it('a message shows how it came together: fragments, control frames between, packets, window, text', async () => {
    const page = await open('fragments', '#connection=2&frame=11')
    const assembly = page.locator('.frame-panel .assembly')
    const blocks = assembly.locator('.block')
    const texts = await blocks.allTextContents()
    expect(texts.filter((text) => text.includes('(ping)')).length).toBe(3)
    expect(texts.filter((text) => /Bytes? \d/.test(text)).length).toBe(4)
    const frames = (await parseFrames(['fixtures/fragments-compressed.pcap'])).filter(
      (each) => each.connection === 2,
    )
    expect(texts[0]).toContain(`packet ${frames[8]!.packet.first}`)
    const stages = assembly.locator('.stages > li')
    expect(await stages.nth(2).textContent()).toContain('00 00 ff ff')
    expect(await stages.nth(3).textContent()).toContain('bytes of earlier messages')
    expect(await stages.nth(4).textContent()).toContain('Python fragments, 带中文的')
    expect(await assembly.locator('[aria-current=true]').textContent()).toContain('frame 11')
    await blocks.nth(1).locator('button').click()
    expect(await hashOf(page)).toContain('frame=10')
    // Among all connections, frames have the numbers of their rows.
    await page.goto(`${page.url().split('#')[0]}#connection=all&frame=48`)
    const title = page.locator('#frame-title')
    await expect.poll(() => title.textContent()).toContain('Frame 13')
    await blocks.nth(1).locator('button').click()
    await expect.poll(() => title.textContent()).toContain('Frame 10')
  })

  it('the inspector gets the packets of a frame that many carried', async () => {
    const frames = await parseFrames(['fixtures/large-binary.pcapng.gz'])
    const large = frames.find((frame) => frame.packet.last > frame.packet.first)!
    const page = await open('reordered', `#connection=${large.connection}&frame=${large.frame}`)
    await page.getByRole('button', { name: 'TCP lens' }).click()
    const lens = await page.locator('.tcp-lens').textContent()
    expect(lens).toContain(`packet ${large.packet.first}: bytes 0 to `)
    expect(await page.locator('.left-out').textContent()).toContain('Payloads cut or left out')
  })

  it('a fragment says what it brought itself, the last one also what the whole message says, an empty one that it is empty', async () => {
    const page = await open('pings', '#connection=1')
    const saying = async (frame: number) =>
      (await listed(page)
        .nth(frame - 1)
        .locator('td')
        .last()
        .textContent())!.trim()
    expect(await saying(1)).toBe('part of a message 一条消息')
    expect(await saying(3)).toBe('last part 片段 ⇒ whole: 一条消息，三个片段')
    // Cut inside characters: only the bytes are known.
    expect(await saying(9)).toMatch(/^part of a message ([0-9a-f]{2} ?){4}$/)
    expect(await saying(6)).toBe('last part 04 05 ⇒ whole: 01 02 03 04 05')
    expect(await saying(10)).toBe('(empty)')
    expect(await saying(12)).toBe('part of a message (empty)')
    expect(await saying(15)).toBe('last part (empty) ⇒ whole: empty last')
    expect(await saying(5)).toBe('between')
    await page.getByRole('searchbox').fill('一条消息，三个片段')
    await expect.poll(() => listed(page).count()).toBe(1)
    await goTo(page, '#connection=1&view=sequence')
    const row = page.locator('.sequence-row').filter({ hasText: /part 3 of 3.*片段/ })
    expect(await row.first().textContent()).toContain('片段 ⇒ whole: 一条消息，三个片段')
  })

  it('a fragment of a compressed message is not read as text', async () => {
    const page = await open('fragments', '#connection=2')
    const frames = (await parseFrames(['fixtures/fragments-compressed.pcap'])).filter(
      ({ connection, opcodeName, fin, payloadLength }) =>
        connection === 2 && opcodeName === 'continuation' && !fin && Number(payloadLength) > 0,
    )
    expect(frames.length).toBeGreaterThan(1)
    for (const { frame } of frames)
      expect(
        (await listed(page)
          .nth(frame - 1)
          .locator('td')
          .last()
          .textContent())!.trim(),
      ).toBe('part of a message (compressed)')
  })

  it('what a message says marks the part that the frame brought, with a legend', async () => {
    const page = await open('pings', '#connection=1&frame=3')
    const message = page.locator('.pane-message')
    const parts = async (look: string) => (await message.locator(`.${look}`).allTextContents()).join('')
    expect(await parts('own')).toBe('片段')
    expect(await parts('elsewhere')).toBe('一条消息，三个')
    expect(await message.locator('.note').first().textContent()).toMatch(
      /^Underlined: what this frame brought/,
    )
    await goTo(page, '#connection=1&frame=6')
    await expect.poll(() => parts('own')).toBe('04 05 ')
    expect(await parts('elsewhere')).toBe('01 02 03 ')
    await goTo(page, '#connection=1&frame=15')
    await expect
      .poll(() => message.locator('.note').first().textContent())
      .toMatch(/^This frame brought no byte/)
    await goTo(page, '#connection=1&frame=31')
    await expect.poll(() => message.textContent()).toContain('several')
    expect(await message.locator('.note').count()).toBe(0)
    expect(await parts('own')).toBe('')
  })

  it('the report calls no closing clean that breaks a rule', async () => {
    const page = await open('violations')
    const ends = page.locator('.overview tbody tr td:nth-child(10)')
    expect((await ends.allTextContents()).slice(17, 23).map((end) => end.trim())).toEqual([
      'close frames from both sides, not clean',
      'close frames from both sides, not clean: 1005 (invalid)',
      'close frames from both sides, not clean: 999 (invalid)',
      'close frames from both sides, not clean: 1004 (invalid)',
      'close frames from both sides, not clean: 1000',
      'close frames from both sides, not clean: 1000',
    ])
    await goTo(page, '#connection=19&view=sequence')
    expect(await page.locator('.sequence-row').last().textContent()).toContain('not clean: 1005 (invalid)')
    await goTo(page, '#connection=12')
    expect(await ends.nth(11).textContent()).toBe('cleanly 1000')
  })

  it('the sequence draws what happened, in order, with handshake, pings and closes', async () => {
    const page = await open('fragments', '#connection=2&view=sequence')
    const rows = await page.locator('.sequence-row').allTextContents()
    expect(rows.length).toBe(2 + 25 + 1)
    expect(rows[0]).toContain('GET / HTTP/1.1')
    expect(rows[1]).toContain('101')
    expect(rows[11]).toContain('ping')
    expect(rows.at(-1)).toContain('cleanly 1000')
    await page.locator('.sequence-row button').nth(4).click()
    expect(await hashOf(page)).toContain('frame=3')
  })

  it('a long sequence is grouped, says where nothing happened, and opens a group', async () => {
    const page = await open('chat', '#connection=1&view=sequence')
    const size = () => page.locator('.sequence-row').first().getAttribute('aria-setsize')
    const before = Number(await size())
    expect(before).toBeLessThan(MESSAGES / 2)
    expect(await page.locator('.row-group').count()).toBeGreaterThan(3)
    await page.locator('.row-group button').first().click()
    expect(Number(await size())).toBeGreaterThan(before)
    await page.locator('.sequence ol').evaluate((box) => box.scrollTo(0, box.scrollHeight / 2))
    await expect
      .poll(() => page.locator('.row-pause').allTextContents())
      .toEqual([expect.stringMatching(/4\.\d+ s without/)])
  })

  it('findings are shown as cards, and repair the frame', async () => {
    const page = await open('violations', '#connection=1&frame=1')
    const card = page.locator('.frame-panel .finding-card')
    expect(await card.textContent()).toContain('reserved-opcode')
    expect(await card.textContent()).toContain('RFC 6455 §5.2')
    expect(await card.locator('.header-bits mark').allTextContents()).toEqual(['0', '0', '1', '1'])
    expect(await card.locator('.repair-bytes').last().textContent()).toMatch(/^82 /)
    await page.getByRole('link', { name: 'Findings (1)' }).click()
    await page.getByRole('button', { name: 'Show the frame' }).click()
    expect(await hashOf(page)).toBe('#connection=1&frame=1')
  })

  it('the report shows the handshake', async () => {
    const page = await open('article', '#connection=1&view=handshake')
    expect(await page.locator('.handshake').textContent()).toContain('GET / HTTP/1.1')
  })

  it('a damaged capture is read as far as it goes, and the report says what is wrong', async () => {
    const page = await open('cut')
    expect(await page.locator('.capture-findings').textContent()).toContain('truncated-capture')
    expect(await page.locator('.overview tbody tr').count()).toBeGreaterThan(0)
  })

  it('the report says what it left out', async () => {
    const page = await open('small', '#connection=1&frame=1')
    const said = await page.locator('.left-out').textContent()
    expect(said).toContain('Frames left out: 590 (at most 10 are kept')
    expect(said).toContain('larger numbers with --embed-frames, --embed-payload, --embed-bytes.')
    expect(said).toContain('Payloads cut or left out: 10 (4 B are kept of one')
    expect(await listed(page).count()).toBe(10)
    expect(await page.locator('.pane-dump').textContent()).toContain('are not here')
  })

  it('a report whose index is full says what it left out, and claims nothing of that', async () => {
    const page = await open('full')
    const said = await page.locator('.left-out').first().textContent()
    expect(said).toMatch(/Connections left out: \d+\. .*Frames left out: \d+ .*Findings left out: \d+\./)
    expect(said).toContain('larger numbers with --embed-index.')
    const listed = await page.locator('.overview tbody tr').count()
    expect(listed).toBeGreaterThan(0)
    expect(Number(/Connections left out: (\d+)/.exec(said!)![1]) + listed).toBe(25)
    await page.goto(`${page.url().split('#')[0]}#connection=all&view=findings`)
    expect(await page.locator('.connection .left-out').textContent()).toMatch(
      /^Findings that this page does not hold: \d+\.$/,
    )
    await current!.page.context().close()
    const empty = await open('none')
    expect(await empty.locator('.overview').textContent()).toContain(
      'This page holds none of the capture’s connections.',
    )
    expect(await empty.locator('#page').textContent()).not.toContain('no WebSocket connection')
  })

  it('of a head without room the report shows the start line, and judges nothing that it does not hold', async () => {
    const page = await open('heads', '#connection=8&view=handshake')
    const handshake = page.locator('.handshake')
    expect(await handshake.textContent()).toContain('GET /feed HTTP/1.1')
    expect(await handshake.locator('.left-out').allTextContents()).toEqual([
      'Headers that this page does not hold: 6.',
      'Headers that this page does not hold: 4.',
    ])
    expect(await handshake.locator('.required-missing, .extensions, .accept-computation').count()).toBe(0)
    const first = await open('heads', '#connection=1&view=handshake')
    expect(await first.locator('.accept-computation').count()).toBe(1)
    expect(await first.locator('.handshake .left-out').count()).toBe(0)
  })

  it('the report speaks the language that was asked for, and another one', async () => {
    const page = await open('chinese')
    expect(await page.locator('html').getAttribute('lang')).toBe('zh-Hans')
    expect(await page.locator('h2').first().textContent()).toBe('连接')
    await page.getByRole('button', { name: 'English' }).click()
    expect(await page.locator('h2').first().textContent()).toBe('Connections')
  })

  it('the report fits on a telephone: nothing but tables scrolls sideways', async () => {
    for (const hash of [
      '#connection=2&frame=11',
      '#connection=2&view=sequence',
      '#connection=2&view=handshake',
    ]) {
      current = await pages.open(files['fragments']!, hash, { viewport: { width: 390, height: 800 } })
      const width = await current.page.evaluate(() => document.documentElement.scrollWidth)
      expect([hash, width]).toEqual([hash, 390])
      expect(current.faults).toEqual([])
      await current.page.context().close()
    }
    current = undefined
  })

  it('print has what is shown, without what only a screen can do', async () => {
    const page = await open('article', '#connection=1&frame=1')
    await page.emulateMedia({ media: 'print' })
    expect(await page.locator('.filter-bar').isVisible()).toBe(false)
    expect(await page.getByRole('button', { name: 'hex', exact: true }).isVisible()).toBe(false)
    expect(await page.locator('.frame-list').isVisible()).toBe(true)
    expect(await page.locator('.overview .link').isVisible()).toBe(true)
    expect(await page.locator('.field-name').first().isVisible()).toBe(true)
    await page.setViewportSize({ width: 750, height: 1000 })
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(750)
  })

  it('print has the rows that a list keeps out of sight, and says how many are too many', async () => {
    const page = await open('chat', '#connection=1')
    expect(await listed(page).count()).toBeLessThan(100)
    await page.emulateMedia({ media: 'print' })
    await expect.poll(() => listed(page).count()).toBe(MESSAGES)
    expect(await page.locator('.not-printed').count()).toBe(0)
    await page.emulateMedia({ media: null })
    await expect.poll(() => listed(page).count()).toBeLessThan(100)
    const sheets = (await page.pdf({ format: 'A4' })).toString('latin1').match(/\/Type \/Page\b/g)
    expect(sheets!.length).toBeGreaterThan(10)
    await current!.page.context().close()
    const long = await open('longer', '#connection=1')
    // What a browser's own printing has on its paper: the event alone tells the page.
    await long.evaluate(() => dispatchEvent(new Event('beforeprint')))
    expect(await listed(long).count()).toBe(2000)
    expect(await long.locator('.not-printed').textContent()).toContain('not printed: 500.')
    await long.evaluate(() => dispatchEvent(new Event('afterprint')))
    expect(await listed(long).count()).toBeLessThan(100)
  })
})
