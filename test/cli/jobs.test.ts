// --jobs: each capture by itself, in the order of the arguments, whatever becomes of the others.
import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { smallFrames } from '../bench/captures.ts'
import { run } from '../support/drivers/command.ts'
import { fixtureKeyLog, fixturePath } from '../support/drivers/fixtures.ts'
import { MAIN, skipWithoutBuild } from '../support/drivers/requirements.ts'
import { checkRecordLines } from '../support/oracles/record-schema.ts'

let folder: string
let captures: string[]
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'framewalk-jobs-'))
  // The first takes much longer than the others.
  const long = join(folder, 'long.pcap')
  await smallFrames(long, 'pcap', 10_000)
  captures = [long, ...['article', 'nginx', 'violations', 'context-takeover'].map(fixturePath)]
})
afterAll(() => rmSync(folder, { recursive: true }))

function framewalk(...words: string[]) {
  return spawnSync(process.execPath, [MAIN, ...words], {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    env: { ...process.env, TMPDIR: folder, SSLKEYLOGFILE: '' },
  })
}

describe.skipIf(skipWithoutBuild())('--jobs', () => {
  it.each(['frames', 'messages', 'connections'])(
    '--jobs prints the records of %s of each capture, one capture after the other',
    async (command) => {
      const { status, stdout } = framewalk(command, '--format', 'ndjson', '--jobs', '3', ...captures)
      const each = await Promise.all(captures.map((capture) => run([command, '--format', 'ndjson', capture])))
      expect(stdout).toBe(each.map((alone) => alone.stdout).join(''))
      expect(status).toBe(0)
      checkRecordLines(stdout)
    },
  )

  it('--jobs prints tables under the name of each capture, with the options that were given', async () => {
    const words = ['--hex', '--from', 'server', '--frame', '1-3']
    const { stdout } = framewalk('--jobs', '2', ...words, ...captures)
    const each = await Promise.all(captures.map((capture) => run([...words, capture])))
    expect(stdout).toBe(each.map((alone, i) => `capture ${captures[i]}\n\n${alone.stdout}`).join('\n'))
  })

  it('--jobs goes on after a capture that cannot be read, and says so in its turn', async () => {
    const missing = join(folder, 'missing.pcap')
    const [, article = '', nginx = ''] = captures
    const { status, stdout, stderr } = framewalk(
      ...['messages', '--format', 'ndjson', '--jobs', '2', article, missing, nginx],
    )
    const each = await Promise.all(
      [article, nginx].map((one) => run(['messages', '--format', 'ndjson', one])),
    )
    expect(stdout).toBe(each.map((alone) => alone.stdout).join(''))
    expect(stderr).toBe(`framewalk: ${missing}: no such file; check the path\n`)
    expect(status).toBe(2)
  })

  it('--jobs exits with 3 if a capture is cut off', () => {
    const cut = join(folder, 'cut.pcapng')
    writeFileSync(cut, readFileSync(captures[1]!).subarray(0, -10))
    const { status, stdout } = framewalk('connections', '--jobs', '2', cut, captures[2]!)
    expect(stdout).toContain('truncated-capture')
    expect(status).toBe(3)
  })

  it('--jobs leaves no file behind', () => {
    framewalk('connections', '--jobs', '2', ...captures)
    expect(readdirSync(folder).filter((name) => name.startsWith('framewalk-'))).toEqual([])
  })

  it('--jobs leaves no file behind when it is interrupted', async () => {
    const child = spawn(process.execPath, [MAIN, '--jobs', '2', captures[0]!, captures[0]!], {
      env: { ...process.env, TMPDIR: folder },
      stdio: 'ignore',
    })
    const left = () => readdirSync(folder).filter((name) => name.startsWith('framewalk-'))
    await vi.waitFor(() => expect(left()).not.toEqual([]), { timeout: 120_000, interval: 1 })
    child.kill('SIGINT')
    const signal = await new Promise((done) => child.once('close', (_, by) => done(by)))
    expect(signal).toBe('SIGINT')
    expect(left()).toEqual([])
  })

  it('--jobs decrypts each capture with the key log that was given', async () => {
    const encrypted = ['tls-chromium', 'tls-chacha20'].map(fixturePath)
    const logs = ['tls-chromium', 'tls-chacha20'].flatMap((name) => ['--keylog', fixtureKeyLog(name)!])
    const { stdout } = framewalk('messages', '--format', 'ndjson', '--jobs', '2', ...logs, ...encrypted)
    const each = await Promise.all(
      encrypted.map((one) => run(['messages', '--format', 'ndjson', ...logs, one])),
    )
    expect(stdout).toBe(each.map((alone) => alone.stdout).join(''))
    expect(stdout.split('\n').filter((line) => line.startsWith('{"type":"message"'))).not.toHaveLength(0)
  })

  it('--jobs ends when nobody reads its output any longer', async () => {
    const child = spawn(process.execPath, [MAIN, '--jobs', '2', captures[0]!, captures[0]!])
    child.stdout.once('data', () => child.stdout.destroy())
    const [status] = await new Promise<[number]>((done) => child.once('close', (code) => done([code!])))
    expect(status).toBe(0)
  })

  it.each([
    [['--jobs', '2', '-'], '-: standard input cannot be read with --jobs; name capture files'],
    [['--jobs', '0', 'a.pcap'], '--jobs takes one whole number from 1 to 256'],
    [['--jobs', '1.5', 'a.pcap'], '--jobs takes one whole number from 1 to 256'],
    [['--jobs', '2'], 'no capture was named; --jobs takes one or more files'],
    [['walk', '--jobs', '2', 'a.pcap'], 'Unknown argument: jobs; framewalk --help lists what there is'],
  ])('--jobs refuses %j', async (words, sentence) => {
    const { status, stdout, stderr } = await run(words)
    expect(stderr).toBe(`framewalk: ${sentence}\n`)
    expect(stdout).toBe('')
    expect(status).toBe(2)
  })
})
