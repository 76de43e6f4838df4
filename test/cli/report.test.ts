// framewalk report: which file it writes, what it refuses, and what never gets into a page.
import { spawn } from 'node:child_process'
import {
  copyFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { FrameFlag } from '../../src/report/page-data.ts'
import { encodeFrame } from '../../src/websocket/encode.ts'
import { REPORT_ATTACKS } from '../hostile/attacks/report.ts'
import { upgrade } from '../hostile/captures.ts'
import { Talk, Tape } from '../hostile/tape.ts'
import { utf8 } from '../support/builders/packet-builder.ts'
import { run } from '../support/drivers/command.ts'
import { connectionsOf, dataOf, embedded, entriesOf, frameColumn } from '../support/drivers/report-page.ts'
import { MAIN, skipWithoutBuild } from '../support/drivers/requirements.ts'

describe.skipIf(skipWithoutBuild())(
  'framewalk report, which writes one page that needs no file beside it',
  () => {
    let folder: string
    beforeAll(() => {
      folder = mkdtempSync(join(tmpdir(), 'framewalk-report-'))
    })
    afterAll(() => rmSync(folder, { recursive: true }))

    it('report writes a page that holds what the other commands print', async () => {
      const file = join(folder, 'article.html')
      expect(await run(['report', 'fixtures/article.pcapng', '-o', file])).toEqual({
        status: 0,
        stdout: '',
        stderr: '',
      })
      const page = readFileSync(file, 'utf8')
      const data = dataOf(page)
      const { stdout } = await run(['frames', 'fixtures/article.pcapng', '--format', 'ndjson'])
      const records = stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line))
      expect(data.summary).toEqual(records.at(-1))
      expect(connectionsOf(page)[0]).toMatchObject(
        (({ type, ...connection }) => connection)(records.find(({ type }) => type === 'connection')),
      )
      expect(data.frames.rows).toBe(4)
      expect(readdirSync(folder)).toEqual(['article.html'])
    })

    it('report writes to standard output, in the language that was asked for', async () => {
      const { status, stdout } = await run(['report', 'fixtures/article.pcapng', '--lang', 'zh', '-o', '-'])
      expect(status).toBe(0)
      expect(dataOf(stdout).language).toBe('zh')
      expect((await run(['report', 'fixtures/article.pcapng'], { isTTY: true })).stderr).toMatch(
        /terminal; name a file with -o\n$/,
      )
    })

    it('report filters what the page holds', async () => {
      const { stdout } = await run([
        'report',
        'fixtures/article.pcapng',
        '--from',
        'server',
        '--opcode',
        'text',
      ])
      expect(dataOf(stdout).frames.rows).toBe(1)
    })

    it('report measures how long pings waited', async () => {
      const { stdout } = await run(['report', 'fixtures/fragments-and-pings.pcap'])
      const { pings } = connectionsOf(stdout)[0]!
      expect(pings.client.sent).toBeGreaterThan(0)
      expect(pings.client.answered).toBe(pings.client.sent)
      expect(pings.client.shortest).toBeLessThanOrEqual(pings.client.mean!)
      expect(pings.client.mean).toBeLessThanOrEqual(pings.client.longest!)
    })

    it('report never writes over what it reads, by whatever name', async () => {
      const capture = join(folder, 'own.pcapng')
      copyFileSync('fixtures/article.pcapng', capture)
      const link = join(folder, 'link.html')
      symlinkSync(capture, link)
      const before = readFileSync(capture)
      for (const name of [capture, link]) {
        const { status, stderr } = await run(['report', capture, '-o', name])
        expect([status, stderr]).toEqual([
          2,
          `framewalk: ${name}: would overwrite the input; name another file with -o\n`,
        ])
      }
      const { status } = await run([
        'report',
        'fixtures/tls-12.pcap',
        '--keylog',
        'fixtures/tls-12.keys',
        '-o',
        'fixtures/tls-12.keys',
      ])
      expect(status).toBe(2)
      expect(readFileSync(capture)).toEqual(before)
    })

    it('report says in one line why a page cannot be written, and leaves nothing behind', async () => {
      const target = mkdtempSync(join(folder, 'target-'))
      for (const [words, said] of [
        [
          ['fixtures/article.pcapng', '-o', join(target, 'none', 'a.html')],
          'no such folder; make it, or name another file with -o',
        ],
        [['fixtures/article.pcapng', '-o', target], 'is a directory; name another file with -o'],
        [['README.md', '-o', join(target, 'a.html')], 'is not a capture'],
        [
          ['fixtures/article.pcapng', '--embed-frames', '-1', '-o', join(target, 'a.html')],
          '--embed-frames takes one whole number',
        ],
      ] as const) {
        const { status, stderr } = await run(['report', ...words])
        expect([status, stderr.trim().split('\n').length]).toEqual([2, 1])
        expect(stderr).toContain(said)
      }
      expect(readdirSync(target)).toEqual([])
    })

    it('report leaves nothing behind when it is interrupted', async () => {
      const own = mkdtempSync(join(folder, 'interrupted-'))
      const file = join(own, 'page.html')
      const child = spawn(process.execPath, [MAIN, 'report', '-', '-o', file])
      child.stdin.on('error', () => {})
      child.stdin.write(readFileSync('fixtures/article.pcapng'))
      await vi.waitFor(() => expect(readdirSync(own)).toHaveLength(1), { timeout: 120_000 })
      child.kill('SIGINT')
      const signal = await new Promise((done) => child.once('close', (_, by) => done(by)))
      expect(signal).toBe('SIGINT')
      expect(readdirSync(own)).toEqual([])
    })

    it('report ends with 3 for a damaged capture, after writing the page', async () => {
      const file = join(folder, 'cut.html')
      expect((await run(['report', 'fixtures/cut-off.pcap', '-o', file])).status).toBe(3)
      expect(connectionsOf(readFileSync(file, 'utf8')).length).toBeGreaterThan(0)
    })

    it('report keeps the secrets of a key log out of the page', async () => {
      const { stdout } = await run(['report', 'fixtures/tls-12.pcap', '--keylog', 'fixtures/tls-12.keys'])
      const all = Buffer.concat([...embedded(stdout).values()])
      expect(connectionsOf(stdout).length).toBeGreaterThan(0)
      const secrets = readFileSync('fixtures/tls-12.keys', 'utf8').matchAll(
        /^[A-Z_0-9]+ ([0-9a-f]+) ([0-9a-f]+)/gm,
      )
      for (const [, , secret] of secrets) {
        expect(all.includes(Buffer.from(secret!, 'hex'))).toBe(false)
        expect(all.toString('latin1').toLowerCase()).not.toContain(secret)
      }
    })

    /** A page of what `write` puts on a tape, with more words. */
    const pageOf = async (write: (tape: Tape) => void, ...words: string[]): Promise<string> => {
      const file = join(folder, 'written.pcap')
      const tape = new Tape()
      write(tape)
      writeFileSync(file, tape.take())
      const { status, stdout, stderr } = await run(['report', file, ...words])
      expect([status, stderr]).toEqual([0, ''])
      return stdout
    }

    it('a page whose index is full lists what has room, and counts what it left out', async () => {
      const { stdout: whole } = await run(['report', 'fixtures/violations.pcap'])
      const { findings, ...summary } = dataOf(whole).summary
      const found = Object.values(findings).reduce((sum, count) => sum + count, 0)
      expect(connectionsOf(whole)).toHaveLength(summary.connections)
      expect(entriesOf(whole, 'finding')).toHaveLength(found)
      const listed: number[] = []
      for (const limit of [0, 2000, 20_000, 60_000, 1_000_000]) {
        const { stdout } = await run(['report', 'fixtures/violations.pcap', '--embed-index', `${limit}`])
        const { leftOut, frames, indexBlocks } = dataOf(stdout)
        const connections = connectionsOf(stdout)
        listed.push(connections.length)
        expect(connections.every(({ closed }) => closed !== undefined)).toBe(true)
        expect(connections.length + leftOut.connections).toBe(summary.connections)
        expect(entriesOf(stdout, 'finding').length + leftOut.findings).toBe(found)
        expect(leftOut.findingsOfCode).toBe(0)
        expect(frames.rows + leftOut.frames).toBe(summary.frames)
        expect(leftOut.isIndexFull).toBe(limit < 1_000_000)
        const index = Array.from({ length: indexBlocks }, (_, i) => embedded(stdout).get(`index-${i}`)!)
        // Commas and brackets are not counted.
        expect(index.reduce((sum, { length }) => sum + length, 0)).toBeLessThan(limit * 1.1 + 1)
      }
      expect(listed).toEqual([...listed].sort((a, b) => a - b))
      expect([listed[0], listed.at(-1)]).toEqual([0, summary.connections])
    })

    it('a page counts apart which findings are beyond the most of one code, because another option raises that', async () => {
      const { stdout } = await run(['report', 'fixtures/violations.pcap', '--limit-findings', '1'])
      const { leftOut, summary } = dataOf(stdout)
      const counts = Object.values(summary.findings)
      expect(leftOut.findingsOfCode).toBe(counts.reduce((sum, count) => sum + count - 1, 0))
      expect(leftOut).toMatchObject({ findings: leftOut.findingsOfCode, isIndexFull: false })
    })

    it('of a connection whose headers have no room, the page has all but these, and counts them', async () => {
      const long = `X-Long: ${'x'.repeat(3000)}\r\n`
      const page = await pageOf(
        (tape) => {
          for (let i = 0; i < 8; i++) upgrade(new Talk(tape, i), long).close()
        },
        '--embed-index',
        '50000',
      )
      const heads = connectionsOf(page).map(({ handshake }) => handshake)
      expect(heads).toHaveLength(8)
      const bare = heads.flatMap(({ request, response }) =>
        [request!, response!].filter(({ headers }) => headers.length === 0),
      )
      expect(bare.length).toBeGreaterThan(0)
      expect(bare.length).toBeLessThan(16)
      expect(bare.every(({ headersLeftOut }) => headersLeftOut! >= 4)).toBe(true)
      expect(heads[7]!.request).toMatchObject({ startLine: 'GET /feed HTTP/1.1', headersLeftOut: 6 })
      expect(dataOf(page).leftOut).toMatchObject({ connections: 0, heads: bare.length, isIndexFull: true })
    })

    it('long texts of a handshake are cut, with a mark, and so are heads of many lines', async () => {
      const many = `${'a: b\r\n'.repeat(300)}Sec-WebSocket-Protocol: ${'p'.repeat(900)}\r\n`
      const page = await pageOf((tape) => {
        upgrade(new Talk(tape, 0), `X-Long: ${'x'.repeat(5000)}\r\n`, many).close()
      })
      const [connection] = connectionsOf(page)
      const { request, response } = connection!.handshake
      expect(request!.headers.at(-1)).toEqual(['X-Long', `${'x'.repeat(4096)}…`])
      expect(request!.headersLeftOut).toBe(undefined)
      expect(response!.headers).toHaveLength(200)
      expect(response!.headersLeftOut).toBe(104)
      expect(dataOf(page).leftOut).toMatchObject({ heads: 2, isIndexFull: false })
    })

    it('a payload whose holes have no room ends before the first of them', async () => {
      const page = await pageOf(
        (tape) => {
          const talk = upgrade(new Talk(tape, 0))
          const frame = encodeFrame({ fin: true, opcode: 2, payload: utf8('0123456789') })
          for (let i = 0; i < 100; i++)
            talk.says('server', frame.subarray(0, 6)).loses('server', 3).says('server', frame.subarray(9))
          talk.close()
        },
        '--embed-index',
        '8000',
      )
      const holes = entriesOf(page, 'holes')
      expect([holes[0]!.row, holes[0]!.holes]).toEqual([0, [[4, 7]]])
      const kept = frameColumn(page, 'payloadKept')
      const isUntraced = frameColumn(page, 'flags').map((flags) => (flags & FrameFlag.untraced) !== 0)
      for (let row = 0; row < 100; row++) {
        expect([kept[row], isUntraced[row]]).toEqual(row < holes.length ? [10, false] : [4, true])
      }
      expect(holes.length).toBeLessThan(100)
      expect(dataOf(page).leftOut.traces).toBe(100 - holes.length)
    })

    it('an index of any length is written in blocks, and the columns of frames in others', async () => {
      const texts = Array.from({ length: 20_000 }, () =>
        encodeFrame({ fin: true, opcode: 1, payload: utf8('a') }),
      )
      const page = await pageOf((tape) => {
        for (let i = 0; i < 1500; i++) upgrade(new Talk(tape, i)).close()
        const talk = upgrade(new Talk(tape, 1500))
        for (let at = 0; at < texts.length; at += 1000)
          talk.says('server', Buffer.concat(texts.slice(at, at + 1000)))
        talk.close()
      })
      const blocks = embedded(page)
      expect(connectionsOf(page)).toHaveLength(1501)
      expect(dataOf(page).indexBlocks).toBeGreaterThan(3)
      expect(frameColumn(page, 'frame')).toEqual(Array.from(texts, (_, i) => i + 1))
      expect(frameColumn(page, 'payloadAt')).toEqual([...texts.keys()])
      for (const { length } of blocks.values()) expect(length).toBeLessThan(2_000_000)
    })

    it('a report of HTTP/2 heads that are a thousand times their size in the capture is written', async () => {
      const { prepare, units } = REPORT_ATTACKS.find(({ kind }) => kind.startsWith('report: HTTP/2'))!
      const own = mkdtempSync(join(folder, 'attack-'))
      await prepare(own, units)
      const file = join(own, 'page.html')
      const { status, stderr } = await run(['report', join(own, 'hostile.pcap'), '-o', file])
      expect([status, stderr]).toEqual([0, ''])
      const page = readFileSync(file, 'utf8')
      expect(connectionsOf(page)).toHaveLength(units)
      const heads = connectionsOf(page).flatMap(({ handshake }) => [handshake.request!, handshake.response!])
      const complete = heads.filter(({ headersLeftOut }) => headersLeftOut === undefined)
      const { leftOut, summary } = dataOf(page)
      expect(leftOut.heads).toBe(2 * units - complete.length)
      // All lost fields before the page had them. Of more than a thousand, the complete ones have what was left.
      expect(summary.findings['limit-reached']).toBe(2 * units)
      expect(Math.max(...complete.map(({ headers }) => headers.length))).toBeLessThan(20)
    })
  },
)
