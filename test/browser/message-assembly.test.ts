// How messages were put together, in Chromium: messages of captures with fragments, pings between them, and compression; and large ones.
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { concat, toHex } from '../../src/base/bytes.ts'
import type { AssemblyFrame } from '../../src/page/assembly/blocks.ts'
import type { InspectedMessage } from '../../src/page/inspector/inspected-frame.ts'
import type { FrameRecord, JsonRecord, MessageRecord } from '../../src/records/records.ts'
import { run } from '../support/drivers/command.ts'
import { skipWithoutPages } from '../support/drivers/page.ts'
import { StoryPages, show, told } from '../support/drivers/stories.ts'

/** A message with the frames that the component is given. */
interface Told {
  readonly message: InspectedMessage
  readonly frames: readonly AssemblyFrame[]
}

function bytesOf(base64: string): Uint8Array {
  return new Uint8Array(Buffer.from(base64, 'base64'))
}

function dataOf(record: MessageRecord): Uint8Array {
  return record.text === undefined ? bytesOf(record.data ?? '') : new TextEncoder().encode(record.text)
}

/** The first message of a fixture that is wanted, and everything that lies between its fragments. `earlier`: messages of the same side before it. */
async function messageOf(
  fixture: string,
  isWanted: (message: MessageRecord, earlier: number) => boolean,
): Promise<Told> {
  const records: JsonRecord[] = []
  for (const command of ['frames', 'messages']) {
    const { stdout } = await run([command, `fixtures/${fixture}`, '--format', 'ndjson'])
    records.push(
      ...stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
    )
  }
  const messages = records.filter((record) => record.type === 'message')
  const earlierOf = (one: MessageRecord): MessageRecord[] =>
    messages.filter(
      ({ connection, from, message }) =>
        connection === one.connection && from === one.from && message < one.message,
    )
  const wanted = messages.find((one) => isWanted(one, earlierOf(one).length))!
  const inConnection = records.filter(
    (record): record is FrameRecord => record.type === 'frame' && record.connection === wanted.connection,
  )
  const [first, last] = [wanted.frames[0]!, wanted.frames.at(-1)!]
  const frames = inConnection
    .filter(({ frame }) => frame >= first && frame <= last)
    .map(
      ({ frame, from, opcode, fin, rsv1, packet, payloadLength, payload }): AssemblyFrame => ({
        frame,
        from,
        opcode,
        fin,
        rsv1,
        firstPacket: packet.first,
        lastPacket: packet.last,
        payloadLength: Number(payloadLength),
        payload: bytesOf(payload),
      }),
    )
  const fragments = frames.filter(({ frame }) => wanted.frames.includes(frame))
  return {
    frames,
    message: {
      opcodeName: wanted.opcodeName,
      frames: wanted.frames,
      compressed: wanted.compressed,
      wirePayload: concat(fragments.map(({ payload }) => payload!)),
      payloadAt: 0,
      window: wanted.compressed ? concat(earlierOf(wanted).map(dataOf)) : undefined,
      data: dataOf(wanted),
      incomplete: wanted.incomplete === true,
    },
  }
}

/** Whether other frames came between the fragments. */
function hasFramesBetween({ frames }: MessageRecord): boolean {
  return frames.at(-1)! - frames[0]! >= frames.length
}

/** A message of `count` fragments of `size` bytes each. */
function largeMessage(count: number, size: number): Told {
  const wirePayload = new Uint8Array(count * size).map((_, i) => 97 + (i % 26))
  const frames = Array.from({ length: count }, (_, i): AssemblyFrame => {
    const payload = wirePayload.subarray(i * size, (i + 1) * size)
    const place = { firstPacket: i + 10, lastPacket: i + 11 }
    const last = i === count - 1
    const opcode = i === 0 ? 1 : 0
    return {
      frame: i + 1,
      from: 'server',
      opcode,
      fin: last,
      rsv1: false,
      ...place,
      payloadLength: size,
      payload,
    }
  })
  const numbers = frames.map(({ frame }) => frame)
  const parts = { payloadAt: 0, window: undefined, data: wirePayload, incomplete: false }
  return {
    frames,
    message: { opcodeName: 'text', frames: numbers, compressed: false, wirePayload, ...parts },
  }
}

describe.skipIf(skipWithoutPages())('the message assembly', () => {
  let pages: StoryPages
  let page: Page
  let faults: string[]

  beforeAll(async () => {
    pages = await StoryPages.start()
    ;({ page, faults } = await pages.open())
  })
  afterAll(async () => {
    expect(faults).toEqual([])
    await pages?.close()
  })

  it('fragments and the control frames between them are shown in order, and open a frame', async () => {
    const { message, frames } = await messageOf('fragments-and-pings.pcap', hasFramesBetween)
    expect(frames.length).toBeGreaterThan(message.frames.length)
    await show(page, 'MessageAssembly', { message, frames })
    const blocks = page.locator('.block')
    expect(await blocks.count()).toBe(frames.length)
    let at = 0
    for (const [i, frame] of frames.entries()) {
      const text = (await blocks.nth(i).textContent())!
      expect(text).toContain(`FIN=${Number(frame.fin)} RSV1=${Number(frame.rsv1)} opcode=${frame.opcode}`)
      expect(text).toContain(`packet ${frame.firstPacket}`)
      if (message.frames.includes(frame.frame)) {
        expect(text).toContain(`${frame.payloadLength} byte`)
        if (frame.payloadLength > 1) expect(text).toContain(`Bytes ${at} to ${at + frame.payloadLength - 1}`)
        at += frame.payloadLength
      } else {
        expect(text).toContain('not part of the message')
      }
    }
    const second = frames[1]!.frame
    await page.getByRole('button', { name: `frame ${second}`, exact: true }).focus()
    await page.keyboard.press('Enter')
    expect(await told(page)).toEqual([second])
    expect(await page.locator('.missing-parts').count()).toBe(0)
  })

  it('a compressed message is shown with its bytes, what is put back, the window, and the text', async () => {
    const { message, frames } = await messageOf(
      'fragments-compressed.pcap',
      (one, earlier) => one.opcodeName === 'text' && one.compressed && one.frames.length > 1 && earlier > 0,
    )
    await show(page, 'MessageAssembly', { message, frames })
    const stages = page.locator('.stages > li')
    expect(await stages.count()).toBe(5)
    const joined = await stages.nth(1).locator('code').allTextContents()
    expect(joined.join(' ')).toBe(toHex(message.wirePayload!, ' '))
    expect(await stages.nth(2).textContent()).toContain('00 00 ff ff')
    expect(await stages.nth(3).textContent()).toContain(`${message.window!.length} bytes of earlier messages`)
    const end = new TextDecoder().decode(message.window!.slice(-6))
    expect(await stages.nth(3).locator('q').textContent()).toContain(end)
    expect(await stages.nth(4).locator('.said').textContent()).toBe(new TextDecoder().decode(message.data))
  })

  it('the message assembly says what is missing', async () => {
    const { message, frames } = await messageOf('fragments-and-pings.pcap', (one) => one.frames.length > 2)
    const incomplete = { ...message, data: undefined, wirePayload: undefined, incomplete: true }
    const kept = frames.slice(1, -1).map((frame, i) => (i === 0 ? { ...frame, payload: undefined } : frame))
    const cut = kept.findLast(
      ({ frame, payloadLength }) => message.frames.includes(frame) && payloadLength > 0,
    )!
    const shortened = kept.map((frame) =>
      frame === cut && frame.payload !== undefined ? { ...frame, payload: frame.payload.slice(1) } : frame,
    )
    await show(page, 'MessageAssembly', { message: incomplete, frames: shortened })
    const said = await page.locator('.missing-parts').textContent()
    expect(said).toContain('begins with a continuation')
    expect(said).toContain('2 fragments of it are not at hand')
    expect(said).toContain(`of frame ${cut.frame}`)
    expect(said).toContain('no frame with FIN = 1 has come')
    expect(await page.locator('.stages > li').last().textContent()).toContain('not complete')
    const compressed = { ...message, compressed: true, data: undefined, incomplete: true }
    await show(page, 'MessageAssembly', { message: compressed, frames })
    expect(await page.locator('.missing-parts').textContent()).toContain('could not be inflated')
  })

  it('the message assembly stays small with thousands of fragments, and shows all of them by pages', async () => {
    const { message, frames } = largeMessage(5000, 3)
    await show(page, 'MessageAssembly', { message, frames })
    expect(await page.locator('.block').count()).toBe(24)
    expect(await page.locator('#page *').count()).toBeLessThan(1500)
    const pager = page.getByRole('navigation', { name: 'The frames' })
    await pager.getByRole('button', { name: 'last' }).click()
    expect(await page.locator('.block').last().textContent()).toContain('frame 5000')
    expect(await page.locator('.block').last().textContent()).toContain('Bytes 14997 to 14999')
    await pager.getByRole('button', { name: 'earlier' }).click()
    await pager.getByRole('button', { name: 'later' }).click()
    expect(await pager.textContent()).toContain('4993 to 5000 of 5000 frames')
  })

  it('the message assembly stays small with 16 MiB, and goes to any byte of it', async () => {
    const size = 16 * 1024 * 1024
    await page.evaluate((length) => {
      const data = new Uint8Array(length).fill(0x61)
      data.set(new TextEncoder().encode('end'), length - 3)
      const place = { firstPacket: 1, lastPacket: 11_000 }
      const frame = { frame: 1, from: 'client', opcode: 1, fin: true, rsv1: false, ...place }
      const parts = { compressed: false, payloadAt: 0, window: undefined, incomplete: false }
      const message = { opcodeName: 'text', frames: [1], wirePayload: data, data, ...parts }
      const frames = [{ ...frame, payloadLength: length, payload: data }]
      const { stories } = globalThis as unknown as { stories: { show(...words: unknown[]): void } }
      stories.show('MessageAssembly', { message, frames }, 'en')
    }, size)
    expect(await page.locator('#page').evaluate((root) => root.textContent!.length)).toBeLessThan(6000)
    const pager = page.getByRole('navigation', { name: 'What it says' })
    await pager.getByRole('button', { name: 'last' }).click()
    expect(await page.locator('.said').textContent()).toMatch(/aend$/)
    await pager.getByLabel('go to byte').fill('5000')
    await pager.getByLabel('go to byte').press('Enter')
    expect(await pager.textContent()).toContain('bytes 4096 to 6143')
  })

  it('the message assembly shows hostile text as text, and speaks Chinese', async () => {
    const { message, frames } = largeMessage(2, 4)
    const data = new TextEncoder().encode('<img src=x onerror=alert(1)>\u202e\u0000é')
    await show(page, 'MessageAssembly', { message: { ...message, data }, frames }, 'zh')
    expect(await page.locator('.said').textContent()).toBe('<img src=x onerror=alert(1)>⟨U+202E⟩⟨U+0000⟩é')
    expect(await page.locator('#page img').count()).toBe(0)
    expect(await page.locator('.assembly').textContent()).toContain('这条消息分成 2 个分片')
  })
})
