// The handshake in Chromium: heads of captures, their explanations, and the computation of the answer, held against Node's SHA-1.
import { createHash } from 'node:crypto'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ConnectionRecord } from '../../src/records/records.ts'
import { run } from '../support/drivers/command.ts'
import { skipWithoutPages } from '../support/drivers/page.ts'
import { StoryPages, show } from '../support/drivers/stories.ts'

const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'

/** The connection of a fixture, as the command line tells it. */
async function connectionOf(fixture: string, ...words: string[]): Promise<ConnectionRecord> {
  const { stdout } = await run(['connections', `fixtures/${fixture}`, '--format', 'ndjson', ...words])
  const records = stdout.trim().split('\n')
  const found = records.map((line) => JSON.parse(line)).find(({ type }) => type === 'connection')
  if (found === undefined) throw new Error(`${fixture} has no connection`)
  return found
}

function answerTo(key: string): string {
  return createHash('sha1')
    .update(key + GUID)
    .digest('base64')
}

describe.skipIf(skipWithoutPages())('the handshake', () => {
  let pages: StoryPages
  let page: Page
  let faults: string[]
  let article: ConnectionRecord

  beforeAll(async () => {
    pages = await StoryPages.start()
    ;({ page, faults } = await pages.open())
    article = await connectionOf('article.pcapng')
  })
  afterAll(async () => {
    expect(faults).toEqual([])
    await pages?.close()
  })

  it('the handshake shows every header of both heads, with an explanation and its section', async () => {
    await show(page, 'Handshake', { connection: article })
    const { request, response } = article.handshake
    for (const [side, head] of [
      ['client', request!],
      ['server', response!],
    ] as const) {
      const lines = page.locator(`.head.${side} .headers > div`)
      expect(await lines.count()).toBe(head.headers.length + 1)
      expect(await lines.first().locator('code').textContent()).toBe(head.startLine)
      for (const [i, [name, value]] of head.headers.entries()) {
        const line = lines.nth(i + 1)
        expect(await line.locator('dt').textContent()).toBe(name)
        expect(await line.locator('.header-value').textContent()).toBe(value)
        expect(await line.locator('.header-meaning').textContent()).toMatch(/\. RFC \d+ §/)
      }
    }
  })

  it('a header that is not one of WebSocket’s is said not to be, and is shown as text', async () => {
    const hostile = '<script>alert(1)</script>\u202e\u0007\ud800"'
    const request = { ...article.handshake.request!, headers: [...article.handshake.request!.headers] }
    request.headers.push(['X-<b>', hostile], ['constructor', 'x'])
    await show(page, 'Handshake', {
      connection: { ...article, handshake: { ...article.handshake, request } },
    })
    const line = page.locator('.head.client .headers > div').nth(request.headers.length - 1)
    expect(await line.locator('dt').textContent()).toBe('X-<b>')
    expect(await line.locator('.header-value').textContent()).toBe(
      '<script>alert(1)</script>⟨U+202E⟩⟨U+0007⟩⟨U+D800⟩"',
    )
    expect(await line.textContent()).toContain('None of WebSocket’s headers')
    expect(await page.locator('#page script, #page b').count()).toBe(0)
  })

  it('the accept is computed before the reader’s eyes', async () => {
    await show(page, 'Handshake', { connection: article })
    const key = headerOf(article, 'request', 'sec-websocket-key')
    const sha1 = createHash('sha1').update(key + GUID)
    const values = await page.locator('.step-value').allTextContents()
    expect(values[0]).toBe(key + GUID)
    expect(values[1]).toBe(
      Buffer.from(key + GUID)
        .toString('hex')
        .replace(/..(?!$)/g, '$& '),
    )
    expect(values[2]).toBe(
      sha1
        .copy()
        .digest('hex')
        .replace(/..(?!$)/g, '$& '),
    )
    expect(values[3]).toBe(sha1.digest('base64'))
    expect(values[4]).toBe(headerOf(article, 'response', 'sec-websocket-accept'))
    expect(await page.locator('.verdict').textContent()).toContain('Equal')
    expect(await page.locator('.accept-computation .note').first().textContent()).toContain('16 bytes')
  })

  it('the key can be changed, fails with another one, and comes back as it was captured', async () => {
    await show(page, 'Handshake', { connection: article })
    const input = page.getByLabel('The key')
    const reset = page.getByRole('button', { name: 'Put the captured key back' })
    expect(await reset.isDisabled()).toBe(true)
    for (const key of ['dGhlIHNhbXBsZSBub25jZQ==', '', 'ключ', 'x'.repeat(100)]) {
      await input.fill(key)
      expect(await page.locator('.step-accept').textContent()).toBe(answerTo(key))
      expect(await page.locator('.verdict').textContent()).toMatch(/Different from character \d+ on.*changed/)
      expect(await page.locator('.step-sent mark').count()).toBe(1)
    }
    await input.fill('dGhlIHNhbXBsZSBub25jZQ==')
    // RFC 6455 §1.3 has this key and its answer.
    expect(await page.locator('.step-accept').textContent()).toBe('s3pPLMBiTxaQ9kYGzzhZRbK+xOo=')
    await reset.focus()
    await page.keyboard.press('Enter')
    expect(await input.inputValue()).toBe(headerOf(article, 'request', 'sec-websocket-key'))
    expect(await page.locator('.verdict').textContent()).toContain('Equal')
  })

  it('the handshake says what was not captured, and what is missing', async () => {
    const { request, response } = article.handshake
    await show(page, 'Handshake', {
      connection: { ...article, handshake: { request: null, response: null } },
    })
    expect(await page.locator('.heads').textContent()).toMatch(/request was not captured.*response was not/)
    expect(await page.locator('.accept-computation').textContent()).toContain('No key was captured')
    expect(await page.locator('.verdict').textContent()).toContain('nothing to compare with')
    await page.getByLabel('The key').fill('dGhlIHNhbXBsZSBub25jZQ==')
    expect(await page.locator('.step-accept').textContent()).toBe('s3pPLMBiTxaQ9kYGzzhZRbK+xOo=')
    const bare = { ...response!, headers: response!.headers.slice(0, 2) }
    await show(page, 'Handshake', { connection: { ...article, handshake: { request, response: bare } } })
    expect(await page.locator('.head.server').textContent()).toContain(
      'Required, and not there: Sec-WebSocket-Accept.',
    )
    expect(await page.locator('.verdict').textContent()).toContain('sent no Sec-WebSocket-Accept')
  })

  it('each parameter of permessage-deflate is explained', async () => {
    const connection = await connectionOf('no-context-takeover-server.pcap')
    await show(page, 'Handshake', { connection })
    const accepted = await page.locator('.head.server .extensions').textContent()
    for (const [name] of connection.extensions[0]!.params) expect(accepted).toContain(name)
    expect(accepted).toMatch(/The server forgets its window.*RFC 7692 §7\.1\.1\.1/)
    const response = {
      ...connection.handshake.response!,
      headers: [
        [
          'Sec-WebSocket-Extensions',
          'permessage-deflate; server_max_window_bits=10; client_max_window_bits; other=1, x-y; a=b, =',
        ],
      ],
    }
    await show(page, 'Handshake', {
      connection: { ...connection, handshake: { request: null, response } },
    })
    const strange = await page.locator('.head.server .extensions').textContent()
    expect(strange).toContain('The server refers back at most 1024 bytes (2 to the power of 10).')
    expect(strange).toContain('permessage-deflate has no such parameter.')
    expect(strange).toContain('An extension that this page does not know.')
    expect(strange).toContain('No extension by the grammar')
  })

  it('the pseudo-headers of HTTP/2 are explained, and no key is asked for', async () => {
    const connection = await connectionOf('http2.pcap.gz')
    await show(page, 'Handshake', { connection })
    const request = await page.locator('.head.client').textContent()
    expect(request).toMatch(/:protocolwebsocketWhat is to be spoken on the stream/)
    expect(request).toContain('RFC 8441')
    expect(await page.locator('.required-missing').count()).toBe(0)
    expect(await page.locator('.accept-computation').count()).toBe(0)
  })

  it('the handshake speaks Chinese', async () => {
    await show(page, 'Handshake', { connection: article }, 'zh')
    expect(await page.locator('.verdict').textContent()).toContain('一致')
    const meanings = await page.locator('.header-meaning').allTextContents()
    expect(meanings.filter((text) => !/\p{Script=Han}/u.test(text))).toEqual([])
  })
})

function headerOf(connection: ConnectionRecord, head: 'request' | 'response', name: string): string {
  return connection.handshake[head]!.headers.find(([field]) => field.toLowerCase() === name)![1]
}
