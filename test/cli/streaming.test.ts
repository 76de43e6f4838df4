// The command as a process: standard input as it comes, closed pipes, gzip, several files.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { fixturePath } from '../support/drivers/fixtures.ts'
import { MAIN, skipWithoutBuild } from '../support/drivers/requirements.ts'

const PCAP = readFileSync(fixturePath('fragments-and-pings'))

function start(...words: string[]): ChildProcess {
  return spawn(process.execPath, [MAIN, ...words], { stdio: ['pipe', 'pipe', 'pipe'] })
}

function runWith(input: Uint8Array, ...words: string[]) {
  return spawnSync(process.execPath, [MAIN, ...words], { input, encoding: 'utf8' })
}

/** Resolves once the process has printed what fits. */
async function printed(child: ChildProcess, what: RegExp): Promise<string> {
  let text = ''
  for await (const part of child.stdout!) {
    text += part
    if (what.test(text)) return text
  }
  throw new Error(`the process ended without printing ${what}; it printed:\n${text}`)
}

describe.skipIf(skipWithoutBuild())('standard input', () => {
  it.each(['table', 'ndjson'])(
    'frames are printed as %s while the capture on standard input still grows',
    async (format) => {
      const child = start('-', '--format', format)
      try {
        child.stdin!.write(PCAP.subarray(0, 3000))
        await printed(child, format === 'table' ? /│.*text/ : /"type":"frame"/)
        expect(child.exitCode).toBeNull()
      } finally {
        child.kill()
      }
    },
  )

  it('standard input is read whole, gzip or not', () => {
    const fromFile = spawnSync(process.execPath, [MAIN, fixturePath('fragments-and-pings')], {
      encoding: 'utf8',
    })
    expect(fromFile.status).toBe(0)
    expect(runWith(PCAP, '-').stdout).toBe(fromFile.stdout)
    expect(runWith(gzipSync(PCAP), '-').stdout).toBe(fromFile.stdout)
  })
})

describe.skipIf(skipWithoutBuild())('a closed pipe', () => {
  it('a closed pipe is not an error', async () => {
    const child = start(fixturePath('context-takeover'))
    const errors: Buffer[] = []
    child.stderr!.on('data', (part: Buffer) => errors.push(part))
    child.stdout!.destroy()
    const status = await new Promise((done) => child.on('close', done))
    expect(Buffer.concat(errors).toString()).toBe('')
    expect(status).toBe(0)
  })
})

describe.skipIf(skipWithoutBuild())('several files', () => {
  it('several files are one capture in the order of time, with connections running across them', () => {
    const header = PCAP.subarray(0, 24)
    const records: Uint8Array[] = []
    for (let at = 24; at < PCAP.length; ) {
      const length = 16 + PCAP.readUInt32LE(at + 8)
      records.push(PCAP.subarray(at, at + length))
      at += length
    }
    const half = records.length >> 1
    const first = Buffer.concat([header, ...records.slice(0, half)])
    const second = Buffer.concat([header, ...records.slice(half)])
    const folder = mkdtempSync(join(tmpdir(), 'framewalk-files-'))
    try {
      const paths = [join(folder, '1.pcap'), join(folder, '2.pcap')]
      writeFileSync(paths[0]!, first)
      writeFileSync(paths[1]!, second)
      const whole = runWith(PCAP, '-', '--format', 'ndjson').stdout.split('\n').slice(1)
      for (const order of [paths, [...paths].reverse()]) {
        const merged = runWith(new Uint8Array(0), ...order, '--format', 'ndjson')
          .stdout.split('\n')
          .slice(1)
        expect(merged).toEqual(whole)
      }
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})

describe.skipIf(skipWithoutBuild())('the progress bar', () => {
  it('the progress bar does not show if standard error is not a terminal', () => {
    expect(runWith(PCAP, '-').stderr).toBe('')
  })
})
