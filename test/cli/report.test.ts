// framewalk report: which file it writes, what it refuses, and what never gets into a page.
import { spawn } from 'node:child_process'
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inflateRawSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { ReportData } from '../../src/report/page-data.ts'
import { run } from '../support/drivers/command.ts'
import { MAIN, skipWithoutBuild } from '../support/drivers/requirements.ts'

/** What a page has embedded, inflated, by its name. */
function embedded(page: string): Map<string, Buffer> {
  const blocks = page.matchAll(/<script type="application\/octet-stream" id="([^"]+)">([^<]*)<\/script>/g)
  return new Map([...blocks].map(([, name, text]) => [name!, inflateRawSync(Buffer.from(text!, 'base64'))]))
}

function dataOf(page: string): ReportData {
  return JSON.parse(embedded(page).get('data')!.toString())
}

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
      const data = dataOf(readFileSync(file, 'utf8'))
      const { stdout } = await run(['frames', 'fixtures/article.pcapng', '--format', 'ndjson'])
      const records = stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line))
      expect(data.summary).toEqual(records.at(-1))
      expect(data.connections[0]).toMatchObject(
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
      const { pings } = dataOf(stdout).connections[0]!
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
      expect(dataOf(readFileSync(file, 'utf8')).connections.length).toBeGreaterThan(0)
    })

    it('report keeps the secrets of a key log out of the page', async () => {
      const { stdout } = await run(['report', 'fixtures/tls-12.pcap', '--keylog', 'fixtures/tls-12.keys'])
      const all = Buffer.concat([...embedded(stdout).values()])
      expect(dataOf(stdout).connections.length).toBeGreaterThan(0)
      const secrets = readFileSync('fixtures/tls-12.keys', 'utf8').matchAll(
        /^[A-Z_0-9]+ ([0-9a-f]+) ([0-9a-f]+)/gm,
      )
      for (const [, , secret] of secrets) {
        expect(all.includes(Buffer.from(secret!, 'hex'))).toBe(false)
        expect(all.toString('latin1').toLowerCase()).not.toContain(secret)
      }
    })
  },
)
