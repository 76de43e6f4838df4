import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { AnalysisEvent } from '../../src/base/events.ts'
import { makeFinding } from '../../src/base/findings.ts'
import type { Renderer, TableOptions, Write } from '../../src/render/renderer.ts'
import { ConnectionsTable } from '../../src/render/table/connections.ts'
import { FramesTable } from '../../src/render/table/frames.ts'
import { MessagesTable } from '../../src/render/table/messages.ts'
import { displayWidth } from '../../src/render/text/width.ts'
import { anyWalk } from '../support/builders/arbitrary-events.ts'
import {
  at,
  sampleClosed,
  sampleConnection,
  sampleFrame,
  sampleMessage,
  sampleStory,
  sampleSummary,
} from '../support/builders/sample-events.ts'
import { printed, UNSAFE_ON_A_SCREEN } from '../support/drivers/rendering.ts'

const look = (changed: Partial<TableOptions> = {}) => ({
  width: 100,
  color: false,
  findingsPerCode: 1000,
  ...changed,
})
const TABLES: Record<string, (options: TableOptions, write: Write) => Renderer> = {
  frames: (options, write) => new FramesTable(options, write),
  'frames with bytes': (options, write) => new FramesTable({ ...options, hex: true }, write),
  messages: (options, write) => new MessagesTable(options, write),
  connections: (options, write) => new ConnectionsTable(options, write),
}
const frames = (events: readonly AnalysisEvent[], options = look(), flushAfter?: number) =>
  printed((write) => new FramesTable(options, write), events, flushAfter)

describe.each(Object.entries(TABLES))('the table of %s', (name, table) => {
  it.each([80, 160])('the table reads as it is in the file, at %i columns', async (width) => {
    const text = printed((write) => table(look({ width }), write), sampleStory())
    await expect(text).toMatchFileSnapshot(`expected/${name.replaceAll(' ', '-')}-${width}.txt`)
  })

  it('the table is as wide in every line, and no wider than the terminal', () => {
    for (let width = 40; width <= 220; width += 7) {
      const text = printed((write) => table(look({ width }), write), sampleStory())
      const lines = text.split('\n').filter((line) => /^[│┌├└]/.test(line))
      expect(lines.length).toBeGreaterThan(5)
      for (const line of lines) expect([width, line, displayWidth(line)]).toEqual([width, line, width])
      for (const line of text.split('\n')) expect(displayWidth(line)).toBeLessThanOrEqual(width)
    }
  })

  it('the table says the same with colours and without', () => {
    const plain = printed((write) => table(look(), write), sampleStory())
    const colored = printed((write) => table(look({ color: true }), write), sampleStory())
    expect(colored).toContain('\x1b[')
    expect(colored.replace(/\x1b\[\d+m/g, '')).toBe(plain)
  })

  it('the table of any events holds nothing that a terminal would obey, and ends on a line end', () => {
    const properties = fc.property(anyWalk, fc.integer({ min: 1, max: 10 }), (events, flushAfter) => {
      const text = printed((write) => table(look(), write), events, flushAfter)
      expect(text).not.toMatch(UNSAFE_ON_A_SCREEN)
      expect(text.endsWith('\n')).toBe(true)
    })
    fc.assert(properties, { numRuns: 100 })
  })

  it('the table prints no more findings of a code than asked for, and says how many more there are', () => {
    const findings = Array.from({ length: 7 }, () =>
      makeFinding('upgrade-refused', {
        what: 'response',
        request: 'GET / HTTP/1.1',
        response: 'HTTP/1.1 401',
      }),
    )
    const events = [...findings, sampleSummary({ findings: { 'upgrade-refused': 7 } })]
    const text = printed((write) => table(look({ findingsPerCode: 3 }), write), events)
    expect(text.match(/HTTP\/1.1 401/g)).toHaveLength(3)
    expect(text).toContain(
      'limit-reached: 4 more findings of the code upgrade-refused not shown (limit findings)',
    )
  })

  it('the table ends with the totals of the capture', () => {
    const last = (summary: AnalysisEvent) => printed((write) => table(look(), write), [summary])
    expect(last(sampleSummary({ connections: 1, frames: 1 }))).toBe(
      '42 packets, 12,345 bytes, 2 TCP connections, 1 WebSocket, 1 frame, 4 messages\nno findings\n',
    )
    expect(last(sampleSummary({ skipped: { arp: 2, 'not TCP\x1b[2J': 1234 } }))).toContain(
      'packets passed over: arp 2, not TCP\\x1b[2J 1,234\n',
    )
  })
})

describe('the table of frames', () => {
  const rowsOf = (text: string) => text.split('\n').filter((line) => /^│ +\d/.test(line))
  const cellsOf = (row: string) =>
    row
      .split('│')
      .slice(1, -1)
      .map((cell) => cell.trim())

  it('an inflated message is shown in the row of its frame', () => {
    const frame = sampleFrame({ rsv1: true, payload: Uint8Array.of(0x32, 0x34, 0x34, 4, 0) })
    const message = sampleMessage({ compressed: true, data: new TextEncoder().encode('111') })
    const [row] = rowsOf(frames([sampleConnection(), frame, message]))
    expect(cellsOf(row!)).toEqual(['1', '8', '0.001100', 'client →', '1', '100', '1 text', '-', '5', '111'])
  })

  it('an inflated message is shown if a finding comes between frame and message, or another direction is in the middle of a message', () => {
    const events = [
      sampleConnection(),
      sampleFrame({ frame: 1, from: 'server', fin: false, payload: new TextEncoder().encode('first') }),
      sampleFrame({ frame: 2, rsv1: true }),
      makeFinding('zero-masking-key', { opcode: 1, payloadLength: 2 }, { connection: 1, frame: 2 }),
      sampleMessage({ compressed: true, frames: [2], data: new TextEncoder().encode('inflated') }),
      sampleFrame({
        frame: 3,
        from: 'server',
        opcode: 0,
        part: { opcode: 1, number: 2, compressed: false },
        payload: new TextEncoder().encode('second'),
      }),
    ]
    const payloads = rowsOf(frames(events)).map((row) => cellsOf(row).at(-1))
    expect(payloads).toEqual(['(part 1) first', 'inflated', '(part 2, end) second'])
  })

  it('the text of a compressed message of several frames is shown in the row of its last', () => {
    const events = [
      sampleConnection(),
      sampleFrame({ frame: 1, fin: false, rsv1: true }),
      sampleFrame({
        frame: 2,
        fin: false,
        opcode: 0,
        part: { opcode: 1, number: 2, compressed: true },
      }),
      sampleFrame({ frame: 3, opcode: 9 }),
      sampleFrame({ frame: 4, opcode: 0, part: { opcode: 1, number: 3, compressed: true } }),
      sampleMessage({ compressed: true, frames: [1, 2, 4], data: new TextEncoder().encode('inflated') }),
    ]
    const payloads = rowsOf(frames(events)).map((row) => cellsOf(row).at(-1))
    expect(payloads).toEqual(['(part 1, compressed)', '(part 2, compressed)', '111', '(3 parts) inflated'])
  })

  it('an incomplete message is shown with what is there, and is said to be incomplete', () => {
    const events = [
      sampleConnection(),
      sampleFrame({ frame: 1, rsv1: true }),
      sampleMessage({ compressed: true, data: undefined, incomplete: true }),
      sampleFrame({ frame: 2, payloadLength: 10 }),
    ]
    const payloads = rowsOf(frames(events)).map((row) => cellsOf(row).at(-1))
    expect(payloads).toEqual(['(incomplete, nothing sure)', '(3 of 10 bytes) 111'])
  })

  it('the bytes of a frame are shown as they were on the wire', () => {
    const article = sampleFrame({
      rsv1: true,
      maskingKey: 0x43020acf,
      payload: Uint8Array.of(0x32, 0x34, 0x34, 4, 0),
    })
    expect(frames([article], { ...look(), hex: true } as TableOptions)).toContain(
      '│  c1 85 43 02 0a cf | 71 36 3e cb 43 ',
    )
  })

  it('findings are put below the rows, each naming its frame', () => {
    const events = [
      sampleConnection(),
      sampleFrame({ frame: 1 }),
      makeFinding('unmasked-client-frame', { opcode: 9, payloadLength: 0 }, { connection: 1, frame: 1 }),
      sampleFrame({ frame: 2 }),
    ]
    const text = frames(events)
    expect(text.split('\n').slice(-3)).toEqual([
      '  violation frame 1: unmasked-client-frame: The client sent a ping frame with no payload, and',
      '            without a mask. (RFC 6455 §5.1, close code 1002)',
      '',
    ])
    expect(rowsOf(text)).toHaveLength(2)
  })

  it('the rows of connections that talk at the same time are grouped, and say which goes on', () => {
    const events: AnalysisEvent[] = [1, 2].map((connection) => sampleConnection({ connection }))
    for (let i = 1; i <= 20; i++) events.push(sampleFrame({ frame: i, connection: 1 + (i % 2) }))
    const text = frames(events, look(), 12)
    expect(text.match(/^connection \d.*$/gm)).toEqual([
      'connection 1  127.0.0.1:54678 → 127.0.0.1:8765',
      'connection 2  127.0.0.1:54678 → 127.0.0.1:8765',
      'connection 1, continued',
    ])
    const numbers = rowsOf(text).map((row) => Number(cellsOf(row)[0]))
    expect(numbers).toEqual([2, 4, 6, 8, 10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 12, 14, 16, 18, 20])
  })

  it('the table of a connection goes on from flush to flush', () => {
    const events = [sampleConnection(), ...[1, 2, 3].map((frame) => sampleFrame({ frame }))]
    expect(frames(events, look(), 1)).toBe(frames(events))
  })

  it('rows are printed at once, and the titles repeated every 40 rows', () => {
    let written = 0
    const table = new FramesTable(look(), (text) => {
      written += text.length
    })
    table.event(sampleConnection())
    for (let frame = 1; frame <= 2000; frame++) table.event(sampleFrame({ frame }))
    // All but a batch of 64 KiB and what is held.
    expect(written).toBeGreaterThan(1000 * 100)
    const events = Array.from({ length: 100 }, (_, i) => sampleFrame({ frame: i + 1 }))
    expect(frames(events).match(/opcode/g)).toHaveLength(3)
  })

  it('no more than a few hundred rows are held, over however many connections', () => {
    let written = 0
    const table = new FramesTable(look(), (output) => {
      written += String(output).match(/1 text/g)?.length ?? 0
    })
    for (let i = 1; i <= 5000; i++) {
      table.event(sampleFrame({ connection: i, payload: new Uint8Array(100_000) }))
      expect(i - written).toBeLessThanOrEqual(201)
    }
  })

  it('the table says how each connection ended', () => {
    const ended = (changed: object) =>
      frames([sampleConnection(), sampleClosed(changed)], look({ width: 200 }))
        .split('\n')
        .at(-2)
    expect(ended({})).toBe(
      'connection 1 closed cleanly, with a close frame from each side; the client began: 1000 normal closure "bye" (packet 40, 2.344778 s after the handshake)',
    )
    expect(ended({ how: 'tcp-reset', code: null, reason: null, initiator: 'server' })).toBe(
      "connection 1 ended without a close frame, by the server's reset (packet 40, 2.344778 s after the handshake)",
    )
    const late = frames([sampleConnection({ midstream: true }), sampleClosed()], look({ width: 200 }))
    expect(late).toContain('2.344778 s after its first captured packet)')
    expect(ended({ how: 'open', code: null, reason: null, initiator: null, time: undefined })).toBe(
      'connection 1 still open at the end of the capture (packet 40)',
    )
  })

  it('the table says what of the handshake was captured, and whether the accept is right', () => {
    const head = (changed: object) => frames([sampleConnection(changed)])
    expect(head({})).toContain('accept         right')
    expect(head({ acceptCorrect: false })).toContain('accept         wrong')
    expect(head({ request: null, acceptCorrect: undefined })).toContain(
      'request not captured, answer in packet 6',
    )
    expect(head({ midstream: true, request: null, response: null })).toContain(
      'starts in the middle of this connection',
    )
  })

  it('a URL of a megabyte is cut', () => {
    const text = frames([sampleConnection({ url: `ws://x/${'\x1b[2J'.repeat(250_000)}` })])
    expect(text.length).toBeLessThan(1500)
  })

  it('times have fewer decimals, and huge lengths are shown by their size, rather than a wider table', () => {
    const frame = sampleFrame({
      time: { seconds: at(0).seconds + 123456, nanoseconds: 0 },
      payloadLength: 2n ** 64n - 1n,
    })
    const [row] = rowsOf(frames([sampleConnection(), frame]))
    expect(cellsOf(row!)).toMatchObject({ 2: '123455.99', 8: '1.8e19' })
  })
})

describe('the table of connections', () => {
  it('the table of connections counts what each side sent', () => {
    const events = [
      sampleConnection(),
      sampleFrame({ maskingKey: 1 }),
      sampleMessage(),
      sampleFrame({ from: 'server' }),
      makeFinding('zero-masking-key', { opcode: 1, payloadLength: 2 }, { connection: 1 }),
      sampleClosed(),
    ]
    const rows = printed((write) => new ConnectionsTable(look({ width: 160 }), write), events)
    const cells = rows
      .split('\n')
      .filter((line) => line.includes('127.0.0.1'))
      .map((line) =>
        line
          .split('│')
          .slice(1, -1)
          .map((cell) => cell.trim()),
      )
    expect(cells).toEqual([
      ['1', 'client →', '127.0.0.1:54678', '1', '1', '9', 'ws://127.0.0.1:8765/', 'clean, 1000', '1'],
      [
        '',
        '← server',
        '127.0.0.1:8765',
        '1',
        '0',
        '5',
        'no subprotocol, permessage-deflate',
        '2.344778 s',
        '',
      ],
    ])
  })
})
